"""Blank forms with what offices put into their files besides: logos, protection, hidden rows, names, rules, notes."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import ColorScaleRule, FormulaRule
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as Picture

from tests.reporting.blank_kit import choose, form, frame, heads, title


def _logo() -> Image:
    out = io.BytesIO()
    Picture.new("RGB", (48, 48), (176, 32, 32)).save(out, "PNG")
    return Image(out)


@form
def kinds_compared() -> openpyxl.Workbook:
    """分类分析表: 合计 first, shares, against last month and last year; formulas for some, 其中 below a line."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "分析"
    title(ws, "A1:I1", "２０２４年   月民生诉求分类分析表")
    ws["A2"], ws["G2"] = "填报单位：", "填报日期：    年  月  日"
    for span, text in {
        "A3:A4": "类别", "B3:E3": "受理数（件）", "F3:H3": "办结数（件）", "I3:I4": "备注",
    }.items():  # fmt: skip
        ws.merge_cells(span)
        ws[span.split(":")[0]] = text
    heads(ws, 4, ["本月", "占比（%）", "上月", "环比（%）"], start=2)
    heads(ws, 4, ["本月", "去年同期", "同比增减（件）"], start=6)
    for row, name in enumerate(["合计", "公共设施", "其中：路灯", "环境卫生", "矛盾纠纷"], 5):
        ws.cell(row, 1, name)
    ws["H6"] = "=F6-G6"
    frame(ws, "A3:I9")
    ws.conditional_formatting.add("B5:B9", ColorScaleRule("min", None, "FFFFFFFF", "max", None, "FFDDEBF7"))
    ws.conditional_formatting.add("E5:E9", FormulaRule(formula=["E5<0"], font=Font(color="FFC00000")))
    ws.print_title_rows, ws.print_area = "3:4", "A1:I9"
    return book


@form
def areas_standing() -> openpyxl.Workbook:
    """网格事项办理进度表: what was left over, came in, was settled and is open; a logo; names for totals."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "进度"
    ws.add_image(_logo(), "A1")
    title(ws, "B1:G1", "网格事项办理进度表", name="黑体")
    ws["A2"], ws["E2"] = "报送单位：", "截至　　年　　月　　日"
    heads(
        ws,
        3,
        ["社区", "上期结转（件）", "本月新增数（件）", "本月办结数（件）", "在办数（件）", "占总数的比例", "办结率"],
    )
    for row, name in enumerate(["电建社区", "焦西社区", "新河社区", "总　计"], 4):
        ws.cell(row, 1, name)
        ws.cell(row, 6).number_format = ws.cell(row, 7).number_format = "0.0%"
    for column in "BCD":
        ws[f"{column}7"] = f"=SUM({column}4:{column}6)"
    frame(ws, "A3:G7")
    for row in range(4, 8):
        for column in (6, 7):
            ws.cell(row, column).number_format = "0.0%"
    book.defined_names["在办合计"] = DefinedName("在办合计", attr_text="进度!$E$7")
    return book


@form
def open_list() -> openpyxl.Workbook:
    """未办结民生事项清单: what is open at the end of the period, whenever it came in; rich text in a heading."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "清单"
    title(ws, "A1:H1", "未办结民生事项清单")
    ws["A2"] = "填报单位："
    heads(ws, 3, ["序号", "编号", "诉求事项", "登记时间", "办理时限", "牵头干部", "进展情况", "备注"])
    ws["E3"] = CellRichText("办理时限", TextBlock(InlineFont(color="FFC00000"), "（超期标红）"))
    frame(ws, "A4:H23")
    for row in range(4, 24):
        ws.cell(row, 4).number_format = "yyyy-mm-dd"
    ws.conditional_formatting.add(
        "E4:E23", FormulaRule(formula=['AND(E4<>"",E4<TODAY())'], fill=PatternFill("solid", bgColor="FFFFC7CE"))
    )
    ws.print_title_rows = "1:3"
    return book


