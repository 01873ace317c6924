"""Importing people and posts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.cli import cli, territory  # noqa: F401 - registers the commands
from bihuan.kernel.models import Entry
from bihuan.people.api import SYSTEM, actor_of, import_people, record_person
from bihuan.people.models import Person, Post

pytestmark = pytest.mark.django_db
HEAD = "姓名*,岗位*,区域编码*,手机,单位,任职日期,任期至\n"
GOOD = (
    HEAD + f"赵某,网格员,{COMMUNITY}001,13800138001,电建社区居委会,2024年1月1日,\n"
    f"赵某,网格长,{COMMUNITY},13800138001,,2024-01-01,2026/12/31\n"
    f"钱某,警务人员,{COMMUNITY},,,45292,\n"
)


@pytest.fixture(autouse=True)
def _district() -> None:
    load_sample()


def _import(text: str, *, dry_run: bool = False, actor=SYSTEM):
    return import_people(actor=actor, data=text.encode(), filename="人员.csv", dry_run=dry_run)


def test_people_with_several_posts_come_in_once_and_the_same_file_again_changes_nothing() -> None:
    assert _import(GOOD, dry_run=True).problems == ()
    assert Person.objects.count() == 0
    report = _import(GOOD)
    assert report.applied
    assert len(report.created) == 3
    zhao = Person.objects.get(name="赵某")
    assert actor_of(zhao).roles_in(f"{COMMUNITY}001") == {"grid_worker", "grid_leader"}
    assert Post.objects.get(role_id="police").since.isoformat() == "2024-01-01"
    before = Entry.objects.count()
    again = _import(GOOD)
    assert (again.created, again.unchanged) == ((), 3)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (f",网格员,{COMMUNITY},,,,", "姓名*", "1 到 40 个字"),
        (f"孙某,皇帝,{COMMUNITY},,,,", "岗位*", "没有这个岗位"),
        ("孙某,网格员,410802009999,,,,", "区域编码*", "没有编码"),
        (f"孙某,网格员,{COMMUNITY},1380013,,,", "手机", "不是有效的手机号"),
        (f"孙某,网格员,{COMMUNITY},13800138001,,,", "手机", "手机号相同而姓名不同"),
        (f"孙某,网格员,{COMMUNITY},,,四月,", "任职日期", "不是日期"),
        (f"孙某,网格员,{COMMUNITY},,,2024-02-30,", "任职日期", "不是日期"),
        (f"孙某,网格员,{COMMUNITY},,,2024-02-03,2023-01-01", "任期至", "早于起日"),
        (f"钱某,police,{COMMUNITY},,,,", "姓名*", "与第 4 行重复"),
    ],
)
def test_each_bad_row_is_told_and_nothing_is_kept(row: str, column: str, why: str) -> None:
    report = _import(GOOD + row + "\n")
    assert [(p.line, p.column) for p in report.problems] == [(5, column)]
    assert why in report.problems[0].why
    assert "13800138001" not in json.dumps(report.as_dict()["problems"])
    assert Person.objects.count() == 0


def test_a_number_registered_under_another_name_is_told_without_saying_whose() -> None:
    record_person(actor=SYSTEM, name="周某", role="resident", area_code=COMMUNITY, phone="13800138001")
    report = _import(GOOD)
    assert {p.line for p in report.problems} == {2, 3}
    assert "周某" not in json.dumps(report.as_dict(), ensure_ascii=False)
    assert Person.objects.count() == 1


def test_one_imports_only_into_ones_own_area_and_not_oneself() -> None:
    person = record_person(actor=SYSTEM, name="吴某", role="secretary", area_code=COMMUNITY, phone="13800138009")
    actor = actor_of(person)
    report = _import(HEAD + "郑某,网格员,410802005001,,,,\n", actor=actor)
    assert "管理范围" in report.problems[0].why
    report = _import(HEAD + f"吴某,街道干部,{COMMUNITY},13800138009,,,\n", actor=actor)
    assert "自己的岗位" in report.problems[0].why
    assert _import(HEAD + f"郑某,网格员,{COMMUNITY}002,,,,\n", actor=actor).applied


def test_the_command_prints_each_bad_row_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "人员.csv"
    file.write_text(GOOD + f"孙某,皇帝,{COMMUNITY},,,,\n")
    result = CliRunner().invoke(cli, ["import", "people", str(file)])
    assert result.exit_code == 1
    assert "第 5 行" in result.output
    file.write_text(GOOD)
    dry = CliRunner().invoke(cli, ["import", "people", str(file), "--dry-run", "--json"])
    assert dry.exit_code == 0
    assert json.loads(dry.output)["rows"] == 3
    assert Person.objects.count() == 0
    assert CliRunner().invoke(cli, ["import", "people", str(file)]).exit_code == 0
    assert Person.objects.count() == 2


def test_the_command_for_areas_reads_a_file_or_says_why_not(tmp_path: Path) -> None:
    file = tmp_path / "区域.csv"
    file.write_text(f"编码,名称\n{COMMUNITY}049,49号楼\n")
    assert "新增 1" in CliRunner().invoke(cli, ["import", "areas", str(file)]).output
    file.write_text("no table")
    result = CliRunner().invoke(cli, ["import", "areas", str(file), "--json"])
    assert result.exit_code == 1
    assert "标题行" in json.loads(result.output)["problems"][0]["why"]
