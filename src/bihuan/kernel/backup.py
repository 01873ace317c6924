"""One file that holds everything a place has: the database, the photos, and a manifest with checksums.

SQLite is copied by its online backup API while the site runs; PostgreSQL by ``pg_dump`` (custom format). The database
is taken first, the photos after it: a photo is written before its row, so none that a row names is missing.

**The keys are not in the backup unless asked for.** Whoever finds the file then cannot read what is encrypted; and
without ``BIHUAN_PERSONAL_DATA_KEY`` neither can you. The manifest holds a fingerprint of the key, so that a restore
under another one is told.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, connections
from django.utils.translation import gettext as _

from bihuan import __version__

from . import clock
from .canonical import instant
from .errors import BadInput, Problem, Refused
from .keys import keyed_hash
from .models import Entry

FORMAT = 1
_DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_SECRETS = ("BIHUAN_PERSONAL_DATA_KEY", "BIHUAN_SECRET_KEY")


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    path: Path
    engine: str
    entries: int
    files: int
    bytes: int
    secrets: bool
    same_key: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {**asdict(self), "path": str(self.path)}


def make_backup(path: Path, *, with_secrets: bool = False) -> Backup:
    """Write a backup to ``path`` (mode 0600), whole or not at all; the site may go on running.

    Raises:
        Refused: when ``pg_dump`` is missing or fails.
    """
    part = path.with_name(path.name + ".part")
    with tempfile.TemporaryDirectory(dir=path.parent if path.parent.exists() else None) as folder:
        database = Path(folder) / _DATABASE[connection.vendor]
        entries = Entry.objects.count()
        _dump_sqlite(database) if connection.vendor == "sqlite" else _dump_postgresql(database)
        members = {database.name: database, **_photos()}
        if with_secrets:
            members.update(_secrets(Path(folder)))
        sums = {name: {"sha256": _sha256(source), "bytes": source.stat().st_size} for name, source in members.items()}
        manifest = Path(folder) / "manifest.json"
        told = {
            "format": FORMAT,
            "bihuan": __version__,
            "engine": connection.vendor,
            "made_at": instant(clock.now()),
            "entries": entries,
            "key": _fingerprint(),
            "secrets": with_secrets,
            "files": sums,
        }
        manifest.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
            tar.add(manifest, manifest.name)
            for name, source in members.items():
                tar.add(source, name, recursive=False)
            out.flush()
            os.fsync(out.fileno())
    part.replace(path)
    return Backup(path, connection.vendor, entries, len(members) - 1, path.stat().st_size, with_secrets)


def restore_backup(path: Path, *, force: bool = False) -> Backup:
    """Put a backup in the place of the database and add its photos; then bring the schema to this version.

    Everything is checked before anything is touched. Stop the site first.

    Raises:
        BadInput: not a backup, damaged, or of another engine.
        Refused: the database has entries already, and ``force`` is not given.
    """
    with _opened(path) as (folder, manifest):
        engine = str(manifest["engine"])
        if engine != connection.vendor:
            raise BadInput(
                Problem(
                    "file",
                    _("这份备份来自 %(theirs)s，当前数据库是 %(ours)s。")
                    % {"theirs": engine, "ours": connection.vendor},
                    _("请设置与备份相同的 DATABASE_URL。"),
                )
            )
        if not force and _has_entries():
            raise Refused(
                Problem("file", _("当前数据库中已有记录，恢复会将其全部替换。"), _("确认后请加 --force 再运行。"))
            )
        database = folder / _DATABASE[engine]
        _load_sqlite(database) if engine == "sqlite" else _load_postgresql(database)
        photos = [name for name in manifest["files"] if name.startswith("files/")]
        for name in photos:
            target = _files_folder() / name.removeprefix("files/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, target)
    call_command("migrate", verbosity=0, interactive=False)
    return Backup(
        path,
        engine,
        int(manifest["entries"]),
        len(photos),
        path.stat().st_size,
        bool(manifest["secrets"]),
        same_key=manifest["key"] == _fingerprint(),
    )


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Unpack into a temporary folder and check every checksum."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        try:
            with tarfile.open(path) as tar:
                _unpack(tar, folder)
            manifest = orjson.loads((folder / "manifest.json").read_bytes())
            files = dict(manifest["files"])
        except (OSError, tarfile.TarError, orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise BadInput(
                Problem("file", _("这不是完整的备份文件：%(why)s。") % {"why": error}, _("请换一份备份。"))
            ) from error
        if manifest.get("format") != FORMAT:
            raise BadInput(Problem("file", _("备份的格式版本不认识。"), _("请用相同或更新版本的程序恢复。")))
        for name, known in files.items():
            member = folder / name
            if ".." in Path(name).parts or not member.is_file() or _sha256(member) != known["sha256"]:
                raise BadInput(Problem("file", _("备份中的 %(name)s 已损坏。") % {"name": name}, _("请换一份备份。")))
        yield folder, manifest


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """Unpack plain files with plain names and nothing else: a backup holds no links and leaves its folder never."""
    for member in tar:
        parts = Path(member.name).parts
        source = tar.extractfile(member) if member.isfile() else None
        if source is None or ".." in parts or Path(member.name).is_absolute():
            raise tarfile.TarError(member.name)
        target = folder / member.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with source, target.open("wb") as out:
            shutil.copyfileobj(source, out)


def _has_entries() -> bool:
    return "kernel_entry" in connection.introspection.table_names() and Entry.objects.exists()


def _files_folder() -> Path:
    return Path(default_storage.path(""))


def _photos() -> dict[str, Path]:
    root = _files_folder()
    return {f"files/{path.relative_to(root).as_posix()}": path for path in sorted(root.rglob("*")) if path.is_file()}


def _secrets(folder: Path) -> dict[str, Path]:
    values = dict(zip(_SECRETS, (settings.PERSONAL_DATA_KEY, settings.SECRET_KEY), strict=True))
    members = {}
    for name, value in values.items():
        path = folder / name.lower()
        path.touch(0o600)
        path.write_text(value)
        members[f"secrets/{name.lower()}"] = path
    return members


def _fingerprint() -> str:
    return keyed_hash("fingerprint", b"backup")[:8].hex()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump_sqlite(target: Path) -> None:
    source = connection.settings_dict["NAME"]
    uri = str(source).startswith("file:")
    with closing(sqlite3.connect(str(source), uri=uri)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)  # in one step: under WAL it holds up no writer, and writers cannot make it start again


def _load_sqlite(source: Path) -> None:
    target = str(connection.settings_dict["NAME"])
    connections.close_all()
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(target)) as live:
        copy.backup(live)


def _dump_postgresql(target: Path) -> None:
    _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def _load_postgresql(source: Path) -> None:
    connections.close_all()
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]
    _run("pg_restore", [*options, f"--dbname={connection.settings_dict['NAME']}", str(source)])


def _run(program: str, arguments: list[str]) -> None:
    """Run a PostgreSQL program against the current database; the password goes by the environment alone."""
    found = shutil.which(program) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)), None
    )
    if found is None:
        raise Refused(
            Problem(
                "",
                _("找不到 %(program)s。") % {"program": program},
                _("请安装 PostgreSQL 客户端（postgresql-client）。"),
            )
        )
    known = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {**os.environ, **{key: str(known[name]) for key, name in names.items() if known.get(name)}}
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        why = done.stderr.strip().splitlines()[-1:] or [f"{program}: {done.returncode}"]
        raise Refused(Problem("", _("数据库程序失败：%(why)s") % {"why": why[0][:300]}, _("请检查数据库连接和版本。")))
