"""A form that is understood + the facts → which cell gets what, and what stays blank for which reason. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Protocol

from openpyxl.styles.numbers import is_date_format

from bihuan.reporting.forms.heads import Blank, written
from bihuan.reporting.forms.shapes import LEAVE, Ask, Form, ItemTable, Say, Slot
from bihuan.reporting.forms.words import heading
from bihuan.reporting.sheets.grid import At, Choices, Sheet
from bihuan.reporting.sheets.patch import Rate, Value, column_letters
from bihuan.reporting.sheets.values import plain

Cell = str | int | float | date | datetime | None
_LIMIT = re.compile(r"(\d{1,4})个?字")

_UNKNOWN = Say("不知道这里要填什么。", "It is not known what is wanted here.")
_AGREED = Say("按说明留空。", "Left blank, as was said.")
_LOCKED = Say("表格锁定了这一格。", "The form keeps this cell locked.")
_PHONE = Say("填报人的电话不代填。", "The telephone of who fills it in is left to them.")
_NAME = Say("不知道是谁在填。", "Who fills it in is not known.")
_YEAR = Say("表上印的年份和所选时段不同。", "The year printed in the form is not the one chosen.")
_MONTHS = Say("表上只有一个月份，所选时段不止一个月。", "The form has room for one month; more were chosen.")
_NO_DATE = Say("这一格是日期格式，要填的不是日期。", "The cell is made for dates; this is none.")
_NOT_OFFERED = Say("系统里的说法不在下拉选项里。", "What the record says is not among the cell's choices.")
_TOO_LONG = Say("比表上允许的字数长，请自己概括。", "Longer than the form allows: please sum it up.")
_NONE = Say("这段时间没有要填的事项（零报告）。", "There is nothing to report for this period.")
_MIXED = Say("表里已经有内容，不覆盖。", "Something stands there already; it is not written over.")


@dataclass(frozen=True, slots=True)
class Frame:
    """Who fills in, for where and when. ``until`` is the last day that is counted."""

    unit: str
    person: str
    today: date
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Found:
    """A figure: its value, or why there is none. A rate is a fraction of 1."""

    value: int | Fraction | None
    rate: bool = False
    why: Say | None = None


class Facts(Protocol):
    """Where the values come from."""

    def figure(self, ask: Ask) -> Found:
        """Return one figure."""

    def items(self, of: str, where: Mapping[str, str], wanted: Sequence[str]) -> Sequence[Sequence[Cell]] | Say:
        """Return the subjects of the period, oldest first, each with the wanted values; or why there are none."""


@dataclass(frozen=True, slots=True)
class Done:
    """A cell or column that was filled: where, under which heading, with what (one value of a column)."""

    sheet: str
    ref: str
    heading: str
    meaning: str
    value: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Left:
    """What stays blank, and why."""

    sheet: str
    ref: str
    heading: str
    why: Say
    asked: str = ""  # the slot's key, where an answer would help


@dataclass
class Plan:
    """What to write where, and what to tell. ``like``: (sheet, row) → the row above that a new one is made like."""

    values: dict[str, dict[At, Value]] = field(default_factory=dict)
    like: dict[str, dict[int, int]] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    def put(self, sheet: Sheet, at: At, value: Value, slot: Slot) -> None:
        """Fill one cell."""
        self.values.setdefault(sheet.name, {})[at] = value
        self.done.append(Done(sheet.name, ref(at), slot.heading, slot.meaning, said(value)))

    def leave(self, sheet: str, at: At | str, heading_: str, why: Say, asked: str = "") -> None:
        """Leave something blank."""
        self.left.append(Left(sheet, at if isinstance(at, str) else ref(at), heading_, why, asked))


def plan(form: Form, facts: Facts, frame: Frame) -> Plan:
    """Work out what to write into a form."""
    made = Plan()
    _head(form, frame, made)
    for sheet_name, key, ask in form.pairs:
        _figure(made, form.grid.sheet(sheet_name), form.slots[key], ask, facts)
    for table in form.summaries:
        sheet = form.grid.sheet(table.table.sheet)
        for ask in table.asks:
            _figure(made, sheet, _titled(form, sheet, ask), ask, facts)
        for at, why in table.unknown:
            made.leave(sheet.name, at, _around(sheet, table.table.heading.bottom, at), why)
    for items in form.items:
        _items(made, form, items, facts)
    for slot in form.slots.values():
        if slot.role == "pair" and not slot.meaning:
            made.leave(slot.sheet, (slot.where.top, slot.where.left), slot.heading, slot.why or _UNKNOWN, slot.key)
    return made


def ref(at: At) -> str:
    """Return a cell's name: (5, 2) → "B5"."""
    return f"{column_letters(at[1])}{at[0]}"


def said(value: Value) -> str:
    """Return a value as it is told."""
    if isinstance(value, Rate):
        return f"{float(value.value):.2%}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Fraction):
        return f"{float(value):g}"
    return str(value)


def _titled(form: Form, sheet: Sheet, ask: Ask) -> Slot:
    row = next(table.table for table in form.summaries if table.table.sheet == sheet.name and ask in table.asks)
    title = _around(sheet, row.heading.bottom, ask.at)
    return Slot("", sheet.name, row.heading, title, "above", f"measure:{ask.figure}")


