"""The quarter's joint meeting: a secret ballot on paper and by phone in one count, then a named one."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.loop import Life, choose, day, press, primary, said, seen
from tests.browser.test_desk import record

pytestmark = pytest.mark.browser

SECRET, NAMED = "地下室漏水要不要整体大修", "小广场的灯改成太阳能"
PLACES = {SECRET: "9", NAMED: "16"}


def test_the_joint_meeting_votes_in_secret_and_by_name_on_paper_and_by_phone(open_page: Opener) -> None:
    life = Life()
    _two_matters_wait_for_it(open_page)
    page = open_page(DESK, "shuji")
    _called_and_attended(page, life)
    _secret_ballot(open_page, page, life)
    _resolved(page, SECRET)
    _named_ballot(open_page, page, life)
    _resolved(page, NAMED)
    press(page, "宣布散会")
    primary(page)  # published
    expect(page.get_by_text("已公布").first).to_be_visible()
    page.goto(life.meeting.rstrip("/") + "/print/minutes/")
    expect(page.locator(".paper")).to_contain_text("无记名投票")
    expect(page.locator(".paper")).to_contain_text("记名投票")
    seen(page, "45-joint-minutes-1440")


def _two_matters_wait_for_it(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    for text, place in PLACES.items():
        record(page, text, place)
        page.goto(page.url.split("?")[0] + "?do=triage#do")
        page.locator("#do select[name=f_category]").select_option("facility")
        page.get_by_label("一般", exact=True).check()
        page.get_by_label(re.compile("党建联席会议")).check()
        primary(page)
        said(page, "已记下：分类登记")


def _called_and_attended(page: Page, life: Life) -> None:
    page.goto("/desk/meetings/call/")
    choose(page.locator("#body"), "党建联席会议")
    page.locator("#starts_at").fill(f"{day(0)}T00:01")
    page.get_by_label("在哪里").fill("社区党群服务中心")
    page.get_by_label(re.compile("临时召集")).fill("两件事牵涉全小区，季度内先议")
    primary(page)
    said(page, "已召集")
    life.meeting = page.url.split("#")[0]
    for title in PLACES:
        expect(page.locator("#agenda")).to_contain_text(title)
    absent = page.locator("#attendance li").filter(has_text="栾志刚")
    absent.locator("summary").click()
    absent.get_by_label("原因").fill("到市里开会")
    with page.expect_navigation():
        absent.get_by_role("button", name=re.compile("登记请假")).click()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile(r"其余 \d+ 人都到会")).click()
    page.goto(life.meeting.rstrip("/") + "/print/links/")
    press(page, re.compile("^取出"))
    for name in ("康秀兰", "卜文静"):
        life.links[name] = str(page.locator("li").filter(has_text=name).locator("a").get_attribute("href"))
    seen(page, "40-joint-links-1440")
    page.goto(life.meeting)
    primary(page)  # opened


def _item(page: Page, title: str) -> Locator:
    return page.locator("article").filter(has_text=title)


def _open_ballot(page: Page, title: str, kind: str) -> Locator:
    item = _item(page, title)
    item.get_by_label(kind, exact=True).check()
    with page.expect_navigation():
        item.get_by_role("button", name=re.compile("开始表决")).click()
    return item


def _by_phone(open_page: Opener, link: str, choice: str, name: str) -> None:
    voter = open_page(PHONE, javascript=False)
    voter.goto(link)
    voter.get_by_label(choice).check()
    seen(voter, name, axe=False)
    press(voter, "投出这一票")
    said(voter, "票已投出")


def _secret_ballot(open_page: Opener, page: Page, life: Life) -> None:
    item = _open_ballot(page, SECRET, "无记名投票")
    _by_phone(open_page, life.links["康秀兰"], "反对", "41-joint-secret-360")
    page.reload()
    item.locator("summary").filter(has_text="录入一叠纸质票").click()
    papers = item.locator("input[name=voter]")
    number = papers.count()
    for index in range(number):
        papers.nth(index).check()
    item.locator("input[name=count-for]").fill(str(number))  # one too many: the abstention was forgotten
    item.locator("input[name=count-abstain]").fill("1")
    with page.expect_navigation():
        item.get_by_role("button", name="录入纸质票").click()
    expect(item.locator(".notice--wrong")).to_be_visible()
    expect(item.locator("input[name=count-abstain]")).to_have_value("1")
    seen(page, "42-joint-bundle-wrong-1440")
    item.locator("input[name=count-for]").fill(str(number - 1))
    with page.expect_navigation():
        item.get_by_role("button", name="录入纸质票").click()
    primary(page)  # the count
    result = item.locator(".result")
    expect(result).to_contain_text(f"纸质票 {number}")
    expect(result).to_contain_text("手机 1")
    expect(result.locator(".figures")).to_contain_text(re.compile(rf"{number - 1}\s*赞成\s*1\s*反对\s*1\s*弃权"))
    expect(result.get_by_text("每人的选择")).to_have_count(0)
    seen(page, "43-joint-counted-1440")


def _named_ballot(open_page: Opener, page: Page, life: Life) -> None:
    item = _open_ballot(page, NAMED, "记名投票")
    _by_phone(open_page, life.links["卜文静"], "赞成", "44-joint-named-360")
    page.reload()
    item.locator("summary").filter(has_text="录入纸质票").click()
    rows = item.locator("table.votes tbody tr")
    number = rows.count()
    for index in range(number):
        rows.nth(index).locator("input[value=for]").check()
    with page.expect_navigation():
        item.get_by_role("button", name="录入为纸质票").click()
    primary(page)  # the count
    expect(item.locator(".result")).to_contain_text(f"纸质票 {number}")
    expect(item.locator(".result")).to_contain_text("手机 1")
    item.get_by_text("每人的选择").click()
    expect(item.locator(".result")).to_contain_text("卜文静：赞成")


def _resolved(page: Page, title: str) -> None:
    item = _item(page, title)
    item.get_by_label("决议", exact=True).fill("按今天商议的办，先请专业单位看现场。")
    for label in ("牵头干部", "跟踪网格员", "监督群众"):
        select = item.get_by_label(label)
        select.select_option(index=1)
    item.get_by_label("办结时限").fill(day(20))
    primary(page)
    expect(item).to_contain_text("按今天商议的办")
