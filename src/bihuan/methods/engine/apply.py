"""What an act that stands changes: fields, parties, step, clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from . import clocks
from .calendars import Calendar
from .compiled import Move, Way
from .draft import Draft
from .types import Effect, State

if TYPE_CHECKING:
    from bihuan.methods.method import Method

MAX_SKIPS = 20


def keep(method: Method, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of ``data`` as the state keeps them: personal ones only as "given"."""
    out: dict[str, Any] = {}
    for key, value in data.items():
        if key in method.fields and value is not None and value != "":
            out[key] = None if key in method.hidden else list(value) if isinstance(value, tuple) else plain(value)
    return out


def plain(value: Any) -> Any:
    """Dates and instants become ISO text, so that a state is JSON."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _added(fields: Mapping[str, Any], adds: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, int | float]:
    """Return the running totals with what was given added, exactly as people would on paper: 0.1 and 0.2 are 0.3."""
    out: dict[str, int | float] = {}
    for total, key in adds.items():
        given = data.get(key)
        if isinstance(given, int | float) and not isinstance(given, bool):
            added = Decimal(str(fields.get(total) or 0)) + Decimal(str(given))
            out[total] = int(added) if added == added.to_integral_value() else float(added)
    return out


def apply(
    method: Method, move: Move, draft: Draft, at: datetime, person: str | None, data: Mapping[str, Any],
    calendar: Calendar,
) -> None:  # fmt: skip
    """Let an act stand that was checked; of a granted one ``person`` is who asked, ``data`` what they gave."""
    spec = move.spec
    draft.count(move.key)
    draft.did(move.key, person)
    if data:
        given = keep(method, data)
        if given:
            draft.fields = {**draft.fields, **given}
    if data.get("until") is not None and spec.does != "extend":
        draft.fields = {**draft.fields, "until": plain(data["until"])}  # a limit given before its clock starts
    if spec.sets:
        draft.fields = {**draft.fields, **spec.sets}
    if spec.adds:
        draft.fields = {**draft.fields, **_added(draft.fields, spec.adds, data)}
    if move.assigns:
        assign(draft, data.get("parties") or {})
    _special(method, move, draft, data, calendar)
    way = choose(method, move.routes, draft.freeze(), data) if move.routes else None
    travel(method, draft, move.key, way, at, data, calendar)


def assign(draft: Draft, named: Mapping[str, Any]) -> None:
    """Give the persons named their roles; whoever held them before is released."""
    for role, people in named.items():
        before, after = draft.parties.get(role, ()), tuple(people)
        draft.parties = {**draft.parties, role: after}
        draft.effects += [Effect("released", {"role": role, "person": p}) for p in before if p not in after]
        for person in after:
            if person not in before:
                draft.say("assigned", role=role, person=person)
                draft.say("notify", to=f"party:{role}", message="assigned")


def _special(method: Method, move: Move, draft: Draft, data: Mapping[str, Any], calendar: Calendar) -> None:
    spec = move.spec
    if spec.does == "extend" and spec.clock in draft.clocks:
        clock = draft.clocks[spec.clock]
        due = clocks.new_due(clock, data, spec.by_how_much, calendar)
        if due is not None and clock.stopped_at is None and due > clock.due_at:
            draft.clock(spec.clock, clocks.extended(clock, due))
            draft.say("clock_extended", clock=spec.clock, due_at=due.isoformat())
    elif spec.does == "escalate" and spec.ladder in method.file.ladders:
        top, now = len(method.file.ladders[spec.ladder]), draft.rung.get(spec.ladder, 0)
        rung = min(max(data.get("rung") or spec.rung or now + 1, now + 1), top)
        climb(method, draft, spec.ladder, rung, spec.clock)
    elif spec.does == "merge":
        draft.say("merged", into=data.get("into"))
    elif spec.does == "rate":
        draft.say("rated", action=move.key, role=spec.rates)
    elif spec.does == "reopen":
        draft.say("reopened", action=move.key)


def climb(method: Method, draft: Draft, ladder: str, rung: int, clock: str) -> None:
    """Enter rung ``rung`` of ``ladder`` (any rung above the one reached)."""
    if rung > draft.rung.get(ladder, 0):
        draft.rung = {**draft.rung, ladder: rung}
        draft.effects += clocks.escalation(method, ladder, rung, clock)


def choose(method: Method, routes: tuple[Way, ...], state: State, data: Mapping[str, Any]) -> Way | None:
    """Return the first route whose condition holds, or None (the matter stays where it is)."""
    for way in routes:
        if way.when is None or way.when.holds(method, state, data.get("result")):
            return way
    return None


def travel(
    method: Method, draft: Draft, action: str, way: Way | None, at: datetime, data: Mapping[str, Any],
    calendar: Calendar,
) -> None:  # fmt: skip
    """Follow a route: leave the step, enter the next (through skipped ones), run the clocks, close or reopen."""
    ops = list(method.triggers.after.get(action, ()))
    target = way.step if way else ""
    if target == "previous":
        target = draft.previous or draft.step
    if target:
        ops += method.triggers.leave.get(draft.step, ())
        before = draft.step
        draft.say("moved", old=before, new=target)
        enter(draft, before, target)
        ops += method.triggers.enter.get(target, ())
        skip(method, draft, ops)
        draft.pending, draft.accepted = _still(method, draft)
    was_open = draft.is_open
    final = method.places[draft.step].spec.final
    if was_open and (final or (way and way.outcome)):
        _close(method, draft, way.outcome if way else "", at)
    elif not was_open and not final:
        draft.is_open, draft.outcome, draft.closed_at = True, "", None
    if ops or (was_open and not draft.is_open):
        run_clocks(method, draft, ops, at, data, calendar)


def enter(draft: Draft, before: str, target: str) -> None:
    """Stand at ``target``."""
    draft.previous, draft.step = before, target
    draft.count(f"step:{target}")


def skip(method: Method, draft: Draft, ops: list[tuple[str, str]]) -> None:
    """Pass through the steps that have nothing left to do, adding to ``ops`` what that does to the clocks."""
    for _ in range(MAX_SKIPS):
        place = method.places[draft.step]
        if place.skip_when is None or not place.skip_to or not place.skip_when.holds(method, draft.freeze()):
            break
        _pass_through(method, place.key, ops)
        draft.say("skipped", step=place.key)
        draft.say("moved", old=place.key, new=place.skip_to)
        draft.previous, draft.step = draft.previous, place.skip_to
        draft.count(f"step:{place.skip_to}")
        ops += method.triggers.enter.get(place.skip_to, ())


def _pass_through(method: Method, step: str, ops: list[tuple[str, str]]) -> None:
    """Take back what entering ``step`` began and leaving it ends: stops run before starts, so it would run on."""
    left = method.triggers.leave.get(step, ())
    begun = set(method.triggers.enter.get(step, ()))
    void = {
        (begins, key)
        for begins, ends in (("start", "stop"), ("pause", "resume"))
        for op, key in left
        if op == ends and (begins, key) in begun
    }
    ops[:] = [op for op in ops if op not in void] + list(left)


def _still(method: Method, draft: Draft) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What was asked for at another step lapses unless it can be asked for here too; acceptances lapse."""
    if not draft.pending:
        return draft.pending, {}
    here = method.places[draft.step].moves
    return {key: value for key, value in draft.pending.items() if key in here}, {}


