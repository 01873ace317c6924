"""Make a measured district many times as large: matters, facts and tallies copied by SQL, each copy with its own ids.

These are the only measured rows that the application has not made. Past a million the copies leave out the state that
the engine keeps of each matter, which no page of figures reads: ten million would take 120 GB with it. Indexes of
PostgreSQL are taken off while rows go in and made again after, as a restored backup makes them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

BASE = 10_000
WITH_STATE = 100  # so many times the base have everything
STRIDE = 25  # copies a statement
FIRST_COPY = UUID(int=1 << 124)  # the ids of copies begin with 1000 or more, those made in time with 0
TABLES = ("matters_matter", "reporting_fact")


def multiply(was: int, times: int) -> None:
    """Make the district ``times`` as large as its base; it is ``was`` times as large."""
    from bihuan.matters.store import MATTER_COLUMNS
    from bihuan.reporting.figures.folding import COLUMNS

    begun = time.perf_counter()
    with _indexes_off():
        for first in range(was, times, STRIDE):
            last = min(first + STRIDE, times) - 1
            _copy("matters_matter", "id", list(MATTER_COLUMNS), first, last)
            _copy("reporting_fact", "matter_id", list(COLUMNS), first, last)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE reporting_tally SET n = n * {times} / {was}, amount = amount * {times} / {was}")
    print(f"  {times} times as large in {time.perf_counter() - begun:.0f} s", file=sys.stderr)


def _copy(table: str, key: str, columns: list[str], first: int, last: int) -> None:
    sqlite = connection.vendor == "sqlite"
    numbers = (
        f"WITH RECURSIVE c(k) AS (SELECT {first} UNION ALL SELECT k + 1 FROM c WHERE k < {last})"
        if sqlite
        else f"WITH c(k) AS (SELECT generate_series({first}, {last}))"
    )
    own = {
        key: f"printf('%04x', 4096 + c.k) || substr(r.{key}, 5)"
        if sqlite
        else f"cast(to_hex(4096 + c.k) || substr(cast(r.{key} as text), 5) as uuid)",
        "number": "r.number || '-' || c.k",
    }
    if first >= WITH_STATE:
        own["state_json"] = "'{}'"
    taken = ", ".join(own.get(name, f'r."{name}"') for name in columns)
    listed = ", ".join(f'"{name}"' for name in columns)
    before = FIRST_COPY.hex if sqlite else str(FIRST_COPY)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({listed}) {numbers} SELECT {taken} FROM c CROSS JOIN {table} r "
            f"WHERE r.{key} < '{before}' ORDER BY c.k, r.{key}"
        )


@contextmanager
def _indexes_off() -> Iterator[None]:
    """Take off the indexes of the large tables that no constraint needs, and make them again."""
    if connection.vendor == "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [list(TABLES)],
        )
        found = cursor.fetchall()
        for name, _made in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for _name, made in found:
            cursor.execute(made)
