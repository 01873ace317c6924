"""Every kind of public page has what paper and messages need: code, picture, feeds, print, and where it is checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from bihuan.activities.models import Activity
from bihuan.matters.models import Matter
from bihuan.meetings.models import Meeting
from bihuan.reporting.bulletins import api as bulletins
from bihuan.reporting.models import Bulletin
from bihuan.web.portal.urls import urlpatterns
from tests.activities.conftest import Stage
from tests.meetings.world import COMMUNITY
from tests.web import counting

from .shown import act

pytestmark = pytest.mark.django_db

# What is no page of results, notices, meetings, role models, activities, bulletins or matters.
NO_PAGE = {
    "home": "the site's own front page, of no area",
    "record": "the roots of the days: it is what the others are checked against",
    **dict.fromkeys(("report", "choose_building", "report_area", "door", "alike", "reported"), "a form"),
    **dict.fromkeys(("follow", "supervise", "sign_up", "objection"), "somebody's own, by a secret link"),
    **dict.fromkeys(("follow_stop", "forget", "follow_matter"), "an act"),
    **dict.fromkeys(("kept_photo", "photo", "sound", "record_json"), "a file"),
    "check": "where any of them is checked",
}
BESIDE = re.compile(r"_(qr|card|check|proof|feed)$")


@pytest.fixture
def pages(world: Stage, meeting: Meeting, notice: Bulletin, activity: Activity) -> dict[str, list[str]]:
    """The addresses of each kind of page, by the name of its address."""
    matter = Matter.objects.get(agenda_items__meeting=meeting)
    withdrawn = bulletins.draft(
        actor=world.actor("cadre"), entry_id=_id(), area_code=COMMUNITY, template="notice"
    )  # fmt: skip
    act(world, "cadre", bulletins.edit, withdrawn, title="写错的公示", text="作废。")
    act(world, "cadre", bulletins.check, withdrawn)
    for step in (bulletins.sign, bulletins.publish):
        act(world, "secretary", step, withdrawn)
    act(world, "secretary", bulletins.withdraw, withdrawn, reason="写错了楼号")
    codes = (COMMUNITY, "410802004", "410802")
    return {
        "public": [f"/p/{code}/" for code in codes],
        "results": [f"/p/{code}/results/" for code in codes],
        "meetings": [f"/p/{code}/meetings/" for code in codes],
        "community": [f"/c/{COMMUNITY}/", f"/c/{COMMUNITY}/?state=closed"],
        "notices": [f"/c/{code}/notices/{kind}" for code in codes for kind in ("", "?kind=model", "?kind=bulletin")],
        "activities": [f"/c/{COMMUNITY}/activities/"],
        "matter": [f"/matters/{matter.number}/"],
        "meeting": [f"/meetings/{meeting.pk}/"],
        "notice": [f"/notices/{notice.pk}/", f"/notices/{withdrawn.pk}/"],
        "activity": [f"/activities/{activity.pk}/"],
    }


def _id() -> Any:
    from bihuan.kernel.api import clock, new_id

    return new_id(clock.now())


def test_every_public_address_is_walked_or_says_why_not(pages: dict[str, list[str]]) -> None:
    named = {str(one.name) for one in urlpatterns if not BESIDE.search(str(one.name))}
    assert named - set(NO_PAGE) == set(pages)


def _walk(pages: dict[str, list[str]], hold: Callable[[str, str, str], None], language: str = "zh-hans") -> None:
    client = Client(headers={"Accept-Language": language})
    for paths in pages.values():
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 200, path
            html = answer.content.decode()
            head, _tag, body = html.partition("</head>")
            hold(path, head, body)


def _meta(head: str, name: str) -> str:
    found = re.search(rf'<meta (?:property|name)="{name}" content="([^"]*)">', head)
    return unescape(found[1]) if found else ""


def test_every_page_has_its_code_and_its_own_address_beside_it(pages: dict[str, list[str]]) -> None:
    def hold(path: str, head: str, body: str) -> None:
        canonical = re.search(r'<link rel="canonical" href="([^"]+)">', head)
        assert canonical, path
        assert urlsplit(canonical[1]).path == path.partition("?")[0]
        assert re.search(r'class="qr" role="img" aria-label="[^"]+"><svg', body), path
        assert canonical[1] in body, path  # in letters, too: for who cannot scan

    _walk(pages, hold)


def test_every_page_has_a_picture_to_share_but_what_was_withdrawn(pages: dict[str, list[str]]) -> None:
    def hold(path: str, head: str, body: str) -> None:
        assert _meta(head, "og:title"), path
        assert _meta(head, "og:description"), path
        image = _meta(head, "og:image")
        if path == pages["notice"][1]:
            assert not image
            return
        answer = Client().get(urlsplit(image).path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png"), path

    _walk(pages, hold)


def test_every_page_names_its_feeds(pages: dict[str, list[str]]) -> None:
    def hold(path: str, head: str, body: str) -> None:
        found = re.findall(r'<link rel="alternate" type="application/atom\+xml" title="([^"]+)" href="([^"]+)">', head)
        assert found, path
        for title, href in found:
            assert title
            assert Client().get(href).status_code == 200, href

    _walk(pages, hold)


def test_every_page_prints_on_paper_with_its_check_address(pages: dict[str, list[str]]) -> None:
    css = Path(str(finders.find("build/site.css"))).read_text()
    assert "@media print" in css
    assert "@page" in css

    def hold(path: str, head: str, body: str) -> None:
        assert "build/site" in head
        assert "data-print" in body, path

    _walk(pages, hold)


def test_every_page_leads_to_where_it_is_checked(pages: dict[str, list[str]]) -> None:
    def hold(path: str, head: str, body: str) -> None:
        found = re.search(r'href="([^"]+/check/)">核验有没有被改过', body)
        assert found, path
        assert "没有被改动" in Client().get(found[1]).content.decode(), path

    _walk(pages, hold)


def test_every_page_is_complete_in_english(pages: dict[str, list[str]]) -> None:
    shown = set("".join(re.findall(r"[\u4e00-\u9fff]", "语言中文闭环记一次，到底")))

    def hold(path: str, head: str, body: str) -> None:
        foot = body[body.index('id="share-title"') :] if 'id="share-title"' in body else ""
        words = set(re.findall(r"[\u4e00-\u9fff]", foot[: foot.index("</section>")]))
        assert words <= shown, (path, words)
        assert "Check whether it was changed" in body, path

    _walk(pages, hold, "en")


@pytest.mark.parametrize(
    "name", ["public", "results", "meetings", "community", "activities", "matter", "meeting", "activity"]
)
def test_a_public_page_takes_as_many_statements_as_before(pages: dict[str, list[str]], name: str) -> None:
    answer, count = counting.counted(Client(), pages[name][0])
    assert answer.status_code == 200
    counting.hold(f"portal:{name}", count)


@pytest.mark.parametrize("kind", ["results", "meetings", "notices", "models", "activities"])
def test_a_feed_takes_as_many_statements_as_before(pages: dict[str, list[str]], kind: str) -> None:
    answer, count = counting.counted(Client(), f"/p/{COMMUNITY}/{kind}.atom")
    assert answer.status_code == 200
    counting.hold(f"portal:{kind}_feed", count)


def test_checking_takes_as_many_statements_as_before(pages: dict[str, list[str]]) -> None:
    for name in ("public", "matter", "meeting", "notice", "activity"):
        answer, count = counting.counted(Client(), f"{pages[name][0]}check/")
        assert answer.status_code == 200
        counting.hold(f"portal:{name}_check", count)
