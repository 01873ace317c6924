"""A duty on a phone: the roster on the wall, a call noted, settled, handed over; made anew on a desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Opener, check_axe, check_fits, shot

pytestmark = [pytest.mark.browser, pytest.mark.drawn]


def seen(page: Page, name: str) -> None:
    """Look at the page as its reader does; keep a picture."""
    page.evaluate("scrollTo(0, 0)")
    check_fits(page)
    check_axe(page)
    shot(page, f"duty-{name}")


def test_a_roster_is_read_on_a_phone_its_log_opened_and_its_hours_published(open_page: Opener) -> None:
    page = open_page(PHONE, "shuji")
    page.goto("/desk/teams/")
    page.get_by_role("link", name="电建社区文艺志愿服务队").click()
    page.get_by_role("link", name="值班表").click()
    seen(page, "roster-360")
    page.locator("td a").first.click()
    expect(page.get_by_role("heading", name="值班登记", exact=True)).to_be_visible()
    seen(page, "log-360")
    page.goto("/desk/teams/")
    page.get_by_role("link", name="电建社区文艺志愿服务队").click()
    page.get_by_role("link", name="志愿服务时长").click()
    expect(page.locator("main")).to_contain_text("公示中")
    seen(page, "hours-360")


def test_a_roster_is_proposed_with_its_sentence_before_it_is_published(open_page: Opener) -> None:
    for scheme in ("light", "dark"):
        page = open_page(DESK, "shuji", scheme=scheme)
        page.goto("/desk/teams/")
        page.get_by_role("link", name="电建社区文艺志愿服务队").click()
        page.get_by_role("link", name="值班表").click()
        seen(page, f"roster-{scheme}-1440")
        page.get_by_role("link", name="排值班表").click()
        seen(page, f"make-{scheme}-1440")
        with page.expect_navigation():
            page.get_by_role("button", name="排出来看看").click()
        expect(page.locator("main")).to_contain_text("人轮流")
        expect(page.get_by_role("button", name="公布值班表")).to_be_visible()
        seen(page, f"proposed-{scheme}-1440")
