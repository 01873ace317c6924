"""``bihuan bulletin``: a template filled from the record, as a document, without a page."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from bihuan.cli.bulletin import bulletin_command
from bihuan.kernel.api import clock, new_id
from bihuan.matters import api as matters
from bihuan.reporting.documents import find_soffice
from bihuan.reporting.models import Bulletin
from tests.meetings.world import COMMUNITY, World, build


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with made.at():
        matters.report(
            actor=made.actor("resident"), id=new_id(clock.now()), text="路灯不亮", area_code=COMMUNITY + "003"
        )
        yield made


def _run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(bulletin_command, list(arguments))
    return done.exit_code, done.output


def test_a_bulletin_is_written_as_a_word_file_and_nothing_is_kept(world: World, tmp_path: Path) -> None:
    out = tmp_path / "简报.docx"
    status, said = _run("monthly", "--area", COMMUNITY, "--period", "2024-03", "-o", str(out))
    assert status == 0, said
    assert "【请填写：下一步打算】" in said  # what is left to a person is listed
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(out.read_bytes())).paragraphs)
    assert "2024年3月，共收集民生问题1件" in text
    assert not Bulletin.objects.exists()


def test_the_district_is_the_area_where_none_is_given(world: World) -> None:
    status, said = _run("yearly", "--json")
    told = json.loads(said)
    assert status == 0
    assert told["title"] == "2024年以来民生工作简报"
    assert "今年年初以来，共收集民生问题1件，协调解决0件" in told["text"]
    assert told["figures"]["收集"]["key"] == "collected"


def test_a_register_stands_in_the_circular(world: World) -> None:
    matter = world.waiting_matter()
    status, said = _run("supervision", "--area", COMMUNITY)
    assert status == 0, said
    assert matter.number in said or "三号楼路灯不亮" in said


@pytest.mark.skipif(find_soffice() is None, reason="没有 LibreOffice：apt-get install libreoffice-writer-nogui")
def test_it_is_written_as_pdf(world: World, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    status, said = _run("monthly", "--area", COMMUNITY, "-o", str(out))
    assert status == 0, said
    assert out.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "没有这个模板"),
        (["monthly", "--period", "三月"], "看不懂这个期间"),
        (["monthly", "--area", "999999"], "没有这个区域"),
        (["results"], "没有选会议"),
        (["results", "--meeting", "x"], "不是会议编号"),
        (["monthly", "-o", "a.txt"], "只能写 .docx 或 .pdf"),
        (["monthly", "-o", "/nowhere/a.docx"], "No such file"),
    ],
)
def test_what_cannot_be_written_is_told(world: World, arguments: list[str], said: str) -> None:
    status, told = _run(*arguments)
    assert status == 1
    assert said in told


def test_without_a_key_the_templates_are_listed(world: World) -> None:
    status, said = _run()
    assert status == 0
    assert "monthly" in said
    assert "民生工作月报" in said
