"""Clocks: each line is a complaint about another system, and what happens here instead."""

from __future__ import annotations

from datetime import datetime

import pytest

from bihuan.methods.api import SYSTEM, Effect, Event, Method, Outcome, State, card_of, decide, due_of, next_tick

from .samples import at, by, method, shipped
from .test_engine import ANYONE, BOSS, LEAD, doing, go

M = method()


def tick(m: Method, state: State, when: str | datetime) -> tuple[State, list[Effect]]:
    moment = at(when) if isinstance(when, str) else when
    result = decide(m, state, Event("tick", moment, SYSTEM))
    assert isinstance(result, Outcome)
    return result.state, list(result.effects)


def said(effects: list[Effect]) -> list[str]:
    return [f"{e.kind}:{e.data.get('clock')}" for e in effects if e.kind in {"late", "card", "escalated"}]


def test_an_update_never_overrides_the_first_response_timer() -> None:
    state = go(M, None, "report", ANYONE, {"text": "x", "urgency": "urgent"})
    noted = go(M, state, "note", by("w", "worker"), when="2024-04-08 10:00")
    assert noted.clocks["first"] == state.clocks["first"]
    assert noted.clocks["first"].due_at == at("2024-04-08 11:00")


def test_nothing_is_escalated_after_the_answer() -> None:
    state = doing(M)
    finished = go(M, state, "finish", LEAD, when="2024-04-16 09:00")  # due 04-15 18:00: late
    assert finished.clocks["work"].late
    after, effects = tick(M, finished, "2024-04-18 18:00")
    assert [e for e in effects if e.data.get("clock") == "work"] == []
    assert after.rung == {}


def test_a_merged_matter_never_escalates() -> None:
    m = shipped("yiwang_sanbu_wuqin")
    state = go(m, None, "report", ANYONE, {"text": "x"})
    merged = go(m, state, "merge", by("s", "secretary"), {"into": "y"})
    assert next_tick(m, merged) is None
    assert tick(m, merged, "2025-01-01 00:00")[1] == []


def test_two_due_times_at_one_instant_are_both_said() -> None:
    m = shipped("jiesu_jiban")
    state = go(m, None, "report", ANYONE, {"text": "x"})
    state = go(
        m,
        state,
        "dispatch",
        by("d", "dispatcher"),
        {"kind": "complaint", "category": "heating", "urgency": "critical", "parties": {"first_unit": ["u"]}},
    )
    assert state.clocks["contact"].due_at == state.clocks["settle"].due_at
    effects = tick(m, state, "2024-04-08 11:00")[1]
    assert {"card:contact", "card:settle", "late:contact", "late:settle"} <= set(said(effects))


def test_each_thing_is_said_once_per_due_time() -> None:
    state = doing(M)
    once, first = tick(M, state, "2024-04-15 18:00")
    assert said(first) == ["card:work", "late:work", "card:work"]
    assert tick(M, once, "2024-04-15 18:00")[1] == []
    assert tick(M, once, "2024-04-16 17:59")[1] == []
    assert said(tick(M, once, "2024-04-16 18:00")[1]) == ["escalated:work"]


def test_however_seldom_the_worker_runs_the_same_is_said() -> None:
    state = doing(M)
    steps: list[str] = []
    often = state
    while (due := next_tick(M, often)) is not None and due <= at("2024-04-20 00:00"):
        often, effects = tick(M, often, due)
        steps += said(effects)
    seldom, effects = tick(M, state, "2024-04-20 00:00")
    assert said(effects) == steps
    assert seldom == often


def test_an_extension_makes_a_new_due_time_that_is_said_anew() -> None:
    state = tick(M, doing(M), "2024-04-12 18:00")[0]
    assert card_of(state) == "yellow"
    asked = go(M, state, "extend", LEAD, {"reason": "x"}, when="2024-04-12 18:00")
    granted = go(M, asked, "extend.grant", BOSS, when="2024-04-12 18:01")
    assert card_of(granted) == ""
    assert granted.clocks["work"].due_at == at("2024-04-22 18:00")
    assert said(tick(M, granted, "2024-04-19 18:00")[1]) == ["card:work"]


def test_a_given_due_date_ends_with_office_hours() -> None:
    state = go(M, None, "report", ANYONE, {"text": "x"})
    people = {"lead": ["a"], "watcher": ["b"]}
    given = go(M, state, "assign", BOSS, {"parties": people, "until": "2024-04-10"})
    assert given.clocks["work"].due_at == at("2024-04-10 18:00")


