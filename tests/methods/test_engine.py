"""What the engine lets happen: roles, consent, acceptance, deputies, assignment, closing and reopening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bihuan.methods.api import (
    By,
    Event,
    Method,
    Outcome,
    Refusals,
    State,
    decide,
    initial,
    is_private,
    load,
    offers,
    public_words,
    replay,
    waits,
)

from .samples import at, by, method, shipped, small

ANYONE, BOSS, LEAD = by(None, "anyone"), by("b", "boss", "watcher"), by("a", "worker", "lead")
START = at("2024-04-08 09:00")  # a Monday


def go(
    m: Method, state: State | None, action: str, who: By, data: Mapping[str, Any] | None = None, when: str = ""
) -> State:
    event = Event(action, at(when) if when else START, who, data or {})
    result = initial(m, event) if state is None else decide(m, state, event)
    assert isinstance(result, Outcome), result
    return result.state


def codes(
    m: Method, state: State | None, action: str, who: By, data: Mapping[str, Any] | None = None, when: str = ""
) -> set[str]:
    event = Event(action, at(when) if when else START, who, data or {})
    result = initial(m, event) if state is None else decide(m, state, event)
    assert isinstance(result, Refusals), result
    return {reason.code for reason in result.reasons}


def doing(m: Method) -> State:
    state = go(m, None, "report", ANYONE, {"text": "漏水", "parties": {"reporter": ["r"]}})
    return go(m, state, "assign", BOSS, {"parties": {"lead": ["a"], "watcher": ["b"]}})


def test_a_report_without_its_text_is_refused_beside_the_field() -> None:
    result = initial(method(), Event("report", START, ANYONE, {}))
    assert isinstance(result, Refusals)
    assert [(r.code, r.field) for r in result.reasons] == [("required", "text")]


def test_every_reason_is_said_at_once() -> None:
    state = go(method(), None, "report", ANYONE, {"text": "漏水"})
    assert codes(method(), state, "assign", LEAD, {"parties": {"lead": ["a"], "watcher": ["a"]}, "cost": 1.0}) == {
        "role", "distinct", "field",
    }  # fmt: skip


def test_personal_content_never_stands_in_the_state() -> None:
    state = go(method(), None, "report", ANYONE, {"text": "张三家漏水", "category": "a"})
    assert "张三" not in repr(state)
    assert state.fields == {"text": None, "category": "a"}


def test_a_choice_outside_its_options_and_a_wrong_type_are_refused() -> None:
    assert codes(method(), None, "report", ANYONE, {"text": "x", "category": "z"}) == {"option"}
    assert codes(method(), None, "report", ANYONE, {"text": "x", "people_affected": "三"}) == {"type"}
    assert codes(method(), None, "report", ANYONE, {"text": "x", "people_affected": -1}) == {"least"}
    assert codes(method(), None, "report", ANYONE, {"text": "x", "what": 1}) == {"field"}


def test_responsibility_counts_and_where_persons_are_taken_from() -> None:
    m, state = method(), go(method(), None, "report", ANYONE, {"text": "x"})
    assert codes(m, state, "assign", BOSS, {"parties": {"lead": ["a"]}}) == {"count"}
    assert codes(m, state, "assign", BOSS, {"parties": {"lead": ["a", "c"], "watcher": ["b"]}}) == {"count"}
    posts = {"a": ["boss"], "b": ["boss"]}
    assert codes(m, state, "assign", BOSS, {"parties": {"lead": ["a"], "watcher": ["b"]}, "posts": posts}) == {"from"}
    posts["a"] = ["worker"]
    assert go(m, state, "assign", BOSS, {"parties": {"lead": ["a"], "watcher": ["b"]}, "posts": posts}).step == "doing"


def test_it_cannot_be_closed_by_the_one_who_did_it() -> None:
    m = method()
    state = go(m, doing(m), "finish", LEAD, {"cost": 2.5})
    assert codes(m, state, "pass", LEAD) == {"not_by"}
    offer = next(offer for offer in offers(m, state, LEAD, START) if offer.action == "pass")
    assert [r.code for r in offer.refusals] == ["not_by"]
    closed = go(m, state, "pass", BOSS)
    assert (closed.is_open, closed.outcome, closed.step) == (False, "solved", "done")


def test_a_deputy_acts_for_the_lead_and_cannot_close_either() -> None:
    m = method()
    state = doing(m)
    deputy = by("d", "worker", "lead_deputy")
    assert codes(m, state, "finish", by("d", "worker")) == {"role"}
    done = go(m, state, "finish", deputy)
    assert codes(m, done, "pass", deputy) == {"not_by"}


def test_an_extension_waits_for_consent_and_nobody_consents_to_their_own() -> None:
    m, state = method(), doing(method())
    before = state.clocks["work"].due_at
    asked = go(m, state, "extend", LEAD, {"reason": "缺材料"})
    assert asked.clocks["work"].due_at == before
    assert [(w.action, w.role) for w in waits(m, asked) if w.action.startswith("extend")] == [("extend.grant", "boss")]
    assert codes(m, asked, "extend", LEAD, {"reason": "再申请"}) == {"pending"}
    assert codes(m, asked, "extend.grant", by("a", "boss")) == {"not_by"}
    assert codes(m, asked, "extend.deny", BOSS) == {"reason"}
    granted = go(m, asked, "extend.grant", BOSS)
    assert granted.clocks["work"].due_at == at("2024-04-22 18:00")
    assert granted.counts["extend"] == 1
    assert "缺材料" not in repr(asked)  # free text stays out of the state


def test_extensions_run_out_and_are_bounded() -> None:
    m, state = method(), doing(method())
    assert codes(m, state, "extend", LEAD, {"reason": "x", "until": "2024-06-30"}) == {"until"}
    assert codes(m, state, "extend", LEAD, {"reason": "x", "until": "2024-04-09"}) == {"until"}
    for _ in range(2):
        state = go(m, go(m, state, "extend", LEAD, {"reason": "x"}), "extend.grant", BOSS)
    assert codes(m, state, "extend", LEAD, {"reason": "x"}) == {"most"}


def test_what_was_asked_for_lapses_when_the_matter_moves_on() -> None:
    m = method()
    asked = go(m, doing(m), "extend", LEAD, {"reason": "x"})
    moved = go(m, asked, "finish", LEAD)
    assert moved.pending == {}


def test_reopening_needs_a_reason_and_is_bounded_in_number_and_time() -> None:
    m = method()
    closed = go(m, go(m, doing(m), "finish", LEAD), "pass", BOSS)
    reporter = by("r", "reporter")
    assert codes(m, closed, "reopen", reporter) == {"reason"}
    assert codes(m, closed, "reopen", reporter, {"reason": "x"}, when="2024-04-30 09:00") == {"within"}
    again = go(m, closed, "reopen", reporter, {"reason": "又漏"}, when="2024-04-12 09:00")
    assert (again.is_open, again.outcome, again.closed_at) == (True, "", None)
    closed = go(m, go(m, again, "finish", LEAD), "pass", BOSS)
    assert codes(m, closed, "reopen", reporter, {"reason": "x"}) == {"most"}


def test_an_action_of_another_step_is_refused_with_where_it_stands() -> None:
    m = method()
    result = decide(m, doing(m), Event("pass", START, BOSS))
    assert isinstance(result, Refusals)
    assert "办理" in result.reasons[0].message
    assert "Doing" in result.reasons[0].message_en


def test_acceptance_by_two_of_three_parties_each_once() -> None:
    changed = (
        (
            "        由: [lead, watcher]\n",
            "        由: [worker, boss, watcher]\n        会签: {各方: [worker, boss, watcher], 需要: 2}\n",
        ),
    )
    m = method(*changed)
    state = go(m, doing(m), "finish", LEAD)
    one, two = by("x", "worker"), by("y", "boss")
    first = go(m, state, "pass", one)
    assert (first.step, first.accepted) == ("checking", {"pass": ("worker",)})
    assert codes(m, first, "pass", one) == {"accepted"}
    assert {w.role for w in waits(m, first) if w.action == "pass"} == {"boss", "watcher"}
    assert go(m, first, "pass", two).step == "done"


def test_a_return_wipes_what_was_accepted_before() -> None:
    m = shipped("cunmin_shuoshi")
    state = State(step="reviewing", parties={"lead": ("l",), "witness": ("w",)}, accepted={"accept": ("witness",)})
    back = go(m, state, "not_good", by("o", "overseer"), {"reason": "没修平"})
    assert (back.step, back.accepted) == ("doing", {})


def test_a_step_is_skipped_when_there_is_nothing_left_to_do_in_it() -> None:
    m = shipped("yiwang_sanbu_wuqin")
    state = State(step="grid_agenda")
    meeting = by("m", "meeting:grid_meeting")
    waiting = go(m, state, "grid_resolve", meeting, {"result": {"carried": True}})
    assert (waiting.step, waiting.clocks["assign"].stopped_at) == ("to_assign", None)
    people = {"lead": ["a"], "tracker": ["b"], "supervisor": ["c"]}
    skipped = go(m, state, "grid_resolve", meeting, {"result": {"carried": True}, "parties": people})
    assert skipped.step == "acting"
    assert skipped.counts["step:to_assign"] == 1
    assert "assign" not in skipped.clocks  # passed through in no time: its limit neither runs nor is kept
    assert go(m, state, "grid_resolve", meeting, {"result": {"carried": False}}).step == "joint_agenda"


def test_a_limit_resolved_before_its_clock_starts_is_kept() -> None:
    m = shipped("yiwang_sanbu_wuqin")
    state = go(m, State(step="grid_agenda"), "grid_resolve", by("m", "meeting:grid_meeting"),
               {"result": {"carried": True}, "until": "2024-04-30"})  # fmt: skip
    people = {"lead": ["a"], "tracker": ["b"], "supervisor": ["c"]}
    assigned = go(m, state, "assign", by("s", "secretary"), {"parties": people})
    assert assigned.clocks["act"].due_at == at("2024-04-30 18:00")


def test_a_ladder_is_entered_at_any_rung_and_never_goes_down() -> None:
    m = shipped("yiwang_sanbu_wuqin")
    state = State(step="acting", parties={"supervisor": ("c",)})
    supervisor = by("c", "resident", "supervisor")
    raised = go(m, state, "raise", supervisor, {"reason": "拖延", "rung": 2})
    assert raised.rung == {"late_work": 2}
    assert codes(m, raised, "raise", supervisor, {"reason": "x", "rung": 1}) == {"rung"}
    assert go(m, raised, "instruct", by("s", "secretary"), {"measure": "限期办结"}).counts["instruct"] == 1
    assert codes(m, state, "instruct", by("s", "secretary"), {"measure": "限期办结"}) == {"role"}


def test_repeats_enter_the_ladder_at_once() -> None:
    m = shipped("yiwang_sanbu_wuqin")
    assert go(m, None, "report", ANYONE, {"text": "x", "repeats": 1}).rung == {}
    assert go(m, None, "report", ANYONE, {"text": "x", "repeats": 2}).rung == {"late_work": 2}


def test_privacy_is_decided_case_by_case() -> None:
    m = shipped("yiwang_sanbu_wuqin")
    assert is_private(m, go(m, None, "report", ANYONE, {"text": "x", "category": "dispute"}))
    assert not is_private(m, go(m, None, "report", ANYONE, {"text": "x", "category": "facility"}))


def test_closed_solved_and_refused_are_told_apart_to_the_public() -> None:
    m = shipped("yiwang_sanbu_wuqin")
    state = go(m, None, "report", ANYONE, {"text": "x"})
    refused = go(m, state, "refuse", by("s", "secretary"), {"answer": "不属社区职责", "reason": "见清单"})
    assert m.outcomes[refused.outcome].result == "refused"
    assert public_words(m, refused) == "不办理，已说明原因"
    assert public_words(m, state, "en") == "Received, being looked into"


def test_a_meeting_s_action_is_refused_to_everybody_else() -> None:
    m = shipped("yiwang_sanbu_wuqin")
    assert codes(m, State(step="grid_agenda"), "grid_resolve", by("s", "secretary", "grid_leader")) == {"role"}


def test_merging_says_into_which_matter_and_stops_the_clocks() -> None:
    m = shipped("yiwang_sanbu_wuqin")
    state = go(m, None, "report", ANYONE, {"text": "x"})
    assert codes(m, state, "merge", by("s", "secretary")) == {"into"}
    merged = go(m, state, "merge", by("s", "secretary"), {"into": "other"})
    assert (merged.outcome, merged.is_open) == ("merged", False)
    assert all(clock.stopped_at for clock in merged.clocks.values())


def test_replaying_events_gives_the_same_state() -> None:
    m = method()
    events = [
        Event("report", START, ANYONE, {"text": "x", "parties": {"reporter": ["r"]}}),
        Event("assign", START, BOSS, {"parties": {"lead": ["a"], "watcher": ["b"]}}),
        Event("finish", START, LEAD, {}),
    ]
    assert replay(m, events) == go(m, doing(m), "finish", LEAD)


def test_a_method_nobody_thought_of_runs_without_new_code() -> None:
    loaded = load(
        small(
            ("  checking:\n    标题: {zh: 验收, en: Checking}", "  checking:\n    标题: 三方会看\n    说明: 邻居也来")
        )
    )
    assert loaded.ok
    assert loaded.method is not None
    assert loaded.method.steps["checking"].title.zh == "三方会看"
