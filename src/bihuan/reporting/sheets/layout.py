"""Where the tables of a sheet are: headings across merged cells and several rows, first row of data, totals.

Nothing here knows what a heading means; a caller may tell by ``known`` which texts it has seen before, which helps
where a sheet leaves it open which of its rows is the heading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bihuan.reporting.sheets.grid import At, Cell, Choices, Grid, Range, Sheet, Unreadable
from bihuan.reporting.sheets.reading import read_grid
from bihuan.reporting.sheets.values import plain

__all__ = [
    "At",
    "Cell",
    "Choices",
    "Column",
    "Grid",
    "Range",
    "Sheet",
    "Table",
    "Unreadable",
    "find_table",
    "find_tables",
    "is_info",
    "is_note",
    "is_total",
    "read_grid",
]

_TOTALS = {"合计", "总计", "共计", "小计", "累计", "总数", "合计数", "年度累计", "本页合计", "total"}
_NOTE = re.compile(r"^(填写?表?说明|填报说明|填报要求|使用说明|说明|注|备注|备|附注|要求|温馨提示|提示)[:：\d.、]|^※")
_INFO = re.compile(r"[:：]\s*[_\s]*($|\S)|年[\s_]*月([\s_]*日)?|^截[至止]|[（(]盖?公?章[)）]|第\s*_*\s*期")
_EXAMPLE = re.compile(r"^[(（【]?(填[写报])?(示例|样例|范例|举例|例如|例)\d*[)）】]?[:：]?$")
_LONG = 40  # characters: a heading is shorter, what is longer is a note
_LOOK = 4000  # rows in which headings are looked for


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. ``path``: its headings from the top one to the lowest."""

    left: int
    right: int
    path: tuple[str, ...]
    hidden: bool = False
    split: bool = False  # one heading over several separate cells: which of them is meant is not said

    @property
    def title(self) -> str:
        """Its headings in one: "整改情况/完成时限"."""
        return "/".join(part for part in self.path if part)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a sheet. Rows count from 1. ``last_row`` is the last one meant for data, totals left out.

    ``labels``: the columns on the left that already say what each row is about (a summary: one cell per figure);
    none where rows are for items. ``open_end``: nothing stands below, so that more rows may follow.
    """

    sheet: str
    title: str
    heading: Range
    columns: tuple[Column, ...]
    first_row: int
    last_row: int
    totals: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    open_end: bool = False

    @property
    def rows(self) -> range:
        """The rows meant for data, totals rows among them left out."""
        return range(self.first_row, self.last_row + 1)


def find_table(grid: Grid, known: Callable[[str], bool] | None = None) -> Table | None:
    """Return the table of a workbook with the most columns × rows, of a visible sheet; None where there is none."""
    found = [table for sheet in grid.sheets if not sheet.hidden for table in find_tables(sheet, known)]
    return max(found, key=lambda table: len(table.columns) * (len(table.rows) + 1), default=None)


def find_tables(sheet: Sheet, known: Callable[[str], bool] | None = None) -> tuple[Table, ...]:
    """Return the tables of a sheet from top to bottom."""
    found: list[Table] = []
    row, above = 1, 0
    while row <= min(sheet.rows, _LOOK):
        heading = _heading(sheet, row, known)
        if heading is None:
            row += 1
            continue
        table = _table(sheet, heading, above)
        if table is None:
            row += 1
            continue
        found.append(table)
        above = max(table.last_row, *table.totals, heading.bottom)
        row = above + 1
    return tuple(found)


def is_total(text: str) -> bool:
    """Tell whether a heading or the first cell of a row says that sums stand there."""
    return plain(text).rstrip(":") in _TOTALS


def is_note(text: str) -> bool:
    """Tell whether a text explains how to fill the form in."""
    return bool(_NOTE.search(text.strip())) or plain(text) in {"填写说明", "填表说明", "填报说明"}


def is_info(text: str) -> bool:
    """Tell whether a text belongs to a form's head or foot: a label with a colon, a date to be written in."""
    return bool(_INFO.search(text.strip()))


