"""Fills cells inside a workbook's zip and leaves all else as it is.

Only the XML of a sheet that is filled is written anew, and in it only the filled cells; every other part stays byte for
byte. Texts go in as inline strings, so that the table of shared strings stays as it is and nothing typed by anybody
is ever taken for a formula. What a formula last came to is taken out where it may depend on a filled cell: programs
then work it out when they open the file, and none shows an old total.
"""

from __future__ import annotations

import copy
import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from lxml import etree

from bihuan.reporting.sheets.grid import At, Unreadable
from bihuan.reporting.sheets.safety import LIMITS, Limits, damaged, is_old, is_zip, open_parts, parse

_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_RID = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST = 32_767


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate to be written as the cell wants it: 0.9372 in a cell of percents, 93.72 under “(%)”, else "93.72%"."""

    value: Fraction
    in_percent: bool = False  # the heading says “(%)”


Value = str | int | float | Fraction | date | datetime | Rate
Values = Mapping[str, Mapping[At, Value]]  # sheet → cell → value


class NotBlank(ValueError):
    """A cell that holds a formula was to be filled: never done."""


def fill(
    data: bytes, values: Values, like: Mapping[str, Mapping[int, int]] | None = None, limits: Limits = LIMITS
) -> bytes:
    """Return the workbook with cells filled.

    Args:
        data: the workbook.
        values: sheet → cell → value.
        like: sheet → new row → the row that it is made like: height and styles, nothing of what stands there.
        limits: how large it may be.

    Raises:
        Unreadable: no workbook of parts (.xls, .et), damaged or too large.
        NotBlank: a cell holds a formula.
        KeyError: there is no sheet of a name.
    """
    if not is_zip(data):
        raise old_format() if is_old(data) else _no_workbook()
    infos, parts = open_parts(data, limits)
    try:
        return _zipped(infos, {**parts, **_changed(_Book(parts), values, like or {})})
    except NotBlank:
        raise
    except (AttributeError, IndexError, TypeError, ValueError) as error:  # numbers and names that are none
        raise damaged() from error


def _changed(book: _Book, values: Values, like: Mapping[str, Mapping[int, int]]) -> dict[str, bytes]:
    parts = book.parts
    wanted = {book.paths[name]: cells for name, cells in values.items() if cells}
    rows = {book.paths[name]: models for name, models in like.items()}
    changed: dict[str, bytes] = {}
    for name in book.paths.values():
        cells = wanted.get(name, {})
        if cells or (wanted and b"<f" in parts[name]):
            written = _Sheet(parts[name], book).filled(cells, rows.get(name, {}), mixed=name in wanted)
            if written is not None:
                changed[name] = written
    return changed


def old_format() -> Unreadable:
    """Return the refusal to write an old binary format, which says how to save it anew."""
    return Unreadable(
        "这是旧格式（.xls、.et）或加了密码的文件，可以读，不能原样填回。",
        "请在 WPS 或 Excel 里打开，点“文件—另存为”，类型选“Excel 工作簿（*.xlsx）”，再上传这一份。",
        "This is an old format (.xls, .et) or protected by a password: it can be read, not filled in place. ",
        "Open it in WPS or Excel, choose File, Save as, Excel workbook (*.xlsx), and send that.",
    )


def _no_workbook() -> Unreadable:
    return Unreadable(
        "这不是 Excel 工作簿。", "请上传 .xlsx 文件。", "This is no Excel workbook. ", "Send a .xlsx file."
    )


def _zipped(infos: list[zipfile.ZipInfo], parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info in infos:
            same = zipfile.ZipInfo(info.filename, info.date_time)
            same.compress_type, same.external_attr = info.compress_type, info.external_attr
            same.create_system, same.extra, same.comment = info.create_system, b"", info.comment
            archive.writestr(same, parts[info.filename])
    return out.getvalue()


class _Book:
    """What filling needs to know of the whole workbook: paths of sheets, formats of styles, shared strings."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts
        where = _main(parts)
        folder = posixpath.dirname(where)
        rels = {}
        for item in parse(parts[f"{folder}/_rels/{posixpath.basename(where)}.rels"]).iter(_REL):
            target = item.get("Target", "")
            rels[item.get("Id")] = (
                item.get("Type", ""),
                posixpath.normpath(posixpath.join(folder, target)).lstrip("/"),
            )
        workbook = parse(parts[where])
        self.paths: dict[str, str] = {}
        for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
            key = next((sheet.get(name) for name in _RID if sheet.get(name)), None)
            kind, path = rels.get(key, ("", ""))
            if path.lstrip("/") in parts and kind.endswith("/worksheet"):
                self.paths[sheet.get("name", "")] = path
        props = workbook.find("{*}workbookPr")
        self.since_1904 = props is not None and props.get("date1904") in {"1", "true"}
        self._by_kind = {kind.rpartition("/")[2]: path for kind, path in rels.values()}
        self.formats = self._formats()
        self._strings: list[Any] | None = None

    def _formats(self) -> list[str]:
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        path = self._by_kind.get("styles", "")
        if path not in self.parts:
            return []
        styles = parse(self.parts[path])
        own = {item.get("numFmtId"): item.get("formatCode", "") for item in styles.iterfind("{*}numFmts/{*}numFmt")}
        ids = [xf.get("numFmtId", "0") for xf in styles.iterfind("{*}cellXfs/{*}xf")]
        return [own.get(key) or BUILTIN_FORMATS.get(int(key), "General") for key in ids]

    def string(self, index: int) -> Any:
        """Return a shared string's element."""
        if self._strings is None:
            path = self._by_kind.get("sharedStrings", "")
            self._strings = list(parse(self.parts[path]).iterfind("{*}si")) if path in self.parts else []
        return self._strings[index]


