"""Blank forms in the shapes that offices send: what each place asks for, against what a person wrote down by hand."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import openpyxl
import pytest
import yaml
from openpyxl.utils import column_index_from_string

from bihuan.reporting.forms.recognise import recognise
from bihuan.reporting.forms.shapes import Ask, Form
from bihuan.reporting.forms.words import Place, place, words
from bihuan.reporting.sheets.patch import column_letters
from bihuan.reporting.sheets.reading import read_grid
from tests.reporting.blank_forms import FORMS, blank, frame, heads
from tests.reporting.blank_forms import main as blank_forms

EXPECTED = Path(__file__).parent / "expected"
UNITS = {
    "matters": "collected settled solved settled_substantive settled_procedural settled_interim settled_in_time late "
    "open carried",
    "percent": "settlement_rate in_time_rate response_rate solved_rate satisfied_rate",
    "people": "people_affected",
    "times": "returned reopened",
    "workdays": "handling_time",
}
Verdict = tuple[str, str, str]  # (place, what a person wrote down, what was made of it)


def here() -> Place:
    """A street's three communities; the kinds of a community's method and of one for disputes."""
    kinds = [
        ("公共设施", "facility"), ("环境卫生", "environment"), ("安全隐患", "safety"), ("矛盾纠纷", "dispute"),
        ("物业服务", "property"), ("困难帮扶", "welfare"), ("其他", "other"),
    ]  # fmt: skip
    causes = [("婚姻家庭", "marriage"), ("邻里纠纷", "neighbours"), ("物业纠纷", "property_dispute")]
    return place(
        areas=[("电建社区", "410802004004"), ("焦西社区", "410802004001"), ("新河社区", "410802004002")],
        categories=[*((*kind, "yiwang") for kind in kinds), *((*cause, "jiufen") for cause in causes)],
        figures={key: unit for unit, keys in UNITS.items() for key in keys.split()},
        methods=["yiwang", "jiufen", "yinhuan-liuding", "jiesu-jiban"],
    )


def understood(name: str, data: bytes = b"") -> Form:
    return recognise(read_grid(data or blank(name)), words(), here(), name=f"{name}.xlsx")


def expected(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((EXPECTED / f"{name}.yaml").read_text(encoding="utf-8")))


def said(ask: Ask) -> str:
    return "|".join([ask.figure, " ".join(ask.areas), " ".join(ask.categories), ask.span, ask.method, ask.compare])


def wanted(parts: dict[str, str]) -> str:
    return "|".join(str(parts.get(key, "")) for key in ("figure", "areas", "kinds", "span", "method", "compare"))


def verdicts(name: str, data: bytes = b"") -> Iterator[Verdict]:
    form, hand = understood(name, data), expected(name)
    yield from _heads(form, hand.get("heads", {}))
    if "items" in hand:
        yield from _items(form, hand["items"])
    if "cards" in hand:
        yield from _cards(form, hand["cards"])
    if "summary" in hand:
        yield from _summary(form, hand["summary"])
    for sheet, one in hand.get("summaries", {}).items():
        yield from _summary(form, one, sheet)
    if "pairs" in hand:
        yield from _pairs(form, hand["pairs"])


def _heads(form: Form, hand: dict[str, dict[str, str]]) -> Iterator[Verdict]:
    found: dict[tuple[str, str], str] = {}
    for _sheet, key, mark in form.blanks:
        slot = form.slots[key]
        found[f"{column_letters(mark.at[1])}{mark.at[0]}", slot.heading] = slot.meaning.removeprefix("head:") or "?"
    for cell, labels in hand.items():
        for label, meaning in labels.items():
            yield f"{cell} {label}", meaning, found.pop((cell, label), "?")
    yield from ((f"{cell} {label}", "?", meaning) for (cell, label), meaning in found.items())


def _cards(form: Form, hand: dict[str, dict[str, str]]) -> Iterator[Verdict]:
    found = {
        (f"{column_letters(mark.at[1])}{mark.at[0]}", form.slots[key].heading): form.slots[key].meaning or "?"
        for _sheet, key, mark in form.cards
    }
    for cell, labels in hand.items():
        for label, meaning in labels.items():
            yield f"{cell} {label}", meaning, found.pop((cell, label), "?")
    yield from ((f"{cell} {label}", "?", meaning) for (cell, label), meaning in found.items())


def _items(form: Form, hand: dict[str, Any]) -> Iterator[Verdict]:
    (items,) = form.items
    yield "rows", hand["rows"], form.slots[items.slot].meaning or "?"
    found = {column_letters(left): form.slots[key].meaning or "?" for left, key in items.columns}
    for letter, meaning in hand["columns"].items():
        yield letter, meaning, found.pop(letter, "?")
    yield from ((letter, "?", meaning) for letter, meaning in found.items())


def _summary(form: Form, hand: dict[str, Any], name: str = "") -> Iterator[Verdict]:
    (summary,) = [one for one in form.summaries if name in {"", one.table.sheet}]
    sheet = form.grid.sheet(summary.table.sheet)
    found = {ask.at: said(ask) for ask in summary.asks}
    for row, line in hand["rows"].items():
        for letter, column in hand["columns"].items():
            at = (row, column_index_from_string(letter))
            if not sheet.empty(*at):  # a formula, or what the office wrote there itself
                assert at not in found
                continue
            unknown = [part for part in (line, column) if isinstance(part, str)]
            meaning = unknown[0] if unknown else wanted({**hand.get("all", {}), **line, **column})
            yield f"{letter}{row}", "-" if "-" in unknown else meaning, found.pop(at, "?")
    yield from ((f"{column_letters(at[1])}{at[0]}", "?", meaning) for at, meaning in found.items())


def _pairs(form: Form, hand: dict[str, Any]) -> Iterator[Verdict]:
    found = {f"{column_letters(ask.at[1])}{ask.at[0]}": said(ask) for _sheet, _key, ask in form.pairs}
    for cell, parts in hand.items():
        yield cell, parts if isinstance(parts, str) else wanted(parts), found.pop(cell, "?")
    yield from ((cell, "?", meaning) for cell, meaning in found.items())


def test_there_are_more_than_twelve_forms_and_each_has_its_answers_by_hand() -> None:
    assert len(FORMS) >= 12
    assert {path.stem for path in EXPECTED.glob("*.yaml")} == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_nothing_is_taken_for_what_it_is_not(name: str) -> None:
    wrong = [(at, hand, made) for at, hand, made in verdicts(name) if made not in {hand, "-", "?"}]
    assert wrong == []


def test_nine_of_ten_places_that_can_be_filled_are_known_without_help() -> None:
    told: dict[str, tuple[int, int]] = {}
    for name in FORMS:
        fillable = [(hand, made) for _at, hand, made in verdicts(name) if hand not in {"-", "?"}]
        told[name] = (sum(hand == made for hand, made in fillable), len(fillable))
    right, of = (sum(pair[index] for pair in told.values()) for index in (0, 1))
    assert right >= 0.9 * of, told
    assert all(right >= 0.8 * of for right, of in told.values()), told


def test_another_program_that_wrote_the_same_forms_changes_nothing(tmp_path: Path) -> None:
    office = which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    blank_forms(str(tmp_path))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    files = [str(tmp_path / f"{name}.xlsx") for name in FORMS]
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "office"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    for name in FORMS:
        other = (tmp_path / "office" / f"{name}.xlsx").read_bytes()
        assert other != blank(name)
        assert sorted(verdicts(name, other)) == sorted(verdicts(name)), name


def test_what_people_sign_and_what_is_not_recorded_is_never_asked_again() -> None:
    asked = {slot.heading for name in FORMS for slot in understood(name).open}
    assert not asked & {"签名", "备注", "单位负责人", "审核人", "佐证材料（如有）"}
    assert "服务联系人/电话" not in asked


def list_of(title: str, headings: list[str], *, sheet: str = "Sheet1", rows: int = 6) -> Form:
    """A form as any other office may send it: a title over a row of headings and some framed rows."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = sheet
    ws["A1"] = title
    ws.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headings))
    heads(ws, 2, headings)
    frame(ws, f"A3:{column_letters(len(headings))}{rows + 2}")
    out = io.BytesIO()
    book.save(out)
    return recognise(read_grid(out.getvalue()), words(), here(), name="附件1.xlsx")


