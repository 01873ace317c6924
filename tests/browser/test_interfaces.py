"""Keys, hooks and the calendar link as they are made on their pages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Opener, check_axe, check_fits, shot

pytestmark = pytest.mark.browser
SIZES = {"360": PHONE, "1440": DESK}


def _look(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check_fits(page)
    check_axe(page)
    shot(page, name)


@pytest.mark.parametrize("size", SIZES)
def test_a_key_is_made_seen_once_and_revoked(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size], "shuji")
    page.goto("/desk/interfaces/")
    name = f"市平台{size}"
    page.locator("summary", has_text="建一个密钥").click()
    page.get_by_label("给哪个系统用").fill(name)
    page.get_by_role("button", name="建密钥", exact=True).click()
    expect(page.get_by_text("只显示这一次")).to_have_count(0)  # no scope chosen
    _look(page, f"interfaces-wrong-{size}")
    page.get_by_label(re.compile("matters:read")).check()
    page.get_by_role("button", name="建密钥", exact=True).click()
    expect(page.get_by_text(re.compile(r"bh_[a-z0-9]{8}_"))).to_be_visible()
    page.locator("summary", has_text="设一个推送").click()
    _look(page, f"interfaces-made-{size}")
    page.goto("/desk/interfaces/")
    expect(page.get_by_text(re.compile(r"bh_[a-z0-9]{8}_"))).to_have_count(0)
    page.locator("summary", has_text=re.compile("^作废")).first.click()
    page.get_by_label("原因").first.fill("停用")
    page.get_by_role("button", name="作废这个密钥").first.click()
    expect(page.get_by_text(re.compile("已作废，马上不能再用"))).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_a_hook_is_set_up_and_ones_calendar_subscribed_to(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size], "shuji")
    page.goto("/desk/interfaces/")
    page.locator("summary", has_text="设一个推送").click()
    page.get_by_label("推送到的地址").fill("https://example.org/told")
    page.get_by_label(re.compile("matter.opened")).check()
    page.get_by_role("button", name="设推送", exact=True).click()
    expect(page.get_by_text(re.compile("whsec_"))).to_be_visible()
    page.get_by_role("link", name=re.compile("看消息、重发")).first.click()
    _look(page, f"hook-messages-{size}")
    page.goto("/desk/calendar/")
    page.get_by_role("button", name=re.compile("日历链接|换一个新链接")).click()
    expect(page.get_by_text(re.compile(r"/calendar/own/.+\.ics"))).to_be_visible()
    _look(page, f"calendar-{size}")
