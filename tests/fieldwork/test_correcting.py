"""One's own visit is corrected or taken back, and answered by the secretary; coverage follows, the chain keeps all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Coverage, Visit
from bihuan.kernel.api import BadInput, new_id, notifications_of, verify
from bihuan.kernel.models import Entry, Sealed
from tests.fieldwork.rounds import BOTH, BUILDINGS, MONDAY, Town, build


@pytest.fixture
def town(db: None) -> Town:
    return build()


def correct(town: Town, visit: fieldwork.RecordedVisit, key: str = "worker", **changes: Any) -> fieldwork.Corrected:
    return fieldwork.correct_visit(
        actor=town.actor(key), visit_id=visit.visit_id, entry_id=new_id(), reason="选错了", changes=changes
    )


def test_a_visit_moved_to_another_building_covers_that_one(town: Town) -> None:
    with town.at():
        visit = town.visit()
        done = correct(town, visit, area_code=BUILDINGS[2])
        rows = town.coverage()
    assert (done.created, done.counted, done.version) == (True, True, 2)
    assert [name for name, row in rows.items() if not row.never] == ["3号楼"]
    assert Visit.objects.get().area_code == BUILDINGS[2]
    assert verify().ok


def test_a_companion_who_was_forgotten_makes_it_count(town: Town) -> None:
    with town.at():
        visit = town.visit(together=BOTH[:1])
        assert not visit.counted
        assert correct(town, visit, together=list(BOTH)).counted
        assert town.standing() == "done"
        assert not correct(town, visit, together=[]).counted
        assert town.standing() == "due"
    assert not Coverage.objects.exists()


def test_a_visit_taken_back_lets_the_next_one_count(town: Town) -> None:
    with town.at(days=6):
        first = town.visit()
    with town.at(days=7):
        second = town.visit()
        assert second.not_counted == "too_soon"
        done = correct(town, first, withdrawn=True)
        assert (done.counted, done.not_counted) == (False, "withdrawn")
        assert Visit.objects.get(pk=second.visit_id).counted
        assert Coverage.objects.get().last_visit_id == second.visit_id
        assert town.standing() == "done"
    assert verify().ok


def test_an_earlier_hour_is_judged_where_it_stands_then(town: Town) -> None:
    with town.at(days=8):
        first = town.visit(happened_at=MONDAY)
        second = town.visit(id=new_id())
        assert second.counted
        correct(town, first, happened_at=MONDAY + timedelta(days=6))
        assert Visit.objects.get(pk=second.visit_id).not_counted == "too_soon"
        assert Coverage.objects.get().last_at == MONDAY + timedelta(days=6)


def test_both_wordings_stay_beside_the_chain_and_the_row_shows_the_last(town: Town) -> None:
    with town.at():
        visit = town.visit(text="灯不亮")
        correct(town, visit, text="路灯不亮，已报修")
    assert Visit.objects.get().text == "路灯不亮，已报修"
    entry = Entry.objects.get(verb="visit.corrected")
    assert "路灯" not in entry.body
    assert "选错" not in entry.body
    kept = Sealed.objects.filter(subject_type="visit", name="text").order_by("pk")
    assert [bytes(row.content or b"").decode() for row in kept] == ["灯不亮", "路灯不亮，已报修"]
    assert verify().ok


def test_the_same_correction_again_is_one(town: Town) -> None:
    with town.at():
        visit, key = town.visit(), new_id()
        given = {"visit_id": visit.visit_id, "entry_id": key, "reason": "写错", "changes": {"text": "都好"}}
        assert fieldwork.correct_visit(actor=town.actor(), **given).created
        assert not fieldwork.correct_visit(actor=town.actor(), **given).created
    assert Visit.objects.get().version == 2


def test_only_who_went_corrects_and_only_what_is_theirs(town: Town) -> None:
    with town.at():
        visit = town.visit()
        with pytest.raises(PermissionDenied):
            correct(town, visit, "secretary", text="改了")
        with pytest.raises(Http404):
            correct(town, visit, "outsider", text="改了")
        own = town.visit("worker2", area_code=BUILDINGS[1])
        with pytest.raises(PermissionDenied):
            correct(town, own, "worker2", area_code=BUILDINGS[0])
        for changes in ({}, {"person_id": town.id("leader")}, {"text": ""}, {"result": "fine"}):
            with pytest.raises(BadInput):
                correct(town, visit, **changes)


# --- answering -----------------------------------------------------------------------------------------------------


def answer(town: Town, visit: fieldwork.RecordedVisit, key: str = "secretary", **more: Any) -> fieldwork.Corrected:
    given = {"visit_id": visit.visit_id, "entry_id": new_id(), "text": "去得勤，记得细"} | more
    return fieldwork.review_visit(actor=town.actor(key), **given)


def test_the_secretarys_answer_reaches_who_wrote(town: Town) -> None:
    with town.at():
        visit = town.visit(text="都好")
        key = new_id()
        assert answer(town, visit, entry_id=key).created
        assert not answer(town, visit, entry_id=key).created
        lines = notifications_of(town.id("worker"))
        page = fieldwork.visit_page(town.actor(), visit.visit_id)
    assert [(line.kind, line.link) for line in lines] == [
        ("visit.you_were_answered", f"/desk/visits/{visit.visit_id}/")
    ]
    assert (page.review, page.reviewed_by) == ("去得勤，记得细", "张红梅")
    assert "记得细" not in Entry.objects.get(verb="visit.reviewed").body
    assert verify().ok


def test_only_the_roles_that_the_method_names_answer_and_nobody_themselves(town: Town) -> None:
    with town.at():
        visit = town.visit(text="都好")
        own = town.visit("secretary", round="", together=())
        for key, which in (("leader", visit), ("worker", visit), ("secretary", own)):
            with pytest.raises(PermissionDenied):
                answer(town, which, key)
        with pytest.raises(Http404):
            answer(town, visit, "outsider")
        with pytest.raises(BadInput):
            answer(town, visit, text=" ")
