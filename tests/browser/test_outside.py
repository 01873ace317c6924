"""What leaves the house and what anybody may check: my notices, group robots, day roots, erasing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Opener, Site, check_axe, check_fits, shot

pytestmark = pytest.mark.browser
SIZES = {"360": PHONE, "1440": DESK}


def _look(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check_fits(page)
    check_axe(page)
    shot(page, name)


@pytest.mark.parametrize("size", SIZES)
def test_the_day_roots_are_read_by_anybody(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size])
    page.goto("/record/")
    expect(page.get_by_role("heading", name="怎样核对")).to_be_visible()
    _look(page, f"record-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_a_robot_is_added_tried_paused_and_deleted(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size], "shuji")
    page.goto("/desk/robots/")
    _look(page, f"robots-empty-{size}")
    name = f"工作群{size}"
    page.get_by_label("群的名称").fill(name)
    page.get_by_label("Webhook 地址").fill("https://example.org/send")
    page.get_by_label("督办牌和提级，一件一条").check()
    page.get_by_role("button", name="添加群机器人").click()
    expect(page.get_by_text("不能用这个地址")).to_be_visible()
    _look(page, f"robots-wrong-{size}")
    page.get_by_label("Webhook 地址").fill("http://127.0.0.1:1/send?key=abcdef")
    page.get_by_role("button", name="添加群机器人").click()
    page.get_by_role("button", name=re.compile(f"发一条试试.*{name}")).click()
    expect(page.get_by_text("没有发出去")).to_be_visible()
    page.get_by_role("button", name=re.compile(f"暂停.*{name}")).click()
    expect(page.get_by_text(f"已暂停“{name}”")).to_be_visible()
    page.locator("summary", has_text="删除").first.click()
    _look(page, f"robots-{size}")
    page.get_by_label("原因").first.fill("群已解散")
    page.get_by_role("button", name="删除这个机器人").first.click()
    expect(page.get_by_text("已删除群机器人")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_somebody_asks_to_be_told_by_email(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size], "wanggeyuan" if size == "360" else "wanggezhang")
    page.goto("/desk/me/")
    page.locator("summary", has_text="用邮件告诉我").click()
    page.get_by_label("邮箱").fill("sun@example.org")
    page.get_by_role("button", name="发送确认码").click()
    expect(page.get_by_label("确认码")).to_be_visible()
    page.get_by_label("确认码").fill("000")
    page.get_by_role("button", name="确认邮箱").click()
    expect(page.get_by_text("确认码不对")).to_be_visible()
    _look(page, f"me-mail-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_a_person_who_answers_for_something_is_not_erased(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size], "shuji")
    page.goto("/desk/people/?role=committee_member")
    page.locator("th.key a").first.click()
    page.locator("summary", has_text="删除这个人的信息").click()
    page.locator("#id_erase-reason").fill("已调离")
    _look(page, f"person-erase-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_a_reporter_sees_what_is_kept(open_page: Opener, site: Site, size: str) -> None:
    page = open_page(SIZES[size])
    page.goto(site.follow)
    page.locator("#kept summary").click()
    _look(page, f"follow-kept-{size}")
