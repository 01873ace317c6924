"""An event announced on a phone, signed up for without JavaScript, full, freed, and recorded with a headcount."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Opener, check_axe, check_fits, shot
from tests.browser.loop import local, picture, primary, said

pytestmark = [pytest.mark.browser, pytest.mark.drawn]
COMMUNITY = "410802004004"


def seen(page: Page, name: str) -> None:
    """Look at the page as its reader does; keep a picture."""
    page.evaluate("scrollTo(0, 0)")
    check_fits(page)
    check_axe(page)
    shot(page, f"activity-{name}")


def announced(page: Page, title: str, starts: dict[str, float], ends: dict[str, float], places: str = "") -> str:
    """Announce an event and return the address of its page at the desk."""
    page.goto("/desk/activities/announce/")
    page.get_by_label("活动名称").fill(title)
    page.get_by_label("什么时候开始").fill(local(**starts))
    page.get_by_label("什么时候结束").fill(local(**ends))
    page.get_by_label("在哪里").fill("小区广场")
    page.get_by_label("名额").fill(places)
    primary(page)
    said(page, "已发布")
    return page.url


def signed_up(page: Page, address: str, name: str, people: str) -> str:
    """Sign up without an account and return one's own link."""
    page.goto(address)
    page.get_by_label("怎么称呼您").fill(name)
    page.get_by_label("一共来几个人").select_option(people)
    primary(page)
    return page.url


def test_neighbours_sign_up_wait_and_withdraw_without_an_account(open_page: Opener) -> None:
    secretary = open_page(PHONE, "shuji")
    secretary.goto("/desk/activities/announce/")
    seen(secretary, "announce-360")
    desk = announced(secretary, "重阳节文艺汇演", {"days": 5}, {"days": 5, "hours": 2}, "2")
    seen(secretary, "desk-360")
    public = f"/activities/{desk.rstrip('/').rsplit('/', 1)[1]}/"

    first, second = open_page(PHONE, javascript=False), open_page(PHONE, javascript=False)
    link = signed_up(first, public, "王阿姨", "2")
    said(first, "已报名")
    other = signed_up(second, public, "李大爷", "1")
    said(second, "候补")
    expect(second.locator("main")).to_contain_text("您排在候补的最前面")
    looks = open_page(PHONE)
    for address, name in ((public, "full-360"), (link, "mine-360"), (other, "waiting-360")):
        looks.goto(address)
        seen(looks, name)
    first.get_by_role("button", name="来不了，取消报名").click()
    said(first, "您的称呼已经删除")
    second.goto(other)
    expect(second.locator("main")).to_contain_text("已报名")
    secretary.goto(desk)
    expect(secretary.locator("main")).to_contain_text("李大爷")
    expect(secretary.locator("main")).not_to_contain_text("王阿姨")
    seen(secretary, "signed-360")
    secretary.locator("summary").filter(has_text="取消活动").click()
    secretary.get_by_label("为什么取消").fill("预报有大雨")
    with secretary.expect_navigation():
        secretary.get_by_role("button", name="取消并告诉大家").click()
    second.goto(other)
    expect(second.locator("main")).to_contain_text("预报有大雨")
    looks.goto(other)
    seen(looks, "called-off-360")


def test_it_is_recorded_with_a_headcount_and_a_photo_and_everybody_reads_it(open_page: Opener) -> None:
    secretary = open_page(DESK, "shuji")
    desk = announced(secretary, "端午包粽子", {"hours": -3}, {"hours": -1})
    seen(secretary, "record-1440")
    secretary.get_by_label("另外还来了多少人").fill("46")
    secretary.get_by_label("办得怎么样").fill("包了三百个粽子，给独居老人送去四十个。")
    secretary.get_by_label("照片").set_input_files([picture("a.jpg", "#446677")])
    primary(secretary)
    said(secretary, "已登记活动情况")
    seen(secretary, "recorded-1440")
    secretary.goto(desk + "print/")
    seen(secretary, "notice-1440")
    for address, name in (("/desk/activities/", "list-1440"), ("/desk/teams/", "teams-1440")):
        secretary.goto(address)
        seen(secretary, name)
    secretary.get_by_label("队名").fill("向阳合唱队")
    with secretary.expect_navigation():
        secretary.get_by_role("button", name="建队").click()
    secretary.get_by_label("怎么称呼").fill("孙阿姨")
    secretary.locator("#id_talent").fill("女高音")
    with secretary.expect_navigation():
        secretary.get_by_role("button", name="加入队伍").click()
    expect(secretary.locator("main")).to_contain_text("女高音")
    seen(secretary, "team-1440")

    for scheme in ("light", "dark"):
        reader = open_page(PHONE, scheme=scheme)
        reader.goto(f"/c/{COMMUNITY}/activities/")
        expect(reader.locator("main")).to_contain_text("46 人到场")
        seen(reader, f"public-list-{scheme}-360")
        reader.get_by_role("link", name="端午包粽子").click()
        expect(reader.locator("main")).to_contain_text("三百个粽子")
        seen(reader, f"public-held-{scheme}-360")
