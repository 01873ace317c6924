"""What covered a target last, and how it stands by that.

What a target's coverage is follows from one table, ``Coverage``: the last visit of each round and level that counts,
and the last act on a matter that some round counts (under ``act.<action>``), folded as they come. Which rounds and
acts stand in for which is the method's to say, so it is looked up here, at reading: a method that changes its mind
changes the map at once. What is read grows with what is gone to, never with how long it has been gone to: a day that
is past takes the same rows, and looks up for each the last visit, or act, before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from bihuan.areas.api import ancestors, upper_bound
from bihuan.fieldwork.day_shapes import PlanStanding
from bihuan.fieldwork.engine import Cover, Standing, standing
from bihuan.fieldwork.plans import PlanRef
from bihuan.fieldwork.targets import Target
from bihuan.kernel.api import clock, sql

FIRST_LEVEL = 1
PLACE = 32  # characters of a place among targets; no area has so many
FOLDED = "act."  # what coverage keeps acts under, before the action


@dataclass(frozen=True, slots=True)
class Last:
    """What covered a target last under one name, at one level."""

    act: str  # "visit", "plans.<round>", "act.<action>"
    level: int
    at: datetime
    visit_id: UUID | None = None


class Covers:
    """What covered the targets of some rounds last, by round, act and target."""

    def __init__(self) -> None:
        self.visits: dict[tuple[str, str, str], list[Last]] = {}  # method, round or act, target
        self.times: dict[str, tuple[int, int]] = {}  # target → visits that counted, and that did not

    def add(self, method: str, name: str, target: str, last: Last) -> None:
        """Take in what covered a target; an act somewhere covers every area that it lies in."""
        if not name.startswith(FOLDED):
            self.visits.setdefault((method, name, target), []).append(last)
            return
        for there in [target] if len(target) == PLACE else ancestors(target):
            known = self.visits.setdefault((method, name, there), [])
            if not known or known[0].at < last.at:
                known[:] = [last]

    def of(self, ref: PlanRef, target: Target) -> tuple[list[Last], list[Last]]:
        """Return what covered a target last: the round's own visits, and what counts as one."""
        method = ref.method.key
        own = self.visits.get((method, ref.key, target.target), [])
        names = [(name, f"plans.{name}") for name in ref.rounds_equivalent]
        names += [(f"{FOLDED}{name}", f"{FOLDED}{name}") for name in ref.acts_equivalent]
        others = [
            replace(last, act=act, level=FIRST_LEVEL)
            for name, act in names
            for last in self.visits.get((method, name, target.target), [])
        ]
        return own, others


def covers_of(
    refs: Sequence[PlanRef],
    roots: Sequence[str],
    until: date | None = None,
    also: tuple[str, Sequence[object]] | None = None,
) -> Covers:
    """Read what covered the targets of rounds last, up to the end of a day. One statement.

    Args:
        refs: the rounds.
        roots: the areas.
        until: None for now, from the folded rows; a day that is past from the last visit and act before its end.
        also: another select of the same columns, "n" first, to be read along: what it counts goes to ``times``.
    """
    covers = Covers()
    parts: list[str] = []
    params: list[object] = []
    if also is not None:
        parts.append(also[0])
        params += also[1]
    wanted: dict[str, set[str]] = {}
    for ref in refs:
        acts = [f"{FOLDED}{name}" for name in ref.acts_equivalent]
        wanted.setdefault(ref.method.key, set()).update([ref.key, *ref.rounds_equivalent, *acts])
    for method, names in sorted(wanted.items()):
        statement, given = _lasts(method, sorted(names), roots, end_of(until) if until is not None else None)
        parts.append(statement)
        params += given
    for what, method, name, level, target, at, visit in sql.rows(" UNION ALL ".join(parts), params) if parts else ():
        if what == "n":
            covers.times[target] = (int(level), int(visit) - int(level))
        elif at is not None:
            last = Last("visit", level, as_instant(at), sql.as_uuid(visit) if visit else None)
            covers.add(method, name, target, last)
    return covers