def _main(parts: Mapping[str, bytes]) -> str:
    """Return the workbook's own part."""
    for item in parse(parts["_rels/.rels"]).iter(_REL) if "_rels/.rels" in parts else ():
        if item.get("Type", "").endswith("/officeDocument"):
            target = str(item.get("Target", "")).lstrip("/")
            if target in parts:
                return target
    if "xl/workbook.xml" not in parts:
        raise _no_workbook()
    return "xl/workbook.xml"


class _Sheet:
    """One sheet's XML while it is filled."""

    def __init__(self, content: bytes, book: _Book) -> None:
        self.book = book
        self.root = parse(content)
        self.ns = f"{{{etree.QName(self.root).namespace}}}"
        self.data = self.root.find(f"{self.ns}sheetData")
        self.rows: dict[int, Any] = {}
        number = 0
        for row in self.data if self.data is not None else ():
            number = int(row.get("r") or number + 1)
            self.rows[number] = row

    def filled(self, cells: Mapping[At, Value], like: Mapping[int, int], *, mixed: bool) -> bytes | None:
        """Return the sheet's XML with cells filled; None where nothing of it changes."""
        for number, model in sorted(like.items()):
            self._copy(number, model)
        for (row, column), value in sorted(cells.items()):
            self._set(row, column, value)
        stale = self._forget(everything=mixed)
        if not cells and not stale:
            return None
        if cells:
            self._widen(cells)
        return bytes(etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True))

    def _copy(self, number: int, model: int) -> None:
        """Make a row with the height and the styles of another, unless it is there."""
        source = self.rows.get(model)
        if source is None or number in self.rows:
            return
        made = self._row(number)
        for name, value in source.attrib.items():
            if name != "r":
                made.set(name, value)
        column = 0
        for cell in source.iterfind(f"{self.ns}c"):
            column = column_number(cell.get("r")) if cell.get("r") else column + 1
            blank = etree.SubElement(made, f"{self.ns}c", r=f"{column_letters(column)}{number}")
            if cell.get("s"):
                blank.set("s", cell.get("s"))

    def _forget(self, *, everything: bool) -> bool:
        """Take out what formulas last came to, where it may depend on what is filled."""
        found = False
        for cell in self.data.iter(f"{self.ns}c"):
            formula, value = cell.find(f"{self.ns}f"), cell.find(f"{self.ns}v")
            if formula is None or value is None:
                continue
            if everything or not formula.text or not re.fullmatch(r"[\d\s+\-*/().]*", formula.text):
                cell.remove(value)
                found = True
        return found

    def _set(self, row: int, column: int, value: Value) -> None:
        cell = self._cell(row, column)
        if cell.find(f"{self.ns}f") is not None:
            raise NotBlank(f"{column_letters(column)}{row}")
        before = self._runs(cell)
        for child in list(cell):
            if child.tag in {f"{self.ns}v", f"{self.ns}is"}:
                cell.remove(child)
        cell.attrib.pop("t", None)
        number_format = self._format(cell)
        number = _as_number(value, number_format, since_1904=self.book.since_1904)
        if number is not None:
            child = etree.Element(f"{self.ns}v")
            child.text = number
        else:
            cell.set("t", "inlineStr")
            child = self._inline(_as_text(value), before)
        cell.insert(0, child)

    def _format(self, cell: Any) -> str:
        style = int(cell.get("s") or 0)
        return self.book.formats[style] if style < len(self.book.formats) else "General"

    def _cell(self, row: int, column: int) -> Any:
        """Return a cell's element; one that is absent is made where it belongs, styled as its row or column is."""
        line = self.rows.get(row)
        if line is None:
            line = self._row(row)
        after = number = 0
        for index, cell in enumerate(line):
            if cell.tag != f"{self.ns}c":
                continue
            ref = cell.get("r")
            number = column_number(ref) if ref else number + 1
            if number == column:
                return cell
            if number < column:
                after = index + 1
        made = etree.Element(f"{self.ns}c", r=f"{column_letters(column)}{row}")
        style = line.get("s") if line.get("customFormat") in {"1", "true"} else self._column_style(column)
        if style and style != "0":
            made.set("s", style)
        line.insert(after, made)
        return made

    def _row(self, row: int) -> Any:
        made = etree.Element(f"{self.ns}row", r=str(row))
        below = [number for number in self.rows if number > row]
        if below:
            self.rows[min(below)].addprevious(made)
        else:
            self.data.append(made)
        self.rows[row] = made
        return made

    def _column_style(self, column: int) -> str | None:
        for item in self.root.iterfind(f"{self.ns}cols/{self.ns}col"):
            if int(item.get("min", "0")) <= column <= int(item.get("max", "0")):
                return str(item.get("style")) if item.get("style") else None
        return None

    def _runs(self, cell: Any) -> list[tuple[Any, str]]:
        """Return the formatted pieces of the text that stands in a cell: (format, text)."""
        source = cell.find(f"{self.ns}is")
        if cell.get("t") == "s":
            value = cell.find(f"{self.ns}v")
            if value is not None and (value.text or "").isdigit():
                source = self.book.string(int(value.text))
        if source is None:
            return []
        runs = list(source.iterfind("{*}r"))
        if not runs:
            return []
        return [(run.find("{*}rPr"), "".join(t.text or "" for t in run.iterfind("{*}t"))) for run in runs]

    def _inline(self, text: str, before: list[tuple[Any, str]]) -> Any:
        """Return an inline string; in several fonts each piece keeps its own."""
        holder = etree.Element(f"{self.ns}is")
        if not before:
            _text(holder, self.ns, text)
            return holder
        for form, piece in _spread(text, [piece for _form, piece in before], [form for form, _piece in before]):
            run = etree.SubElement(holder, f"{self.ns}r")
            if form is not None:
                run.append(copy.deepcopy(form))
            _text(run, self.ns, piece)
        return holder

    def _widen(self, cells: Mapping[At, Value]) -> None:
        """Let the sheet's stated size cover what was filled, where it does not."""
        stated = self.root.find(f"{self.ns}dimension")
        if stated is None:
            return
        found = re.fullmatch(r"([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?", stated.get("ref", ""))
        if not found:
            return
        left, top = column_number(found[1]), int(found[2])
        right, bottom = (column_number(found[3]), int(found[4])) if found[3] else (left, top)
        size = [
            min(top, *(row for row, _c in cells)), min(left, *(column for _r, column in cells)),
            max(bottom, *(row for row, _c in cells)), max(right, *(column for _r, column in cells)),
        ]  # fmt: skip
        if size != [top, left, bottom, right]:
            stated.set("ref", f"{column_letters(size[1])}{size[0]}:{column_letters(size[3])}{size[2]}")


