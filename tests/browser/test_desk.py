"""Work at the desk and on the phone: to-do, ledger, matter, recording for somebody else, the map."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, TABLET, Opener, check_axe, check_fits, shot

pytestmark = [pytest.mark.browser, pytest.mark.drawn]

SIZES = {"360": PHONE, "768": TABLET, "1440": DESK}
PAGES = {"todo": "/desk/", "ledger": "/desk/ledger/", "map": "/desk/map/", "record": "/desk/record/"}


def record(page: Page, text: str, place: str = "12") -> None:
    """Record a problem as a grid worker does, whatever is known already."""
    page.goto("/desk/record/")
    page.fill("#id_place", place)
    page.fill("#id_text", text)
    page.get_by_role("button", name="登记问题").click()
    known = page.get_by_role("button", name="都不是，照样登记")
    page.wait_for_load_state()
    if known.count():
        known.click()
    expect(page).to_have_url(re.compile(r"/desk/matters/[0-9a-f-]{36}/$"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_and_axe_finds_nothing(open_page: Opener, name: str, size: str) -> None:
    page = open_page(SIZES[size], "shuji")
    page.goto(PAGES[name])
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check_fits(page)
    check_axe(page)
    shot(page, f"desk-{name}-{size}")


@pytest.mark.parametrize("scheme", ["dark", "elder"])
@pytest.mark.parametrize("name", PAGES)
def test_dark_and_elder_mode_are_as_clean(open_page: Opener, name: str, scheme: str) -> None:
    page = open_page(PHONE, "shuji", scheme="dark" if scheme == "dark" else "light")
    if scheme == "elder":  # by the cookie alone: the button would remember it on the account for the other tests
        page.context.add_cookies([{"name": "size", "value": "elder", "url": page.url}])
    page.goto(PAGES[name])
    expect(page.locator("html[data-size=elder]")).to_have_count(int(scheme == "elder"))
    check_fits(page)
    check_axe(page)
    shot(page, f"desk-{name}-360-{scheme}")


@pytest.mark.parametrize("size", ["360", "1440"])
def test_a_grid_worker_records_a_problem_and_sorts_it_from_the_to_do_list(open_page: Opener, size: str) -> None:
    page = open_page(SIZES[size], "wanggeyuan")
    text = f"二单元的扶手松了（{size}）"
    record(page, text)
    expect(page.get_by_role("heading", level=1)).to_contain_text("二单元的扶手松了")
    check_fits(page)
    check_axe(page)
    shot(page, f"desk-matter-{size}")
    address = page.url.removesuffix("/").rsplit("/", 1)[1]
    page.goto("/desk/")
    page.locator(f"a[href*='{address}']").click()
    expect(page).to_have_url(re.compile(r"do=triage#do$"))
    page.locator("#do select[name=f_category]").select_option("safety")
    page.get_by_label("一般", exact=True).check()
    page.get_by_label(re.compile("网格会议")).check()
    page.locator(".actions-bar .btn--primary").click()
    expect(page.get_by_role("status")).to_contain_text("已记下")
    expect(page.locator(".timeline")).to_contain_text("分类登记")


def test_the_ledger_filters_without_loading_the_page_again(open_page: Opener) -> None:
    page = open_page(DESK, "shuji")
    page.goto("/desk/ledger/")
    page.evaluate("window.stillHere = true")
    page.select_option("#ledger-state", "closed")
    expect(page).to_have_url(re.compile(r"/desk/ledger/\?state=closed$"))
    assert page.evaluate("window.stillHere") is True
    page.go_back()
    expect(page).to_have_url(re.compile(r"/desk/ledger/$"))


def test_rows_are_walked_by_keyboard_and_opened_by_enter(open_page: Opener) -> None:
    page = open_page(DESK, "shuji")
    page.goto("/desk/ledger/")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    first = page.locator("[data-rows] tbody tr").first.locator("a").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/desk/matters/"))


def test_keys_typed_into_the_search_stay_there(open_page: Opener) -> None:
    page = open_page(DESK, "shuji")
    page.goto("/desk/ledger/")
    page.locator("#ledger-text").press_sequentially("jk")
    assert page.input_value("#ledger-text") == "jk"


def test_the_head_of_the_ledger_stays_in_sight(open_page: Opener) -> None:
    page = open_page({"width": 1440, "height": 420}, "shuji")
    page.goto("/desk/ledger/")
    page.locator(".ledger-frame--tall").evaluate("element => element.scrollTo(0, 400)")
    head = page.locator(".ledger thead th").first.bounding_box()
    frame = page.locator(".ledger-frame--tall").bounding_box()
    assert head is not None
    assert frame is not None
    assert abs(head["y"] - frame["y"]) < 3


def test_what_is_known_appears_while_one_types(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan")
    record(page, "三单元楼梯口的声控开关失灵", "13")
    page.goto("/desk/record/")
    page.get_by_role("button", name="13号楼").click()
    expect(page.locator("#id_place")).to_have_value("13号楼")
    page.fill("#id_text", "楼梯口声控开关失灵了")
    page.locator("#id_happened_at").focus()
    expect(page.locator("#alike")).to_contain_text("这里已有人反映")
    check_axe(page)


def test_the_map_is_walked_by_keyboard_and_leads_to_the_ledger(open_page: Opener) -> None:
    page = open_page(DESK, "shuji")
    page.goto("/desk/map/")
    page.locator("a.area-shape").first.focus()
    page.keyboard.press("ArrowRight")
    reached = page.evaluate("document.activeElement.dataset.code")
    assert reached == "410802004004002"
    expect(page.locator(f"tr[data-code='{reached}'].is-pointed")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"area={reached}"))


def test_the_map_is_zoomed_and_shown_whole_again(open_page: Opener) -> None:
    page = open_page(DESK, "shuji")
    page.goto("/desk/map/")
    whole = page.locator(".area-map__svg").get_attribute("viewBox")
    page.get_by_role("button", name="放大").click()
    assert page.locator(".area-map__svg").get_attribute("viewBox") != whole
    page.get_by_role("button", name="看全部").click()
    assert page.locator(".area-map__svg").get_attribute("viewBox") == whole


def test_without_javascript_everything_is_read_and_recorded(open_page: Opener) -> None:
    page = open_page(PHONE, "wanggeyuan", javascript=False)
    for address in PAGES.values():
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/desk/map/")
    assert page.locator("a.area-shape").count() == 8  # their own buildings are links
    assert page.locator(".area-shape").count() == 48
    record(page, "不用脚本也能登记的漏水", "14")
    expect(page.get_by_role("status")).to_contain_text("已登记，编号")


def test_the_results_for_the_wall_never_leave_the_code_alone_on_a_page(open_page: Opener) -> None:
    page = open_page(DESK, "shuji")
    page.goto("/desk/meetings/?state=held")
    page.get_by_role("link", name="2024年第1次党建联席会议").first.click()
    page.goto(page.url.split("?")[0].rstrip("/") + "/print/results/")
    expect(page.locator(".paper article")).to_have_count(2)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1


def test_the_map_fits_a_phone_and_one_finger_scrolls_the_page(open_page: Opener) -> None:
    page = open_page(PHONE, "shuji")
    page.goto("/desk/map/")
    page.locator("area-map.is-live").wait_for()
    for part in ("html", ".area-map__scroll"):
        assert page.locator(part).evaluate("(part) => part.scrollWidth <= part.clientWidth"), part
    page.get_by_role("button", name="放大").click()
    touch = "getComputedStyle(document.querySelector('.is-zoomed .area-map__svg')).touchAction"
    assert page.evaluate(touch) == "pan-y"
