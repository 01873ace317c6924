"""``bihuan import places``: a list of walls, roads and doors becomes places, whole or not at all."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bihuan.areas.sample import load_sample
from bihuan.cli import cli
from bihuan.fieldwork.models import Place
from bihuan.methods.api import install_library
from bihuan.people.api import SYSTEM

importlib.import_module("bihuan.cli.territory")
HEAD = "区域,种类,名称,顺序\n"
GOOD = "410802004004003,围墙,北围墙,1\n410802004004012,住户,1单元101,2\n"


@pytest.fixture(autouse=True)
def community(db: None) -> None:
    load_sample()
    install_library(actor=SYSTEM, area_code="410802", default_for_reports="yiwang-sanbu-wuqin")


def run(file: Path, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["import", "places", str(file), *more])
    return done.exit_code, done.output


def test_a_dry_run_counts_and_writes_nothing_then_the_file_is_imported(tmp_path: Path) -> None:
    file = tmp_path / "地点.csv"
    file.write_text(HEAD + GOOD)
    status, printed = run(file, "--dry-run", "--json")
    assert status == 0
    assert json.loads(printed) == {
        "dry_run": True,
        "rows": 2,
        "created": 2,
        "changed": 0,
        "unchanged": 0,
        "problems": [],
        "applied": False,
    }
    assert not Place.objects.exists()
    status, printed = run(file)
    assert status == 0
    assert "新增 2" in printed
    assert sorted(Place.objects.values_list("kind", "name")) == [("household", "1单元101"), ("wall", "北围墙")]
    assert "不变 2" in run(file)[1]


def test_every_bad_row_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "地点.csv"
    file.write_text(HEAD + GOOD + "410802004004003,火山,富士山,\n")
    status, printed = run(file)
    assert status == 1
    assert "第 4 行" in printed
    assert "没有写入" in printed
    assert not Place.objects.exists()


def test_a_file_that_is_no_table_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "地点.csv"
    file.write_text("no table")
    status, printed = run(file, "--json")
    assert status == 1
    assert json.loads(printed)["problems"]
