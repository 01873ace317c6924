"""The duty log: a call noted once, sealed, settled or made a matter; handed over; erased."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bihuan.activities.duties import api as duties
from bihuan.activities.models import Call, Service
from bihuan.kernel.api import BadInput, Refused, clock, erase, erase_expired, new_id, verify
from bihuan.kernel.models import Entry, PersonalRead, Sealed
from bihuan.matters import api as matters
from bihuan.matters.models import Matter
from bihuan.people.api import SYSTEM
from tests.activities.conftest import Stage
from tests.activities.duty import ON, OVER, Watch, watch
from tests.meetings.world import COMMUNITY, START


@pytest.fixture
def team(world: Stage) -> Watch:
    made = watch(world)
    made.publish()
    return made


def test_a_call_is_noted_once_with_name_and_telephone_sealed_and_masked(team: Watch) -> None:
    with team.world.at(ON):
        key = new_id()
        for _again in range(2):
            call = duties.note_call(
                actor=team.world.actor("council"), entry_id=key, duty_id=team.duty().pk, text="电梯有异响",
                name="柳春梅", phone="13800005678",
            )  # fmt: skip
    assert (call.pk, call.name, call.phone, call.state) == (key, "柳**", "138****5678", "open")
    entry = Entry.objects.get(verb="roster.called")
    assert not any(word in entry.body for word in ("柳春梅", "13800005678", "电梯"))
    assert set(Sealed.objects.filter(entry_id=key, encrypted=True).values_list("name", flat=True)) == {"name", "phone"}
    assert verify().ok


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"text": " "}, "text"),
        ({"phone": "12"}, "phone"),
        ({"came_at": START - datetime.timedelta(hours=1)}, "came_at"),
        ({"came_at": ON + datetime.timedelta(minutes=10)}, "came_at"),
        ({"came_at": datetime.datetime(2024, 3, 11, 9, 10)}, "came_at"),  # noqa: DTZ001 - that is what is wrong
    ],
)
def test_what_cannot_be_a_call_is_refused(team: Watch, more: dict[str, Any], where: str) -> None:
    with team.world.at(ON), pytest.raises(BadInput) as error:
        team.note(**more)
    assert [problem.field for problem in error.value.problems] == [where]


def test_the_log_is_the_teams_and_nobody_elses(team: Watch) -> None:
    with team.world.at(ON):
        with pytest.raises(Refused):
            team.note("worker")
        with pytest.raises(Http404):
            team.note("outsider")
        call = team.note("council")
        assert [line.id for line in duties.calls(team.world.actor("resident")).rows] == [call.pk]  # leads it
        assert duties.calls(team.world.actor("outsider")).rows == ()
        with pytest.raises(Http404):
            team.do("settle_call", "outsider", call_id=call.pk, result="x")
        with pytest.raises(Refused):
            team.do("settle_call", "police", call_id=call.pk, result="x")
    with team.world.at(START - datetime.timedelta(hours=1)), pytest.raises(Refused):  # it has not begun
        team.note()


def test_an_instruction_is_the_leaders_and_what_is_settled_stays(team: Watch) -> None:
    with team.world.at(ON):
        call = team.note("council", proposal="请两位队员上门")
        with pytest.raises(Refused):
            team.do("instruct", "council", call_id=call.pk, words="同意")
        team.do("instruct", call_id=call.pk, words="同意，今天就去")
        team.do("settle_call", "council", call_id=call.pk, result="已上门读信，约好每周一次")
        with pytest.raises(Refused):
            team.do("settle_call", call_id=call.pk, result="再来一次")
    call.refresh_from_db()
    assert (call.state, call.instruction) == ("settled", "同意，今天就去")
    assert verify().ok


def test_a_call_becomes_a_matter_with_one_press_and_its_progress_is_the_matters(team: Watch) -> None:
    with team.world.at(ON):
        call, key = team.note("council"), new_id()
        for _again in range(2):
            done = duties.call_to_matter(actor=team.world.actor("secretary"), id=key, call_id=call.pk)
        matter = Matter.objects.get()
        assert (matter.pk, matter.text, matter.channel, matter.area_code) == (key, call.text, "phone", COMMUNITY)
        assert matter.has_contact
        line = duties.calls(team.world.actor("secretary")).rows[0]
        assert (line.state, line.number) == ("matter", done.display_number)
        assert done.display_number in line.progress
        with pytest.raises(Refused):
            team.do("settle_call", call_id=call.pk, result="x")
        with pytest.raises(Refused):
            duties.call_to_matter(actor=team.world.actor("secretary"), id=new_id(), call_id=call.pk)
        matters.advance(
            actor=team.world.actor("leader"), matter_id=key, action="triage", entry_id=new_id(clock.now()),
            data={"category": "facility", "urgency": "normal", "level": "grid"},
        )  # fmt: skip
        assert duties.calls(team.world.actor("secretary")).rows[0].progress != line.progress
    assert Entry.objects.filter(verb="roster.became_matter").count() == 1
    assert verify().ok


def test_who_may_not_record_matters_makes_none_of_a_call(team: Watch) -> None:
    with team.world.at(ON):
        call = team.note()
        with pytest.raises(PermissionDenied):
            duties.call_to_matter(actor=team.world.actor("resident"), id=new_id(), call_id=call.pk)
        with pytest.raises(Http404):
            duties.call_to_matter(actor=team.world.actor("outsider"), id=new_id(), call_id=call.pk)
    assert not Matter.objects.exists()
    assert Call.objects.get().state == "open"


def test_a_telephone_is_shown_to_who_took_the_call_or_may_with_a_reason_and_is_logged(team: Watch) -> None:
    with team.world.at(ON):
        call = team.note("council")
        shown = {"call_id": call.pk, "what": "phone"}
        with pytest.raises(BadInput):
            duties.reveal_call(actor=team.world.actor("council"), reason=" ", **shown)
        for who in ("council", "secretary"):
            found = duties.reveal_call(actor=team.world.actor(who), reason="回电", **shown)
            assert found == "13800005678"
        with pytest.raises(Refused):
            duties.reveal_call(actor=team.world.actor("resident"), reason="回电", **shown)
        with pytest.raises(Http404):
            duties.reveal_call(actor=team.world.actor("outsider"), reason="回电", **shown)
    assert PersonalRead.objects.count() == 2


def test_the_caller_is_forgotten_thirty_days_after_it_was_settled(team: Watch) -> None:
    with team.world.at(ON):
        settled, still = team.note(result="当场答复"), team.note(name="温大爷")
    erase_expired(START + datetime.timedelta(days=31))
    settled.refresh_from_db()
    still.refresh_from_db()
    assert (settled.name, settled.phone, settled.unit) == ("", "", "")
    assert (still.name, still.phone, still.unit) == ("温**", "138****5678", "三号楼")
    assert settled.text
    assert verify().ok


def test_words_are_erased_from_the_rows_too_and_the_chain_still_verifies(team: Watch) -> None:
    with team.world.at(ON):
        call = team.note()
        team.do("instruct", call_id=call.pk, words="找柳家的女儿")
        other = team.note(text="别的事", result="办好了")
        erase(actor=SYSTEM.ref(), subject_type="roster", subject_id=call.roster_id, entry_ids=[call.pk])
        erase(actor=SYSTEM.ref(), subject_type="roster", subject_id=call.roster_id, names=["instruction"])
    call.refresh_from_db()
    other.refresh_from_db()
    assert (call.text, call.name, call.instruction) == ("", "", "")
    assert (other.text, other.result) == ("别的事", "办好了")
    assert verify().ok


def test_a_duty_is_handed_over_once_with_what_is_open_and_its_hours(team: Watch) -> None:
    with team.world.at(ON):
        call, first = team.note(), team.duty()
        with pytest.raises(Refused):
            team.do("hand_over", "police", duty_id=first.pk)
        with pytest.raises(Refused):
            team.do("hand_over", duty_id=team.duty(1).pk)  # it has not begun
    with team.world.at(OVER):
        team.do("hand_over", duty_id=first.pk, taker_id=team.council.pk, undone="钥匙在老地方")
        with pytest.raises(Refused):
            team.do("hand_over", duty_id=first.pk)
        page = duties.log_page(team.world.actor("council"), team.duty(1).pk)
        assert [line.id for line in page.open_before] == [call.pk]
    assert "钥匙" not in Entry.objects.get(verb="roster.handed_over").body
    hours = Service.objects.get()
    assert (hours.member_id, hours.minutes) == (first.member_id, 120)
    assert verify().ok


def test_the_log_page_is_shut_to_another_communitys_staff(team: Watch) -> None:
    with team.world.at(ON):
        team.note()
        assert len(duties.log_page(team.world.actor("council"), team.duty().pk).calls) == 1
        with pytest.raises(Http404):
            duties.log_page(team.world.actor("outsider"), team.duty().pk)
