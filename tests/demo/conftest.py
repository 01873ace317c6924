"""One sample made by the command itself, for every test of this folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest


@dataclass
class Sample:
    """The environment of a sample database, and what the command printed."""

    env: dict[str, str]
    printed: str
    told: str
    status: int

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``bihuan`` with ``arguments``."""
        command = [sys.executable, "-m", "bihuan", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=self.env)

    def ask(self, code: str) -> Any:
        """Run ``code`` against the sample; it prints JSON."""
        head = "import json, django; django.setup()\n"
        done = subprocess.run([sys.executable, "-c", head + code], capture_output=True, text=True, env=self.env)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """Run ``bihuan demo --no-serve --json`` on the engine under test, in a database of its own."""
    server = os.environ.get("DATABASE_URL", "")
    name = f"bihuan_sample_{os.getpid()}"
    folder: Path = tmp_path_factory.mktemp("sample")
    env = {**os.environ, "BIHUAN_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "bihuan.settings"}
    if server.startswith("postgres"):
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
        env["DATABASE_URL"] = server.rsplit("/", 1)[0] + f"/{name}"
    try:
        made = Sample(env, "", "", -1)
        done = made.run("demo", "--no-serve", "--json")
        yield Sample(env, done.stdout, done.stderr, done.returncode)
    finally:
        if server.startswith("postgres"):
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
