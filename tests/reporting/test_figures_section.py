"""The figures section: read in both languages, everything wrong told with its line; the three rates of 接诉即办."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bihuan.library
from bihuan.methods.api import (
    By,
    ClockState,
    Condition,
    Event,
    Method,
    Outcome,
    State,
    decide,
    diff,
    initial,
    load,
    standing,
    tables,
)
from bihuan.reporting.figures.definitions import compiled, definitions, standard
from bihuan.reporting.figures.measures import contributions
from bihuan.reporting.figures.section import Figures

LIBRARY = Path(bihuan.library.__file__).parent
BASE = (LIBRARY / "jiesu_jiban" / "method.yaml").read_text(encoding="utf-8").partition("\n指标:")[0]
OWN = """
指标:
  主时限: settle
  响应时限: [contact]
  项目:
    urgent: {标题: {zh: 紧急诉求, en: Urgent}, 归月: 办结, 当: 'urgency == "urgent" && !is_open'}
    urgent_in_time: {标题: {zh: 按期, en: In time}, 归月: 办结, 当: 'urgency == "urgent" && clocks.settle.in_time'}
    left_out: {标题: {zh: 剔除, en: Left out}, 归月: 办结, 当: 'outcome == "excluded"', 理由: exclude}
    urgent_rate: {标题: {zh: 紧急按期率, en: Rate}, 分子: urgent_in_time, 分母: urgent, 剔除: [left_out]}
    people: {标题: {zh: 涉及人数}, 合计: people_affected}
    hours: {标题: {zh: 用时}, 归月: 办结, 用时: 工作时}
    answers: {标题: {zh: 答复次数}, 次数: [answer, return]}
