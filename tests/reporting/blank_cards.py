"""Blank forms for one matter: a card, an assignment sheet, a task sheet, a notice to mend a hazard."""

from __future__ import annotations

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation

from tests.reporting.blank_kit import FRAME, MIDDLE, choose, form, frame, title


def laid(ws: openpyxl.worksheet.worksheet.Worksheet, cells: dict[str, str]) -> None:
    """Write texts into cells; "A3:A6" is merged first."""
    for span, text in cells.items():
        if ":" in span:
            ws.merge_cells(span)
        ws[span.split(":")[0]] = text


@form
def livelihood_card() -> openpyxl.Workbook:
    """民生信息登记卡: sections written down the left, boxes to be ticked, a signature, a wide field for the wish."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "登记卡"
    title(ws, "A1:H1", "民 生 信 息 登 记 卡")
    frame(ws, "A3:H13")
    laid(ws, {
        "A2:D2": "编号：", "E2:H2": "填报日期：    年   月   日",
        "A3": "建卡类型", "B3:H3": "□公共设施 □环境卫生 □安全隐患 □矛盾纠纷 □其他", "A4": "登记单位", "B4:D4": "",
        "E4": "登记人", "F4": "", "G4": "登记时间", "H4": "",
        "A5:A7": "反映人基本情况", "B5": "姓名", "C5:D5": "", "E5": "性别", "F5": "", "G5": "出生年月", "H5": "",
        "B6": "联系电话", "C6:D6": "", "E6": "常住地址", "F6:H6": "",
        "B7": "职业或身份", "C7:D7": "", "E7:F7": "反映群体人数", "G7:H7": "",
        "A8": "主要愿望或诉求（不超过20字）", "B8:H8": "", "A9": "具体内容", "B9:H9": "",
        "A10": "服务联系人", "B10:C10": "", "D10": "单位及职务", "E10:F10": "", "G10": "电话", "H10": "",
        "A11": "办理情况", "B11:H11": "", "A12": "办理结果", "B12:H12": "",
        "A13": "反映人意见", "B13:E13": "□满意 □基本满意 □不满意", "F13": "反映人签名", "G13:H13": "",
    })  # fmt: skip
    for row in (8, 9, 11, 12):
        ws.row_dimensions[row].height = 60
    ws["H4"].number_format = "yyyy-mm-dd"
    ws.page_setup.paperSize, ws.page_setup.fitToWidth = 9, 1
    ws.print_area = "A1:H13"
    return book


@form
def handover_sheet() -> openpyxl.Workbook:
    """民生事项交办单: dates to be written into the text, a contact's telephone, a stub to be sent back."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "Sheet1"
    title(ws, "B2:G2", "民生事项交办单", name="华文中宋")
    frame(ws, "B4:G10")
    laid(ws, {
        "B3:D3": "会议期数：", "E3:G3": "接件时间：    年    月    日",
        "B4": "台账类型", "C4:D4": "", "E4": "事项编号", "F4:G4": "",
        "B5": "主要事项", "C5:G5": "", "B6": "议决摘要", "C6:G6": "",
        "B7": "主办单位", "C7:D7": "", "E7": "协办单位", "F7:G7": "",
        "B8": "责任人", "C8:D8": "", "E8": "办理时限", "F8:G8": "",
        "B9": "联系人", "C9:D9": "", "E9": "电话", "F9:G9": "",
        "B10": "领导批示", "C10:G10": "", "B12": "签收人：", "E12": "签收时间：    年    月    日",
    })  # fmt: skip
    ws["F8"].number_format = 'yyyy"年"m"月"d"日"'
    ws["B2"].font = Font(name="华文中宋", size=20, color="FFC00000", bold=True)
    return book


@form
def event_task() -> openpyxl.Workbook:
    """事件任务单: the number in the corner, a tall field for what was done, dropdowns, some cells locked."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "任务单"
    title(ws, "A1:F1", "社会治理事件任务单", size=18)
    frame(ws, "A3:F10")
    laid(ws, {
        "E2": "单号：", "A3": "主题", "B3:F3": "", "A4": "承办单位", "B4:C4": "", "D4": "时限", "E4:F4": "",
        "A5": "信息来源", "B5:C5": "", "D5": "当事人", "E5:F5": "",
        "A6": "发生日期", "B6": "", "C6": "所属网格", "D6": "", "E6": "涉及人数", "F6": "",
        "A7": "类型", "B7:C7": "", "D7": "紧急程度", "E7:F7": "□一般 □紧急 □特急",
        "A8": "内容", "B8:F8": "", "A9": "领导意见", "B9:F9": "", "A10": "处理记录", "B10:F10": "",
    })  # fmt: skip
    choose(ws, "B7", '"公共设施,环境卫生,安全隐患,矛盾纠纷,物业服务,困难帮扶,其他"')
    most = DataValidation(type="whole", operator="between", formula1="0", formula2="9999", allow_blank=True)
    ws.add_data_validation(most)
    most.add("F6")
    ws["B8"].alignment = Alignment(wrap_text=True, vertical="top")
    ws.oddFooter.right.text = "打印时间 &D"
    return book


@form
def hazard_notice() -> openpyxl.Workbook:
    """隐患整改通知书: a letter with labels in two columns; the six fixed points; what is checked is signed."""
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "通知书"
    title(ws, "A1:D1", "安全隐患整改通知书", name="黑体")
    frame(ws, "A3:D9")
    laid(ws, {
        "A2:B2": "编号：", "C2:D2": "填报单位（盖章）：",
        "A3": "隐患部位", "B3": "", "C3": "排查日期", "D3": "", "A4": "隐患描述", "B4:D4": "",
        "A5": "隐患级别", "B5:D5": "□一般隐患　□重大隐患", "A6": "整改措施", "B6:D6": "",
        "A7": "责任人", "B7": "", "C7": "整改期限", "D7": "", "A8": "复查人", "B8": "", "C8": "复查意见", "D8": "",
        "A9": "整改前照片", "B9:D9": "", "A11": "签发人：", "C11": "年    月    日",
    })  # fmt: skip
    for ref in ("D3", "D7"):
        ws[ref].number_format = "yyyy/m/d"
        ws[ref].border, ws[ref].alignment = FRAME, MIDDLE
    return book
