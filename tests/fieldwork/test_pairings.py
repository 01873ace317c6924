"""Pairing a unit's person with a household: proposed, agreed to, changed; one to one; once each."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import Http404

from bihuan.fieldwork import api as pairings
from bihuan.fieldwork.models import Pairing
from bihuan.fieldwork.pairing_reads import pairing_page
from bihuan.fieldwork.schemes import find
from bihuan.kernel.api import BadInput, Conflict, NotFound, Refused, new_id, verify
from bihuan.kernel.models import Entry, Notification, Sealed

from .households import COMMUNITY, NAME, PHONE, SCHEME, START, World, build


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with made.at():
        yield made


def test_a_proposal_waits_for_the_household_and_names_nobody_in_its_entry(world: World) -> None:
    pairing = Pairing.objects.get(pk=world.propose())
    assert (pairing.state, pairing.masked_name, pairing.area_code) == ("proposed", "欧**", f"{COMMUNITY}001")
    entry = Entry.objects.get(subject_type="pairing", subject_id=pairing.pk)
    assert entry.verb == "pairing.proposed"
    assert NAME not in entry.body
    assert PHONE not in entry.body
    assert "欧" not in entry.body
    assert "501" not in entry.body
    assert {(row.name, row.masked) for row in Sealed.objects.filter(subject_id=pairing.pk)} == {
        ("name", "欧**"),
        ("phone", "139****0007"),
        ("door", "****"),
        ("needs", "****"),
    }
    assert all(NAME.encode() not in bytes(row.content or b"") for row in Sealed.objects.filter(subject_id=pairing.pk))


def test_the_same_proposal_twice_is_one(world: World) -> None:
    wanted = new_id()
    world.propose(id=wanted)
    again = pairings.propose_pairing(
        actor=world.actor("secretary"),
        id=wanted,
        key="yiqi",
        area_code=world.doors[0][0],
        door=world.doors[0][1],
        name=NAME,
        person_id=world.id("partner"),
    )
    assert again.created is False
    assert Pairing.objects.count() == 1
    assert Entry.objects.filter(subject_id=wanted).count() == 1


def test_it_runs_once_the_household_has_agreed_and_the_consent_says_how_when_and_who_saw_it(world: World) -> None:
    when = START - datetime.timedelta(days=2)
    pairing = world.consent(world.propose(), how="spoken", happened_at=when)
    assert (pairing.state, pairing.consent_how, pairing.consented_at) == ("active", "spoken", when)
    page = pairing_page(world.actor("secretary"), pairing.pk)
    assert page.witness == "邻**"
    assert "口头同意" in page.lines[-1].sentence
    assert "邻**" in page.lines[-1].sentence
    assert page.lines[-1].late, "paper first, typed later: both times stay"
    assert "邻居杨大姐" not in Entry.objects.get(verb="pairing.consented").body


def test_who_goes_there_is_told_without_a_name(world: World) -> None:
    pairing = world.paired()
    line = Notification.objects.get(person_id=world.id("partner"))
    assert line.kind == "pairing.yours"
    assert str(pairing.pk) in line.link
    assert NAME not in str(line.params)
    assert "欧" not in str(line.params)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"witness": ""}, "witness"),
        ({"how": "guessed"}, "how"),
        ({"witness": "", "witness_id": "partner"}, "witness"),
        ({"how": "spoken", "witness": "", "witness_id": "secretary"}, "witness"),
        ({"happened_at": START + datetime.timedelta(minutes=1)}, "happened_at"),
        ({"happened_at": START - datetime.timedelta(days=400)}, "happened_at"),
    ],
)
def test_a_consent_that_proves_nothing_is_refused(world: World, given: dict[str, Any], field: str) -> None:
    proposed = world.propose()
    if isinstance(key := given.get("witness_id"), str):
        given = given | {"witness_id": world.id(key)}
    with pytest.raises(BadInput) as error:
        world.consent(proposed, **given)
    assert error.value.problems[0].field == field
    assert Pairing.objects.get(pk=proposed).state == "proposed"


def test_a_household_is_paired_once(world: World) -> None:
    world.propose()
    with pytest.raises(Refused, match="已经有一个结对"):
        world.propose(person="bank")
    assert Pairing.objects.count() == 1


def test_blanks_and_width_make_no_other_household_of_a_door(world: World) -> None:
    world.propose()
    with pytest.raises(Refused, match="已经有一个结对"):
        world.propose(person="bank", door="３单元 501")


def test_a_household_may_be_paired_again_after_the_end(world: World) -> None:
    world.end(world.paired().pk)
    assert Pairing.objects.get(pk=world.propose(person="bank")).state == "proposed"


def test_a_person_goes_to_one_household(world: World) -> None:
    world.propose()
    with pytest.raises(Refused, match="已经结对 1 户"):
        world.propose(place=1)


def test_a_method_may_let_a_person_go_to_two(db: None) -> None:
    world = build(SCHEME.replace("    管理: [secretary]", "    管理: [secretary]\n    每人几户: 2"))
    with world.at():
        world.propose()
        world.propose(place=1)
        with pytest.raises(Refused, match="已经结对 2 户"):
            world.propose(place=2)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"door": " "}, "door"),
        ({"phone": "打不通"}, "phone"),
        ({"needs": ["money"]}, "needs"),
        ({"person": "worker"}, "person_id"),
        ({"person": "unitless"}, "person_id"),
    ],
)
def test_a_proposal_that_cannot_be_is_told_what_is_wrong(world: World, given: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as error:
        world.propose(**given)  # type: ignore[arg-type]
    assert error.value.problems[0].field == field
    assert not Pairing.objects.exists()


def test_an_unknown_door_or_scheme_is_told(world: World) -> None:
    with pytest.raises(NotFound):
        pairings.propose_pairing(
            actor=world.actor("secretary"),
            id=new_id(),
            key="yiqi",
            area_code=f"{COMMUNITY}099",
            door="3单元501",
            name=NAME,
            person_id=world.id("partner"),
        )
    with pytest.raises(NotFound):
        find(COMMUNITY, "no_such_scheme")


def test_another_of_the_same_unit_takes_over_and_sees_it_and_the_first_no_longer_does(world: World) -> None:
    pairing = world.paired()
    pairings.change_pairing(
        actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), person_id=world.id("colleague")
    )
    assert pairing_page(world.actor("colleague"), pairing.pk).goes
    with pytest.raises(Http404):
        pairing_page(world.actor("partner"), pairing.pk)
    with pytest.raises(BadInput, match="另一个单位"):
        pairings.change_pairing(
            actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), person_id=world.id("bank")
        )


def test_a_corrected_name_replaces_the_wrong_one_which_is_erased(world: World) -> None:
    pairing = world.paired()
    before = Sealed.objects.get(subject_id=pairing.pk, name="name")
    pairings.change_pairing(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), name="欧阳秀云")
    before.refresh_from_db()
    assert before.content is None
    said = pairings.reveal_pairing(
        actor=world.actor("partner"), pairing_id=pairing.pk, name="name", reason="上门前预约"
    )
    assert said == "欧阳秀云"
    pairing.refresh_from_db()
    assert pairing.masked_name == "欧**", "the row is not wiped by erasing what was wrong"
    assert verify().ok


def test_a_change_of_nothing_is_told(world: World) -> None:
    with pytest.raises(BadInput, match="没有要改的内容"):
        pairings.change_pairing(actor=world.actor("secretary"), pairing_id=world.propose(), entry_id=new_id())


def test_two_who_change_at_once_do_not_overwrite_each_other(world: World) -> None:
    pairing = world.paired()
    change = {"actor": world.actor("secretary"), "pairing_id": pairing.pk, "expected_version": pairing.version}
    pairings.change_pairing(entry_id=new_id(), needs=["health"], **change)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        pairings.change_pairing(entry_id=new_id(), needs=["study"], **change)  # type: ignore[arg-type]
    assert Pairing.objects.get(pk=pairing.pk).needs == ["health"]
