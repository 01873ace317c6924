"""Desk pages of people and posts."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.kernel.api import clock
from bihuan.people.api import SYSTEM, actor_of, give_post, record_person
from bihuan.people.models import Person, Post, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _district() -> None:
    load_sample()


def _person(role: str, area: str = COMMUNITY, name: str = "张某", **more: str) -> Person:
    return record_person(actor=SYSTEM, name=name, role=role, area_code=area, **more)


def _as(role: str, area: str = COMMUNITY) -> Client:
    person = _person(role, area, "办事人")
    client = Client()
    client.force_login(User.objects.create(username=str(person.pk), person=person))
    return client


def test_the_list_shows_who_serves_in_ones_own_area_with_numbers_masked() -> None:
    _person("grid_worker", name="孙某", phone="13800138000", organisation="电建社区居委会")
    _person("grid_worker", "410802006001", name="别处人")
    text = _as("grid_worker").get(reverse("desk:people")).content.decode()
    assert "孙某" in text
    assert "138****8000" in text
    assert "13800138000" not in text
    assert "别处人" not in text
    assert _as("volunteer").get(reverse("desk:people")).status_code == 403


def test_people_are_found_by_name_number_role_and_time() -> None:
    person = _person("grid_worker", name="孙某", phone="13800138000")
    _person("police", name="李某")
    client = _as("secretary")

    def names(**query: str) -> str:
        return client.get(reverse("desk:people"), query).content.decode()

    assert "李某" not in names(q="孙")
    assert "孙某" in names(q="138 0013 8000")
    assert "孙某" not in names(q="138")
    assert "孙某" not in names(role="police")
    Post.objects.filter(person=person).update(until=clock.today() - datetime.timedelta(days=1))
    assert "孙某" not in names()
    assert "孙某" in names(past="1")


def test_a_person_is_recorded_and_errors_stand_beside_what_was_typed() -> None:
    client = _as("secretary")
    url = reverse("desk:person_new")
    assert client.get(url).status_code == 200
    given = {"name": "新人", "phone": "123", "role": "volunteer", "area_code": COMMUNITY}
    page = client.post(url, given)
    assert page.status_code == 422
    assert "不是有效的手机号" in page.content.decode()
    assert 'value="新人"' in page.content.decode()
    assert client.post(url, {**given, "phone": ""}).status_code == 302
    assert Person.objects.filter(name="新人").exists()
    assert client.post(url, {**given, "phone": "", "area_code": "410802006001"}).status_code == 403
    assert _as("grid_worker").get(url).status_code == 403


def test_a_post_is_given_and_ended_on_the_page() -> None:
    person = _person("volunteer")
    client = _as("secretary")
    assert client.get(reverse("desk:person", args=[person.pk])).status_code == 200
    give = reverse("desk:post_give", args=[person.pk])
    assert client.post(give, {"role": "grid_worker", "area_code": "nope"}).status_code == 422
    assert client.post(give, {"role": "grid_worker", "area_code": COMMUNITY}).status_code == 302
    assert "grid_worker" in actor_of(person).roles_in(COMMUNITY)
    post = Post.objects.get(person=person, role_id="grid_worker")
    end = reverse("desk:post_end", args=[post.pk])
    day = clock.today().isoformat()
    assert client.post(end, {f"{post.pk}-until": "2001-01-01"}).status_code == 422
    assert client.post(end, {f"{post.pk}-until": day, f"{post.pk}-reason": "调离"}).status_code == 302
    post.refresh_from_db()
    assert post.until.isoformat() == day
    text = client.get(reverse("desk:person", args=[person.pk])).content.decode()
    assert "调离" in text
    assert "办事人任命其担任" in text


def test_what_is_elsewhere_cannot_be_reached_by_its_address() -> None:
    person = _person("volunteer", "410802006001")
    post = Post.objects.get(person=person)
    client = _as("secretary")
    assert client.get(reverse("desk:person", args=[person.pk])).status_code == 404
    assert client.post(reverse("desk:sign_in", args=[person.pk])).status_code == 404
    assert client.post(reverse("desk:post_give", args=[person.pk])).status_code == 404
    assert client.post(reverse("desk:post_end", args=[post.pk])).status_code == 404


def test_posts_elsewhere_of_somebody_seen_stay_unseen() -> None:
    person = _person("volunteer")
    give_post(actor=SYSTEM, person_id=person.pk, role="police", area_code="410802006001")
    text = _as("secretary").get(reverse("desk:person", args=[person.pk])).content.decode()
    assert "花园街" not in text


def test_the_first_password_is_shown_once_and_kept_by_nobody() -> None:
    person = _person("grid_worker")
    client = _as("secretary")
    page = client.post(reverse("desk:sign_in", args=[person.pk]), {"username": "sun"})
    assert "no-store" in page.headers["Cache-Control"]
    password = page.context["made"].password
    assert password in page.content.decode()
    assert password not in client.get(reverse("desk:person", args=[person.pk])).content.decode()
    assert User.objects.get(username="sun").must_change_password
    assert _as("grid_worker").post(reverse("desk:sign_in", args=[person.pk])).status_code == 403
    other = _person("grid_worker", name="另一人")
    assert client.post(reverse("desk:sign_in", args=[other.pk]), {"username": "sun"}).status_code == 422


def test_people_come_in_from_a_file_after_its_report() -> None:
    client = _as("secretary")
    url = reverse("desk:people_import")
    file = SimpleUploadedFile("人员.csv", f"姓名,岗位,区域编码\n周某,志愿者,{COMMUNITY}\n".encode())
    page = client.post(url, {"file": file})
    assert client.post(url, {"confirm": page.context["token"]}).status_code == 302
    assert Person.objects.filter(name="周某").exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_shown_in_both_languages(language: str) -> None:
    person = _person("grid_worker", phone="13800138000")
    client = _as("secretary")
    client.cookies["django_language"] = language
    for url in (
        reverse("desk:people"),
        reverse("desk:person_new"),
        reverse("desk:people_import"),
        reverse("desk:person", args=[person.pk]),
        reverse("desk:me"),
    ):
        response = client.get(url)
        assert response.status_code == 200, url
        assert "style=" not in response.content.decode().split("</head>")[1]


def test_the_list_costs_a_fixed_number_of_statements(django_assert_max_num_queries) -> None:
    for _ in range(5):
        _person("grid_worker")
    client = _as("secretary")
    with django_assert_max_num_queries(12):
        client.get(reverse("desk:people"))
    with django_assert_max_num_queries(16):
        client.get(reverse("desk:person", args=[Person.objects.first().pk]))
