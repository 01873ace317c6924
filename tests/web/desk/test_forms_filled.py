"""A superior's blank form: sent, shown as itself, asked about once, filled; and the same on the command line."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.cli import cli
from bihuan.cli.fill import fill_command
from bihuan.kernel.api import BadInput, clock, new_id
from bihuan.people.models import Post
from bihuan.reporting.api import answer_form, figures, fill_form, fill_run, form_page, look_at_form
from bihuan.reporting.forms.store import KEPT, sweep
from bihuan.reporting.models import FormLayout, FormRun
from tests.reporting.blank_forms import blank
from tests.web.counting import counted, hold

from . import seed
from .conftest import SignedIn

APRIL = {"since": "2024-04", "until": "2024-04"}


def sent(name: str, **more: Any) -> dict[str, Any]:
    file = SimpleUploadedFile(f"{name}.xlsx", blank(name))
    return {"file": file, "area": seed.COMMUNITY, "id": str(new_id()), **APRIL, **more}


def taken(town: seed.Town, name: str, who: str = "secretary") -> FormRun:
    return look_at_form(
        actor=town.actor(who), id=new_id(), area_code=seed.COMMUNITY, name=f"{name}.xlsx", data=blank(name),
        since=202404, until=202404,
    )  # fmt: skip


def filled(town: seed.Town, name: str, **more: Any) -> Any:
    made = fill_form(
        actor=town.actor("secretary"), area_code=seed.COMMUNITY, name=f"{name}.xlsx", data=blank(name),
        since=202404, until=202404, **more,
    )  # fmt: skip
    return openpyxl.load_workbook(io.BytesIO(made.data)), made


def test_a_form_is_sent_shown_and_given_back_filled(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮", phone=seed.PHONE, reporter_name="齐凤英")
    client = as_("secretary")
    response = client.post(reverse("desk:forms"), sent("livelihood_ledger"))
    assert response.status_code == 302
    page = client.get(response.url).content.decode()
    assert "解放区民生问题办理台账" in page
    assert "<ins>路灯不亮</ins>" in page
    assert "反映人（打码）" in page
    run = FormRun.objects.get()
    answer = client.post(reverse("desk:form_filled", args=[run.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet["A2"].value == "填报单位（盖章）：电建社区居民委员会"
    assert sheet["E2"].value == "填报人：邢慧敏"
    assert sheet["I2"].value == "填报日期：2024年4月3日"
    assert (sheet["F5"].value, sheet["C5"].value, sheet["D5"].value) == ("路灯不亮", "齐**", "138****0012")
    assert sheet["F6"].value is None
    run.refresh_from_db()
    assert run.filled_at is not None


def test_what_is_not_known_is_asked_once_and_remembered_for_the_next_form(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮")
    client = as_("secretary")
    first = taken(town, "rectification_ledger")
    actor = town.actor("secretary")
    page = form_page(actor, first.pk)
    (rows,) = [question.slot.key for question in page.open if question.slot.role == "table"]
    response = client.post(reverse("desk:form", args=[first.pk]), {f"say:{rows}": "rows:matter"}, follow=True)
    assert "已记住" in response.content.decode()
    again = form_page(actor, taken(town, "rectification_ledger").pk)
    assert rows not in {question.slot.key for question in again.open}
    assert {question.slot.by for question in again.known if question.slot.key == rows} == {"remembered"}
    assert [one.value for one in again.done if one.heading == "反馈问题"] == ["路灯不亮"]
    client.post(reverse("desk:form", args=[first.pk]), {f"say:{rows}": ""})  # taken back
    assert rows in {question.slot.key for question in form_page(actor, taken(town, "rectification_ledger").pk).open}


def test_a_heading_that_was_explained_is_known_in_another_form(town: seed.Town) -> None:
    actor = town.actor("secretary")
    run = taken(town, "visit_record")
    (key,) = [question.slot.key for question in form_page(actor, run.pk).open if question.slot.role == "column"]
    answer_form(actor=actor, run_id=run.pk, answers={key: "result"})
    other = openpyxl.load_workbook(io.BytesIO(blank("visit_record")))
    other.active.title, other.active["C2"].value = "入户", "入户走访登记表"
    other.active["L4"].value = "方言"
    out = io.BytesIO()
    other.save(out)
    read = fill_form(
        actor=actor, area_code=seed.COMMUNITY, name="x.xlsx", data=out.getvalue(), since=202404, until=202404
    ).form
    assert {slot.meaning for slot in read.slots.values() if slot.heading.startswith("记录类型")} == {"result"}


def test_an_answer_that_there_is_not_is_refused(town: seed.Town) -> None:
    actor, run = town.actor("secretary"), taken(town, "visit_record")
    keys = [question.slot.key for question in form_page(actor, run.pk).open]
    for answers in ({keys[0]: "field:__class__"}, {"无此栏": "title"}, {keys[0]: "measure:collected"}):
        with pytest.raises(BadInput):
            answer_form(actor=actor, run_id=run.pk, answers=answers)
    assert not FormLayout.objects.exists()


def test_figures_in_a_form_are_the_figures(town: seed.Town) -> None:
    for number in (9, 10, 11):
        town.triage(town.report(number, "楼道灯坏了").matter_id)
    book, made = filled(town, "key_figures")
    sheet = book.active
    (collected,) = [
        one.value
        for one in figures(town.actor("secretary"), seed.COMMUNITY, 202404, 202404, ["collected"])
        if not one.split
    ]
    assert (collected, sheet["B3"].value, sheet["B4"].value) == (3, 3, 3)
    assert sheet["A1"].value == "2024年4月民生工作月报表"
    assert sheet["D6"].value is None
    assert {one.ref for one in made.plan.left} >= {"D6", "D7", "D8"}


def test_a_rate_of_nothing_is_left_blank_with_its_reason(town: seed.Town) -> None:
    _book, made = filled(town, "key_figures")
    assert [one.why.zh for one in made.plan.left if one.ref == "D6"] == ["分母为零，没有这个率。"]


def test_what_a_resident_wrote_is_text_in_the_form(town: seed.Town) -> None:
    town.report(12, '=HYPERLINK("http://evil","x")')
    book, made = filled(town, "livelihood_ledger")
    assert book.active["F5"].value is None  # longer than the 20 characters that the heading allows
    assert "比表上允许的字数长" in {one.ref: one.why.zh for one in made.plan.left}["F5"]
    town.report(13, "=1+1")
    book, made = filled(town, "livelihood_ledger")
    assert "=1+1" in [cell.value for cell in book.active["F"]]
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")  # a text, not a formula


def test_more_matters_than_rows_fill_nothing_rather_than_lose_some(town: seed.Town) -> None:
    seed.many(town, 16)
    book, made = filled(town, "livelihood_ledger")
    assert book.active["B5"].value is None
    assert any("留了 15 行，要填 16 行" in one.why.zh for one in made.plan.left)


def test_a_table_that_ends_the_sheet_grows_with_its_own_style(town: seed.Town) -> None:
    seed.many(town, 16)
    actor = town.actor("secretary")
    run = taken(town, "rectification_ledger")
    (rows,) = [question.slot.key for question in form_page(actor, run.pk).open if question.slot.role == "table"]
    book = openpyxl.load_workbook(io.BytesIO(blank("rectification_ledger")))
    book.active.protection.sheet = False
    out = io.BytesIO()
    book.save(out)
    made = fill_form(
        actor=actor, area_code=seed.COMMUNITY, name="x.xlsx", data=out.getvalue(), since=202404, until=202404,
        answers={rows: "rows:matter"},
    )  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(made.data)).active
    assert [sheet.cell(row, 1).value for row in (4, 13, 14, 19, 20)] == [1, 10, 11, 16, None]
    assert sheet["B19"].border.left.style == "thin"


def test_only_who_may_fill_forms_and_only_ones_own(town: seed.Town, as_: SignedIn) -> None:
    run = taken(town, "visit_record")
    addresses = [reverse("desk:forms"), reverse("desk:form", args=[run.pk])]
    assert [as_("worker").get(url).status_code for url in addresses] == [403, 403]
    assert as_("worker").post(reverse("desk:form_filled", args=[run.pk])).status_code == 403
    cadre = as_("cadre")
    assert cadre.get(addresses[1]).status_code == 404
    assert cadre.post(reverse("desk:form_filled", args=[run.pk])).status_code == 404
    elsewhere = as_("secretary").post(reverse("desk:forms"), sent("visit_record", area="410802006001"))
    assert elsewhere.status_code == 403
    Post.objects.filter(person=town.people["secretary"]).update(until=clock.today() - timedelta(days=1))
    assert as_("secretary").get(addresses[1]).status_code == 403


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "请在 Excel 或 WPS 中打开"),
        (b"hello", "请上传 .xlsx 文件"),
        (b"PK\x03\x04", "已损坏"),
    ],
)
def test_what_cannot_be_filled_is_refused_in_words(town: seed.Town, as_: SignedIn, data: bytes, said: str) -> None:
    response = as_("secretary").post(
        reverse("desk:forms"), sent("visit_record", file=SimpleUploadedFile("表.xls", data))
    )
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not FormRun.objects.exists()


def test_sent_twice_is_one_form_and_goes_after_a_month(town: seed.Town, as_: SignedIn) -> None:
    client, given = as_("secretary"), sent("visit_record")
    first = client.post(reverse("desk:forms"), given)
    again = client.post(reverse("desk:forms"), {**sent("visit_record"), "id": given["id"]})
    assert (first.url, FormRun.objects.count()) == (again.url, 1)
    assert sweep() == 0
    with clock.at(seed.NOON + KEPT + timedelta(days=1)):
        assert sweep() == 1
        assert client.get(first.url).status_code == 404
        assert "已删除" in client.get(reverse("desk:forms")).content.decode()


def test_an_english_reader_is_told_in_english_and_the_form_stays_chinese(town: seed.Town, as_: SignedIn) -> None:
    run = taken(town, "livelihood_ledger")
    town.triage(town.report(12, "路灯不亮").matter_id)
    page = as_("secretary", "en").get(reverse("desk:form", args=[run.pk])).content.decode()
    assert "The record holds no such thing" in page
    book = openpyxl.load_workbook(io.BytesIO(fill_run(actor=town.actor("secretary"), run_id=run.pk).data))
    assert book.active["I2"].value == "填报日期：2024年4月3日"


def test_the_command_line_fills_and_says_what_is_left(town: seed.Town, tmp_path: Path) -> None:
    town.report(12, "路灯不亮")
    template, out, answers = tmp_path / "整改.xlsx", tmp_path / "填好.xlsx", tmp_path / "answers.yaml"
    template.write_bytes(blank("rectification_ledger"))
    answers.write_text(yaml.safe_dump({"整改台账|1|rows": "rows:matter"}, allow_unicode=True), encoding="utf-8")
    common = [
        "fill",
        str(template),
        "-o",
        str(out),
        "--area",
        seed.COMMUNITY,
        "--period",
        "2024-04",
        "--as",
        "secretary",
    ]
    assert fill_command in cli.commands.values()
    without = CliRunner().invoke(cli, [*common, "--json"])
    assert without.exit_code == 0
    left = {one["key"] for one in json.loads(without.output)["left"]}
    assert left == {"整改台账|1|rows"}
    given = CliRunner().invoke(cli, [*common, "--answers", str(answers)])
    assert (given.exit_code, "✓ 整改台账!B4:B4  反馈问题  ←  路灯不亮" in given.output) == (0, True)
    assert openpyxl.load_workbook(out).active["B4"].value == "路灯不亮"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (["--area", "999"], "没有这个区域"),
        (["--period", "四月"], "2024-04"),
        (["--as", "谁"], "没有这个人"),
        (["--as", "worker"], "填报上级表格"),
        (["--answers", "/nowhere.yaml"], "answers"),
    ],
)
def test_the_command_line_says_what_is_wrong_and_fails(
    town: seed.Town, tmp_path: Path, change: list[str], said: str
) -> None:
    template = tmp_path / "表.xlsx"
    template.write_bytes(blank("visit_record"))
    common = ["fill", str(template), "-o", str(tmp_path / "o.xlsx"), "--area", seed.COMMUNITY, "--period", "2024-04"]
    result = CliRunner().invoke(cli, [*common, *change])
    assert (result.exit_code, said in result.output) == (1, True), result.output
    assert not (tmp_path / "o.xlsx").exists()


def test_the_page_asks_the_database_no_more_for_more_headings(town: seed.Town, as_: SignedIn) -> None:
    for number in (9, 10, 11):
        town.triage(town.report(number, "楼道灯坏了").matter_id)
    client = as_("secretary")
    for name in ("livelihood_ledger", "category_statistics", "key_figures"):
        _response, count = counted(client, reverse("desk:form", args=[taken(town, name).pk]))
        hold(f"desk:form {name}", count)
    _response, count = counted(client, reverse("desk:forms"))
    hold("desk:forms", count)
