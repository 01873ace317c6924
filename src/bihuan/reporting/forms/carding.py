"""A card of one matter: which of its blanks takes which value. Pure."""

from __future__ import annotations

from datetime import date, datetime

from bihuan.reporting.forms.cards import ticked, values_of
from bihuan.reporting.forms.fitting import NOT_OFFERED, fitted
from bihuan.reporting.forms.heads import Blank
from bihuan.reporting.forms.plans import AGREED, LOCKED, UNKNOWN, Cell, Facts, Plan, said
from bihuan.reporting.forms.shapes import LEAVE, Form, Say, Slot
from bihuan.reporting.sheets.grid import Sheet

_EMPTY = Say("这件事没有记录这一项。", "Nothing is recorded for it.")
_NO_DAY = Say("这里要写日期，记录的不是日期。", "A day is wanted here; what is recorded is none.")


def fill_cards(made: Plan, form: Form, facts: Facts) -> None:
    """Fill the sheets that are for one matter."""
    wanted = values_of(form.slots, [key for _sheet, key, _blank in form.cards])
    if not form.cards:
        return
    found = facts.card(wanted)
    if isinstance(found, Say):
        for name in dict.fromkeys(sheet for sheet, _key, _blank in form.cards):
            blank = next(blank for sheet, _key, blank in form.cards if sheet == name)
            made.leave(name, blank.at, name, found)
        return
    values = dict(zip(wanted, found, strict=True))
    for name, key, blank in form.cards:
        sheet, slot = form.grid.sheet(name), form.slots[key]
        why = _why_not(sheet, blank, slot, values)
        if why is not None:
            made.leave(name, blank.at, slot.heading, why, "" if slot.meaning else key)
        elif blank.start is None:
            value = fitted(sheet, blank.at, slot, values[slot.meaning])
            if value is None or isinstance(value, Say):
                made.leave(name, blank.at, slot.heading, value or _EMPTY)
            else:
                made.put(sheet, blank.at, value, slot)
        else:
            _within(made, sheet, blank, slot, values[slot.meaning])


def _why_not(sheet: Sheet, blank: Blank, slot: Slot, values: dict[str, Cell]) -> Say | None:
    if not slot.meaning or slot.meaning == LEAVE:
        return slot.why or (AGREED if slot.meaning else UNKNOWN)
    if sheet.locked(*blank.at):
        return LOCKED
    return _EMPTY if values.get(slot.meaning) in (None, "") else None


def _within(made: Plan, sheet: Sheet, blank: Blank, slot: Slot, value: Cell) -> None:
    """Note what goes into a blank within a cell's own text."""
    cell = sheet.at(*blank.at)
    day = value.date() if isinstance(value, datetime) else value
    if blank.form == "tick":
        if ticked(cell.text, said(value or "")) is None:
            return made.leave(sheet.name, blank.at, slot.heading, NOT_OFFERED)
    elif blank.form != "text" and not isinstance(day, date):
        return made.leave(sheet.name, blank.at, slot.heading, _NO_DAY)
    return made.put_within(sheet.name, blank, day if isinstance(day, date) else said(value or ""), slot)
