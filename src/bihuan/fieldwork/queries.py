"""Reads of work in the field."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from bihuan.fieldwork import covering, figures, seeing, today
from bihuan.fieldwork import diary as diary_
from bihuan.fieldwork import places as places_
from bihuan.fieldwork.day_shapes import Day
from bihuan.fieldwork.read_shapes import (
    CoverageView,
    DiaryFilters,
    DiaryRow,
    FindingCount,
    FoundTwice,
    RoundRef,
    VisitPage,
)
from bihuan.fieldwork.shapes import ListPage, PlaceRow
from bihuan.people.api import Actor


def day(actor: Actor, at: datetime | None = None) -> Day:
    """Return what one person needs in the field today, by ``today.STATEMENTS`` statements.

    What does not come along is counted: ``more_targets`` are the least pressing.

    Args:
        actor: a person.
        at: the moment; by default now.

    Raises:
        PermissionDenied: nobody is signed in.
    """
    return today.day(actor, at)


def rounds_in(actor: Actor, area_code: str) -> tuple[RoundRef, ...]:
    """Return the rounds in use in an area, the residents' method first; none without ROUND_READ in any of it."""
    return covering.rounds_in(actor, area_code)


def coverage(
    actor: Actor,
    area_code: str,
    method_key: str,
    round: str,  # noqa: A002
    level: int = 1,
    since: date | None = None,
    until: date | None = None,
) -> CoverageView:
    """Return what a round covers in an area. At most four statements.

    Args:
        actor: who reads; needs ROUND_READ there, or in a part of it: then only of the targets in that part.
        area_code: where; targets in it and below.
        method_key: of which method in use there.
        round: which round.
        level: of a round of several levels.
        since: the visits counted begin here; by default with the quarter of ``until``.
        until: the day asked for, by default today; how the targets stand is told as of its end.

    Raises:
        PermissionDenied: no right there. Http404: no such round, or no such level.
    """
    return covering.coverage(actor, area_code, method_key, round, level, since, until)


def diary(
    actor: Actor, filters: DiaryFilters | None = None, cursor: str | None = None, limit: int = 50
) -> ListPage[DiaryRow]:
    """Return the visits that an actor may read, newest first. At most six statements.

    What is sifted by round, result, answer or another person is looked for a year a page: where that does not fill
    the page, ``reached`` says how far it was looked, and the next page goes on there.

    Args:
        actor: who reads: others' by VISIT_READ, their own always; those to paired households by the pairing's rule.
        filters: what is shown; none for all.
        cursor: of the page, from the one before.
        limit: rows a page, at most 200.

    Raises:
        BadInput: for a bent cursor.
    """
    return diary_.page(actor, filters or DiaryFilters(), cursor, limit)


def visit_page(actor: Actor, visit_id: UUID) -> VisitPage:
    """Return one visit as its reader sees it. At most twelve statements.

    Raises:
        Http404: there is none, or this reader may not know of it.
    """
    return seeing.page(actor, visit_id)


def findings_by(
    actor: Actor, area_code: str, since: date, until: date, by: Literal["kind", "place", "period"] = "kind"
) -> tuple[FindingCount, ...]:
    """Return how much was found on visits of a period, most first; weeks in their order. At most five statements.

    Args:
        actor: who reads; needs VISIT_READ there.
        area_code: where.
        since: first day.
        until: last day.
        by: the matter's category, the place, or the week (from its Monday).

    Raises:
        PermissionDenied: no right there.
    """
    return figures.by(actor, area_code, since, until, by)


def found_twice(actor: Actor, area_code: str, since: date, until: date) -> tuple[FoundTwice, ...]:
    """Return the matters that more than one visit of a period met, most often first. At most four statements.

    Raises:
        PermissionDenied: no right there.
    """
    return figures.twice(actor, area_code, since, until)


def acts_by_plan(area_code: str, since: date, until: date) -> dict[str, int]:
    """Return how many visits that count each round and pairing had in a period: {"rounds.patrol": 12, …}.

    A figure: it names nobody and asks for no right. One statement.
    """
    return figures.acts(area_code, since, until)


def places(
    actor: Actor, area_code: str, kind: str = "", *, inactive: bool = False, cursor: str | None = None, limit: int = 100
) -> ListPage[PlaceRow]:
    """Return the places of an area, building by building in the order they are walked.

    Args:
        actor: who reads; needs ROUND_READ there.
        area_code: where.
        kind: only of this kind.
        inactive: those out of use, too.
        cursor: of the page, from the one before.
        limit: rows a page, at most 500.

    Raises:
        PermissionDenied: no right there. BadInput: for a bent cursor.
    """
    return places_.page(actor, area_code, kind, inactive=inactive, cursor=cursor, limit=limit)
