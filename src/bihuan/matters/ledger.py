"""The ledger: one page of matters by key, never by offset and never counted.

``page 1,000`` is as near as page 1: the cursor holds the sort values of the last row seen, and every branch of
what the reader may see is an ordered walk of one index from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from bihuan.kernel.api import sql
from bihuan.matters import keyset
from bihuan.matters.labels import area_names, english, person_names, spoken
from bihuan.matters.methodinfo import MethodInfo, Pair, info_of
from bihuan.matters.models import Matter
from bihuan.matters.scope import Branch, branches
from bihuan.matters.shapes import LedgerFilters, LedgerRow, Listing
from bihuan.matters.walking import OF_METHOD, Plan, plan, walk
from bihuan.people.api import MATTER_READ, Actor

MOST = 200
COLUMNS = (
    "id",
    "number",
    "title",
    "area_code",
    "community_code",
    "version_ref_id",
    "step",
    "is_open",
    "outcome",
    "channel",
    "category",
    "urgency",
    "due_at",
    "card",
    "happened_at",
    "created_at",
    "closed_at",
    "state_json",
)
_SELECT = ", ".join(f"m.{column}" for column in COLUMNS)
_EXACT = ("step", "category", "urgency", "channel", "outcome")


def page(actor: Actor, filters: LedgerFilters, cursor: str | None = None, limit: int = 50) -> Listing[LedgerRow]:
    """Return one page of what ``actor`` may read, newest or nearest limit first. At most seven statements.

    ``capped`` with a cursor: filters met the length of one walk (``matters.walking``); the next page goes on there.

    Raises:
        BadInput: for a bent cursor.
    """
    limit = max(1, min(limit, MOST))
    if filters.text.strip():
        from bihuan.matters.search import search

        return search(actor, filters, cursor, limit)
    by_due = filters.sort == "due"
    parts = branches(actor, MATTER_READ, filters.area)
    if not parts:
        return Listing(())
    how, after = plan(filters), keyset.unpack_uuid(cursor)
    reached = None
    if how.sieve:
        found, reached = walk(parts, how, _SELECT, after, limit + 1, by_due=by_due)
    else:
        found = _rows(parts, how, after, limit + 1, by_due=by_due)
    more = len(found) > limit
    found = found[:limit]
    last = found[-1] if more else None
    following = None
    if last is not None:
        following = keyset.pack(_instant(last[12] if by_due else last[15]), sql.as_uuid(last[0]))
    elif reached is not None:
        following = keyset.pack(*reached)
    return Listing(present(found), following, capped=reached is not None)


def conditions(filters: LedgerFilters) -> tuple[str, list[Any]]:
    """Return the SQL of the filters that are plain columns, each with a leading AND, and its parameters."""
    parts: list[str] = []
    params: list[Any] = []
    for name in _EXACT:
        if value := getattr(filters, name):
            parts.append(f"AND m.{name} = %s")
            params.append(value.replace("\x00", "\ufffd"))  # PostgreSQL takes no NUL; nothing is called so
    if filters.method:
        parts.append(f"AND m.{OF_METHOD}")
        params.append(filters.method.replace("\x00", "\ufffd"))
    if filters.category:
        parts.append("AND NOT (m.category = '')")  # says to the planner that the partial index will do
    if filters.state == "open" or filters.sort == "due":
        parts.append("AND m.is_open")
    elif filters.state == "closed":
        parts.append("AND NOT m.is_open")
    if filters.card in {"yellow", "red"}:
        parts.append("AND NOT (m.card = '') AND m.card = %s")
        params.append(filters.card)
    return " ".join(parts), params


def _rows(
    parts: Sequence[Branch],
    how: Plan,
    after: tuple[datetime, UUID] | None,
    limit: int,
    *,
    by_due: bool,
) -> list[tuple[Any, ...]]:
    where, given = how.base, list(how.base_params)
    column, way, sign = ("due_at", "ASC", ">") if by_due else ("created_at", "DESC", "<")
    if after is not None:
        where += f" AND (m.{column}, m.id) {sign} (%s, %s)"
        given = [*given, *after]
    selects: list[str] = []
    params: list[Any] = []
    for index, part in enumerate(parts):
        selects.append(
            f"SELECT * FROM (SELECT {_SELECT} FROM matters_matter m WHERE {part.sql} {where} "  # noqa: S608
            f"ORDER BY m.{column} {way}, m.id {way} LIMIT {limit:d}) AS part{index}"
        )
        params += [*part.params, *given]
    if len(selects) == 1:
        return sql.rows(selects[0], params)
    merged = " UNION ALL ".join(selects)
    statement = f"SELECT * FROM ({merged}) AS merged ORDER BY {column} {way}, id {way} LIMIT {2 * limit:d}"  # noqa: S608
    seen: dict[Any, tuple[Any, ...]] = {}
    for row in sql.rows(statement, params):
        seen.setdefault(row[0], row)
    return list(seen.values())[:limit]


def _instant(value: Any) -> datetime:
    return as_instant(value)  # type: ignore[return-value]


def as_instant(value: Any) -> datetime | None:
    """Return a datetime column's value, however the driver gave it."""
    if value is None:
        return None
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)  # SQLite's driver knows no zone: it is UTC


def present(found: Sequence[tuple[Any, ...]]) -> tuple[LedgerRow, ...]:
    """Turn rows of ``COLUMNS`` into lines with names: at most two statements more."""
    import orjson

    states = [row[17] if isinstance(row[17], dict) else orjson.loads(row[17]) for row in found]
    names = area_names([row[3] for row in found])
    people: set[UUID] = set()
    infos: list[MethodInfo] = []
    for row, state in zip(found, states, strict=True):
        infos.append(info := info_of(sql.as_uuid(row[5])))
        for role in info.responsible:
            people.update(UUID(person) for person in (state.get("parties") or {}).get(role, ()))
    called = person_names(people)
    in_english, channels = english(), {key: gettext(str(title)) for key, title in Matter.Channel.choices}

    def say(pair: Pair) -> str:  # the reader's language is asked once a page, not ten times a row
        return pair[1] if in_english and pair[1] else pair[0]

    return tuple(
        _line(row, state, info, names, called, say, channels)
        for row, state, info in zip(found, states, infos, strict=True)
    )


def _line(
    row: tuple[Any, ...],
    state: dict[str, Any],
    info: MethodInfo,
    names: dict[str, str],
    called: dict[UUID, str],
    say: Callable[[Pair], str],
    channels: dict[str, str],
) -> LedgerRow:
    parties = state.get("parties") or {}
    return LedgerRow(
        id=sql.as_uuid(row[0]),
        number=row[1],
        display_number=spoken(row[1], names.get(row[4], "")),
        title=row[2],
        area_code=row[3],
        area_name=names.get(row[3], row[3]),
        step=row[6],
        step_title=say(info.step(row[6])),
        is_open=bool(row[7]),
        outcome=row[8],
        outcome_title=say(info.outcome(row[8])),
        channel=row[9],
        channel_title=channels.get(row[9], row[9]),
        category=row[10],
        category_title=say(info.option("category", row[10])),
        urgency=row[11],
        urgency_title=say(info.option("urgency", row[11])),
        due_at=as_instant(row[12]),
        card=row[13],
        parties=tuple(
            (say(info.role(role)), called.get(UUID(person), ""))
            for role in info.responsible
            for person in parties.get(role, ())
        ),
        happened_at=_instant(row[14]),
        created_at=_instant(row[15]),
        closed_at=as_instant(row[16]),
    )
