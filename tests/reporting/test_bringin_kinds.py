"""Old ledgers of any method: a schedule of projects and a list of hazards go in as what they are, not as problems."""

from __future__ import annotations

import importlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from bihuan.cli import cli
from bihuan.kernel.api import BadInput, clock, new_id
from bihuan.kernel.verify import verify
from bihuan.matters.api import advance
from bihuan.matters.models import Matter
from bihuan.matters.replay import check_all
from bihuan.methods.api import install_library
from bihuan.people.api import SYSTEM, Actor, actor_of
from bihuan.people.models import Person, Post
from bihuan.reporting.bringin import runs
from bihuan.reporting.bringin.values import amount, yes_no
from bihuan.reporting.models import ImportLayout
from tests.reporting.test_bringin import HEADS, ROWS, sheet, started
from tests.web.desk import seed

importlib.import_module("bihuan.cli.territory")  # says what commands there are

PROJECTS, HAZARDS, OWN = "xiangmu-diaodu", "yinhuan-liuding", "yiwang-sanbu-wuqin"
SCHEDULE = ["序号", "项目名称", "建设单位", "建设内容及规模", "总投资（亿元）", "年度计划投资（万元）", "累计完成",
            "占年计划%", "开工时间", "形象进度", "存在问题", "责任人"]  # fmt: skip
UNDER_WAY: list[list[Any]] = [
    [1, "数字文创基地", "文创公司", "改造旧厂房 3 万平方米", 6, "20,000.5", 8000.25, "40%", "2023.9.1", "主体封顶",
     "资金没有到位", "汤文博"],
    [2, "冷链物流园", "物流公司", "新建冷库两座", "1.2亿元", "约3000万元", "—", "", "", "正在做前期", "", ""],
]  # fmt: skip
FOUND = ["序号", "排查日期", "部位", "隐患描述", "隐患级别", "整改措施", "资金来源", "责任人", "复查意见", "销号日期"]
HAZARD_ROWS: list[list[Any]] = [
    [1, "2023-11-02", "12号楼", "楼道堆放杂物", "一般隐患", "清理杂物", "不需要", "牛海波", "已清理", "2023-11-06"],
    [2, "2024-03-20", "3号楼", "配电箱没有锁", "重大隐患", "换锁", "物业费", "牛海波", "", ""],
]  # fmt: skip


@pytest.fixture
def town(db: None) -> Any:
    with clock.at(seed.NOON):
        town = seed.make_town()
        install_library(actor=SYSTEM, area_code="410802", keys=[PROJECTS, HAZARDS])
        yield town


def projects(rows: list[list[Any]] | None = None) -> bytes:
    return sheet(rows or UNDER_WAY, SCHEDULE, title="2024年重点项目调度表")


def officials() -> tuple[Actor, ...]:
    found = []
    for name in ("汤文博", "范子衡", "尹若水"):
        person = Person.objects.create(id=new_id(), name=name, created_at=clock.now())
        Post.objects.create(person=person, role_id="district_staff", area_code="410802", since=date(2023, 12, 1))
        found.append(actor_of(person))
    return tuple(found)


def test_a_schedule_of_projects_goes_in_as_projects_with_what_was_done_before(town: seed.Town) -> None:
    actor = town.actor("secretary")
    run = started(town, projects(), "项目调度表.xlsx")
    looked = runs.look(actor, run.pk)
    assert looked.kind.key == PROJECTS, "by its headings"
    assert list(looked.fields.values()) == [
        "order", "title", "field:builder", "text", "field:total_investment", "field:year_plan", "field:year_done",
        "keep", "field:started_on", "field:progress", "field:problem", "keep",
    ]  # fmt: skip
    tried = runs.check(actor, looked)
    assert (tried.added, tried.problems) == (2, ())
    assert not Matter.objects.exists()
    runs.bring_in(actor=actor, run_id=run.pk)
    first, second = Matter.objects.order_by("number")
    assert (first.title, first.state_json["step"]) == ("数字文创基地", "entered")
    given = first.state_json["fields"]
    assert (given["total_investment"], given["year_plan"], given["year_done"]) == (60000, 20000.5, 8000.25)
    assert given["started_on"] == "2023-09-01"
    assert "存在问题：资金没有到位" in first.text, "what is reported month by month is told, not lost"
    assert "责任人：汤文博" in first.text
    assert (second.state_json["fields"]["total_investment"], second.state_json["fields"]["year_plan"]) == (12000, 3000)
    assert "year_done" not in second.state_json["fields"]
    assert list(check_all()) == []
    assert verify().ok


