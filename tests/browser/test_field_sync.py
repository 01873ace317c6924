"""Without a network, and with it back: everything recorded arrives exactly once, in order, whatever dies meanwhile."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright, expect
from tools.postgres import free_port

from tests.browser.conftest import database
from tests.browser.field import VISITS, Mortal, Phone, arrive, counts, person_of, picture, send_now, until_sent

pytestmark = pytest.mark.browser
VISITS_OFFLINE = 50


@pytest.fixture(scope="module")
def mortal() -> Iterator[Mortal]:
    site = Mortal(free_port(), database())
    try:
        site.begin()
        yield site
    finally:
        site.gone()


@pytest.fixture
def phone(playwright: Playwright, mortal: Mortal) -> Iterator[Phone]:
    device = Phone(playwright, mortal.url)
    yield device
    device.gone()


def visit(page: Page, number: int, places: list[str]) -> None:
    """Make one visit with a photo, as a thumb does."""
    page.goto(f"/field/#{places[number % len(places)]}")
    page.locator("#text").fill(f"第{number}次")
    page.locator("#photos").set_input_files(picture(number))  # type: ignore[arg-type]
    expect(page.locator(".f-photos img")).to_have_count(1)
    page.get_by_role("button", name="完成走访").click()
    expect(page).to_have_url(re.compile(r"#/$"))
    expect(page.locator(".f-snack")).to_contain_text("已记下")


def places_of(page: Page) -> list[str]:
    """Return the screens of today's places."""
    found = page.locator("a[href^='#/place/']").evaluate_all("(links) => links.map((a) => a.getAttribute('href'))")
    return [str(href).removeprefix("#") for href in found]


