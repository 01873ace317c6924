"""The method command: what it prints, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bihuan.cli import method as module
from bihuan.methods.models import MethodVersion

from .samples import LIBRARY, SMALL, small

DOCS = Path(__file__).parents[2] / "docs"
SLUG = LIBRARY / "yiwang_sanbu_wuqin"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(module.method_group, [str(argument) for argument in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_lint_is_silent_about_a_good_file_and_fails_on_a_bad_one(tmp_path: Path, file: Path) -> None:
    assert run("lint", file).exit_code == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text(small(("由: system", "由: robot")), encoding="utf-8")
    result = run("lint", file, bad)
    assert result.exit_code == 1
    assert "没有角色“robot”" in result.output
    assert "There is no role 'robot'" in run("lint", "--en", bad).output
    report = json.loads(run("lint", "--json", bad).output)
    assert report[0]["ok"] is False
    assert {"line", "path", "message", "message_en", "mend"} <= set(report[0]["problems"][0])


def test_warnings_fail_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "warn.yaml"
    path.write_text(small(("来源: 测试", "来源: 测试\n说明: 每人每月上报不少于 10 件")), encoding="utf-8")
    assert run("lint", path).exit_code == 0
    assert run("lint", "--strict", path).exit_code == 1


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gbk.yaml"
    path.write_bytes("工作法: x".encode("gbk"))
    result = run("lint", path)
    assert result.exit_code == 1
    assert "UTF-8" in result.output


def test_simulate_prints_the_path_and_fails_where_an_expectation_fails(tmp_path: Path) -> None:
    scenario = SLUG / "scenarios" / "路灯不亮-全过程.yaml"
    good = run("simulate", SLUG / "method.yaml", scenario)
    assert good.exit_code == 0, good.output
    assert "通过" in good.output
    assert "办理时限起算，2024-04-22 18:00 到期" in good.output
    bad = tmp_path / "bad.yaml"
    bad.write_text(scenario.read_text(encoding="utf-8").replace("环节: checking", "环节: settled"), encoding="utf-8")
    result = run("simulate", SLUG / "method.yaml", bad)
    assert result.exit_code == 1
    assert "应当是“settled”，实际是“checking”" in result.output
    data = json.loads(run("simulate", "--json", SLUG / "method.yaml", scenario).output)
    assert data["ok"] is True
    assert data["path"][:3] == ["recorded", "grid_agenda", "acting"]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("- {时间: 昨天, 谁: 甲, 做: report}", "看不懂"),
        ("- {谁: 甲, 做: report}", "要写时间"),
        ("- {时间: 2024-04-01, 谁: 甲, 做: report, 给: {text: x}}\n  - {时间: 2024-03-01}", "时间倒退"),
        ("- {时间: 2024-04-01, 谁: 甲, 做: report}", "请填写“情况”"),
        ("- {时间: 2024-04-01, 谁: 甲, 做: report, 给: {text: x}, 应当: {待办: {boss: [finish]}}}", "应有待办"),
        ("- {时间: 2024-04-01, 谁: 甲, 做: report, 给: {text: x}, 应当: {不准: [role]}}", "却做成了"),
        ("- {时间: 2024-04-01, 谁: 甲, 做: report, 给: {text: x}, 应当: {到期: {first: 停}}}", "时限“first”"),
        ("- {时刻: 2024-04-01}", "没有“时刻”"),
    ],
)
def test_a_scenario_says_what_is_wrong_with_it(tmp_path: Path, file: Path, act: str, said: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"场景: 试\n人物: {{甲: [resident]}}\n经过:\n  {act}\n", encoding="utf-8")
    result = run("simulate", file, path)
    assert result.exit_code == 1
    assert said in result.output


def test_show_draws_it(file: Path) -> None:
    assert run("show", file).output.startswith("flowchart TD")
    data = json.loads(run("show", "--json", "--en", file).output)
    assert [station["title"] for station in data] == ["New", "Doing", "Checking", "Done"]
    assert data[1]["limits"][0]["limit"] == "as given, otherwise 5 workdays"


def test_diff_says_what_changed(tmp_path: Path, file: Path) -> None:
    other = tmp_path / "b.yaml"
    other.write_text(
        small(
            ("限期: 3 天", "限期: 4 天"),
            ("  boss: {标题: {zh: 负责人, en: Boss}}", "  boss: {标题: {zh: 主任, en: Boss}}"),
        ),
        encoding="utf-8",
    )
    output = run("diff", file, other).output
    assert "负责人：标题 负责人 → 主任" in output
    assert "验收时限：限期 3 天 → 4 天" in output
    assert run("diff", file, file).output.strip() == "没有不同"


@pytest.mark.django_db
def test_install_publishes_in_an_area(file: Path, tmp_path: Path) -> None:
    result = run("install", file, "--area", "410802", "--reports")
    assert result.exit_code == 0, result.output
    assert MethodVersion.objects.get().state == "published"
    bad = tmp_path / "bad.yaml"
    bad.write_text("工作法: x\n", encoding="utf-8")
    assert run("install", bad, "--area", "410802").exit_code == 1


@pytest.mark.django_db
def test_migrating_is_a_dry_run_unless_told_and_a_missing_version_is_told(file: Path, tmp_path: Path) -> None:
    result = run("migrate", "small", "--from", "1", "--to", "2")
    assert result.exit_code == 1
    assert "small@1" in result.output
    run("install", file, "--area", "410802")
    other = tmp_path / "b.yaml"
    other.write_text(small(("限期: 3 天", "限期: 4 天")), encoding="utf-8")
    run("install", other, "--area", "410802")
    result = run("migrate", "small", "--from", "1", "--to", "2")
    assert result.exit_code == 0, result.output
    assert "验收时限：限期 3 天 → 4 天" in result.output
    assert "可转 0，留下 0" in result.output
    assert run("migrate", "small", "--from", "1", "--to", "1").exit_code == 1
    data = json.loads(run("migrate", "small", "--from", "1", "--to", "2", "--json").output)
    assert data["applied"] is False


def test_the_reference_and_the_json_schema_in_docs_are_current() -> None:
    assert run("reference").output == (DOCS / "method-file.md").read_text(encoding="utf-8"), (
        "bihuan method reference > docs/method-file.md"
    )
    assert run("schema").output == (DOCS / "method-file.schema.json").read_text(encoding="utf-8"), (
        "bihuan method schema > …"
    )
