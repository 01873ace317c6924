"""One sheet's XML while cells of it are filled: only these change, all else stays as it is."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from bihuan.reporting.sheets.book import Book
from bihuan.reporting.sheets.grid import At
from bihuan.reporting.sheets.safety import parse
from bihuan.reporting.sheets.stored import Value, as_number, as_text, column_letters, column_number

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class NotBlank(ValueError):
    """A cell that holds a formula was to be filled: never done."""


class Part:
    """One sheet's XML while it is filled."""

    def __init__(self, content: bytes, book: Book) -> None:
        """Parse the part."""
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
        number = as_number(value, number_format, since_1904=self.book.since_1904)
        if number is not None:
            child = etree.Element(f"{self.ns}v")
            child.text = number
        else:
            cell.set("t", "inlineStr")
            child = self._inline(as_text(value), before)
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
