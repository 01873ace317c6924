"""Blank forms with a cell for each figure: monthly reports, statistics, key figures."""

from __future__ import annotations

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from tests.reporting.blank_kit import form, frame, heads, title


@form
def dispute_monthly() -> openpyxl.Workbook:
    """矛盾纠纷月报: rows = measures × cause, columns = communities, 小计 (formulas), 年度累计."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "月报"
    title(ws, "A1:H1", "矛盾纠纷排查调处情况月报表")
    ws.merge_cells("A2:D2")
    ws["A2"] = "填报单位："
    ws.merge_cells("E2:H2")
    ws["E2"] = "统计月份：     年    月"
    ws.merge_cells("A3:B4")
    ws["A3"] = "类别及指标"
    ws.merge_cells("C3:F3")
    ws["C3"] = "社区"
    heads(ws, 4, ["电建社区", "焦西社区", "新河社区"], start=3)
    ws["F4"] = "小计"
    ws.merge_cells("G3:G4")
    ws["G3"] = "年度累计"
    ws.merge_cells("H3:H4")
    ws["H3"] = "备注"
    row = 5
    for cause in ("婚姻家庭", "邻里纠纷", "物业纠纷", "合计"):
        ws.merge_cells(start_row=row, end_row=row + 4, start_column=1, end_column=1)
        ws.cell(row, 1, cause)
        for step, measure in enumerate(["排查数（件）", "调处数（件）", "调处率（%）", "成功数（件）", "成功率（%）"]):
            ws.cell(row + step, 2, measure)
            at = row + step
            if measure.startswith(("调处率", "成功率")):
                down = 2 if measure.startswith("调处率") else 3
                for column in "CDEFG":
                    ws[f"{column}{at}"] = f'=IF({column}{at - down}=0,"",{column}{at - 1}/{column}{at - down}*100)'
            else:
                ws[f"F{at}"] = f"=SUM(C{at}:E{at})"
                if cause == "合计":
                    for column in "CDE":
                        ws[f"{column}{at}"] = f"={column}{5 + step}+{column}{10 + step}+{column}{15 + step}"
        row += 5
    frame(ws, "A3:H24")
    ws.print_area = "A1:H24"
    return book


@form
def supervision_ledger() -> openpyxl.Workbook:
    """民生诉求督办台账: rich text in the label, blanks of underscores, two tables on one sheet."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "督办"
    title(ws, "A1:K1", "民生诉求督办台账")
    under = InlineFont(u="single")
    ws["A2"] = CellRichText("填报单位：", TextBlock(under, "            "))
    ws["G2"] = "截止日期："
    heads(ws, 3, ["编号", "来源", "督办事项", "牵头", "配合", "交办日期", "时限", "节点", "进展", "红黄灯", "办结日"])
    frame(ws, "A3:K12")
    ws["A15"] = "附：民生诉求办理情况统计"
    heads(ws, 16, ["指标", "单位", "本月", "上月", "本年累计"])
    for row, (name, unit) in enumerate([
        ("受理数", "件"), ("办结数", "件"), ("其中：实质性办结", "件"), ("按期办结率", "%"), ("满意率", "%"),
        ("涉及户数", "户"),
    ], 17):  # fmt: skip
        ws.cell(row, 1, name)
        ws.cell(row, 2, unit)
    frame(ws, "A16:E22")
    return book