"""
START = datetime(2024, 4, 1, 1, 0, tzinfo=UTC)


def method(own: str = OWN) -> Method:
    loaded = load(BASE + own)
    assert loaded.problems == []
    assert loaded.method is not None
    return loaded.method


def test_the_section_is_read_in_chinese_and_in_english_alike() -> None:
    english = OWN
    for zh, en in {
        "指标:": "figures:", "主时限": "limit", "响应时限": "response", "项目": "items", "标题": "title",
        "归月: 办结": "month: closed", "当:": "when:", "理由": "reason", "分子": "numerator", "分母": "denominator",
        "剔除:": "excluded:", "合计": "sum", "用时: 工作时": "duration: work_hours", "次数:": "times:",
    }.items():  # fmt: skip
        english = english.replace(zh, en)
    one, other = method().section("figures"), method(english).section("figures")
    assert isinstance(one, Figures)
    assert one == other
    assert one.items["hours"].duration == "work_hours"
    assert one.response == ["contact"]


@pytest.mark.parametrize(
    ("old", "new", "code", "word"),
    [
        ("主时限: settle", "主时限: nothing", "unknown-clock", "nothing"),
        ("[contact]", "[contact, none]", "unknown-clock", "none"),
        ("    urgent:", "    Urgent:", "bad-key", "Urgent"),
        ("    people:", "    collected:", "figure-standard", "collected"),
        ("    people:", "    followed_up:", "figure-standard", "归月"),
        ("合计: people_affected", "合计: title", "unknown-field", "title"),
        ("合计: people_affected", "合计: people_affected, 次数: [answer]", "figure-kind", "合计"),
        ("[answer, return]", "[shout]", "unknown-action", "shout"),
        ("归月: 办结, 用时", "用时", "figure-month", "办结"),
        ("分子: urgent_in_time", "分子: urgent_rate", "unknown-figure", "urgent_rate"),
        ("分子: urgent_in_time", "分子: nothing", "unknown-figure", "nothing"),
        ("分子: urgent_in_time", "分子: people", "figure-month", "归月"),
        (", 理由: exclude", "", "figure-reason", "理由"),
        ("理由: exclude", "理由: answer", "figure-reason", "answer"),
        ("剔除: [left_out]}", "剔除: [left_out], 当: 'is_open'}", "figure-kind", "分子"),
        ("clocks.settle.in_time", "clocks.settled.in_time", "condition-unknown-variable", "settled"),
        ('outcome == "excluded"', 'outcome == "exclude"', "condition-option", "exclude"),
        ("!is_open", "is_open == 1", "condition-type", "是否"),
        ("'urgency ==", "'fields.text ==", "condition-personal", "个人"),
        ("'urgency ==", "'fields.answer ==", "figure-text", "清除"),
        ('outcome == "excluded"', "counts.exclude", "condition-not-boolean", "是"),
    ],
)
def test_each_mistake_is_told_at_its_line(old: str, new: str, code: str, word: str) -> None:
    assert old in OWN
    text = BASE + OWN.replace(old, new, 1)
    found = [problem for problem in load(text).problems if problem.code == code]
    assert found, [(problem.code, problem.message) for problem in load(text).problems]
    assert word in found[0].message + found[0].mend
    assert found[0].message_en
    assert found[0].line > BASE.count("\n")


def test_a_changed_figure_stands_in_the_comparison_and_in_the_drawing() -> None:
    one, other = method(), method(OWN.replace("紧急按期率", "紧急诉求按期率"))
    assert any("紧急诉求按期率" in change.text() for change in diff(one, other))
    drawn = [table for table in tables(one, "zh") if table.key == "figures"]
    rows = dict(drawn[0].rows)
    assert rows["urgent_rate"] == ("紧急按期率", "办结", "按期 ÷ 紧急诉求（剔除：剔除）")
    assert [table for table in tables(one, "en") if table.key == "figures"][0].head == ("Figure", "Month of", "How")


def played(used: Method, *acts: tuple[str, str, dict[str, Any]]) -> State:
    at = START
    by = By("p", frozenset({"hotline_operator", "anyone"}))
    result = initial(used, Event("record", at, by, {"text": "路灯", "category": "other", "urgency": "normal"}))
    for role, action, data in acts:
        assert isinstance(result, Outcome), result
        at += timedelta(hours=1)
        result = decide(used, result.state, Event(action, at, By(role, frozenset({role})), data))
    assert isinstance(result, Outcome), result
    return result.state


DISPATCH = (
    "dispatcher", "dispatch",
    {"kind": "complaint", "category": "other", "urgency": "urgent", "parties": {"first_unit": ["u"]}},
)  # fmt: skip
CONTACT: tuple[str, str, dict[str, Any]] = ("first_unit", "contact", {})
ANSWER = ("first_unit", "answer", {"answer": "修好了"})


def counted(state: State, used: Method | None = None) -> dict[str, int]:
    used = used or load((LIBRARY / "jiesu_jiban" / "method.yaml").read_text(encoding="utf-8")).method
    assert used is not None
    return {key: added.amount for key, added in contributions(compiled(used), state).items()}


@pytest.fixture
def used() -> Method:
    found = load((LIBRARY / "jiesu_jiban" / "method.yaml").read_text(encoding="utf-8")).method
    assert found is not None
    return found


def test_a_call_counts_in_the_three_rates_by_what_the_follow_up_found(used: Method) -> None:
    asked = ("third_party_visitor", "follow_up", {"solved": True, "satisfied": "dissatisfied"})
    got = counted(played(used, DISPATCH, CONTACT, ANSWER, asked))
    assert got["dispatched"] == got["responded_in_time"] == 1
    assert got["solved_rate.d"] == got["solved_rate.n"] == got["satisfied_rate.d"] == 1
    assert "satisfied_rate.n" not in got
    assert "solved_rate.x.follow_up_excluded" not in got


def test_what_is_left_out_with_consent_is_in_neither_part_of_a_rate(used: Method) -> None:
    asked = ("third_party_visitor", "exclude", {"reason": "恶意投诉"})
    waiting = counted(played(used, DISPATCH, CONTACT, ANSWER, asked))
    assert "followed_up" not in waiting  # nobody has consented yet
    got = counted(played(used, DISPATCH, CONTACT, ANSWER, asked, ("supervisor_office", "exclude.grant", {})))
    assert got["solved_rate.x.follow_up_excluded"] == got["satisfied_rate.x.follow_up_excluded"] == 1
    assert "solved_rate.d" not in got
    assert got["responded_in_time"] == 1


def test_what_is_still_open_counts_in_no_rate_of_the_follow_up(used: Method) -> None:
    asked = ("third_party_visitor", "follow_up", {"solved": False, "satisfied": "dissatisfied"})
    got = counted(played(used, DISPATCH, CONTACT, ANSWER, asked))
    assert "followed_up" not in got
    assert got["due"] == 1
    assert "settled_in_time" not in got


def test_a_return_is_counted_each_time(used: Method) -> None:
    back = ("first_unit", "hand_back", {"reason": "不属本单位", "dispatch_quality": "wrong"})
    got = counted(played(used, DISPATCH, back, DISPATCH, back))
    assert got["returned"] == 2


def test_every_standard_figure_has_both_titles_and_parts_that_are_there() -> None:
    known = standard().items
    for key, spec in known.items():
        assert spec.title.en, key
    for key, one in definitions().items():
        assert one.measures, key
        if one.kind == "rate":
            assert known[known[key].numerator].month == known[known[key].denominator].month
    assert {"settlement_rate", "in_time_rate", "response_rate", "solved_rate", "satisfied_rate"} <= set(definitions())


FIGURE_TERMS = [
    "is_open", "!is_open", 'outcome == "solved"', 'outcome != "excluded"', 'outcome_class == "substantive"',
    'outcome_result != "merged"', "limit.in_time", "!limit.late", "response.set", "clocks.settle.in_time",
    "clocks.contact.late", "!clocks.settle.set", "counts.follow_up > 0",
]  # fmt: skip
ENDS = st.sampled_from(["", "solved", "answered", "excluded", "unsolved"])
STOOD = st.sampled_from(["", "running", "kept", "passed"])


def _clock(stood: str) -> ClockState | None:
    ended = START if stood in {"kept", "passed"} else None
    return ClockState(START, START, None, ended, 0, stood == "passed") if stood else None


@given(
    st.lists(st.sampled_from(FIGURE_TERMS), min_size=1, max_size=3),
    st.sampled_from([" && ", " || "]),
    ENDS,
    STOOD,
    STOOD,
)
def test_what_figures_ask_is_worked_out_quickly_as_cel_says(
    terms: list[str], by: str, outcome: str, settle: str, contact: str
) -> None:
    found = {key: clock for key, clock in (("settle", _clock(settle)), ("contact", _clock(contact))) if clock}
    state = State(step="handling", is_open=not outcome, outcome=outcome, clocks=found, counts={"follow_up": 1})
    extra = {"limit": standing(found.get("settle")), "response": standing(found.get("contact"))}
    condition, one = Condition(by.join(terms)), _jiesu()
    assert condition.holds(one, state, extra) == condition.by_cel(one, state, extra)


@cache
def _jiesu() -> Method:
    return method()
