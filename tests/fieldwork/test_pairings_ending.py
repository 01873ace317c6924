"""A pairing ends: what is kept how long, what lapses, what cannot be done any more."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from bihuan.fieldwork import api as pairings
from bihuan.fieldwork.models import Pairing
from bihuan.fieldwork.pairing_reads import pairing_page
from bihuan.kernel.api import BadInput, Refused, erase_expired, new_id, verify
from bihuan.kernel.models import Entry, Sealed

from .households import START, World, build


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with made.at():
        yield made


def test_an_ended_pairing_keeps_the_name_for_its_term_and_not_a_day_longer(world: World) -> None:
    pairing = world.end(world.paired().pk)
    assert set(Sealed.objects.filter(subject_id=pairing.pk).values_list("expires_on", flat=True)) == {
        datetime.date(2024, 4, 10)
    }
    with world.at(days=30):
        assert erase_expired() == 0
    with world.at(days=31):
        assert erase_expired() == 5
    pairing.refresh_from_db()
    assert (pairing.masked_name, pairing.door, pairing.witness, pairing.needs) == ("", "", "", [])
    assert pairing_page(world.actor("secretary"), pairing.pk).erased
    assert verify().ok


def test_a_running_pairing_has_no_term(world: World) -> None:
    pairing = world.paired()
    with world.at(days=3000):
        assert erase_expired() == 0
    assert Pairing.objects.get(pk=pairing.pk).masked_name == "欧**"


def test_what_nobody_agreed_to_is_erased_when_it_ends(world: World) -> None:
    pairing = world.end(world.propose(), reason="other", note="本人没有意愿")
    assert pairing.masked_name == ""
    assert not Sealed.objects.filter(subject_id=pairing.pk, erased_at=None).exists()


def test_a_proposal_lapses_after_thirty_days(world: World) -> None:
    proposed = world.propose()
    with world.at(days=29):
        assert pairings.lapse_proposals() == 0
    with world.at(days=30):
        assert pairings.lapse_proposals() == 1
        assert pairings.lapse_proposals() == 0
    pairing = Pairing.objects.get(pk=proposed)
    assert (pairing.state, pairing.end_reason, pairing.masked_name) == ("ended", "lapsed", "")
    assert not Sealed.objects.filter(subject_id=proposed, erased_at=None).exists()
    assert verify().ok


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": "whim"}, "reason"),
        ({"reason": "other"}, "note"),
        ({"happened_at": START - datetime.timedelta(days=1)}, "happened_at"),
    ],
)
def test_an_end_without_a_reason_or_before_the_beginning_is_refused(
    world: World, given: dict[str, Any], field: str
) -> None:
    pairing = world.paired()
    with pytest.raises(BadInput) as error:
        world.end(pairing.pk, **given)
    assert error.value.problems[0].field == field


def test_an_act_sent_again_acts_once(world: World) -> None:
    pairing = world.propose()
    agreed, ended = new_id(), new_id()
    world.consent(pairing, entry_id=agreed)
    world.consent(pairing, entry_id=agreed)
    world.end(pairing, entry_id=ended)
    world.end(pairing, entry_id=ended)
    assert Entry.objects.filter(subject_id=pairing).count() == 3


def test_an_act_out_of_order_says_what_to_do(world: World) -> None:
    pairing = world.end(world.paired().pk)
    with pytest.raises(Refused, match="已结束"):
        world.consent(pairing.pk)
    with pytest.raises(Refused, match="已结束"):
        world.end(pairing.pk)
    with pytest.raises(Refused, match="重新提出"):
        pairings.change_pairing(
            actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), needs=["health"]
        )


# --- who looked ------------------------------------------------------------------------------------------------------
