"""A form that is understood + the facts → which cell gets what, and what stays blank for which reason. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from fractions import Fraction

from openpyxl.styles.numbers import is_date_format

from bihuan.reporting.forms.carding import fill_cards
from bihuan.reporting.forms.cards import ticked
from bihuan.reporting.forms.fitting import NO_DATE, too_narrow
from bihuan.reporting.forms.heads import Blank, written
from bihuan.reporting.forms.listing import fill_items
from bihuan.reporting.forms.plans import AGREED, LOCKED, UNKNOWN, Cell, Done, Facts, Found, Frame, Left, Plan, ref, said
from bihuan.reporting.forms.shapes import LEAVE, Ask, Form, Say, Slot
from bihuan.reporting.sheets.grid import At, Sheet
from bihuan.reporting.sheets.patch import Rate, Value

__all__ = ["Cell", "Done", "Facts", "Found", "Frame", "Left", "Plan", "plan", "ref", "said"]

_PHONE = Say("填报人的电话不代填。", "The telephone of who fills it in is left to them.")
_NAME = Say("不知道是谁在填。", "Who fills it in is not known.")
_YEAR = Say("表上印的年份和所选时段不同。", "The year printed in the form is not the one chosen.")
_MONTHS = Say("表上只有一个月份，所选时段不止一个月。", "The form has room for one month; more were chosen.")
_MIXED = Say("表里已经有内容，不覆盖。", "Something stands there already; it is not written over.")


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
        fill_items(made, form, items, facts)
    fill_cards(made, form, facts)
    _write_within(form, made)
    for slot in form.slots.values():
        if slot.role == "pair" and not slot.meaning:
            made.leave(slot.sheet, (slot.where.top, slot.where.left), slot.heading, slot.why or UNKNOWN, slot.key)
    for name, cells in made.values.items():
        made.narrow += [(name, ref(at)) for at in too_narrow(form.grid.sheet(name), cells)]
    return made


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
    """Fill the labels' blanks."""
    for sheet_name, key, blank in form.blanks:
        sheet, slot = form.grid.sheet(sheet_name), form.slots[key]
        value = _head_value(slot, blank, frame)
        if sheet.locked(*blank.at):
            value = LOCKED
        if isinstance(value, Say):
            made.leave(sheet_name, blank.at, slot.heading, value, "" if slot.meaning else key)
        elif blank.start is None:
            made.put(sheet, blank.at, _as_cell(sheet, blank.at, value), slot)
        else:
            made.put_within(sheet_name, blank, value, slot)


def _write_within(form: Form, made: Plan) -> None:
    """Write the blanks of one cell into its text together, from the last one on."""
    for (sheet_name, at), several in made.within.items():
        cell = form.grid.sheet(sheet_name).at(*at)
        text = cell.value if isinstance(cell.value, str) else cell.text
        for blank, value in sorted(several, key=lambda pair: -(pair[0].start or 0)):
            text = (ticked(text, str(value)) or text) if blank.form == "tick" else written(blank, text, value)
        made.values.setdefault(sheet_name, {})[at] = text


def _as_cell(sheet: Sheet, at: At, value: str | date) -> Value:
    dated = any(sign in sheet.at(*at).number_format.lower() for sign in ("yy", "m/d", "年"))
    return value if isinstance(value, str) or dated else f"{value.year}年{value.month}月{value.day}日"


def _head_value(slot: Slot, blank: Blank, frame: Frame) -> str | date | Say:
    """Return what a blank of the head is filled with, or why it is not."""
    meaning = slot.meaning.removeprefix("head:")
    if not slot.meaning or slot.meaning == LEAVE:
        return slot.why or (AGREED if slot.meaning else UNKNOWN)
    if meaning == "unit":
        return frame.unit
    if meaning == "filler":
        return frame.person or _NAME
    if meaning == "period":
        return _period(blank, frame)
    days = {"date": frame.today, "until": frame.until, "since": frame.since}
    if meaning not in days:
        return _PHONE if meaning == "filler_phone" else UNKNOWN
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
        return made.leave(sheet.name, ask.at, slot.heading, LOCKED)
    found = facts.figure(ask)
    if found.value is None:
        return made.leave(sheet.name, ask.at, slot.heading, found.why or UNKNOWN)
    if is_date_format(sheet.at(*ask.at).number_format):
        return made.leave(sheet.name, ask.at, slot.heading, NO_DATE)
    value: Value = Rate(Fraction(found.value), ask.in_percent) if found.rate else found.value
    return made.put(sheet, ask.at, value, slot)
