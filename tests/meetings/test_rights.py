"""Who may see a meeting, run it, and declare what it decided."""

from __future__ import annotations

import pytest
from django.http import Http404

from bihuan.kernel.api import Refused, new_id
from bihuan.meetings import api as meetings
from bihuan.meetings.models import Meeting

from .world import World


@pytest.mark.parametrize("key", ["worker", "council", "secretary", "cadre"])
def test_who_does_not_run_the_meeting_changes_nothing(world: World, key: str) -> None:
    meeting, (item,) = world.opened()
    actor = world.actor(key)
    if key == "worker":
        Meeting.objects.filter(pk=meeting.pk).update(minutes_id=world.id("worker2"))
    for act in (
        lambda: meetings.open_ballot(actor=actor, entry_id=new_id(), item_id=item.pk),
        lambda: meetings.end_meeting(actor=actor, entry_id=new_id(), meeting_id=meeting.pk),
        lambda: meetings.defer(actor=actor, entry_id=new_id(), item_id=item.pk, reason="不议"),
        lambda: meetings.invite(actor=actor, entry_id=new_id(), meeting_id=meeting.pk, name="某人"),
        lambda: meetings.record_attendance(
            actor=actor,
            entry_id=new_id(),
            meeting_id=meeting.pk,
            marks=[meetings.Mark(world.row(meeting, "leader").pk, "unknown")],
        ),
    ):
        with pytest.raises(Refused):
            act()


def test_another_communitys_leader_does_not_know_of_the_meeting(world: World) -> None:
    meeting, (item,) = world.opened()
    actor = world.actor("outsider")
    with pytest.raises(Http404):
        meetings.meeting_page(actor, meeting.pk)
    with pytest.raises(Http404):
        meetings.open_ballot(actor=actor, entry_id=new_id(), item_id=item.pk)
    assert meetings.meetings(actor).rows == ()


def test_who_is_on_the_list_sees_the_meeting_though_no_post_says_so(world: World) -> None:
    meeting = world.call()
    resident = world.actor("resident")
    with pytest.raises(Http404):
        meetings.meeting_page(resident, meeting.pk)
    meetings.invite(
        actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, person_id=world.id("resident")
    )
    assert meetings.meeting_page(resident, meeting.pk).own is not None
    assert [row.id for row in meetings.meetings(resident).rows] == [meeting.pk]


def test_the_minutes_taker_writes_but_does_not_declare_what_was_decided(world: World) -> None:
    meeting, (item,) = world.opened()
    Meeting.objects.filter(pk=meeting.pk).update(minutes_id=world.id("worker"))
    worker = world.actor("worker")
    meetings.record_opinion(
        actor=worker, entry_id=new_id(), item_id=item.pk, text="记下", attendance_id=world.row(meeting, "council").pk
    )
    with pytest.raises(Refused):
        meetings.open_ballot(actor=worker, entry_id=new_id(), item_id=item.pk)
