"""When a reporter's words are erased, no bell and no message about a meeting keeps them."""

from __future__ import annotations

import pytest

from bihuan.kernel.api import SYSTEM_REF, erase, new_id
from bihuan.kernel.models import Notification
from bihuan.matters.models import Matter
from bihuan.meetings import api as meetings
from bihuan.meetings.models import AgendaItem

from .world import World

WORDS = "张大妈家漏水"


@pytest.fixture
def told(world: World) -> Matter:
    """A matter that was on two agendas: its reporter, who is due at the second meeting too, was told of it."""
    matter = world.waiting_matter(WORDS)
    first = world.call()
    leader = world.actor("leader")
    meetings.defer(actor=leader, entry_id=new_id(), item_id=first.items.get().pk, reason="等报价")
    second = world.call(days=9)
    meetings.invite(actor=leader, entry_id=new_id(), meeting_id=second.pk, person_id=world.id("resident"))
    meetings.add_item(actor=leader, entry_id=new_id(), meeting_id=second.pk, title=f"再议：{WORDS}")
    meetings.cancel_meeting(actor=leader, entry_id=new_id(), meeting_id=second.pk, reason=f"{WORDS}已修好")
    return matter


def bells() -> str:
    return str(list(Notification.objects.values_list("kind", "params")))


def test_an_erased_matters_title_is_in_no_bell(world: World, told: Matter) -> None:
    kinds = set(Notification.objects.filter(person_id=world.id("resident")).values_list("kind", flat=True))
    assert {"meeting.your_matter_on_agenda", "meeting.your_matter_deferred", "meeting.cancelled_for_you"} <= kinds
    assert WORDS in bells()
    erase(actor=SYSTEM_REF, subject_type="matter", subject_id=told.pk)
    assert WORDS not in bells()
    assert not AgendaItem.objects.filter(matter=told, title__contains=WORDS).exists()


def test_the_bell_of_a_meeting_stays_though_a_title_in_it_goes(world: World, told: Matter) -> None:
    before = Notification.objects.filter(kind="meeting.cancelled_for_you").count()
    erase(actor=SYSTEM_REF, subject_type="matter", subject_id=told.pk)
    assert Notification.objects.filter(kind="meeting.cancelled_for_you").count() == before
    assert "（内容已删除）已修好" in bells()