def _heading(sheet: Sheet, row: int, known: Callable[[str], bool] | None) -> Range | None:
    """Return the heading that begins in a row: its rows and columns; None where none does."""
    spans = [span for span in sheet.spans(row) if span.top == row]
    texts = [(span, sheet.text(span.top, span.left)) for span in spans]
    said = [(span, text) for span, text in texts if text]
    if len(said) < 2 or any(is_note(text) for _span, text in said):
        return None
    if any(_is_data(sheet.at(span.top, span.left)) or len(text) > _LONG * 2 for span, text in said):
        return None
    if sum(is_info(text) for _span, text in said) * 2 >= len(said):
        return None
    left, right = said[0][0].left, said[-1][0].right
    between = [text for span, text in texts if left <= span.left and span.right <= right]
    hits = sum(known(text) for _span, text in said) if known else 0
    if sum(map(bool, between)) < 0.75 * len(between):  # a label and its blank by turns, or headings with gaps?
        gaps = [span for span, text in texts if not text and left <= span.left and span.right <= right]
        if hits * 2 < len(said) or any(sheet.at(span.top, span.left).framed for span in gaps):
            return None
    if len(said) == 2 and not hits and not _framed(sheet, row, left, right):
        return None
    return _deepen(sheet, Range(row, left, max(span.bottom for span, _text in said), right))


def _is_data(cell: Cell) -> bool:
    if cell.formula or isinstance(cell.value, (int, float, date, datetime, time)):
        return True
    return bool(re.fullmatch(r"[\d.,%\-/:\s]+", cell.text))


def _framed(sheet: Sheet, row: int, left: int, right: int) -> bool:
    return all(sheet.at(row, column).framed for column in (left, right))


def _deepen(sheet: Sheet, heading: Range) -> Range:
    """Add the rows of sub-headings: those that stand below a heading that is several columns wide."""
    bottom = heading.bottom
    while bottom < sheet.rows and _goes_on(sheet, heading, bottom):
        row = bottom + 1
        bottom = max(
            [row, *(span.bottom for span in sheet.spans(row) if sheet.text(row, span.left) and span.top == row)]
        )
    right = heading.right
    for row in range(heading.top, bottom + 1):
        right = max([right, *(span.right for span in sheet.spans(row) if sheet.text(row, span.left))])
    return Range(heading.top, heading.left, bottom, right)


def _goes_on(sheet: Sheet, heading: Range, bottom: int) -> bool:
    """Tell whether the row below is one of sub-headings too."""
    row, below = bottom + 1, 0
    for span in sheet.spans(row):
        text = sheet.text(span.top, span.left)
        if not text or span.top <= bottom:
            continue
        over = sheet.span(bottom, span.left)
        single = over.wide == 1 and over.top >= heading.top and bool(sheet.text(bottom, span.left))
        if (
            single
            or _is_data(sheet.at(span.top, span.left))
            or is_note(text)
            or is_info(text)
            or is_total(text)
            and span.left == heading.left
        ):
            return False
        if over.wide > 1 and over.high == 1 and span.wide <= over.wide:
            below += 1
    return below > 0


def _table(sheet: Sheet, heading: Range, above: int) -> Table | None:
    columns = _columns(sheet, heading)
    first = _after_examples(sheet, heading)
    last, totals, open_end = _body(sheet, heading, first)
    if last < first and not open_end:
        return None
    columns = _apart(sheet, columns, range(first, last + 1))
    labels = _labels(sheet, columns, range(first, last + 1), totals)
    if labels:
        last = max(last, *totals) if totals else last
    table = Table(
        sheet.name, _title(sheet, above, heading.top), heading, columns, first, last, totals, labels, open_end
    )
    return _without_split(sheet, table)


def _after_examples(sheet: Sheet, heading: Range) -> int:
    """Return the first row for data: lines below the headings that show how to fill it in (“例”) are none."""
    row = heading.bottom + 1
    while row <= sheet.rows and _EXAMPLE.match(plain(sheet.text(row, heading.left))):
        row += 1
    return row


def _columns(sheet: Sheet, heading: Range) -> tuple[Column, ...]:
    found = []
    column = heading.left
    while column <= heading.right:
        lowest = sheet.span(heading.bottom, column)
        right = min(lowest.right, heading.right)
        path: list[str] = []
        for row in range(heading.top, heading.bottom + 1):
            span = sheet.span(row, column)
            text = sheet.at(span.top, span.left).text
            if text and (not path or path[-1] != text) and (span.top == row or row == heading.top):
                path.append(" ".join(text.split()))
        hidden = all(number in sheet.hidden_columns for number in range(column, right + 1))
        found.append(Column(column, right, tuple(path), hidden))
        column = right + 1
    return tuple(found)


