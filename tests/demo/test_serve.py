"""``bihuan serve`` starts the site and its worker together, and ends them together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.postgres import free_port

from tests.demo.conftest import Sample


def children_of(pid: int) -> list[int]:
    """Return the process ids of all descendants; each thread has its own list of children."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for path in lists for child in path.read_text().split()]
    return [*found, *(grandchild for child in found for grandchild in children_of(child))]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def answers(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as response:
        return int(response.status)


def until(condition: object, seconds: float = 40) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():  # type: ignore[operator]
                return True
        except OSError:
            pass
        time.sleep(0.2)
    return False


@contextmanager
def served(sample: Sample, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "bihuan", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=sample.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def test_it_serves_with_a_worker_and_stops_cleanly_when_told(sample: Sample) -> None:
    port = free_port()
    with served(sample, port) as process:
        assert until(lambda: answers(port) == 200)
        assert until(lambda: len(children_of(process.pid)) >= 2)
        family = children_of(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert until(lambda: not any(is_running(pid) for pid in family), 10)


def test_the_worker_ends_by_itself_when_the_site_is_killed(sample: Sample) -> None:
    port = free_port()
    with served(sample, port) as process:
        assert until(lambda: answers(port) == 200)
        assert until(lambda: len(children_of(process.pid)) >= 2)
        family = children_of(process.pid)
        workers = [pid for pid in family if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        assert len(workers) == 1
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
        gone = until(lambda: not is_running(workers[0]), 20)
        for pid in family:
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)
        assert gone


def test_a_worker_that_dies_is_started_again(sample: Sample) -> None:
    port = free_port()
    with served(sample, port) as process:
        assert until(lambda: answers(port) == 200)

        def workers() -> list[int]:
            return [p for p in children_of(process.pid) if b"worker" in Path(f"/proc/{p}/cmdline").read_bytes()]

        assert until(lambda: len(workers()) == 1)
        first = workers()[0]
        os.kill(first, signal.SIGKILL)
        assert until(lambda: workers() not in ([], [first]))
        assert answers(port) == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_a_port_in_use_is_told_before_anything_is_done(sample: Sample, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = {**sample.env, "BIHUAN_DATA": str(tmp_path), "DATABASE_URL": ""}
        for command in (["serve"], ["demo"]):
            call = [sys.executable, "-m", "bihuan", *command, "--port", str(port)]
            done = subprocess.run(call, env=env, capture_output=True, text=True)
            assert done.returncode != 0
            assert f"--port {port + 1}" in done.stderr
        assert not (tmp_path / "bihuan.sqlite3").exists()
