"""Raw statements that run on SQLite and PostgreSQL alike, for the paths where the ORM costs too much.

Values are given as Python has them (UUID, aware datetime, date, bytes, bool, dict for JSON columns); ``adapt``
turns them into what each engine's driver takes, exactly as the ORM would have stored them, so that rows
written here and rows written by the ORM are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db import connection
from psycopg.types.json import Jsonb

T = TypeVar("T")


@lru_cache(maxsize=4096)
def _sqlite_instant(value: datetime) -> str:
    """Write an instant as the ORM does. Remembered: the rows of a batch share most of theirs."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return str(value.replace(tzinfo=None))


_SQLITE: dict[type, Callable[[Any], Any]] = {
    UUID: lambda value: value.hex,
    datetime: _sqlite_instant,
    date: date.isoformat,
    dict: lambda value: orjson.dumps(value).decode(),
    list: lambda value: orjson.dumps(value).decode(),
}


def is_sqlite() -> bool:
    """Tell whether the database is the embedded one."""
    return connection.vendor == "sqlite"


def adapt(values: Iterable[Any]) -> list[Any]:
    """Return the values as the driver of the current engine takes them."""
    return _adapt_sqlite(values) if connection.vendor == "sqlite" else _adapt_postgresql(values)


def _adapt_sqlite(values: Iterable[Any]) -> list[Any]:
    find = _SQLITE.get
    return [value if (turn := find(type(value))) is None else turn(value) for value in values]


def _adapt_columns(rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Adapt many rows for SQLite a column at a time: most columns hold nothing to turn, and are passed as they are."""
    columns: list[Iterable[Any]] = []
    for column in zip(*rows, strict=True):
        kinds = set(map(type, column)) & _SQLITE.keys()
        if not kinds:
            columns.append(column)
        elif len(kinds) == 1 and (kind := kinds.pop()):
            turn = _SQLITE[kind]
            columns.append([turn(value) if type(value) is kind else value for value in column])
        else:
            columns.append(_adapt_sqlite(column))
    return list(zip(*columns, strict=True))


def _adapt_postgresql(values: Iterable[Any]) -> list[Any]:
    return [Jsonb(value) if type(value) in (dict, list) else value for value in values]


@lru_cache(maxsize=256)
def insert_statement(table: str, columns: tuple[str, ...], rows: int = 1, suffix: str = "") -> str:
    """Return ``INSERT INTO table (…) VALUES (…), (…) suffix``. Names come from code, never from input."""
    one = f"({', '.join(['%s'] * len(columns))})"
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES {", ".join([one] * rows)} {suffix}'.rstrip()  # noqa: S608


def insert(table: str, columns: tuple[str, ...], values: Sequence[Any], suffix: str = "") -> int:
    """Insert one row by one statement; return the rows inserted (0 where ``suffix`` let a conflict pass)."""
    with connection.cursor() as cursor:
        cursor.execute(insert_statement(table, columns, 1, suffix), adapt(values))
        return int(cursor.rowcount)


def insert_rows(table: str, columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows: up to 40 in one statement; more by a prepared statement (SQLite) or COPY (PostgreSQL)."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if len(rows) <= 40:  # 40 rows of 13 columns stay under SQLite's old limit of 999 parameters
            flat = [value for row in rows for value in row]
            cursor.execute(insert_statement(table, columns, len(rows)), adapt(flat))
        elif connection.vendor == "sqlite":
            cursor.executemany(insert_statement(table, columns), _adapt_columns(rows))
        else:
            names = ", ".join(f'"{column}"' for column in columns)
            columns_ = enumerate(zip(*rows, strict=True))
            json = {at for at, column in columns_ if not {dict, list}.isdisjoint(map(type, column))}
            # What COPY raises as it ends is the driver's own: callers are told in Django's errors, as by any statement.
            with connection.wrap_database_errors, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row([Jsonb(v) if at in json else v for at, v in enumerate(row)] if json else row)


@dataclass(frozen=True, slots=True)
class Insert:
    """Rows for one table; ``suffix`` says what happens on a conflict."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    suffix: str = ""


def insert_together(inserts: Iterable[Insert]) -> None:
    """Insert a few rows into several tables: one statement on PostgreSQL (a ``WITH`` of inserts), one each on SQLite.

    For what begins together and must all be new. Rows that refer to each other may stand in one statement, as
    foreign keys are checked when the transaction ends.

    Raises:
        IntegrityError: one of them is there already; the transaction is lost then.
    """
    wanted = [each for each in inserts if each.rows]
    statements = [insert_statement(each.table, each.columns, len(each.rows), each.suffix) for each in wanted]
    values = [adapt(value for row in each.rows for value in row) for each in wanted]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement, given in zip(statements, values, strict=True):
                cursor.execute(statement, given)
        elif statements:
            cursor.execute(_together(tuple(statements)), [value for given in values for value in given])


@lru_cache(maxsize=256)
def _together(statements: tuple[str, ...]) -> str:
    *first, last = statements
    with_ = ", ".join(f"i{number} AS ({statement})" for number, statement in enumerate(first))
    return f"WITH {with_} {last}" if first else last


def rows(statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a query with ``%s`` placeholders and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, adapt(params))
        return list(cursor.fetchall())


def execute(statement: str, params: Sequence[Any] = ()) -> int:
    """Run a statement with ``%s`` placeholders and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, adapt(params))
        return int(cursor.rowcount)


def as_uuid(value: Any) -> UUID:
    """Return a UUID column's value, however the driver gave it."""
    return value if isinstance(value, UUID) else UUID(hex=value)


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of at most ``size`` items."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
