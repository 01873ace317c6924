"""The public side in a browser: an area's home, a matter shared and printed, a check; nothing needs a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, TABLET, Opener, check_axe, check_fits, shot

pytestmark = pytest.mark.browser
COMMUNITY = "410802004004"
SIZES = {"360": PHONE, "768": TABLET, "1440": DESK}


def _look(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check_fits(page)
    check_axe(page)
    shot(page, f"public-{name}")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_areas_home_is_read_by_anybody(open_page: Opener, size: str, scheme: str) -> None:
    page = open_page(SIZES[size], scheme=scheme)
    for code in (COMMUNITY, "410802"):
        page.goto(f"/p/{code}/")
        expect(page.get_by_role("heading", name="办了多少")).to_be_visible()
        _look(page, f"home-{code}-{size}-{scheme}")


@pytest.mark.parametrize("size", SIZES)
def test_a_matter_is_checked_without_javascript(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size], javascript=False)
    page.goto(f"/p/{COMMUNITY}/results/")
    page.locator("main ul.links a").first.click()
    number = re.search(r"/matters/([^/]+)/", page.url)
    assert number is not None
    page.goto("/record/check/")
    page.get_by_label("编号、核验号或网址").fill("没有这个编号")
    page.get_by_role("button", name="核验").click()
    expect(page.get_by_text("没有查到公开的记录")).to_be_visible()
    page.get_by_label("编号、核验号或网址").fill(number[1])
    page.get_by_role("button", name="核验").click()
    expect(page.get_by_role("heading", name="没有被改动")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_leads_to_a_check_reads_well(open_page: Opener, size: str, scheme: str) -> None:
    page = open_page(SIZES[size], scheme=scheme)
    page.goto(f"/p/{COMMUNITY}/results/")
    _look(page, f"results-{size}-{scheme}")
    page.locator("main ul.links a").first.click()
    expect(page.get_by_role("heading", name="这一页的二维码")).to_be_visible()
    _look(page, f"matter-{size}-{scheme}")
    page.get_by_role("link", name="核验有没有被改过").click()
    _look(page, f"check-{size}-{scheme}")
    page.goto("/record/check/?q=没有")
    _look(page, f"ask-{size}-{scheme}")
    page.goto(f"/p/{COMMUNITY}/meetings/")
    _look(page, f"meetings-{size}-{scheme}")


def test_larger_type_and_english_fit_on_a_phone(open_page: Opener) -> None:
    page = open_page(PHONE, language="en")
    page.context.add_cookies(
        [{"name": "size", "value": "elder", "url": page.url if "http" in page.url else _home(page)}]
    )
    for path in (f"/p/{COMMUNITY}/", f"/p/{COMMUNITY}/results/", "/record/check/"):
        page.goto(path)
        _look(page, f"elder-en-{path.strip('/').replace('/', '-')}")
    page.goto(f"/p/{COMMUNITY}/results/")
    page.locator("main ul.links a").first.click()
    page.get_by_role("link", name="Check whether it was changed").click()
    expect(page.get_by_role("heading", name="Unchanged")).to_be_visible()
    _look(page, "elder-en-check")


def _home(page: Page) -> str:
    page.goto("/")
    return page.url


def test_a_matter_prints_on_a4_with_its_code(open_page: Opener) -> None:
    page = open_page(DESK)
    page.goto(f"/p/{COMMUNITY}/results/")
    page.locator("main ul.links a").first.click()
    page.emulate_media(media="print")
    expect(page.locator(".qr svg")).to_be_visible()
    expect(page.get_by_text("核验号")).to_be_visible()
    expect(page.get_by_role("link", name="核验有没有被改过")).to_be_hidden()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    shot(page, "print-matter")
