"""A secretary changes the work method: sees it, copies it, mends what the margin shows, publishes, moves matters."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Opener, check_axe, check_fits, shot

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

SIZES = {"360": PHONE, "1440": DESK}
LIMIT = "    限期: 3 个工作日 # 本地定"


def open_draft(page: Page) -> str:
    """Open the draft, made from the version in use where there is none; return its text."""
    page.goto("/desk/methods/")
    draft = page.locator(".links a").filter(has_text="草稿（将成为")
    if draft.count():
        draft.first.click()
        page.get_by_role("link", name="编辑草稿").click()
    else:
        page.locator(".links a").filter(has_text="在用").first.click()
        page.get_by_role("button", name=re.compile("复制为草稿")).click()
    expect(page).to_have_url(re.compile("/edit/$"))
    return page.input_value("#id_source")


@pytest.mark.parametrize("size", SIZES)
def test_the_method_is_a_picture_and_a_text(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size], "shuji")
    page.goto("/desk/methods/")
    page.locator(".links a").filter(has_text="在用").first.click()
    expect(page.get_by_role("img", name=re.compile("路线图"))).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("办理中")).first).to_be_visible()
    check_fits(page)
    check_axe(page)
    shot(page, f"desk-method-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_a_problem_appears_at_its_line_as_one_types(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size], "shuji")
    text = open_draft(page)
    line = text.splitlines().index(LIMIT) + 1
    page.fill("#id_source", text.replace(LIMIT, "    限期: 三天半", 1))
    mark = page.locator(".editor__margin .is-error")
    expect(mark).to_have_text(f"✕ {line}")
    expect(page.locator("#method-check")).to_contain_text("不是时间长度")
    page.locator("[data-go-to-line]").first.click()
    start = page.evaluate("document.getElementById('id_source').selectionStart")
    assert text[:start].count("\n") == line - 1
    check_fits(page)
    check_axe(page)
    shot(page, f"desk-method-edit-{size}")
    page.fill("#id_source", text)
    expect(mark).to_have_count(0)


def test_without_javascript_the_check_button_shows_the_same(open_page: Opener) -> None:
    page = open_page(PHONE, "shuji", javascript=False)
    text = open_draft(page)
    page.fill("#id_source", text.replace(LIMIT, "    限期: 三天半", 1))
    page.get_by_role("button", name="检查").click()
    expect(page.locator("#method-check")).to_contain_text("不是时间长度")
    assert "三天半" in page.input_value("#id_source")


def test_a_new_version_is_published_and_running_matters_move_and_come_back(open_page: Opener) -> None:
    page = open_page(DESK, "shuji")
    text = open_draft(page)
    page.fill("#id_source", text.replace("    限期: 5 个工作日 # 本地定", "    限期: 4 个工作日 # 本地定", 1))
    expect(page.locator("#method-check")).to_contain_text("没有问题")
    page.get_by_role("button", name=re.compile("发布第 . 版")).click()
    expect(page.get_by_role("status")).to_contain_text("已发布")
    check_axe(page)
    page.get_by_role("link", name="与本版比较").first.click()
    expect(page.locator(".is-added")).to_contain_text("4 个工作日")
    check_axe(page)
    page.go_back()
    page.get_by_role("link", name="把它的事项转到本版").first.click()
    expect(page.get_by_text("这是预演")).to_be_visible()
    check_axe(page)
    shot(page, "desk-method-migrate-1440")
    page.get_by_role("button", name="转到新版").click()
    expect(page.get_by_text(re.compile(r"已转 \d+ 件"))).to_be_visible()
    page.get_by_role("button", name="转回来").click()
    expect(page.get_by_text(re.compile(r"已转 \d+ 件"))).to_be_visible()
    check_axe(page)
