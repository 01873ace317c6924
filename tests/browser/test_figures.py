"""The table of figures at the desk: it fits, axe finds nothing, and a number leads to its matters."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, TABLET, Opener, check_axe, check_fits, shot

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

SIZES = {"360": PHONE, "768": TABLET, "1440": DESK}
QUARTER = "since=2024-01&until=2024-04"
PAGES = {
    "figures": f"/desk/figures/?{QUARTER}",
    "figures-areas": f"/desk/figures/?{QUARTER}&split=area",
    "figures-kinds": f"/desk/figures/?{QUARTER}&split=category",
    "figures-list": f"/desk/figures/list/?key=collected&{QUARTER}",
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_figures_fits_and_axe_finds_nothing(open_page: Opener, name: str, size: str) -> None:
    page = open_page(SIZES[size], "shuji", scheme="dark" if size == "768" else "light")
    page.goto(PAGES[name])
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check_fits(page)
    check_axe(page)
    shot(page, f"desk-{name}-{size}")


def test_the_quarters_five_problems_open_from_their_number(open_page: Opener) -> None:
    page = open_page(DESK, "shuji")
    page.goto(f"{PAGES['figures']}&method=yiwang-sanbu-wuqin")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="协调解决"))
    row.get_by_role("link", name="5", exact=True).click()
    expect(page).to_have_url(re.compile(r"/desk/figures/list/"))
    expect(page.locator("table tbody tr")).to_have_count(5)
    page.locator("table tbody a").first.click()
    expect(page).to_have_url(re.compile(r"/desk/matters/[0-9a-f-]{36}/$"))
