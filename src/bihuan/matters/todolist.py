"""The to-do list: exactly what one person must do next, nearest limit first, and then what they may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bihuan.areas.codes import upper_bound
from bihuan.kernel.api import sql
from bihuan.matters import keyset
from bihuan.matters.derive import MAY_FROM, acts_of
from bihuan.matters.labels import area_names, spoken, titled
from bihuan.matters.ledger import as_instant
from bihuan.matters.methodinfo import info_of
from bihuan.matters.scope import COLUMNS
from bihuan.matters.shapes import Listing, TodoRow
from bihuan.people.api import Actor

_FIELDS = "t.id, t.matter_id, t.action, t.must, t.role, t.person_id, t.area_code, t.due_at, t.sort_at, t.barred"
COUNT_MOST = 99


def _branches(actor: Actor) -> Iterable[tuple[str, tuple[Any, ...]]]:
    if actor.person_id is not None:
        yield "t.person_id = %s", (actor.person_id,)
    for role, code in sorted({(post.role, post.area_code) for post in actor.posts}):
        if not code:
            continue
        if column := COLUMNS.get(len(code)):
            yield f"t.role = %s AND t.{column} = %s", (role, code)
        elif len(code) > 12:
            yield "t.role = %s AND t.area_code = %s", (role, code)
            yield "t.role = %s AND t.area_code > %s AND t.area_code <= %s", (role, code, upper_bound(code))
        else:
            yield "t.role = %s AND t.area_code >= %s AND t.area_code <= %s", (role, code, upper_bound(code))


def page(actor: Actor, cursor: str | None = None, limit: int = 50) -> Listing[TodoRow]:
    """Return one page of an actor's to-do list by two statements.

    Raises:
        BadInput: for a bent cursor.
    """
    limit = max(1, min(limit, 200))
    after = keyset.unpack_int(cursor)
    found, more = _rows(actor, after, limit)
    following = keyset.pack(as_instant(found[-1][8]), found[-1][0]) if more and found else None  # type: ignore[arg-type]
    names = area_names(row[6] for row in found)
    return Listing(tuple(_line(row, names) for row in found), following)


def _rows(actor: Actor, after: Any, limit: int, before: datetime | None = None) -> tuple[list[tuple[Any, ...]], bool]:
    """Return the rows that are this actor's, and whether there are more.

    What the method bars somebody from (having done the act that is to be checked) is on the row: it is another
    person's to do, though the role is theirs too.
    """
    parts: list[str] = []
    params: list[Any] = []
    where = "AND (t.sort_at, t.id) > (%s, %s)" if after is not None else ""
    if before is not None:
        where += " AND t.sort_at < %s"
    bounds = [*(after or ()), *([before] if before is not None else [])]
    for index, (condition, given) in enumerate(_branches(actor)):
        parts.append(
            f"SELECT * FROM (SELECT {_FIELDS} FROM matters_todo t WHERE {condition} {where} "  # noqa: S608
            f"ORDER BY t.sort_at, t.id LIMIT {2 * limit + 1:d}) AS part{index}"
        )
        params += [*given, *bounds]
    if not parts:
        return [], False
    statement = (
        "SELECT x.*, m.number, m.title, m.community_code, m.version_ref_id, m.step, m.card, m.created_at "  # noqa: S608
        f"FROM ({' UNION ALL '.join(parts)}) AS x JOIN matters_matter m ON m.id = x.matter_id "
        f"ORDER BY x.sort_at, x.id LIMIT {2 * limit + 1:d}"
    )
    fetched = sql.rows(statement, params)
    kept = _sorted_out(fetched, actor.person_id.hex if actor.person_id else "")
    return kept[:limit], len(kept) > limit or len(fetched) > 2 * limit


def _sorted_out(fetched: Iterable[tuple[Any, ...]], me: str) -> list[tuple[Any, ...]]:
    """Return each act once, whatever the roles it comes by; what is only allowed is one row for each matter."""
    kept: dict[Any, tuple[Any, ...]] = {}
    shown: set[tuple[Any, str]] = set()
    lines: dict[Any, Any] = {}  # matter → the row that lists what is allowed
    for row in fetched:
        acts = [act for act in acts_of(row[2], row[9] or "", me) if (row[1], act) not in shown]
        if row[0] in kept or not acts:
            continue
        shown.update((row[1], act) for act in acts)
        line = None if row[3] else lines.setdefault(row[1], row[0])
        if line in kept:
            first = kept[line]
            kept[line] = (*first[:2], (*first[2], *acts), *first[3:])
        else:
            kept[row[0]] = (*row[:2], tuple(acts), *row[3:])
    return list(kept.values())


def count(actor: Actor) -> int:
    """Return how many acts an actor owes, at most 99 (the badge says "99+"). One statement."""
    found, more = _rows(actor, None, COUNT_MOST, before=MAY_FROM)
    return len(found) + (1 if more else 0)


def _line(row: tuple[Any, ...], names: dict[str, str]) -> TodoRow:
    info = info_of(sql.as_uuid(row[13]))
    return TodoRow(
        id=row[0],
        matter_id=sql.as_uuid(row[1]),
        number=row[10],
        display_number=spoken(row[10], names.get(row[12], "")),
        title=row[11],
        area_code=row[6],
        area_name=names.get(row[6], row[6]),
        action=row[2][0],
        action_title=titled(*info.action(row[2][0])),
        acts=tuple((act, titled(*info.action(act))) for act in row[2]),
        step_title=titled(*info.step(row[14])),
        must=bool(row[3]),
        role=row[4],
        role_title=titled(*info.role(row[4])),
        due_at=as_instant(row[7]),
        card=row[15],
        created_at=as_instant(row[16]),  # type: ignore[arg-type]
    )
