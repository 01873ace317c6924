"""The type checker of conditions, expression by expression."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.methods.api import Condition, State
from bihuan.methods.validator.celtypes import Checker
from bihuan.methods.validator.conditions import variables

from .samples import method, shipped

GOOD = [
    "fields.cost > 1.0",
    "fields.cost > 1",
    "fields.people_affected + 1 >= 3",
    "category == 'a'",
    'fields.category in ["a", "b"]',
    '"cost" in given',
    "size(given) > 2",
    "counts.finish >= 2 && rung.up == 0",
    'counts["step:doing"] > 1',
    "size(parties.lead) == 1",
    "parties.lead.size() == 1",
    "!(urgency == 'urgent') || step == 'doing'",
    "fields.people_affected > 1 ? true : false",
    "parties.watcher.exists(p, p == 'x')",
    "double(fields.people_affected) * 1.5 > 3.0",
    "category == ''",
    "true",
]
BAD = [
    ("fields.nothing == 1", "unknown-variable"),
    ("nothing", "unknown-variable"),
    ("now > 3", "unknown-variable"),
    ("fields.cost == 'x'", "type"),
    ("category == 1", "type"),
    ("category > 1", "type"),
    ("category == 'zzz'", "option"),
    ("category in ['a', 'zzz']", "option"),
    ("step == 'nowhere'", "option"),
    ("fields.people_affected * 1.5 > 3.0", "type"),
    ("fields.people_affected && true", "type"),
    ("!fields.cost", "type"),
    ("size(fields.cost) > 1", "type"),
    ("has(fields.cost)", "has"),
    ("matches(category)", "unknown-function"),
    ("category.lower() == 'a'", "unknown-function"),
    ("counts.nothing > 1", "unknown-variable"),
    ("parties.nobody == []", "unknown-variable"),
    ("result.carried", "unknown-variable"),
    ("category.foo == 'a'", "type"),
    ("'a' in category", "type"),
    ("given > 3", "type"),
    ("fields.cost >", "cel"),
    ("文字", "cel"),
    ("parties.lead.all(p, 1)", "type"),
]


@pytest.mark.parametrize("source", GOOD)
def test_a_sound_condition_has_no_flaw_and_can_be_evaluated(source: str) -> None:
    checker = Checker(variables(method()))
    assert checker.run(source).kind == "bool"
    assert checker.flaws == []
    assert Condition(source).holds(method(), State(step="new")) in {True, False}


@pytest.mark.parametrize(("source", "code"), BAD)
def test_a_flaw_is_found_and_said_in_both_languages(source: str, code: str) -> None:
    checker = Checker(variables(method()))
    checker.run(source)
    assert code in {flaw.code for flaw in checker.flaws}
    assert all(flaw.zh and flaw.en for flaw in checker.flaws)


def test_a_meeting_s_result_is_known_only_where_a_meeting_acts() -> None:
    assert Checker(variables(method(), result=True)).run("result.carried && result.votes > 3").kind == "bool"


def test_what_is_not_filled_counts_as_empty() -> None:
    m, empty = method(), State(step="new")
    for source in (
        "fields.cost == 0.0",
        "category == ''",
        "fields.people_affected == 0",
        "size(parties.lead) == 0",
        "rung.up == 0",
    ):
        assert Condition(source).holds(m, empty), source


def test_a_condition_reads_what_stands_in_the_state() -> None:
    m = shipped("yiwang_sanbu_wuqin")
    state = State(
        step="acting",
        fields={"category": "dispute", "text": None},
        counts={"extend": 2},
        parties={"lead": ("x",)},
        rung={"late_work": 1},
    )
    assert Condition("category == 'dispute' && counts.extend == 2 && 'text' in given").holds(m, state)
    assert Condition("parties.lead[0] == 'x' && rung.late_work > 0").holds(m, state)
    assert not Condition("result.carried").holds(m, state)
    assert Condition("result.carried").holds(m, state, {"carried": True})


TERMS = [
    "fields.cost >= 1.5", "fields.cost > 1", "fields.people_affected < 3", "category == 'a'", 'urgency != "urgent"',
    "counts.finish == 2", "rung.up > 0", "size(parties.lead) == 1", "step == 'doing'", "fields.category == ''",
    "result.carried", "fields.nothing == 1", "fields.people_affected == 'x'", "true", "!(category == 'b')",
]  # fmt: skip
VALUES = st.sampled_from([None, "a", "b", "urgent", "", 0, 1, 2, 3, 1.5, 2.0, True])


@given(
    st.lists(st.sampled_from(TERMS), min_size=1, max_size=3),
    st.sampled_from([" && ", " || "]),
    st.dictionaries(st.sampled_from(["category", "urgency", "people_affected"]), VALUES),
    st.sampled_from([None, 0, 1, 1.5, 2.0]),
    st.integers(0, 3),
    st.sampled_from([None, {}, {"carried": True}, {"carried": False}]),
)
def test_what_is_worked_out_quickly_is_what_cel_says(
    terms: list[str], by: str, fields: dict[str, object], cost: float | None, count: int, result: dict[str, bool] | None
) -> None:
    state = State(
        step="doing" if count else "new",
        fields={**fields, "cost": cost},
        counts={"finish": count},
        rung={"up": count % 2},
        parties={"lead": ("x",) * count},
    )
    condition = Condition(by.join(terms))
    assert condition.holds(method(), state, result) == condition.by_cel(method(), state, result)
