"""A list pasted from a chat: read into drafts, looked through, recorded, on the phone as at the desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Opener, check_axe, check_fits, shot

pytestmark = [pytest.mark.browser, pytest.mark.drawn]
SIZES = {"360": PHONE, "1440": DESK}


def listed(mark: str) -> str:
    return (
        f"#接龙\n各楼问题登记，请接龙\n\n1. 9号楼2单元 刘阿姨：单元门合页松了{mark} 14000010009\n"
        f"2. @小高 13#1单元401 阳台地漏返味{mark}\n3. 南门口 谁家的车挡住了坡道{mark}\n"
    )


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_a_list_is_pasted_looked_through_and_recorded(open_page: Opener, size: str, *, javascript: bool) -> None:
    page = open_page(SIZES[size], "wanggeyuan", javascript=javascript)
    page.goto("/desk/record/")
    page.get_by_role("link", name="粘贴一段聊天消息或接龙").click()
    page.get_by_label("粘贴聊天消息或接龙").fill(listed(f"（{size}{javascript:d}）"))
    page.get_by_role("button", name="识别成草稿").click()
    expect(page.locator("#id_d0-place")).to_have_value("9号楼")
    expect(page.locator("#id_d1-place")).to_have_value("13号楼")
    expect(page.locator("#id_d2-place")).to_have_value("")
    check_fits(page)
    if javascript:
        check_axe(page)
        shot(page, f"desk-paste-{size}")
    page.get_by_role("button", name="登记勾选的").click()
    expect(page.get_by_role("status").filter(has_text="已登记 2 条")).to_be_visible()
    expect(page.locator("#id_d2-text")).to_have_value(re.compile("挡住了坡道"))
    check_fits(page)
    if javascript:
        check_axe(page)
        shot(page, f"desk-paste-left-{size}")


def test_in_elder_mode_the_drafts_fit_the_phone(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    page.context.add_cookies([{"name": "size", "value": "elder", "url": page.url}])
    page.goto("/desk/record/paste/")
    page.get_by_label("粘贴聊天消息或接龙").fill(listed("（大字）"))
    page.get_by_role("button", name="识别成草稿").click()
    expect(page.locator("#id_d0-place")).to_have_value("9号楼")
    check_fits(page)
    check_axe(page)
    shot(page, "desk-paste-360-elder")
