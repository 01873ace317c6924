"""Takes the raw limit on the engine under test: see ``bench.raw``."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from bench.raw import Rows, batches, singles, sqlite_connection

BATCHED = 12_000


def raw_limits(count: int) -> dict[str, float]:
    """Insert the newest reports again, into an empty twin of the database; return reports per second."""
    return _sqlite(count) if connection.vendor == "sqlite" else _postgresql(count)


def _sqlite(count: int) -> dict[str, float]:
    path = str(settings.DATABASES["default"]["NAME"])
    source = sqlite3.connect(path)

    def read(sql: str) -> tuple[list[str], list[Any]]:
        cursor = source.execute(sql)
        return [column[0] for column in cursor.description], cursor.fetchall()

    result = {}
    for name, work, limit in (("raw_single", singles, count), ("raw_batch", batches, BATCHED)):
        twin = sqlite_twin(source, Path(path).with_name("twin.sqlite3"))
        rows = Rows(read, limit)
        result[name] = work(twin.cursor(), lambda twin=twin: twin.execute("COMMIT"), rows, "?", "BEGIN IMMEDIATE")
        twin.close()
    return result


def sqlite_twin(source: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """Make the same tables, indexes and triggers in an empty file; foreign keys off: their targets are absent."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    twin = sqlite_connection(str(path))
    twin.execute("PRAGMA foreign_keys=OFF")
    statements = source.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
        "AND name NOT LIKE '%search%' AND tbl_name NOT LIKE '%search%' ORDER BY type = 'table' DESC"
    ).fetchall()
    for (statement,) in statements:
        twin.execute(statement)
    return twin


def _postgresql(count: int) -> dict[str, float]:
    import psycopg

    connection.ensure_connection()
    parameters = connection.get_connection_params()
    address = {key: parameters[key] for key in ("host", "port", "user", "password", "dbname") if parameters.get(key)}
    result = {}
    with psycopg.connect(**address) as source:

        def read(sql: str) -> tuple[list[str], list[Any]]:
            cursor = source.execute(sql)
            return [column.name for column in cursor.description or ()], cursor.fetchall()

        for name, work, limit in (("raw_single", singles, count), ("raw_batch", batches, BATCHED)):
            rows = Rows(read, limit)
            source.rollback()
            with psycopg.connect(**address) as twin:
                postgresql_twin(twin)
                rows.by_report = [_adapted(report) for report in rows.by_report]
                result[name] = work(twin.cursor(), twin.commit, rows, "%s")
                twin.execute("DROP SCHEMA twin CASCADE")
    return result


OF_REPORTS = (
    "matters_matter", "kernel_entry", "kernel_sealed", "matters_todo", "matters_party", "matters_areatally",
    "matters_numbercounter",
)  # fmt: skip


def postgresql_twin(twin: Any, tables: Sequence[str] = OF_REPORTS) -> None:
    """Make the same tables with their indexes and defaults in a schema of their own; no foreign keys."""
    twin.execute("DROP SCHEMA IF EXISTS twin CASCADE")
    twin.execute("CREATE SCHEMA twin")
    for table in tables:
        twin.execute(f"CREATE TABLE twin.{table} (LIKE public.{table} INCLUDING ALL)")
    twin.commit()
    twin.execute("SET search_path = twin")
    twin.commit()


def _adapted(report: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Wrap JSON values as the driver wants them."""
    from psycopg.types.json import Jsonb

    return {
        table: [tuple(Jsonb(v) if isinstance(v, dict | list) else v for v in row) for row in rows]
        for table, rows in report.items()
    } | {table: [] for table in ("kernel_sealed", "matters_todo", "matters_party") if table not in report}
