"""Acts and findings on the phone: what each photo shows, what is missing, by which method a hazard is settled."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Opener, check_axe, check_fits, shot
from tests.browser.field import alter_day, picture, stored, until_sent
from tests.browser.test_field import enter

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

# An act as a method may ask for it: photos from before and after, a choice of several, a yes or no.
ASKING = """
  const matter = kept.day.matters.find((one) => one.acts.some((act) => act.must));
  const act = matter.acts.find((one) => one.must);
  Object.assign(act, { reason: '', assigns: [], photos: { before: 1, after: 1 }, gives: [
    { key: 'kinds', title: '哪几样', type: 'choices', required: true, hint: '',
      options: [{ key: 'a', title: '灯' }, { key: 'b', title: '门' }] },
    { key: 'safe', title: '现在安全吗', type: 'yes_no', required: true, hint: '', options: [] },
  ] });
"""


def asking(page: Page) -> None:
    """Open an act that asks for all of that; without a network, so that the day stays as it is."""
    enter(page)
    page.context.set_offline(True)
    alter_day(page, ASKING)
    page.goto("/field/#/matters")
    page.locator(".f-cards a", has=page.locator("strong")).first.click()
    page.locator("a[href^='#/act/'].btn--primary").first.click()
    expect(page.locator("#g-kinds")).to_be_visible()


def finish(page: Page) -> None:
    """Tap the act's own button."""
    page.get_by_role("button", name=page.locator("#title").inner_text(), exact=True).click()


def test_what_an_act_asks_for_and_was_not_given_is_said_beside_it(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    asking(page)
    finish(page)
    expect(page.locator("#g-kinds")).to_contain_text("请填写“哪几样”")
    expect(page.locator("#g-kinds input").first).to_be_focused()
    expect(page.locator("#g-safe")).to_contain_text("请填写“现在安全吗”")
    expect(page.get_by_text("办理后的照片还不够：至少 1 张。")).to_be_visible()
    check_axe(page)
    check_fits(page)
    shot(page, "field-act-missing-360")
    assert stored(page, "queue") == []


def test_the_photos_of_an_act_are_told_apart_by_what_they_show(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    asking(page)
    page.locator("#g-kinds label", has_text="门").click()
    page.locator("#g-safe label", has_text="是").click()
    for number, tag in enumerate(("after", "before", "after")):
        page.locator(f"#photos-{tag}").set_input_files(picture(number))  # type: ignore[arg-type]
        expect(page.locator(".f-photos img")).to_have_count(number + 1)
    page.goto("/field/#/drafts")
    page.locator(".f-cards a").first.click()
    rows = page.locator(".field", has=page.locator("input[type=file]"))
    expect(rows.nth(0).locator("img")).to_have_count(1)
    expect(rows.nth(1).locator("img")).to_have_count(2)
    shot(page, "field-act-photos-360")
    finish(page)
    expect(page.locator(".f-outlook")).to_contain_text("1 条待发送")
    (item,) = stored(page, "queue")
    tags = {one["id"]: one["tag"] for one in stored(page, "files")}
    assert sorted(tags[one] for one in item["data"]["photos"]) == ["after", "after", "before"]
    assert item["data"]["data"] == {"kinds": ["b"], "safe": True}


def test_a_hazard_outside_the_checklist_goes_by_the_method_that_is_chosen(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    enter(page)
    page.goto("/field/#/visit")
    page.locator("#where").fill("12")
    for number, text in enumerate(("台阶上的扶手松了", "电表箱在冒烟")):
        page.get_by_role("button", name="发现问题").click()
        page.locator(".f-finding textarea").nth(number).fill(text)
    method = page.locator(".f-finding").nth(1).get_by_label("按哪个工作法办")
    expect(method).to_have_value("yiwang-sanbu-wuqin")  # the residents' own, unless another is chosen
    method.select_option("yinhuan-liuding")
    check_axe(page)
    check_fits(page)
    shot(page, "field-by-method-360")
    page.get_by_role("button", name="完成，发现 2 个问题").click()
    expect(page).to_have_url(re.compile(r"#/$"))
    assert [item["data"].get("method_key") for item in stored(page, "queue")] == [
        None, "yiwang-sanbu-wuqin", "yinhuan-liuding",
    ]  # fmt: skip
    until_sent(page, 3)
    assert all(item["number"] for item in stored(page, "queue") if item["kind"] == "finding")
