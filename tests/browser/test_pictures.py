"""The pictures of the README, taken of the pages as people meet them (``make pictures`` keeps them)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, SHOTS, Opener, Site

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
SUNDAY = TODAY - timedelta(days=TODAY.isoweekday() % 7)  # the end of the last week that is over, or today
DESKS = {"ledger": "/desk/ledger/", "map": "/desk/map/", "rounds": f"/desk/rounds/?until={SUNDAY:%Y-%m-%d}"}


def _keep(page: object, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"readme-{name}.png"))  # type: ignore[attr-defined]


def test_picture_of_the_report_form_on_a_phone(open_page: Opener, site: Site) -> None:
    page = open_page(PHONE)
    page.goto(site.door)
    page.locator("textarea").first.fill("三楼楼道的灯不亮了，晚上老人上楼看不清台阶。")
    assert "12" in page.locator("h1").inner_text()
    _keep(page, "door-phone")


def test_picture_of_the_to_do_list_on_a_phone(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    page.goto("/desk/")
    assert page.locator("main h1").count() == 1
    _keep(page, "todo-phone")


def test_picture_of_the_days_places_on_a_phone(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    page.goto("/field/")
    expect(page.get_by_text("14号楼").first).to_be_visible(timeout=20_000)
    _keep(page, "field-phone")


@pytest.mark.parametrize("name", DESKS)
def test_picture_of_a_desk_page(open_page: Opener, name: str) -> None:
    page = open_page(DESK, "shuji")
    page.goto(DESKS[name])
    assert page.locator("main h1").count() == 1
    _keep(page, name)


@pytest.mark.parametrize(
    ("name", "listing", "inside"),
    [
        ("matter", "/desk/ledger/?state=closed", "a[href^='/desk/matters/']"),
        ("meeting", "/desk/meetings/", "main a[href^='/desk/meetings/']:not([href*='call'])"),
        ("method", "/desk/methods/", "main a[href^='/desk/methods/']"),
    ],
)
def test_picture_of_one_thing_opened_from_its_list(open_page: Opener, name: str, listing: str, inside: str) -> None:
    page = open_page(DESK, "shuji")
    page.goto(listing)
    page.locator(inside).last.click()
    page.wait_for_load_state()
    assert page.locator("main h1").count() == 1
    _keep(page, name)
