"""Rounds, diaries and places in a real browser: they fit, axe finds nothing, the form works without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, TABLET, Opener, check_axe, check_fits, shot

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

PATROL = "round=yiwang-sanbu-wuqin:patrol"
PAGES = {
    "rounds": ("shuji", f"/desk/rounds/?{PATROL}"),
    "round-sheet": ("shuji", f"/desk/rounds/sheet/?{PATROL}"),
    "round-findings": ("shuji", "/desk/rounds/findings/"),
    "visits": ("shuji", "/desk/visits/"),
    "visit-new": ("wanggeyuan", "/desk/visits/new/"),
    "visit-own": ("wanggeyuan", "/desk/visits/new/?plan="),
    "places": ("shuji", "/desk/places/"),
    "place-new": ("shuji", "/desk/places/new/"),
    "place-import": ("shuji", "/desk/places/import/"),
}
SIZES = {"360": PHONE, "768": TABLET, "1440": DESK}


def looked_at(page: Page, name: str) -> None:
    """Hold a page to what every page is held to, and keep its picture."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check_fits(page)
    check_axe(page)
    shot(page, name)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_and_axe_finds_nothing(open_page: Opener, name: str, size: str) -> None:
    account, address = PAGES[name]
    page = open_page(SIZES[size], account)
    page.goto(address)
    looked_at(page, f"{name}-{size}")


@pytest.mark.parametrize("size", ["360", "1440"])
@pytest.mark.parametrize("scheme", ["dark", "elder"])
@pytest.mark.parametrize("name", PAGES)
def test_dark_and_elder_mode_are_as_clean(open_page: Opener, name: str, scheme: str, size: str) -> None:
    account, address = PAGES[name]
    page = open_page(SIZES[size], account, scheme="dark" if scheme == "dark" else "light")
    if scheme == "elder":
        page.context.add_cookies([{"name": "size", "value": "elder", "url": page.url}])
    page.goto(address)
    looked_at(page, f"{name}-{size}-{scheme}")


def record(page: Page) -> None:
    """Press once where all is well."""
    page.goto("/desk/visits/new/")
    page.locator(".actions-bar").get_by_role("button", name="记下并查看").click()
    expect(page).to_have_url(re.compile(r"/desk/visits/[0-9a-f-]{36}/$"))


@pytest.mark.parametrize("javascript", [True, False])
def test_one_press_records_a_visit_with_and_without_scripts(open_page: Opener, *, javascript: bool) -> None:
    page = open_page(PHONE, "wanggeyuan", javascript=javascript)
    record(page)
    expect(page.get_by_role("status")).to_contain_text("已记下这次走访")


@pytest.mark.parametrize("size", ["360", "768", "1440"])
def test_one_visit_is_read_answered_and_corrected(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size], "wanggeyuan")
    record(page)
    address = page.url
    looked_at(page, f"visit-{size}")
    page.get_by_role("link", name="更正或撤回").click()
    looked_at(page, f"visit-correct-{size}")
    secretary = open_page(SIZES[size], "shuji")
    secretary.goto(address)
    secretary.locator("#id_review_text").fill("辛苦了。")
    looked_at(secretary, f"visit-answer-{size}")
    secretary.get_by_role("button", name="点评这篇日志").click()
    expect(secretary.locator("#review")).to_contain_text("辛苦了。")


def test_the_map_of_a_round_leads_to_the_line_of_its_place(open_page: Opener) -> None:
    page = open_page(DESK, "shuji")
    page.goto(f"/desk/rounds/?{PATROL}")
    page.locator("a.cover-shape").first.focus()
    page.keyboard.press("ArrowRight")
    reached = page.evaluate("document.activeElement.dataset.code")
    expect(page.locator(f"tr[data-code='{reached}'].is-pointed")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"#t-{reached}$"))


def test_the_table_and_the_blank_sheet_print_on_a4(open_page: Opener) -> None:
    page = open_page(DESK, "shuji")
    for name, address in (("rounds", PAGES["rounds"][1]), ("sheet", PAGES["round-sheet"][1])):
        page.goto(address)
        printed = page.pdf(prefer_css_page_size=True)
        sizes = set(re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", printed))
        assert all(594 < float(wide) < 597 and 840 < float(high) < 843 for wide, high in sizes), name
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= 5
