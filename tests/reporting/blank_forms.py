"""Blank forms as superior offices lay them out, in the shapes of real ledgers and monthly reports. All invented.

``python -m tests.reporting.blank_forms FOLDER`` writes them. What each asks for stands, by hand, in ``expected/``.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

THIN, HAIR = Side(style="thin"), Side(style="hair")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
FORMS: dict[str, Callable[[], openpyxl.Workbook]] = {}


def form(make: Callable[[], openpyxl.Workbook]) -> Callable[[], openpyxl.Workbook]:
    FORMS[make.__name__] = make
    return make


def frame(ws: Any, span: str, *, font: Font | None = None, number_format: str = "", side: Border = FRAME) -> None:
    for row in ws[span]:
        for cell in row:
            cell.border, cell.alignment = side, MIDDLE
            if font is not None:
                cell.font = font
            if number_format:
                cell.number_format = number_format


def title(ws: Any, span: str, text: str, *, size: int = 20, name: str = "方正小标宋简体") -> None:
    ws.merge_cells(span)
    cell = ws[span.split(":")[0]]
    cell.value, cell.font, cell.alignment = text, Font(name=name, size=size, bold=True), MIDDLE


def heads(ws: Any, row: int, texts: Sequence[str], *, start: int = 1, fill: str = "") -> None:
    for column, text in enumerate(texts, start=start):
        cell = ws.cell(row, column, text)
        cell.font, cell.alignment, cell.border = Font(name="黑体", size=11), MIDDLE, FRAME
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)


def choose(ws: Any, span: str, options: str) -> None:
    rule = DataValidation(type="list", formula1=options, allow_blank=True, showErrorMessage=True)
    ws.add_data_validation(rule)
    rule.add(span)


@form
def livelihood_ledger() -> openpyxl.Workbook:
    """民生问题台账: headings in two rows, a line with 填报单位 above, numbered rows, notes below."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "民生问题台账"
    title(ws, "A1:L1", "解放区民生问题办理台账")
    ws.merge_cells("A2:D2")
    ws["A2"] = "填报单位（盖章）："
    ws.merge_cells("E2:H2")
    ws["E2"] = "填报人："
    ws.merge_cells("I2:L2")
    ws["I2"] = "填报日期：    年   月   日"
    for span, text in {
        "A3:A4": "序号", "B3:B4": "编号", "C3:E3": "反映人基本情况", "F3:F4": "主要愿望或诉求\n（20字以内）",
        "G3:G4": "反映群体人数\n（人）", "H3:K3": "办理情况", "L3:L4": "备注",
    }.items():  # fmt: skip
        ws.merge_cells(span)
        ws[span.split(":")[0]] = text
    heads(ws, 4, ["姓名", "联系电话", "常住地址"], start=3)
    heads(ws, 4, ["办理措施", "牵头干部", "办结时间", "办结方式"], start=8)
    frame(ws, "A3:L19")
    for row in range(5, 20):
        ws.cell(row, 1, row - 4)
        ws.cell(row, 10).number_format = "yyyy/m/d"
    choose(ws, "K5:K19", '"实质性,程序性,阶段性"')
    ws.merge_cells("A20:L20")
    ws["A20"] = "填写说明：1.主要诉求不超过20字；2.联系电话：填11位手机号；3.办结方式从下拉框选择。"
    ws.print_area, ws.print_title_rows = "A1:L20", "1:4"
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", 9
    ws.freeze_panes = "C5"
    ws.column_dimensions["F"].width = 36
    return book


