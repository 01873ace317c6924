"""The day: what one person goes to, in walking order, with what is open there and what they may do."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Place
from bihuan.kernel.api import clock, new_id
from bihuan.matters import api as matters
from bihuan.people.api import ANONYMOUS
from tests.fieldwork.rounds import BUILDINGS, Town, build
from tests.matters.test_statements import statements


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    town = build()
    with town.at():
        yield town


def report(town: Town, text: str = "路灯不亮", code: str = BUILDINGS[0]) -> matters.Reported:
    return matters.report(actor=town.actor("resident"), id=new_id(), text=text, area_code=code)


def test_a_grid_worker_sees_their_rounds_places_and_forms(town: Town) -> None:
    day = fieldwork.day(town.actor())
    assert [plan.round for plan in day.plans] == ["patrol", "walls", "census"]
    patrol = day.plans[0]
    assert (patrol.role, patrol.stands_in, patrol.levels, patrol.together_rule) == ("grid_worker", False, (1,), "all")
    assert [role for role, _title in patrol.together] == ["property", "police"]
    assert [(item.key, item.category, item.urgency) for item in patrol.checklist] == [
        ("exits", "safety", "urgent"),
        ("walls", "", ""),
    ]
    assert patrol.since == datetime.datetime(2024, 3, 11, tzinfo=clock.ZONE)
    assert patrol.until == datetime.datetime(2024, 3, 18, tzinfo=clock.ZONE)
    assert {target.kind for target in day.targets} == {"area", "wall"}
    assert len(day.targets) == 8
    assert [target.order for target in day.targets] == list(range(1, 9))
    assert all(target.due for target in day.targets)
    assert BUILDINGS[0] in {area.code for area in day.areas}
    assert [form.default for form in day.forms] == [True]
    assert {choice.key for choice in day.forms[0].urgencies} >= {"normal", "urgent"}


def test_what_was_covered_is_not_due_any_more(town: Town) -> None:
    town.visit()
    day = fieldwork.day(town.actor())
    first = next(target for target in day.targets if target.target == BUILDINGS[0])
    assert {one.round: one.state for one in first.standings} == {"patrol": "done", "census": "done"}
    assert not first.due


def test_a_worker_of_one_building_sees_that_one(town: Town) -> None:
    day = fieldwork.day(town.actor("worker2"))
    assert {target.area_code for target in day.targets} == {BUILDINGS[1]}


def test_a_deputy_sees_that_they_stand_in(town: Town) -> None:
    day = fieldwork.day(town.actor("leader"))
    plans = {plan.round: plan for plan in day.plans}
    assert plans["patrol"].stands_in
    assert (plans["census"].stands_in, plans["census"].levels) == (False, (2,))
    first = next(target for target in day.targets if target.target == BUILDINGS[0])
    assert {(one.round, one.level, one.state) for one in first.standings} == {
        ("patrol", 1, "due"),
        ("census", 2, "after_level"),
    }


def test_open_matters_come_along_with_what_may_be_done_there(town: Town) -> None:
    done = report(town)
    day = fieldwork.day(town.actor())
    assert [(one.matter_id, one.version, one.area_name) for one in day.matters] == [(done.matter_id, 1, "1号楼")]
    assert "triage" in {offer.action for offer in day.matters[0].offers}
    assert day.matters[0].display_number == done.display_number
    assert not day.more_matters


def test_what_may_not_be_seen_does_not_come_along(town: Town) -> None:
    report(town)
    assert fieldwork.day(town.actor("volunteer")).matters == ()
    assert fieldwork.day(town.actor("outsider")).matters == ()
    with pytest.raises(PermissionDenied):
        fieldwork.day(ANONYMOUS)


def test_somebody_without_a_post_has_an_empty_day(town: Town) -> None:
    day = fieldwork.day(town.actor("resident"))
    assert (day.plans, day.targets, day.matters, day.areas, day.forms) == ((), (), (), (), ())


def test_the_day_takes_at_most_twelve_statements_however_much_is_open(town: Town) -> None:
    for number in range(30):
        report(town, f"第{number}处路灯不亮", BUILDINGS[number % 6])
    for number in range(6):
        town.visit(area_code=BUILDINGS[number], id=new_id())
    actor = town.actor()
    fieldwork.day(actor)
    day = statements(lambda: fieldwork.day(actor), 8)
    assert len(day.matters) == 30


def test_each_round_is_walked_for_itself_and_not_from_where_another_ends(town: Town) -> None:
    Place.objects.filter(pk=town.walls[0].pk).update(order=1)  # somebody said: the wall first, of all there is
    day = fieldwork.day(town.actor())
    assert next(target for target in day.targets if target.order == 1).place_id == town.walls[0].pk
    turns = {
        target.area_code: standing.order
        for target in day.targets
        for standing in target.standings
        if standing.round == "patrol"
    }
    assert turns == {code: turn for turn, code in enumerate(BUILDINGS, start=1)}
