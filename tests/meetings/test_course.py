"""A whole meeting: from the problem that waits to the result on the wall, linked and on one chain."""

from __future__ import annotations

import datetime

import pytest

from bihuan.kernel.api import BadInput, Refused, clock, new_id
from bihuan.kernel.models import Entry, Notification
from bihuan.matters.models import Matter, Party
from bihuan.meetings import api as meetings
from bihuan.meetings.models import AgendaItem

from .world import World


def test_the_whole_chain_from_problem_to_result_stays_linked(world: World) -> None:
    meeting, (item,) = world.opened(kind="hands")
    leader = world.actor("leader")
    choices = {world.id(key): "for" for key in ("leader", "worker", "worker2", "council")}
    choices[world.id("council2")] = "against"
    meetings.enter_votes(actor=leader, entry_id=new_id(), item_id=item.pk, channel="hands", choices=choices)
    counted = world.close(item)
    assert counted.count["carried"]["met"]
    parties = {
        "lead": [world.id("cadre")],
        "tracker": [world.id("worker2")],
        "supervisor": [world.id("resident")],
    }
    meetings.resolve(
        actor=leader,
        entry_id=new_id(),
        item_id=item.pk,
        text="由社区联系市政，三周内换好灯头",
        parties=parties,
        due_on=datetime.date(2024, 4, 8),
    )
    matter = Matter.objects.get(pk=item.matter_id)
    assert matter.step == "acting"
    held = dict(Party.objects.filter(matter=matter, until=None).values_list("role", "person_id"))
    assert {role: held[role] for role in parties} == {role: people[0] for role, people in parties.items()}
    assert matter.due_at is not None
    assert matter.due_at.astimezone(clock.ZONE).date() == datetime.date(2024, 4, 8)
    told = Notification.objects.filter(person_id=world.id("resident"), kind="meeting.your_matter_decided")
    assert told.get().params["result"] == "通过"
    meetings.end_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    meetings.publish(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    wall = meetings.published(meeting.pk)
    assert wall is not None
    assert wall.items[0].number == matter.number
    assert ("监督群众", "吴**") in wall.items[0].parties
    assert ("牵头干部", "刘书平") in wall.items[0].parties
    assert wall.items[0].progress == "正在办理"
    linked = meetings.deliberations(leader, matter.pk)
    assert [one.meeting_id for one in linked] == [meeting.pk]


def test_every_act_is_one_entry_on_the_meetings_chain(world: World) -> None:
    meeting, (item,) = world.opened(kind="open")
    world.vote(item, "worker", "for")
    world.close(item)
    rows = list(Entry.objects.filter(subject_type="meeting", subject_id=meeting.pk).order_by("seq"))
    assert [row.verb for row in rows] == [
        "meeting.called",
        "meeting.attendance",
        "meeting.opened",
        "meeting.ballot_opened",
        "meeting.voted",
        "meeting.ballot_closed",
    ]
    assert [bytes(row.prev_hash) for row in rows[1:]] == [bytes(row.hash) for row in rows[:-1]]
    meeting.refresh_from_db()
    assert (meeting.version, bytes(meeting.head_hash)) == (rows[-1].seq, bytes(rows[-1].hash))


def test_a_rejected_proposal_goes_where_the_method_says(world: World) -> None:
    _meeting, (item,) = world.opened(kind="open")
    for key in ("leader", "worker", "council"):
        world.vote(item, key, "against")
    world.close(item)
    meetings.resolve(actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk, text="产权不清，议不成")
    assert Matter.objects.get(pk=item.matter_id).step == "joint_agenda"
    item.refresh_from_db()
    assert item.state == AgendaItem.State.REJECTED


def test_nobody_is_made_responsible_for_what_was_not_carried(world: World) -> None:
    _meeting, (item,) = world.opened(kind="open")
    world.vote(item, "worker", "against")
    world.close(item)
    with pytest.raises(BadInput):
        meetings.resolve(
            actor=world.actor("leader"),
            entry_id=new_id(),
            item_id=item.pk,
            text="不办",
            parties={"lead": [world.id("cadre")]},
        )


def test_the_method_refuses_the_wrong_people_and_nothing_is_half_done(world: World) -> None:
    _meeting, (item,) = world.opened(kind="open")
    for key in ("leader", "worker", "council"):
        world.vote(item, key, "for")
    world.close(item)
    with pytest.raises(BadInput) as error:
        meetings.resolve(
            actor=world.actor("leader"),
            entry_id=new_id(),
            item_id=item.pk,
            text="办",
            parties={
                "lead": [world.id("council")],
                "tracker": [world.id("worker")],
                "supervisor": [world.id("resident")],
            },
        )
    assert any("牵头干部" in problem.why for problem in error.value.problems)
    item.refresh_from_db()
    assert item.state == AgendaItem.State.COUNTED
    assert not hasattr(item, "resolution")


def test_a_meeting_does_not_end_over_a_vote_that_is_not_resolved(world: World) -> None:
    meeting, (item,) = world.opened(kind="open")
    world.vote(item, "worker", "for")
    for _ in range(2):
        with pytest.raises(Refused):
            meetings.end_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
        if item.state != "counted":
            world.close(item)
            item.state = "counted"


def test_a_paper_meeting_typed_later_keeps_both_times(world: World) -> None:
    yesterday = world.now - datetime.timedelta(days=3)
    world.waiting_matter()
    meeting = world.call(starts_at=yesterday, reason="补录纸质记录")
    world.present(meeting, "leader", "worker", "worker2")
    meetings.open_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, happened_at=yesterday)
    entry = Entry.objects.get(subject_id=meeting.pk, verb="meeting.opened")
    assert entry.happened_at == yesterday
    assert entry.recorded_at == world.now
    meeting.refresh_from_db()
    assert meeting.opened_at == yesterday
