"""Running totals (累加): what is given is added up by the engine, exactly, and nobody types a total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.methods.api import Event, Outcome, Refusals, decide, state_from_json, state_to_json

from .samples import assert_told, at, by, method, short
from .test_engine import LEAD, doing, go

PAY = """      pay:
        标题: {zh: 付款, en: Pay}
        性质: 措施
        由: lead
        填写: {cost: 可填}
        累加: {total: cost}
      finish:
"""
TOTAL = ("  cost: {标题: 花费, 类型: 小数}\n", "  cost: {标题: 花费, 类型: 小数}\n  total: {标题: 累计, 类型: 小数}\n")
PAYS = ("      finish:\n", PAY)


def test_what_is_given_is_added_to_the_total_and_the_last_one_stays_beside_it() -> None:
    m = method(TOTAL, PAYS)
    state = doing(m)
    assert "total" not in state.fields
    for cost in (0.1, 0.2, 35):
        state = go(m, state, "pay", LEAD, {"cost": cost})
    assert (state.fields["cost"], state.fields["total"]) == (35, 35.3)
    assert state_from_json(state_to_json(state)) == state


def test_an_act_without_a_number_leaves_the_total_as_it_is_and_a_negative_one_takes_back() -> None:
    m = method(TOTAL, PAYS)
    state = go(m, doing(m), "pay", LEAD, {"cost": 12.5})
    assert go(m, state, "pay", LEAD).fields["total"] == 12.5
    assert go(m, state, "pay", LEAD, {"cost": -12.5}).fields["total"] == 0


@given(st.lists(st.decimals(-1_000_000, 1_000_000, places=2), max_size=12))
def test_a_total_is_the_sum_that_a_person_would_write_down(costs: list[Decimal]) -> None:
    m = method(TOTAL, PAYS)
    state = doing(m)
    for cost in costs:
        state = go(m, state, "pay", LEAD, {"cost": float(cost)})
    assert Decimal(str(state.fields.get("total", 0))) == sum(costs, Decimal(0))


def test_what_is_asked_for_is_added_when_it_is_granted_and_not_before() -> None:
    m = method(TOTAL, (PAYS[0], PAY.replace("        填写", "        须经同意: boss\n        填写")))
    asked = go(m, doing(m), "pay", LEAD, {"cost": 8})
    assert "total" not in asked.fields
    assert go(m, asked, "pay.grant", by("b", "boss")).fields["total"] == 8


@pytest.mark.parametrize("cost", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_no_amount(cost: float) -> None:
    m = method(TOTAL, PAYS)
    found = decide(m, doing(m), Event("pay", at("2024-04-09 09:00"), LEAD, {"cost": cost}))
    assert isinstance(found, Refusals)
    assert [reason.code for reason in found.reasons] == ["type"]
    assert not isinstance(found, Outcome)


BAD = [
    ("unknown-reference", "累加: {total: price}", "price"),
    ("unknown-reference", "累加: {totl: cost}", "是不是“total”"),
    ("adds-type", "累加: {category: cost}", "加不到“类别”上"),
    ("adds-type", "累加: {people_affected: cost}", "加不到“人数”上"),
    ("adds-given", "累加: {total: people_affected}", "要填“人数”，不填"),
    ("adds-given", "累加: {cost: cost}", "是加出来的"),
]


@pytest.mark.parametrize(("code", "line", "said"), BAD, ids=short)
def test_a_total_that_cannot_be_is_told(code: str, line: str, said: str) -> None:
    key = line.removeprefix("累加: {").partition(":")[0]
    text = PAY.replace("累加: {total: cost}", line)
    assert_told(code, (PAYS[0], text), line, f"steps.doing.actions.pay.adds.{key}", said, TOTAL)
