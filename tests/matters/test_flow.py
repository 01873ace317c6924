"""A matter from the report to the answer, as the shipped method says."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404

from bihuan.kernel.api import BadInput, Conflict, Refused, clock, new_id, verify
from bihuan.kernel.models import Entry, Notification
from bihuan.matters import api as matters
from bihuan.matters.models import AreaTally, Matter, Party, Todo
from bihuan.people.api import ANONYMOUS

from .conftest import BUILDINGS, COMMUNITY


def test_a_report_gets_a_number_an_entry_a_todo_and_a_place_in_the_tally(town: Any) -> None:
    done = town.report(title="路灯不亮")
    matter = Matter.objects.get(pk=done.matter_id)
    assert (done.number, done.display_number) == (f"{COMMUNITY}-2024-0001", "电建-2024-0001")
    assert (matter.step, matter.is_open, matter.version) == ("recorded", True, 1)
    assert matter.due_at is not None
    assert matter.next_tick_at is not None
    entry = Entry.objects.get(subject_type="matter", subject_id=done.matter_id)
    assert entry.verb == "matter.reported"
    assert "路灯" not in entry.body
    assert bytes(entry.hash) == bytes(matter.head_hash)
    assert set(Todo.objects.filter(must=True).values_list("role", flat=True)) == {"grid_worker", "grid_leader"}
    assert AreaTally.objects.values_list("total", "open").get(area_code=BUILDINGS[0]) == (1, 1)


def test_the_whole_way_from_report_to_confirmation(town: Any) -> None:
    done = town.report()
    town.to_settled(done.matter_id)
    matter = Matter.objects.get(pk=done.matter_id)
    assert (matter.step, matter.is_open, matter.outcome) == ("settled", False, "solved")
    assert matter.version == Entry.objects.filter(subject_id=matter.pk).count()
    assert matter.due_at is None
    assert not Todo.objects.filter(matter=matter).exists()
    assert AreaTally.objects.values_list("total", "open", "yellow", "red").get(area_code=BUILDINGS[0]) == (1, 0, 0, 0)
    assert {p.role for p in Party.objects.filter(matter=matter, until__isnull=True)} == {
        "reporter",
        "lead",
        "tracker",
        "supervisor",
    }
    assert not verify(("matter", matter.pk)).flaws


def test_the_same_report_sent_twice_is_one_matter_and_one_answer(town: Any) -> None:
    key, token = new_id(), "a" * 32
    first = town.report(id=key, follow_token=token)
    second = town.report(id=key, follow_token=token)
    assert second == matters.Reported(first.matter_id, first.number, first.display_number, token, created=False)
    assert Matter.objects.count() == Entry.objects.filter(subject_type="matter").count() == 1
    assert town.report().number.endswith("-0002")


def test_a_resend_without_the_secret_does_not_tell_the_secret(town: Any) -> None:
    key = new_id()
    town.report(ANONYMOUS, id=key)
    assert town.report(ANONYMOUS, id=key).follow_token == ""


def test_an_id_used_for_another_report_is_refused_and_changes_nothing(town: Any) -> None:
    key = new_id()
    town.report(id=key)
    with pytest.raises(Conflict):
        town.report(id=key, text="完全不同的另一件事")
    assert Matter.objects.count() == 1


def test_the_same_act_sent_twice_is_one_entry(town: Any) -> None:
    done = town.report()
    key = new_id()
    first = town.do(
        "worker", done.matter_id, "triage", entry_id=key, category="facility", urgency="normal", level="grid"
    )
    second = town.do(
        "worker", done.matter_id, "triage", entry_id=key, category="facility", urgency="normal", level="grid"
    )
    assert (first.created, second.created) == (True, False)
    assert first.version == second.version == 2


def test_whoever_is_slower_is_told_so_and_nothing_changes(town: Any) -> None:
    done = town.report()
    town.do("worker", done.matter_id, "note", measure="去看过", expected_version=1)
    with pytest.raises(Conflict) as caught:
        town.do("leader", done.matter_id, "note", measure="也去看过", expected_version=1)
    assert caught.value.current_version == 2
    assert caught.value.problems[0].how
    assert Entry.objects.filter(subject_id=done.matter_id).count() == 2


def test_another_areas_grid_worker_does_not_know_of_the_matter(town: Any) -> None:
    done = town.report()
    with pytest.raises(Http404):
        town.do("stranger", done.matter_id, "note", measure="看一眼")
    with pytest.raises(Http404):
        matters.matter_page(town.stranger, done.matter_id)


def test_a_matter_is_not_signed_off_by_whoever_did_the_work(town: Any) -> None:
    done = town.report()
    town.to_checking(done.matter_id)
    for who in ("cadre", "worker", "secretary"):
        with pytest.raises(Refused):
            town.do(who, done.matter_id, "sign_off")
    assert Matter.objects.get(pk=done.matter_id).step == "checking"


def test_reopening_needs_a_reason_and_brings_the_matter_back_to_its_people(town: Any) -> None:
    done = town.report()
    town.to_settled(done.matter_id)
    with pytest.raises(BadInput) as caught:
        town.do("resident", done.matter_id, "reopen")
    assert caught.value.problems[0].field == "reason"
    town.do("resident", done.matter_id, "reopen", reason="灯又灭了")
    matter = Matter.objects.get(pk=done.matter_id)
    assert (matter.step, matter.is_open, matter.outcome, matter.closed_at) == ("acting", True, "", None)
    assert Todo.objects.filter(matter=matter, action="finish", person_id=town.id_of("cadre")).exists()
    assert Notification.objects.filter(person_id=town.id_of("cadre"), kind="matter.reopened_again").exists()
    assert AreaTally.objects.get(area_code=BUILDINGS[0]).open == 1


def test_a_denial_reaches_the_executors_todo_and_bell(town: Any) -> None:
    done = town.report()
    town.to_checking(done.matter_id)
    town.do("neighbour", done.matter_id, "sign_off")
    town.do("resident", done.matter_id, "deny", reason="还是不亮")
    with clock.at(town.now):
        owed = matters.todo(town.cadre).rows
    assert [(row.action, row.matter_id) for row in owed if row.action == "finish"] == [("finish", done.matter_id)]
    assert Notification.objects.filter(person_id=town.id_of("cadre"), kind="matter.not_solved").exists()


def test_closed_and_solved_are_different(town: Any) -> None:
    solved, refused = town.report(), town.report(text="想把小区绿地改成停车位")
    town.to_settled(solved.matter_id)
    town.do("leader", refused.matter_id, "refuse", answer="绿地属全体业主", reason="不符合规定")
    assert Matter.objects.get(pk=solved.matter_id).outcome == "solved"
    assert Matter.objects.get(pk=refused.matter_id).outcome == "refused"
    assert matters.public_page(refused.number).outcome_title == "不办理，已说明原因"


def test_an_anonymous_reporter_confirms_by_the_secret_link_alone(town: Any) -> None:
    done = town.report(ANONYMOUS, phone="13812345678")
    town.to_checking(done.matter_id)
    town.do("neighbour", done.matter_id, "sign_off")
    with pytest.raises(Http404):
        town.do(ANONYMOUS, done.matter_id, "confirm", via_link="x" * 32)
    town.do(ANONYMOUS, done.matter_id, "confirm", via_link=done.follow_token)
    assert Matter.objects.get(pk=done.matter_id).outcome == "solved"


def test_a_parent_does_not_close_before_its_parts(town: Any) -> None:
    parent = town.report()
    with clock.at(town.now):
        child = matters.record(
            actor=town.worker,
            id=new_id(),
            text="其中三单元的灯线断了",
            area_code=BUILDINGS[0],
            parent_id=parent.matter_id,
        )
    town.to_checking(parent.matter_id)
    town.do("neighbour", parent.matter_id, "sign_off")
    with pytest.raises(Refused) as caught:
        town.do("resident", parent.matter_id, "confirm")
    assert child.number in caught.value.problems[0].why
    town.do("leader", child.matter_id, "refuse", answer="随主件一并处理", reason="同一条线路")
    town.do("resident", parent.matter_id, "confirm")
    assert not Matter.objects.get(pk=parent.matter_id).is_open


def test_asking_for_more_time_stands_when_another_grants_it(town: Any) -> None:
    done = town.report()
    town.to_acting(done.matter_id)
    before = Matter.objects.get(pk=done.matter_id).due_at
    town.do("cadre", done.matter_id, "extend", reason="等待配件")
    with clock.at(town.now):
        assert any(row.action == "extend.grant" for row in matters.todo(town.secretary).rows)
    with pytest.raises(Refused):
        town.do("cadre", done.matter_id, "extend.grant")
    town.do("secretary", done.matter_id, "extend.grant")
    assert Matter.objects.get(pk=done.matter_id).due_at > before
