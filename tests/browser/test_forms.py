"""A superior's blank form in a real browser: sent, seen as itself, a question answered, downloaded filled."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, TABLET, Opener, check_axe, check_fits, shot
from tests.reporting.blank_forms import blank

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

SIZES = {"360": PHONE, "768": TABLET, "1440": DESK}


def _clean(page: Page, name: str) -> None:
    check_fits(page)
    check_axe(page)
    shot(page, name)


def _send(page: Page, folder: Path, name: str) -> None:
    template = folder / f"{name}.xlsx"
    template.write_bytes(blank(name))
    page.goto("/desk/forms/")
    page.locator("#id_file").set_input_files(template)
    page.locator("#form-since").select_option("2024-01")
    page.locator("#form-until").select_option("2024-04")
    page.get_by_role("button", name="看看这张表").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name}.xlsx")


def test_a_form_is_sent_asked_about_once_and_downloaded_filled(open_page: Opener, tmp_path: Path) -> None:
    page = open_page(DESK, "shuji")
    _send(page, tmp_path, "rectification_ledger")
    page.get_by_label("反馈问题整改台账").select_option("rows:matter")
    page.get_by_role("button", name="记住这些回答").click()
    expect(page.locator("body")).to_contain_text("已记住")
    with page.expect_download() as told:
        page.get_by_role("button", name="下载填好的表").click()
    told.value.save_as(tmp_path / "filled.xlsx")
    assert "已填" in told.value.suggested_filename
    sheet = openpyxl.load_workbook(tmp_path / "filled.xlsx").active
    assert sheet is not None
    assert (sheet["A1"].value, bool(sheet["B4"].value)) == ("反馈问题整改台账", True)


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_fit_and_axe_finds_nothing(open_page: Opener, tmp_path: Path, size: str) -> None:
    page = open_page(SIZES[size], "shuji")
    page.goto("/desk/forms/")
    _clean(page, f"forms-{size}")
    _send(page, tmp_path, "livelihood_ledger")
    _clean(page, f"form-{size}")
    _send(page, tmp_path, "category_statistics")
    page.locator("summary").filter(has_text="认出来的栏目").click()
    _clean(page, f"form-figures-{size}")


@pytest.mark.parametrize("scheme", ["dark", "elder"])
def test_dark_and_elder_mode_are_as_clean(open_page: Opener, tmp_path: Path, scheme: str) -> None:
    page = open_page(PHONE, "shuji", scheme="dark" if scheme == "dark" else "light")
    if scheme == "elder":
        page.context.add_cookies([{"name": "size", "value": "elder", "url": page.url}])
    _send(page, tmp_path, "dispute_monthly")
    _clean(page, f"form-360-{scheme}")


@pytest.mark.parametrize("size", ["360", "1440"])
def test_a_card_is_filled_for_the_matters_that_are_ticked(open_page: Opener, tmp_path: Path, size: str) -> None:
    page = open_page(SIZES[size], "shuji")
    _send(page, tmp_path, "livelihood_card")
    expect(page.get_by_role("heading", name="这是一件事一张的表：填哪一件？")).to_be_visible()
    _clean(page, f"form-card-choose-{size}")
    title = page.locator("input[name=pick]").first.locator("xpath=..").inner_text().split(" ", 1)[1]
    page.locator("input[name=pick]").first.check()
    page.get_by_role("button", name="填选中的事项").click()
    expect(page.locator(".gridview ins", has_text=title[:6]).first).to_be_attached()
    page.locator("summary").filter(has_text="要填真实的姓名、电话").first.click()
    _clean(page, f"form-card-{size}")
    page.locator("input[name=clear]").check()
    page.get_by_label("为什么要看").select_option("verify")
    with page.expect_download() as told:
        page.get_by_role("button", name="下载填好的表").click()
    told.value.save_as(tmp_path / "filled.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "filled.xlsx").active
    assert sheet is not None
    assert str(sheet["A2"].value).startswith("编号：电建-")
