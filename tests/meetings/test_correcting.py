"""Correcting the record of a meeting that is over: both wordings stay, and what was decided is not touched."""

from __future__ import annotations

import datetime

import pytest

from bihuan.kernel.api import BadInput, Refused, new_id, verify
from bihuan.kernel.models import Entry, Notification, Sealed
from bihuan.meetings import api as meetings
from bihuan.meetings.models import Correction, Meeting

from .world import World

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def over(world: World) -> Meeting:
    """An ended meeting: one absent with a reason, one opinion."""
    meeting, (item,) = world.opened("leader", "worker", "worker2", "council2")
    leader = world.actor("leader")
    absent = [meetings.Mark(world.row(meeting, "council").pk, "absent", reason="出差")]
    meetings.record_attendance(actor=leader, entry_id=new_id(), meeting_id=meeting.pk, marks=absent)
    meetings.record_opinion(
        actor=leader,
        entry_id=new_id(),
        item_id=item.pk,
        text="先换灯泡",
        attendance_id=world.row(meeting, "worker").pk,
    )
    meetings.end_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk)
    return Meeting.objects.get(pk=meeting.pk)


def correct(world: World, meeting: Meeting, what: str, words: str, by: str = "leader", **more: object) -> Correction:
    given: dict[str, object] = {"why": "记录人笔误", "entry_id": new_id()} | more
    return meetings.correct(actor=world.actor(by), meeting_id=meeting.pk, what=what, words=words, **given)  # type: ignore[arg-type]


def test_both_wordings_are_shown_with_why_and_who(world: World, over: Meeting) -> None:
    correct(world, over, "place", "社区会议室")
    page = meetings.meeting_page(world.actor("leader"), over.pk)
    (line,) = page.corrections
    assert (line.was, line.words, line.why, line.by) == ("居民会客厅", "社区会议室", "记录人笔误", "周长河")
    assert page.meeting.place == "居民会客厅"
    columns = dict(meetings.minutes(world.actor("leader"), over.pk).columns)
    assert columns["地点"] == "居民会客厅（更正为：社区会议室）"


def test_a_correction_of_a_correction_starts_from_the_last_words(world: World, over: Meeting) -> None:
    correct(world, over, "place", "社区会议室")
    assert correct(world, over, "place", "社区二楼会议室").was == "社区会议室"


def test_an_opinion_and_a_reason_are_corrected_and_those_they_are_about_are_told(world: World, over: Meeting) -> None:
    opinion = over.items.get().opinions.get()
    row = world.row(over, "council")
    correct(world, over, "opinion", "先换灯头", target=str(opinion.pk))
    correct(world, over, "reason", "住院", target=str(row.pk))
    page = meetings.meeting_page(world.actor("secretary"), over.pk)
    (said,) = page.items[0].opinions
    assert (said.text, [line.words for line in said.corrected]) == ("先换灯泡", ["先换灯头"])
    columns = dict(meetings.minutes(world.actor("leader"), over.pk).columns)
    assert "赵德明（出差（更正为：住院））" in columns["缺席及原因"]
    told = dict(Notification.objects.filter(kind__contains="corrected").values_list("person_id", "kind"))
    assert told == {
        world.id("worker"): "meeting.your_words_corrected",
        world.id("council"): "meeting.your_reason_corrected",
    }


def test_the_record_says_so_and_the_chain_holds(world: World, over: Meeting) -> None:
    correct(world, over, "place", "社区会议室")
    entry = Entry.objects.get(verb="meeting.corrected")
    assert "社区会议室" not in entry.body
    kept = Sealed.objects.filter(entry_id=entry.pk).values_list("name", "content")
    assert {name: bytes(content).decode() for name, content in kept} == {
        "was": "居民会客厅",
        "words": "社区会议室",
        "why": "记录人笔误",
    }
    assert verify().ok
    lines = meetings.timeline(meetings.meeting_page(world.actor("leader"), over.pk))
    assert lines[-1].sentence == "网格长 周长河更正了会议记录（地点）"


def test_sent_twice_it_is_one_correction(world: World, over: Meeting) -> None:
    entry = new_id()
    for _ in range(2):
        correct(world, over, "place", "社区会议室", entry_id=entry)
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("what", ["resolution", "count", "vote", "presence", ""])
def test_votes_and_decisions_cannot_be_corrected_so(world: World, over: Meeting, what: str) -> None:
    with pytest.raises(BadInput) as error:
        correct(world, over, what, "通过")
    assert "表决、决议" in error.value.problems[0].why


def test_who_was_there_has_no_reason_to_correct(world: World, over: Meeting) -> None:
    for target in (str(world.row(over, "worker").pk), "0", "x", "²", ""):
        with pytest.raises(BadInput):
            correct(world, over, "reason", "请假", target=target)


def test_an_opinion_of_another_meeting_is_not_found(world: World, over: Meeting) -> None:
    for target in (str(new_id()), "x", ""):
        with pytest.raises(BadInput):
            correct(world, over, "opinion", "别的话", target=target)


@pytest.mark.parametrize(
    ("words", "why", "field"),
    [
        ("", "笔误", "words"),
        ("居民会客厅", "笔误", "words"),
        ("社区会议室", "", "why"),
        ("社" * 81, "笔误", "words"),
        ("社区", "误" * 201, "why"),
    ],
)
def test_nothing_said_or_nothing_changed_is_refused(
    world: World, over: Meeting, words: str, why: str, field: str
) -> None:
    with pytest.raises(BadInput) as error:
        correct(world, over, "place", words, why=why)
    assert [problem.field for problem in error.value.problems] == [field]


def test_a_time_is_read_bounded_and_never_ends_before_it_began(world: World, over: Meeting) -> None:
    with world.at(world.now + 5 * HOUR):
        for wrong in ("昨天下午", "2024-13-40 10:00", "2024-03-11 23:00", "2024-03-11 08:59"):
            with pytest.raises(BadInput):
                correct(world, over, "ended", wrong)
        assert correct(world, over, "ended", "2024-03-11T11:30").words == "2024-03-11 11:30"
        assert correct(world, over, "began", "2024-03-11 10:00").was == "2024-03-11 09:00"
        with pytest.raises(BadInput):
            correct(world, over, "began", "2024-03-11 12:00")


@pytest.mark.parametrize("key", ["council", "secretary", "police", "cadre"])
def test_who_does_not_run_the_meeting_corrects_nothing(world: World, over: Meeting, key: str) -> None:
    with pytest.raises(Refused):
        correct(world, over, "place", "社区会议室", by=key)
    assert not Correction.objects.exists()


def test_before_the_end_there_is_nothing_to_correct(world: World) -> None:
    meeting, _items = world.opened()
    with pytest.raises(Refused):
        correct(world, meeting, "place", "社区会议室")


def test_the_wall_shows_time_and_place_corrected_and_no_names(world: World, over: Meeting) -> None:
    meetings.publish(actor=world.actor("leader"), entry_id=new_id(), meeting_id=over.pk)
    correct(world, over, "place", "社区会议室")
    correct(world, over, "reason", "住院", target=str(world.row(over, "council").pk))
    wall = meetings.published(over.pk)
    assert wall is not None
    assert [(line.what, line.words, line.by) for line in wall.corrections] == [("place", "社区会议室", "")]
