"""A meeting run on a phone: a secret ballot on paper and phones in one count, and every print as a page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.loop import local, press, primary, said, seen

pytestmark = pytest.mark.browser
TOPIC = "三号楼东侧空地种什么"


def _called(page: Page, ahead: int) -> str:
    page.goto("/desk/meetings/call/")
    page.locator("#starts_at").fill(local(minutes=ahead))
    page.get_by_label("在哪里").fill("居民会客厅")
    page.get_by_label(re.compile("临时召集")).fill("趁大家都在")
    primary(page)
    said(page, "已召集")
    return page.url


def _started(page: Page) -> None:
    page.locator("summary").filter(has_text="加一项议题").click()
    page.get_by_label("临时议题", exact=True).fill(TOPIC)
    press(page, "列入议程")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile(r"其余 \d+ 人都到会")).click()
    primary(page)  # opens the meeting


def test_a_secret_ballot_on_paper_and_phones_is_one_count(open_page: Opener) -> None:
    leader = open_page(PHONE, "wanggezhang")
    address = _called(leader, 37)
    _started(leader)
    item = leader.locator("article").filter(has_text=TOPIC)
    item.get_by_label("无记名投票").check()
    with leader.expect_navigation():
        item.get_by_role("button", name=re.compile("开始表决")).click()
    seen(leader, "meeting-secret-360")
    leader.goto(address.rstrip("/") + "/print/links/")
    press(leader, re.compile("^取出"))
    first = leader.locator(".cards li").first
    name, link = first.locator("strong").inner_text(), first.locator("a").get_attribute("href")
    voter = open_page(PHONE, javascript=False)
    voter.goto(str(link))
    expect(voter.get_by_text(f"{name}，您好")).to_be_visible()
    voter.get_by_label("反对").check()
    press(voter, "投出这一票")
    said(voter, "票已投出")
    expect(voter.locator("main")).not_to_contain_text("反对 1")
    leader.goto(address)
    expect(item).to_contain_text("已投 1 /")
    item.locator("summary").filter(has_text="录入一叠纸质票").click()
    boxes = item.get_by_role("checkbox")
    for at in range(3):
        boxes.nth(at).check()
    item.get_by_label("赞成").fill("3")
    item.get_by_label("废票").fill("1")
    press(leader, "录入纸质票")
    expect(item).to_contain_text("票数合计 4 张，勾选的投票人 3 人，对不上")  # what was typed is still there
    expect(item.get_by_label("赞成")).to_have_value("3")
    item.get_by_label("废票").fill("0")
    press(leader, "录入纸质票")
    expect(item).to_contain_text("已投 4 /")
    primary(leader)  # the count
    expect(item.locator(".result")).to_contain_text("纸质票 3、手机 1")
    expect(item.locator(".result")).to_contain_text("只记谁投了票，不记投了什么")
    seen(leader, "meeting-secret-counted-360")
    for what in ("notice", "signin", "links", "ballots", "minutes"):
        leader.goto(address.rstrip("/") + f"/print/{what}/")
        seen(leader, f"meeting-print-{what}-360")


def test_the_minutes_print_on_paper(open_page: Opener) -> None:
    page = open_page(DESK, "wanggezhang")
    page.goto(_called(page, 53).rstrip("/") + "/print/signin/")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    expect(page.locator(".side")).to_be_hidden()
    assert len(page.pdf(format="A4")) > 5000
