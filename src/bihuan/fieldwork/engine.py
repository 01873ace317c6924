"""When a place is due, when it is done, which visit counts: pure, from the method's plan and what happened.

A *window* is a stretch of days in which a place is to be covered once: each day on which the plan comes again opens
one, and it lasts until the day before the next, cut to the season. All days are days in China. Nothing is kept here:
what a place's standing is follows from the plan, from when it was covered and from the day it is asked for, so that a
figure of last spring is the same today. No Django, no database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from bihuan.kernel import recurrence
from bihuan.kernel.calendar import CHINA, SHANGHAI

MonthDay = tuple[int, int]  # month, day
State = Literal["due", "done", "too_soon", "off_season", "after_level"]
Needed = Literal["all", "any", "none"]
Why = Literal["", "role", "off_season", "nobody", "alone", "after_level", "too_soon"]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """A round as the engine takes it: ``section.Rounds.plan(key)`` makes it of the method file.

    Attributes:
        key: the round's key in the method file.
        rule: when it comes again, an RFC 5545 rule without its prefix.
        levels: the roles that go, level by level; one level for most rounds, two for 二级遍访.
        stand_in: roles that may go for them, at any level.
        together: roles that go along.
        needed: how many of those must have come for a visit to count.
        seasons: (first, last) month and day, both included; may run over the year's end. None: all year.
        interval: (amount, unit) that must lie between two visits that count.
    """

    key: str
    rule: str
    levels: tuple[tuple[str, ...], ...] = ((),)
    stand_in: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    needed: Needed = "none"
    seasons: tuple[tuple[MonthDay, MonthDay], ...] = ()
    interval: tuple[float, str] | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Days within which a place is to be covered once: first and last, both included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Cover:
    """That a place was covered at a level: by a visit of the round itself that counted, or by what counts as one."""

    at: datetime  # aware
    level: int = 1
    own: bool = True  # a visit of this very round: the least interval lies between these alone


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a visit: when, as what somebody went, which roles went along, whether nobody was at home."""

    at: datetime  # aware
    role: str
    together: frozenset[str] = field(default=frozenset())
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a place stands on a day, at a level of a round.

    ``since`` and ``until`` are the days, both included, between which it may be covered: this window's, or the next
    one's where the place is out of season or was covered too lately. None where none comes.
    """

    state: State
    since: date | None
    until: date | None
    last_at: datetime | None = None  # when it was last covered at this level
    never: bool = True  # never covered at this level


@dataclass(frozen=True, slots=True)
class Going:
    """As what somebody goes on a round, and whether they stand in for those whose round it is."""

    role: str
    stood_in: bool


@dataclass(frozen=True, slots=True)
class Point:
    """Somewhere to go: ``order`` where somebody has said in which order (from 1), a position where one is known."""

    key: str
    lon: float | None = None
    lat: float | None = None
    order: int = 0


def day_of(at: datetime) -> date:
    """Return the day in China of an instant."""
    return at.astimezone(SHANGHAI).date()


def in_season(plan: Plan, day: date) -> bool:
    """Say whether a day lies in the plan's season. The 29th of February stands for the end of February."""
    return _in_season(plan.seasons, day)


def _in_season(seasons: tuple[tuple[MonthDay, MonthDay], ...], day: date) -> bool:
    if not seasons:
        return True
    here = (day.month, day.day)
    return any(first <= here <= last if first <= last else here >= first or here <= last for first, last in seasons)


def window_at(plan: Plan, day: date) -> Window | None:
    """Return the window that ``day`` lies in; None out of season."""
    return _window(plan.rule, plan.seasons, day)


@lru_cache(maxsize=4096)
def _window(rule: str, seasons: tuple[tuple[MonthDay, MonthDay], ...], day: date) -> Window | None:
    opened = recurrence.last_until(rule, day)
    if opened is None or not _in_season(seasons, day):
        return None
    following = recurrence.first_after(rule, day)
    closed = following - _DAY if following else date.max
    if not seasons:
        return Window(opened, closed)
    start = end = day
    while start > opened and _in_season(seasons, start - _DAY):
        start -= _DAY
    while end < closed and _in_season(seasons, end + _DAY):
        end += _DAY
    return Window(start, end)


def windows(plan: Plan, since: date, until: date) -> Iterator[Window]:
    """Return the windows that some day from ``since`` to ``until`` lies in, in order; the outer ones whole."""
    day = since
    while day <= until:
        window = window_at(plan, day)
        if window is not None:
            yield window
            if window.end == date.max:
                return
        day = (window.end if window else day) + _DAY


def next_window(plan: Plan, day: date) -> Window | None:
    """Return the window of ``day``, or the first after it; None where none comes within two years."""
    return next(windows(plan, day, day + timedelta(days=732)), None)


def free_from(plan: Plan, last: datetime) -> datetime:
    """Return from when a visit counts again after one at ``last``.

    Days and workdays are whole: after a visit on Monday, at whatever hour, three days are over on Thursday morning.
    Hours are counted by the hour.
    """
    if plan.interval is None:
        return last
    amount, unit = plan.interval
    if unit == "days":
        return datetime.combine(day_of(last) + timedelta(days=round(amount)), time(), tzinfo=SHANGHAI)
    if unit == "workdays":
        return datetime.combine(CHINA.add(last, amount, unit).date(), time(), tzinfo=SHANGHAI)
    return CHINA.add(last, amount, unit)


def standing(plan: Plan, level: int, covers: Iterable[Cover], day: date) -> Standing:
    """Say how one place stands on a day.

    What counts as a visit makes a place done, and opens the second level; the least interval lies between the round's
    own visits: it is there to spare people visits, and an act that was needed is none.

    Args:
        plan: the round.
        level: from 1.
        covers: when the place was covered, at any level, in any order; what came after ``day`` is left aside.
        day: a day in China.
    """
    known = [cover for cover in covers if day_of(cover.at) <= day]
    last = max((c.at for c in known if c.level == level), default=None)
    window = window_at(plan, day)
    if window is None:
        return _told("off_season", next_window(plan, day), last)
    if last is not None and day_of(last) in window:
        return _told("done", window, last)
    if level > 1 and not any(c.level == level - 1 and day_of(c.at) in window for c in known):
        return _told("after_level", window, last)
    own = max((c.at for c in known if c.level == level and c.own), default=None)
    free = day_of(free_from(plan, own)) if own is not None else day
    if free > day:
        coming = next_window(plan, free)
        since = max(free, coming.start) if coming else free
        return Standing("too_soon", since, coming.end if coming else None, last, never=False)
    return _told("due", window, last)


def _told(state: State, window: Window | None, last: datetime | None) -> Standing:
    since, until = (window.start, window.end) if window else (None, None)
    return Standing(state, since, until, last, never=last is None)


def counts(plan: Plan, level: int, facts: Facts, covers: Iterable[Cover]) -> tuple[bool, Why]:
    """Say whether a visit counts towards the round, and if not why; it is recorded either way.

    Args:
        plan: the round.
        level: from 1.
        facts: the visit.
        covers: what covered the same place, without this visit. Only what lies before the visit weighs: one that
            arrives late from a phone without signal is judged by what had happened when it was made.

    Returns:
        (True, "") or (False, why): "role" (neither theirs nor a stand-in's), "off_season", "nobody" (at home),
        "alone" (without those who must come along), "after_level" (the level before has not been yet in this window),
        "too_soon" (within the interval after the round's own last one that counted).
    """
    window = window_at(plan, day_of(facts.at))
    if goes_as(plan, level, {facts.role}) is None:
        return False, "role"
    if window is None:
        return False, "off_season"
    if facts.nobody:
        return False, "nobody"
    if not _company(plan, facts.together | {facts.role}):
        return False, "alone"
    earlier = [cover for cover in covers if cover.at <= facts.at]
    if level > 1 and not any(c.level == level - 1 and day_of(c.at) in window for c in earlier):
        return False, "after_level"
    last = max((c.at for c in earlier if c.level == level and c.own), default=None)
    if last is not None and facts.at < free_from(plan, last):
        return False, "too_soon"
    return True, ""


