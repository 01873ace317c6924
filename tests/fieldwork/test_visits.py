"""A visit is recorded with one tap, once, by whoever went; what was written is sealed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Max

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Coverage, Visit
from bihuan.kernel.api import SYSTEM_REF, BadInput, Conflict, Problem, erase, erase_expired, new_id, verify
from bihuan.kernel.models import Entry, Sealed
from tests.fieldwork.rounds import BOTH, BUILDINGS, OTHER, Town, build
from tests.matters.test_statements import statements


@pytest.fixture
def town(db: None) -> Town:
    return build()


def test_a_visit_with_nothing_found_is_one_tap_and_counts(town: Town) -> None:
    with town.at():
        done = town.visit()
    visit = Visit.objects.get()
    assert (done.visit_id, done.created, done.counted, done.not_counted) == (visit.pk, True, True, "")
    assert (visit.result, visit.role, visit.stood_in, visit.target) == ("nothing", "grid_worker", False, BUILDINGS[0])
    assert Entry.objects.get(subject_type="visit").hash == visit.head_hash
    assert Coverage.objects.get().last_visit_id == visit.pk


def test_the_same_visit_sent_again_is_the_same_visit(town: Town) -> None:
    with town.at():
        given = town.given(text="看过了")
        first = fieldwork.record_visit(actor=town.actor(), **given)
        again = fieldwork.record_visit(actor=town.actor(), **given)
    assert (first.created, again.created, again.visit_id, again.counted) == (True, False, first.visit_id, True)
    assert Visit.objects.count() == Entry.objects.filter(subject_type="visit").count() == 1
    assert Coverage.objects.get().last_visit_id == first.visit_id


def test_an_id_that_is_somebody_elses_record_is_refused(town: Town) -> None:
    with town.at():
        given = town.given()
        fieldwork.record_visit(actor=town.actor(), **given)
        with pytest.raises(Conflict):
            fieldwork.record_visit(actor=town.actor("leader"), **given)
    assert Visit.objects.get().person_id == town.id("worker")


def test_what_was_written_stands_beside_the_chain_under_its_term(town: Town) -> None:
    with town.at():
        town.visit(title="三号楼门口", text="王大爷说灯不亮", checklist={"exits": "ok"})
    entry = Entry.objects.get(subject_type="visit")
    assert "王大爷" not in entry.body
    assert "三号楼" not in entry.body
    assert "物业小马" not in entry.body
    kept = {row.name: row.expires_on for row in Sealed.objects.filter(subject_type="visit")}
    assert set(kept) == {"title", "text", "together"}
    assert set(kept.values()) == {town.now.date() + timedelta(days=400)}
    assert verify().ok


def test_at_its_term_the_text_goes_and_the_chain_stays_valid(town: Town) -> None:
    with town.at():
        town.visit(title="三号楼门口", text="王大爷说灯不亮", result="found")
    with town.at(days=401):
        assert erase_expired() == 3
    visit = Visit.objects.get()
    assert (visit.title, visit.text, visit.result) == ("", "", "found")
    assert [one["name"] for one in visit.together] == ["", ""]
    assert not Sealed.objects.filter(content__isnull=False, subject_type="visit").exists()
    assert verify().ok


def test_erasing_at_a_word_wipes_the_copy_as_well(town: Town) -> None:
    with town.at():
        done = town.visit(text="王大爷说灯不亮")
        erase(actor=SYSTEM_REF, subject_type="visit", subject_id=done.visit_id, names=["text"])
    assert Visit.objects.get().text == ""
    assert verify().ok


def test_a_changed_byte_in_a_visits_row_or_entry_is_found(town: Town) -> None:
    with town.at():
        town.visit()
    Visit.objects.update(head_hash=bytes(32))
    assert not verify().ok


def test_whoever_has_no_post_there_records_nothing(town: Town) -> None:
    with town.at():
        for key in ("outsider", "resident"):
            with pytest.raises(PermissionDenied):
                town.visit(key)
        with pytest.raises(PermissionDenied):
            town.visit("worker2")  # their building is another
    assert not Visit.objects.exists()


def test_a_visit_of_ones_own_accord_needs_no_round(town: Town) -> None:
    with town.at():
        done = town.visit("volunteer", round="", together=(), text="陪老人说话")
    assert done.counted
    assert not Coverage.objects.exists()


def test_a_wall_says_itself_where_it_is(town: Town) -> None:
    with town.at():
        done = town.visit(round="walls", area_code="", place_id=town.walls[0].pk)
    visit = Visit.objects.get()
    assert done.counted
    assert (visit.area_code, visit.target) == (town.walls[0].area_code, town.walls[0].pk.hex)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"id": "1"}, "id"),
        ({"area_code": "410802004004999"}, "area_code"),
        ({"area_code": ""}, "area_code"),
        ({"place_id": "x"}, "place_id"),
        ({"result": "great"}, "result"),
        ({"checklist": {"exits": "fine"}}, "checklist"),
        ({"together": [{"name": "无岗位"}]}, "together"),
        ({"level": 12}, "level"),
        ({"text": "字" * 2001}, "text"),
        ({"text": 5}, "text"),
        ({"happened_at": "昨天"}, "happened_at"),
        ({"happened_at": "2030-01-01T09:00+08:00"}, "happened_at"),
    ],
)
def test_what_cannot_be_read_is_named_with_how_to_mend_it(town: Town, given: dict[str, Any], field: str) -> None:
    with town.at(), pytest.raises(BadInput) as caught:
        town.visit(**given)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert all(problem.how for problem in caught.value.problems)
    assert not Visit.objects.exists()


def test_recording_takes_at_most_eight_statements(town: Town) -> None:
    with town.at():
        town.visit(area_code=BUILDINGS[3])
        wall = {"round": "walls", "place_id": town.walls[0].pk, "text": "墙皮脱落", "title": "一段"}
        for more in (wall, {"text": "都好"}):
            actor, given = town.actor(), town.given(**more)
            statements(partial(fieldwork.record_visit, actor=actor, **given), 8)


# --- many ----------------------------------------------------------------------------------------------------------


def many(town: Town, count: int) -> list[dict[str, Any]]:
    """A phone's visits as they come from JSON: patrols day after day, building after building."""
    found = []
    for number in range(count):
        at = town.now - timedelta(minutes=5 * (count - number))
        found.append(
            {
                "id": str(new_id(at)),
                "area_code": BUILDINGS[number % 6],
                "round": "patrol" if number % 2 else "",
                "happened_at": at.isoformat(),
                "text": f"第{number}处",
                "together": [dict(one) for one in BOTH],
                "checklist": {"exits": "ok"} if number % 2 else {},
            }
        )
    return found


