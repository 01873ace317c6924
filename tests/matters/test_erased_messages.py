"""Erasing a matter's words takes back what was still on its way to anybody, and what a bell elsewhere says of it."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.kernel.api import SYSTEM_REF, clock, erase, new_id
from bihuan.kernel.models import Notification, OutboxItem
from bihuan.matters import api as matters

from .conftest import Town

pytestmark = pytest.mark.django_db
FIRST, SECOND = "张大妈家楼上漏水", "三单元李家漏水几天了"


@pytest.fixture
def merged(town: Town) -> tuple[Any, Any]:
    """Two reports of one leak, each with a number; the second merged into the first, which then moved on."""
    first = town.report(text=FIRST, phone="13812345678")
    second = town.report(town.neighbour, text=SECOND, phone="13912345678")
    with clock.at(town.later(minutes=1)):
        matters.merge(
            actor=town.leader, matter_id=second.matter_id, into_id=first.matter_id, entry_id=new_id(), reason="同一处"
        )
    town.triage(first.matter_id)
    return first.matter_id, second.matter_id


def told() -> str:
    lines = Notification.objects.values_list("params", flat=True)
    return f"{list(lines)} {list(OutboxItem.objects.values_list('payload', flat=True))}"


def test_what_was_to_be_told_to_its_reporter_is_taken_back(town: Town, merged: tuple[Any, Any]) -> None:
    first, _second = merged
    waiting = OutboxItem.objects.filter(channel="reporter", target=first.hex, state="waiting")
    assert FIRST in str(list(waiting.values_list("payload", flat=True)))
    erase(actor=SYSTEM_REF, subject_type="matter", subject_id=first)
    assert FIRST not in told()
    assert not OutboxItem.objects.filter(target=first.hex).exists()


def test_a_merged_reporters_messages_lose_the_title_and_no_others(town: Town, merged: tuple[Any, Any]) -> None:
    first, second = merged
    before = OutboxItem.objects.filter(target=second.hex).count()
    erase(actor=SYSTEM_REF, subject_type="matter", subject_id=first)
    left = str(list(OutboxItem.objects.filter(target=second.hex).values_list("payload", flat=True)))
    assert SECOND in left
    assert OutboxItem.objects.filter(target=second.hex).count() == before - 1


def test_the_bell_that_says_it_was_merged_goes_with_it(town: Town, merged: tuple[Any, Any]) -> None:
    _first, second = merged
    assert SECOND in told()
    erase(actor=SYSTEM_REF, subject_type="matter", subject_id=second)
    assert SECOND not in told()
    assert FIRST in told()
