"""A value as a cell stores it: which number, which text; columns by their letters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST = 32_767


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate to be written as the cell wants it: 0.9372 in a cell of percents, 93.72 under “(%)”, else "93.72%"."""

    value: Fraction
    in_percent: bool = False  # the heading says “(%)”


Value = str | int | float | Fraction | date | datetime | Rate


def as_number(value: Value, number_format: str, *, since_1904: bool) -> str | None:
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


def as_text(value: Value) -> str:
    """Return the text that a value is stored as."""
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