def _around(sheet: Sheet, bottom: int, at: At) -> str:
    """Return what stands left of and above a cell of a summary."""
    left = [sheet.text(at[0], column) for column in range(1, at[1])]
    named = [text for text in left if text and not re.fullmatch(r"[\d.,%]+", text)]
    return " ".join([*dict.fromkeys(named), sheet.text(bottom, at[1])]).replace("\n", "")


def _head(form: Form, frame: Frame, made: Plan) -> None:
    """Fill the labels' blanks; several blanks of one cell are written together, from the last one on."""
    inside: dict[tuple[str, At], list[tuple[Blank, str | date]]] = {}
    for sheet_name, key, blank in form.blanks:
        sheet, slot = form.grid.sheet(sheet_name), form.slots[key]
        value = _head_value(slot, blank, frame)
        if sheet.locked(*blank.at):
            value = _LOCKED
        if isinstance(value, Say):
            made.leave(sheet_name, blank.at, slot.heading, value, "" if slot.meaning else key)
        elif blank.start is None:
            made.put(sheet, blank.at, _as_cell(sheet, blank.at, value), slot)
        else:
            inside.setdefault((sheet_name, blank.at), []).append((blank, value))
            shown = value.isoformat() if isinstance(value, date) else value
            made.done.append(Done(sheet_name, ref(blank.at), slot.heading, slot.meaning, shown))
    for (sheet_name, at), blanks in inside.items():
        cell = form.grid.sheet(sheet_name).at(*at)
        text = cell.value if isinstance(cell.value, str) else cell.text
        for blank, value in sorted(blanks, key=lambda pair: -(pair[0].start or 0)):
            text = written(blank, text, value)
        made.values.setdefault(sheet_name, {})[at] = text


def _as_cell(sheet: Sheet, at: At, value: str | date) -> Value:
    dated = any(sign in sheet.at(*at).number_format.lower() for sign in ("yy", "m/d", "年"))
    return value if isinstance(value, str) or dated else f"{value.year}年{value.month}月{value.day}日"


def _head_value(slot: Slot, blank: Blank, frame: Frame) -> str | date | Say:
    """Return what a blank of the head is filled with, or why it is not."""
    meaning = slot.meaning.removeprefix("head:")
    if not slot.meaning or slot.meaning == LEAVE:
        return slot.why or (_AGREED if slot.meaning else _UNKNOWN)
    if meaning == "unit":
        return frame.unit
    if meaning == "filler":
        return frame.person or _NAME
    if meaning == "period":
        return _period(blank, frame)
    days = {"date": frame.today, "until": frame.until, "since": frame.since}
    if meaning not in days:
        return _PHONE if meaning == "filler_phone" else _UNKNOWN
    return _same_year(blank, days[meaning])


def _period(blank: Blank, frame: Frame) -> str | date | Say:
    one = (frame.since.year, frame.since.month) == (frame.until.year, frame.until.month)
    if blank.form != "text":
        return _same_year(blank, frame.until) if one else _MONTHS
    first = f"{frame.since.year}年{frame.since.month}月"
    if one:
        return first
    same = frame.since.year == frame.until.year
    return f"{first}至" + ("" if same else f"{frame.until.year}年") + f"{frame.until.month}月"


def _same_year(blank: Blank, day: date) -> date | Say:
    given = unicodedata.normalize("NFKC", blank.given)
    return day if not given or given == str(day.year) else _YEAR


def _figure(made: Plan, sheet: Sheet, slot: Slot, ask: Ask, facts: Facts) -> None:
    if not sheet.empty(*ask.at):
        return made.leave(sheet.name, ask.at, slot.heading, _MIXED)
    if sheet.locked(*ask.at):
        return made.leave(sheet.name, ask.at, slot.heading, _LOCKED)
    found = facts.figure(ask)
    if found.value is None:
        return made.leave(sheet.name, ask.at, slot.heading, found.why or _UNKNOWN)
    if is_date_format(sheet.at(*ask.at).number_format):
        return made.leave(sheet.name, ask.at, slot.heading, _NO_DATE)
    value: Value = Rate(Fraction(found.value), ask.in_percent) if found.rate else found.value
    return made.put(sheet, ask.at, value, slot)


def _items(made: Plan, form: Form, items: ItemTable, facts: Facts) -> None:
    """Fill a table that has a row for each subject."""
    sheet, rows = form.grid.sheet(items.table.sheet), form.slots[items.slot]
    at = (items.table.first_row, items.table.columns[0].left)
    if not rows.meaning.startswith("rows:"):
        why = _AGREED if rows.meaning else rows.why or _UNKNOWN
        return made.leave(sheet.name, at, rows.heading, why, "" if rows.meaning else rows.key)
    columns = []
    for left, key in items.columns:
        slot = form.slots[key]
        if slot.meaning and slot.meaning != LEAVE:
            columns.append((left, slot))
        else:
            why = slot.why or (_AGREED if slot.meaning else _UNKNOWN)
            made.leave(sheet.name, column_letters(left), slot.heading, why, "" if slot.meaning else key)
    if not columns:
        return None
    of, _bar, query = rows.meaning.removeprefix("rows:").partition("?")
    where = dict(part.partition("=")[::2] for part in query.split("&") if part)
    found = facts.items(of, where, [slot.meaning for _left, slot in columns])
    if isinstance(found, Say) or not found:
        return made.leave(sheet.name, at, rows.heading, found if isinstance(found, Say) else _NONE)
    places = _places(sheet, items, [left for left, _slot in columns], len(found), made)
    if isinstance(places, Say):
        return made.leave(sheet.name, at, rows.heading, places)
    _write(made, sheet, columns, list(zip(places, found, strict=True)))
    _number(made, sheet, items, places)
    return None


