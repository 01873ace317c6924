"""The agenda: what fills it, and what becomes of what was not settled."""

from __future__ import annotations

import pytest

from bihuan.kernel.api import Conflict, new_id
from bihuan.matters.models import Matter
from bihuan.meetings import api as meetings

from .world import World


def test_the_agenda_fills_itself_and_the_posts_say_who_is_due(world: World) -> None:
    matter = world.waiting_matter()
    meeting = world.call()
    assert [item.matter_id for item in meeting.items.all()] == [matter.pk]
    due = meeting.attendances.filter(kind="due").values_list("name", flat=True)
    assert set(due) == {"周长河", "李素芬", "王建设", "赵德明", "孙桂英"}
    assert list(meeting.attendances.filter(kind="sitting_in").values_list("name", flat=True)) == ["陈卫国"]
    assert meeting.title == "电建社区2024年第1次网格会议"
    assert meeting.chair_id == world.id("leader")


def test_a_matter_is_on_one_open_agenda_only(world: World) -> None:
    matter = world.waiting_matter()
    world.call()
    other = world.call(days=8)
    assert not other.items.exists()
    with pytest.raises(Conflict):
        meetings.add_item(actor=world.actor("leader"), entry_id=new_id(), meeting_id=other.pk, matter_id=matter.pk)


def test_a_deferred_item_fills_the_next_agenda(world: World) -> None:
    meeting, (item,) = world.opened()
    meetings.defer(actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk, reason="等物业报价")
    meetings.end_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    following = world.call(days=9)
    assert [one.matter_id for one in following.items.all()] == [item.matter_id]


def test_what_was_not_reached_is_put_off_at_the_end(world: World) -> None:
    meeting, items = world.opened(items=2)
    meetings.end_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    assert {item.state for item in meeting.items.all()} == {"deferred"}
    assert len(items) == 2


def test_what_cannot_be_settled_is_carried_to_the_joint_meeting(world: World) -> None:
    _meeting, (item,) = world.opened()
    meetings.refer(actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk, reason="涉及三家单位")
    assert Matter.objects.get(pk=item.matter_id).step == "joint_agenda"
    joint = world.call("secretary", "joint_meeting", days=10, place="社区会议室")
    assert [one.matter_id for one in joint.items.all()] == [item.matter_id]