def test_running_totals_go_on_from_the_number_brought_in(town: seed.Town) -> None:
    run = started(town, projects(), "项目调度表.xlsx")
    runs.bring_in(actor=town.actor("secretary"), run_id=run.pk)
    lead, patron, inspector = officials()
    matter = Matter.objects.get(title="数字文创基地")

    def do(action: str, **data: Any) -> None:
        advance(actor=lead, matter_id=matter.pk, action=action, data=data, entry_id=new_id())

    parties = {"unit_lead": [lead], "patron": [patron], "inspector": [inspector]}
    named = {role: [str(one.person_id) for one in people] for role, people in parties.items()}
    do("take_up", year_plan=20000.5, total_investment=60000, parties=named)
    do("monthly", month_done=0.3, progress="砌墙", needs_help=False)
    matter.refresh_from_db()
    assert matter.state_json["fields"]["year_done"] == 8000.55
    assert matter.state_json["fields"]["all_done"] == 0.3, "nobody said what was done since the start"


def test_the_same_schedule_twice_adds_nothing_and_a_bad_cell_keeps_it_all_out(town: seed.Town) -> None:
    actor = town.actor("secretary")
    bad = [
        [3, "污水管网", "市政公司", "管网三公里", "很多", "", "", "", "", "", "", ""],
        [4, "停车场", "城投公司", "车位三百个", "1", "", "", "", "去年", "", "", ""],
        [5, "", "城投公司", "", "1", "", "", "", "", "", "", ""],
        [6, "学校", "教体局", "教学楼", -3, "", "", "", "", "", "", ""],
    ]
    brought = runs.bring_in(actor=actor, run_id=started(town, projects([*UNDER_WAY, *bad])).pk)
    assert brought.stops
    assert not Matter.objects.exists()
    stopping = [(one.line, one.column) for one in brought.problems if one.stops]
    assert stopping == [(6, "总投资（亿元）"), (7, "开工时间"), (8, "建设内容及规模"), (9, "总投资（亿元）")]
    for added, already in ((2, 0), (0, 2)):
        again = runs.bring_in(actor=actor, run_id=started(town, projects()).pk)
        assert (again.added, again.already, again.stops) == (added, already, False)
    assert Matter.objects.count() == 2


def test_a_list_of_hazards_goes_in_as_hazards_settled_ones_with_their_fields(town: seed.Town) -> None:
    actor = town.actor("secretary")
    run = started(town, sheet(HAZARD_ROWS, FOUND, title="隐患排查台账"), "隐患.xlsx")
    looked = runs.look(actor, run.pk)
    assert looked.kind.key == HAZARDS
    assert not runs.check(actor, looked).stops
    runs.bring_in(actor=actor, run_id=run.pk)
    settled, open_ = Matter.objects.order_by("created_at")
    assert (settled.is_open, settled.state_json["outcome"]) == (False, "mended")
    assert settled.state_json["fields"]["grade"] == "minor"
    assert settled.area_code == seed.building(12)
    assert open_.state_json["step"] == "found"
    assert "隐患级别：重大隐患" in open_.text, "an open one is checked and graded here"
    assert "整改措施：换锁" in open_.text or "措施：换锁" in open_.text
    assert list(check_all()) == []


def test_an_ordinary_ledger_stays_one_of_residents_problems(town: seed.Town) -> None:
    looked = runs.look(town.actor("secretary"), started(town, sheet(ROWS)).pk)
    assert looked.kind.key == OWN
    assert list(looked.kinds)[0] == OWN