@form
def hotline_monthly() -> openpyxl.Workbook:
    """12345 接诉即办 monthly: rows = communities, two rows of headings, percent cells, 合计 with formulas."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "接诉即办"
    title(ws, "A1:J1", "２０２４年   月接诉即办工作情况统计表")
    ws["A2"] = "填报单位："
    ws["H2"] = "制表人："
    for span, text in {
        "A3:A4": "序号", "B3:B4": "社区", "C3:C4": "受理数\n（件）", "D3:E3": "办结情况", "F3:H3": "三率",
        "I3:I4": "退回次数", "J3:J4": "备注",
    }.items():  # fmt: skip
        ws.merge_cells(span)
        ws[span.split(":")[0]] = text
    heads(ws, 4, ["办结数", "按期办结数"], start=4)
    heads(ws, 4, ["响应率", "解决率", "满意率"], start=6)
    for row, name in enumerate(["电建社区", "焦西社区", "新河社区"], 5):
        ws.cell(row, 1, row - 4)
        ws.cell(row, 2, name)
    ws.merge_cells("A8:B8")
    ws["A8"] = "合　计"
    for column in "CDEI":
        ws[f"{column}8"] = f"=SUM({column}5:{column}7)"
    frame(ws, "A3:J8")
    for row in range(5, 9):
        for column in "FGH":
            ws[f"{column}{row}"].number_format = "0.00%"
    return book


@form
def category_statistics() -> openpyxl.Workbook:
    """网格民生事项分类统计: rows = kinds, columns = times × figures, a sheet of notes, 合计 without formulas."""
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "填写说明"
    notes["A1"] = "填写说明"
    notes["A2"] = "一、收集数：当月登记的民生事项；"
    notes["A3"] = "二、填报日期：每月5日前；"
    ws = book.create_sheet("分类统计")
    title(ws, "A1:G1", "网格民生事项分类统计表")
    ws.merge_cells("A2:G2")
    ws["A2"] = "填报单位：            统计时间：    年  月  日至    年  月  日"
    for span, text in {"A3:A4": "类别", "B3:D3": "本月", "E3:G3": "年初以来累计"}.items():
        ws.merge_cells(span)
        ws[span.split(":")[0]] = text
    heads(ws, 4, ["收集数", "解决数", "涉及人数（人）"], start=2)
    heads(ws, 4, ["收集数", "解决数", "涉及人数（人）"], start=5)
    for row, name in enumerate(
        ["公共设施", "环境卫生", "安全隐患", "矛盾纠纷", "物业服务", "困难帮扶", "其他", "合计"], 5
    ):
        ws.cell(row, 1, name)
    frame(ws, "A3:G12")
    ws["A14"] = "单位负责人："
    ws["D14"] = "填表人："
    total = book.create_sheet("汇总")
    total["A1"] = "本月收集合计"
    total["B1"] = "=SUM(分类统计!B5:B11)"
    book.defined_names["总数"] = DefinedName("总数", attr_text="汇总!$B$1")
    return book


@form
def key_figures() -> openpyxl.Workbook:
    """民生工作月报: labels with a cell beside each, four columns wide, units in brackets, one that nobody knows."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "月报"
    title(ws, "A1:D1", "        年     月民生工作月报表", size=16)
    ws["A2"] = "填报单位"
    ws["C2"] = "填报日期"
    for row, pair in enumerate([
        ("本月收集民生问题（件）", "本月解决数（件）"), ("本年累计收集数（件）", "本年累计解决数（件）"),
        ("办结数（件）", "按期办结率（%）"), ("其中：实质性办结（件）", "群众满意率（%）"),
        ("涉及群众（人）", "投入资金（万元）"), ("超期数（件）", "涉及户数（户）"),
    ], 3):  # fmt: skip
        ws.cell(row, 1, pair[0])
        ws.cell(row, 3, pair[1])
    frame(ws, "A2:D8")
    ws["A10"] = "单位负责人："
    ws["C10"] = "填表人："
    return book


@form
def grid_weekly() -> openpyxl.Workbook:
    """网格工作周报: two tables side by side in time, columns = areas, rows = figures; areas beyond the place."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "周报"
    title(ws, "A1:F1", "网格化治理工作情况统计")
    ws["A2"] = "截至　　年　　月　　日"
    heads(ws, 3, ["指标名称", "电建社区", "新河社区", "河阳社区", "合计", "备注"])
    for row, name in enumerate(
        ["上报数", "办结数", "实质性办结数", "超期数", "办结率（%）", "平均办理时长（小时）"], 4
    ):
        ws.cell(row, 1, name)
    frame(ws, "A3:F9")
    for row in range(4, 8):
        ws[f"E{row}"] = f"=B{row}+C{row}+D{row}"
    for column in range(1, 7):
        ws.column_dimensions[get_column_letter(column)].width = 14
    return book
