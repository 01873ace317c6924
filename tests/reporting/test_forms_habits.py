"""What offices add to their forms: a line that shows how, labels over their blanks, 其他 beside some of the kinds."""

from __future__ import annotations

import io

import openpyxl
import pytest

from bihuan.reporting.forms.recognise import recognise
from bihuan.reporting.forms.rest import REST
from bihuan.reporting.forms.shapes import Form
from bihuan.reporting.forms.words import words
from bihuan.reporting.sheets.reading import read_grid
from tests.reporting.blank_kit import frame, heads
from tests.reporting.test_forms_recognised import here

KINDS = ["公共设施", "环境卫生", "安全隐患", "矛盾纠纷", "物业服务", "困难帮扶"]


def understood(book: openpyxl.Workbook, answers: dict[str, str] | None = None) -> Form:
    out = io.BytesIO()
    book.save(out)
    return recognise(read_grid(out.getvalue()), words(), here(), answers=answers, name="附件2.xlsx")


@pytest.mark.parametrize("word", ["例", "示例", "（示例）", "填写示例", "例1："])
def test_a_line_that_shows_how_to_fill_a_list_in_makes_no_table_of_figures_of_it(word: str) -> None:
    book = openpyxl.Workbook()
    ws = book.active
    ws["A1"] = "在办民生事项台账"
    ws.merge_cells("A1:E1")
    heads(ws, 2, ["序号", "编号", "主要问题", "牵头人", "办理时限"])
    for column, text in enumerate([word, "MS-001", "路灯不亮", "张某", "2024-03-01"], start=1):
        ws.cell(3, column, text)
    for number in range(1, 13):
        ws.cell(3 + number, 1, number)
    frame(ws, "A2:E15")
    form = understood(book)
    assert form.summaries == ()
    (table,) = form.items
    assert list(table.table.rows) == list(range(4, 16))
    assert [form.slots[key].meaning for _left, key in table.columns] == ["number", "title", "party:lead", "due"]


def card(rows_under: int) -> Form:
    book = openpyxl.Workbook()
    ws = book.active
    ws["A1"] = "民生事项交办卡"
    ws.merge_cells("A1:F1")
    ws["A2"], ws["A3"], ws["C3"], ws["A4"], ws["C4"] = "事项名称", "反映人", "联系电话", "受理时间", "反映渠道"
    for span in ("B2:F2", "E5:F5", *(f"E{row}:F{row}" for row in range(6, 6 + rows_under))):
        ws.merge_cells(span)
    ws["A5"], ws["B5"], ws["C5"], ws["D5"], ws["E5"] = "责任分工", "牵头人", "跟踪人", "监督人", "备注"
    ws.merge_cells(start_row=5, start_column=1, end_row=5 + rows_under, end_column=1)
    last = 6 + rows_under
    ws.cell(last, 1, "办理过程")
    ws.merge_cells(start_row=last, start_column=2, end_row=last, end_column=6)
    frame(ws, f"A2:F{last}")
    return understood(book)


def test_labels_of_a_card_that_stand_over_their_blanks_are_filled_or_listed() -> None:
    form = card(1)
    under = {
        form.slots[key].heading: (blank.at, form.slots[key].meaning)
        for _sheet, key, blank in form.cards
        if blank.at[0] == 6
    }
    assert under == {
        "牵头人": ((6, 2), "party:lead"),
        "跟踪人": ((6, 3), "party:tracker"),
        "监督人": ((6, 4), "party:supervisor"),
        "备注": ((6, 5), "-"),
    }


def test_a_list_within_a_card_is_not_taken_for_labels_over_one_blank() -> None:
    form = card(3)
    assert form.cards
    assert not [blank.at for _sheet, _key, blank in form.cards if blank.at[0] in {6, 7, 8}]


def summary(kinds: list[str], answers: dict[str, str] | None = None) -> Form:
    book = openpyxl.Workbook()
    ws = book.active
    ws["A1"] = "民生诉求办理情况统计表"
    ws.merge_cells("A1:C1")
    heads(ws, 2, ["类别", "受理数", "办结数"])
    for row, kind in enumerate([*kinds, "其他", "合计"], start=3):
        ws.cell(row, 1, kind)
    frame(ws, f"A2:C{4 + len(kinds)}")
    return understood(book, answers)


def test_other_is_the_kind_of_that_name_where_every_other_kind_has_a_row() -> None:
    (table,) = summary(KINDS).summaries
    assert {ask.categories for ask in table.asks if ask.at[0] == 9} == {("other",)}


@pytest.mark.parametrize("kinds", [KINDS[:3], [*KINDS[:5], "网络谣言"]])
def test_other_beside_some_of_the_kinds_is_asked_and_its_total_is_left(kinds: list[str]) -> None:
    form = summary(kinds)
    (table,) = form.summaries
    row = 3 + len(kinds)
    assert not [ask for ask in table.asks if ask.at[0] >= row]
    assert {why for at, why in table.unknown if at[0] == row} == {REST}
    (slot,) = [slot for slot in form.slots.values() if slot.heading == "其他"]
    assert (slot.meaning, slot.why) == ("", REST)


def test_what_other_takes_in_is_proposed_and_once_said_the_total_is_all() -> None:
    form = summary(KINDS[:3])
    (slot,) = [slot for slot in form.slots.values() if slot.heading == "其他"]
    assert slot.options == ("category:other", "category:dispute+property+welfare+other")
    (table,) = summary(KINDS[:3], {slot.key: slot.options[1]}).summaries
    total = [ask.categories for ask in table.asks if ask.at == (7, 2)]
    assert [sorted(kinds) for kinds in total] == [
        ["dispute", "environment", "facility", "other", "property", "safety", "welfare"]
    ]
