"""Whatever visits there are, in whatever order they arrive: what counts, and what is covered, is the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Coverage, Visit
from bihuan.kernel.api import new_id
from tests.fieldwork.rounds import BOTH, BUILDINGS, MONDAY, Town, build

ROUNDS = ("patrol", "census")
KEYS = {("patrol", "worker"), ("patrol", "leader"), ("census", "worker"), ("census", "cadre")}
ONE = st.tuples(
    st.sampled_from(sorted(KEYS)),
    st.integers(0, 20),  # days after the first Monday
    st.sampled_from(BUILDINGS[:2]),
    st.booleans(),  # with both companions
)


@pytest.fixture
def town(db: None) -> Town:
    return build()


def outcome(town: Town, visits: list[Any], order: list[int]) -> tuple[Any, ...]:
    """Record visits in an order, some together; return what counts and what is covered."""
    Visit.objects.all().delete()
    Coverage.objects.all().delete()
    with town.at(days=40):
        for number in order:
            (name, who), days, building, company = visits[number]
            town.visit(
                who,
                id=new_id(),
                round=name,
                area_code=building,
                happened_at=MONDAY + timedelta(days=days, minutes=number),
                together=BOTH if company else (),
            )
    counted = Visit.objects.order_by("happened_at").values_list("happened_at", "counted", "not_counted")
    covered = Coverage.objects.order_by("round", "level", "target").values_list("round", "level", "target", "last_at")
    return list(counted), list(covered)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), visits=st.lists(ONE, min_size=2, max_size=6))
def test_the_order_of_arrival_changes_nothing(town: Town, data: st.DataObject, visits: list[Any]) -> None:
    plain = sorted(range(len(visits)), key=lambda number: (visits[number][1], number))
    order = data.draw(st.permutations(range(len(visits))))
    assert outcome(town, visits, list(order)) == outcome(town, visits, plain)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(visits=st.lists(ONE, min_size=2, max_size=6), back=st.integers(0, 5))
def test_a_visit_taken_back_leaves_what_the_others_alone_would_have(town: Town, visits: list[Any], back: int) -> None:
    back %= len(visits)
    without = [number for number in range(len(visits)) if number != back]
    expected = outcome(town, visits, without)
    outcome(town, visits, list(range(len(visits))))
    (_name, who), days, _building, _company = visits[back]
    visit = Visit.objects.get(happened_at=MONDAY + timedelta(days=days, minutes=back))
    with town.at(days=40):
        fieldwork.correct_visit(
            actor=town.actor(who), visit_id=visit.pk, entry_id=new_id(), reason="记错了", changes={"withdrawn": True}
        )
    counted = Visit.objects.filter(withdrawn=False).order_by("happened_at")
    covered = Coverage.objects.order_by("round", "level", "target")
    assert list(counted.values_list("happened_at", "counted", "not_counted")) == expected[0]
    assert list(covered.values_list("round", "level", "target", "last_at")) == expected[1]
