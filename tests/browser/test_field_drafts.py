"""Drafts and what comes back: many at a time, mended without another date, deleted without a trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import PHONE, Opener, Site, check_axe, check_fits, shot, sign_in
from tests.browser.field import alter_day, counts, picture, send_now, stored, until_sent
from tests.browser.test_field import along, enter

pytestmark = [pytest.mark.browser, pytest.mark.drawn]


def answering(result: dict[str, Any], told: list[dict[str, Any]]) -> Callable[[Route], None]:
    """Return how a sync is answered with one result for each item; ``told`` gathers what was sent."""

    def answer(route: Route) -> None:
        items = (route.request.post_data_json or {})["items"]
        told.extend(items)
        route.fulfill(json={"results": [{"id": one["id"], **result} for one in items]})

    return answer


REFUSED = {"state": "refused", "problems": [{"where": "text", "why": "写得太少。", "how": "请多写几个字。"}]}


def refused_visit(page: Page, told: list[dict[str, Any]]) -> None:
    """Record a visit of one's own accord that the server refuses; show what came back."""
    page.context.route("**/api/v1/field/sync", answering(REFUSED, told))
    page.goto("/field/#/visit")
    page.locator("#where").fill("12")
    page.locator("#text").fill("聊聊")
    page.locator("#photos").set_input_files(picture(9))  # type: ignore[arg-type]
    expect(page.locator(".f-photos img")).to_have_count(1)
    page.get_by_role("button", name="完成走访").click()
    expect(page).to_have_url(re.compile(r"#/$"))
    page.goto("/field/#/outbox")
    page.get_by_role("button", name="现在发送").click()  # not after the seconds in which it can be undone
    expect(page.locator(".f-back")).to_contain_text("请多写几个字", timeout=5_000)
    page.context.unroute("**/api/v1/field/sync")


