"""Calling a meeting: who may, who is due, who is told, and calling it off."""

from __future__ import annotations

import datetime

import pytest

from bihuan.kernel.api import BadInput, Conflict, Refused, clock, new_id
from bihuan.kernel.models import Notification
from bihuan.meetings import api as meetings
from bihuan.meetings.models import Meeting

from .world import COMMUNITY, World


def test_who_is_due_and_the_reporter_are_told(world: World) -> None:
    world.waiting_matter()
    world.call()
    kinds = dict(Notification.objects.filter(kind__startswith="meeting.").values_list("person_id", "kind"))
    assert kinds[world.id("council")] == "meeting.you_are_due"
    assert kinds[world.id("police")] == "meeting.you_are_invited"
    assert kinds[world.id("resident")] == "meeting.your_matter_on_agenda"


@pytest.mark.parametrize("key", ["worker", "council", "secretary", "resident", "outsider"])
def test_only_a_convener_calls(world: World, key: str) -> None:
    with pytest.raises(Refused) as error:
        world.call(key)
    assert "网格长" in error.value.problems[0].why


def test_a_short_notice_needs_a_reason(world: World) -> None:
    with pytest.raises(BadInput) as error:
        world.call(days=1)
    assert error.value.problems[0].field == "starts_at"
    assert world.call(days=1, reason="管道爆裂，当天商议").state == "called"


def test_a_session_is_called_once(world: World) -> None:
    world.call()
    with pytest.raises(Conflict):
        world.call()


def test_calling_again_with_the_same_id_is_the_same_meeting(world: World) -> None:
    entry = new_id()
    for _ in range(2):
        meeting = meetings.call_meeting(
            actor=world.actor("leader"),
            entry_id=entry,
            area_code=COMMUNITY,
            body="grid_meeting",
            starts_at=world.now + datetime.timedelta(days=3),
        )
        assert meeting.pk == entry
    assert Meeting.objects.count() == 1


def test_the_next_standing_session_is_proposed_on_a_workday_and_not_twice(world: World) -> None:
    world.waiting_matter()
    (first,) = meetings.ahead(world.actor("leader"))
    assert first.starts_at == datetime.datetime(2024, 3, 15, 15, 0, tzinfo=clock.ZONE)
    assert (first.waiting, first.refusal) == (1, None)
    world.call(starts_at=first.starts_at)
    (following,) = meetings.ahead(world.actor("leader"))
    assert following.starts_at == datetime.datetime(2024, 4, 15, 15, 0, tzinfo=clock.ZONE)
    assert [one.body for one in meetings.ahead(world.actor("secretary"))] == ["joint_meeting"]


def test_a_cancelled_meeting_lets_its_matters_go_and_tells_everybody(world: World) -> None:
    world.waiting_matter()
    meeting = world.call()
    meetings.cancel_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, reason="停电")
    assert Notification.objects.filter(kind="meeting.cancelled_for_you").count() == meeting.attendances.count()
    again = world.call()
    assert again.items.count() == 1
