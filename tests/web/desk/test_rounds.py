"""What the rounds cover: the map and the list say the same, what was never visited stands out, nobody is counted."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from bihuan.fieldwork import api as fieldwork
from bihuan.kernel.api import clock, new_id
from tests.web.counting import counted, hold

from . import seed
from .conftest import SignedIn

METHOD = "yiwang-sanbu-wuqin"
PATROL = f"round={METHOD}:patrol"
ALL = ({"role": "property", "name": "牛海波", "person": ""}, {"role": "police", "name": "雷涛", "person": ""})


def patrol(town: seed.Town, number: int, at: datetime | None = None, **more: Any) -> Any:
    """Let the grid worker go round a building together with those who must come along."""
    given = {"round": "patrol", "method_key": METHOD, "together": ALL, **more}
    return fieldwork.record_visit(
        actor=town.actor("worker"),
        id=new_id(),
        area_code=seed.building(number),
        happened_at=at or clock.now() - timedelta(hours=1),
        **given,
    )


def found(town: seed.Town, number: int, text: str, item: str = "facilities") -> Any:
    """Let the grid worker find something on the round."""
    visit = patrol(town, number, result="found", checklist={item: "bad"})
    return fieldwork.record_finding(
        actor=town.actor("worker"), id=new_id(), visit_id=visit.visit_id, text=text, item=item
    )


def test_every_micro_grid_is_a_shape_and_a_line_in_the_same_order(as_: SignedIn) -> None:
    page = as_("secretary").get(f"/desk/rounds/?{PATROL}").content.decode()
    drawn = re.findall(r'class="area-shape cover-shape[^>]*data-code="(\d+)"', page)
    listed = re.findall(r'<tr id="t-\d+" data-code="(\d+)"', page)
    assert drawn == listed
    assert sorted(listed) == [seed.building(number) for number in range(1, 49)]


def test_what_was_never_visited_stands_out_by_word_and_shape(town: seed.Town, as_: SignedIn) -> None:
    assert patrol(town, 12).counted
    page = as_("secretary").get(f"/desk/rounds/?{PATROL}").content.decode()
    assert page.count('class="area-shape cover-shape cover-shape--never"') == 47
    assert 'aria-label="12号楼：已到"' in page
    assert 'aria-label="13号楼：从未去过"' in page
    assert page.count('fill="url(#cover-hatch)"') == 47 + 1  # and the legend's
    row = page[page.index(f'id="t-{seed.building(12)}"') :]
    assert "已到" in row[: row.index("</tr>")]


def test_a_place_covered_in_an_earlier_window_is_due_and_not_new(town: seed.Town, as_: SignedIn) -> None:
    patrol(town, 12, seed.NOON - timedelta(days=7))
    page = as_("secretary").get(f"/desk/rounds/?{PATROL}").content.decode()
    assert 'aria-label="12号楼：待去"' in page


def test_no_person_and_no_count_of_one_is_on_the_page(town: seed.Town, as_: SignedIn) -> None:
    patrol(town, 12)
    for address in (f"/desk/rounds/?{PATROL}", "/desk/rounds/findings/"):
        page = as_("street").get(address + f"{'&' if '?' in address else '?'}community={seed.COMMUNITY}")
        assert page.status_code == 200
        for name in ("史军", "牛海波", "雷涛"):
            assert name not in page.content.decode()


def test_who_may_not_read_diaries_gets_no_link_to_a_visit(town: seed.Town, as_: SignedIn) -> None:
    visit = patrol(town, 12)
    assert f"/desk/visits/{visit.visit_id}/" in as_("secretary").get(f"/desk/rounds/?{PATROL}").content.decode()
    assert f"/desk/visits/{visit.visit_id}/" not in as_("property").get(f"/desk/rounds/?{PATROL}").content.decode()


@pytest.mark.parametrize("key", ["resident", "admin"])
def test_who_goes_on_no_rounds_is_refused(as_: SignedIn, key: str) -> None:
    for address in ("/desk/rounds/", "/desk/rounds/findings/", "/desk/rounds/sheet/"):
        assert as_(key).get(address).status_code == 403


@pytest.mark.parametrize(
    "query", ["community=410802006001", "round=nothing:here", "round=x", f"community={seed.COMMUNITY}&round=a:b"]
)
def test_what_is_not_there_is_not_found(as_: SignedIn, query: str) -> None:
    assert as_("secretary").get(f"/desk/rounds/?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["since=x", "since=2024-13-40", "since=2024-04-03&until=2024-01-01", "level=९", "level=99"]
)
def test_an_odd_period_or_level_is_told_or_dropped(as_: SignedIn, query: str) -> None:
    assert as_("secretary").get(f"/desk/rounds/?{PATROL}&{query}").status_code == 200


def test_a_grid_worker_sees_their_own_buildings(as_: SignedIn) -> None:
    page = as_("worker").get(f"/desk/rounds/?{PATROL}")
    assert page.status_code == 200
    assert "12号楼：从未去过" in page.content.decode()
    assert "44号楼：" not in page.content.decode()


def test_nobody_is_led_to_a_page_that_refuses_them(as_: SignedIn) -> None:
    for key in ("worker", "property", "leader", "secretary"):
        page = as_(key).get(f"/desk/rounds/?{PATROL}").content.decode()
        for address in re.findall(r'href="(/desk/(?:rounds|places|visits)/[^"#]*)"', page):
            assert as_(key).get(address.replace("&amp;", "&")).status_code == 200, (key, address)


def test_the_blank_sheet_has_every_place_and_every_item(as_: SignedIn) -> None:
    page = as_("secretary").get(f"/desk/rounds/sheet/?{PATROL}").content.decode()
    assert page.count('<th scope="row">') == 48 + 2
    for words in ("楼道、消防通道畅通", "路灯、门禁等设施完好", "录入时间", "走访人"):
        assert words in page


def test_findings_are_told_by_kind_place_and_week(town: seed.Town, as_: SignedIn) -> None:
    found(town, 12, "三单元灯不亮。")
    page = as_("secretary").get("/desk/rounds/findings/").content.decode()
    for words in ("公共设施", "12号楼", "不止一次发现的"):
        assert words in page
    assert "零报告" not in page


def test_nothing_found_is_a_zero_report(town: seed.Town, as_: SignedIn) -> None:
    patrol(town, 12)
    assert "零报告也是好报告" in as_("secretary").get("/desk/rounds/findings/").content.decode()


def test_what_was_found_twice_leads_to_its_matter(town: seed.Town, as_: SignedIn) -> None:
    first = found(town, 12, "三单元灯不亮。")
    with clock.at(seed.NOON + timedelta(days=7)):
        visit = patrol(town, 12, result="found")
        fieldwork.record_finding(
            actor=town.actor("worker"), id=new_id(), visit_id=visit.visit_id, text="灯还是不亮。", join=first.matter_id
        )
        page = as_("secretary").get("/desk/rounds/findings/").content.decode()
    assert f"/desk/matters/{first.matter_id}/" in page
    assert "发现 2 次" in page


def test_the_matter_says_which_visit_found_it_to_whom_may_read_it(town: seed.Town, as_: SignedIn) -> None:
    made = found(town, 12, "三单元灯不亮。")
    address = f"/desk/matters/{made.matter_id}/"
    shown = as_("secretary").get(address).content.decode()
    assert "由走访发现" in shown
    assert re.search(r'href="/desk/visits/[0-9a-f-]{36}/"', shown)
    police = as_("police").get(address).content.decode()
    assert "由走访发现" not in police


def test_the_pages_speak_english(town: seed.Town, as_: SignedIn) -> None:
    found(town, 12, "三单元灯不亮。")
    client = as_("secretary", "en")
    for address in (f"/desk/rounds/?{PATROL}", "/desk/rounds/findings/", f"/desk/rounds/sheet/?{PATROL}"):
        page = client.get(address).content.decode()
        for words in ("巡访", "本期", "地点", "发现"):
            assert words not in page, (address, words)


def test_the_pages_take_few_statements(town: seed.Town, as_: SignedIn) -> None:
    found(town, 12, "三单元灯不亮。")
    client = as_("secretary")
    for name, address in (
        ("desk:rounds", f"/desk/rounds/?{PATROL}"),
        ("desk:round_findings", "/desk/rounds/findings/"),
        ("desk:round_sheet", f"/desk/rounds/sheet/?{PATROL}"),
    ):
        answer, count = counted(client, address)
        assert answer.status_code == 200
        hold(name, count)
