"""Personal vote links are taken out by somebody, at a time, for somebody: that is in the record, the links are not."""

from __future__ import annotations

import pytest

from bihuan.kernel.api import Refused, new_id
from bihuan.kernel.models import Entry
from bihuan.matters.models import Matter
from bihuan.meetings import api as meetings

from .world import World


def test_taking_the_links_out_is_recorded_once_without_the_secrets(world: World) -> None:
    meeting, entry_id = world.call(), new_id()
    for _ in range(2):
        rows = meetings.hand_out_links(actor=world.actor("leader"), entry_id=entry_id, meeting_id=meeting.pk)
    entry = Entry.objects.get(verb="meeting.links_printed")
    assert (entry.actor_id, len(rows)) == (world.id("leader"), 5)
    assert str(world.id("council")) in entry.body
    assert not any(meetings.ballot_link_token(row) in entry.body for row in rows)


def test_the_timeline_says_for_whom(world: World) -> None:
    meeting = world.call()
    meetings.hand_out_links(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    lines = meetings.timeline(meetings.meeting_page(world.actor("leader"), meeting.pk))
    assert lines[-1].sentence.startswith("网格长 周长河取出了手机表决码 5 个，给")
    assert "赵德明" in lines[-1].sentence


@pytest.mark.parametrize("key", ["council", "secretary", "police"])
def test_who_does_not_run_the_meeting_takes_none(world: World, key: str) -> None:
    meeting = world.call()
    with pytest.raises(Refused):
        meetings.hand_out_links(actor=world.actor(key), entry_id=new_id(), meeting_id=meeting.pk)
    assert not Entry.objects.filter(verb="meeting.links_printed").exists()


def test_after_the_end_there_is_nothing_to_take(world: World) -> None:
    meeting, _items = world.opened()
    meetings.end_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    with pytest.raises(Refused):
        meetings.hand_out_links(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)


def test_the_whole_course_reads_as_sentences_and_keeps_what_the_page_keeps(world: World) -> None:
    meeting, (item,) = world.opened(kind="secret")
    world.vote(item, "worker", "for")
    world.close(item)
    lines = meetings.timeline(meetings.meeting_page(world.actor("leader"), meeting.pk))
    said = [line.sentence for line in lines]
    assert said[0] == "网格长 周长河召集了电建社区2024年第1次网格会议"
    assert "“第1件：路面坑洼积水”开始表决（无记名投票）" in said
    assert not any("（未填）" in one for one in said)


def test_who_may_not_read_a_private_matter_finds_it_nowhere_in_the_course(world: World) -> None:
    meeting, (item,) = world.opened()
    leader = world.actor("leader")
    meetings.defer(actor=leader, entry_id=new_id(), item_id=item.pk, reason="当事人未到")
    world.person("guest", "郑客")
    meetings.invite(actor=leader, entry_id=new_id(), meeting_id=meeting.pk, person_id=world.id("guest"))
    Matter.objects.filter(pk=item.matter_id).update(public=False)
    told = {
        key: "；".join(line.sentence for line in meetings.timeline(meetings.meeting_page(world.actor(key), meeting.pk)))
        for key in ("council", "guest")
    }
    assert "路面坑洼" in told["council"]
    assert "当事人" in told["council"]
    assert "路面坑洼" not in told["guest"]
    assert "当事人" not in told["guest"]
