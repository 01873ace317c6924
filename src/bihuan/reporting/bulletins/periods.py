"""Which months a text is of: this month, this quarter, the year so far; or as it was asked for."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, clock

_YEAR = re.compile(r"^(\d{4})$")
_QUARTER = re.compile(r"^(\d{4})-?[Qq]([1-4])$")
_MONTH = re.compile(r"^(\d{4})-(\d{1,2})$")


def last_of(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def usual(kind: str, today: date | None = None) -> tuple[date, date] | None:
    """Return the period of a template's kind that somebody most likely means today; None where it has none."""
    today = today or clock.today()
    if kind == "none":
        return None
    if kind == "month":
        return date(today.year, today.month, 1), last_of(today.year, today.month)
    if kind == "quarter":
        first = (today.month - 1) // 3 * 3 + 1
        return date(today.year, first, 1), last_of(today.year, first + 2)
    return date(today.year, 1, 1), last_of(today.year, today.month)


def read(text: str, today: date | None = None) -> tuple[date, date]:
    """Read a period: 2024-03, 2024-Q1, 2024 (this year: so far), 2024-01..2024-04.

    Raises:
        BadInput: for what is none.
    """
    words, today = text.strip(), today or clock.today()
    first, dots, last = words.partition("..")
    if dots:
        since, until = read(first, today)[0], read(last, today)[1]
        if until < since:
            raise _bad(text)
        return since, until
    if found := _YEAR.match(words):
        year = int(found[1])
        _checked(year, text)
        return date(year, 1, 1), last_of(year, today.month if year == today.year else 12)
    if found := _QUARTER.match(words):
        year, end = int(found[1]), int(found[2]) * 3
        _checked(year, text)
        return date(year, end - 2, 1), last_of(year, end)
    if (found := _MONTH.match(words)) and 1 <= int(found[2]) <= 12:
        year, month = int(found[1]), int(found[2])
        _checked(year, text)
        return date(year, month, 1), last_of(year, month)
    raise _bad(text)


def _checked(year: int, text: str) -> None:
    if not 1949 <= year <= 2999:
        raise _bad(text)


def _bad(text: str) -> BadInput:
    return BadInput(
        Problem("period", _("看不懂这个期间：%s。") % text[:40], _("写成 2024-03、2024-Q1、2024 或 2024-01..2024-04。"))
    )