def _apart(sheet: Sheet, columns: tuple[Column, ...], rows: range) -> tuple[Column, ...]:
    """Take a heading over several columns apart where texts stand in more than its first: a summary's corner."""
    found: list[Column] = []
    for column in columns:
        inner = [
            left
            for left in range(column.left + 1, column.right + 1)
            if any(sheet.starts(row, left) and sheet.text(row, left) for row in rows)
        ]
        starts = [column.left, *inner]
        ends = [*(left - 1 for left in inner), column.right]
        found.extend(replace(column, left=left, right=right) for left, right in zip(starts, ends, strict=True))
    return tuple(found)


def _without_split(sheet: Sheet, table: Table) -> Table:
    """Mark the columns whose heading stands over several cells that are not merged in the rows below."""
    row = table.first_row
    columns = tuple(
        replace(column, split=True) if column.right > sheet.span(row, column.left).right else column
        for column in table.columns
    )
    return replace(table, columns=columns)


def _body(sheet: Sheet, heading: Range, first: int) -> tuple[int, tuple[int, ...], bool]:
    """Return the last row for data, the rows of totals, and whether nothing stands below."""
    last, totals, row, framed = first - 1, [], first, False
    while row <= sheet.rows:
        spans = [span for span in sheet.spans(row) if span.right >= heading.left and span.left <= heading.right]
        texts = [sheet.text(span.top, span.left) for span in spans]
        said = [text for text in texts if text]
        lined = any(sheet.at(row, column).framed for column in range(heading.left, heading.right + 1))
        framed = framed or lined
        if not said and not lined:
            break
        if _is_foot(sheet, row, spans, said, lined=lined):
            break
        if said and is_total(said[0]) and spans[0].top == row and (texts[0] or is_total(said[0])):
            totals.append(row)
        else:
            last = row
        row += 1
    rest = any(at[0] >= row and cell.text for at, cell in sheet.cells.items())
    open_end = not rest and not totals
    return last, tuple(totals), open_end


def _is_foot(sheet: Sheet, row: int, spans: list[Range], said: list[str], *, lined: bool) -> bool:
    """Tell whether a row is no longer of the table: a note, a line of signatures, another table's title."""
    if not said:
        return False
    if is_note(said[0]):
        return True
    wide = len(spans) == 1 and spans[0].wide > 2
    if wide and (is_info(said[0]) or len(said[0]) > _LONG):
        return True
    return not lined and sum(map(is_info, said)) * 2 >= len(said) and len(said) <= 4


def _labels(sheet: Sheet, columns: tuple[Column, ...], rows: range, totals: Iterable[int]) -> tuple[int, ...]:
    """Return the columns on the left that already say what each row asks for; none where rows are for items."""
    wanted = [row for row in rows if row not in set(totals)]
    if not wanted:
        return ()
    found: list[int] = []
    for column in columns:
        texts = [sheet.text(row, column.left) for row in wanted]
        filled = sum(1 for text in texts if text)
        numbered = sum(
            1 for row, text in zip(wanted, texts, strict=True) if text and _is_data(_shown(sheet, row, column))
        )
        if filled < 0.6 * len(wanted):
            break
        if numbered == filled and plain(column.title) not in {"序号", "编号"} and found:
            break
        found.append(column.left)
    named = [
        left for left in found if any(not _is_data(_cell(sheet, row, left)) for row in wanted if sheet.text(row, left))
    ]
    rest = [column for column in columns if column.left not in found and not column.hidden]
    if not named or not rest:
        return ()
    cells = [(row, column.left) for row in wanted for column in rest]
    blank = sum(1 for row, left in cells if not sheet.text(row, left) or sheet.at(row, left).formula)
    zeros = sum(1 for row, left in cells if sheet.text(row, left) == "0")
    return tuple(found) if blank + zeros >= 0.6 * len(cells) else ()


def _cell(sheet: Sheet, row: int, left: int) -> Cell:
    span = sheet.span(row, left)
    return sheet.at(span.top, span.left)


def _shown(sheet: Sheet, row: int, column: Column) -> Cell:
    return _cell(sheet, row, column.left)


def _title(sheet: Sheet, above: int, top: int) -> str:
    """Return the text above a table that names it: the longest that is neither note nor label."""
    texts = [
        cell.text
        for (row, _column), cell in sorted(sheet.cells.items())
        if above < row < top and cell.text and not is_note(cell.text) and len(cell.text) <= _LONG * 2
    ]
    named = [text for text in texts if not re.search(r"[:：]\s*[_\s]*$", text) and len(plain(text)) > 3]
    return max(named, key=lambda text: (not is_info(text), len(plain(text))), default="")