@pytest.mark.parametrize(
    ("title", "headings"),
    [
        ("网格员花名册", ["序号", "姓名", "性别", "联系电话", "所属网格", "备注"]),
        ("网格基本情况登记表", ["网格", "社区", "网格员", "电话", "户数", "人口数"]),
        ("民生实事项目推进表", ["序号", "项目名称", "责任单位", "责任人", "时限", "进展"]),
        ("重点人员信息台账", ["序号", "姓名", "身份证号", "联系电话", "地点", "备注"]),
        ("安全隐患排查人员名单", ["序号", "姓名", "单位", "电话"]),
        ("困难群众走访慰问表", ["序号", "姓名", "慰问金额", "联系电话", "签名"]),
        ("会议签到表", ["序号", "姓名", "单位", "职务", "电话", "签名"]),
        ("志愿服务活动人员登记", ["姓名", "证件号码", "编号", "时长", "负责人"]),
        ("12345热线知识库", ["编号", "问题分类", "标准答复", "更新时间"]),
    ],
)
def test_a_list_of_something_else_is_not_filled_with_matters(title: str, headings: list[str]) -> None:
    form = list_of(title, headings)
    filled = [items for items in form.items if form.slots[items.slot].meaning]
    assert filled == []
    assert not any(summary.asks for summary in form.summaries)


