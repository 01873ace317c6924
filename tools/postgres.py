"""A throw-away PostgreSQL: its own folder, its own free port, gone when the suite ends."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Durability is off on purpose: the data dies with the folder, and the suite is a third faster.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=128MB"


def find_bin() -> Path | None:
    """Return the folder that holds ``initdb`` and ``postgres`` 15 or newer, or None."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    found = [path.parent for path in installed if int(path.parts[-3]) >= 15]
    return found[-1] if found else None


def free_port() -> int:
    """Return a TCP port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def throw_away(bin_folder: Path, *, options: str = QUICK) -> Iterator[str]:
    """Start a cluster and yield its ``postgresql://`` address; stop it and delete its folder afterwards.

    PostgreSQL refuses to run as root: there, its processes run as the user ``postgres`` (or ``nobody``).
    """
    folder = Path(tempfile.mkdtemp(prefix="bihuan-pg-"))
    owner = _other_user() if os.geteuid() == 0 else None
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data, port = folder / "data", free_port()

    def run(*command: str) -> None:
        who: dict[str, Any] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
        done = subprocess.run(
            [str(bin_folder / command[0]), *command[1:]], cwd=folder, capture_output=True, text=True, **who
        )
        if done.returncode:
            log = folder / "log"
            raise RuntimeError(f"{command[0]}: {done.stderr}{log.read_text() if log.exists() else ''}")

    try:
        run("initdb", "-D", str(data), "-U", "bihuan", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        start = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {options}"
        run("pg_ctl", "-D", str(data), "-w", "-t", "60", "-l", str(folder / "log"), "-o", start, "start")
        try:
            yield f"postgresql://bihuan@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _other_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("PostgreSQL 不能以 root 运行，而本机没有 postgres 或 nobody 用户。")