def test_five_hundred_visits_are_written_by_few_statements_and_again_add_nothing(town: Town) -> None:
    with town.at(days=2):
        given = many(town, 500)
        actor = town.actor()
        done = statements(lambda: fieldwork.record_visits(actor=actor, visits=given), 10)
        assert all(isinstance(one, fieldwork.RecordedVisit) and one.created for one in done)
        assert [str(one.visit_id) for one in done] == [one["id"] for one in given]
        again = fieldwork.record_visits(actor=town.actor(), visits=given)
    assert [one.counted for one in again] == [one.counted for one in done]
    assert not any(one.created for one in again)
    assert Visit.objects.count() == Entry.objects.filter(subject_type="visit").count() == 500
    latest = Visit.objects.filter(counted=True, round="patrol").values("target").annotate(last=Max("happened_at"))
    assert set(Coverage.objects.values_list("target", "last_at")) == set(latest.values_list("target", "last"))
    assert verify().ok


def test_a_bad_one_is_a_problem_in_its_place_and_keeps_nobody_out(town: Town) -> None:
    with town.at(days=2):
        given = many(town, 6)
        given[1]["area_code"] = f"{OTHER}001"
        given[2]["text"] = "字" * 2001
        given[3] = "不是对象"  # type: ignore[call-overload]
        given[5]["id"] = given[4]["id"]
        done = fieldwork.record_visits(actor=town.actor(), visits=given)
    assert [isinstance(one, Problem) for one in done] == [False, True, True, True, False, True]
    assert [one.field for one in done if isinstance(one, Problem)] == ["1", "2.text", "3", "5.id"]
    assert Visit.objects.count() == 2
    assert verify().ok


def test_more_than_five_hundred_are_refused_whole(town: Town) -> None:
    with town.at(days=2), pytest.raises(BadInput):
        fieldwork.record_visits(actor=town.actor(), visits=[{}] * 501)


def test_one_by_one_and_all_at_once_write_the_same_rows(town: Town) -> None:
    def rows() -> list[tuple[Any, ...]]:
        found = Visit.objects.order_by("pk").values_list("pk", "counted", "not_counted", "role", "level", "text")
        return list(found) + list(Coverage.objects.order_by("target").values_list("target", "last_at"))

    with town.at(days=5):
        given = many(town, 40)
        fieldwork.record_visits(actor=town.actor(), visits=given)
        at_once = rows()
        Visit.objects.all().delete()
        Coverage.objects.all().delete()
        renewed = {one["id"]: str(new_id()) for one in given}
        for one in given:
            fieldwork.record_visit(actor=town.actor(), **{**one, "id": renewed[one["id"]]})
    single = rows()
    assert [row[1:] for row in single] == [row[1:] for row in at_once]
