"""The field diary: one's own always, others' by right, a household's by the pairing's rule; a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import translation

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Pairing, Visit
from bihuan.fieldwork.scope import may_read, readable
from bihuan.kernel.api import BadInput, new_id
from bihuan.matters.models import Matter
from bihuan.people.models import Organisation
from tests.fieldwork.rounds import BUILDINGS, MONDAY, OTHER, Town, build
from tests.matters.test_statements import statements


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    town = build()
    with town.at(days=1):
        yield town


def pair(town: Town) -> Pairing:
    return Pairing.objects.create(
        id=new_id(),
        version_ref=town.version,
        key="yiqi",
        area_code=BUILDINGS[0],
        organisation=Organisation.objects.get(),
        person_id=town.id("partner"),
        masked_name="张**",
        state="active",
        created_at=MONDAY,
        head_hash=bytes(32),
    )


def seen(town: Town, key: str, **filters: object) -> list[str]:
    page = fieldwork.diary(town.actor(key), fieldwork.DiaryFilters(**filters))  # type: ignore[arg-type]
    return [row.text for row in page.rows]


def test_ones_own_is_read_by_oneself_and_by_those_who_may(town: Town) -> None:
    town.visit(text="一号楼")
    town.visit("volunteer", round="", text="陪聊")
    assert seen(town, "worker") == ["一号楼"]
    assert seen(town, "volunteer") == ["陪聊"]
    assert sorted(seen(town, "secretary")) == sorted(seen(town, "leader")) == ["一号楼", "陪聊"]
    assert seen(town, "property") == seen(town, "outsider") == seen(town, "resident") == []


def test_a_post_that_the_method_does_not_know_is_told_by_its_own_name(town: Town) -> None:
    town.person("district", "程书禾", ("district_staff", "410802"))
    town.visit("district", round="", together=(), text="路过看看")
    rows = fieldwork.diary(town.actor("secretary"), fieldwork.DiaryFilters()).rows
    assert [row.role_title for row in rows] == ["区级干部"]
    with translation.override("en"):
        row = fieldwork.diary(town.actor("secretary"), fieldwork.DiaryFilters()).rows[0]
        assert row.role_title == "District official"
        page = fieldwork.visit_page(town.actor("secretary"), row.id)
        assert "district_staff" not in str(page)


def test_a_visit_to_a_paired_household_is_read_by_those_whom_the_pairing_concerns(town: Town) -> None:
    pairing = pair(town)
    done = fieldwork.record_visit(
        actor=town.actor("partner"),
        id=new_id(),
        area_code="",
        pairing_id=pairing.pk,
        help_kind="life",
        happened_at=town.now,
        text="送了药",
    )
    pairing.refresh_from_db()
    assert (done.counted, pairing.last_visit_at) == (True, town.now)
    assert seen(town, "partner") == seen(town, "secretary") == ["送了药"]
    assert seen(town, "leader") == seen(town, "worker") == seen(town, "cadre") == []
    for key in ("leader", "worker", "cadre"):
        with pytest.raises(Http404):
            fieldwork.visit_page(town.actor(key), done.visit_id)
    assert fieldwork.visit_page(town.actor("partner"), done.visit_id).help_title == "帮生活"


def test_nobody_else_visits_a_household_for_the_unit(town: Town) -> None:
    pairing = pair(town)
    for key in ("worker", "leader", "volunteer", "outsider"):
        with pytest.raises(Http404):
            town.visit(key, round="", area_code="", pairing_id=pairing.pk)
    assert not Visit.objects.exists()


def test_reading_one_and_reading_all_are_one_rule(town: Town) -> None:
    pairing = pair(town)
    for key in ("worker", "leader", "volunteer", "secretary"):
        town.visit(key, round="", id=new_id())
    fieldwork.record_visit(
        actor=town.actor("partner"), id=new_id(), area_code="", pairing_id=pairing.pk, happened_at=town.now
    )
    visits = list(Visit.objects.select_related("pairing"))
    assert len(visits) == 5
    for key in town.people:
        actor = town.actor(key)
        listed = set(readable(actor, Visit.objects.all()).values_list("pk", flat=True))
        assert listed == {visit.pk for visit in visits if may_read(actor, visit)}, key
        assert {row.id for row in fieldwork.diary(actor).rows} == listed, key
        for area in (BUILDINGS[0], BUILDINGS[1], BUILDINGS[0][:12], BUILDINGS[0][:9]):
            inside = {visit.pk for visit in visits if visit.pk in listed and visit.area_code.startswith(area)}
            filters = fieldwork.DiaryFilters(area=area)
            assert {row.id for row in fieldwork.diary(actor, filters).rows} == inside, (key, area)


def test_pages_follow_each_other_without_gap_or_double(town: Town) -> None:
    for number in range(7):
        town.visit(round="", id=new_id(), text=str(number), happened_at=town.now - timedelta(minutes=number // 2))
    actor, cursor, found = town.actor("secretary"), None, []
    while True:
        page = fieldwork.diary(actor, cursor=cursor, limit=3)
        found += [row.id for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert len(found) == len(set(found)) == 7
    assert found == [row.id for row in fieldwork.diary(actor).rows]
    with pytest.raises(BadInput):
        fieldwork.diary(actor, cursor="bent")


def test_filters_narrow_the_list(town: Town) -> None:
    town.visit(text="甲", result="found")
    town.visit("leader", round="", text="乙", area_code=BUILDINGS[1], happened_at=MONDAY)
    assert seen(town, "secretary", area=BUILDINGS[0]) == seen(town, "secretary", result="found") == ["甲"]
    assert seen(town, "secretary", round="patrol") == seen(town, "secretary", since=town.now.date()) == ["甲"]
    assert seen(town, "secretary", person=town.id("leader")) == seen(town, "secretary", until=MONDAY.date()) == ["乙"]
    assert seen(town, "secretary", answered="yes") == seen(town, "secretary", area=OTHER) == []


def test_what_is_rare_is_looked_for_a_year_a_page_and_the_page_says_how_far(town: Town) -> None:
    town.visit(text="甲", result="found", happened_at=MONDAY)
    with town.at(days=800):
        town.visit(text="乙", result="found", id=new_id())
        actor, filters = town.actor("secretary"), fieldwork.DiaryFilters(result="found")
        found, page = [], fieldwork.diary(actor, filters)
        assert page.reached == town.now.date() - timedelta(days=365)  # and with it the whole of today
        assert page.next
        while page.next:
            found += [row.text for row in page.rows]
            page = fieldwork.diary(actor, filters, page.next)
        found += [row.text for row in page.rows]
        assert found == ["乙", "甲"]
        assert page.reached is None
        statements(lambda: fieldwork.diary(actor, filters), 6)


def test_a_page_of_the_diary_takes_at_most_four_statements(town: Town) -> None:
    for number in range(20):
        town.visit(round="", id=new_id(), text=str(number))
    pair(town)
    for key in ("secretary", "partner", "worker"):
        actor = town.actor(key)
        fieldwork.diary(actor)
        statements(lambda actor=actor: fieldwork.diary(actor), 4)


def test_one_visit_shows_what_was_seen_found_and_said(town: Town) -> None:
    visit = town.visit(text="看了一圈", checklist={"walls": "na", "exits": "bad"}, title="一号楼")
    found = fieldwork.record_finding(
        actor=town.actor(), id=new_id(), visit_id=visit.visit_id, text="安全出口堵了", item="exits"
    )
    actor = town.actor("secretary")
    page = statements(lambda: fieldwork.visit_page(actor, visit.visit_id), 12)
    assert [(line.title, line.mark_title) for line in page.checklist] == [
        ("消防通道畅通", "有问题"),
        ("墙体完好", "没看"),
    ]
    assert page.together == (("物业", "物业小马"), ("警务人员", ""))
    assert [(one.matter_id, one.item_title, one.is_open) for one in page.findings] == [
        (found.matter_id, "消防通道畅通", True)
    ]
    assert [line.sentence for line in page.lines] == [
        "网格员 李素芬到1号楼走访巡查（三方联动巡查）：一切正常，同去：物业小马、警务人员",
        f"网格员 李素芬把发现的问题登记为{page.findings[0].display_number}",
    ]
    assert (page.may_correct, page.may_review, page.erased) == (False, True, False)
    assert page.kept_until == town.now.date() + timedelta(days=400)


def test_who_may_not_see_the_matter_sees_that_something_was_found_and_no_more(town: Town) -> None:
    visit = town.visit()
    fieldwork.record_finding(actor=town.actor(), id=new_id(), visit_id=visit.visit_id, text="灯不亮了")
    Matter.objects.update(area_code=f"{OTHER}001", community_code=OTHER)  # handed to where they have no post
    line = fieldwork.visit_page(town.actor(), visit.visit_id).findings[0]
    assert (line.matter_id, line.title, line.is_open) == (None, "", None)