@form
def carried_noted() -> openpyxl.Workbook:
    """民生问题办理明细表: only the notes say that what is left over is to be listed, too: proposed, and asked."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "明细"
    title(ws, "A1:F1", "民生问题办理明细表")
    heads(ws, 2, ["序号", "事项", "类别", "登记日期", "办结日期", "满意度"])
    frame(ws, "A3:F12")
    ws.merge_cells("A13:F13")
    ws["A13"] = "填表说明：本表填本月登记的民生问题，含上期未办结的；满意度据实填写。"
    choose(ws, "F3:F12", '"满意,基本满意,不满意"')
    return book


@form
def locked_report() -> openpyxl.Workbook:
    """民生诉求统计表: a protected sheet with cells open for typing, hidden rows and columns, whole numbers alone."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "统计"
    title(ws, "A1:E1", "群众诉求办理情况统计表")
    ws["A2"] = "上报单位："
    ws.merge_cells("B2:C2")
    heads(ws, 3, ["指标", "代码", "本月数", "本年累计数", "说明"])
    for row, (name, code) in enumerate([
        ("诉求数（件）", "01"), ("已办结（件）", "02"), ("内部项", "03"), ("未办结（件）", "04"), ("结案率（%）", "05"),
        ("涉及群众人数（人）", "06"),
    ], 4):  # fmt: skip
        ws.cell(row, 1, name)
        ws.cell(row, 2, code)
    frame(ws, "A3:E9")
    for row in (4, 5, 6, 7, 9):
        for column in (3, 4):
            ws.cell(row, column).protection = Protection(locked=False)
    ws["B2"].protection = Protection(locked=False)
    ws.row_dimensions[6].hidden = True
    ws.column_dimensions["B"].hidden = True
    whole = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    ws.add_data_validation(whole)
    whole.add("C4:D9")
    ws.protection.sheet, ws.protection.password = True, "1234"
    return book


@form
def two_sheets() -> openpyxl.Workbook:
    """治理工作报表 on two sheets: the same places, the figures go on on the second; a cover; a sheet that is hidden."""
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "封面"
    title(cover, "B4:F4", "基层治理工作报表", size=28)
    cover["B8"] = "填报单位："
    cover.merge_cells("C8:E8")
    cover["B9"] = "填表日期："
    cover.merge_cells("C9:E9")
    for name, columns in {
        "表一": ["社区", "收集数", "办结数", "其中：实质性办结"],
        "表二（续）": ["社区", "按期办结率（%）", "满意率（%）", "走访户数"],
    }.items():  # fmt: skip
        ws = book.create_sheet(name)
        title(ws, "A1:D1", f"网格治理工作情况（{name}）", size=16)
        heads(ws, 2, columns)
        for row, area in enumerate(["电建社区", "焦西社区", "新河社区"], 3):
            ws.cell(row, 1, area)
        frame(ws, "A2:D5")
    lists = book.create_sheet("字典")
    lists["A1"] = "代码"
    lists.sheet_state = "hidden"
    return book


@form
def funds_report() -> openpyxl.Workbook:
    """民生实事资金表: in 万元, of projects: nothing of it is in the record, nothing may be put there."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "资金"
    title(ws, "A1:G1", "民生实事项目资金使用情况表")
    ws["A2"], ws["F2"] = "填报单位：", "单位：万元"
    for span, text in {
        "A3:A4": "序号", "B3:B4": "项目名称", "C3:C4": "总投资", "D3:E3": "本年完成投资", "F3:F4": "占年计划%",
        "G3:G4": "备注",
    }.items():  # fmt: skip
        ws.merge_cells(span)
        ws[span.split(":")[0]] = text
    heads(ws, 4, ["本月", "累计"], start=4)
    frame(ws, "A3:G12")
    for row in range(5, 13):
        ws.cell(row, 6, f'=IF(C{row}="","",E{row}/C{row})').number_format = "0.0%"
    return book
