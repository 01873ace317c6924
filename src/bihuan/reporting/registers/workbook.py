"""A register as an Excel file, as offices know it: version in A1, title row, 填写说明, headings, lists to choose from.

Written by XlsxWriter in constant memory: each row is on disk before the next one is made. A text never becomes a
formula or a link, whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bihuan.reporting.registers.sources.base import Cell, Ratio

LONGEST_CELL = 32_767  # Excel's own limit
MOST_ROWS = 1_048_000
LONGEST_LIST = 255  # of a list to choose from, written into the validation itself
SPARE_ROWS = 200  # below the last line: lists to choose from hold for lines that are typed in


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its heading, width in characters, kind of cell, what may be chosen."""

    title: str
    width: int
    kind: str = "text"
    required: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands around the table."""

    title: str
    note: str = ""
    version: str = ""
    unit: str = ""  # 填报单位
    made: str = ""  # 填报日期


def write(to: IO[bytes], paper: Paper, headings: Sequence[Heading], rows: Iterable[Sequence[Cell]]) -> int:
    """Write the whole file and return how many rows it has.

    Args:
        to: a file that can be written.
        paper: title, note, version, unit, date.
        headings: the columns from left to right.
        rows: the cells of each line.
    """
    book = xlsxwriter.Workbook(
        to,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = book.add_worksheet(_sheet_name(paper.title))
    look = _formats(book)
    top = _head(sheet, look, paper, headings)
    last = top
    for row in rows:
        if last - top >= MOST_ROWS:
            break
        last += 1
        for index, value in enumerate(row):
            _put(sheet, look, last, index, value)
    _around(sheet, headings, top, last)
    book.close()
    return last - top


def _sheet_name(title: str) -> str:
    return "".join("_" if sign in "[]:*?/\\'" else sign for sign in title)[:31] or "Sheet1"


def _formats(book: Any) -> dict[str, Any]:
    cell = {"font_name": "宋体", "font_size": 10.5, "border": 1, "valign": "vcenter", "text_wrap": True}
    return {
        "title": book.add_format({"font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter"}),
        "small": book.add_format({"font_name": "宋体", "font_size": 9, "valign": "vcenter"}),
        "note": book.add_format({"font_name": "宋体", "font_size": 9, "text_wrap": True, "valign": "top"}),
        "head": book.add_format({**cell, "font_name": "黑体", "bold": True, "align": "center", "bg_color": "#F2F2F2"}),
        "text": book.add_format({**cell, "num_format": "@"}),
        "number": book.add_format({**cell, "align": "right"}),
        "percent": book.add_format({**cell, "num_format": "0.0%", "align": "right"}),
        "date": book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "center"}),
        "time": book.add_format({**cell, "num_format": "yyyy-mm-dd hh:mm", "align": "center"}),
    }


def _head(sheet: Any, look: dict[str, Any], paper: Paper, headings: Sequence[Heading]) -> int:
    """Write what stands above the lines and return the row of the headings."""
    last = max(len(headings) - 1, 1)
    # Column widths come first: in constant memory nothing can be changed once its row is written.
    for index, heading in enumerate(headings):
        sheet.set_column(index, index, heading.width)
    sheet.set_row(0, 13)
    sheet.write_string(0, 0, paper.version, look["small"])
    sheet.set_row(1, 34)
    sheet.merge_range(1, 0, 1, last, paper.title, look["title"])
    row = 2
    if paper.note:
        said = _("填写说明：%s") % paper.note
        sheet.set_row(row, 15 * (1 + len(said) // 60))
        sheet.merge_range(row, 0, row, last, said, look["note"])
        row += 1
    sheet.write_string(row, 0, _("填报单位：%s") % paper.unit, look["small"])
    sheet.write_string(row, last, _("填报日期：%s") % paper.made, look["small"])
    row += 1
    sheet.set_row(row, 30)
    for index, heading in enumerate(headings):
        sheet.write_string(row, index, ("*" if heading.required else "") + heading.title, look["head"])
    return row


def _put(sheet: Any, look: dict[str, Any], row: int, column: int, value: Cell) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, look["text"])
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, localtime(value).replace(tzinfo=None, microsecond=0), look["time"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), look["date"])  # noqa: DTZ001
    elif isinstance(value, Ratio):
        sheet.write_number(row, column, float(value), look["percent"])
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, look["number"])
    else:
        sheet.write_string(row, column, _plain(value)[:LONGEST_CELL], look["text"])


def _plain(value: str) -> str:
    """Return a text without the control characters that XML cannot hold."""
    return "".join(sign for sign in value if sign >= " " or sign in "\n\t")


def _around(sheet: Any, headings: Sequence[Heading], top: int, last: int) -> None:
    """Set what belongs to the sheet as a whole: printing, frozen headings, filter, lists to choose from."""
    right = max(len(headings) - 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.print_area(0, 0, max(last, top + 1), right)
    sheet.set_footer("&C&P / &N")
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, max(last, top + 1), right)
    for index, heading in enumerate(headings):
        options = [option.replace(",", "，") for option in heading.options]
        if options and len(",".join(options)) <= LONGEST_LIST:
            sheet.data_validation(
                top + 1,
                index,
                last + SPARE_ROWS,
                index,
                {"validate": "list", "source": options, "error_type": "warning"},
            )
