"""Results: on the wall, objected to and answered, counted in their quarter."""

from __future__ import annotations

import datetime

import pytest

from bihuan.kernel.api import Refused, clock, new_id
from bihuan.kernel.models import Notification
from bihuan.matters.models import Matter
from bihuan.meetings import api as meetings

from .world import COMMUNITY, World


def test_objections_are_heard_in_the_window_and_answered_in_the_open(world: World) -> None:
    meeting, _items = world.opened()
    leader = world.actor("leader")
    meetings.end_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    meetings.publish(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    objection = meetings.object_to(
        actor=world.actor("resident"), entry_id=new_id(), meeting_id=meeting.pk, text="没有问过一楼的住户"
    )
    wall = meetings.published(meeting.pk)
    assert wall is not None
    assert (wall.objections_waiting, wall.objections) == (1, ())
    assert Notification.objects.filter(person_id=world.id("leader"), kind="meeting.objection_received").exists()
    meetings.answer_objection(actor=leader, entry_id=new_id(), objection_id=objection.pk, answer="下周上门逐户征求")
    wall = meetings.published(meeting.pk)
    assert wall is not None
    assert wall.objections[0].answer == "下周上门逐户征求"
    with world.at(world.now + datetime.timedelta(days=9)), pytest.raises(Refused):
        meetings.object_to(actor=world.actor("resident"), entry_id=new_id(), meeting_id=meeting.pk, text="再提一条")


def test_results_are_nobodys_before_they_are_published(world: World) -> None:
    meeting, _items = world.opened()
    assert meetings.published(meeting.pk) is None


def test_a_matter_kept_private_shows_neither_title_nor_text(world: World) -> None:
    meeting, (item,) = world.opened()
    Matter.objects.filter(pk=item.matter_id).update(public=False)
    leader = world.actor("leader")
    meetings.end_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    meetings.publish(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    wall = meetings.published(meeting.pk)
    assert wall is not None
    assert (wall.items[0].private, wall.items[0].title, wall.items[0].number) == (True, "", "")


def test_a_session_counts_in_its_quarter_once_it_was_held(world: World) -> None:
    quarter = (
        datetime.datetime(2024, 1, 1, tzinfo=clock.ZONE),
        datetime.datetime(2024, 4, 1, tzinfo=clock.ZONE),
    )
    meeting, _items = world.opened()
    world.call(days=12)
    assert meetings.quarter_count(COMMUNITY, "grid_meeting", *quarter) == 0
    meetings.end_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    assert meetings.quarter_count(COMMUNITY, "grid_meeting", *quarter) == 1
    assert meetings.quarter_count(COMMUNITY, "joint_meeting", *quarter) == 0