@pytest.mark.parametrize(
    ("headings", "letter"),
    [
        (["反映事项", "联系人", "联系电话"], "C"),  # the contact's, not the reporter's
        (["反映事项", "责任人", "电话"], "C"),
        (["反映事项", "电话"], "B"),
        (["反映事项", "内容", "来源"], "C"),  # a channel, a meeting, an instruction?
        (["反映事项", "单位"], "B"),
        (["反映事项", "时间"], "B"),
        (["反映事项", "日期"], "B"),
        (["反映事项", "意见"], "B"),
        (["反映事项", "等级"], "B"),
    ],
)
def test_a_heading_that_may_mean_two_things_is_asked(headings: list[str], letter: str) -> None:
    (items,) = list_of("民生诉求办理台账", headings).items
    form = list_of("民生诉求办理台账", headings)
    found = {column_letters(left): form.slots[key].meaning for left, key in items.columns}
    assert found[letter] == ""


@pytest.mark.parametrize(
    ("title", "label", "column"),
    [
        ("信访工作月报表", "受理数", "本月"),  # petitions are kept elsewhere
        ("志愿服务活动统计表", "受理数", "本月"),
        ("民生工作月报表", "走访户数", "本月"),
        ("民生工作月报表", "受理数（户）", "本月"),  # matters are not households
        ("民生工作月报表", "办结率（件）", "本月"),
        ("民生工作月报表", "平均办理天数", "本月"),
        ("民生工作月报表", "受理数", "1月"),
        ("民生工作月报表", "受理数", "占比"),
        ("民生工作月报表", "受理数", "同比增减"),
        ("民生工作月报表", "网上受理数", "本月"),
        ("矛盾纠纷工作月报表", "公共设施", "收集数"),  # another kind than the title's
    ],
)
def test_a_figure_that_is_not_surely_meant_is_left_blank(title: str, label: str, column: str) -> None:
    book = openpyxl.Workbook()
    ws = book.active
    ws["A1"] = title
    ws.merge_cells("A1:B1")
    heads(ws, 2, ["指标", column])
    for row in (3, 4):
        ws.cell(row, 1, label if row == 3 else "其中：未知项")
    frame(ws, "A3:B4")
    out = io.BytesIO()
    book.save(out)
    form = recognise(read_grid(out.getvalue()), words(), here(), name="附件2.xlsx")
    assert [ask for summary in form.summaries for ask in summary.asks] == []
    assert form.summaries


@pytest.mark.parametrize(
    "text", [" " * 30_000 + "年", "年月日" * 10_000, "填报单位" * 8_000 + "：", "_" * 30_000 + "年", "(" * 30_000]
)
def test_a_cell_made_to_hold_the_program_up_is_no_label(text: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = "填报单位：", text
    out = io.BytesIO()
    book.save(out)
    form = recognise(read_grid(out.getvalue()), words(), here())
    assert [slot.heading for slot in form.slots.values()] == ["填报单位"]


@pytest.mark.parametrize(
    ("title", "labels"),
    [
        ("志愿者登记表", ["姓名", "性别", "联系电话", "编号", "所属网格", "登记时间"]),
        ("党员基本信息表", ["姓名", "联系电话", "社区", "登记人", "编号", "备注"]),
        ("会议签到表", ["时间", "地点", "主持人", "记录人"]),
    ],
)
def test_a_card_of_a_person_or_a_meeting_is_no_card_of_a_matter(title: str, labels: list[str]) -> None:
    book = openpyxl.Workbook()
    ws = book.active
    ws["A1"] = title
    ws.merge_cells("A1:D1")
    frame(ws, f"A2:D{1 + len(labels) // 2}")
    for number, label in enumerate(labels):
        ws.cell(2 + number // 2, 1 + number % 2 * 2, label)
    out = io.BytesIO()
    book.save(out)
    form = recognise(read_grid(out.getvalue()), words(), here(), name="附件3.xlsx")
    assert form.cards == ()
    assert not any(slot.meaning for slot in form.slots.values() if slot.role != "head")
