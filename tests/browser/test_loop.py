"""One matter's whole life by the people who live it: asked, deliberated, acted on, checked, answered, reopened."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Opener, Site
from tests.browser.loop import TITLE, Life, from_todo, picture, press, primary, said, seen
from tests.browser.loop_meeting import attended, called, heard_and_voted, published, resolved

pytestmark = pytest.mark.browser

TEXT = f"12号楼二单元一楼的{TITLE}，老人下楼要扶墙走，下雨天更滑。"


def test_a_matter_from_the_door_to_its_answer_and_back(open_page: Opener, site: Site) -> None:
    life = Life()
    _the_resident_reports(open_page, site, life)
    _the_grid_worker_sorts_it(open_page, life)
    leader = called(open_page, life, "wanggezhang", "网格会议")
    attended(leader, life)
    heard_and_voted(open_page, leader, life)
    resolved(leader)
    published(open_page, leader, life)
    _the_supervisor_gets_a_link_of_their_own(open_page, leader, life)
    _the_lead_acts_and_asks_for_more_time(open_page, life)
    _the_secretary_consents(open_page, life)
    _the_lead_reports_it_done_but_cannot_sign_it_off(open_page, life)
    _the_supervisor_signs_off(open_page, life)
    _the_reporter_says_it_is_not_solved(open_page, life)
    _the_lead_mends_it(open_page, life)
    _the_supervisor_signs_off(open_page, life)
    _the_reporter_confirms(open_page, life)
    _the_record_tells_it_all(open_page, life)
    _the_reporter_reopens_it(open_page, life)


def _the_resident_reports(open_page: Opener, site: Site, life: Life) -> None:
    page = open_page(PHONE, javascript=False)
    page.goto(site.door)
    expect(page.get_by_role("heading", level=1)).to_contain_text("12号楼")
    page.get_by_label("有什么要反映？").fill(TEXT)
    page.locator("#id_photos").set_input_files(picture("台阶.jpg", "#6b7280"))
    page.get_by_text("留电话，方便核实和回访").click()
    page.get_by_label("电话", exact=True).fill("13912345678")
    page.get_by_label("怎么称呼您").fill("秦阿姨")
    seen(page, "01-door-360", axe=False)
    primary(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("已收到您的反映")
    seen(page, "02-reported-360", axe=False)
    life.number = page.locator(".notice strong").inner_text()
    life.links["reporter"] = str(page.get_by_role("link", name="打开我的查询页").get_attribute("href"))
    page.goto(life.links["reporter"])
    expect(page.get_by_text("已收到，正在了解情况").first).to_be_visible()
    seen(page, "03-follow-360", axe=False)


def _the_grid_worker_sorts_it(open_page: Opener, life: Life) -> None:
    page = open_page(PHONE, "wanggeyuan")
    seen(page, "04-worker-todo-360")
    from_todo(page, TITLE, "triage")
    life.matter = page.url.split("/matters/")[1].split("/")[0]
    expect(page.get_by_text("139****5678")).to_be_visible()
    page.locator("#do select[name=f_category]").select_option("safety")
    page.get_by_label("一般", exact=True).check()
    page.get_by_label(re.compile("网格会议")).check()
    page.get_by_label("涉及人数").fill("40")
    seen(page, "05-worker-triage-360")
    primary(page)
    said(page, "已记下：分类登记")
    seen(page, "06-worker-sorted-360")


def _the_supervisor_gets_a_link_of_their_own(open_page: Opener, leader: Page, life: Life) -> None:
    leader.goto(f"/desk/matters/{life.matter}/")
    leader.get_by_role("link", name="监督链接").click()
    expect(leader.get_by_role("heading", level=1)).to_have_text("安立新，请您监督这件事")
    press(leader, "出示给安立新的链接")
    seen(leader, "20-slip-1440")
    life.slip = leader.url
    life.links["supervisor"] = leader.locator(".paper a").inner_text()
    resident = open_page(PHONE, javascript=False)
    resident.goto(life.links["supervisor"])
    expect(resident.get_by_text("正在办理").first).to_be_visible()
    seen(resident, "21-supervisor-360", axe=False)


def _the_lead_acts_and_asks_for_more_time(open_page: Opener, life: Life) -> None:
    page = open_page(PHONE, "liangwei")
    seen(page, "22-lead-todo-360")
    from_todo(page, TITLE, "finish")
    assert page.get_by_role("link", name="监督链接").count() == 0
    answer = page.goto(life.slip)
    assert answer is not None
    assert answer.status == 403
    seen(page, "23-lead-refused-360")
    page.goto(f"/desk/matters/{life.matter}/?do=measure#do")
    page.get_by_role("textbox", name="措施").fill("凿掉空鼓的垫层，支模浇筑，养护三天。")
    page.get_by_label("处理前的照片").set_input_files(picture("前.jpg", "#7c6f64"))
    page.get_by_label("处理后的照片").set_input_files(picture("后.jpg", "#a3b18a"))
    seen(page, "24-measure-360")
    primary(page)
    said(page, "已记下：记录措施")
    expect(page.locator(".evidence img")).to_have_count(3)  # at the scene, before, after
    page.goto(f"/desk/matters/{life.matter}/?do=extend#do")
    page.get_by_role("textbox", name="理由").fill("连着下雨，混凝土没有干透，多等几天。")
    seen(page, "25-extend-360")
    primary(page)
    said(page, "已记下：申请延期")


def _the_secretary_consents(open_page: Opener, life: Life) -> None:
    page = open_page(DESK, "shuji")
    from_todo(page, TITLE, "extend.grant")
    expect(page.locator("#do")).to_contain_text("连着下雨")
    seen(page, "26-consent-1440")
    primary(page)
    expect(page.get_by_text("延期 1 次").first).to_be_visible()


def _the_lead_reports_it_done_but_cannot_sign_it_off(open_page: Opener, life: Life) -> None:
    page = open_page(PHONE, "liangwei")
    from_todo(page, TITLE, "finish")
    page.get_by_role("textbox", name="答复").fill("台阶已重新浇筑，装了扶手。")
    page.get_by_label("处理后的照片").set_input_files(picture("好.jpg", "#a3b18a"))
    primary(page)
    said(page, "已记下：报告已办好")
    page.get_by_text("由别人来做的").click()
    refused = page.locator("li").filter(has=page.locator("[aria-disabled]", has_text="验收通过"))
    expect(refused.locator(".why-not").first).to_be_visible()
    seen(page, "27-lead-cannot-sign-360")


def _the_supervisor_signs_off(open_page: Opener, life: Life) -> None:
    page = open_page(PHONE, javascript=False)
    page.goto(life.links["supervisor"])
    seen(page, "28-sign-off-360", axe=False)
    press(page, "验收通过")
    said(page, "已记下：验收通过")


def _the_reporter_says_it_is_not_solved(open_page: Opener, life: Life) -> None:
    page = open_page(PHONE, javascript=False)
    page.goto(life.links["reporter"])
    seen(page, "29-asked-360", axe=False)
    page.locator("#act-deny summary").click()
    press(page, "没有解决")  # without a reason: told what is missing
    expect(page.get_by_text("请写明理由")).to_be_visible()
    page.locator("#act-deny").get_by_label("说明").fill("扶手松的，一拉就晃。")
    press(page, "没有解决")
    said(page, "已记下：没有解决")
    seen(page, "30-denied-360", axe=False)


def _the_lead_mends_it(open_page: Opener, life: Life) -> None:
    page = open_page(PHONE, "liangwei")
    from_todo(page, TITLE, "finish")
    expect(page.locator(".timeline")).to_contain_text("扶手松的")
    page.get_by_role("textbox", name="答复").fill("扶手换成膨胀螺栓固定，拉过没有晃动。")
    primary(page)
    said(page, "已记下：报告已办好")


def _the_reporter_confirms(open_page: Opener, life: Life) -> None:
    page = open_page(PHONE)
    page.goto(life.links["reporter"])
    page.locator("#act-confirm").get_by_label("满意", exact=True).check()
    seen(page, "31-confirm-360")
    press(page, "确认已解决")
    expect(page.locator(".badge--settled").get_by_text("已解决")).to_be_visible()
    seen(page, "32-settled-360")


def _the_record_tells_it_all(open_page: Opener, life: Life) -> None:
    page = open_page(DESK, "shuji")
    page.goto(f"/desk/matters/{life.matter}/")
    lines = page.locator(".timeline > li")
    for words in (
        "反映",
        "分类登记",
        "登记网格会议结果",
        "记录措施",
        "申请延期",
        "报告已办好",
        "验收通过",
        "没有解决",
        "确认已解决",
    ):
        expect(lines.filter(has_text=words).first).to_be_visible()
    seen(page, "33-record-1440")
    page.goto("/desk/ledger/?state=closed")
    expect(page.locator("tr").filter(has_text=TITLE)).to_contain_text("实质办结")
    seen(page, "34-ledger-1440")


def _the_reporter_reopens_it(open_page: Opener, life: Life) -> None:
    page = open_page(PHONE, javascript=False)
    page.goto(life.links["reporter"])
    page.locator("#act-reopen summary").click()
    page.locator("#act-reopen").get_by_label("说明").fill("雨后台阶边上又裂了一条缝。")
    press(page, "要求重新办理")
    said(page, "已记下：要求重新办理")
    expect(page.get_by_text("正在办理").first).to_be_visible()
    lead = open_page(PHONE, "liangwei")
    from_todo(lead, TITLE, "finish")
