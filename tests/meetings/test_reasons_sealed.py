"""Why a meeting was called off, an item put off or carried on may name people: sealed, and gone when it is erased."""

from __future__ import annotations

from bihuan.kernel.api import SYSTEM_REF, erase, new_id, verify
from bihuan.kernel.models import Entry, Notification, Sealed
from bihuan.meetings import api as meetings
from bihuan.meetings.models import AgendaItem, Meeting

from .world import World

WORDS = "等张大妈出院"


def _said(world: World, meeting: Meeting) -> str:
    page = meetings.meeting_page(world.actor("leader"), meeting.pk)
    return "\n".join(line.sentence for line in meetings.timeline(page))


def _deferred(world: World) -> Meeting:
    world.waiting_matter("楼道漏水")
    meeting = world.call(days=1, reason=f"急：{WORDS}")
    leader = world.actor("leader")
    meetings.defer(actor=leader, entry_id=new_id(), item_id=meeting.items.get().pk, reason=WORDS)
    meetings.cancel_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk, reason=f"都{WORDS}")
    return meeting


def test_no_entry_of_a_meeting_holds_a_reason_and_its_page_tells_it(world: World) -> None:
    meeting = _deferred(world)
    assert not Entry.objects.filter(subject_type="meeting", body__contains=WORDS).exists()
    assert Sealed.objects.filter(subject_type="meeting", name="reason").count() == 3
    assert f"原因：{WORDS}" in _said(world, meeting)
    assert f"原因：都{WORDS}" in _said(world, meeting)
    assert verify().ok


def test_an_erased_reason_is_on_no_row_in_no_bell_and_on_no_page(world: World) -> None:
    meeting = _deferred(world)
    assert WORDS in str(list(Notification.objects.values_list("params")))
    erase(actor=SYSTEM_REF, subject_type="meeting", subject_id=meeting.pk, names=["reason"])
    assert WORDS not in str(list(Notification.objects.values_list("params")))
    assert not AgendaItem.objects.filter(reason__contains=WORDS).exists()
    assert WORDS not in _said(world, meeting)
    assert "原因" not in _said(world, meeting)
    assert verify().ok


def test_a_reason_that_quotes_an_erased_matter_is_erased_and_the_others_stay(world: World) -> None:
    matter = world.waiting_matter("张大妈家漏水")
    meeting = world.call()
    leader = world.actor("leader")
    meetings.defer(actor=leader, entry_id=new_id(), item_id=meeting.items.get().pk, reason="等报价")
    meetings.cancel_meeting(actor=leader, entry_id=new_id(), meeting_id=meeting.pk, reason="张大妈家漏水已修好")
    erase(actor=SYSTEM_REF, subject_type="matter", subject_id=matter.pk)
    left = Sealed.objects.filter(subject_type="meeting", name="reason", erased_at=None)
    assert [bytes(row.content or b"").decode() for row in left] == ["等报价"]
    assert AgendaItem.objects.get(meeting=meeting).reason == "等报价"
    assert "张大妈" not in _said(world, meeting)
