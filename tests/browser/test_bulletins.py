"""A notice is written and signed at the desk, objected to on a phone without JavaScript, answered, followed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Opener, check_axe, check_fits, shot
from tests.browser.loop import primary, said

pytestmark = [pytest.mark.browser, pytest.mark.drawn]


def seen(page: Page, name: str) -> None:
    """Look at the page as its reader does; keep a picture."""
    page.evaluate("scrollTo(0, 0)")
    check_fits(page)
    check_axe(page)
    shot(page, f"bulletin-{name}")


def drafted(page: Page, template: str) -> str:
    """Draft from a template and return the address of its page."""
    page.goto("/desk/bulletins/new/")
    page.get_by_label("写什么").select_option(template)
    primary(page)
    said(page, "已起草")
    return page.url


def test_a_notice_is_published_objected_to_and_answered(open_page: Opener) -> None:
    writer, signer = open_page(DESK, "liangwei"), open_page(DESK, "shuji")
    desk = drafted(writer, "notice")
    seen(writer, "draft-1440")
    writer.get_by_label("题目").fill("关于3号楼北侧补植树木的公示")
    writer.locator("textarea[name=text]").fill("在3号楼北侧补植三棵树。")
    writer.get_by_role("button", name="保存", exact=True).click()
    said(writer, "已保存")
    primary(writer)
    said(writer, "可以签发")
    signer.goto(desk)
    primary(signer)
    said(signer, "已签发")
    primary(signer)
    said(signer, "已发布")
    public = f"/notices/{desk.rstrip('/').rsplit('/', 1)[1]}/"
    neighbour = open_page(PHONE, javascript=False)
    neighbour.goto(public)
    neighbour.get_by_label("对哪一项、为什么").fill("挡了一楼的光")
    neighbour.get_by_role("button", name="提出异议").click()
    said(neighbour, "已收到")
    link = neighbour.url
    signer.goto(desk)
    seen(signer, "objected-1440")
    signer.get_by_label("答复").fill("改种矮灌木")
    signer.get_by_label("采纳，结果会改").check()
    signer.get_by_role("button", name="答复并公开").click()
    said(signer, "已答复")
    looks = open_page(PHONE)
    for address, name in ((public, "public-360"), (link, "mine-360"), ("/c/410802004004/notices/", "list-360")):
        looks.goto(address)
        seen(looks, name)
    looks.goto(link)
    expect(looks.locator("main")).to_contain_text("改种矮灌木")


def test_a_monthly_bulletin_opens_the_matters_behind_its_numbers(open_page: Opener) -> None:
    writer = open_page(DESK, "liangwei")
    address = drafted(writer, "yearly")
    seen(writer, "yearly-1440")
    number = writer.locator("article a.num").first
    expect(number).to_have_attribute("href", re.compile("key=collected"))
    number.click()
    expect(writer.locator("h1")).to_be_visible()
    phone = open_page(PHONE, "liangwei")
    for page, name in (
        (address, "yearly-360"),
        ("/desk/bulletins/", "list-desk-360"),
        ("/desk/bulletins/new/", "new-360"),
    ):
        phone.goto(page)
        seen(phone, name)
    writer.goto(address + "print/")
    seen(writer, "print-1440")
