"""Whatever happens in whatever order, some things always hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.methods.api import (
    SYSTEM,
    By,
    Event,
    Method,
    Outcome,
    State,
    card_of,
    decide,
    initial,
    next_tick,
    offers,
    replay,
    state_from_json,
    state_to_json,
    waits,
)

from .samples import SLUGS, at, shipped
from .test_every_pair import everything

PEOPLE = ("a", "b", "c", "d")
START = at("2024-04-01 09:00")


def actor(draw: st.DrawFn, method: Method, state: State) -> By:
    person = draw(st.sampled_from((None, *PEOPLE)))
    posts = draw(st.sets(st.sampled_from(sorted(method.roles)), max_size=4))
    parties = {role for role, people in state.parties.items() if person in people}
    halls = {
        role for place in method.places.values() for move in place.moves.values() for role in move.by if ":" in role
    }
    extra = halls if draw(st.booleans()) else set()
    return By(person, frozenset({*posts, *parties, *extra, "anyone"}))


def data(draw: st.DrawFn, method: Method, action: str) -> dict[str, Any]:
    if action == "tick":
        return {}
    full = everything(method, action.partition(".")[0])
    given_ = {key: value for key, value in full.items() if draw(st.integers(0, 5))}
    if "parties" in given_:
        given_["parties"] = {role: [draw(st.sampled_from(PEOPLE))] for role in full["parties"]}  # type: ignore[attr-defined]
    given_.pop("until", None)
    return given_


@st.composite
def histories(draw: st.DrawFn) -> tuple[Method, list[Event], list[tuple[State, Event, Any]]]:
    """Draw a method and a history: the events that stood, and every event tried with what came of it."""
    method = shipped(draw(st.sampled_from(SLUGS)))
    category = draw(st.sampled_from(sorted(method.fields["category"].options)))
    how = "report" if "report" in method.starts else "record"  # nobody's own report begins a project
    who = frozenset({"anyone", *method.file.opening[how].by})
    needed = [key for key, need in method.file.opening[how].gives.items() if need == "required"]
    given_ = {**dict.fromkeys(needed, "x"), "text": "x", "category": category, "parties": {"reporter": ["a"]}}
    first = Event(how, START, By("a", who), given_)
    outcome = initial(method, first)
    assert isinstance(outcome, Outcome)
    state, now = outcome.state, START
    stood, tried = [first], []
    for _ in range(draw(st.integers(1, 25))):
        now += timedelta(minutes=draw(st.sampled_from((0, 1, 30, 240, 1440, 4320))))
        here = sorted(method.places[state.step].moves)
        options = [*here, *(f"{key}.{part}" for key in state.pending for part in ("grant", "deny")), "tick"]
        action = draw(st.sampled_from(options))
        who = SYSTEM if action == "tick" else actor(draw, method, state)
        event = Event(action, now, who, data(draw, method, action))
        result = decide(method, state, event)
        tried.append((state, event, result))
        if isinstance(result, Outcome):
            state = result.state
            stood.append(event)
    return method, stood, tried


@settings(max_examples=120, deadline=None)
@given(histories())
def test_random_histories_keep_the_invariants(drawn: tuple[Method, list[Event], list[Any]]) -> None:
    method, stood, tried = drawn
    for before, event, result in tried:
        if not isinstance(result, Outcome):
            assert result.reasons
            assert all(reason.message and reason.message_en for reason in result.reasons)
            continue
        after = result.state
        check_state(method, after)
        check_clocks(method, before, after, event)
        assert state_from_json(state_to_json(after)) == after
        for key in before.counts:
            assert after.counts.get(key, 0) >= before.counts[key]
        for ladder, rung in before.rung.items():
            assert after.rung[ladder] >= rung
    final = tried[-1][2].state if isinstance(tried[-1][2], Outcome) else tried[-1][0]
    assert replay(method, stood) == final


def check_state(method: Method, state: State) -> None:
    step = method.steps[state.step]
    assert state.is_open != step.final
    assert bool(state.outcome) == (not state.is_open)
    assert (state.closed_at is not None) == (not state.is_open)
    assert state.outcome == "" or state.outcome in method.outcomes
    assert set(state.fields) <= {*method.fields, "until"}
    assert all(value is None for key, value in state.fields.items() if key in method.hidden)
    for key in state.pending:
        assert key in method.places[state.step].moves
    for role, people in state.parties.items():
        spec = method.responsibility.get(role)
        if spec:
            assert len(people) <= spec.count
            for other in spec.distinct_from:
                assert not set(people) & set(state.parties.get(other, ()))
    if not state.is_open:
        assert next_tick(method, state) is None
    for wait in waits(method, state):
        assert wait.action.partition(".")[0] in method.places[state.step].moves


def check_clocks(method: Method, before: State, after: State, event: Event) -> None:
    for key, clock in after.clocks.items():
        assert clock.started_at <= clock.due_at
        assert len(set(clock.fired)) == len(clock.fired)
        if not after.is_open:
            assert clock.stopped_at is not None
        old = before.clocks.get(key)
        if old is None or old.stopped_at is not None or clock.stopped_at is not None or event.action == "tick":
            continue
        if (
            old.started_at == clock.started_at
            and old.extensions == clock.extensions
            and old.paused_at == clock.paused_at
        ):
            assert clock.due_at == old.due_at, f"{event.action} moved {key}"
    assert card_of(after) in {"", "yellow", "red"}


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(1, 40))
def test_ticking_often_or_once_comes_to_the_same(drawn: tuple[Method, list[Event], list[Any]], days: int) -> None:
    method, stood, _ = drawn
    state = replay(method, stood)
    end = stood[-1].at + timedelta(days=days)
    once = decide(method, state, Event("tick", end, SYSTEM))
    assert isinstance(once, Outcome)
    often, effects = state, []
    for _ in range(200):
        due = next_tick(method, often)
        if due is None or due > end:
            break
        result = decide(method, often, Event("tick", max(due, stood[-1].at), SYSTEM))
        assert isinstance(result, Outcome)
        often, effects = result.state, effects + list(result.effects)
    kinds = [effect for effect in effects if effect.kind in {"late", "card", "escalated", "closed"}]
    assert kinds == [effect for effect in once.effects if effect.kind in {"late", "card", "escalated", "closed"}]
    assert (often.step, often.rung) == (once.state.step, once.state.rung)
    again = decide(method, once.state, Event("tick", end, SYSTEM))
    assert isinstance(again, Outcome)
    assert again.effects == ()


@settings(max_examples=60, deadline=None)
@given(histories())
def test_an_offer_without_a_reason_is_never_refused_for_who_when_or_how_often(
    drawn: tuple[Method, list[Event], list[Any]],
) -> None:
    method, _, tried = drawn
    for state, event, _ in tried[:6]:
        shown = {offer.action: offer for offer in offers(method, state, event.by, event.at)}
        result = decide(method, state, event)
        if event.action in shown and shown[event.action].refusals:
            assert not isinstance(result, Outcome)
            assert {r.code for r in shown[event.action].refusals} <= {r.code for r in result.reasons}
        elif event.action in shown and not isinstance(result, Outcome):
            guards = {"role", "when", "not_by", "most", "within", "pending", "accepted", "clock"}
            assert not {r.code for r in result.reasons} & (guards - {"most"}), (event, result)
