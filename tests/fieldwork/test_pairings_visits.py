"""Visits to a paired household: what may be written of it, when it is due."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bihuan.fieldwork import api as pairings
from bihuan.fieldwork import pairing_reads
from bihuan.fieldwork.models import Coverage, Pairing, Visit
from bihuan.kernel.api import Refused, clock, new_id

from .households import World, build


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with made.at():
        yield made


def _help(world: World, pairing: Pairing, who: str = "partner", **more: Any) -> pairings.RecordedVisit:
    given = {"area_code": pairing.area_code, "pairing_id": pairing.pk, "help_kind": "life", "text": "换了灯泡", **more}
    return pairings.record_visit(actor=world.actor(who), id=new_id(), happened_at=clock.now(), **given)


def test_nothing_is_written_to_a_household_that_took_its_consent_back(world: World) -> None:
    pairing = world.paired()
    pairings.withdraw_consent(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken")
    with pytest.raises(Refused, match="已经结束"):
        _help(world, pairing, "secretary")
    assert not Visit.objects.exists()


def test_a_visit_made_before_the_end_can_still_be_typed_in_and_a_later_one_cannot(world: World) -> None:
    pairing = world.paired()
    made = clock.now()
    with world.at(hours=2):
        pairing = world.end(pairing.pk)
    with world.at(hours=3):
        pairings.record_visit(
            actor=world.actor("secretary"), id=new_id(), area_code=pairing.area_code, pairing_id=pairing.pk,
            help_kind="life", happened_at=made, text="换了灯泡",
        )  # fmt: skip
        with pytest.raises(Refused, match="已经结束"):
            _help(world, pairing, "secretary")
    assert Visit.objects.count() == 1


def test_a_visit_to_a_household_is_no_round_whatever_the_phone_says(world: World) -> None:
    _help(world, world.paired(), round="household_visit", level=1)
    assert Visit.objects.get().round == ""
    assert not Coverage.objects.exists()


def test_what_an_erased_household_told_becomes_no_matter_behind_its_visit(world: World) -> None:
    pairing = world.paired()
    visit = _help(world, pairing)
    pairings.withdraw_consent(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken")
    with pytest.raises((Refused, Http404, PermissionDenied)):
        pairings.record_finding(
            actor=world.actor("partner"), id=new_id(), visit_id=visit.visit_id, text="欧阳秀兰家的灯又坏了"
        )


def test_a_household_is_due_in_the_day_like_a_round_s_place(world: World) -> None:
    """The scheme says every month from the first."""
    pairing = world.paired()

    def told() -> tuple[str, bool, datetime.date]:
        one = pairings.day(world.actor("partner")).pairings[0]
        assert one.every == "每月1日"
        assert one.until is not None
        return one.state, one.due, one.until.date()

    april = datetime.date(2024, 4, 1)
    with world.at(days=1):
        assert told() == ("due", True, april)
        _help(world, pairing, result="nobody")
        assert told() == ("due", True, april)
        _help(world, pairing)
        assert told() == ("done", False, april)
    with world.at(datetime.datetime(2024, 4, 2, 9, 0, tzinfo=clock.ZONE)):
        assert told() == ("due", True, datetime.date(2024, 5, 1))


def test_the_help_given_is_counted_over_all_visits_and_what_is_not_listed_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairing = world.paired()
    for hours in range(5):
        with world.at(hours=hours):
            _help(world, pairing, help_kind="life" if hours < 3 else "study")
    with world.at(hours=6):
        _help(world, pairing, help_kind="study", result="nobody")
        monkeypatch.setattr(pairing_reads, "MOST_VISITS", 2)
        page = pairing_reads.pairing_page(world.actor("secretary"), pairing.pk)
    assert (len(page.visits), page.more_visits, page.row.visits) == (2, 4, 6)
    assert page.help_given == (("帮生活", 3), ("帮学习", 2))  # nobody was at home: no help was given
