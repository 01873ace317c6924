"""Which months a text is of: this month, this quarter, the year so far; or as it was asked for."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date

from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, clock

_YEAR = re.compile(r"^(\d{4})$")
_QUARTER = re.compile(r"^(\d{4})-?[Qq]([1-4])$")
_MONTH = re.compile(r"^(\d{4})-(\d{1,2})$")
_SAID = (  # as people, and these pages, write it
    (re.compile(r"^(\d{4})年(\d{1,2})月?[-~—–至到](\d{1,2})月$"), r"\1-\2..\1-\3"),
    (re.compile(r"(\d{4})年第?([1-4])季度?"), r"\1-Q\2"),
    (re.compile(r"(\d{4})年(\d{1,2})月份?"), r"\1-\2"),
    (re.compile(r"(\d{4})年(?:度|以来)?"), r"\1"),
    (re.compile(r"(?<=\d)[~—–至到](?=\d)"), ".."),
)
_QUARTERS = str.maketrans("一二三四", "1234")


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
    """Read a period: 2024-03, 2024-Q1, 2024 (this year: so far), 2024-01..2024-04; or in words: 2024年第一季度.

    Raises:
        BadInput: for what is none.
    """
    words, today = _signs(text), today or clock.today()
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


def _signs(text: str) -> str:
    """Return a period in words as it is written short: 2024年3月 is 2024-3; anything else as it is."""
    said = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text[:60]))
    said = said.translate(_QUARTERS) if "季" in said else said
    for words, signs in _SAID:
        said = words.sub(signs, said)
    return said


def _checked(year: int, text: str) -> None:
    if not 1949 <= year <= 2999:
        raise _bad(text)


def _bad(text: str) -> BadInput:
    return BadInput(
        Problem("period", _("看不懂这个期间：%s。") % text[:40], _("写成 2024-03、2024-Q1、2024 或 2024-01..2024-04。"))
    )
