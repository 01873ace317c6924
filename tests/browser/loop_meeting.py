"""The meeting in the middle of a matter's life, as the leader runs it at a desk and a member votes on a phone."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.loop import TITLE, Life, choose, day, local, press, primary, said, seen


def called(open_page: Opener, life: Life, who: str, body: str) -> Page:
    """A leader calls a session at short notice: told what is missing, nothing typed is lost."""
    page = open_page(DESK, who)
    page.goto("/desk/meetings/")
    seen(page, "07-meetings-1440")
    page.get_by_role("link", name=re.compile(f"(召集|改时间).*{body}")).click()  # where a place is proposed, the latter
    page.locator("#starts_at").fill(local(minutes=2))
    primary(page)
    expect(page.get_by_text("按规定要提前 2 天通知")).to_be_visible()
    page.get_by_label(re.compile("临时召集")).fill("台阶有摔倒的危险，等不到例会")
    page.get_by_label("在哪里").fill("12号楼前小广场")
    seen(page, "08-call-1440")
    primary(page)
    said(page, "已召集")
    life.meeting = page.url
    expect(page.locator("#agenda")).to_contain_text(TITLE)
    seen(page, "09-meeting-called-1440")
    return page


def attended(page: Page, life: Life) -> None:
    """Due, present, absent with the reason, sitting in; then the meeting is opened."""
    absent = page.locator("#attendance li").filter(has_text="樊学义")
    absent.locator("summary").click()
    absent.get_by_label("原因").fill("陪家人看病")
    with page.expect_navigation():
        absent.get_by_role("button", name=re.compile("登记请假")).click()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile(r"其余 \d+ 人都到会")).click()
    guest = page.locator("#attendance li").filter(has_text="雷涛")
    with page.expect_navigation():
        guest.get_by_role("button", name=re.compile("到会")).click()
    expect(page.locator("#attendance")).to_contain_text("实到 11 / 应到 12")
    expect(page.locator("#attendance")).to_contain_text("陪家人看病")
    seen(page, "10-attendance-1440")
    page.goto(life.meeting.rstrip("/") + "/print/links/")
    press(page, re.compile("^取出"))
    life.links["vote"] = str(page.locator("li").filter(has_text="康秀兰").locator("a").get_attribute("href"))
    page.goto(life.meeting)
    primary(page)


def _item(page: Page) -> Locator:
    return page.locator("article").filter(has_text=TITLE)


def heard_and_voted(open_page: Opener, leader: Page, life: Life) -> None:
    """One speaks; one votes on a phone without JavaScript, ten by hand; one count."""
    item = _item(leader)
    item.locator("summary").filter(has_text="记发言").click()
    item.get_by_label("谁发言").select_option(label="史军")
    item.get_by_label("要点").fill("看过现场，是垫层空了，要重新浇。")
    with leader.expect_navigation():
        item.get_by_role("button", name="记下发言").click()
    seen(leader, "11-opinions-1440")
    with leader.expect_navigation():
        item.get_by_role("button", name=re.compile("开始表决")).click()
    seen(leader, "12-voting-1440")
    voter = open_page(PHONE, javascript=False)
    voter.goto(life.links["vote"])
    expect(voter.get_by_text("康秀兰，您好")).to_be_visible()
    voter.get_by_label("赞成").check()
    seen(voter, "13-vote-360", axe=False)
    press(voter, "投出这一票")
    said(voter, "票已投出")
    seen(voter, "14-voted-360", axe=False)
    leader.reload()
    item.get_by_label("温德顺 弃权").check()
    primary(leader)  # the hands raised
    expect(item).to_contain_text("已投 11 / 11 人")
    primary(leader)  # the count
    expect(item.locator(".result")).to_contain_text("手机 1")
    expect(item.locator(".result")).to_contain_text("举手 10")
    expect(item.locator(".figures li").first).to_contain_text("10")
    seen(leader, "15-counted-1440")


def resolved(page: Page) -> None:
    """The resolution gives 1+1+1 with the limit."""
    item = _item(page)
    item.get_by_label("决议", exact=True).fill("重新浇筑塌角台阶，装一段扶手；施工三天内走东边坡道。")
    choose(item.get_by_label("牵头干部"), "蔺国强")
    choose(item.get_by_label("跟踪网格员"), "史军")
    choose(item.get_by_label("监督群众"), "安立新")
    item.get_by_label("办结时限").fill(day(9))
    seen(page, "16-resolve-1440")
    primary(page)
    expect(item).to_contain_text("蔺国强")


def published(open_page: Opener, page: Page, life: Life) -> None:
    """Published on the spot: on the wall, and for anybody who opens the page."""
    press(page, "宣布散会")  # what else stood on the agenda waits for the next
    primary(page)  # published
    expect(page.get_by_text("已公布").first).to_be_visible()
    seen(page, "17-published-1440")
    public = str(page.get_by_role("link", name="公众看到的结果").get_attribute("href"))
    page.goto(life.meeting.rstrip("/") + "/print/results/")
    expect(page.get_by_text("安**")).to_be_visible()
    seen(page, "18-wall-1440")
    anybody = open_page(PHONE, javascript=False)
    anybody.goto(public)
    expect(anybody.get_by_text("重新浇筑塌角台阶")).to_be_visible()
    expect(anybody.get_by_text("安立新")).to_have_count(0)
    seen(anybody, "19-public-360", axe=False)
