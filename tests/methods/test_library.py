"""The shipped methods: without problems, in two languages, played through their scenarios."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import BaseModel

from bihuan.methods.api import Report, Text, lint, mermaid, simulate, stations
from bihuan.methods.loader.nodes import read

from .samples import LIBRARY, SLUGS, shipped

SCENARIOS = sorted(LIBRARY.glob("*/scenarios/*.yaml"))
DOCS = Path(__file__).parents[2] / "docs"


def test_six_methods_are_shipped() -> None:
    assert SLUGS == [
        "cunmin_shuoshi", "jiesu_jiban", "shuzi_chengguan", "xiangmu_diaodu", "yinhuan_liuding", "yiwang_sanbu_wuqin",
    ]  # fmt: skip


@pytest.mark.parametrize("slug", SLUGS)
def test_a_shipped_method_has_neither_errors_nor_warnings(slug: str) -> None:
    problems = lint((LIBRARY / slug / "method.yaml").read_text(encoding="utf-8"))
    assert [problem.text() for problem in problems] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_its_key_is_its_folder_and_a_secretary_finds_a_readme(slug: str) -> None:
    assert shipped(slug).key == slug.replace("_", "-")
    assert len((LIBRARY / slug / "README.zh.md").read_text(encoding="utf-8")) > 200


@pytest.mark.parametrize("slug", SLUGS)
def test_every_title_of_a_shipped_method_has_english(slug: str) -> None:
    method = shipped(slug)
    parts = [method.file, *(method.section(key) for key in method.section_keys)]
    missing = [path for part in parts for path, text in texts(part) if not text.en]
    missing = [path for path in missing if not path.endswith(".title") or "ladders" not in path]
    assert missing == []


def texts(value: Any, path: str = "") -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, f"{path}.{index}")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_shipped_method_conforms_to_the_published_json_schema(slug: str) -> None:
    schema = json.loads((DOCS / "method-file.schema.json").read_text(encoding="utf-8"))
    data = read((LIBRARY / slug / "method.yaml").read_text(encoding="utf-8"), Report()).data
    errors = jsonschema_rs.validator_for(schema).iter_errors(data)
    assert [f"{error.instance_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_a_scenario_comes_about_as_it_says(path: Path) -> None:
    result = simulate(shipped(path.parent.parent.name), path.read_text(encoding="utf-8"))
    assert [problem.text() for problem in result.problems] == []
    assert len(result.lines) >= 4


@pytest.mark.parametrize("slug", SLUGS)
def test_a_method_is_drawn_with_all_its_steps_in_both_languages(slug: str) -> None:
    method = shipped(slug)
    chinese, english = mermaid(method), mermaid(method, "en")
    for key, step in method.steps.items():
        assert step.title.zh in chinese
        assert step.title.en.replace('"', "'") in english
        assert key in {station.key for station in stations(method)}
    assert all(station.as_json(method)["title"] for station in stations(method))


def test_the_one_network_method_has_the_source_s_three_steps_and_responsibility() -> None:
    method = shipped("yiwang_sanbu_wuqin")
    assert [phase.title.zh for phase in method.file.phases.values()] == ["问", "议", "执"]
    assert {key: spec.count for key, spec in method.responsibility.items()} == {
        "lead": 1,
        "tracker": 1,
        "supervisor": 1,
    }
    assert set(method.section("deliberation").bodies) == {"grid_meeting", "joint_meeting"}


def test_the_digital_city_method_has_the_seven_stages_of_the_standard() -> None:
    phases = [phase.title.zh for phase in shipped("shuzi_chengguan").file.phases.values()]
    assert phases == ["信息采集", "案卷建立", "任务派遣", "任务处置", "处理反馈", "核查结案", "综合评价"]


def test_answer_every_complaint_has_the_four_tiers() -> None:
    table = shipped("jiesu_jiban").clocks["settle"].limit.table
    assert {key: amount.say() for key, amount in table.items()} == {
        "critical": "2 小时", "urgent": "24 小时", "normal": "7 天", "complex": "15 天",
    }  # fmt: skip


@pytest.mark.parametrize("slug", SLUGS)
def test_how_a_matter_ended_is_told_to_the_public_in_plain_words(slug: str) -> None:
    silent = [key for key, outcome in shipped(slug).file.outcomes.items() if outcome.public is None]
    assert silent == []
