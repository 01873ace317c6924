"""``bihuan serve``: the site and its worker in one command. ``bihuan worker``: the worker alone.

Granian serves WSGI, measured fastest under Django. SQLite writes without waiting for anybody, so threads would only
contend for the interpreter: two processes of one thread each accept a quarter more reports than one of two threads,
and a slow page still holds up nobody. PostgreSQL: a process for each core, four threads each.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bihuan.cli import cli

SQLITE_PROCESSES = 2
SQLITE_THREADS = 1
POSTGRESQL_THREADS = 4
RESTART_SECONDS = (1, 2, 5, 10, 30)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址 · address to listen on")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口 · port")
@click.option("--no-worker", is_flag=True, help="不带后台进程 · without the worker")
def serve(*, host: str, port: int, no_worker: bool) -> None:
    """启动网站和后台进程。Serve the site and run the worker; migrates first."""
    check_port(host, port)
    prepare()
    serve_site(host=host, port=port, worker=not no_worker)


@cli.command()
@click.option("--parent", type=int, default=0, hidden=True)
def worker(*, parent: int) -> None:
    """只运行后台进程：发送、计时、索引。Run the worker alone: outbox, clocks, search."""
    from bihuan.kernel.api import run_worker

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if parent:
        threading.Thread(target=_stop_without, args=(parent, stop), daemon=True).start()
    run_worker(stop)


def check_port(host: str, port: int) -> None:
    """Say so now, before any long work, where the port is taken.

    Raises:
        click.ClickException: with what to do instead.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port} 不能监听（{error.strerror}）。换一个端口：--port {port + 1}。"
                f" Cannot listen there: another program may use it; try --port {port + 1}."
            ) from error


def prepare() -> None:
    """Bring the database to this version and gather the static files."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["*.map"])


def serve_site(*, host: str, port: int, worker: bool) -> None:
    """Serve until SIGTERM or Ctrl-C, then let running requests end and stop the worker."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ.setdefault("BIHUAN_PUBLIC_URL", f"http://{host}:{port}")
    settings.PUBLIC_URL = os.environ["BIHUAN_PUBLIC_URL"].rstrip("/")  # read before the port was known
    sqlite = connection.vendor == "sqlite"
    connection.close()
    with _worker_process() if worker else contextlib.nullcontext():
        server = Granian(
            "bihuan.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            websockets=False,
            workers=SQLITE_PROCESSES if sqlite else max(os.cpu_count() or 1, 1),
            blocking_threads=SQLITE_THREADS if sqlite else POSTGRESQL_THREADS,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.warning,
        )
        server.serve()


@contextlib.contextmanager
def _worker_process() -> Iterator[None]:
    """Keep one worker process alive beside the site; end it with the site."""
    stopping = threading.Event()
    command = [sys.executable, "-m", "bihuan", "worker", "--parent", str(os.getpid())]

    def start() -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches the site first, which then ends the worker in order.
        return subprocess.Popen(command, start_new_session=True)  # noqa: S603

    # The first one starts here and not in the thread: the server forks its own processes next, and one forked
    # while a pipe of Popen is open would hold that pipe, and this start, for ever.
    running = [start()]

    def keep() -> None:
        failures = 0
        while True:
            begun = time.monotonic()
            code = running[0].wait()
            if stopping.is_set():
                return
            failures = 0 if time.monotonic() - begun > 60 else failures + 1
            pause = RESTART_SECONDS[min(failures, len(RESTART_SECONDS) - 1)]
            click.echo(f"后台进程退出（{code}），{pause} 秒后重启。The worker ended; restarting.", err=True)
            if stopping.wait(pause):
                return
            running[0] = start()

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join(0.1)
        running[0].terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            running[0].wait(15)
        running[0].kill()
        keeper.join(1)


def _stop_without(parent: int, stop: threading.Event) -> None:
    """Stop when the site that started this worker is gone, even by ``kill -9``."""
    while not stop.wait(2):
        if os.getppid() != parent:
            stop.set()
