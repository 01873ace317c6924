"""Key projects by definition alone: entered on the page, reported each month, read in the schedule and the figures."""

from __future__ import annotations

import io
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.api import clock, new_id
from bihuan.matters.api import advance
from bihuan.matters.models import Matter
from bihuan.methods.api import install_library
from bihuan.people.api import SYSTEM, Actor, actor_of
from bihuan.people.models import Organisation, Person, Post
from bihuan.reporting.api import check_figures, figures, open_register, register_lines

from . import seed
from .conftest import SignedIn
from .test_registers import body

METHOD = "xiangmu-diaodu"
GIVEN = {
    "method": METHOD,
    "channel": "paper",
    "place": "12",
    "text": "改造旧厂房 3 万平方米。",
    "happened_at": "2024-04-03T09:30",
    "f_title": "数字文创基地",
    "f_total_investment": "60000.5",
    "f_builder": "文创公司",
    "then": "open",
}


@pytest.fixture
def office(town: seed.Town) -> dict[str, Actor]:
    """The district's people for projects, and the method in use."""
    install_library(actor=SYSTEM, area_code="410802", keys=[METHOD])
    bureau = Organisation.objects.create(name="区住建局", kind="office", area_code="410802")
    found = {"street": town.actor("street")}
    for key, name in (("works", "汤文博"), ("patron", "范子衡"), ("inspector", "尹若水")):
        person = Person.objects.create(id=new_id(), name=name, created_at=clock.now(), organisation=bureau)
        Post.objects.create(person=person, role_id="district_staff", area_code="410802", since=date(2023, 12, 1))
        found[key] = actor_of(person)
    return found


def enter(client: Any, **given: Any) -> Any:
    return client.post("/desk/record/", {"entry_id": str(new_id()), **GIVEN, **given})


def do(actor: Actor, matter: UUID, action: str, **data: Any) -> None:
    advance(actor=actor, matter_id=matter, action=action, data=data, entry_id=new_id())


def under_way(as_: SignedIn, office: dict[str, Actor]) -> UUID:
    """Enter a project and let two months be reported, the second with a problem that needs help."""
    assert enter(as_("street")).status_code == 302
    matter = Matter.objects.get().pk
    named = {
        role: [str(office[key].person_id)]
        for role, key in (("unit_lead", "works"), ("patron", "patron"), ("inspector", "inspector"))
    }
    do(office["patron"], matter, "take_up", year_plan=24000.8, total_investment=60000.5, parties=named)
    do(office["works"], matter, "start", started_on="2024-04-03", until="2025-06-30")
    do(office["works"], matter, "monthly", month_done=0.1, progress="基础", needs_help=False, problem="缺料")
    later = {"needs_help": True, "to_coordinate": "请供电部门迁改线路"}
    do(office["works"], matter, "monthly", month_done=10848.2, progress="主体", **later)
    return matter


def line(office: dict[str, Actor]) -> dict[str, Any]:
    opened = open_register(office["patron"], "projects", "410802")
    rows = register_lines(office["patron"], opened).rows
    return dict(zip(opened.titles(), rows[0].cells, strict=True))


def test_an_office_enters_a_project_on_the_page_and_nobody_is_its_reporter(
    as_: SignedIn, office: dict[str, Actor]
) -> None:
    client = as_("street")
    plain = client.get("/desk/record/").content.decode()
    assert f"?method={METHOD}" in plain
    assert "反映人电话" in plain
    page = client.get(f"/desk/record/?method={METHOD}").content.decode()
    assert "建设内容及规模" in page
    assert "总投资（万元）" in page
    assert "反映人电话" not in page
    assert enter(client).status_code == 302
    matter = Matter.objects.get()
    assert (matter.version_ref.key, matter.title) == (METHOD, "数字文创基地")
    assert matter.state_json["fields"]["total_investment"] == 60000.5
    assert enter(client, f_title="").status_code == 422, "a project has a name of its own"


def test_who_may_not_enter_a_project_is_not_offered_it(as_: SignedIn, office: dict[str, Actor]) -> None:
    client = as_("worker")
    assert METHOD not in client.get("/desk/record/").content.decode()
    assert "反映人电话" in client.get(f"/desk/record/?method={METHOD}").content.decode(), "the own method's form"
    enter(client)
    assert not Matter.objects.filter(version_ref__key=METHOD).exists()


