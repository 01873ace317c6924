"""The raw limit: the very rows that the application wrote, inserted again by plain SQL into an empty copy.

Rows are read from the database that served the run, and written to a second one with the same schema and
indexes: once with a transaction for each report, once in transactions of 500 reports by the driver's fastest way.
"""

from __future__ import annotations

import sqlite3
import time
from collections import defaultdict
from typing import Any

TABLES = {
    "matters_matter": "id",
    "kernel_entry": "subject_id",
    "kernel_sealed": "subject_id",
    "matters_todo": "matter_id",
    "matters_party": "matter_id",
}
TALLY = (
    "INSERT INTO matters_areatally (area_code, total, open, yellow, red) VALUES ({0}, 1, 1, 0, 0) "
    "ON CONFLICT (area_code) DO UPDATE SET total = matters_areatally.total + 1, open = matters_areatally.open + 1"
)
COUNTER = (
    "INSERT INTO matters_numbercounter (key, last) VALUES ({0}, 1) "
    "ON CONFLICT (key) DO UPDATE SET last = matters_numbercounter.last + 1"
)


class Rows:
    """The rows of N reports, grouped by report: what each table got."""

    def __init__(self, read: Any, limit: int) -> None:
        """Read the newest ``limit`` reports through ``read(sql) -> (columns, rows)``."""
        self.columns: dict[str, list[str]] = {}
        self.by_report: list[dict[str, list[tuple[Any, ...]]]] = []
        columns, matters = read(f"SELECT * FROM matters_matter ORDER BY created_at DESC, id DESC LIMIT {limit}")
        self.columns["matters_matter"] = columns
        place = {row[columns.index("id")]: index for index, row in enumerate(matters)}
        area, community = columns.index("area_code"), columns.index("community_code")
        self.areas = [row[area] for row in matters]
        self.communities = [row[community] for row in matters]
        self.by_report = [defaultdict(list, {"matters_matter": [row]}) for row in matters]
        for table, key in list(TABLES.items())[1:]:
            columns, rows = read(
                f"SELECT * FROM {table} WHERE {key} IN "
                f"(SELECT id FROM matters_matter ORDER BY created_at DESC, id DESC LIMIT {limit})"
            )
            # identity columns of child tables are left to the database
            drop = columns.index("id") if table not in {"kernel_entry"} else None
            self.columns[table] = [name for index, name in enumerate(columns) if index != drop]
            at = columns.index(key)
            for row in rows:
                kept = tuple(value for index, value in enumerate(row) if index != drop)
                self.by_report[place[row[at]]][table].append(kept)

    def insert(self, table: str, mark: str) -> str:
        """Return the INSERT of ``table`` with the driver's parameter mark."""
        names = self.columns[table]
        return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"


def singles(cursor: Any, commit: Any, rows: Rows, mark: str, begin: str | None = None) -> float:
    """Insert each report in a transaction of its own; return reports per second."""
    inserts = {table: rows.insert(table, mark) for table in TABLES}
    begun = time.perf_counter()
    for report, area, community in zip(rows.by_report, rows.areas, rows.communities, strict=True):
        if begin:
            cursor.execute(begin)
        cursor.execute(COUNTER.format(mark), (community,))
        for table in TABLES:
            for row in report[table]:
                cursor.execute(inserts[table], row)
        cursor.execute(TALLY.format(mark), (area,))
        commit()
    return len(rows.by_report) / (time.perf_counter() - begun)


def batches(cursor: Any, commit: Any, rows: Rows, mark: str, begin: str | None = None, size: int = 500) -> float:
    """Insert in transactions of ``size`` reports, by COPY (PostgreSQL) or executemany; return reports per second."""
    inserts = {table: rows.insert(table, mark) for table in TABLES}
    begun = time.perf_counter()
    for start in range(0, len(rows.by_report), size):
        if begin:
            cursor.execute(begin)
        part = rows.by_report[start : start + size]
        cursor.executemany(COUNTER.format(mark), sorted((c,) for c in rows.communities[start : start + size]))
        for table in TABLES:
            many = [row for report in part for row in report[table]]
            if many and hasattr(cursor, "copy"):
                with cursor.copy(f"COPY {table} ({', '.join(rows.columns[table])}) FROM STDIN") as copy:
                    for row in many:
                        copy.write_row(row)
            elif many:
                cursor.executemany(inserts[table], many)
        cursor.executemany(TALLY.format(mark), sorted((a,) for a in rows.areas[start : start + size]))
        commit()
    return len(rows.by_report) / (time.perf_counter() - begun)


def sqlite_connection(path: str) -> sqlite3.Connection:
    """Open ``path`` with the settings the application uses."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "cache_size=-65536",
        "foreign_keys=ON",
        "wal_autocheckpoint=8000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection
