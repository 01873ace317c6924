"""Clocks. A due time is a pure function of the events, the calendar and the clock's rule.

Each clock stands alone: no event of one touches another, so an update never overrides the first response. What has
been said is remembered with the due time it was said for (``red@2024-04-08T17:30…``): said once per due time, again
only when an extension gave a new one. A stopped clock says nothing more; a closed matter has no running clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from bihuan.methods.schema.base import Amount

from .calendars import Calendar, add, back, until, workdays_lost
from .types import ClockState, Effect, State

if TYPE_CHECKING:
    from bihuan.methods.method import Method


class Mark(NamedTuple):
    """Something a clock says at an instant."""

    at: datetime
    order: int
    clock: str
    name: str


def running(clock: ClockState) -> bool:
    """Whether the clock is ticking (neither stopped nor paused)."""
    return clock.stopped_at is None and clock.paused_at is None


def limit_of(method: Method, key: str, state: State) -> Amount | None:
    """Return how long clock ``key`` runs for a matter as it is now."""
    limit = method.clocks[key].limit
    for condition, amount in method.limit_cases[key]:
        if condition is not None and condition.holds(method, state):
            return amount
    if limit.by:
        value = state.fields.get(limit.by)
        found = limit.table.get(str(value)) if value is not None else None
        if found is not None:
            return found
    return limit.fixed or limit.otherwise


def start(
    method: Method, key: str, state: State, at: datetime, data: Mapping[str, Any], calendar: Calendar
) -> ClockState | None:
    """Return a clock started at ``at``, or None where no limit applies to this matter."""
    limit = method.clocks[key].limit
    due = until(data.get("until") or state.fields.get("until"), calendar) if limit.given else None
    if due is None or due <= at:
        amount = limit_of(method, key, state)
        if amount is None:
            return None
        due = add(calendar, at, amount)
    return ClockState(started_at=at, due_at=due)


def pause(clock: ClockState, at: datetime) -> ClockState:
    """Return the clock paused at ``at``."""
    return ClockState(clock.started_at, clock.due_at, at, None, clock.extensions, clock.late, clock.fired)


def resume(clock: ClockState, unit: str, at: datetime, calendar: Calendar) -> ClockState:
    """Return the clock running again: its due time later by the time paused, in the clock's own unit."""
    paused = clock.paused_at or at
    due = clock.due_at
    if unit in {"workdays", "work_hours"}:
        whole = unit == "workdays"
        lost = workdays_lost(calendar, paused, at) if whole else calendar.between(paused, at, unit)
        due = calendar.add(due, lost, unit) if lost > 0 else due
    else:
        due = due + (at - paused)
    return ClockState(clock.started_at, due, None, None, clock.extensions, clock.late, clock.fired)


def stop(clock: ClockState, at: datetime) -> ClockState:
    """Return the clock stopped at ``at``; late when its due time had passed."""
    late = clock.late or (clock.paused_at or at) > clock.due_at
    return ClockState(clock.started_at, clock.due_at, None, at, clock.extensions, late, clock.fired)


def extended(clock: ClockState, due: datetime) -> ClockState:
    """Return the clock with a later due time; what was said for the old one is forgotten."""
    return ClockState(clock.started_at, due, clock.paused_at, None, clock.extensions + 1, clock.late, ())


def new_due(clock: ClockState, data: Mapping[str, Any], amount: Amount | None, calendar: Calendar) -> datetime | None:
    """Return the due time an extension asks for: ``until`` as given, else by the action's amount; None: neither."""
    asked = until(data.get("until"), calendar)
    if asked is not None:
        return asked
    return add(calendar, clock.due_at, amount) if amount is not None else None


def unit_of(method: Method, key: str, state: State) -> str:
    """Return the unit in which clock ``key`` counts."""
    amount = limit_of(method, key, state)
    return amount.unit if amount else "workdays"


def marks(method: Method, state: State, calendar: Calendar) -> list[Mark]:
    """Return what the running clocks have still to say, in the order of time."""
    out: list[Mark] = []
    for key, clock in state.clocks.items():
        if key in method.clocks and running(clock):
            out += _marks(method, key, clock, calendar)
    out.sort()
    return out


def _marks(method: Method, key: str, clock: ClockState, calendar: Calendar) -> list[Mark]:
    spec, due, tag = method.clocks[key], clock.due_at, f"@{clock.due_at.isoformat()}"
    out = [Mark(due, 0, key, f"late{tag}")]
    seen: dict[str, int] = {}
    for card in spec.cards:
        number = seen[card.colour] = seen.get(card.colour, 0) + 1
        name = f"{card.colour}{'' if number == 1 else number}{tag}"
        if name in clock.fired:
            continue
        at = due
        if card.before:
            at = max(back(calendar, due, card.before), clock.started_at)
        elif card.after:
            at = add(calendar, due, card.after)
        out.append(Mark(at, 1, key, name))
    for index, rung in enumerate(method.file.ladders.get(spec.ladder, ()), 1):
        out.append(Mark(add(calendar, due, rung.after), 2, key, f"rung{index}{tag}"))
    if spec.then:
        out.append(Mark(due, 3, key, f"then{tag}"))
    return [mark for mark in out if mark.name not in clock.fired]


def next_tick(method: Method, state: State, calendar: Calendar | None = None) -> datetime | None:
    """Return the next instant at which a clock of the matter says something, or None."""
    if not state.is_open:
        return None
    from .calendars import default_calendar

    left = marks(method, state, calendar or default_calendar())
    return left[0].at if left else None


def say(method: Method, state: State, mark: Mark) -> tuple[ClockState, list[Effect], tuple[str, int] | None]:
    """Return the clock after ``mark`` was said, the effects, and the (ladder, rung) reached if any."""
    clock, spec = state.clocks[mark.clock], method.clocks[mark.clock]
    kind = mark.name.split("@", 1)[0]
    due = clock.due_at.isoformat()
    late = clock.late or kind == "late"
    after = ClockState(clock.started_at, clock.due_at, None, None, clock.extensions, late, (*clock.fired, mark.name))
    if kind == "late":
        return after, [Effect("late", {"clock": mark.clock, "due_at": due})], None
    if kind.startswith("rung"):
        number = int(kind[4:])
        if state.rung.get(spec.ladder, 0) >= number:  # already entered higher up
            return after, [], None
        return after, escalation(method, spec.ladder, number, mark.clock), (spec.ladder, number)
    if kind == "then":
        return after, [], None
    colour = kind.rstrip("0123456789")
    which = int(kind[len(colour) :] or 1)
    card = [card for card in spec.cards if card.colour == colour][which - 1]
    data = {"clock": mark.clock, "colour": colour, "due_at": due, "tell": list(card.tell)}
    effects = [Effect("card", data)]
    effects += [Effect("notify", {"to": _to(method, role), "message": f"card_{colour}"}) for role in card.tell]
    return after, effects, None


def escalation(method: Method, ladder: str, number: int, clock: str) -> list[Effect]:
    """Return the effects of reaching rung ``number`` of ``ladder``."""
    rung = method.file.ladders[ladder][number - 1]
    data = {"ladder": ladder, "rung": number, "role": rung.to, "clock": clock}
    return [Effect("escalated", data), Effect("notify", {"to": _to(method, rung.to), "message": "escalated"})]


def _to(method: Method, role: str) -> str:
    return f"party:{role}" if role in method.party_roles else role


def card_of(state: State) -> str:
    """Return the worst card a running clock shows for its present due time: "", "yellow" or "red"."""
    worst = ""
    for clock in state.clocks.values():
        if clock.stopped_at is not None:
            continue
        tag = clock.due_at.isoformat()
        for name in clock.fired:
            colour, _, due = name.partition("@")
            if due != tag:
                continue
            if colour.startswith("red"):
                return "red"
            if colour.startswith("yellow"):
                worst = "yellow"
    return worst


def due_of(state: State, method: Method | None = None, action: str = "") -> datetime | None:
    """Return the nearest due time of the running clocks (of those that ``action`` answers to, when given)."""
    nearest: datetime | None = None
    for key, clock in state.clocks.items():
        if not running(clock):
            continue
        if method is not None and action:
            waits_for = method.clocks[key].waits_for if key in method.clocks else []
            if waits_for and action not in waits_for:
                continue
        if nearest is None or clock.due_at < nearest:
            nearest = clock.due_at
    return nearest
