"""Areas corrected on the page: names, and micro-grids taken out of use and put to use again."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from bihuan.areas import api as areas
from bihuan.areas.models import Area
from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.kernel.api import BadInput, Refused, verify
from bihuan.kernel.models import Entry
from bihuan.people.api import SYSTEM, Actor, actor_of, give_post, record_person
from bihuan.people.models import Person, User

pytestmark = pytest.mark.django_db
BUILDING = f"{COMMUNITY}012"
ELSEWHERE = "410802006001"


@pytest.fixture(autouse=True)
def _district() -> None:
    load_sample()


def _person(role: str, area: str = COMMUNITY) -> Person:
    return record_person(actor=SYSTEM, name="周某", role=role, area_code=area)


def _actor(role: str = "secretary", area: str = COMMUNITY) -> Actor:
    return actor_of(_person(role, area))


def _client(role: str = "secretary", area: str = COMMUNITY) -> Client:
    client, person = Client(), _person(role, area)
    client.force_login(User.objects.create(username=str(person.pk), person=person))
    return client


def test_a_name_is_corrected_with_old_and_new_in_the_record() -> None:
    secretary = _actor()
    old = Area.objects.get(code=BUILDING).name
    areas.rename_area(actor=secretary, code=BUILDING, name="电建社区 十二号楼", short_name="十二号楼")
    assert areas.names([BUILDING]) == {BUILDING: "十二号楼"}
    last = Entry.objects.filter(subject_type="area").latest("seq")
    body = json.loads(last.body)
    assert (last.verb, last.actor_id, last.area_code) == ("area.renamed", secretary.person_id, BUILDING)
    assert (body["old"], body["new"]) == (old, "电建社区 十二号楼")
    assert verify().ok
    with pytest.raises(Refused):
        areas.rename_area(actor=secretary, code=BUILDING, name="电建社区 十二号楼", short_name="十二号楼")


def test_a_wrong_name_is_told() -> None:
    beside = Area.objects.get(code=f"{COMMUNITY}013").name
    for name in ("", "x" * 81, beside):
        with pytest.raises(BadInput):
            areas.rename_area(actor=_actor(), code=BUILDING, name=name)


def test_areas_are_changed_only_by_who_may_import_there() -> None:
    for role, area, error in (
        ("grid_worker", COMMUNITY, PermissionDenied),
        ("secretary", ELSEWHERE, Http404),
        ("volunteer", ELSEWHERE, Http404),
    ):
        with pytest.raises(error):
            areas.rename_area(actor=_actor(role, area), code=BUILDING, name="别名")
        with pytest.raises(error):
            areas.set_area_active(actor=_actor(role, area), code=BUILDING, active=False, reason="x")
    assert Area.objects.get(code=BUILDING).active


def test_a_micro_grid_out_of_use_takes_nothing_and_comes_back() -> None:
    secretary = _actor()
    areas.ensure_door_tokens(actor=secretary, community=COMMUNITY)
    token = Area.objects.get(code=BUILDING).door_token
    assert token is not None
    areas.set_area_active(actor=secretary, code=BUILDING, active=False, reason="已拆除")
    assert areas.find(BUILDING) is None
    assert areas.by_door(token) is None
    with pytest.raises(BadInput):
        give_post(actor=SYSTEM, person_id=_person("volunteer").pk, role="grid_worker", area_code=BUILDING)
    with pytest.raises(Refused):
        areas.set_area_active(actor=secretary, code=BUILDING, active=False, reason="已拆除")
    areas.set_area_active(actor=secretary, code=BUILDING, active=True, reason="弄错了")
    assert areas.find(BUILDING) is not None
    verbs = Entry.objects.filter(subject_type="area").order_by("-seq").values_list("verb", flat=True)
    assert list(verbs[:2]) == ["area.opened", "area.closed"]


def test_only_a_micro_grid_and_only_with_a_reason() -> None:
    with pytest.raises(Refused):
        areas.set_area_active(actor=_actor(), code=COMMUNITY, active=False, reason="x")
    with pytest.raises(BadInput):
        areas.set_area_active(actor=_actor(), code=BUILDING, active=False, reason=" ")


def test_the_page_changes_the_name_and_the_use_and_nothing_else() -> None:
    client = _client()
    before = Area.objects.filter(code=BUILDING).values("code", "level", "parent_code", "households", "door_token")[0]
    given = {"name-name": "十二号", "name-short_name": "12号", "name-code": "1", "code": "1", "level": "city",
             "parent_code": "4108", "households": "9999", "active": "0"}  # fmt: skip
    assert client.post(reverse("desk:area_name", args=[BUILDING]), given).status_code == 302
    after = Area.objects.filter(code=BUILDING).values("code", "level", "parent_code", "households", "door_token")[0]
    assert (after, Area.objects.get(code=BUILDING).active) == (before, True)
    assert client.post(reverse("desk:area_name", args=[BUILDING]), {"name-name": ""}).status_code == 422
    use = reverse("desk:area_use", args=[BUILDING])
    assert client.post(use, {}).status_code == 422
    assert client.post(use, {"use-reason": "已拆除"}).status_code == 302
    assert "已停用" in client.get(reverse("desk:area", args=[BUILDING])).content.decode()
    assert BUILDING in client.get(reverse("desk:area", args=[COMMUNITY])).content.decode()
    assert _client("grid_worker").get(reverse("desk:area", args=[BUILDING])).status_code == 404
    assert client.post(use, {"use-reason": "弄错了", "active": "1"}).status_code == 302
    assert Area.objects.get(code=BUILDING).active


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_is_shown_in_both_languages(language: str) -> None:
    client = _client()
    client.cookies["django_language"] = language
    areas.set_area_active(actor=SYSTEM, code=f"{COMMUNITY}013", active=False, reason="x")
    for code in (COMMUNITY, BUILDING, f"{COMMUNITY}013"):
        assert client.get(reverse("desk:area", args=[code])).status_code == 200