def test_fifty_visits_recorded_offline_arrive_once_and_in_order_though_everything_dies(
    phone: Phone, mortal: Mortal
) -> None:
    page = phone.open()
    arrive(page, mortal.ways, "wanggeyuan")
    person = person_of(page)
    before = len(mortal.ask(VISITS, PERSON=person))
    places = places_of(page)
    assert phone.context
    phone.context.set_offline(True)
    for number in range(VISITS_OFFLINE // 2):
        visit(page, number, places)
    page.close()  # the tab
    phone.close()  # the browser
    page = phone.open(offline=True)
    page.goto("/field/")
    expect(page.locator(".f-outlook")).to_contain_text(f"{VISITS_OFFLINE // 2} 条待发送")
    for number in range(VISITS_OFFLINE // 2, VISITS_OFFLINE):
        visit(page, number, places)
    phone.close()
    page = phone.open(offline=True)
    page.goto("/field/")
    expect(page.locator(".f-outlook")).to_contain_text(f"{VISITS_OFFLINE} 条待发送")
    assert len(mortal.ask(VISITS, PERSON=person)) == before

    phone.context.set_offline(False)
    end = time.monotonic() + 60
    while counts(page).get("sent", 0) == 0 and time.monotonic() < end:
        page.wait_for_timeout(20)
    mortal.kill()  # in the middle: some have arrived, most have not
    page.wait_for_timeout(500)
    found = counts(page)
    assert 0 < found.get("sent", 0) < VISITS_OFFLINE, found
    assert found["waiting"] > 0
    mortal.again()
    until_sent(page, VISITS_OFFLINE, 120)

    rows = mortal.ask(VISITS, PERSON=person)[-VISITS_OFFLINE:]
    assert [row["text"] for row in rows] == [f"第{number}次" for number in range(VISITS_OFFLINE)]
    assert len(mortal.ask(VISITS, PERSON=person)) == before + VISITS_OFFLINE
    assert {row["entries"] for row in rows} == {1}
    assert {row["photos"] for row in rows} == {1}
    recorded = [row["recorded"] for row in rows]
    assert recorded == sorted(recorded)


def test_two_tabs_share_one_queue_and_each_thing_goes_out_once(phone: Phone, mortal: Mortal) -> None:
    first = phone.open()
    arrive(first, mortal.ways, "wanggezhang")
    person = person_of(first)
    before = len(mortal.ask(VISITS, PERSON=person))
    places = places_of(first)
    second = phone.tab()
    second.goto("/field/")
    expect(second.locator(".f-round").first).to_be_visible()
    assert phone.context
    phone.context.set_offline(True)
    for number in range(3):
        visit(first, number, places[:3])
        visit(second, number + 10, places[3:6])
    expect(first.locator(".f-outlook")).to_contain_text("6 条待发送")  # of both, in both
    phone.context.set_offline(False)
    until_sent(first, 6)
    until_sent(second, 6)
    assert len(mortal.ask(VISITS, PERSON=person)) == before + 6
    assert len(phone.posted) == len(set(phone.posted)) == 6


def test_somebody_else_on_the_same_phone_never_sends_what_is_not_theirs(phone: Phone, mortal: Mortal) -> None:
    page = phone.open()
    arrive(page, mortal.ways, "wanggeyuan")
    worker = person_of(page)
    before = len(mortal.ask(VISITS, PERSON=worker))
    places = places_of(page)
    assert phone.context
    phone.context.set_offline(True)
    visit(page, 1, places)
    page.goto("/field/#/drafts")
    page.goto(f"/field/#{places[2]}")
    page.locator("#text").fill("写到一半")
    page.close()
    phone.context.clear_cookies()  # the session is gone; what the phone keeps is not
    phone.context.set_offline(False)
    page = phone.tab()
    arrive(page, mortal.ways, "wanggezhang")
    expect(page.locator(".f-page")).to_contain_text("这部手机上还有别人的 1 条没有发送")
    expect(page.locator(".f-outlook")).to_contain_text("都已发送")
    page.goto("/field/#/drafts")
    expect(page.locator(".f-page")).to_contain_text("没有草稿")
    send_now(page)  # nothing is held back
    page.wait_for_timeout(1500)
    assert counts(page) == {"waiting": 1}
    assert len(mortal.ask(VISITS, PERSON=worker)) == before
    phone.context.clear_cookies()
    arrive(page, mortal.ways, "wanggeyuan")
    until_sent(page, 1)
    assert len(mortal.ask(VISITS, PERSON=worker)) == before + 1
    page.goto("/field/#/drafts")
    expect(page.locator(".f-page")).to_contain_text("写到一半")


def test_signing_out_takes_the_day_off_the_phone_and_keeps_what_is_unsent(phone: Phone, mortal: Mortal) -> None:
    page = phone.open()
    arrive(page, mortal.ways, "wanggeyuan")
    places = places_of(page)
    assert phone.context
    phone.context.set_offline(True)
    visit(page, 3, places)
    page.goto("/field/#/me")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("还有 1 条没有发送")
    page.get_by_role("button", name="留着，退出").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    kept = page.evaluate(
        """new Promise((resolve) => { const open = indexedDB.open('bihuan-field'); open.onsuccess = () => {
          const all = open.result.transaction('day').objectStore('day').count();
          all.onsuccess = () => { open.result.close(); resolve(all.result); }; }; })"""
    )
    assert kept == 0
    assert counts(page) == {"waiting": 1}
    phone.context.set_offline(False)
    page.reload()
    page.wait_for_function("fetch('/field/session/').then((r) => r.json()).then((s) => s.person === null)")
    arrive(page, mortal.ways, "wanggeyuan")
    until_sent(page, 1)


def test_one_photo_that_the_server_never_takes_keeps_no_other_visit_back(phone: Phone, mortal: Mortal) -> None:
    page = phone.open()
    arrive(page, mortal.ways, "wanggeyuan")
    person, places = person_of(page), places_of(page)
    before, sent = len(mortal.ask(VISITS, PERSON=person)), counts(page).get("sent", 0)
    page.route("**/api/v1/field/files/**", lambda route: route.fulfill(status=503, body=""))
    visit(page, 3, places)  # with a photo
    page.goto(f"/field/#{places[4]}")
    page.locator("#text").fill("没有照片的走访")
    page.get_by_role("button", name="完成走访").click()
    expect(page).to_have_url(re.compile(r"#/$"))
    end = time.monotonic() + 60
    while counts(page).get("sent", 0) == sent and time.monotonic() < end:
        send_now(page)
        page.wait_for_timeout(500)
    assert counts(page)["waiting"] == 1
    assert len(mortal.ask(VISITS, PERSON=person)) == before + 1
    page.unroute("**/api/v1/field/files/**")
    send_now(page)
    until_sent(page, sent + 2, 60)
    assert len(mortal.ask(VISITS, PERSON=person)) == before + 2