def test_a_clock_with_once_has_one_run() -> None:
    m = shipped("yiwang_sanbu_wuqin")
    state = go(m, None, "report", ANYONE, {"text": "x"})
    refused = go(m, state, "refuse", by("s", "secretary"), {"answer": "y", "reason": "z"})
    again = go(m, refused, "reopen", by("r", "reporter"), {"reason": "w"})
    assert again.step == "recorded"
    assert again.clocks["first_response"].stopped_at is not None


def test_the_clock_starts_at_dispatch_and_returns_do_not_restart_it() -> None:
    m = shipped("jiesu_jiban")
    dispatch = {"kind": "complaint", "category": "heating", "urgency": "normal", "parties": {"first_unit": ["u"]}}
    state = go(m, None, "report", ANYONE, {"text": "x"})
    state = go(m, state, "dispatch", by("d", "dispatcher"), dispatch)
    due = state.clocks["settle"].due_at
    unit = by("u", "first_unit", "unit_officer")
    signed = go(m, state, "sign", unit, when="2024-04-09 09:00")
    back = go(m, signed, "hand_back", unit, {"reason": "x", "dispatch_quality": "wrong"}, when="2024-04-09 10:00")
    again = go(m, back, "dispatch", by("d", "dispatcher"), dispatch, when="2024-04-09 11:00")
    assert again.clocks["settle"].due_at == due == at("2024-04-15 09:00")


def test_a_pause_gives_back_the_working_time_it_took() -> None:
    m = shipped("shuzi_chengguan")
    state = State(step="to_dispatch", fields={"category": "garbage"})
    state = go(m, state, "dispatch", by("d", "dispatcher"), {"unit": "环卫", "parties": {"disposer": ["x"]}})
    assert state.clocks["dispose"].due_at == at("2024-04-08 15:30")  # 4 working hours, noon left out
    officer, head = by("x", "disposer"), by("h", "command_head")
    asked = go(m, state, "defer", officer, {"reason": "r"}, when="2024-04-08 10:00")
    paused = go(m, asked, "defer.grant", head, when="2024-04-08 10:00")
    assert next_tick(m, paused) is None
    assert due_of(paused) is None
    resumed = go(m, paused, "resume", officer, when="2024-04-09 10:00")
    assert resumed.step == "disposing"
    assert resumed.clocks["dispose"].due_at == at("2024-04-09 15:30")


def test_when_nobody_answers_in_time_the_method_says_what_happens() -> None:
    state = go(M, doing(M), "finish", LEAD)
    assert next_tick(M, state) == at("2024-04-11 09:00")
    closed, effects = tick(M, state, "2024-04-11 09:00")
    assert (closed.step, closed.outcome, closed.is_open) == ("done", "unchecked", False)
    assert "lapsed" in {e.kind for e in effects}


def test_only_the_system_ticks() -> None:
    assert not isinstance(decide(M, doing(M), Event("tick", at("2024-05-01 00:00"), BOSS)), Outcome)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2024-04-03 10:00", "2024-04-07 18:00"),
        ("2024-04-07 23:00", "2024-04-08 18:00"),
        ("2024-09-30 17:00", "2024-10-08 18:00"),
    ],
)
def test_limits_follow_the_chinese_calendar_with_its_holidays_and_make_up_days(start: str, due: str) -> None:
    assert go(M, None, "report", ANYONE, {"text": "x"}, when=start).clocks["first"].due_at == at(due)


def test_a_wait_carries_the_due_time_of_the_clock_that_is_for_it() -> None:
    from bihuan.methods.api import waits

    m = shipped("jiesu_jiban")
    state = go(m, None, "report", ANYONE, {"text": "x"})
    state = go(
        m,
        state,
        "dispatch",
        by("d", "dispatcher"),
        {"kind": "complaint", "category": "heating", "urgency": "normal", "parties": {"first_unit": ["u"]}},
    )
    due = {wait.action: wait.due_at for wait in waits(m, state)}
    assert due["contact"] == at("2024-04-09 09:00")
    assert due["answer"] == at("2024-04-15 09:00")


def test_closing_stops_every_clock_whatever_its_own_rule_says() -> None:
    m = shipped("jiesu_jiban")
    dispatch = {"kind": "consult", "category": "heating", "urgency": "normal", "parties": {"first_unit": ["u"]}}
    state = go(m, go(m, None, "report", ANYONE, {"text": "x"}), "dispatch", by("d", "dispatcher"), dispatch)
    unit, operator = by("u", "first_unit"), by("o", "hotline_operator")
    back = go(m, state, "hand_back", unit, {"reason": "x", "dispatch_quality": "wrong"})
    assert back.clocks["settle"].stopped_at is None
    closed = go(m, back, "answer_directly", operator, {"kind": "consult", "answer": "y"})
    assert all(clock.stopped_at is not None for clock in closed.clocks.values())
    assert next_tick(m, closed) is None
