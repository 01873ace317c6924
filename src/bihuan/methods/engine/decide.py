"""``decide``: the one function by which a matter moves. Pure: no clock, no database, no Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from . import clocks
from . import earlier as before
from .apply import apply, assign, choose, climb, enter, keep
from .calendars import Calendar, default_calendar
from .compiled import Move
from .draft import Draft
from .given import check_extras, check_fields, check_parties, check_photos
from .guards import guard, guard_decision, roles_of
from .types import By, Event, Outcome, Pending, Refusal, Refusals, State

if TYPE_CHECKING:
    from bihuan.methods.method import Method

SYSTEM = By(None, frozenset({"system"}))
TICK = "tick"


def decide(method: Method, state: State, event: Event, calendar: Calendar | None = None) -> Outcome | Refusals:
    """Return what an event makes of a matter, or every reason why it may not be.

    Args:
        method: the matter's own version of its method.
        state: the matter before; never changed.
        event: who does which of the method's actions when, with what; ``action="tick"`` lets the clocks say what is
            due at ``event.at``; ``"<action>.grant"`` and ``"<action>.deny"`` answer what was asked for.
        calendar: the work calendar, China's by default.

    Returns:
        ``Outcome`` (the state after, the effects), or ``Refusals``; never raises for anything a person may do.
    """
    calendar = calendar or default_calendar()
    if event.action == TICK:
        return _tick(method, state, event, calendar)
    key, _, part = event.action.partition(".")
    move = method.move(state.step, key)
    if move is None or part not in {"", "grant", "deny"}:
        return Refusals((_not_here(method, state, event.action),))
    if part:
        return _answer(method, move, part, state, event, calendar)
    refusals = guard(method, move, state, event.by, event.at, calendar)
    refusals += check(method, move, state, event, calendar)
    if refusals:
        return Refusals(tuple(refusals))
    draft = Draft(state)
    spec = move.spec
    if spec.consent is not None:
        asked = dict(_remembered(method, event.data).items())
        draft.ask(key, Pending(key, event.by.person, event.at, asked))
        draft.say("asked", action=key, by=list(spec.consent.by))
        draft.effects += _tell(method, spec.consent.by, "asked")
    elif spec.accept is not None:
        _accept(method, move, draft, event, calendar)
    else:
        apply(method, move, draft, event.at, event.by.person, event.data, calendar)
    return Outcome(draft.freeze(), tuple(draft.effects))


def check(method: Method, move: Move, state: State, event: Event, calendar: Calendar) -> list[Refusal]:
    """Return what is missing from, or wrong with, what was given."""
    data, spec = event.data, move.spec
    found: list[Refusal] = []
    if data or move.required:
        found += check_fields(method, spec.gives, move.required, state, data)
    if move.photos:
        found += check_photos(move.photos, data)
    if move.assigns or data.get("parties"):
        found += check_parties(method, move, state, data)
    if data or spec.reason or spec.does in {"extend", "merge", "escalate"}:
        found += check_extras(method, move, state, data, event.at, calendar)
    return found


def initial(method: Method, event: Event, calendar: Calendar | None = None) -> Outcome | Refusals:
    """Return the first state of a matter that is reported or recorded.

    ``event.action`` is "report" or "record"; ``event.data["parties"]`` may name the reporter;
    ``event.data["repeats"]`` says how many like it there were within the method's repeat window.
    ``event.data["earlier"]`` = ``{"outcome", "closed"}`` says how one from an old ledger ended, and when: any field of
    the method may be given then.
    """
    calendar = calendar or default_calendar()
    earlier: Mapping[str, Any] | None = event.data.get("earlier")
    opening = method.starts.get(event.action)
    if opening is None:
        return Refusals((Refusal("action", "这个工作法不能这样登记。", "This method does not begin this way."),))
    refusals = []
    if opening.by.isdisjoint(event.by.roles) and "anyone" not in opening.by:
        titles = [method.role_title(role) for role in sorted(opening.by)]
        refusals.append(
            Refusal(
                "role",
                f"“{opening.spec.title.zh}”由{'、'.join(t.zh for t in titles)}来做。",
                f"'{opening.spec.title.say('en')}' is for: {', '.join(t.say('en') for t in titles)}.",
            )
        )
    if earlier is None:
        refusals += check_fields(method, opening.spec.gives, opening.required, None, event.data)
        refusals += check_photos(opening.photos, event.data)
    else:
        refusals += check_fields(method, dict.fromkeys(method.fields, "may"), (), None, event.data)
        refusals += before.refusals(method, earlier, event.at)
    if refusals:
        return Refusals(tuple(refusals))
    draft = Draft(State(step="", opened_at=event.at, fields=keep(method, event.data)))
    draft.did(event.action, event.by.person)
    assign(draft, {k: v for k, v in (event.data.get("parties") or {}).items() if k in {"reporter", "follower"}})
    draft.effects = [effect for effect in draft.effects if effect.kind != "notify"]
    way = choose(method, opening.routes, draft.freeze(), event.data)
    if way is None:
        return Refusals((Refusal("route", "没有可去的环节。", "There is no step to begin at."),))
    enter(draft, "", way.step)
    _begin(method, draft, event, calendar)
    if earlier is not None:
        before.settle(method, draft, earlier)
    return Outcome(draft.freeze(), tuple(draft.effects))


def _begin(method: Method, draft: Draft, event: Event, calendar: Calendar) -> None:
    from .apply import run_clocks, skip

    first = draft.step
    ops = [*method.triggers.after.get(event.action, ()), *method.triggers.enter.get(first, ())]
    draft.say("moved", old="", new=first)
    skip(method, draft, ops)
    run_clocks(method, draft, ops, event.at, event.data, calendar)
    rule, repeats = method.file.repeat, int(event.data.get("repeats") or 0)
    if repeats:
        draft.counts = {**draft.counts, "repeats": repeats}
    if rule is not None and repeats + 1 >= rule.times and rule.ladder:
        climb(method, draft, rule.ladder, rule.rung, "")


def _remembered(method: Method, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a request keeps until it is answered: nothing personal, no free text."""
    kept = keep(method, data)
    for name in ("parties", "until", "rung", "into", "result"):
        value = data.get(name)
        if value is not None:
            kept[name] = value.isoformat() if hasattr(value, "isoformat") else value
    return kept


