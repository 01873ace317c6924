"""The pages on which an old ledger is brought in, and the command that does the same."""

from __future__ import annotations

import importlib
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.cli import cli
from bihuan.kernel.api import new_id
from bihuan.matters.models import Matter
from bihuan.reporting.models import ImportRun
from tests.reporting.test_bringin import HEADS, ROWS, sheet

from . import seed
from .conftest import SignedIn

importlib.import_module("bihuan.cli.territory")


def upload(client: Any, data: bytes, name: str = "旧台账.xlsx") -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post("/desk/bring-in/", {"id": str(new_id()), "area": seed.COMMUNITY, "file": file})


def test_from_upload_to_ledger(as_: SignedIn) -> None:
    client = as_("secretary")
    assert "导入旧台账" in client.get("/desk/bring-in/").content.decode()
    here = upload(client, sheet(ROWS)).headers["Location"]
    page = client.get(here).content.decode()
    for words in (*HEADS, "导入这 3 件", "工作法里没有这一类"):
        assert words in page
    done = client.post(here, {"act": "bring_in"}, follow=True).content.decode()
    assert "已导入 3 件" in done
    assert Matter.objects.count() == 3
    assert client.get(here).status_code == 404, "the file is gone"


def test_a_wrong_column_is_put_right_on_the_page(as_: SignedIn) -> None:
    client = as_("secretary")
    here = upload(client, sheet(ROWS, [*HEADS[:5], "群众说啥", *HEADS[6:]])).headers["Location"]
    page = client.get(here).content.decode()
    assert "不能导入的行" in page
    assert "导入这" not in page
    client.post(here, {"act": "choose", "column-6": "text"})
    assert "导入这 3 件" in client.get(here).content.decode()


@pytest.mark.parametrize("given", [{"column-²": "text"}, {"table": "²"}, {"year": "²²²²"}])
def test_what_only_looks_like_a_number_is_left_aside(as_: SignedIn, given: dict[str, str]) -> None:
    client = as_("secretary")
    here = upload(client, sheet(ROWS)).headers["Location"]
    assert client.post(here, {"act": "choose", **given}).status_code == 302
    assert client.get(here).status_code == 200


def test_a_table_that_is_not_there_is_told(as_: SignedIn) -> None:
    client = as_("secretary")
    here = upload(client, sheet(ROWS)).headers["Location"]
    page = client.post(here, {"act": "choose", "table": "99"}, follow=True)
    assert page.status_code == 200
    assert "文件里没有这个表" in page.content.decode()


def test_giving_up_deletes_the_file(as_: SignedIn) -> None:
    client = as_("secretary")
    here = upload(client, sheet(ROWS)).headers["Location"]
    client.post(here, {"act": "give_up"})
    assert ImportRun.objects.get().state == "given_up"
    assert not Matter.objects.exists()


def test_what_is_no_table_is_told_at_the_field(as_: SignedIn) -> None:
    response = upload(as_("secretary"), b"hello")
    assert response.status_code == 422
    assert "这不是 Excel 工作簿" in response.content.decode()


def test_who_may_not_is_refused_and_a_strangers_file_is_not_there(as_: SignedIn) -> None:
    assert as_("worker").get("/desk/bring-in/").status_code == 403
    here = upload(as_("secretary"), sheet(ROWS)).headers["Location"]
    assert as_("street").get(here).status_code == 404
    assert as_("street").post(here, {"act": "bring_in"}).status_code == 404


@pytest.mark.parametrize("dry", [True, False], ids=["dry", "real"])
def test_the_command_does_the_same(town: seed.Town, tmp_path: Path, dry: bool) -> None:  # noqa: FBT001
    file = tmp_path / "旧台账.xlsx"
    file.write_bytes(sheet(ROWS))
    arguments = ["import", "ledger", str(file), "--area", seed.COMMUNITY, "--as", "secretary", "--json"]
    result = CliRunner().invoke(cli, [*arguments, *(["--dry-run"] if dry else [])])
    assert result.exit_code == 0, result.output
    said = json.loads(result.output)
    assert (said["rows"], said["added"], said["applied"]) == (3, 3, not dry)
    assert said["columns"]["反映问题"] == "text"
    assert Matter.objects.count() == (0 if dry else 3)


def test_the_command_names_what_does_not_stand(town: seed.Town, tmp_path: Path) -> None:
    file = tmp_path / "旧台账.xlsx"
    file.write_bytes(sheet([[1, "去年", "", "", "12号楼", "路灯不亮", "", "", "", ""]]))
    result = CliRunner().invoke(cli, ["import", "ledger", str(file), "--area", seed.COMMUNITY, "--as", "secretary"])
    assert result.exit_code == 1
    assert "第 4 行" in result.output
    assert "这个日期看不懂" in result.output


def two_sheets() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(sheet(ROWS)))
    page = book.create_sheet("旧表")
    for row in (["日期", "楼号", "反映问题"], ["2023-03-05", "1号楼", "墙皮脱落"]):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_goes_in_is_what_was_looked_at(as_: SignedIn) -> None:
    client = as_("secretary")
    here = upload(client, sheet(ROWS)).headers["Location"]
    said = client.post(here, {"act": "bring_in", "column-10": "drop"}, follow=True).content.decode()
    assert "还没有导入" in said
    assert Matter.objects.count() == 0, "a column was changed after the file was tried"
    assert "已导入 3 件" in client.post(here, {"act": "bring_in", "column-10": "drop"}, follow=True).content.decode()
    assert not any("老人多" in matter.text for matter in Matter.objects.all())


def test_the_tables_that_are_left_are_named_when_one_is_in(as_: SignedIn) -> None:
    client = as_("secretary")
    here = upload(client, two_sheets()).headers["Location"]
    done = client.post(here, {"act": "bring_in"}, follow=True).content.decode()
    assert "没有导入：旧表（1 行）" in done


def test_the_command_names_the_other_sheets_and_takes_the_one_that_is_said(town: seed.Town, tmp_path: Path) -> None:  # noqa: ARG001
    file = tmp_path / "旧台账.xlsx"
    file.write_bytes(two_sheets())
    said = ["import", "ledger", str(file), "--area", seed.COMMUNITY, "--as", "secretary"]
    first = CliRunner().invoke(cli, said)
    assert first.exit_code == 0, first.output
    assert "工作表“旧表”的表（1 行），没有导入" in first.output
    second = json.loads(CliRunner().invoke(cli, [*said, "--sheet", "旧表", "--json"]).output)
    assert (second["sheet"], second["rows"], second["added"]) == ("旧表", 1, 1)
    wrong = CliRunner().invoke(cli, [*said, "--sheet", "没有"])
    assert wrong.exit_code == 1
    assert "旧表" in wrong.output
