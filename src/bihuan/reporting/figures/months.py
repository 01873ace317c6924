"""Months as figures count them: 202404. A period is a run of whole months."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, clock

MOST = 120  # ten years


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last month, both included."""

    since: int
    until: int

    @property
    def length(self) -> int:
        """How many months it has."""
        return _index(self.until) - _index(self.since) + 1

    @property
    def before(self) -> Period:
        """The period as long, just before."""
        return Period(shifted(self.since, -self.length), shifted(self.since, -1))

    def __contains__(self, month: int) -> bool:
        return self.since <= month <= self.until


def _index(month: int) -> int:
    return month // 100 * 12 + month % 100 - 1


def shifted(month: int, by: int) -> int:
    """Return the month so many months later (earlier where negative)."""
    index = _index(month) + by
    return index // 12 * 100 + index % 12 + 1


def months_of(since: int, until: int) -> list[int]:
    """Return every month from the first to the last, both included."""
    return [shifted(since, n) for n in range(_index(until) - _index(since) + 1)]


def current() -> int:
    """Return this month."""
    today = clock.today()
    return today.year * 100 + today.month


def period(since: int | date, until: int | date) -> Period:
    """Read a period: months as numbers, or days that begin and end a month; the last may be today or later.

    Raises:
        BadInput: a day within a month, a month that there is not, an end before its beginning, more than ten years.
    """
    first, last = _month(since, end=False), _month(until, end=True)
    if last < first:
        raise BadInput(Problem("until", _("结束的月份在开始之前。"), _("请对调。")))
    found = Period(first, last)
    if found.length > MOST:
        raise BadInput(Problem("until", _("一次最多看 %(n)s 个月。") % {"n": MOST}, _("请分段看。")))
    return found


def _month(value: int | date, *, end: bool) -> int:
    name = "until" if end else "since"
    if isinstance(value, date):
        border = monthrange(value.year, value.month)[1] if end else 1
        if value.day != border and not (end and value >= clock.today()):
            raise BadInput(Problem(name, _("指标按整月算。"), _("请从一个月的第一天到一个月的最后一天。")))
        return value.year * 100 + value.month
    if not (190001 <= value <= 299912 and 1 <= value % 100 <= 12):
        raise BadInput(Problem(name, _("没有这个月份。"), _("月份写成 2024-04 这样，接口里写成 202404。")))
    return value