def _close(method: Method, draft: Draft, outcome: str, at: datetime) -> None:
    draft.close(outcome, at)
    draft.pending = {}
    spec = method.outcomes.get(outcome)
    draft.say(
        "closed", outcome=outcome, **{"class": spec.class_ if spec else "", "result": spec.result if spec else ""}
    )
    draft.say("notify", to="party:reporter", message="closed")


def run_clocks(
    method: Method, draft: Draft, ops: list[tuple[str, str]], at: datetime, data: Mapping[str, Any],
    calendar: Calendar,
) -> None:  # fmt: skip
    """Stop, resume, pause and start clocks; a closed matter keeps none running (but those its final step starts)."""
    wanted = {op: [key for name, key in ops if name == op] for op in ("stop", "resume", "pause", "start")}
    halts = wanted["stop"] if draft.is_open else list(draft.clocks)
    for key in halts:
        clock = draft.clocks.get(key)
        if clock is not None and clock.stopped_at is None:
            stopped = clocks.stop(clock, at)
            draft.clock(key, stopped)
            draft.say("clock_stopped", clock=key, due_at=clock.due_at.isoformat(), late=stopped.late)
    if not draft.is_open:
        return
    for key in wanted["resume"]:
        clock = draft.clocks.get(key)
        if clock is not None and clock.paused_at is not None and clock.stopped_at is None:
            resumed = clocks.resume(clock, clocks.unit_of(method, key, draft.freeze()), at, calendar)
            draft.clock(key, resumed)
            draft.say("clock_resumed", clock=key, due_at=resumed.due_at.isoformat())
    for key in wanted["pause"]:
        clock = draft.clocks.get(key)
        if clock is not None and clocks.running(clock):
            draft.clock(key, clocks.pause(clock, at))
            draft.say("clock_paused", clock=key, due_at=clock.due_at.isoformat())
    for key in wanted["start"]:
        _start(method, draft, key, at, data, calendar)


def _start(method: Method, draft: Draft, key: str, at: datetime, data: Mapping[str, Any], calendar: Calendar) -> None:
    clock = draft.clocks.get(key)
    if clock is not None and (clock.stopped_at is None or method.clocks[key].once):
        return  # running already, or had its one run
    started = clocks.start(method, key, draft.freeze(), at, data, calendar)
    if started is not None:
        draft.clock(key, started)
        draft.say("clock_started", clock=key, due_at=started.due_at.isoformat())
