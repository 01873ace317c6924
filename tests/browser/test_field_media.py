"""Voice notes and photos of a visit: finished while they are under way, broken off, taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.conftest import Site, check_axe, check_fits, shot
from tests.browser.field import Phone, arrive, picture, stored, until_sent

pytestmark = [pytest.mark.browser, pytest.mark.drawn]
MICROPHONE = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
SLOWLY = """
  const blob = HTMLCanvasElement.prototype.toBlob;
  HTMLCanvasElement.prototype.toBlob = function (...given) { setTimeout(() => blob.apply(this, given), 1500); };
"""


@pytest.fixture
def phone(playwright: Playwright, site: Site) -> Iterator[Phone]:
    device = Phone(playwright, site.url, flags=MICROPHONE)
    yield device
    device.gone()


def begin(phone: Phone, site: Site, nth: int) -> Page:
    """Open today's ``nth`` place, signed in."""
    page = phone.open()
    arrive(page, {"accounts": site.accounts}, "wanggeyuan")
    address = page.locator("a[href^='#/place/']").nth(nth).get_attribute("href")
    page.goto(f"/field/{address}")
    return page


def speak(page: Page, seconds: float) -> None:
    """Begin a voice note and let some seconds of it pass."""
    page.get_by_role("button", name="录一段话").click()
    expect(page.get_by_role("button", name=re.compile("正在录音"))).to_be_visible()
    page.wait_for_timeout(seconds * 1000)


def test_a_visit_finished_while_somebody_speaks_goes_out_with_all_of_it(phone: Phone, site: Site) -> None:
    page = begin(phone, site, 0)
    speak(page, 2.5)
    check_fits(page)
    check_axe(page)
    shot(page, "field-recording-360")
    page.get_by_role("button", name="完成走访").click()
    expect(page).to_have_url(re.compile(r"#/$"))
    until_sent(page, 1)
    assert len(phone.told) == 1
    assert len(phone.told[0]["data"]["sounds"]) == 1
    page.wait_for_timeout(500)
    for store in ("drafts", "files", "recordings", "parts"):
        assert stored(page, store) == []


def test_a_voice_note_is_recorded_listened_to_and_taken_off_again(phone: Phone, site: Site) -> None:
    page = begin(phone, site, 1)
    speak(page, 1.5)
    page.get_by_role("button", name=re.compile("正在录音")).click()
    player = page.locator("audio[aria-label='第 1 段语音']")
    expect(player).to_be_visible()
    assert player.evaluate("(one) => new Promise((r) => { one.onloadeddata = () => r(true); one.load(); })")
    assert [(one["kind"], one["bytes"] > 500) for one in stored(page, "files")] == [("sound", True)]
    page.get_by_role("button", name="去掉第 1 段语音").click()
    expect(player).to_have_count(0)
    page.wait_for_timeout(300)
    assert stored(page, "files") == []
    assert stored(page, "drafts") == []  # nothing is left in it


def test_what_was_said_before_the_tab_was_closed_is_kept_as_a_draft(phone: Phone, site: Site) -> None:
    page = begin(phone, site, 2)
    name = page.locator("#title").inner_text()
    speak(page, 3.5)
    phone.close()
    page = phone.open(offline=True)
    page.goto("/field/")
    expect(page.locator(".f-snack")).to_contain_text("没录完的语音已留在草稿里")
    page.goto("/field/#/drafts")
    page.locator(".f-cards a", has_text=name).click()
    expect(page.locator("audio")).to_have_count(1)
    assert [one["kind"] for one in stored(page, "files")] == ["sound"]
    assert stored(page, "recordings") == stored(page, "parts") == []
    assert phone.context
    phone.context.set_offline(False)
    page.get_by_role("button", name="完成走访").click()  # what was broken off is taken in like any other
    expect(page).to_have_url(re.compile(r"#/$"))
    until_sent(page, 1)
    assert stored(page, "files") == []


def test_a_visit_finished_while_a_photo_is_made_small_goes_out_with_it(phone: Phone, site: Site) -> None:
    page = phone.open()
    page.add_init_script(SLOWLY)
    arrive(page, {"accounts": site.accounts}, "wanggeyuan")
    page.goto("/field/" + str(page.locator("a[href^='#/place/']").nth(3).get_attribute("href")))
    page.locator("#text").fill("灯杆歪了")
    page.locator("#photos").set_input_files([picture(1), picture(2)])  # type: ignore[arg-type]
    page.get_by_role("button", name="完成走访").click()
    expect(page.get_by_role("button", name="正在收好照片和语音")).to_be_disabled()
    expect(page).to_have_url(re.compile(r"#/$"))
    until_sent(page, 1)
    assert [len(one["data"]["photos"]) for one in phone.told] == [2]
    page.wait_for_timeout(500)
    assert stored(page, "drafts") == []


def test_two_choices_of_photos_at_once_both_stay_and_one_taken_off_is_deleted(phone: Phone, site: Site) -> None:
    page = phone.open()
    page.add_init_script(SLOWLY)
    arrive(page, {"accounts": site.accounts}, "wanggeyuan")
    page.goto("/field/" + str(page.locator("a[href^='#/place/']").nth(4).get_attribute("href")))
    page.locator("#photos").set_input_files(picture(3))  # type: ignore[arg-type]
    page.locator("#photos").set_input_files(picture(4))  # type: ignore[arg-type]
    expect(page.locator(".f-photos img")).to_have_count(2)
    page.get_by_role("button", name="去掉第 1 张照片").click()
    expect(page.locator(".f-photos img")).to_have_count(1)
    page.wait_for_timeout(300)
    assert [one["id"] for one in stored(page, "files")] == stored(page, "drafts")[0]["photos"]
