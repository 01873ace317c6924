"""The pages of paired households: who finds them, what they show, and what is done on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.fieldwork.models import Finding, Pairing, Place, Visit
from bihuan.kernel.api import new_id
from bihuan.kernel.models import PersonalRead
from bihuan.matters.models import Matter
from bihuan.people.models import User
from tests.fieldwork.households import COMMUNITY, NAME, PASSWORD_BACKEND, PHONE, World, build
from tests.web.counting import counted, hold

AT = "2024-03-11T08:30"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with made.at():
        yield made


@pytest.fixture
def as_(world: World) -> Callable[..., Client]:
    """A browser signed in as somebody, reading Chinese unless told otherwise."""

    def signed_in(key: str, language: str = "zh-hans") -> Client:
        client = Client(headers={"accept-language": language})
        user = User.objects.filter(person=world.people[key]).first() or world.account(key)
        client.force_login(user, backend=PASSWORD_BACKEND)
        return client

    return signed_in


SignedIn = Callable[..., Client]
PAGES = ("pairing", "pairing_sheet")
STRANGE = ("bank", "leader", "worker", "street", "admin", "outsider", "cadre", "household")


def _do(client: Client, pairing: Pairing, act: str, **given: Any) -> Any:
    body = {"entry_id": str(new_id()), "version": pairing.version} | given
    return client.post(reverse("desk:pairing_act", args=[pairing.pk, act]), body)


def _visit(client: Client, pairing: Pairing, **given: Any) -> Any:
    body = {"finding_id": str(new_id()), "happened_at": AT, "met": "yes", "help_kind": "life"} | given
    return _do(client, pairing, "visit", **body)


@pytest.mark.parametrize("key", STRANGE)
def test_to_whom_a_household_is_none_of_theirs_it_does_not_exist(world: World, as_: SignedIn, key: str) -> None:
    pairing = world.paired()
    client = as_(key)
    for page in PAGES:
        assert client.get(reverse(f"desk:{page}", args=[pairing.pk])).status_code == 404
    for act in ("consent", "change", "end", "withdraw", "visit"):
        assert _do(client, pairing, act, how="signed", reason="solved").status_code == 404
    asked = {"name": "phone", "why": "visit"}
    assert client.post(reverse("desk:pairing_look", args=[pairing.pk]), asked).status_code == 404
    listed = client.get(reverse("desk:pairings"))
    assert listed.status_code == 404 or "欧" not in listed.content.decode()
    assert not PersonalRead.objects.exists()
    assert Pairing.objects.get(pk=pairing.pk).version == pairing.version


@pytest.mark.parametrize("key", ["leader", "worker", "street", "admin", "household"])
def test_the_list_is_no_room_of_those_who_neither_manage_nor_go(world: World, as_: SignedIn, key: str) -> None:
    world.paired()
    client = as_(key)
    assert client.get(reverse("desk:pairings")).status_code == 404
    assert client.get(reverse("desk:pairing_new")).status_code == 404


def test_a_stranger_is_sent_to_sign_in(world: World) -> None:
    pairing = world.paired()
    for page in (reverse("desk:pairings"), reverse("desk:pairing", args=[pairing.pk]), reverse("desk:my_pairings")):
        assert Client().get(page).status_code == 302


def test_before_the_household_agreed_its_person_of_the_unit_sees_nothing(world: World, as_: SignedIn) -> None:
    proposed = world.propose()
    assert as_("partner").get(reverse("desk:pairing", args=[proposed])).status_code == 404
    assert "欧" not in as_("partner").get(reverse("desk:pairings")).content.decode()


def test_after_the_end_the_unit_sees_nothing_any_more(world: World, as_: SignedIn) -> None:
    pairing = world.end(world.paired().pk)
    assert as_("partner").get(reverse("desk:pairing", args=[pairing.pk])).status_code == 404
    assert as_("secretary").get(reverse("desk:pairing", args=[pairing.pk])).status_code == 200


@pytest.mark.parametrize("key", ["secretary", "partner"])
def test_list_and_page_show_a_mask_and_the_door_and_are_kept_by_nobody(world: World, as_: SignedIn, key: str) -> None:
    pairing = world.paired()
    client = as_(key)
    for address in (reverse("desk:pairings"), reverse("desk:pairing", args=[pairing.pk])):
        response = client.get(address)
        shown = response.content.decode()
        assert response.status_code == 200
        assert "欧**" in shown
        assert "3单元501" in shown
        assert NAME not in shown
        assert PHONE not in shown
        assert "no-store" in response["Cache-Control"]


def test_a_look_shows_the_number_once_and_says_who_looked(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    client = as_("partner")
    address = reverse("desk:pairing_look", args=[pairing.pk])
    shown = client.post(address, {"name": "phone", "why": "visit"}).content.decode()
    assert PHONE in shown
    assert "这次查看已记下" in shown
    again = client.get(reverse("desk:pairing", args=[pairing.pk])).content.decode()
    assert PHONE not in again
    assert "卜文静 · 上门前预约" in again


def test_other_reasons_have_to_be_written(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    response = as_("partner").post(reverse("desk:pairing_look", args=[pairing.pk]), {"name": "phone", "why": "other"})
    assert response.status_code == 422
    assert "请写明原因" in response.content.decode()
    assert not PersonalRead.objects.exists()


def test_from_the_proposal_to_the_consent_by_the_pages_alone(world: World, as_: SignedIn) -> None:
    client = as_("secretary")
    given = {
        "entry_id": str(new_id()), "place": "1", "door": "2单元302", "name": "甘守义",
        "phone": "13900010008", "needs": ["life", "study"], "person_id": str(world.id("bank")),
    }  # fmt: skip
    response = client.post(reverse("desk:pairing_new"), given)
    pairing = Pairing.objects.get()
    assert response.status_code == 302, response.content.decode()
    assert response["Location"] == reverse("desk:pairing", args=[pairing.pk])
    assert (pairing.area_code, pairing.door) == (f"{COMMUNITY}001", "2单元302")
    assert not Place.objects.exists(), "no list of places tells who is helped"
    client.post(reverse("desk:pairing_new"), given)
    assert Pairing.objects.count() == 1, "sent again it is the same one"
    done = _do(client, pairing, "consent", how="spoken", happened_at=AT, witness="邻居杨大姐", witness_id="")
    assert done.status_code == 302, done.content.decode()
    shown = client.get(reverse("desk:pairing", args=[pairing.pk])).content.decode()
    assert "口头同意" in shown
    assert "邻**" in shown
    assert "邻居杨大姐" not in shown


def test_a_refused_proposal_keeps_what_was_typed_beside_what_is_wrong(world: World, as_: SignedIn) -> None:
    world.propose()
    given = {
        "entry_id": str(new_id()), "place": "1", "door": "3单元501", "name": "甘守义",
        "phone": "不知道", "person_id": str(world.id("bank")),
    }  # fmt: skip
    response = as_("secretary").post(reverse("desk:pairing_new"), given)
    assert response.status_code == 422
    assert "甘守义" in response.content.decode()
    assert "电话号码不对" in response.content.decode()
    response = as_("secretary").post(reverse("desk:pairing_new"), given | {"phone": ""})
    assert response.status_code == 422
    assert "已经有一个结对" in response.content.decode()


def test_a_visit_is_counted_by_the_help_given_and_a_need_becomes_a_matter(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    client = as_("partner")
    assert _visit(client, pairing, text="聊了一会儿家常").status_code == 302
    done = _visit(client, pairing, help_kind="health", need="一户居民家的水管漏水，请来修")
    assert done.status_code == 302, done.content.decode()
    assert Visit.objects.filter(pairing=pairing).count() == 2
    matter = Matter.objects.get(pk=Finding.objects.get().matter_id)
    assert "水管漏水" in matter.title + matter.text
    shown = client.get(reverse("desk:pairing", args=[pairing.pk])).content.decode()
    assert "聊了一会儿家常" in shown
    assert "<b>1</b><span>帮健康</span>" in shown
    assert Pairing.objects.get(pk=pairing.pk).last_visit_at is not None


def test_the_same_visit_sent_twice_is_one(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    given = {"entry_id": str(new_id()), "finding_id": str(new_id()), "need": "一户居民需要轮椅"}
    for _time in range(2):
        assert _visit(as_("partner"), pairing, **given).status_code == 302
    assert Visit.objects.count() == 1
    assert Matter.objects.count() == 1


def test_a_need_that_names_the_household_is_stopped_before_anything_is_recorded(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    client = as_("partner")
    for need in (f"{NAME}家漏水", f"请打 {PHONE}"):
        response = _visit(client, pairing, need=need)
        assert response.status_code == 422
        assert "一户居民" in response.content.decode()
        assert need in response.content.decode(), "what was typed stays"
    assert not Visit.objects.exists()
    assert not Matter.objects.exists()


def test_what_may_name_the_household_is_asked_about(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    client = as_("partner")
    response = _visit(client, pairing, need="3单元501的水管漏水")
    assert response.status_code == 422
    assert "已核对" in response.content.decode()
    assert not Visit.objects.exists()
    assert _visit(client, pairing, need="3单元501的水管漏水", asked="1", checked="on").status_code == 302
    assert Matter.objects.count() == 1


def test_an_end_without_a_reason_is_told_beside_the_field(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    response = _do(as_("secretary"), pairing, "end", reason="", happened_at=AT)
    assert response.status_code == 422
    assert Pairing.objects.get(pk=pairing.pk).state == "active"
    assert _do(as_("secretary"), pairing, "end", reason="moved", happened_at="2024-03-11T09:00").status_code == 302
    assert Pairing.objects.get(pk=pairing.pk).end_reason == "moved"


def test_the_unit_may_not_manage_what_it_may_see(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    for act in ("change", "end", "withdraw"):
        response = _do(as_("partner"), pairing, act, reason="solved", how="spoken", happened_at=AT)
        assert response.status_code == 422
        assert "社区党委书记" in response.content.decode()
    assert Pairing.objects.get(pk=pairing.pk).version == pairing.version


def test_somebody_who_was_faster_is_told(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    old = pairing.version
    assert _do(as_("secretary"), pairing, "change", needs=["health"]).status_code == 302
    response = _do(as_("secretary"), pairing, "change", needs=["study"], version=old)
    assert response.status_code == 409
    assert "别人刚刚改过" in response.content.decode()


def test_staff_type_in_that_the_household_takes_its_consent_back(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    client = as_("secretary")
    _visit(as_("partner"), pairing, text="欧阳阿姨腿疼，说想要轮椅")
    assert _do(client, pairing, "withdraw", how="spoken").status_code == 302
    shown = client.get(reverse("desk:pairing", args=[pairing.pk])).content.decode()
    assert "信息已删除" in shown
    assert "欧" not in shown
    assert "轮椅" not in shown
    assert Visit.objects.filter(pairing=pairing).count() == 1, "that somebody went stays"


def test_the_household_reads_on_its_own_page_what_is_kept_and_takes_its_consent_back(
    world: World, as_: SignedIn
) -> None:
    pairing = world.paired()
    world.account("household", PHONE)
    as_("partner").post(reverse("desk:pairing_look", args=[pairing.pk]), {"name": "name", "why": "visit"})
    client = as_("household")
    assert reverse("desk:my_pairings") in client.get(reverse("desk:me")).content.decode()
    shown = client.get(reverse("desk:my_pairings")).content.decode()
    for words in ("街道卫生服务中心", "139****0007", "卜文静 · 上门前预约", "书面签字"):
        assert words in shown
    given = {"pairing": str(pairing.pk), "entry_id": str(new_id())}
    assert client.post(reverse("desk:my_pairings"), given).status_code == 302
    assert Pairing.objects.get(pk=pairing.pk).end_reason == "withdrawn"
    assert "没有登记您的结对信息" in client.get(reverse("desk:my_pairings")).content.decode()


def test_nobody_takes_back_the_consent_of_another_household(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    given = {"pairing": str(pairing.pk), "entry_id": str(new_id())}
    for key in ("worker", "bank", "outsider"):
        assert as_(key).post(reverse("desk:my_pairings"), given).status_code == 404
    assert Pairing.objects.get(pk=pairing.pk).state == "active"


def test_the_sheet_for_the_household_can_be_signed_until_it_agreed(world: World, as_: SignedIn) -> None:
    proposed = world.propose()
    client = as_("secretary")
    assert "我已看过或听过以上说明" in client.get(reverse("desk:pairing_sheet", args=[proposed])).content.decode()
    world.consent(proposed)
    assert "我已看过或听过以上说明" not in client.get(reverse("desk:pairing_sheet", args=[proposed])).content.decode()


def test_in_english_every_word_of_the_pages_is_english(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    client = as_("secretary", "en")
    shown = client.get(reverse("desk:pairing", args=[pairing.pk])).content.decode()
    for words in ("Paired households", "Record a visit", "Who has read it", "in writing"):
        assert words in shown
    for chinese in ("结对", "走访", "谁看过", "见证人"):
        assert chinese not in shown


def test_how_many_statements_the_pages_take(world: World, as_: SignedIn) -> None:
    pairing = world.paired()
    world.paired(person="bank", place=1)
    client = as_("secretary")
    for name, address in (
        ("desk:pairings", reverse("desk:pairings")),
        ("desk:pairing", reverse("desk:pairing", args=[pairing.pk])),
    ):
        response, count = counted(client, address)
        assert response.status_code == 200
        hold(name, count)
