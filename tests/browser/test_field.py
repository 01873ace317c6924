"""The field front in the hand: clean at every size, drafts that survive, one tap and its way back, both sides."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, TABLET, Opener, Site, check_axe, check_fits, shot
from tests.browser.field import counts, picture, send_now, until_sent

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

SIZES = {"360": PHONE, "768": TABLET}
LOOKS = ["light", "dark", "elder"]
SORTED = {"category": "facility", "urgency": "normal", "level": "grid"}
SCREENS = ["today", "place", "new", "visit", "record", "matters", "matter", "act", "outbox", "drafts", "me"]


def enter(page: Page) -> None:
    """Open the front and wait for today's places."""
    page.goto("/field/")
    expect(page.locator(".f-round").first).to_be_visible()


def along(page: Page) -> None:
    """Tap everybody who goes together: without them one tap would not count, and is not offered."""
    others = page.locator(".f-round .f-pick__row label:not(.is-on)")
    for left in range(others.count(), 0, -1):
        others.first.click()
        expect(others).to_have_count(left - 1)
    expect(page.locator(".f-rows__well").first).to_be_visible()


def first(page: Page, start: str) -> str:
    """Return the first address on the screen that begins so."""
    return str(page.locator(f"a[href^='{start}']").first.get_attribute("href"))


def show(page: Page, screen: str, problem: str = "有问题") -> None:
    """Go to one screen, with something on it."""
    if screen == "place":
        page.goto("/field/" + first(page, "#/place/"))
        page.locator(".f-checks label", has_text=problem).first.click()
        expect(page.locator(".f-finding")).to_be_visible()
    elif screen in {"matter", "act"}:
        page.goto("/field/#/matters")
        page.locator(".f-cards a", has=page.locator("strong")).first.click()
        expect(page.locator("#acts")).to_be_visible()
        if screen == "act":
            page.goto("/field/" + first(page, "#/act/"))
    elif screen == "outbox":
        along(page)
        page.locator(".f-rows__well").last.click()
        page.goto("/field/#/outbox")
        expect(page.locator("[data-queue='waiting']")).to_be_visible()
    elif screen == "drafts":
        page.goto("/field/#/record")
        page.locator("#text").fill("楼道里堆了杂物，电动车推不进去")
        page.goto("/field/#/drafts")
        expect(page.locator(".f-cards")).to_contain_text("楼道里堆了杂物")
    elif screen != "today":
        page.goto(f"/field/#/{screen}")
    expect(page.locator("#title")).to_be_visible()
    page.wait_for_timeout(300)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", SIZES)
def test_every_screen_fits_and_axe_finds_nothing(open_page: Opener, site: Site, size: str, look: str) -> None:
    page = open_page(SIZES[size], "wanggeyuan", scheme="dark" if look == "dark" else "light")
    if look == "elder":
        page.context.add_cookies([{"name": "size", "value": "elder", "url": site.url}])
    enter(page)
    expect(page.locator("html[data-size=elder]")).to_have_count(int(look == "elder"))
    for screen in SCREENS:
        page.goto("/field/#/")
        expect(page.locator(".f-round").first).to_be_visible()
        show(page, screen)
        shot(page, f"field-{screen}-{size}-{look}")
        check_fits(page)
        check_axe(page)
        check_targets(page, 60 if look == "elder" else 44)


SMALL = """(least) => {
  const plain = '#app input:not([type=radio]):not([type=checkbox]):not([type=file])';
  const found = document.querySelectorAll(`#app a, #app button, #app select, #app textarea, ${plain}, .f-pick__row label, .f-file`);
  return [...found].filter((one) => one.offsetParent).map((one) => [one.getBoundingClientRect(), one.outerHTML])
    .filter(([box]) => box.height < least - 0.5 || box.width < least - 0.5)
    .map(([box, html]) => `${box.width}×${box.height} ${html.slice(0, 90)}`);
}"""  # noqa: E501


def check_targets(page: Page, least: int) -> None:
    """Assert that whatever is tapped is as large as a thumb."""
    small = page.evaluate(SMALL, least)
    assert not small, small


