"""Reads of matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from bihuan.areas.codes import upper_bound
from bihuan.kernel.api import sql
from bihuan.matters.duplicates import duplicates
from bihuan.matters.labels import area_names, spoken
from bihuan.matters.ledger import COLUMNS, present
from bihuan.matters.ledger import page as _ledger_page
from bihuan.matters.links import token_hash
from bihuan.matters.methodinfo import info_of
from bihuan.matters.models import Follow, Matter
from bihuan.matters.page import matter_page, public_page
from bihuan.matters.retention import terms
from bihuan.matters.shapes import AreaCount, LedgerFilters, LedgerRow, Listing, TodoRow
from bihuan.matters.todolist import count as _todo_count
from bihuan.matters.todolist import page as _todo_page
from bihuan.people.api import MAP_READ, MATTER_READ, Actor, visible

MOST_WAITING = 200

__all__ = [
    "MOST_WAITING",
    "by_follow_token",
    "contact_days",
    "display_number",
    "duplicates",
    "ledger",
    "map_counts",
    "matter_page",
    "public_page",
    "rows_of",
    "search",
    "todo",
    "todo_count",
    "waiting_for",
]


def todo(actor: Actor, cursor: str | None = None, limit: int = 50) -> Listing[TodoRow]:
    """Return one page of an actor's to-do list, nearest limit first. Two statements.

    Raises:
        BadInput: for a bent cursor.
    """
    return _todo_page(actor, cursor, limit)


def todo_count(actor: Actor) -> int:
    """Return how many acts wait for an actor, counting to 100 at most. One statement."""
    return _todo_count(actor)


def ledger(
    actor: Actor, filters: LedgerFilters | None = None, cursor: str | None = None, limit: int = 50
) -> Listing[LedgerRow]:
    """Return one page of the ledger; with ``filters.text`` a search. At most four statements, a search seven.

    Raises:
        BadInput: for a bent cursor.
    """
    return _ledger_page(actor, filters or LedgerFilters(), cursor, limit)


def rows_of(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, LedgerRow]:
    """Return matters as the ledger shows them, those of some ids that ``actor`` may see. At most three statements."""
    if not ids:
        return {}
    found = visible(actor, MATTER_READ, Matter.objects.filter(pk__in=list(ids))).values_list(*COLUMNS)
    return {row.id: row for row in present(list(found))}


def search(actor: Actor, text: str, area: str = "", limit: int = 50, cursor: str | None = None) -> Listing[LedgerRow]:
    """Return the newest matters in which every word of ``text`` occurs, among those the actor may read."""
    if not text.strip():
        return Listing(())
    return _ledger_page(actor, LedgerFilters(area=area, text=text), cursor, limit)


def by_follow_token(token: str) -> Matter | None:
    """Return the matter a secret link leads to, the reporter's or (while it is public) a follower's.

    At most two statements.
    """
    if not token or len(token) > 64:
        return None
    hashed = token_hash(token)
    matter = Matter.objects.filter(follow_hash=hashed).first()
    if matter is None:
        follow = Follow.objects.filter(follow_hash=hashed, matter__public=True).select_related("matter").first()
        matter = follow.matter if follow is not None else None
    return matter


def contact_days(version_id: UUID) -> int:
    """Return how many days after closing a reporter's phone is kept, told before it is asked for. No statement."""
    return terms(info_of(version_id))["phone"]


def display_number(number: str) -> str:
    """Return a number as people say it: ``电建-2024-0017``. One statement."""
    code = number.partition("-")[0]
    return spoken(number, area_names([code]).get(code, "") if code.isdigit() else "")


def map_counts(actor: Actor, community_code: str) -> tuple[AreaCount, ...]:
    """Return the counts of every area of a community that the actor may see on the map, by code. One statement."""
    rows = sql.rows(
        "SELECT a.code, a.short_name, a.name, t.total, t.open, t.yellow, t.red FROM areas_area a "
        "LEFT JOIN matters_areatally t ON t.area_code = a.code "
        "WHERE a.code >= %s AND a.code <= %s AND a.active ORDER BY a.code",
        [community_code, upper_bound(community_code)],
    )
    may = actor.kind == "system"
    return tuple(
        AreaCount(code, short or name, total or 0, open_ or 0, yellow or 0, red or 0)
        for code, short, name, total, open_, yellow, red in rows
        if may or actor.holds(MAP_READ, code)
    )


def waiting_for(
    body: str,
    area_code: str,
    *,
    ids: Sequence[UUID] | None = None,
    without: QuerySet[Any] | None = None,
    limit: int = MOST_WAITING,
) -> tuple[Matter, ...]:
    """Return the open matters of an area whose step is deliberated by ``body``, oldest first. Two statements.

    Both are ranges of an index at every level: which versions run in the area, then what stands at their steps.

    Args:
        body: key in the deliberation section of the matters' methods.
        area_code: community, street, district …
        ids: only these, where some are asked for.
        without: matters' ids, as a query of one column, that are left out (those on an agenda already).
        limit: at most so many; an agenda of more is none.
    """
    top = upper_bound(area_code)
    running = sql.rows(
        "SELECT v.id FROM methods_methodversion v WHERE EXISTS (SELECT 1 FROM matters_matter m "
        "WHERE m.version_ref_id = v.id AND m.is_open AND m.area_code >= %s AND m.area_code <= %s)",
        [area_code, top],
    )
    steps: dict[UUID, list[str]] = {}
    for version in (sql.as_uuid(row[0]) for row in running):
        if mine := [step for step, by in info_of(version).bodies.items() if by == body]:
            steps[version] = mine
    if not steps:
        return ()
    condition = Q(pk__in=[])
    for version, mine in steps.items():
        condition |= Q(version_ref_id=version, step__in=mine)
    every = {step for mine in steps.values() for step in mine}
    found = Matter.objects.filter(condition, is_open=True, step__in=every, area_code__gte=area_code, area_code__lte=top)
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    if without is not None:
        found = found.exclude(pk__in=without)
    return tuple(found.order_by("created_at", "id")[:limit])
