"""Whose name a household's is: every look is kept, consent is taken back at once, no text names them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from django.http import Http404

from bihuan.fieldwork import api as pairings
from bihuan.fieldwork.models import Pairing
from bihuan.fieldwork.pairing_household import is_household, kept_about
from bihuan.fieldwork.pairing_reads import pairing_page, unit_people
from bihuan.fieldwork.pairing_words import must_not_name, named_in
from bihuan.fieldwork.schemes import find
from bihuan.kernel.api import BadInput, Refused, clock, new_id, verify
from bihuan.kernel.models import PersonalRead, Sealed
from bihuan.people.models import Post

from .households import COMMUNITY, NAME, PHONE, World, build


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with made.at():
        yield made


def test_every_look_is_kept_and_shown_to_whom_it_concerns(world: World) -> None:
    pairing = world.paired()
    world.account("household", PHONE)
    shown = pairings.reveal_pairing(
        actor=world.actor("partner"), pairing_id=pairing.pk, name="phone", reason="上门前预约"
    )
    assert shown == PHONE
    read = PersonalRead.objects.get()
    assert (read.reader_id, read.reason) == (world.id("partner"), "上门前预约")
    [kept] = kept_about(world.actor("household"))
    [phone] = [value for value in kept.values if value.name == "phone"]
    assert [(line.who, line.reason) for line in phone.reads] == [("卜文静", "上门前预约")]


def test_nobody_looks_without_a_reason(world: World) -> None:
    pairing = world.paired()
    with pytest.raises(BadInput):
        pairings.reveal_pairing(actor=world.actor("partner"), pairing_id=pairing.pk, name="phone", reason=" ")
    assert not PersonalRead.objects.exists()


def test_what_is_erased_cannot_be_looked_at(world: World) -> None:
    pairing = world.end(world.propose())
    with pytest.raises(Refused):
        pairings.reveal_pairing(actor=world.actor("secretary"), pairing_id=pairing.pk, name="name", reason="核对")


# --- the household's own word ----------------------------------------------------------------------------------------


def test_staff_record_that_the_household_takes_its_consent_back_and_all_of_it_goes_at_once(world: World) -> None:
    pairing = world.paired()
    pairings.withdraw_consent(actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken")
    pairing.refresh_from_db()
    assert (pairing.state, pairing.end_reason, pairing.masked_name) == ("ended", "withdrawn", "")
    assert not Sealed.objects.filter(subject_id=pairing.pk, erased_at=None).exists()
    assert verify().ok
    with pytest.raises(Refused, match="已经删除"):
        pairings.withdraw_consent(
            actor=world.actor("secretary"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken"
        )


def test_the_household_takes_its_consent_back_from_its_own_account(world: World) -> None:
    pairing = world.paired()
    world.account("household", PHONE)
    pairings.withdraw_consent(actor=world.actor("household"), pairing_id=pairing.pk, entry_id=new_id())
    assert Pairing.objects.get(pk=pairing.pk).end_reason == "withdrawn"
    assert kept_about(world.actor("household")) == ()
    last = pairing_page(world.actor("secretary"), pairing.pk).lines[-1]
    assert last.sentence.startswith("本人")


def test_a_number_that_nobody_proved_or_that_changed_hands_leads_to_nothing(world: World) -> None:
    pairing = world.paired()
    world.account("household", PHONE, proven=False)
    assert not is_household(world.actor("household"), pairing.pk)
    world.person("heir", "齐新来")
    world.people["household"].user.delete()
    world.account("heir", PHONE)
    assert kept_about(world.actor("heir")) == ()
    with pytest.raises(Http404):
        pairings.withdraw_consent(actor=world.actor("heir"), pairing_id=pairing.pk, entry_id=new_id())


def test_the_unit_cannot_take_the_households_consent_back(world: World) -> None:
    pairing = world.paired()
    with pytest.raises(Refused):
        pairings.withdraw_consent(actor=world.actor("partner"), pairing_id=pairing.pk, entry_id=new_id(), how="spoken")


# --- a need becomes a matter without naming the household ------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [f"{NAME}家水管漏水", "请联系 139-0001-0007", "居民欧阳 秀兰需要轮椅".replace(" ", "")]
)
def test_a_text_that_names_the_household_is_found_without_decrypting(world: World, text: str) -> None:
    pairing = world.paired()
    assert named_in(pairing, text).surely
    problem = must_not_name(pairing, text, checked=True)
    assert problem is not None
    assert "一户居民" in problem.how
    assert not PersonalRead.objects.exists()


def test_what_may_name_the_household_is_asked_about_once(world: World) -> None:
    pairing = world.paired()
    for text in ("3单元501漏水", "欧大爷家漏水"):
        assert must_not_name(pairing, text, checked=False) is not None
        assert must_not_name(pairing, text, checked=True) is None
    assert must_not_name(pairing, "一户居民家里漏水，2号楼门口路灯不亮", checked=False) is None


# --- for whom --------------------------------------------------------------------------------------------------------


def test_who_of_a_unit_may_go_is_listed_with_who_is_taken(world: World) -> None:
    world.propose()
    found = {one.name: (one.unit, one.taken) for one in unit_people(f"{COMMUNITY}001", find(COMMUNITY, "yiqi"))}
    assert found == {
        "卜文静": ("街道卫生服务中心", True),
        "乔一帆": ("街道卫生服务中心", False),
        "栾志刚": ("辖区银行网点", False),
    }


def test_who_left_the_unit_no_longer_sees_the_household(world: World) -> None:
    pairing = world.paired()
    Post.objects.filter(person_id=world.id("partner")).update(until=clock.today() - datetime.timedelta(days=1))
    with pytest.raises(Http404):
        pairing_page(world.actor("partner"), pairing.pk)
