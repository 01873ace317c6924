"""A resident's journeys in a real browser, on a phone and at a desk; and axe-core on every page they see."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from bihuan.matters.models import Matter
from tests.browser.conftest import DESK, PHONE, check_axe, check_fits
from tests.web.portal.conftest import BUILDING, COMMUNITY, DOOR, TEXT, Town, rich_photo, town

__all__ = ["town"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.drawn, pytest.mark.django_db(transaction=True)]
# The browser's driver keeps a loop running in this thread, which Django would take for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def visit(browser: Browser, live_server: Any, size: dict[str, int] = PHONE, **more: Any) -> Page:
    """A fresh visitor; any error in the console fails the test."""
    view = more.pop("view", "")
    context = browser.new_context(viewport=size, locale="zh-CN", base_url=live_server.url, **more)  # type: ignore[arg-type]
    if view:
        context.add_cookies([{"name": "size", "value": view, "url": live_server.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.on("console", _no_violation)
    return page


def _no_violation(message: Any) -> None:
    if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
        pytest.fail(message.text)


def no_flaw(page: Page) -> None:
    """axe-core finds nothing, nothing sticks out sideways."""
    check_axe(page)
    check_fits(page)


@pytest.mark.parametrize(
    ("size", "look"),
    [(PHONE, "light"), (PHONE, "dark"), (PHONE, "elder"), (DESK, "light"), (DESK, "elder")],
    ids=["phone", "phone, dark", "phone, large type", "desk", "desk, large type"],
)
def test_axe_finds_nothing_on_any_page(
    town: Town, live_server: Any, browser: Browser, size: dict[str, int], look: str
) -> None:
    matter, token = town.report()
    town.to_asking(matter)
    page = visit(
        browser,
        live_server,
        size,
        color_scheme="dark" if look == "dark" else "light",
        view="elder" if look == "elder" else "",
    )
    for path in (
        "/", "/?q=电建", "/report/", f"/c/{COMMUNITY}/", f"/c/{COMMUNITY}/report/", f"/d/{DOOR}/",
        f"/reported/{token}/", f"/r/{token}/", f"/matters/{matter.number}/", "/no/such/page/",
    ):  # fmt: skip
        page.goto(path)
        no_flaw(page)
    page.context.close()


@pytest.mark.parametrize(
    ("size", "script"),
    [(PHONE, "on"), (PHONE, "off"), (DESK, "on")],
    ids=["phone", "phone without script", "desk"],
)
def test_a_resident_reports_mends_a_mistake_and_gets_a_number(
    town: Town, live_server: Any, browser: Browser, size: dict[str, int], tmp_path: Path, script: str
) -> None:
    picture = tmp_path / "灯.jpg"
    picture.write_bytes(rich_photo("灯.jpg", 1).read())
    page = visit(browser, live_server, size, java_script_enabled=script == "on")
    page.goto(f"/d/{DOOR}/")
    page.get_by_label("有什么要反映？").fill(TEXT)
    page.locator("#id_photos").set_input_files(picture)
    page.get_by_text("留电话，方便核实和回访").click()
    page.get_by_label("电话", exact=True).fill("12345")
    page.get_by_role("button", name="提交反映").click()
    page.get_by_text("电话号码不对").wait_for()
    if script == "on":
        no_flaw(page)
    assert page.get_by_label("有什么要反映？").input_value() == TEXT
    assert page.get_by_text("已选好 1 张照片").is_visible()
    page.get_by_label("电话", exact=True).fill("13800001234")
    page.get_by_role("button", name="提交反映").click()
    page.get_by_role("heading", name="已收到您的反映").wait_for()
    assert Matter.objects.get().area_code == BUILDING
    page.get_by_role("link", name="打开我的查询页").click()
    page.get_by_text("现在是“问”这一步：待分类").wait_for()
    page.context.close()


def test_likely_duplicates_appear_while_typing_and_one_tap_follows(
    town: Town, live_server: Any, browser: Browser
) -> None:
    matter, _token = town.report()
    page = visit(browser, live_server)
    page.goto(f"/d/{DOOR}/")
    page.get_by_label("有什么要反映？").press_sequentially("三楼楼道的灯不亮了", delay=5)
    page.get_by_role("button", name="我也遇到，关注").wait_for()
    no_flaw(page)
    page.get_by_role("button", name="我也遇到，关注").click()
    page.get_by_text("已关注").wait_for()
    matter.refresh_from_db()
    assert matter.follower_count == 1
    page.context.close()


def test_what_was_typed_comes_back_after_the_page_was_closed(town: Town, live_server: Any, browser: Browser) -> None:
    page = visit(browser, live_server)
    page.goto(f"/d/{DOOR}/")
    page.get_by_label("有什么要反映？").fill("写到一半没有信号了")
    page.goto("about:blank")
    page.goto(f"/d/{DOOR}/")
    assert page.get_by_label("有什么要反映？").input_value() == "写到一半没有信号了"
    assert page.get_by_text("上次没写完的内容已经恢复").is_visible()
    page.get_by_role("button", name="提交反映").click()
    page.get_by_role("heading", name="已收到您的反映").wait_for()
    page.goto(f"/d/{DOOR}/")
    assert page.get_by_label("有什么要反映？").input_value() == ""
    page.context.close()


def test_the_reporter_says_that_it_is_not_solved(town: Town, live_server: Any, browser: Browser) -> None:
    matter, token = town.report()
    town.to_asking(matter)
    page = visit(browser, live_server)
    page.goto(f"/r/{token}/")
    page.get_by_text("没有解决", exact=True).first.click()
    form = page.locator("#act-deny form")
    form.get_by_label("说明").fill("灯还是不亮")
    form.get_by_role("button", name="没有解决").click()
    page.get_by_text("已记下").wait_for()
    matter.refresh_from_db()
    assert matter.step == "grid_agenda"
    page.context.close()
