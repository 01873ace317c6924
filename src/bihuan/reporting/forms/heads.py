"""A form's head and foot: labels with a blank beside them, and blanks within a text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bihuan.reporting.forms.words import Words, heading
from bihuan.reporting.sheets.grid import At, Range, Sheet
from bihuan.reporting.sheets.layout import is_note

_GAP = r"[\s_\u3000＿—]*"
# 2024年4月30日 with at least one of its numbers missing: "   年  月  日", "2024年   月"
_DATE = re.compile(r"(?P<y>\d{4}|二〇二.|[\s_\u3000＿]*)年(?P<m>[\s_\u3000＿\d]*)月(?P<d>[\s_\u3000＿\d]*日)?")
_LABEL = re.compile(rf"(?P<label>[\u4e00-\u9fff（）()]{{2,14}})(?P<colon>[:：])(?P<gap>{_GAP})(?=$|[\u4e00-\u9fff（(])")
_NEXT = re.compile(r"[\u4e00-\u9fff（）()]{2,14}[:：]")
_LONGEST = 300  # characters of a cell with labels; what is longer is a text to be read
_WORDS = ("表", "台账", "清单", "报告", "情况", "统计")


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank of the head: ``at`` is the cell to be written, ``label`` what stands before it.

    ``start``/``end``: where in the cell's own text it stands; both None where the whole cell is blank.
    ``form``: "text", or of a date "ymd" or "ym"; ``since``: it is the first of two dates (从 … 至 …).
    """

    at: At
    label: str
    start: int | None = None
    end: int | None = None
    form: str = "text"
    given: str = ""  # the year that stands there already
    title: bool = False
    since: bool = False


def blanks(sheet: Sheet, outside: list[Range], words: Words) -> Iterator[Blank]:
    """Yield the blanks of a sheet's head and foot; ``outside``: the tables, which are not looked into."""
    for (row, column), cell in sorted(sheet.cells.items()):
        if (
            not cell.text
            or len(cell.text) > _LONGEST
            or cell.formula
            or is_note(cell.text)
            or not sheet.starts(row, column)
        ):
            continue
        if any((row, column) in span for span in outside) or column in sheet.hidden_columns or row in sheet.hidden_rows:
            continue
        raw = cell.value if isinstance(cell.value, str) else cell.text
        if len(raw) <= _LONGEST:
            yield from _within(sheet, (row, column), raw, words)


def _within(sheet: Sheet, at: At, text: str, words: Words) -> Iterator[Blank]:
    dates = list(_dates(sheet, at, text))
    yield from dates
    taken = [(blank.start or 0, blank.end or 0) for blank in dates]
    labels = [
        found
        for found in _LABEL.finditer(text)
        # "单位：件" and "其中：实质性办结" are said already; of a date the blank is its own
        if (
            found.end("gap") > found.end("colon")
            or found.end("gap") == len(text)
            or _NEXT.match(text, found.end("gap"))
        )
        and not any(a <= found.end("colon") < b for a, b in taken)
    ]
    beside = _beside(sheet, at)
    for found in labels:
        start, end = found.span("gap")
        if any(a <= start <= b and a < len(text) for a, b in taken):  # its blank is a date's
            continue
        last = not text[end:].strip()
        if last and beside is not None and not text[start:end].strip(" \u3000"):
            yield Blank(beside, found["label"])
        else:
            yield Blank(at, found["label"], start, end)
    if labels or dates or beside is None or len(heading(text)) < 2:
        return
    if heading(text) in words.heads or sheet.at(*beside).framed:
        yield Blank(beside, text)


def _beside(sheet: Sheet, at: At) -> At | None:
    """Return the blank cell that stands to the right of a label: framed, or merged of several."""
    span = sheet.span(*at)
    row, column = span.top, span.right + 1
    if not sheet.empty(row, column) or sheet.span(row, column).top != row:
        return None
    other = sheet.span(row, column)
    return (row, column) if sheet.at(row, column).framed or other.wide > 1 else None


def _dates(sheet: Sheet, at: At, text: str) -> Iterator[Blank]:
    found = [one for one in _DATE.finditer(text) if _open(one) and not _named(one)]
    for index, one in enumerate(found):
        start = one.start()
        before = text[: one.start()]
        label = re.split(r"[\s:：_＿]+", before.rstrip(" :：_＿\u3000\t"))[-1] if before.strip() else ""
        if not label and not before.strip():
            label = _left(sheet, at)
        label = re.sub(r"^[（(]", "", label)
        title = not one["d"] and any(word in text for word in _WORDS)
        pair = len(found) == 2 and index == 0 and bool(re.search(r"^\s*[至到—\-~～]", text[one.end() :]))
        year = one["y"].strip("_＿ \u3000\t")
        yield Blank(at, label, start, one.end(), "ymd" if one["d"] else "ym", year, title, pair)


def _open(found: re.Match[str]) -> bool:
    missing = [not found[name].strip("_＿ \u3000\t\n日") for name in ("y", "m")]
    day = found["d"] is not None and not found["d"].strip("_＿ \u3000\t\n日")
    return (
        missing[1] or (missing[0] and not any(found.string[: found.start()][-1:] == sign for sign in "每近今去")) or day
    )


def _named(found: re.Match[str]) -> bool:
    """Tell whether it is no blank but a heading: 出生年月."""
    before = found.string[: found.start()][-1:]
    return found[0] in {"年月", "年月日"} and "\u4e00" <= before <= "\u9fff" and before not in "至到止从自"


def _left(sheet: Sheet, at: At) -> str:
    """Return the label that stands left of a cell."""
    column = at[1] - 1
    while column >= 1:
        text = sheet.text(at[0], column)
        if text:
            return text
        column -= 1
    return ""


def written(blank: Blank, text: str, value: str | date) -> str:
    """Return a cell's text with its blank filled; what stands after it keeps two spaces' distance."""
    start, end = blank.start or 0, blank.end or 0
    rest = text[end:]
    if isinstance(value, date) and blank.form != "text":
        year = blank.given or str(value.year)
        said = f"{year}年{value.month}月" + (f"{value.day}日" if blank.form == "ymd" else "")
        return text[:start] + said + rest
    said = f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else value
    return text[:start] + said + ("  " if rest.strip() else "") + rest
