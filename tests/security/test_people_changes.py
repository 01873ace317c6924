"""The addresses that change persons, posts and areas: rights, fields nobody asked for, other communities' people."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bihuan.kernel.api import clock
from bihuan.people.models import Person, Post, User
from tests.security.conftest import OTHER, ROLES, STAFF, Town

pytestmark = pytest.mark.django_db
MANAGERS = {"secretary", "administrator"}


def _addresses(town: Town) -> dict[str, dict[str, Any]]:
    """Return each new address of one person of 电建社区 with a body that a manager's browser would send."""
    person, post = town.values["person_id"], town.values["post_id"]
    code = f"{town.values['code']}012"
    day = clock.today().isoformat()
    return {
        f"/desk/people/{person}/correct/": {"correct-name": "改名"},
        f"/desk/people/{person}/posts/": {"role": "volunteer", "area_code": town.values["code"]},
        f"/desk/people/{person}/deputy/": {"deputy-stands_for": str(post)},
        f"/desk/people/{person}/erase/refuse/": {"refuse-reason": "不同意"},
        f"/desk/people/posts/{post}/end/": {f"{post}-until": day},
        f"/desk/areas/{code}/name/": {"name-name": "改名"},
        f"/desk/areas/{code}/use/": {"use-reason": "已拆除"},
    }


@pytest.mark.parametrize("role", [role for role in ROLES if role not in MANAGERS])
def test_who_may_not_manage_changes_nothing(town: Town, role: str) -> None:
    person = town.values["person_id"]
    before = (Person.objects.get(pk=person).version, Post.objects.filter(person_id=person).count())
    for address, body in _addresses(town).items():
        assert town.clients[role].post(address, body).status_code in {302, 403, 404}, address
        assert town.clients[role].get(address).status_code in {302, 404, 405}, address
    assert (Person.objects.get(pk=person).version, Post.objects.filter(person_id=person).count()) == before


def test_another_communitys_secretary_does_not_even_find_them(town: Town) -> None:
    for address, body in _addresses(town).items():
        assert town.clients["other community's secretary"].post(address, body).status_code == 404, address


def test_a_secretary_finds_no_person_of_another_community(town: Town) -> None:
    post = Post.objects.get(area_code=OTHER, role_id="grid_worker")
    day = clock.today().isoformat()
    for address, body in {
        f"/desk/people/{post.person_id}/correct/": {"correct-name": "改名"},
        f"/desk/people/{post.person_id}/deputy/": {"deputy-stands_for": str(town.values["post_id"])},
        f"/desk/people/{post.person_id}/erase/refuse/": {"refuse-reason": "不同意"},
        f"/desk/people/posts/{post.pk}/end/": {f"{post.pk}-until": day},
    }.items():
        assert town.clients["secretary"].post(address, body).status_code == 404, address


def test_a_secretary_names_no_deputy_of_another_communitys_people(town: Town) -> None:
    post = Post.objects.get(area_code=OTHER, role_id="grid_worker")
    address = f"/desk/people/{town.values['person_id']}/deputy/"
    assert town.clients["secretary"].post(address, {"deputy-stands_for": str(post.pk)}).status_code == 422
    assert not Post.objects.filter(deputy_of=post).exists()


def test_fields_that_no_form_has_are_left_alone(town: Town) -> None:
    person = Person.objects.get(pk=town.values["person_id"])
    home, version = person.home_code, person.version
    extra = {"home_code": OTHER, "correct-home_code": OTHER, "version": "99", "erased_at": "2020-01-01",
             "correct-organisation": "x", "person": str(person.pk), "correct-person_id": str(person.pk)}  # fmt: skip
    address = f"/desk/people/{person.pk}/correct/"
    assert town.clients["secretary"].post(address, {"correct-name": "改了名", **extra}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.home_code, person.version, person.erased_at) == ("改了名", home, version + 1, None)


def test_ending_a_post_ends_no_post_that_the_form_did_not_offer(town: Town) -> None:
    post = Post.objects.get(pk=town.values["post_id"])
    others = Post.objects.active(clock.today()).exclude(person_id=post.person_id)
    victim = others.filter(area_code__startswith=town.values["code"]).first()
    assert victim is not None
    body = {f"{post.pk}-until": clock.today().isoformat(), f"{post.pk}-places": [str(victim.pk)]}
    town.clients["secretary"].post(f"/desk/people/posts/{post.pk}/end/", body)
    victim.refresh_from_db()
    assert victim.until is None or victim.until > clock.today()


def test_nobody_corrects_ends_or_deputises_themself_and_is_told(town: Town) -> None:
    person = Person.objects.get(user__username=STAFF["secretary"])
    post = Post.objects.filter(person=person).first()
    assert post is not None
    day = clock.today().isoformat()
    for address, body in {
        f"/desk/people/{person.pk}/correct/": {"correct-name": "改名"},
        f"/desk/people/{person.pk}/erase/refuse/": {"refuse-reason": "不同意"},
        f"/desk/people/posts/{post.pk}/end/": {f"{post.pk}-until": day},
    }.items():
        assert town.clients["secretary"].post(address, body).status_code == 422, address
    post.refresh_from_db()
    assert post.until is None or post.until > clock.today()


def test_one_asks_to_be_erased_for_oneself_alone(town: Town) -> None:
    victim = town.values["person_id"]
    body = {"person_id": str(victim), "person": str(victim), "actor": str(victim), "area_code": OTHER}
    asked = town.clients["resident"].post("/desk/me/erase/", body)
    assert asked.status_code == 302
    assert Person.objects.get(pk=victim).erasure_asked_at is None
    me = User.objects.get(username=STAFF["resident"]).person
    assert me is not None
    assert me.erasure_asked_at is not None
    assert me.erasure_area.startswith(town.values["code"])  # their home answers, whatever the body named


def test_a_stranger_asks_for_nothing(town: Town) -> None:
    assert Client().post("/desk/me/erase/", {}).status_code == 302
    assert not Person.objects.filter(erasure_asked_at__isnull=False).exists()
