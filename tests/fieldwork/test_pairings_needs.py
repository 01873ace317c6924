"""What kinds of help a household needs says much of it: sealed as its name is, and gone with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bihuan.fieldwork import api as pairings
from bihuan.fieldwork.models import Pairing
from bihuan.fieldwork.pairing_reads import pairing_page
from bihuan.kernel.api import clock, new_id, verify
from bihuan.kernel.models import Entry, Sealed
from tests.fieldwork.households import START, World, build


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with clock.at(START):
        yield made


def _entries(pairing: Pairing) -> str:
    return "\n".join(Entry.objects.filter(subject_id=pairing.pk).values_list("body", flat=True))


def _change(world: World, pairing: Pairing, *, needs: list[str]) -> None:
    pairings.change_pairing(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), needs=needs)


def test_no_entry_says_what_a_household_needs(world: World) -> None:
    pairing = world.paired(needs=["health"])
    _change(world, pairing, needs=["study", "life"])
    for kind in ("health", "study", "life"):
        assert kind not in _entries(pairing)
        content = Sealed.objects.filter(subject_id=pairing.pk, erased_at=None).values_list("content", flat=True)
        assert all(kind.encode() not in bytes(one or b"") for one in content)
    lines = pairing_page(world.actor("secretary"), pairing.pk).lines
    assert any("需要的帮助" in line.sentence for line in lines)
    assert verify().ok


def test_what_is_needed_no_more_is_erased_when_it_changes_and_the_rest_stays(world: World) -> None:
    pairing = world.paired(needs=["health"])
    before = Sealed.objects.get(subject_id=pairing.pk, name="needs")
    _change(world, pairing, needs=["study"])
    before.refresh_from_db()
    assert before.content is None
    pairing.refresh_from_db()
    assert (pairing.needs, pairing.masked_name) == (["study"], "欧**")
    assert Sealed.objects.filter(subject_id=pairing.pk, name="name", erased_at=None).exists()
    _change(world, pairing, needs=[])
    assert not Sealed.objects.filter(subject_id=pairing.pk, name="needs", erased_at=None).exists()
    assert Pairing.objects.get(pk=pairing.pk).masked_name == "欧**"


def test_it_goes_with_the_consent_and_is_kept_no_longer_than_the_name(world: World) -> None:
    pairing = world.paired(needs=["health"])
    assert set(Sealed.objects.filter(subject_id=pairing.pk).values_list("expires_on", flat=True)) == {None}
    _change(world, pairing, needs=["study"])
    pairings.withdraw_consent(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken")
    assert not Sealed.objects.filter(subject_id=pairing.pk, erased_at=None).exists()
    assert Pairing.objects.get(pk=pairing.pk).needs == []
    assert verify().ok


def test_it_is_told_in_words_and_not_a_second_time_among_what_is_sealed(world: World) -> None:
    page = pairing_page(world.actor("secretary"), world.paired(needs=["health"]).pk)
    assert page.row.needs == ("帮健康",)
    assert "needs" not in {value.name for value in page.values}
