"""A phone's sync of 500 visits with their entries, next to the same rows by plain SQL in the same run.

The phone sends five queues of 100, one after the other, as it does in the field: each visit goes to a building of its
own on a round, has two items ticked, a text that is sealed, and two people who came along, and counts towards the
round's coverage. What the raw limit writes are those very rows, read back and inserted into an empty copy of the same
tables with the same indexes, 100 visits a transaction.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import statistics
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench.load import drive, request
from bench.rawrun import postgresql_twin, sqlite_twin
from bench.world import TEXTS, World

VISITS, QUEUE, TIMES = 500, 100, 9
_days = itertools.count()
TABLES = {"fieldwork_visit": "id", "kernel_entry": "subject_id", "kernel_sealed": "subject_id"}
COVERAGE = "fieldwork_coverage"
FOLD = (
    "ON CONFLICT (method_key, round, level, target) DO UPDATE SET last_at = excluded.last_at, "
    "last_visit_id = excluded.last_visit_id, last_person_id = excluded.last_person_id"
)


def measure(port: int, world: World) -> dict[str, Any]:
    """Return seconds for 500 visits by HTTP and by plain SQL, visits and rows a second, and the same in process."""
    headers = {"Content-Type": "application/json", **world.recorder_headers()}
    _sync(port, world, headers)  # warm
    runs = [_sync(port, world, headers) for _ in range(TIMES)]
    rows = _rows()
    inside = [_in_process(world) for _ in range(TIMES)]
    raw = [_raw() for _ in range(TIMES)]
    http, plain = statistics.median(runs), statistics.median(raw)
    return {
        "seconds": http,
        "slowest": max(runs),
        "visits": VISITS / http,
        "rows": rows,
        "rows_per_second": rows / http,
        "in_process_seconds": statistics.median(inside),
        "raw_seconds": plain,
        "raw_rows_per_second": rows / plain,
        "ratio": plain / http,
    }


def _visits(world: World) -> list[dict[str, Any]]:
    """Return what a phone holds after a long day: 500 visits to as many buildings, four days after the last."""
    from bihuan.kernel.api import new_id

    began = timezone.now() - timedelta(days=4) * (2 * TIMES + 2 - next(_days))
    places = world.rng.sample(world.leaves, VISITS)
    return [
        {
            "id": str(new_id()),
            "method_key": "yiwang-sanbu-wuqin",
            "round": "patrol",
            "area_code": places[n],
            "arrived_at": (began + timedelta(seconds=20 * n)).isoformat(),
            "happened_at": (began + timedelta(seconds=20 * n + 15)).isoformat(),
            "checklist": {"exits": "ok", "disputes": "ok"},
            "text": f"{world.rng.choice(TEXTS)}，已看过 {n}",
            "together": [{"role": "property", "name": "马某"}, {"role": "police", "name": ""}],
        }
        for n in range(VISITS)
    ]


def _sync(port: int, world: World, headers: dict[str, str]) -> float:
    """Send 500 visits over one connection, a queue at a time; return the seconds until all are answered."""
    visits, messages = _visits(world), []
    for start in range(0, VISITS, QUEUE):
        items = [
            {"id": visit["id"], "kind": "visit", "data": {name: value for name, value in visit.items() if name != "id"}}
            for visit in visits[start : start + QUEUE]
        ]
        body = json.dumps({"items": items}, ensure_ascii=False).encode()
        messages.append(request("POST", "/api/v1/field/sync", body=body, headers=headers))
    run = drive(port, messages, 1)
    states = {result["state"] for result in json.loads(run.sample)["results"]} if run.statuses[200] else set()
    if run.statuses != {200: len(messages)} or states != {"done"}:
        raise RuntimeError(f"the queue was not taken in: {run.statuses} {states} {run.sample[:600]!r}")
    return run.seconds


def _in_process(world: World) -> float:
    """Record 500 visits by the use case, in one transaction; return the seconds."""
    from bihuan.fieldwork.api import record_visits
    from bihuan.people.api import actor_of

    actor, visits = actor_of(world.recorder), _visits(world)
    begun = time.perf_counter()
    answers = record_visits(actor=actor, visits=visits)
    seconds = time.perf_counter() - begun
    if not all(getattr(answer, "created", False) for answer in answers):
        raise RuntimeError(f"visits were not recorded: {answers[0]}")
    return seconds


def _read(read: Any) -> tuple[dict[str, list[str]], list[dict[str, list[Any]]]]:
    """Return the columns of each table, and the rows of the newest 500 visits by queue."""
    newest = f"SELECT id FROM fieldwork_visit ORDER BY recorded_at DESC, id DESC LIMIT {VISITS}"
    columns: dict[str, list[str]] = {}
    queues: list[dict[str, list[Any]]] = [{} for _ in range(VISITS // QUEUE)]
    order: dict[Any, int] = {}
    for table, key in TABLES.items():
        names, rows = read(f"SELECT * FROM {table} WHERE {key} IN ({newest})")
        at = names.index(key)
        if table == "fieldwork_visit":
            rows.sort(key=lambda row, at=at: str(row[at]))
            order = {row[at]: n // QUEUE for n, row in enumerate(rows)}
        drop = names.index("id") if table == "kernel_sealed" else None  # an identity is the database's to give
        columns[table] = [name for n, name in enumerate(names) if n != drop]
        for row in rows:
            kept = tuple(value for n, value in enumerate(row) if n != drop)
            queues[order[row[at]]].setdefault(table, []).append(kept)
    names, rows = read(f"SELECT * FROM {COVERAGE} WHERE last_visit_id IN ({newest})")
    drop, at = names.index("id"), names.index("last_visit_id")
    columns[COVERAGE] = [name for n, name in enumerate(names) if n != drop]
    for row in rows:
        kept = tuple(value for n, value in enumerate(row) if n != drop)
        queues[order[row[at]]].setdefault(COVERAGE, []).append(kept)
    return columns, queues


def _rows() -> int:
    """Return how many rows the newest 500 visits are."""
    newest = f"SELECT id FROM fieldwork_visit ORDER BY recorded_at DESC, id DESC LIMIT {VISITS}"
    with connection.cursor() as cursor:
        total = 0
        for table, key in {**TABLES, COVERAGE: "last_visit_id"}.items():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {key} IN ({newest})")
            total += int(cursor.fetchone()[0])
    return total


def _write(cursor: Any, commit: Any, columns: Any, queues: Any, mark: str, begin: str | None = None) -> float:
    """Insert the queues, a transaction each, by COPY (PostgreSQL) or executemany; return the seconds."""
    begun = time.perf_counter()
    for queue in queues:
        if begin:
            cursor.execute(begin)
        for table in TABLES:
            names = ", ".join(f'"{name}"' for name in columns[table])
            if hasattr(cursor, "copy"):
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in queue.get(table, ()):
                        copy.write_row(row)
            else:
                marks = ", ".join([mark] * len(columns[table]))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", queue.get(table, ()))
        names = ", ".join(f'"{name}"' for name in columns[COVERAGE])
        marks = ", ".join([mark] * len(columns[COVERAGE]))
        cursor.executemany(f"INSERT INTO {COVERAGE} ({names}) VALUES ({marks}) {FOLD}", queue.get(COVERAGE, ()))
        commit()
    return time.perf_counter() - begun


def _raw() -> float:
    return _raw_sqlite() if connection.vendor == "sqlite" else _raw_postgresql()


def _raw_sqlite() -> float:
    path = str(settings.DATABASES["default"]["NAME"])
    source = sqlite3.connect(path)

    def read(statement: str) -> tuple[list[str], list[Any]]:
        cursor = source.execute(statement)
        return [column[0] for column in cursor.description], cursor.fetchall()

    columns, queues = _read(read)
    twin = sqlite_twin(source, Path(path).with_name("twin.sqlite3"))
    seconds = _write(twin.cursor(), lambda: twin.execute("COMMIT"), columns, queues, "?", "BEGIN IMMEDIATE")
    twin.close()
    return seconds


def _raw_postgresql() -> float:
    import psycopg
    from psycopg.types.json import Jsonb

    connection.ensure_connection()
    parameters = connection.get_connection_params()
    address = {key: parameters[key] for key in ("host", "port", "user", "password", "dbname") if parameters.get(key)}
    with psycopg.connect(**address) as source:

        def read(statement: str) -> tuple[list[str], list[Any]]:
            cursor = source.execute(statement)
            rows = [tuple(Jsonb(v) if isinstance(v, dict | list) else v for v in row) for row in cursor.fetchall()]
            return [column.name for column in cursor.description or ()], rows

        columns, queues = _read(read)
        source.rollback()
        with psycopg.connect(**address) as twin:
            postgresql_twin(twin, (*TABLES, COVERAGE))
            seconds = _write(twin.cursor(), twin.commit, columns, queues, "%s")
            twin.execute("DROP SCHEMA twin CASCADE")
    return seconds