def test_the_schedule_takes_the_month_from_the_last_report_and_adds_up_the_rest(
    as_: SignedIn, office: dict[str, Actor]
) -> None:
    under_way(as_, office)
    row = line(office)
    assert (row["总投资"], row["年度计划投资"], row["本月完成"]) == (60000.5, 24000.8, 10848.2)
    assert row["累计完成"] == 10848.3, "added up as on paper"
    assert row["占年计划%"] == Fraction("10848.3") / Fraction("24000.8")
    assert str(row["占年计划%"]) == "45.2%"
    assert row["开工时间"] == date(2024, 4, 3)
    assert row["存在问题"] == "", "last month's problem is not this month's"
    assert row["需协调事项"] == "请供电部门迁改线路"
    assert (row["责任单位"], row["责任人"], row["分包领导"]) == ("区住建局", "汤文博", "范子衡")
    assert (row["建设单位"], row["形象进度"]) == ("文创公司", "主体")


def test_a_project_has_its_lead_in_the_registers_of_all_methods(as_: SignedIn, office: dict[str, Actor]) -> None:
    under_way(as_, office)
    opened = open_register(office["patron"], "supervision", "410802")
    row = dict(zip(opened.titles(), register_lines(office["patron"], opened).rows[0].cells, strict=True))
    assert (row["牵头"], row["配合"]) == ("汤文博", "范子衡")
    opened = open_register(office["patron"], "rectification", "410802")
    row = dict(zip(opened.titles(), register_lines(office["patron"], opened).rows[0].cells, strict=True))
    assert (row["牵头领导"], row["责任单位"], row["责任人"]) == ("范子衡", "区住建局", "汤文博")


def test_the_schedule_goes_out_with_numbers_that_excel_can_add_and_percent(
    as_: SignedIn, office: dict[str, Actor]
) -> None:
    under_way(as_, office)
    client = as_("street")
    shown = client.get("/desk/registers/projects/").content.decode()
    assert "45.2%" in shown
    assert body(client.get("/desk/registers/projects/export.csv")).decode().count("45.2%") == 1
    sheet = openpyxl.load_workbook(io.BytesIO(body(client.get("/desk/registers/projects/export.xlsx")))).active
    assert sheet is not None
    heads = [str(cell.value).lstrip("*") for cell in sheet[5]]
    cells = dict(zip(heads, sheet[6], strict=True))
    assert (cells["占年计划%"].number_format, round(cells["占年计划%"].value, 6)) == ("0.0%", 0.451997)
    assert cells["累计完成"].value == 10848.3
    assert cells["开工时间"].is_date


def test_the_investment_is_a_figure_exact_to_the_yuan_and_its_rate_is_of_the_plan(
    as_: SignedIn, office: dict[str, Actor]
) -> None:
    under_way(as_, office)
    found = {one.key: one for one in figures(SYSTEM, "410802", 202404, 202404, None, "", METHOD)}
    assert found[f"{METHOD}:year_invested"].value == Fraction("10848.3")
    rate = found[f"{METHOD}:plan_rate"]
    assert rate.value == Fraction("10848.3") / Fraction("24000.8")
    assert (rate.numerator, rate.denominator) == (10848, 24001)
    assert check_figures().ok
    page = as_("street").get(f"/desk/figures/?area=410802004&method={METHOD}").content.decode()
    assert "10,848.3" in page


def test_a_call_for_help_that_nobody_answers_shows_a_red_card(as_: SignedIn, office: dict[str, Actor]) -> None:
    from bihuan.matters.api import tick_due

    matter = under_way(as_, office)
    with clock.at(clock.now() + timedelta(days=20)):
        tick_due()
        assert line(office)["红黄灯"] == "红牌"
        do(office["patron"], matter, "coordinate", coordinated="供电部门下周进场")
        assert line(office)["红黄灯"] == ""


def test_a_page_of_the_schedule_costs_the_same_however_many_projects(as_: SignedIn, office: dict[str, Actor]) -> None:
    client = as_("street")
    under_way(as_, office)
    with CaptureQueriesContext(connection) as one:
        line(office)
    for number in range(5):
        enter(client, f_title=f"项目{number}", checked="1")
    assert Matter.objects.filter(version_ref__key=METHOD).count() == 6
    with CaptureQueriesContext(connection) as six:
        line(office)
    assert len(six) <= len(one)
