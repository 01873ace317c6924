"""Before a session: those due are reminded once, those who call are told once that it is not called yet."""

from __future__ import annotations

import datetime

import pytest

from bihuan.kernel.api import clock, jobs, new_id, notice_group, relay_notices
from bihuan.kernel.models import Notification, OutboxItem
from bihuan.meetings import api as meetings
from bihuan.meetings.models import Attendance, Meeting
from bihuan.meetings.reminders import remind_callers, remind_due
from bihuan.people import ciphers
from bihuan.people.models import Mailing

from .world import RULES, START, World, build

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
SESSION = datetime.datetime(2024, 3, 15, 15, 0, tzinfo=clock.ZONE)  # 每月15日
CALL_BY = SESSION - 2 * DAY  # the notice that the rules ask for


def told(kind: str) -> list[object]:
    return sorted(Notification.objects.filter(kind=kind).values_list("person_id", flat=True))


def ids(world: World, *keys: str) -> list[object]:
    return sorted(world.id(key) for key in keys)


def test_those_due_are_reminded_a_day_before_and_once(world: World) -> None:
    world.call(starts_at=SESSION)
    assert remind_due(SESSION - DAY - HOUR) == 0
    assert remind_due(SESSION - DAY + HOUR) == 1
    assert remind_due(SESSION - HOUR) == 0
    assert told("meeting.soon") == ids(world, "leader", "worker", "worker2", "council", "council2")
    line = Notification.objects.filter(kind="meeting.soon").first()
    assert line is not None
    assert line.params["when"] == "2024-03-15 15:00"


def test_who_cannot_come_is_left_alone_and_a_deputy_is_told_instead(world: World) -> None:
    meeting = world.call(starts_at=SESSION)
    marks = [
        meetings.Mark(world.row(meeting, "council").pk, "absent", reason="出差"),
        meetings.Mark(world.row(meeting, "council2").pk, "deputy", deputy_id=world.id("resident")),
    ]
    meetings.record_attendance(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, marks=marks)
    remind_due(SESSION - HOUR)
    assert told("meeting.soon") == ids(world, "leader", "worker", "worker2", "resident")


def test_a_meeting_called_within_the_time_was_told_of_just_now(world: World) -> None:
    with world.at(SESSION - 5 * HOUR):
        world.call(starts_at=SESSION, reason="急事")
        assert remind_due() == 0
    assert told("meeting.soon") == []


@pytest.mark.parametrize("state", ["cancelled", "open", "ended"])
def test_what_is_not_waiting_to_begin_is_not_reminded_of(world: World, state: str) -> None:
    meeting = world.call(starts_at=SESSION)
    Meeting.objects.filter(pk=meeting.pk).update(state=state)
    assert remind_due(SESSION - HOUR) == 0


def test_what_has_begun_is_past_reminding(world: World) -> None:
    world.call(starts_at=SESSION)
    assert remind_due(SESSION + HOUR) == 0


@pytest.mark.parametrize(("days", "before", "after"), [(3, 3 * DAY + HOUR, 3 * DAY - HOUR), (0, DAY, HOUR)])
def test_the_method_says_how_long_before(
    db: None, days: int, before: datetime.timedelta, after: datetime.timedelta
) -> None:
    world = build(RULES.replace("提前通知: 2", f"提前通知: 0\n      提醒: {days}"))
    with world.at(START):
        world.call(starts_at=SESSION)
        assert remind_due(SESSION - before) == 0
        assert remind_due(SESSION - after) == (1 if days else 0)


def test_who_calls_is_told_once_while_there_is_still_time_to_call(world: World) -> None:
    assert remind_callers(CALL_BY - DAY - HOUR) == 0
    assert remind_callers(CALL_BY - DAY + HOUR) >= 1
    assert remind_callers(CALL_BY) == 0
    mine = Notification.objects.filter(kind="meeting.not_called", params__title="网格会议")
    here = mine.filter(person_id=world.id("leader"))
    assert [line.params["when"] for line in here] == ["2024-03-15 15:00"]
    assert not mine.filter(person_id__in=ids(world, "worker", "council", "secretary", "police")).exists()


def test_what_is_called_needs_no_telling_and_a_cancelled_one_does(world: World) -> None:
    meeting = world.call(starts_at=SESSION + HOUR)  # that day, at another hour
    remind_callers(CALL_BY)
    assert world.id("leader") not in told("meeting.not_called")
    meetings.cancel_meeting(actor=world.actor("leader"), entry_id=new_id(), meeting_id=meeting.pk, reason="停电")
    remind_callers(CALL_BY)
    assert world.id("leader") in told("meeting.not_called")


def test_the_worker_does_both_and_mail_follows_by_choice(world: World) -> None:
    assert {"meetings.reminders", "meetings.uncalled"} <= set(jobs())
    assert notice_group("meeting.soon") == notice_group("meeting.not_called") == "turn"
    Mailing.objects.create(
        person_id=world.id("council"),
        address_cipher=ciphers.encrypt(ciphers.MAIL, "zhao@example.org"),
        confirmed_at=START - DAY,
        kinds=["turn"],
        language="zh",
    )
    world.call(starts_at=SESSION)
    Notification.objects.all().delete()
    remind_due(SESSION - HOUR)
    relay_notices()
    assert list(OutboxItem.objects.values_list("target", flat=True)) == [world.id("council").hex]
    assert Attendance.objects.filter(kind="due").count() == 5
