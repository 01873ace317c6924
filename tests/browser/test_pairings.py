"""Paired households in a real browser: the unit's person records a visit with a thumb, the pages are clean."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, TABLET, Opener, check_axe, check_fits, shot

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

SIZES = {"360": PHONE, "768": TABLET, "1440": DESK}


def _first(page: Page) -> None:
    """Open the first household of the list."""
    page.goto("/desk/pairings/")
    page.locator(".links a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("**")


def _clean(page: Page, name: str) -> None:
    check_fits(page)
    check_axe(page)
    shot(page, name)


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_who_manages_fit_and_axe_finds_nothing(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size], "shuji")
    page.goto("/desk/pairings/")
    _clean(page, f"pairings-{size}")
    page.goto("/desk/pairings/new/")
    _clean(page, f"pairing-new-{size}")
    _first(page)
    for fold in ("更改", "结束结对", "本人收回同意"):
        page.locator("summary").filter(has_text=fold).click()
    _clean(page, f"pairing-{size}")
    page.get_by_role("link", name="给本人看登记了什么").click()
    _clean(page, f"pairing-sheet-{size}")


@pytest.mark.parametrize("scheme", ["dark", "elder"])
def test_dark_and_elder_mode_are_as_clean(open_page: Opener, scheme: str) -> None:
    page = open_page(PHONE, "shuji", scheme="dark" if scheme == "dark" else "light")
    if scheme == "elder":
        page.context.add_cookies([{"name": "size", "value": "elder", "url": page.url}])
    _first(page)
    _clean(page, f"pairing-360-{scheme}")


def test_the_units_person_looks_at_the_number_and_records_a_visit_on_a_phone(open_page: Opener) -> None:
    page = open_page(PHONE, "lianjian")
    page.get_by_role("link", name="结对").first.click()
    _first(page)
    page.locator("#personal summary").nth(1).click()
    page.locator("#personal form").nth(1).get_by_role("button").click()
    expect(page.locator("[data-revealed]")).to_have_count(1)
    expect(page.locator("#personal")).to_contain_text("上门前预约")
    page.locator("#visit_text").fill("送去一袋米，聊了一会儿。")
    page.get_by_role("button", name="记下这次走访").click()
    expect(page.locator("body")).to_contain_text("已记下这次走访")
    expect(page.locator("body")).to_contain_text("送去一袋米")
    _clean(page, "pairing-visited-360")


def test_a_need_that_names_nobody_surely_is_asked_about_and_nothing_typed_is_lost(open_page: Opener) -> None:
    page = open_page(PHONE, "lianjian")
    _first(page)
    door = page.get_by_role("heading", level=1).inner_text().split()[-1]
    page.locator("#visit_need").fill(f"{door}的水管漏水")
    page.get_by_role("button", name="记下这次走访").click()
    expect(page.locator("#visit_need")).to_have_value(f"{door}的水管漏水")
    _clean(page, "pairing-asked-360")
    page.locator("#visit_need").fill("一户居民家的水管漏水")
    page.get_by_role("button", name="记下这次走访").click()
    expect(page.locator("body")).to_contain_text("新的需要登记为")