def test_drafts_of_one_kind_are_many_and_each_is_opened_again(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    for screen, texts in (("record", ("门锁坏了", "井盖松了")), ("visit", ("和老人聊了聊", "看了看菜园"))):
        for text in texts:
            page.goto("/field/#/new")
            page.locator(f"a[href='#/{screen}']").click()
            expect(page.locator("#text")).to_have_value("")
            page.locator("#text").fill(text)
    page.reload()
    expect(page.locator("#text")).to_have_value("看了看菜园")
    page.goto("/field/#/drafts")
    expect(page.locator(".f-cards li")).to_have_count(4)
    shot(page, "field-drafts-many-360")
    for text in ("门锁坏了", "井盖松了", "和老人聊了聊"):
        page.goto("/field/#/drafts")
        page.locator(".f-cards a", has_text=text).click()
        expect(page.locator("#text")).to_have_value(text)


def test_the_address_of_a_finished_draft_begins_a_new_one(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    page.goto("/field/#/new")
    page.locator("a[href='#/record']").click()
    page.locator("#where").fill("12")
    page.locator("#text").fill("路灯一闪一闪")
    page.get_by_role("button", name="登记问题").click()
    expect(page).to_have_url(re.compile(r"#/$"))
    page.go_back()
    expect(page.locator("#text")).to_have_value("")
    page.locator("#text").fill("另一盏也一闪一闪")
    page.get_by_role("button", name="登记问题").click()
    until_sent(page, 2)


def test_a_mended_visit_keeps_the_time_at_which_it_happened(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    told: list[dict[str, Any]] = []
    refused_visit(page, told)
    page.context.route("**/api/v1/field/sync", answering({"state": "done", "counted": True}, told))
    page.wait_for_timeout(1100)
    page.get_by_role("button", name="改一改再发").click()
    page.locator("#text").fill("聊聊家里的近况，一切都好")
    page.get_by_role("button", name="完成走访").click()
    until_sent(page, 1)
    assert len(told) == 2
    assert told[0]["data"]["happened_at"] == told[1]["data"]["happened_at"]
    assert told[1]["data"]["text"] == "聊聊家里的近况，一切都好"


def test_what_was_mended_but_not_sent_is_what_is_seen_and_opened_again(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    refused_visit(page, [])
    page.get_by_role("button", name="改一改再发").click()
    page.locator("#text").fill("聊聊，改到一半")
    page.goto("/field/#/outbox")
    expect(page.locator(".f-back")).to_contain_text("聊聊，改到一半")
    page.get_by_role("button", name="不发了，留作草稿").click()
    page.goto("/field/#/drafts")
    page.locator(".f-cards a").first.click()
    expect(page.locator("#text")).to_have_value("聊聊，改到一半")


def test_a_draft_opened_again_and_deleted_leaves_nothing_to_wait(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    refused_visit(page, [])
    page.get_by_role("button", name="改一改再发").click()
    expect(page.locator(".f-photos img")).to_have_count(1)
    page.goto("/field/#/drafts")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=re.compile("^删除")).click()
    expect(page.locator(".f-page")).to_contain_text("没有草稿")
    expect(page.locator(".f-outlook")).to_contain_text("都已发送")
    assert counts(page) == {}
    assert stored(page, "files") == []


def test_what_is_sent_keeps_nothing_of_what_was_written(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    page.goto("/field/#/record")
    page.locator("#where").fill("12")
    page.locator("#text").fill("某户的老人摔了一跤")
    page.get_by_role("button", name="登记问题").click()
    expect(page).to_have_url(re.compile(r"#/$"))
    assert "老人" in str(stored(page, "queue"))
    until_sent(page, 1)
    assert "老人" not in str(stored(page, "queue"))
    page.goto("/field/#/outbox")
    expect(page.locator("[data-queue='sent'] li")).to_contain_text("12号楼 · 代群众登记")


def test_a_full_phone_says_so_and_keeps_the_text(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    page.goto("/field/#/record")
    page.locator("#where").fill("12")
    page.locator("#text").fill("下水道堵了")
    page.wait_for_timeout(200)
    page.evaluate(
        """() => { const add = IDBObjectStore.prototype.add;
          window.room = () => { IDBObjectStore.prototype.add = add; };
          IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"""
    )
    page.get_by_role("button", name="登记问题").click()
    expect(page.get_by_role("alert")).to_contain_text("手机存不下了，还没有记下")
    expect(page.locator("#text")).to_have_value("下水道堵了")
    check_fits(page)
    check_axe(page)
    shot(page, "field-full-360")
    page.evaluate("window.room()")
    page.get_by_role("button", name="登记问题").click()
    until_sent(page, 1)


def test_a_fault_of_the_server_is_told_and_what_waits_is_kept(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport=PHONE, base_url=site.url, is_mobile=True, has_touch=True, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, "wanggeyuan", site.accounts["wanggeyuan"])
    enter(page)
    context.route("**/api/v1/field/sync", lambda route: route.fulfill(status=502, body="bad gateway"))
    along(page)
    page.locator(".f-rows__well").first.click()
    page.goto("/field/#/outbox")
    page.get_by_role("button", name="现在发送").click()
    expect(page.locator(".f-outlook")).to_contain_text("服务器暂时出错，稍后自动再发")
    check_fits(page)
    shot(page, "field-trouble-360")
    assert counts(page) == {"waiting": 1}
    context.unroute("**/api/v1/field/sync")
    page.get_by_role("button", name="现在发送").click()
    until_sent(page, 1)
    expect(page.locator(".f-outlook")).not_to_contain_text("服务器暂时出错")
    context.close()


def test_a_place_whose_name_two_have_is_asked_for_and_the_last_one_is_proposed(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    page.context.set_offline(True)
    alter_day(
        page,
        """const twin = kept.day.areas.find((one) => one.name.startsWith('12号'));
        kept.day.areas.push({ ...twin, code: '410802004099001', name: twin.name },
          { code: '410802004099', name: '邻家社区', level: 'community' });""",
    )
    page.goto("/field/#/visit")
    page.locator("#where").fill("12")
    page.locator("#text").fill("来看看")
    page.get_by_role("button", name="完成走访").click()
    expect(page.locator("#where-error")).to_contain_text("有几处同名")
    check_axe(page)
    shot(page, "field-where-360")
    page.get_by_role("button", name=re.compile("邻家社区")).click()
    page.get_by_role("button", name="完成走访").click()
    expect(page.locator(".f-outlook")).to_contain_text("1 条待发送")
    assert stored(page, "queue")[0]["data"]["area_code"] == "410802004099001"
    page.goto("/field/#/record")
    expect(page.locator("#where")).to_have_value(re.compile("邻家社区"))


def test_a_household_is_not_named_by_a_day_that_is_older_than_a_day(open_page: Opener) -> None:
    page = open_page(PHONE, "lianjian")
    page.goto("/field/")
    household = page.locator("a[href^='#/pairing/']").first
    expect(household).to_contain_text(re.compile(r"\*\*.*已到", re.DOTALL))  # by the rhythm of its scheme
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(1000)
    page.context.set_offline(True)
    alter_day(page, "kept.fetched -= 25 * 3600 * 1000;")
    page.reload()
    expect(household).to_contain_text("联网更新后显示是哪一户")
    assert "**" not in str(stored(page, "day"))
    page.context.set_offline(False)
    page.reload()
    expect(household).to_contain_text("**", timeout=15_000)


def test_who_came_along_is_kept_for_one_person_alone(open_page: Opener, site: Site) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    along(page)
    page.reload()
    expect(page.locator(".f-round .is-on").first).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, "wanggezhang", site.accounts["wanggezhang"])
    enter(page)
    expect(page.locator(".f-round .is-on")).to_have_count(0)
    page.goto("/field/#/me")
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("alertdialog").get_by_role("button", name="退出").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    left = page.evaluate("Object.keys(localStorage).map((name) => name + localStorage.getItem(name))")
    assert not [one for one in left if "together" in one], left


def test_a_visit_without_those_who_go_together_is_shown_as_not_counted(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    link = page.locator("a[href^='#/place/']", has_text=re.compile("待去|从未去过")).first.get_attribute("href")
    page.goto(f"/field/{link}")
    expect(page.locator(".f-page")).to_contain_text("这一次不计入：同去的人没有来")
    check_axe(page)
    shot(page, "field-alone-360")
    page.get_by_role("button", name="完成走访").click()
    expect(page.locator(".f-snack")).to_contain_text("去过，不计入")
    row = page.locator(f"a[href='{link}']")
    expect(row).to_contain_text("去过，不计入：同去的人没有来")
    until_sent(page, 1)
    page.goto("/field/#/outbox")
    expect(page.locator("[data-queue='sent']")).to_contain_text("去过，不计入：同去的人没有来")
    page.goto("/field/#/")
    expect(row).to_contain_text("去过，不计入：同去的人没有来")
    shot(page, "field-went-360")


def test_nobody_at_home_leaves_a_household_to_be_visited(open_page: Opener) -> None:
    page = open_page(PHONE, "lianjian")
    page.goto("/field/")
    household = page.locator("a[href^='#/pairing/']").first
    expect(household).to_contain_text("**")
    page.context.set_offline(True)
    alter_day(page, "Object.assign(kept.day.pairings[0], { state: 'due', due: true, last_visit_at: null });")
    expect(household).to_contain_text("从未去过")
    household.click()
    page.get_by_role("button", name="家中无人").click()
    expect(household).to_contain_text("去过，不计入：家中无人")
    household.click()
    page.get_by_role("button", name="完成走访").click()
    expect(household).to_contain_text("已到")


def test_what_names_a_photo_that_is_gone_from_the_phone_comes_back(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    page.goto("/field/#/record")
    page.locator("#where").fill("12")
    page.locator("#text").fill("树枝挡了路灯")
    page.locator("#photos").set_input_files(picture(5))  # type: ignore[arg-type]
    expect(page.locator(".f-photos img")).to_have_count(1)
    page.get_by_role("button", name="登记问题").click()
    expect(page).to_have_url(re.compile(r"#/$"))
    page.evaluate(
        """new Promise((resolve) => { const open = indexedDB.open('bihuan-field'); open.onsuccess = () => {
          const tx = open.result.transaction('files', 'readwrite');
          tx.objectStore('files').clear();
          tx.oncomplete = () => { open.result.close(); resolve(null); }; }; })"""
    )
    send_now(page)
    expect(page.locator(".f-outlook")).to_contain_text("1 条要看一下", timeout=15_000)
    page.goto("/field/#/outbox")
    expect(page.locator(".f-back")).to_contain_text("照片或语音已不在手机上")
    expect(page.locator(".f-back")).to_contain_text("树枝挡了路灯")


def test_the_day_is_that_of_the_work_wherever_the_phone_thinks_it_is(browser: Browser, site: Site) -> None:
    context = browser.new_context(
        viewport=PHONE, base_url=site.url, is_mobile=True, has_touch=True, locale="zh-CN",  # type: ignore[arg-type]
        timezone_id="America/New_York",
    )  # fmt: skip
    page = context.new_page()
    sign_in(page, "wanggeyuan", site.accounts["wanggeyuan"])
    enter(page)
    page.context.set_offline(True)
    before = datetime.now(ZoneInfo("Asia/Shanghai"))
    page.goto("/field/#/visit")
    page.locator("#where").fill("12")
    page.locator("#text").fill("来看看")
    page.get_by_role("button", name="完成走访").click()
    expect(page).to_have_url(re.compile(r"#/$"))
    page.goto("/field/#/outbox")
    said = page.locator("[data-queue='waiting'] li .muted").inner_text()
    after = datetime.now(ZoneInfo("Asia/Shanghai"))
    assert said in {f"今天 {before:%H:%M}", f"今天 {after:%H:%M}"}
    context.close()