def _text(holder: Any, ns: str, text: str) -> None:
    element = etree.SubElement(holder, f"{ns}t")
    element.text = _ESCAPED.sub("_x005F_", text)
    if text != text.strip() or "\n" in text or "  " in text:
        element.set(_SPACE, "preserve")


def _spread(text: str, old: list[str], forms: list[Any]) -> list[tuple[Any, str]]:
    """Give each run of the old text what stands in its place in the new one: alike at both ends, changed between."""
    whole = "".join(old)
    start = 0
    while start < min(len(whole), len(text)) and whole[start] == text[start]:
        start += 1
    end = 0
    while end < min(len(whole), len(text)) - start and whole[-1 - end] == text[-1 - end]:
        end += 1
    found: list[tuple[Any, str]] = []
    at, put = 0, False
    for form, piece in zip(forms, old, strict=True):
        keep = ""
        for offset, sign in enumerate(piece, start=at):
            if offset == start and not put:
                keep, put = keep + text[start : len(text) - end], True
            if offset < start or offset >= len(whole) - end:
                keep += sign
        at += len(piece)
        if keep:
            found.append((form, keep))
    if not put and start < len(text) - end:
        last = found.pop() if found else (forms[-1], "")
        found.append((last[0], last[1] + text[start : len(text) - end]))
    return found


def _as_number(value: Value, number_format: str, *, since_1904: bool) -> str | None:
    """Return the number that a value is stored as; None for what is stored as text."""
    from openpyxl.styles.numbers import is_date_format

    if isinstance(value, Rate):
        if "%" in number_format:
            return _decimal(float(value.value))
        return _decimal(round(float(value.value * 100), 2)) if value.in_percent else None
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float, Fraction)):
        return _decimal(value)
    if isinstance(value, date) and is_date_format(number_format):
        zero = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no zones
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
        past = moment.replace(tzinfo=None) - zero
        return _decimal(past / timedelta(days=1)) if past.days > 60 else None
    return None


def _decimal(value: float | Fraction) -> str:
    if isinstance(value, int) or float(value).is_integer():
        return str(int(value))
    return repr(round(float(value), 10))


def _as_text(value: Value) -> str:
    if isinstance(value, Rate):
        return f"{float(round(value.value * 100, 2)):.2f}%"
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute) == (0, 0)
        return value.strftime("%Y-%m-%d") if midnight else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return _ILLEGAL.sub("", str(value))[:_LONGEST]


def column_letters(number: int) -> str:
    """Return a column's letters: 1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(ref: str) -> int:
    """Return the column of a reference: "B5" → 2."""
    number = 0
    for sign in ref:
        if not sign.isalpha():
            break
        number = number * 26 + ord(sign.upper()) - 64
    return number
