"""Blank forms with a row for each subject: ledgers, lists, records of visits and meetings."""

from __future__ import annotations

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, Protection

from tests.reporting.blank_kit import HAIR, choose, form, frame, heads, title


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
