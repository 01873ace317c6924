"""A value as its cell takes it: of the form's format, among its choices, no longer than it allows. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction

from openpyxl.styles.numbers import is_date_format

from bihuan.reporting.forms.plans import Cell, said
from bihuan.reporting.forms.shapes import Say, Slot
from bihuan.reporting.forms.words import heading
from bihuan.reporting.sheets.grid import At, Choices, Sheet
from bihuan.reporting.sheets.patch import Rate, Value
from bihuan.reporting.sheets.values import plain

_LIMIT = re.compile(r"(\d{1,4})个?字")
NO_DATE = Say("这一格是日期格式，要填的不是日期。", "The cell is made for dates; this is none.")
NOT_OFFERED = Say("系统里的说法不在下拉选项里。", "What the record says is not among the cell's choices.")
TOO_LONG = Say("比表上允许的字数长，请自己概括。", "Longer than the form allows: please sum it up.")


def fitted(sheet: Sheet, at: At, slot: Slot, value: Cell) -> Value | Say | None:
    """Return a value as its cell takes it; why it does not; None where there is nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime) and _of_day(sheet, at, slot):
        value = value.date()
    shown = said(value)
    if isinstance(value, (int, float)) and is_date_format(sheet.at(*at).number_format):
        return NO_DATE  # a count in a cell of dates would read as a day of 1900
    limit = _LIMIT.search(unicodedata.normalize("NFKC", slot.heading))
    if limit and isinstance(value, str) and len(value) > int(limit[1]):
        return TOO_LONG
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
        return same[0] if len(same) == 1 else NOT_OFFERED
    if choice.kind in {"whole", "decimal"} and not isinstance(value, (int, float)):
        return NOT_OFFERED
    if choice.kind == "textLength" and choice.operator in {"lessThanOrEqual", "between"}:
        most = choice.high if choice.operator == "between" else choice.low
        if most.isdigit() and len(shown) > int(most):
            return TOO_LONG
    return value


def too_narrow(sheet: Sheet, values: Mapping[At, Value]) -> list[At]:
    """Return the cells, one of each column, that would show ### for the number or date written into them."""
    found: dict[int, At] = {}
    for (row, column), value in sorted(values.items()):
        wide = _wide(value, sheet.at(row, column).number_format)
        if wide and wide + 0.3 > sheet.room(row, column):
            found.setdefault(column, (row, column))
    return list(found.values())


def _wide(value: Value, number_format: str) -> int:
    """Return how many digits a value takes; 0 for a text, which is cut or wrapped but never shown as ###."""
    if isinstance(value, date):
        if not is_date_format(number_format):
            return 0
        bare = re.sub(r"\[[^\]]*\]|[\"\\\\@]", "", number_format.partition(";")[0])
        return sum(_digits(run, value) for run in re.findall(r"y+|m+|d+|h+|s+|.", bare, re.IGNORECASE))
    if isinstance(value, Rate):
        return 7 if "%" in number_format or value.in_percent else 0
    return len(said(value)) if isinstance(value, int | float | Fraction) and not isinstance(value, bool) else 0


def _digits(run: str, day: date) -> int:
    sign = run[0].lower()
    if sign == "y":
        return 4 if len(run) > 2 else 2
    if sign in "md":
        return max(min(len(run), 2), len(str(day.month if sign == "m" else day.day)))
    if sign in "hs":
        return 2
    return 2 if ord(sign) > 0x2E80 else 1