def _places(sheet: Sheet, items: ItemTable, columns: list[int], wanted: int, made: Plan) -> list[int] | Say:
    """Return the rows that take the subjects; rows are added only where nothing stands below and nothing is bounded."""
    table = items.table
    free = [
        row
        for row in table.rows
        if row not in sheet.hidden_rows
        and all(sheet.empty(row, left) and sheet.starts(row, left) and not sheet.locked(row, left) for left in columns)
    ]
    if len(free) >= wanted:
        return free[:wanted]
    last, missing = table.last_row, wanted - len(free)
    plain_row = not any(
        sheet.at(last, column).formula or sheet.span(last, column).wide > 1 or sheet.span(last, column).high > 1
        for column in range(table.heading.left, table.heading.right + 1)
    )
    if not (table.open_end and free and plain_row and not sheet.printed and not sheet.protected):
        return Say(
            f"表里留了 {len(free)} 行，要填 {wanted} 行：请在表格中间插入 {missing} 行再上传。为免漏掉，一行也没有填。",
            f"The form has {len(free)} rows for {wanted} lines: insert {missing} rows in the middle of the table and "
            "send it again; none were filled, so that none is missing unseen.",
        )
    added = range(last + 1, last + 1 + missing)
    made.like.setdefault(sheet.name, {}).update(dict.fromkeys(added, last))
    return [*free, *added]


def _write(made: Plan, sheet: Sheet, columns: list[tuple[int, Slot]], rows: list[tuple[int, Sequence[Cell]]]) -> None:
    cells = made.values.setdefault(sheet.name, {})
    for index, (left, slot) in enumerate(columns):
        wrong: Counter[Say] = Counter()
        example, count, missing = "", 0, 0
        for row, values in rows:
            value = _fitted(sheet, (row, left), slot, values[index])
            if isinstance(value, Say):
                wrong[value] += 1
                made.leave(sheet.name, (row, left), slot.heading, value)
            elif value is None:
                missing += 1
            else:
                cells[row, left] = value
                example, count = example or said(value), count + 1
        if count:
            span = f"{ref((rows[0][0], left))}:{ref((rows[-1][0], left))}"
            made.done.append(Done(sheet.name, span, slot.heading, slot.meaning, example, count))
        if missing:
            many = Say(f"{missing} 行没有记录这一项。", f"Nothing is recorded for it in {missing} of the rows.")
            made.leave(sheet.name, column_letters(left), slot.heading, many)


def _fitted(sheet: Sheet, at: At, slot: Slot, value: Cell) -> Value | Say | None:
    """Return a value as its cell takes it; why it does not; None where there is nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime) and _of_day(sheet, at, slot):
        value = value.date()
    shown = said(value)
    if isinstance(value, (int, float)) and is_date_format(sheet.at(*at).number_format):
        return _NO_DATE  # a count in a cell of dates would read as a day of 1900
    limit = _LIMIT.search(unicodedata.normalize("NFKC", slot.heading))
    if limit and isinstance(value, str) and len(value) > int(limit[1]):
        return _TOO_LONG
    choice = sheet.choice(*at)
    if choice is None:
        return value
    return _chosen(choice, value, shown)


def _of_day(sheet: Sheet, at: At, slot: Slot) -> bool:
    number_format = sheet.at(*at).number_format.lower()
    timed = "h" in number_format
    return not timed and (number_format != "general" or heading(slot.heading).endswith(("日期", "日")))


def _chosen(choice: Choices, value: Value, shown: str) -> Value | Say:
    if choice.kind == "list":
        same = [option for option in choice.options if plain(option) == plain(shown)]
        return same[0] if len(same) == 1 else _NOT_OFFERED
    if choice.kind in {"whole", "decimal"} and not isinstance(value, (int, float)):
        return _NOT_OFFERED
    if choice.kind == "textLength" and choice.operator in {"lessThanOrEqual", "between"}:
        most = choice.high if choice.operator == "between" else choice.low
        if most.isdigit() and len(shown) > int(most):
            return _TOO_LONG
    return value


def _number(made: Plan, sheet: Sheet, items: ItemTable, places: Iterable[int]) -> None:
    """Number the rows, where the form has a column for it and did not number them itself."""
    for left in items.serial:
        for number, row in enumerate(places, start=1):
            if sheet.empty(row, left) and not sheet.locked(row, left):
                made.values[sheet.name][row, left] = number
