"""Reads the tables that people keep (Excel, WPS, CSV) into rows that know their line.

People's files have a title row, a 填写说明 row, starred headings, full-width digits, GB18030 text and numbers
stored as numbers. The heading row is found, not assumed; every cell comes out as text.
"""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 80 * 1024 * 1024
MAX_ROWS = 50_000
_HEAD_ROWS = 12  # a heading stands within the first rows, below titles and instructions


@dataclass(frozen=True)
class RowProblem:
    """One thing wrong with one row: where (line as Excel counts, column as headed), why, how to mend."""

    line: int
    column: str
    why: str
    how: str
    value: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON."""
        return {
            "line": self.line,
            "column": self.column,
            "why": self.why,
            "how": self.how,
            "value": self.value,
        }


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do: whole or not at all."""

    rows: int
    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    problems: tuple[RowProblem, ...] = ()
    dry_run: bool = True

    @property
    def applied(self) -> bool:
        """Whether everything is now as the file says."""
        return not self.dry_run and not self.problems

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON."""
        return {**asdict(self), "applied": self.applied}


@dataclass(frozen=True)
class Row:
    """One row: its line, and its cells by the table's own keys."""

    line: int
    cells: Mapping[str, str]

    def get(self, key: str) -> str:
        """Return a cell's text, ``""`` where empty or without such a column."""
        return self.cells.get(key, "")


@dataclass(frozen=True)
class Table:
    """A file read: which columns it has (key → heading as written) and its rows."""

    headings: Mapping[str, str]
    rows: list[Row] = field(default_factory=list)

    def heading(self, key: str, default: str) -> str:
        """Return how the file itself calls a column, for messages."""
        return self.headings.get(key, default)


def read_table(data: bytes, filename: str, synonyms: Mapping[str, str], required: Iterable[str]) -> Table:
    """Read a file's first sheet.

    Args:
        data: The file's bytes.
        filename: Its name; the ending tells a CSV, the content an Excel file.
        synonyms: Heading in lower case without blanks and stars → the column's key.
        required: Keys that the heading row must have.

    Raises:
        BadInput: when the file is too large, is neither, or has no heading row.
    """
    if len(data) > MAX_BYTES:
        raise _unreadable(_("文件超过 5 MB"), _("请拆分成几个文件分别导入"))
    if data[:4] == b"PK\x03\x04":
        lines = _excel(data)
    elif data[:4] == b"\xd0\xcf\x11\xe0":
        raise _unreadable(_("这是旧式 .xls 文件"), _("请在 Excel 或 WPS 中另存为 .xlsx 再导入"))
    elif filename.lower().endswith((".csv", ".txt", ".tsv")):
        lines = _csv(data)
    else:
        raise _unreadable(_("不是 Excel（.xlsx）或 CSV 文件"), _("请选择 .xlsx 或 .csv 文件"))
    return _with_heading(lines, synonyms, list(required))


def _unreadable(why: str, how: str) -> BadInput:
    return BadInput(Problem("file", why, how))


def _csv(data: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _unreadable(_("文字编码无法识别"), _("请另存为 UTF-8 编码的 CSV"))
    if "\x00" in text:
        raise _unreadable(_("文件里有空字符，不像是文本"), _("请另存为 UTF-8 编码的 CSV"))
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise _unreadable(_("CSV 格式有误：%(error)s") % {"error": error}, _("请检查引号是否成对")) from error


def _excel(data: bytes) -> Iterator[list[str]]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise _unreadable(_("文件解压后过大"), _("请删去多余的工作表和图片，或另存为 CSV"))
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file claims about its size is often wrong
        for cells in sheet.iter_rows(values_only=True):
            yield ["" if cell is None else _text(cell) for cell in cells]
    except BadInput:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a damaged file makes the library raise
        raise _unreadable(_("Excel 文件已损坏，无法读取"), _("请在 Excel 或 WPS 中打开后另存一份")) from error


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a code typed as a number
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())[:10]
    return str(cell)


def _with_heading(lines: Iterator[list[str]], synonyms: Mapping[str, str], required: list[str]) -> Table:
    headings: dict[str, str] = {}
    columns: dict[int, str] = {}
    rows: list[Row] = []
    for number, cells in enumerate(lines, start=1):
        if not columns:
            found = {i: key for i, cell in enumerate(cells) if (key := synonyms.get(_heading(cell)))}
            if set(required) <= set(found.values()):
                columns = found
                headings = {key: cells[i].strip() for i, key in found.items()}
                if len(set(found.values())) < len(found):
                    raise _unreadable(_("有两列的标题意思相同"), _("请删去或改名其中一列"))
            elif number >= _HEAD_ROWS:
                break
            continue
        values = {key: cells[i].strip() for i, key in columns.items() if i < len(cells)}
        if any(values.values()) and not _is_note(cells):
            rows.append(Row(number, values))
        if len(rows) > MAX_ROWS:
            raise _unreadable(_("超过 50,000 行"), _("请拆分成几个文件分别导入"))
    if not columns:
        wanted = "、".join(sorted({word for word, key in synonyms.items() if key in required and not word.isascii()}))
        raise _unreadable(_("没有找到标题行"), _("标题行应包含：%(wanted)s") % {"wanted": wanted})
    return Table(headings, rows)


def _heading(cell: str) -> str:
    text = unicodedata.normalize("NFKC", cell).replace("*", "")
    return "".join(text.split()).lower().split("(")[0]


def _is_note(cells: list[str]) -> bool:
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    return first.startswith(("填写说明", "说明:", "说明：", "注:", "注：", "#"))
