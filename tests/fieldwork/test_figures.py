"""What was found, by kind, place and week; what was met twice; how many acts there were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from bihuan.fieldwork import api as fieldwork
from bihuan.kernel.api import new_id
from bihuan.matters.models import Matter
from tests.fieldwork.rounds import BOTH, BUILDINGS, COMMUNITY, MONDAY, OTHER, Town, build
from tests.matters.test_statements import statements

SINCE, UNTIL = MONDAY.date(), MONDAY.date() + timedelta(days=20)


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    town = build()
    with town.at(days=10):
        yield town


def find(town: Town, day: int, building: int, category: str, join: object = None) -> fieldwork.Found:
    visit = town.visit(round="", id=new_id(), happened_at=MONDAY + timedelta(days=day), area_code=BUILDINGS[building])
    return fieldwork.record_finding(
        actor=town.actor(),
        id=new_id(),
        visit_id=visit.visit_id,
        text=f"第{day}天的问题",
        category=category,
        join=join,  # type: ignore[arg-type]
    )


def test_findings_are_summed_by_kind_place_and_week(town: Town) -> None:
    find(town, 0, 0, "facility")
    first = find(town, 1, 1, "facility")
    find(town, 8, 1, "", join=first.matter_id)
    find(town, 8, 0, "")
    Matter.objects.filter(category="").update(is_open=False)
    actor = town.actor("secretary")

    def by(how: str) -> list[tuple[str, str, int, int, int]]:
        rows = statements(lambda: fieldwork.findings_by(actor, COMMUNITY, SINCE, UNTIL, how), 5)  # type: ignore[arg-type]
        return [(row.key, row.title, row.found, row.joined, row.open) for row in rows]

    assert by("kind") == [("facility", "公共设施", 3, 1, 3), ("", "未分类", 1, 0, 0)]
    assert by("place") == [(BUILDINGS[0], "1号楼", 2, 0, 1), (BUILDINGS[1], "2号楼", 2, 1, 2)]
    assert by("period") == [("2024-03-11", "2024-03-11", 2, 0, 2), ("2024-03-18", "2024-03-18", 2, 1, 1)]
    assert fieldwork.findings_by(actor, COMMUNITY, SINCE, SINCE)[0].found == 1


def test_what_two_visits_met_is_found_twice(town: Town) -> None:
    first = find(town, 0, 0, "facility")
    find(town, 1, 1, "facility")
    find(town, 5, 0, "", join=first.matter_id)
    actor = town.actor("secretary")
    found = statements(lambda: fieldwork.found_twice(actor, COMMUNITY, SINCE, UNTIL), 4)
    assert [(row.matter_id, row.times, row.area_name, row.is_open) for row in found] == [
        (first.matter_id, 2, "1号楼", True)
    ]
    assert (found[0].first_at, found[0].last_at) == (MONDAY, MONDAY + timedelta(days=5))
    assert found[0].display_number == first.display_number


def test_figures_of_findings_need_the_right_to_read_visits(town: Town) -> None:
    for key in ("worker", "outsider"):
        with pytest.raises(PermissionDenied):
            fieldwork.findings_by(town.actor(key), COMMUNITY, SINCE, UNTIL)
        with pytest.raises(PermissionDenied):
            fieldwork.found_twice(town.actor(key), COMMUNITY, SINCE, UNTIL)


def test_acts_are_the_visits_that_count_in_the_period_and_the_area(town: Town) -> None:
    town.visit(id=new_id(), happened_at=MONDAY)
    town.visit(id=new_id(), happened_at=MONDAY + timedelta(days=7))
    town.visit(id=new_id(), happened_at=MONDAY, area_code=BUILDINGS[1], together=BOTH[:1])  # alone
    town.visit(id=new_id(), round="walls", area_code="", place_id=town.walls[0].pk, together=())
    town.visit(id=new_id(), round="")
    acts = statements(lambda: fieldwork.acts_by_plan(COMMUNITY, SINCE, UNTIL), 1)
    assert acts == {"rounds.patrol": 2, "rounds.walls": 1}
    assert fieldwork.acts_by_plan(COMMUNITY, SINCE, SINCE) == {"rounds.patrol": 1}
    assert fieldwork.acts_by_plan(OTHER, SINCE, UNTIL) == {}
