"""Two people at one form: the second sees what the other did, keeps what they typed, and goes on from there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.loop import primary, said, seen
from tests.browser.test_desk import record

pytestmark = pytest.mark.browser


def test_the_second_of_two_sees_both_sides_and_loses_nothing(open_page: Opener) -> None:
    worker, leader = open_page(PHONE, "wanggeyuan"), open_page(DESK, "wanggezhang")
    record(worker, "单车棚的顶棚被风掀开一块", "10")
    address = worker.url.split("?")[0]
    worker.goto(address + "?do=note#do")
    worker.get_by_role("textbox", name="措施").fill("已用绳子临时固定，等物业来修。")
    leader.goto(address + "?do=note#do")
    leader.get_by_role("textbox", name="措施").fill("请物业今天下午到场。")
    primary(leader)
    said(leader, "已记下：记一笔")
    primary(worker)
    conflict = worker.locator("[aria-labelledby=conflict]")
    expect(conflict).to_contain_text("您填写的时候，这件事有了变化")
    expect(conflict).to_contain_text("裴志远")
    expect(conflict).to_contain_text("请物业今天下午到场")
    expect(conflict).to_contain_text("已用绳子临时固定")
    expect(worker.get_by_role("textbox", name="措施")).to_have_value("已用绳子临时固定，等物业来修。")
    seen(worker, "50-conflict-360")
    primary(worker)
    said(worker, "已记下：记一笔")
    expect(worker.locator(".timeline")).to_contain_text("请物业今天下午到场")
    expect(worker.locator(".timeline")).to_contain_text("已用绳子临时固定")
    seen(worker, "51-both-kept-360")