@form
def livelihood_card_list() -> openpyxl.Workbook:
    """民生信息登记卡汇总表: the version in A1, stars of duty, a hidden column, dropdowns from a hidden sheet."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "登记卡"
    ws["A1"] = "V2.3"
    ws["A1"].font = Font(size=8, color="FF999999")
    title(ws, "A2:P2", "民生信息登记卡（汇总）", name="华文中宋")
    heads(ws, 3, [
        "编号", "*建卡类型", "登记单位", "登记人", "*登记时间", "姓 名", "性别", "出生年月", "联系电话", "常住地址",
        "反映群体人数", "职业或身份", "*主要愿望或诉求（≤20字）", "反映人签名", "服务联系人", "电　话",
    ], fill="FFDDEBF7")  # fmt: skip
    frame(ws, "A4:P33", font=Font(name="仿宋", size=12))
    for row in range(4, 34):
        ws.cell(row, 5).number_format = "yyyy-mm-dd hh:mm"
    options = book.create_sheet("选项")
    for row, text in enumerate(["公共设施", "环境卫生", "安全隐患", "矛盾纠纷", "物业服务", "困难帮扶", "其他"], 1):
        options.cell(row, 1, text)
    options.sheet_state = "hidden"
    choose(ws, "B4:B33", "=选项!$A$1:$A$7")
    ws.column_dimensions["H"].hidden = True
    ws["M3"].comment = Comment("一句话说清楚", "区委办")
    ws.auto_filter.ref = "A3:P33"
    return book


@form
def work_record() -> openpyxl.Workbook:
    """工作情况记录: one row for each measure; sub-heads in brackets; hair lines; no totals."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "Sheet1"
    title(ws, "B2:K2", "工 作 情 况 记 录", size=18)
    ws["B3"] = "填报单位"
    ws.merge_cells("C3:F3")
    ws["H3"] = "填表日期"
    ws.merge_cells("I3:K3")
    frame(ws, "B3:F3")
    frame(ws, "H3:K3")
    heads(ws, 4, [
        "日期", "编号", "措施及内容", "部门", "办结时间", "办结方式", "办理结果", "反馈方式（口头/电话/书面）",
        "反映人意见（满意/基本满意/不满意）", "签名",
    ], start=2)  # fmt: skip
    frame(ws, "B5:K24", side=Border(left=HAIR, right=HAIR, top=HAIR, bottom=HAIR))
    ws.page_margins.left = 0.3
    ws.oddFooter.center.text = "第 &P 页"
    return book


