"""Which database is the sample's, and emptying it: nobody's own database is ever overwritten.

The mark stands in the database itself (SQLite's ``application_id``, a comment on PostgreSQL's schema): it
goes with the data wherever the data goes.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from bihuan.kernel.api import Problem, Refused

MARK = "bihuan sample data"
SQLITE_MARK = 0x42484442  # "BHDB"
# A table that has a row as soon as somebody has worked with the database.
TELLING = ("people_person", "people_user", "areas_area", "kernel_entry")


def is_marked() -> bool:
    """Return whether the database is marked as the sample's."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA application_id")
            return bool(cursor.fetchone()[0] == SQLITE_MARK)
        cursor.execute("SELECT obj_description(current_schema()::regnamespace, 'pg_namespace')")
        return bool(cursor.fetchone()[0] == MARK)


def mark() -> None:
    """Mark the database as the sample's."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA application_id = {SQLITE_MARK}")
        else:
            schema = connection.ops.quote_name(_schema())
            cursor.execute(f"COMMENT ON SCHEMA {schema} IS '{MARK}'")


def is_used() -> bool:
    """Return whether somebody's data stands in the database."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in TELLING:
            if table in tables:
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - names are constants
                if cursor.fetchone():
                    return True
    return False


def make_room() -> None:
    """Leave an empty database behind, provided that what is there is the sample's or nothing.

    Raises:
        Refused: when it holds somebody's own data, or another program has it open.
    """
    if not is_marked() and is_used():
        raise Refused(
            Problem(
                "",
                _("数据库 %(name)s 里已有自己的数据，样例不会覆盖它。") % {"name": _name()},
                _("换一个数据文件夹再运行：BIHUAN_DATA=/另一个/文件夹，或换一个 DATABASE_URL。"),
            )
        )
    if connection.vendor == "sqlite":
        _empty_sqlite()
    else:
        _empty_postgresql()
    shutil.rmtree(Path(settings.DATA_DIR) / "files", ignore_errors=True)


def _empty_sqlite() -> None:
    connection.close()
    path = Path(str(settings.DATABASES["default"]["NAME"]))
    if path.exists():
        try:
            with sqlite3.connect(path, timeout=1) as own:
                # Leaving WAL needs the file for oneself: it fails while a server still has it open.
                own.execute("PRAGMA journal_mode=DELETE")
            own.close()
        except sqlite3.OperationalError as error:
            raise Refused(
                Problem(
                    "",
                    _("另一个程序正在使用样例数据库（%(error)s）。") % {"error": error},
                    _("先停下正在运行的 bihuan serve 或 make run，再试一次。"),
                )
            ) from error
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _empty_postgresql() -> None:
    schema = connection.ops.quote_name(_schema())
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        cursor.execute(f"CREATE SCHEMA {schema}")
        cursor.execute("SET lock_timeout = 0")


def _schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0] or "public")


def _name() -> str:
    return str(settings.DATABASES["default"]["NAME"])