def test_the_method_is_chosen_by_hand_remembered_and_asked_for_by_name(town: seed.Town) -> None:
    actor = town.actor("secretary")
    looked = runs.look(actor, started(town, sheet(ROWS)).pk)
    with pytest.raises(BadInput, match="method"):
        runs.choose(actor=actor, run_id=looked.run.pk, table=looked.source.index, columns={}, method="nichts")
    chosen = runs.choose(
        actor=actor, run_id=looked.run.pk, table=looked.source.index, columns={6: "text"}, method=HAZARDS
    )
    assert chosen.kind.key == HAZARDS
    assert "field:grade" in dict(chosen.choices)
    assert ImportLayout.objects.get().columns_json["method"] == HAZARDS
    again = runs.look(actor, started(town, sheet(ROWS[:1])).pk)
    assert (again.kind.key, again.remembered) == (HAZARDS, True)
    own = runs.choose(actor=actor, run_id=again.run.pk, table=again.source.index, columns={}, method=OWN)
    assert own.kind.key == OWN, "what is said now goes before what is remembered"


def test_who_may_not_enter_projects_is_not_offered_them(town: seed.Town) -> None:
    person = town.people["cadre"]
    assert PROJECTS not in runs.kinds_of(actor_of(person), seed.COMMUNITY)
    assert HAZARDS in runs.kinds_of(actor_of(person), seed.COMMUNITY)


def test_the_command_takes_the_method(town: seed.Town, tmp_path: Path) -> None:
    file = tmp_path / "旧表.xlsx"
    file.write_bytes(sheet(ROWS, HEADS))
    arguments = ["import", "ledger", str(file), "--area", seed.COMMUNITY, "--as", "secretary", "--json"]
    result = CliRunner().invoke(cli, [*arguments, "--method", HAZARDS, "--dry-run"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["method"] == HAZARDS
    wrong = CliRunner().invoke(cli, [*arguments, "--method", "nichts"])
    assert wrong.exit_code == 1
    assert PROJECTS in wrong.output


@pytest.mark.parametrize(
    ("text", "unit", "wanted", "expected"),
    [
        ("1,250.5", "", "", 1250.5),
        ("３０００", "万元", "万元", 3000),
        ("1.2亿元", "万元", "万元", 12000),
        ("6", "亿元", "万元", 60000),
        ("500元", "", "万元", 0.05),
        ("约 20 万", "", "元", 200000),
        ("12,34", "", "", None),
        ("40%", "", "", None),
        ("3万元", "", "", None),
        ("三百", "", "", None),
    ],
)
def test_amounts_are_read_in_the_unit_asked_for(text: str, unit: str, wanted: str, expected: float | None) -> None:
    assert amount(text, unit, wanted) == expected


def test_yes_and_no_are_read_and_nothing_else() -> None:
    assert [yes_no(text) for text in ("是", "×", " 有 ", "也许", "")] == [True, False, True, None, None]


def test_page_and_interface_show_the_methods_and_take_another(town: seed.Town) -> None:
    client = Client()
    client.force_login(town.users["secretary"])
    run = started(town, projects(), "项目调度表.xlsx")
    html = client.get(f"/desk/bring-in/{run.pk}/").content.decode()
    assert f'<option value="{PROJECTS}" selected>' in html
    assert '<option value="field:builder" selected>' in html
    told = client.get(f"/api/v1/bring-in/{run.pk}").json()
    assert (told["method"], told["tried"]["added"]) == (PROJECTS, 2)
    assert {one["key"] for one in told["methods"]} >= {OWN, PROJECTS, HAZARDS}
    client.post(f"/desk/bring-in/{run.pk}/", {"act": "choose", "table": told["tables"][0]["index"], "method": HAZARDS})
    assert client.get(f"/api/v1/bring-in/{run.pk}").json()["method"] == HAZARDS
    chosen = {"table": told["tables"][0]["index"], "method": PROJECTS}
    again = client.post(f"/api/v1/bring-in/{run.pk}/columns", json.dumps(chosen), content_type="application/json")
    assert (again.status_code, again.json()["method"]) == (200, PROJECTS)
    wrong = client.post(
        f"/api/v1/bring-in/{run.pk}/columns",
        json.dumps({**chosen, "method": "nichts"}),
        content_type="application/json",
    )
    assert wrong.status_code == 422
    assert client.post(f"/desk/bring-in/{run.pk}/", {"act": "bring_in"}).status_code == 302
    assert Matter.objects.filter(version_ref__key=PROJECTS).count() == 2
