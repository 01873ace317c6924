"""A finding becomes a matter, or joins one that is open there; sent twice it is one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Finding, Visit
from bihuan.kernel.api import BadInput, Conflict, Refused, new_id, verify
from bihuan.kernel.models import Entry
from bihuan.matters import api as matters
from bihuan.matters.models import Matter
from tests.fieldwork.rounds import BUILDINGS, Town, build


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    town = build()
    with town.at():
        yield town


def find(town: Town, visit: fieldwork.RecordedVisit, key: str = "worker", **more: object) -> fieldwork.Found:
    given = {"id": new_id(), "text": "安全出口堆放杂物", "visit_id": visit.visit_id} | more
    return fieldwork.record_finding(actor=town.actor(key), **given)  # type: ignore[arg-type]


def report(town: Town, code: str = BUILDINGS[0]) -> matters.Reported:
    return matters.report(actor=town.actor("resident"), id=new_id(), text="路灯不亮", area_code=code)


def test_a_finding_becomes_a_matter_where_the_visit_was(town: Town) -> None:
    visit = town.visit(checklist={"exits": "bad"}, result="found")
    found = find(town, visit, item="exits")
    matter = Matter.objects.get()
    assert (found.matter_id, found.number, found.joined, found.created) == (matter.pk, matter.number, False, True)
    assert matter.pk == found.finding_id
    assert (matter.area_code, matter.channel, matter.category, matter.urgency) == (
        BUILDINGS[0],
        "patrol",
        "safety",
        "urgent",
    )
    assert matter.happened_at == Visit.objects.get().happened_at
    assert Finding.objects.get().item == "exits"
    assert Visit.objects.get().findings_count == 1
    assert [e.verb for e in Entry.objects.filter(subject_type="visit").order_by("seq")] == [
        "visit.recorded",
        "visit.found",
    ]
    assert verify().ok


def test_what_somebody_says_goes_before_what_the_round_says(town: Town) -> None:
    find(town, town.visit(), item="exits", category="environment", urgency="normal", title="楼道杂物")
    matter = Matter.objects.get()
    assert (matter.category, matter.urgency, matter.title) == ("environment", "normal", "楼道杂物")


def test_a_visit_that_found_something_says_so_even_where_nothing_was_ticked(town: Town) -> None:
    find(town, town.visit())
    assert Visit.objects.get().result == "found"


def test_the_same_finding_again_is_the_same_matter(town: Town) -> None:
    visit, key = town.visit(), new_id()
    first = find(town, visit, id=key)
    again = find(town, visit, id=key)
    assert (again.created, again.matter_id, again.number) == (False, first.matter_id, first.number)
    assert Matter.objects.count() == Finding.objects.count() == Visit.objects.get().findings_count == 1
    other = town.visit(area_code=BUILDINGS[1])
    with pytest.raises(Conflict):
        find(town, other, id=key)


def test_an_id_that_is_another_matters_is_refused(town: Town) -> None:
    visit, done = town.visit(), report(town)
    with pytest.raises(Conflict):
        find(town, visit, id=done.matter_id, text="路灯不亮")
    assert not Finding.objects.exists()


def test_a_finding_joins_the_matter_that_is_open_there(town: Town) -> None:
    done, visit = report(town), town.visit()
    key = new_id()
    found = find(town, visit, id=key, join=done.matter_id, text="今天又去看了，还没修")
    assert (found.matter_id, found.joined, found.created) == (done.matter_id, True, True)
    assert Matter.objects.get().version == 2
    page = matters.matter_page(town.actor(), done.matter_id)
    assert page.timeline[-1].action == "note"
    assert find(town, visit, id=key, join=done.matter_id, text="今天又去看了，还没修").created is False
    assert Matter.objects.get().version == 2
    assert verify().ok


def test_what_is_closed_or_has_moved_on_is_a_conflict_that_says_what_it_is_now(town: Town) -> None:
    done, visit = report(town), town.visit()
    with pytest.raises(Conflict) as caught:
        find(town, visit, join=done.matter_id, expected_version=7)
    assert caught.value.current_version == 1
    Matter.objects.update(is_open=False)
    with pytest.raises(Conflict) as caught:
        find(town, visit, join=done.matter_id)
    assert caught.value.current_version == 1
    assert caught.value.problems[0].how
    assert Visit.objects.get().findings_count == 0


def test_who_may_not_record_for_others_reports_it_themselves(town: Town) -> None:
    visit = town.visit("property", round="")
    find(town, visit, "property")
    matter = Matter.objects.get()
    assert matter.reporter_id == town.id("property")
    assert Entry.objects.get(pk=matter.pk).verb == "matter.reported"


def test_nobody_adds_to_somebody_elses_visit(town: Town) -> None:
    visit = town.visit()
    with pytest.raises(PermissionDenied):
        find(town, visit, "secretary")
    with pytest.raises(Http404):
        find(town, visit, "outsider")
    assert not Matter.objects.exists()


def test_a_finding_needs_words_and_a_visit_that_stands(town: Town) -> None:
    visit = town.visit()
    with pytest.raises(BadInput):
        find(town, visit, text=" ")
    fieldwork.correct_visit(
        actor=town.actor(), visit_id=visit.visit_id, entry_id=new_id(), reason="点错了", changes={"withdrawn": True}
    )
    with pytest.raises(Refused):
        find(town, visit)


def test_a_matter_that_cannot_be_made_leaves_nothing_behind(town: Town) -> None:
    visit = town.visit()
    with pytest.raises(BadInput):
        find(town, visit, category="没有这一类")
    assert not Finding.objects.exists()
    assert Visit.objects.get().version == 1