@form
def assignment_list() -> openpyxl.Workbook:
    """民生事项交办单: the meeting's, three levels of headings, phone of a contact who is not the reporter."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "交办单"
    title(ws, "A1:M1", "民生事项交办清单")
    ws["A2"] = "截至    年   月   日"
    ws["M2"] = "单位：件"
    for span, text in {
        "A3:A5": "序号", "B3:B5": "会议期数", "C3:C5": "台账类型", "D3:D5": "主要事项", "E3:E5": "议决摘要",
        "F3:K3": "办理责任", "F4:H4": "单位", "I4:K4": "人员", "L3:L5": "办理时限", "M3:M5": "接件时间",
    }.items():  # fmt: skip
        ws.merge_cells(span)
        ws[span.split(":")[0]] = text
    heads(ws, 5, ["主办单位", "协办单位1", "协办单位2", "责任人", "联系人", "电话"], start=6)
    frame(ws, "A3:M15")
    for row in range(6, 16):
        ws.cell(row, 12).number_format = 'yyyy"年"m"月"d"日"'
    ws.conditional_formatting.add(
        "L6:L15", openpyxl.formatting.rule.CellIsRule(operator="lessThan", formula=["TODAY()"])
    )
    return book


@form
def dispute_ledger() -> openpyxl.Workbook:
    """矛盾纠纷排查化解台账: full-width digits and blanks, several labels in one cell, a foot to sign."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "台账"
    title(ws, "A1:N1", "２０２４年矛盾纠纷排查化解工作台账", size=22)
    ws.merge_cells("A2:N2")
    ws["A2"] = "填报单位：                    填报人：            联系电话：             填报日期：    年  月  日"
    heads(ws, 3, [
        "序　号", "排查日期", "区　域", "排查人员", "当事人", "类　型", "简　况（１００字）", "等级", "责任人",
        "化解措施", "时限", "结果", "回访情况（如有）", "备　注",
    ])  # fmt: skip
    frame(ws, "A3:N18", font=Font(name="宋体", size=10))
    ws.merge_cells("A19:E19")
    ws["A19"] = "审核人："
    ws.merge_cells("F19:N19")
    ws["F19"] = "单位负责人（签字）："
    ws.row_dimensions[3].height = 42
    ws.print_options.horizontalCentered = True
    return book


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
def hazard_ledger() -> openpyxl.Workbook:
    """安全隐患排查整改台账: dropdown of grades, photos side by side, a contents row of figures above the headings."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "隐患台账"
    title(ws, "A1:Q1", "安全隐患排查整治台账", name="黑体")
    ws.merge_cells("A2:Q2")
    ws["A2"] = "填表说明：一患一档，整改完成一处、销号一处；没有隐患的实行零报告。"
    ws["A3"] = "填报单位："
    ws["O3"] = "填报时间："
    for span, text in {
        "A4:A5": "编号", "B4:B5": "排查日期", "C4:C5": "隐患部位", "D4:D5": "排查人签字", "E4:E5": "隐患描述",
        "F4:F5": "级别\n(一般隐患/重大隐患)", "G4:K4": "整改方案（六定）", "L4:L5": "应急措施", "M4:N4": "整改前后照片",
        "O4:P4": "验收", "Q4:Q5": "销号日期",
    }.items():  # fmt: skip
        ws.merge_cells(span)
        ws[span.split(":")[0]] = text
    heads(ws, 5, ["整改项目", "整改措施", "资金", "责任人", "期限"], start=7)
    heads(ws, 5, ["整改前", "整改后", "验收人", "验收意见"], start=13)
    frame(ws, "A4:Q25")
    choose(ws, "F6:F25", '"一般隐患,重大隐患"')
    for row in range(6, 26):
        for column in (2, 11, 17):
            ws.cell(row, column).number_format = "m/d/yyyy"
    return book


@form
def rectification_ledger() -> openpyxl.Workbook:
    """问题整改台账: which problems is not said by the title; (如有) notes; locked headings, open cells."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "整改台账"
    title(ws, "A1:L1", "反馈问题整改台账")
    heads(ws, 3, [
        "序号", "反馈问题", "具体表现", "整改目标", "整改措施", "牵头领导", "责任单位", "整改时限", "进展情况",
        "佐证材料（如有）", "完成时间", "销号意见",
    ])  # fmt: skip
    frame(ws, "A3:L13")
    for cells in ws["A4:L13"]:
        for cell in cells:
            cell.protection = Protection(locked=False)
    ws.protection.sheet = True
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
def visit_record() -> openpyxl.Workbook:
    """网格员走访记录表: subject from the title, a narrow table that does not begin in column A."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "走访"
    title(ws, "C2:J2", "网格员走访记录表")
    heads(ws, 4, ["时间", "地点", "记录所属人", "参与人", "服务对象", "记录类型（排查/整改）", "内容", "附件"], start=3)
    frame(ws, "C5:J30")
    return book


@form
def meeting_record() -> openpyxl.Workbook:
    """议事协商会议情况登记表: meetings, with figures of attendance in the middle."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "会议登记"
    title(ws, "A1:L1", "议事协商会议情况登记表")
    ws["A2"] = "填报单位："
    for span, text in {
        "A3:A4": "序号", "B3:B4": "会议时间", "C3:C4": "地点", "D3:D4": "主持人", "E3:E4": "记录人",
        "F3:H3": "参会情况", "I3:I4": "议题", "J3:J4": "表决情况", "K3:K4": "决议", "L3:L4": "签名",
    }.items():  # fmt: skip
        ws.merge_cells(span)
        ws[span.split(":")[0]] = text
    heads(ws, 4, ["应到人数", "实到人数", "缺席及原因"], start=6)
    frame(ws, "A3:L14")
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


def blank(name: str) -> bytes:
    """Return a form as the office sends it."""
    out = io.BytesIO()
    FORMS[name]().save(out)
    return out.getvalue()


def main(folder: str) -> None:
    for name in FORMS:
        Path(folder, f"{name}.xlsx").write_bytes(blank(name))


if __name__ == "__main__":
    main(sys.argv[1])
