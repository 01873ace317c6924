"""Language, large type, light and dark; error pages; the promises of every page."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from bihuan.people.models import User

from .conftest import BUILDING, COMMUNITY, DOOR, Town

pytestmark = pytest.mark.django_db
PAGES = ["/", "/report/", f"/c/{COMMUNITY}/", f"/c/{COMMUNITY}/report/", f"/d/{DOOR}/", f"/a/{BUILDING}/"]


@pytest.mark.parametrize(
    ("choice", "mark"),
    [
        ({"size": "elder"}, 'data-size="elder"'),
        ({"theme": "dark"}, 'data-theme="dark"'),
        ({"language": "en"}, 'lang="en"'),
    ],
)
def test_a_choice_of_view_needs_no_account_and_stays(client: Client, choice: dict[str, str], mark: str) -> None:
    answer = client.post("/view/", {**choice, "next": "/report/"})
    assert answer["Location"] == "/report/"
    assert mark in client.get("/report/").content.decode()


def test_large_type_is_remembered_on_the_account(town: Town) -> None:
    user = User.objects.create(username="old", person=town.people["neighbour"])
    town.client.force_login(user)
    town.client.post("/view/", {"size": "elder", "next": "/"})
    user.refresh_from_db()
    assert user.large_type
    fresh = Client()
    fresh.force_login(user)
    assert 'data-size="elder"' in fresh.get("/").content.decode()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_choice_of_view_never_leads_away(client: Client, back: str) -> None:
    assert client.post("/view/", {"size": "elder", "next": back})["Location"] == "/"


def test_a_made_up_choice_changes_nothing(client: Client) -> None:
    answer = client.post("/view/", {"size": "huge", "theme": "pink", "language": "xx", "next": "/"})
    assert not answer.cookies


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_has_inline_script_or_style(town: Town, path: str, language: str) -> None:
    answer = town.client.get(path, headers={"accept-language": language})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|javascript:", html)
    assert "unsafe" not in answer["Content-Security-Policy"]
    own = re.escape(settings.PUBLIC_URL.split("//")[1])  # the page's own address in full, for who shares it
    assert not re.search(rf'(?:src|href)="(?:https?:)?//(?!testserver|{own}/)', html)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_in_english_leaves_only_names_in_chinese(town: Town, path: str) -> None:
    html = town.client.get(path, headers={"accept-language": "en"}).content.decode()
    text = re.sub(r"<[^>]+>|&\w+;", "", html.split("<main", 1)[1])
    names = {"解放区", "焦西街道", "电建社区", "电建社区居民委员会", "号楼", "中文", "、"}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    left = re.findall(r"[\u4e00-\u9fff]+", text)
    assert not left


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_one_heading_one_main_and_labelled_fields(town: Town, path: str) -> None:
    html = town.client.get(path).content.decode()
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    for control in re.findall(r"<(?:textarea|select|input)\b[^>]*>", html):
        if 'type="hidden"' in control:
            continue
        name = re.search(r'\sid="([^"]+)"', control)
        assert name is not None, control
        assert f'for="{name[1]}"' in html, control


def test_an_address_that_is_not_there_leads_home(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert 'href="/"' in answer.content.decode()


def test_an_error_page_keeps_large_type(client: Client) -> None:
    client.post("/view/", {"size": "elder", "next": "/"})
    assert 'data-size="elder"' in client.get("/no/such/page/").content.decode()


def test_a_fault_of_ours_is_told_as_ours(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object) -> None:
        raise RuntimeError("planned")

    monkeypatch.setattr("bihuan.web.portal.places.queries.directory", fails)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "不是您的操作有误" in answer.content.decode()
