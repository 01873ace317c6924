"""The day: what one person goes to, in walking order, with what is open there and what they may do."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork import today
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


def test_the_day_takes_as_many_statements_as_it_says_however_much_is_open(town: Town) -> None:
    for number in range(30):
        report(town, f"第{number}处路灯不亮", BUILDINGS[number % 6])
    for number in range(6):
        town.visit(area_code=BUILDINGS[number], id=new_id())
    actor = town.actor()
    fieldwork.day(actor)
    day = statements(lambda: fieldwork.day(actor), today.STATEMENTS)
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


def households(town: Town, many: int) -> list[Place]:
    return Place.objects.bulk_create(
        Place(id=new_id(), area_code=BUILDINGS[n % 6], kind="wall", name=f"{n}号墙", head_hash=bytes(32))
        for n in range(many)
    )


def test_what_presses_most_comes_along_and_the_rest_is_counted(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    walls = households(town, 20)
    for wall in walls[:18]:
        town.visit(round="walls", id=new_id(), area_code="", place_id=wall.pk, together=())
    actor = town.actor()
    whole = fieldwork.day(actor)
    assert (len(whole.targets), whole.more_targets, whole.more_areas) == (28, 0, 0)
    monkeypatch.setattr(today, "MOST_TARGETS", 10)
    day = fieldwork.day(actor)
    assert (len(day.targets), day.more_targets) == (10, 18)
    assert {target.target for target in day.targets} == {one.target for one in whole.targets if one.due}
    assert [target.order for target in day.targets] == list(range(1, 11))
    for name in ("walls", "patrol"):
        turns = [one.order for target in day.targets for one in target.standings if one.round == name]
        assert sorted(turns) == list(range(1, len(turns) + 1))
    monkeypatch.setattr(today, "MOST_PLACES", 4)  # more than are looked at: counted by the database
    day = statements(lambda: fieldwork.day(actor), today.STATEMENTS + 2)
    assert (len(day.targets), day.more_targets) == (10, 18)
    assert {one.place_id for one in day.targets if one.place_id} == {
        *(wall.pk for wall in town.walls),
        *(wall.pk for wall in walls[18:]),
    }


def test_areas_that_do_not_come_along_are_counted(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(today, "MOST_AREAS", 5)
    day = fieldwork.day(town.actor())
    assert (len(day.areas), day.more_areas) == (5, 2)
    assert sum(target.kind == "area" for target in day.targets) == 6


def test_the_doors_of_a_building_follow_each_other_as_people_count(town: Town) -> None:
    names = ["10单元101", "2单元201", "2单元1001"]
    for code in (BUILDINGS[0], BUILDINGS[3]):
        for name in names:
            Place.objects.create(id=new_id(), area_code=code, kind="wall", name=name, head_hash=bytes(32))
    places = [(one.area_code, one.name) for one in fieldwork.day(town.actor()).targets if one.name in names]
    doors = ["2单元201", "2单元1001", "10单元101"]
    assert places == [(code, name) for code in (BUILDINGS[0], BUILDINGS[3]) for name in doors]