_BEFORE = (
    "CASE WHEN c.round LIKE 'act.%%' AND c.place_id IS NULL THEN (SELECT a.happened_at FROM fieldwork_equivalentact a "
    "WHERE a.area_code = c.target AND a.method_key = c.method_key AND a.action = substr(c.round, 5) "
    "AND a.happened_at < %s ORDER BY a.happened_at DESC LIMIT 1) "
    "WHEN c.round LIKE 'act.%%' THEN (SELECT a.happened_at FROM fieldwork_equivalentact a "
    "WHERE a.place_id = c.place_id AND a.method_key = c.method_key AND a.action = substr(c.round, 5) "
    "AND a.happened_at < %s ORDER BY a.happened_at DESC LIMIT 1) "
    "ELSE (SELECT v.happened_at FROM fieldwork_visit v WHERE v.target = c.target AND v.method_key = c.method_key "
    "AND v.round = c.round AND v.level = c.level AND v.happened_at < %s AND v.counted AND NOT v.withdrawn "
    "AND v.pairing_id IS NULL ORDER BY v.happened_at DESC LIMIT 1) END"
)


def _lasts(
    method: str, names: Sequence[str], roots: Sequence[str], before: datetime | None
) -> tuple[str, list[object]]:
    """Return the select of what covered the targets of some rounds last: now, or before an instant."""
    marks = ", ".join(["%s"] * len(names))
    where, given = in_roots(roots)
    at, visit = ("c.last_at", "CAST(c.last_visit_id AS TEXT)") if before is None else (_BEFORE, "''")
    statement = (
        f"SELECT 'v', c.method_key, c.round, c.level, c.target, {at}, {visit} "  # noqa: S608
        f"FROM fieldwork_coverage c WHERE c.method_key = %s AND c.round IN ({marks}) AND {where}"
    )
    return statement, [*([before] * 3 if before is not None else []), method, *names, *given]


def in_roots(roots: Sequence[str]) -> tuple[str, list[str]]:
    """Return the condition "lies in one of these areas" on a table with community and area codes, by its index."""
    parts, params = [], []
    for code in roots:
        if len(code) >= 12:
            parts.append("(community_code = %s AND area_code >= %s AND area_code <= %s)")
            params += [code[:12], code, upper_bound(code)]
        else:
            parts.append("(community_code >= %s AND community_code <= %s)")
            params += [code.ljust(12, "0"), code.ljust(12, "9")]
    return f"({' OR '.join(parts)})" if parts else "1 = 0", params


def visits_in(root: str) -> tuple[str, list[str]]:
    """Return the condition "lies in this area" on visits, by the column of its level: a period of it is one range."""
    column = {6: "district_code", 9: "street_code", 12: "community_code"}.get(len(root))
    if column is not None:
        return f"{column} = %s", [root]
    return "(area_code >= %s AND area_code <= %s)", [root, upper_bound(root)]


def end_of(day: date) -> datetime:
    """Return the first instant after a day in China."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.ZONE) + timedelta(days=1)


def start_of(day: date) -> datetime:
    """Return the first instant of a day in China."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.ZONE)


def as_instant(value: datetime | str) -> datetime:
    """Return an instant as either engine hands it over."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


# --- how it stands -------------------------------------------------------------------------------------------------


def stands(ref: PlanRef, level: int, own: Sequence[Last], others: Sequence[Last], day: date) -> Standing:
    """Say how a target stands on a day, by the round's own visits and what counts as one."""
    covers = [Cover(last.at, last.level) for last in own]
    covers += [Cover(last.at, last.level, own=False) for last in others]
    return standing(ref.plan, level, covers, day)


def press(state: str, last: datetime | None) -> tuple[int, float]:
    """Return how much a target presses, the least most: what is due first, never covered before longest ago."""
    rank = _PRESSING.index(state) if state in _PRESSING else len(_PRESSING)
    return rank, last.timestamp() if last is not None else 0.0


_PRESSING = ("due", "after_level", "too_soon", "done", "off_season")


def shown(ref: PlanRef, level: int, found: Standing) -> PlanStanding:
    """Return a standing as it goes out: days as instants, the last one up to its end."""
    return PlanStanding(
        method_key=ref.method.key,
        round=ref.key,
        level=level,
        state=found.state,
        since=start_of(found.since) if found.since else None,
        until=end_of(found.until) if found.until and found.until.year < 9999 else None,
        last_at=found.last_at,
        never=found.never,
    )
