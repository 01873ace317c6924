"""What blank forms are made with: frames, titles, headings, dropdowns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
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