def _company(plan: Plan, came: frozenset[str]) -> bool:
    wanted = set(plan.together)
    if not wanted or plan.needed == "none":
        return True
    return wanted <= came if plan.needed == "all" else bool(wanted & came)


def goes_as(plan: Plan, level: int, roles: Collection[str]) -> Going | None:
    """Return as what somebody with these roles goes at a level: of right, or standing in; None where neither."""
    own = plan.levels[level - 1] if 0 < level <= len(plan.levels) else ()
    for role in own:
        if role in roles:
            return Going(role, stood_in=False)
    for role in plan.stand_in if own else ():
        if role in roles:
            return Going(role, stood_in=True)
    return None


def levels_of(plan: Plan, roles: Collection[str]) -> tuple[int, ...]:
    """Return the levels, from 1, at which somebody with these roles goes."""
    return tuple(level for level in range(1, len(plan.levels) + 1) if goes_as(plan, level, roles) is not None)


def acts_of(counted_as: Mapping[str, Sequence[str]], acts: Mapping[str, int]) -> dict[str, int]:
    """Add up acts by kind of work.

    Args:
        counted_as: kind of work → the acts that count as one: "rounds.patrol", "pairings.yiqi", "meetings.…".
        acts: act → how many there were.
    """
    return {kind: sum(acts.get(act, 0) for act in names) for kind, names in counted_as.items()}


def walking_order(points: Sequence[Point], start: tuple[float, float] | None = None) -> list[Point]:
    """Put places in an order that is sensible to walk.

    Those for which somebody has said an order come first, in that order. From the last of them (or from ``start``, a
    longitude and latitude, or from the first by key) always the nearest follows, and crossings are taken out again.
    Those without a position come last, by key. The same points give the same order.
    """
    said = sorted((p for p in points if p.order > 0), key=lambda p: (p.order, p.key))
    rest = sorted((p for p in points if p.order <= 0 and p.lon is not None and p.lat is not None), key=lambda p: p.key)
    lost = sorted((p for p in points if p.order <= 0 and (p.lon is None or p.lat is None)), key=lambda p: p.key)
    known = [p for p in said if p.lon is not None and p.lat is not None]
    here = _place(known[-1]) if known else start
    return [*said, *_uncrossed(_nearest(rest, here)), *lost]


def _place(point: Point) -> tuple[float, float]:
    return float(point.lon or 0), float(point.lat or 0)


def _gap(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Square of a distance good enough to compare: a degree of longitude is 0.82 of one of latitude at 35° north."""
    return ((a[0] - b[0]) * 0.82) ** 2 + (a[1] - b[1]) ** 2


def _nearest(points: Sequence[Point], here: tuple[float, float] | None) -> list[Point]:
    left, out = list(points), []
    while left:
        at = here or _place(left[0])
        found = min(left, key=lambda point: (_gap(_place(point), at), point.key))
        left.remove(found)
        out.append(found)
        here = _place(found)
    return out


_MOST_UNCROSSED = 150  # beyond this many points the nearest-first order is left as it is


def _uncrossed(points: list[Point]) -> list[Point]:
    """Turn stretches of the way round as long as that makes it shorter (2-opt); the first point stays the first."""
    if not 3 < len(points) <= _MOST_UNCROSSED:
        return points
    way = [_place(point) for point in points]
    length = [[_gap(a, b) ** 0.5 for b in way] for a in way]
    order, better = list(range(len(way))), True
    while better:
        better = False
        for i in range(len(order) - 2):
            for j in range(i + 2, len(order)):
                a, b, c = order[i], order[i + 1], order[j]
                after = length[c][order[j + 1]] if j + 1 < len(order) else 0.0
                turned = length[b][order[j + 1]] if j + 1 < len(order) else 0.0
                if length[a][c] + turned < length[a][b] + after - 1e-12:
                    order[i + 1 : j + 1] = reversed(order[i + 1 : j + 1])
                    better = True
    return [points[number] for number in order]
