"""Erasing a person: what goes, what stays, and when it is refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.kernel.api import BadInput, Refused, clock, notify, verify
from bihuan.kernel.models import Entry, Notification, Sealed
from bihuan.people import erasing
from bihuan.people.api import SYSTEM, Actor, actor_of, erase_person, give_post, make_sign_in, record_person
from bihuan.people.models import Person, Post, User

pytestmark = pytest.mark.django_db


def person_of(role: str = "grid_worker", area: str = COMMUNITY, name: str = "孙某", **more: str) -> Person:
    return record_person(actor=SYSTEM, name=name, role=role, area_code=area, **more)


@pytest.fixture
def secretary() -> Actor:
    load_sample()
    return actor_of(person_of("secretary", name="周书记"))


def test_name_numbers_account_and_posts_go_and_the_chain_stays_valid(secretary: Actor) -> None:
    person = person_of(phone="13800138000")
    make_sign_in(actor=SYSTEM, person_id=person.pk)
    notify(person.pk, "matter.your_turn", {"title": "x", "number": "1", "action": "x"}, "/x/")
    erase_person(actor=secretary, person_id=person.pk, reason="本人要求")
    person.refresh_from_db()
    assert (person.name, person.phone_cipher, person.phone_masked, person.phone_lookup) == (
        "（已删除）", None, "", None,
    )  # fmt: skip
    assert person.erased_at is not None
    assert not User.objects.filter(person=person).exists()
    assert not Notification.objects.filter(person_id=person.pk).exists()
    assert not Post.objects.active(clock.today()).filter(person=person).exists()
    assert not Sealed.objects.filter(subject_id=person.pk, content__isnull=False).exists()
    last = Entry.objects.filter(subject_id=person.pk).latest("seq")
    assert (last.verb, last.actor_id) == ("person.erased", secretary.person_id)
    assert "本人要求" in last.body
    assert verify().ok


def test_the_number_can_be_given_to_somebody_else_afterwards(secretary: Actor) -> None:
    person = person_of(phone="13800138000")
    erase_person(actor=secretary, person_id=person.pk, reason="本人要求")
    assert person_of(phone="13800138000", name="新主人").phone_masked == "138****8000"


def test_it_is_refused_while_they_answer_for_something_and_says_for_what(
    secretary: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = person_of()
    monkeypatch.setattr(erasing, "_ties", [lambda key: ["电建-2024-0017（牵头）"] if key == person.pk else []])
    with pytest.raises(Refused, match="电建-2024-0017（牵头）"):
        erase_person(actor=secretary, person_id=person.pk, reason="已搬离")
    person.refresh_from_db()
    assert person.name == "孙某"


def test_it_needs_a_reason_the_right_everywhere_and_somebody_else(secretary: Actor) -> None:
    person = person_of()
    with pytest.raises(BadInput):
        erase_person(actor=secretary, person_id=person.pk, reason=" ")
    with pytest.raises(Refused):
        erase_person(actor=secretary, person_id=secretary.person_id, reason="x")
    with pytest.raises(PermissionDenied):
        erase_person(actor=actor_of(person), person_id=secretary.person_id, reason="x")
    with pytest.raises(Http404):
        erase_person(actor=secretary, person_id=person_of(area="410802006001").pk, reason="x")
    give_post(actor=SYSTEM, person_id=person.pk, role="police", area_code="410802006001")
    with pytest.raises(PermissionDenied):
        erase_person(actor=secretary, person_id=person.pk, reason="x")


def test_it_cannot_be_done_twice(secretary: Actor) -> None:
    person = person_of()
    erase_person(actor=secretary, person_id=person.pk, reason="本人要求")
    with pytest.raises(Http404):
        erase_person(actor=secretary, person_id=person.pk, reason="本人要求")


def test_the_page_asks_for_a_reason_and_leads_back_to_the_list(secretary: Actor) -> None:
    person = person_of()
    client = Client()
    client.force_login(User.objects.create(username="shuji", person_id=secretary.person_id))
    url = reverse("desk:person_erase", args=[person.pk])
    wrong = client.post(url, {"erase-reason": ""})
    assert wrong.status_code == 422
    assert '<details class="sheet fold" open>' in wrong.content.decode()
    assert client.post(url, {"erase-reason": "本人要求"}).status_code == 302
    assert "孙某" not in client.get(reverse("desk:people"), {"past": "1"}).content.decode()
    assert client.get(reverse("desk:person", args=[person.pk])).status_code == 404


@pytest.mark.parametrize("name", ["post_give", "sign_in", "person_erase"])
def test_the_right_is_asked_before_the_form(secretary: Actor, name: str) -> None:
    person = person_of("volunteer", name="志愿者")
    client = Client()
    client.force_login(User.objects.create(username="wgy", person=person_of()))
    assert client.post(reverse(f"desk:{name}", args=[person.pk]), {}).status_code == 403
