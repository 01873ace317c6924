"""A file as a table to be brought in: its sheets and tables, one of them chosen, its rows as texts and values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem
from bihuan.reporting.bringin import columns as naming
from bihuan.reporting.sheets.grid import At, Cell, Grid, Sheet, Unreadable, make_sheet
from bihuan.reporting.sheets.layout import Column, Table, find_tables, is_note, is_total, read_grid

MOST_ROWS = 5_000
_SAMPLES = 3
_BOUND = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the ledger: where it stands in the file, its cells by the left edge of their column."""

    line: int
    cells: Mapping[int, Cell]

    def text(self, left: int) -> str:
        """Return what is shown in a column."""
        cell = self.cells.get(left)
        return cell.text.strip() if cell is not None else ""


@dataclass(frozen=True, slots=True)
class Source:
    """A table of a file: its sheet, columns and rows."""

    index: int  # among all tables of the file
    sheet: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def samples(self) -> dict[int, list[str]]:
        """Return of each column some texts that stand in it."""
        return {
            column.left: [text for row in self.rows[:50] if (text := row.text(column.left))][:_SAMPLES]
            for column in self.columns
        }


def read_sources(data: bytes, name: str, words: Mapping[str, str] | None = None) -> list[Source]:
    """Return every table of a workbook or CSV file, the likeliest first.

    Args:
        data: the file.
        name: its name; says what it is.
        words: headings of the methods in use, → what they mean.

    Raises:
        BadInput: unreadable, or without a table.
    """
    if len(data) > _BOUND:
        raise BadInput(Problem("file", _("文件超过 5 MB。"), _("请分成几个文件。")))
    try:
        grid = _of_csv(data) if name.lower().endswith((".csv", ".txt")) else read_grid(data)
    except Unreadable as error:
        english = (get_language() or "").startswith("en")
        why, how = (error.why_en, error.how_en) if english else (error.why, error.how)
        raise BadInput(Problem("file", why, how)) from error
    own = words or {}
    found: list[Source] = []
    for sheet in grid.sheets:
        if sheet.hidden:
            continue
        for table in find_tables(sheet, lambda heading: naming.form_of(heading) in own or naming.known(heading)):
            rows = tuple(_rows(sheet, table))
            if rows:
                found.append(Source(len(found), sheet.name, table.title, table.columns, rows))
    if not found:
        raise BadInput(Problem("file", _("没有找到带表头的表格。"), _("请确认表头在一行里，下面有数据，再上传。")))
    return sorted(found, key=lambda source: _likely(source, own), reverse=True)


def _likely(source: Source, words: Mapping[str, str]) -> tuple[int, int]:
    fields = naming.guess(source.columns, {}, words)
    return sum(field not in {naming.KEEP, naming.DROP} for field in fields.values()), len(source.rows)


def _of_csv(data: bytes) -> Grid:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable("文件的编码认不出来。", "请另存为 .xlsx 后上传。", "Unknown encoding. ", "Save it as .xlsx.")
    cells: dict[At, Cell] = {}
    for row, values in enumerate(csv.reader(io.StringIO(text)), start=1):
        for column, value in enumerate(values, start=1):
            if value.strip():
                cells[row, column] = Cell(value.strip(), value.strip())
    return Grid((make_sheet("CSV", cells),), writable=False)


def _rows(sheet: Sheet, table: Table) -> Iterator[Row]:
    """Yield the lines below a heading: a cell merged over several of them holds for each; totals and notes are none.

    A table goes on to the end of its sheet: an empty line between two of them is no end.
    """
    last = sheet.rows if table.open_end else table.last_row
    for line in range(table.first_row, last + 1):
        if line in table.totals:
            continue
        cells: dict[int, Cell] = {}
        for column in table.columns:
            span = sheet.span(line, column.left)
            cell = sheet.at(span.top, span.left)
            if cell.text:
                cells[column.left] = cell
        own = [cell.text for column in table.columns if (cell := sheet.at(line, column.left)).text]
        if not own or is_total(own[0]) or (len(own) == 1 and is_note(own[0])):
            continue
        yield Row(line, cells)
        if line - table.first_row > MOST_ROWS:
            raise BadInput(Problem("file", _("一次最多导入 %(n)s 行。") % {"n": MOST_ROWS}, _("请分成几个文件。")))