def _accept(method: Method, move: Move, draft: Draft, event: Event, calendar: Calendar) -> None:
    roles, done = roles_of(method, draft.freeze(), event.by), draft.accepted.get(move.key, ())
    role = next(role for role in move.accept_from if role in roles and role not in done)
    done = (*done, role)
    draft.accepted = {**draft.accepted, move.key: done}
    draft.say("accepted", action=move.key, role=role, person=event.by.person)
    if len(done) >= move.accept_need:
        draft.accepted = {key: value for key, value in draft.accepted.items() if key != move.key}
        apply(method, move, draft, event.at, event.by.person, event.data, calendar)
    else:
        draft.did(move.key, event.by.person)


def _answer(
    method: Method, move: Move, part: str, state: State, event: Event, calendar: Calendar
) -> Outcome | Refusals:
    refusals = guard_decision(method, move, part, state, event.by)
    if part == "deny" and not str(event.data.get("reason") or "").strip():
        refusals.append(Refusal("reason", "不同意要写明理由。", "Denying needs a reason.", "reason"))
    if refusals:
        return Refusals(tuple(refusals))
    asked = state.pending[move.key]
    draft = Draft(state)
    draft.answer(move.key)
    draft.did(event.action, event.by.person)
    draft.say("granted" if part == "grant" else "denied", action=move.key, by=asked.asked_by)
    if part == "grant":
        apply(method, move, draft, event.at, asked.asked_by, asked.data, calendar)
    else:
        draft.count(event.action)
    return Outcome(draft.freeze(), tuple(draft.effects))


def _tick(method: Method, state: State, event: Event, calendar: Calendar) -> Outcome | Refusals:
    if "system" not in event.by.roles:
        return Refusals((Refusal("role", "时限由系统提醒。", "Clocks are for the system."),))
    draft = Draft(state)
    for _ in range(200):  # each mark is said once: a bound only against a broken calendar
        now = draft.freeze()
        due = [mark for mark in clocks.marks(method, now, calendar) if mark.at <= event.at] if now.is_open else []
        if not due:
            break
        mark = due[0]
        clock, effects, climbed = clocks.say(method, now, mark)
        draft.clock(mark.clock, clock)
        draft.effects += effects
        if climbed is not None:
            draft.rung = {**draft.rung, climbed[0]: climbed[1]}
        if mark.name.startswith("then@"):
            _then(method, draft, method.clocks[mark.clock].then, event, calendar)
    return Outcome(draft.freeze(), tuple(draft.effects))


def _then(method: Method, draft: Draft, action: str, event: Event, calendar: Calendar) -> None:
    """Do what the method says happens when nobody answered in time."""
    move = method.move(draft.step, action)
    if move is None or guard(method, move, draft.freeze(), SYSTEM, event.at, calendar):
        return
    draft.say("lapsed", action=action)
    apply(method, move, draft, event.at, None, {}, calendar)


def _tell(method: Method, roles: Iterable[str], message: str) -> list[Any]:
    from .types import Effect

    return [
        Effect("notify", {"to": f"party:{role}" if role in method.party_roles else role, "message": message})
        for role in roles
    ]


def _not_here(method: Method, state: State, action: str) -> Refusal:
    step = method.steps.get(state.step)
    where, where_en = (step.title.zh, step.title.say("en")) if step else (state.step, state.step)
    title = method.action_title(action)
    if action.partition(".")[0] not in method.action_keys:
        return Refusal("action", f"这个工作法没有“{action}”这个动作。", f"This method has no action '{action}'.")
    return Refusal(
        "step",
        f"现在是“{where}”，不能“{title.zh}”。",
        f"It is at '{where_en}' now: '{title.say('en')}' is not done here.",
        mend="刷新页面，看现在可以做什么。",
        mend_en="Reload the page to see what can be done now.",
    )


def replay(method: Method, events: Iterable[Event], calendar: Calendar | None = None) -> State:
    """Fold events into a state.

    Raises:
        ValueError: when an event does not stand; its text says which and why.
    """
    state: State | None = None
    for number, event in enumerate(events, 1):
        result = initial(method, event, calendar) if state is None else decide(method, state, event, calendar)
        if isinstance(result, Refusals):
            raise ValueError(f"event {number} {event.action}: " + " ".join(r.message for r in result.reasons))
        state = result.state
    if state is None:
        raise ValueError("no events")
    return state


__all__ = ["SYSTEM", "TICK", "decide", "initial", "replay"]
