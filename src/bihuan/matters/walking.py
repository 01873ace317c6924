"""A walk of bounded length: what filters without an index of their own cost, however many matters there are.

One filter has an index that keeps the order of the list; any further one is a sieve behind it. A sieve that lets
nothing through would read a district's every row, so it looks at ``STRIDES`` rows and then says how far it came:
the reader goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kernel.api import sql
from bihuan.matters.scope import Branch
from bihuan.matters.shapes import LedgerFilters

STRIDES = (500, 10_000)  # rows of one branch looked at: often the first few are enough
_SIEVED = ("step", "urgency", "channel", "outcome", "category", "card", "is_open", "version_ref_id")
OF_METHOD = "version_ref_id IN (SELECT v.id FROM methods_methodversion v WHERE v.key = %s)"
Row = tuple[Any, ...]
Key = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a list is filtered: ``base`` by an index in the list's order, ``sieve`` row by row behind it."""

    base: str
    base_params: tuple[Any, ...]
    sieve: str
    sieve_params: tuple[Any, ...]


def plan(filters: LedgerFilters) -> Plan:
    """Divide the filters; the card is rarer than the category, the category rarer than what is open."""
    by_due = filters.sort == "due"
    base, base_params = ("AND m.is_open AND m.due_at IS NOT NULL", []) if by_due else ("", [])
    sieve: list[str] = []
    sieve_params: list[Any] = []
    card = filters.card if filters.card in {"yellow", "red"} else ""
    if card and not base:
        base, base_params, card = "AND NOT (m.card = '') AND m.card = %s", [card], ""
    category = _text(filters.category)
    if category and not base:
        base, base_params, category = "AND NOT (m.category = '') AND m.category = %s", [category], ""
    if filters.state == "open" and not by_due:
        if base:
            sieve.append("w.is_open")
        else:
            base = "AND m.is_open"
    elif filters.state == "closed" and not by_due:
        sieve.append("NOT w.is_open")
    for name, value in (
        ("card", card),
        ("category", category),
        *((n, _text(getattr(filters, n))) for n in _SIEVED[:4]),
    ):
        if value:
            sieve.append(f"w.{name} = %s")
            sieve_params.append(value)
    if method := _text(filters.method):
        sieve.append(f"w.{OF_METHOD}")
        sieve_params.append(method)
    return Plan(base, tuple(base_params), " AND ".join(sieve), tuple(sieve_params))


def _text(value: str) -> str:
    return value.replace("\x00", "\ufffd")  # PostgreSQL takes no NUL; nothing is called so


def walk(
    parts: Sequence[Branch], how: Plan, select: str, after: Key | None, limit: int, *, by_due: bool
) -> tuple[list[Row], Key | None]:
    """Return up to ``limit`` rows (``select``, ending with the sort value and the id) in order, and how far it looked.

    The second is None where the walk came to the end or to enough rows; else what lies beyond that key was not
    looked at, and no row beyond it is returned. At most four statements.
    """
    rows: list[Row] = []
    reached: Key | None = None
    for stride in STRIDES:
        rows = _sieved(parts, how, select, after, limit, stride, by_due=by_due)
        reached = _reached(parts, how, after, stride, by_due=by_due) if len(rows) < limit else None
        if reached is None:
            return rows, None
    return [row for row in rows if _before(_key(row), reached, by_due=by_due)], reached  # type: ignore[arg-type]


def _key(row: Row) -> Key:
    from bihuan.matters.ledger import as_instant

    return as_instant(row[-2]), sql.as_uuid(row[-1])  # type: ignore[return-value]


def _before(key: Key, other: Key, *, by_due: bool) -> bool:
    return key <= other if by_due else key >= other


def _stretch(part: Branch, how: Plan, after: Key | None, stride: int, *, by_due: bool) -> tuple[str, list[Any]]:
    """Return the select of one branch's next rows in index order, narrow: key and what is sieved."""
    column, way, sign = ("due_at", "ASC", ">") if by_due else ("created_at", "DESC", "<")
    beyond = f" AND (m.{column}, m.id) {sign} (%s, %s)" if after is not None else ""
    columns = ", ".join(f"m.{name}" for name in (column, "id", *_SIEVED))
    return (
        f"SELECT {columns} FROM matters_matter m WHERE {part.sql} {how.base}{beyond} "  # noqa: S608
        f"ORDER BY m.{column} {way}, m.id {way} LIMIT {stride:d}",
        [*part.params, *how.base_params, *(after or ())],
    )


def _sieved(
    parts: Sequence[Branch], how: Plan, select: str, after: Key | None, limit: int, stride: int, *, by_due: bool
) -> list[Row]:
    column, way = ("due_at", "ASC") if by_due else ("created_at", "DESC")
    selects: list[str] = []
    params: list[Any] = []
    for index, part in enumerate(parts):
        stretch, given = _stretch(part, how, after, stride, by_due=by_due)
        selects.append(
            f"SELECT * FROM (SELECT w.id FROM ({stretch}) AS w WHERE {how.sieve} "  # noqa: S608
            f"ORDER BY w.{column} {way}, w.id {way} LIMIT {limit:d}) AS part{index}"
        )
        params += [*given, *how.sieve_params]
    return sql.rows(
        f"SELECT {select}, m.{column}, m.id FROM matters_matter m "  # noqa: S608
        f"WHERE m.id IN ({' UNION '.join(selects)}) ORDER BY m.{column} {way}, m.id {way} LIMIT {limit:d}",
        params,
    )


def _reached(parts: Sequence[Branch], how: Plan, after: Key | None, stride: int, *, by_due: bool) -> Key | None:
    """Return the key at which the first branch stopped short of its end; None where all came to theirs."""
    column, way = ("due_at", "ASC") if by_due else ("created_at", "DESC")
    selects: list[str] = []
    params: list[Any] = []
    for index, part in enumerate(parts):
        stretch, given = _stretch(part, how, after, stride, by_due=by_due)
        narrow = f"SELECT m.{column}, m.id FROM{stretch.partition(' FROM')[2]}"
        selects.append(
            f"SELECT * FROM (SELECT w.{column}, w.id FROM ({narrow}) AS w "  # noqa: S608
            f"ORDER BY w.{column} {way}, w.id {way} LIMIT 1 OFFSET {stride - 1:d}) AS part{index}"
        )
        params += given
    ends: list[Key] = [_key(row) for row in sql.rows(" UNION ALL ".join(selects), params)]
    if not ends:
        return None
    return min(ends) if by_due else max(ends)
