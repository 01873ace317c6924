"""When an act of a meeting happened: never in the future, never before what it follows from; both times are kept."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from bihuan.kernel.api import BadInput, new_id
from bihuan.kernel.models import Entry
from bihuan.meetings import api as meetings
from bihuan.meetings.models import AgendaItem, Meeting

from .world import World

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
Act = Callable[[World, Meeting, AgendaItem, datetime.datetime], object]


def opinion(world: World, meeting: Meeting, item: AgendaItem, at: datetime.datetime) -> object:
    row = world.row(meeting, "council").pk
    return meetings.record_opinion(
        actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk, text="先换", attendance_id=row, happened_at=at
    )


def ballot(world: World, meeting: Meeting, item: AgendaItem, at: datetime.datetime) -> object:
    return meetings.open_ballot(
        actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk, kind="hands", happened_at=at
    )


def end(world: World, meeting: Meeting, item: AgendaItem, at: datetime.datetime) -> object:
    return meetings.end_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, happened_at=at)


def defer(world: World, meeting: Meeting, item: AgendaItem, at: datetime.datetime) -> object:
    return meetings.defer(
        actor=world.actor("leader"), entry_id=new_id(), item_id=item.pk, reason="等报价", happened_at=at
    )


def attendance(world: World, meeting: Meeting, item: AgendaItem, at: datetime.datetime) -> object:
    marks = [meetings.Mark(world.row(meeting, "police").pk, "present")]
    return meetings.record_attendance(
        actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, marks=marks, happened_at=at
    )


@pytest.mark.parametrize("act", [opinion, ballot, end, defer, attendance])
def test_nothing_happens_in_the_future(world: World, act: Act) -> None:
    meeting, (item,) = world.opened()
    with pytest.raises(BadInput) as error:
        act(world, meeting, item, world.now + HOUR)
    assert error.value.problems[0].field == "happened_at"
    assert "还没有到" in error.value.problems[0].why


@pytest.mark.parametrize("act", [opinion, ballot, end])
def test_nothing_of_a_session_happens_before_it_was_opened(world: World, act: Act) -> None:
    world.waiting_matter()
    meeting, called = world.call(), world.now
    with world.at(called + 2 * HOUR):
        world.present(meeting, "leader", "worker", "worker2", "council")
        meetings.open_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk)
    with world.at(called + 4 * HOUR):
        with pytest.raises(BadInput) as error:
            act(world, meeting, meeting.items.get(), called + HOUR)
        assert "会议开始" in error.value.problems[0].why
        assert act(world, meeting, meeting.items.get(), called + 3 * HOUR)


@pytest.mark.parametrize("act", [attendance, defer])
def test_nothing_happens_before_the_meeting_was_called(world: World, act: Act) -> None:
    meeting, (item,) = world.opened()
    with pytest.raises(BadInput) as error:
        act(world, meeting, item, world.now - DAY)
    assert "会议召集" in error.value.problems[0].why


def test_what_has_no_time_zone_is_refused(world: World) -> None:
    meeting, (item,) = world.opened()
    with pytest.raises(BadInput) as error:
        opinion(world, meeting, item, world.now.replace(tzinfo=None))
    assert "时区" in error.value.problems[0].why


def test_votes_are_neither_counted_before_they_were_opened_nor_resolved_before_they_were_counted(world: World) -> None:
    meeting, (item,) = world.opened()
    leader, choices = world.actor("leader"), {world.id("council"): "for", world.id("worker"): "for"}
    opened = world.now
    with world.at(opened + 3 * HOUR):
        ballot(world, meeting, item, opened + HOUR)
        entered = {"actor": leader, "item_id": item.pk, "channel": "hands", "choices": choices}
        with pytest.raises(BadInput):
            meetings.enter_votes(**entered, entry_id=new_id(), happened_at=opened)
        meetings.enter_votes(**entered, entry_id=new_id(), happened_at=opened + HOUR)
        with pytest.raises(BadInput):
            meetings.close_ballot(actor=leader, entry_id=new_id(), item_id=item.pk, happened_at=opened)
        meetings.close_ballot(actor=leader, entry_id=new_id(), item_id=item.pk, happened_at=opened + 2 * HOUR)
        with pytest.raises(BadInput) as error:
            meetings.resolve(actor=leader, entry_id=new_id(), item_id=item.pk, text="不办", happened_at=opened + HOUR)
        assert "计票完成" in error.value.problems[0].why


def test_results_are_not_published_before_the_end(world: World) -> None:
    meeting, (item,) = world.opened()
    opened = world.now
    with world.at(opened + 2 * HOUR):
        end(world, meeting, item, opened + HOUR)
        with pytest.raises(BadInput) as error:
            meetings.publish(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, happened_at=opened)
        assert "会议结束" in error.value.problems[0].why


def test_a_meeting_on_paper_is_typed_later_from_the_day_it_was_held(world: World) -> None:
    held = world.now - 3 * DAY
    world.waiting_matter()
    meeting = world.call(starts_at=held, reason="补录纸质记录")
    leader = world.actor("leader")
    marks = [meetings.Mark(world.row(meeting, key).pk, "present") for key in ("leader", "worker", "worker2")]
    meetings.record_attendance(
        actor=leader, entry_id=new_id(), meeting_id=meeting.pk, marks=marks, happened_at=held - HOUR
    )
    with pytest.raises(BadInput):
        meetings.open_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk, happened_at=held - DAY)
    meetings.open_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk, happened_at=held)
    end(world, meeting, meeting.items.get(), held + HOUR)
    times = Entry.objects.filter(subject_id=meeting.pk, verb="meeting.ended").values_list("happened_at", "recorded_at")
    assert list(times) == [(held + HOUR, world.now)]


def test_sent_again_it_is_the_same_act_whatever_the_time_says(world: World) -> None:
    meeting, _items = world.opened()
    entry = new_id()
    given = {"actor": world.actor("leader"), "entry_id": entry, "meeting_id": meeting.pk}
    meetings.end_meeting(**given, happened_at=world.now)
    assert meetings.end_meeting(**given, happened_at=world.now + DAY).state == "ended"
