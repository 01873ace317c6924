"""The page of interfaces: a secret is seen once, a key is revoked with a reason, messages are sent again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from bihuan.api import hooks
from bihuan.api.models import ApiKey, Hook
from bihuan.kernel.api import clock, new_id
from bihuan.kernel.models import OutboxItem
from bihuan.people.models import User
from tests.matters.conftest import BUILDINGS, COMMUNITY, Town, make_town
from tests.web.counting import counted, hold

PAGE = "/desk/interfaces/"


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def sign_in(town: Town, name: str) -> Client:
    user = User.objects.create(username=name, person_id=town.id_of(name))
    client = Client()
    client.force_login(user, backend="bihuan.people.backends.PasswordBackend")
    return client


def a_key(**more: Any) -> dict[str, Any]:
    return {
        "do": "key", "form_id": str(new_id()), "name": "市平台", "area_code": COMMUNITY, "scopes": ["matters:read"],
        "days": "30", "per_minute": "60", **more,
    }  # fmt: skip


def a_hook(url: str) -> dict[str, Any]:
    given = {"area_code": COMMUNITY, "url": url, "events": ["matter.opened"]}
    return {"do": "hook", "form_id": str(new_id()), **{f"hook-{name}": value for name, value in given.items()}}


def test_the_secret_of_a_key_is_seen_once(town: Town) -> None:
    client = sign_in(town, "secretary")
    form = a_key()
    first = client.post(PAGE, form)
    found = re.search(r"bh_[a-z0-9]{8}_[A-Za-z0-9_-]{43}", first.content.decode())
    assert found
    assert "no-store" in first["Cache-Control"]
    again = client.post(PAGE, form, follow=True)
    assert found[0] not in again.content.decode()
    assert "只显示一次" in again.content.decode()
    shown = client.get(PAGE).content.decode()
    assert found[0] not in shown
    assert found[0][:11] in shown
    assert ApiKey.objects.count() == 1
    assert Client(headers={"Authorization": f"Bearer {found[0]}"}).get("/api/v1/matters").status_code == 200


def test_what_is_wrong_stands_beside_its_field(town: Town) -> None:
    client = sign_in(town, "secretary")
    answer = client.post(PAGE, a_key(name="", days="9999"))
    assert answer.status_code == 422
    assert not ApiKey.objects.exists()
    answer = client.post(PAGE, a_hook("http://10.0.0.1/"))
    assert answer.status_code == 422
    assert "BIHUAN_HOOK_HOSTS" in answer.content.decode()


def test_a_key_is_revoked_with_a_reason(town: Town) -> None:
    client = sign_in(town, "secretary")
    client.post(PAGE, a_key())
    url = f"{PAGE}keys/{ApiKey.objects.get().pk}/revoke/"
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "停用"}).status_code == 302
    assert ApiKey.objects.get().revoked_at is not None


def test_messages_of_a_hook_are_sent_again_from_its_page(town: Town, settings: LazySettings) -> None:
    settings.HOOK_HOSTS = ["receiver.example"]
    client = sign_in(town, "secretary")
    with clock.at(town.now - timedelta(minutes=1)):
        answer = client.post(PAGE, a_hook("https://receiver.example/x"))
    assert "whsec_" in answer.content.decode()
    row = Hook.objects.get()
    Hook.objects.update(since=town.now - timedelta(hours=1), told_until=town.now - timedelta(hours=1))
    done = town.report()
    hooks.feed(town.later(minutes=1))
    url = f"{PAGE}hooks/{row.pk}/"
    page = client.get(url).content.decode()
    assert done.number in page
    assert "whsec_" not in page
    before = OutboxItem.objects.count()
    assert client.post(url, {"message": [str(row.messages.get().pk)]}).status_code == 302
    assert OutboxItem.objects.count() == before + 1
    assert client.post(url, {}).status_code == 422
    assert client.post(f"{url}pause/", {"paused": "1"}).status_code == 302
    assert client.post(f"{url}end/", {"reason": ""}).status_code == 422
    assert client.post(f"{url}end/", {"reason": "停用"}).status_code == 302
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("name", ["worker", "resident", "street"])
def test_who_may_not_manage_interfaces_sees_none(town: Town, name: str) -> None:
    client = sign_in(town, name)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, a_key()).status_code == 403
    assert PAGE not in client.get("/desk/").content.decode()


def test_ones_own_calendar_link_is_made_shown_once_and_ended(town: Town) -> None:
    client = sign_in(town, "worker")
    first = client.post("/desk/calendar/").content.decode()
    found = re.search(r"/calendar/own/[A-Za-z0-9_-]+\.ics", first)
    assert found
    assert Client().get(found[0]).status_code == 200
    assert found[0] not in client.get("/desk/calendar/").content.decode()
    client.post("/desk/calendar/", {"do": "end"})
    assert Client().get(found[0]).status_code == 404


def test_the_pages_take_as_many_statements_as_before(town: Town) -> None:
    client = sign_in(town, "secretary")
    for _n in range(3):
        client.post(PAGE, a_key(form_id=str(new_id())))
    answer, count = counted(client, PAGE)
    assert answer.status_code == 200
    hold("desk:interfaces", count)


@pytest.mark.parametrize("page", [PAGE, "/desk/robots/"])
def test_an_area_is_chosen_among_ones_own_and_never_typed(town: Town, page: str) -> None:
    text = sign_in(town, "secretary").get(page).content.decode()
    assert "区域编码" not in text
    chosen = re.findall(r'<select name="[^"]*area_code".*?</select>', text, re.S)
    assert chosen
    for select in chosen:
        assert f'value="{COMMUNITY}" selected' in select
        assert f'value="{BUILDINGS[0]}"' in select
        assert 'value="410802006' not in select


def test_an_area_that_is_not_ones_own_is_refused_though_somebody_sends_it(town: Town) -> None:
    answer = sign_in(town, "secretary").post(PAGE, a_key(area_code="410802006001"))
    assert answer.status_code == 422
    assert not ApiKey.objects.exists()
