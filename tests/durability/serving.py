"""A served site that can be killed and started again, on a database of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tools.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Town:
    """A served site that can be killed and started again."""

    environment: dict[str, str]
    port: int
    session: str = ""
    process: subprocess.Popen[bytes] | None = None

    def run(self, *command: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command against the same database."""
        return subprocess.run(
            [sys.executable, "-m", *command], env=self.environment, cwd=ROOT, input=given, text=True,
            capture_output=True, timeout=120,
        )  # fmt: skip

    def start(self) -> None:
        """Serve, in a process group of its own, and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bihuan", "serve", "--port", str(self.port)], env=self.environment, cwd=ROOT,
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(200):
            try:
                if httpx.get(f"{self.url}/api/v1/openapi.json", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("the site did not come up")

    def kill(self) -> None:
        """End every process of the group at once, as a power cut would."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> httpx.Client:
        """A caller that sends the grid leader's session where it is asked to."""
        return httpx.Client(base_url=self.url, timeout=20)

    def signed(self) -> dict[str, Any]:
        """What a signed-in program sends along."""
        return {
            "cookies": {"sessionid": self.session, "csrftoken": "a" * 32},
            "headers": {"X-CSRFToken": "a" * 32},
        }


@pytest.fixture
def town() -> Iterator[Town]:
    """Make the town, serve it; stop it and drop what it wrote."""
    with tempfile.TemporaryDirectory(prefix="bihuan-killed-") as folder:
        address, drop = _database()
        town = Town(
            {
                **os.environ, "BIHUAN_DATA": folder, "DATABASE_URL": address, "BIHUAN_REPORTS_PER_HOUR": "1000000",
                "BIHUAN_STAFF_REPORTS_PER_HOUR": "1000000", "BIHUAN_FIELD_PER_HOUR": "1000000",
                "DJANGO_SETTINGS_MODULE": "bihuan.settings", "PYTHONPATH": str(ROOT),
            },
            free_port(),
        )  # fmt: skip
        made = town.run("tests.durability.town", "make")
        assert made.returncode == 0, made.stderr
        town.session = json.loads(made.stdout)["session"]
        try:
            town.start()
            yield town
        finally:
            if town.process and town.process.poll() is None:
                town.process.terminate()
                town.process.wait(20)
            drop()


def _database() -> tuple[str, Any]:
    """Return a database of its own on the engine under test, and how to drop it."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        return "", lambda: None
    import psycopg

    name = f"killed_{uuid.uuid4().hex[:8]}"

    def run(statement: str) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    run(f"CREATE DATABASE {name}")
    return address.rsplit("/", 1)[0] + f"/{name}", lambda: run(f"DROP DATABASE {name} WITH (FORCE)")


def counted(town: Town, asked: dict[str, Any], what: str = "count") -> dict[str, Any]:
    """Return how often what is asked about stands in the record."""
    answer = town.run("tests.durability.town", what, given=json.dumps(asked))
    assert answer.returncode == 0, answer.stderr
    return dict(json.loads(answer.stdout))


def verified(town: Town) -> None:
    """Let every chain, root and file be checked."""
    answer = town.run("bihuan", "verify", "--json")
    assert answer.returncode == 0, answer.stdout + answer.stderr
