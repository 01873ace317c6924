"""Who came: absence, deputies, the quorum, signing in, the order of speaking."""

from __future__ import annotations

import pytest

from bihuan.kernel.api import BadInput, Refused, new_id
from bihuan.kernel.models import Entry
from bihuan.meetings import api as meetings
from bihuan.meetings.models import Attendance

from .world import World


def test_an_absence_needs_a_reason_and_is_kept(world: World) -> None:
    meeting = world.call()
    row = world.row(meeting, "council")
    with pytest.raises(BadInput):
        meetings.record_attendance(
            actor=world.actor("leader"),
            entry_id=new_id(),
            meeting_id=meeting.pk,
            marks=[meetings.Mark(row.pk, "absent")],
        )
    meetings.record_attendance(
        actor=world.actor("leader"),
        entry_id=new_id(),
        meeting_id=meeting.pk,
        marks=[meetings.Mark(row.pk, "absent", reason="出差")],
    )
    world.present(meeting, "leader", "worker", "worker2")
    meetings.open_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    columns = dict(meetings.minutes(world.actor("leader"), meeting.pk).columns)
    assert "赵德明（出差）" in columns["缺席及原因"]
    assert "孙桂英（未请假）" in columns["缺席及原因"]
    assert columns["应到"] == "5 人"


def test_the_quorum_counts_deputies(world: World) -> None:
    meeting = world.call()
    world.present(meeting, "leader", "worker")
    page = meetings.meeting_page(world.actor("leader"), meeting.pk)
    assert not page.quorum
    row = world.row(meeting, "council")
    meetings.record_attendance(
        actor=world.actor("leader"),
        entry_id=new_id(),
        meeting_id=meeting.pk,
        marks=[meetings.Mark(row.pk, "deputy", deputy_name="赵小明")],
    )
    assert meetings.meeting_page(world.actor("leader"), meeting.pk).quorum


def test_without_a_quorum_there_is_no_vote_and_the_reason_is_told(world: World) -> None:
    _meeting, (item,) = world.opened("leader", "worker")
    with pytest.raises(Refused) as error:
        meetings.open_ballot(actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk)
    assert "应到 5 人，实到 2 人" in error.value.problems[0].why


def test_signing_in_by_the_personal_link_needs_no_account(world: World) -> None:
    from bihuan.people.api import ANONYMOUS

    meeting = world.call()
    row = world.row(meeting, "council")
    token = meetings.ballot_link_token(row)
    meetings.sign_in(actor=ANONYMOUS, entry_id=new_id(), meeting_id=meeting.pk, token=token)
    row.refresh_from_db()
    assert row.presence == Attendance.Presence.PRESENT
    entry = Entry.objects.get(subject_id=meeting.pk, verb="meeting.signed_in")
    assert entry.actor_id == world.id("council")


def test_opinions_stand_in_the_order_of_speaking_and_the_rules_say_who_is_next(world: World) -> None:
    meeting, (item,) = world.opened()
    leader = world.actor("leader")
    for key, text in (("worker", "路灯归市政"), ("council", "可以先换灯头")):
        meetings.record_opinion(
            actor=leader,
            entry_id=new_id(),
            item_id=item.pk,
            text=text,
            attendance_id=world.row(meeting, key).pk,
        )
    (view,) = meetings.meeting_page(leader, meeting.pk).items
    assert [one.name for one in view.opinions] == ["李素芬", "赵德明"]
    assert view.speakers[0] == "孙桂英"  # council members speak first, and she has not yet