def test_one_tap_records_that_all_is_well_and_can_be_taken_back(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    expect(page.locator(".f-rows__well")).to_have_count(0)  # nobody came along yet
    along(page)
    name = page.locator(".f-rows > li", has=page.locator(".f-rows__well")).first.locator(".f-rows__name").inner_text()
    row = page.locator(".f-rows > li", has=page.get_by_text(name, exact=True)).first
    expect(row.locator(".f-rows__state")).to_contain_text(re.compile("待去|从未去过"))
    row.locator(".f-rows__well").click()
    expect(page.locator(".f-snack")).to_contain_text(f"已记下 {name}")
    expect(page.locator(".f-outlook")).to_contain_text("1 条待发送")
    expect(row.locator(".f-rows__state")).to_contain_text("已到")
    expect(row.locator(".f-rows__well")).to_have_count(0)
    page.locator(".f-snack").get_by_role("button", name="撤销").click()
    expect(page.locator(".f-outlook")).to_contain_text("都已发送")
    assert counts(page) == {}
    expect(row.locator(".f-rows__well")).to_be_visible()
    expect(row.locator(".f-rows__state")).to_contain_text(re.compile("待去|从未去过"))


def test_a_draft_survives_a_reload_at_any_keystroke(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    address = "/field/" + first(page, "#/place/")
    page.goto(address)
    written = ""
    for letter in "围墙裂了缝，三米长":
        page.locator("#text").press_sequentially(letter)
        written += letter
        page.reload()
        expect(page.locator("#text")).to_have_value(written)
    page.locator("#photos").set_input_files(picture(7))  # type: ignore[arg-type]
    expect(page.locator(".f-photos img")).to_have_count(1)
    page.goto("/field/#/record")
    page.locator("#text").fill("另一件事")
    page.reload()
    expect(page.locator("#text")).to_have_value("另一件事")
    page.goto("/field/#/drafts")
    expect(page.locator(".f-cards li")).to_have_count(2)
    page.locator(".f-cards a", has_text="围墙裂了缝").click()
    expect(page.locator("#text")).to_have_value(written)
    expect(page.locator(".f-photos img")).to_have_count(1)


def token(page: Page) -> str:
    """Return the token of who is signed in."""
    return str(page.evaluate("fetch('/field/session/').then((r) => r.json()).then((s) => s.csrf)"))


def new_id() -> str:
    """Return an id as a client makes it."""
    from bihuan.kernel.api import new_id as made

    return str(made())


def reported(page: Page, area: str, text: str) -> str:
    """Record a matter by the machine interface; return its id."""
    answer = page.request.post(
        "/api/v1/reports",
        data={"id": new_id(), "area_code": area, "text": text},
        headers={"X-CSRFToken": token(page)},
    )
    assert answer.status == 201, answer.text()
    return str(answer.json()["matter_id"])


def test_a_finding_becomes_a_matter_and_another_joins_the_one_that_is_known(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    address = "/field/" + page.locator("a[href^='#/place/']").nth(5).get_attribute("href")  # type: ignore[operator]
    area = address.split("/")[4]
    reported(page, area, "垃圾桶满了，没有人清")
    enter(page)
    page.goto(address)
    page.get_by_role("button", name="发现问题").click()
    page.locator(".f-finding textarea").fill("消防栓箱的玻璃碎了")
    page.get_by_role("button", name="发现问题").click()
    page.locator(".f-finding textarea").nth(1).fill("垃圾还在")
    page.locator(".f-finding").nth(1).get_by_role("button", name="就是这件，并入：垃圾桶满了").click()
    shot(page, "field-findings-360")
    page.get_by_role("button", name="完成，发现 2 个问题").click()
    until_sent(page, 3)
    page.goto("/field/#/outbox")
    expect(page.locator("[data-queue='sent'] li")).to_have_count(3)
    page.goto(address)
    expect(page.locator("#open-here + .f-rows")).to_contain_text("消防栓箱的玻璃碎了")


def test_a_conflict_shows_both_sides_and_costs_no_text(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    area = first(page, "#/place/").split("/")[2]
    matter = reported(page, area, f"单元门的合页松了（{time.time():.0f}）")
    enter(page)
    page.goto("/field/#/matters")
    page.reload()
    page.goto(f"/field/#/act/{matter}/triage")
    expect(page.locator("#title")).to_be_visible()
    page.context.set_offline(True)
    page.locator("#g-category").select_option(index=1)
    page.locator("#g-urgency").select_option(index=1)
    page.locator("#g-level").select_option(index=1)
    title = page.locator("#title").inner_text()
    page.get_by_role("button", name=title).click()
    leader = open_page(PHONE, "wanggezhang")
    sorted_meanwhile = leader.request.post(
        f"/api/v1/matters/{matter}/advance",
        data={
            "entry_id": new_id(),
            "action": "triage",
            "data": {"category": "facility", "urgency": "normal", "level": "grid"},
        },
        headers={"X-CSRFToken": token(leader)},
    )
    assert sorted_meanwhile.status == 200, sorted_meanwhile.text()
    page.context.set_offline(False)
    send_now(page)
    expect(page.locator(".f-outlook")).to_contain_text("1 条要看一下", timeout=30_000)
    page.goto("/field/#/outbox")
    sides = page.locator(".f-sides > section")
    expect(sides).to_have_count(2)
    expect(sides.nth(0)).to_contain_text("您写的")
    expect(sides.nth(0)).to_contain_text("紧急程度")  # in words, though the act is not offered any more
    expect(sides.nth(1)).to_contain_text("现在的情况")
    expect(sides.nth(1)).to_contain_text("单元门的合页松了")
    check_axe(page)
    shot(page, "field-conflict-360")
    page.get_by_role("button", name="不发了，留作草稿").click()
    expect(page.locator(".f-outlook")).to_contain_text("都已发送")
    page.goto("/field/#/drafts")
    expect(page.locator(".f-cards")).to_contain_text("单元门的合页松了")


def test_what_the_rules_refuse_comes_back_with_its_text_and_is_mended(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    page.context.route(
        "**/api/v1/field/sync", lambda route: route.fulfill(json={"results": [
            {"id": route.request.post_data_json["items"][0]["id"], "state": "refused",
             "problems": [{"where": "text", "why": "写得太少。", "how": "请多写几个字。"}]}]}),
    )  # fmt: skip
    page.goto("/field/#/visit")
    page.locator("#where").fill("12")
    page.locator("#text").fill("聊聊")
    page.get_by_role("button", name="完成走访").click()
    expect(page).to_have_url(re.compile(r"#/$"))
    send_now(page)
    expect(page.locator(".f-outlook")).to_contain_text("1 条要看一下", timeout=30_000)
    page.goto("/field/#/outbox")
    expect(page.locator(".f-back")).to_contain_text("请多写几个字")
    check_axe(page)
    shot(page, "field-refused-360")
    page.context.unroute("**/api/v1/field/sync")
    page.get_by_role("button", name="改一改再发").click()
    expect(page.locator("#text")).to_have_value("聊聊")
    page.locator("#text").fill("聊聊家里的近况，一切都好")
    page.get_by_role("button", name="完成走访").click()
    until_sent(page, 1)


def test_whoever_has_no_visits_to_make_is_led_to_the_desk(open_page: Opener) -> None:
    page = open_page(PHONE, "jumin")
    page.goto("/field/")
    expect(page.locator(".f-page")).to_contain_text("您的岗位没有走访的任务")


def test_a_stranger_is_asked_to_sign_in(open_page: Opener) -> None:
    page = open_page(PHONE)
    page.goto("/field/")
    page.get_by_role("link", name="登录").click()
    expect(page).to_have_url(re.compile(r"/account/login/\?next=/field/$"))


# What people and places are called, and what was reported: data, in whatever language they were written.
NAMES = """() => new Promise((resolve) => {
  const open = indexedDB.open('bihuan-field');
  open.onsuccess = () => {
    const all = open.result.transaction('day').objectStore('day').getAll();
    all.onsuccess = () => {
      const day = all.result[0].day;
      open.result.close();
      resolve([
        day.person_name, ...day.areas.map((a) => a.name), ...day.targets.flatMap((t) => [t.name, t.area_name]),
        ...day.matters.flatMap((m) => [m.title, m.area_name, m.display_number]),
      ]);
    };
  };
})"""
SHOWN = """() => {
  const said = [...document.querySelectorAll('#app [aria-label], #app [alt], #app [placeholder]')]
    .flatMap((one) => ['aria-label', 'alt', 'placeholder'].map((name) => one.getAttribute(name) || ''));
  return [document.title, document.getElementById('app').innerText, ...said].join('\\n');
}"""
OURS = ("中文", "楼道里堆了杂物，电动车推不进去")  # the name of the language, and what this test wrote itself


def test_every_word_of_every_screen_is_english_when_asked_for(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    page.goto("/field/#/me")
    with page.expect_response("**/api/v1/field/day"):
        page.locator(".f-pick__row label", has_text="English").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    for screen in SCREENS:
        page.goto("/field/#/")
        expect(page.locator(".f-round").first).to_be_visible()
        show(page, screen, problem="Problem")
        left = page.evaluate(SHOWN)
        for name in sorted([*page.evaluate(NAMES), *OURS], key=len, reverse=True):
            left = left.replace(name, "")
        found = [line for line in left.splitlines() if re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", line)]
        assert not found, (screen, found)
        check_fits(page)


def test_without_javascript_the_page_says_what_to_use_instead(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan", javascript=False)
    page.goto("/field/")
    link = page.get_by_role("link", name="用工作台的走访表单")
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/desk/visits/new/")
