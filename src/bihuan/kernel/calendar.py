"""The work calendar: pure, exact, no Django. Limits of matters are computed here and nowhere else.

The rule, which every limit follows:

* **Workdays.** A limit of *n* workdays counts from the next workday after the day it starts on, and ends at
  the end of office hours of the *n*-th one. The day it starts on never counts, at whatever hour.
  ``add(Friday 10:00, 1, "workdays")`` is Monday 18:00. (GB/T 30428 counts 工作日 so.)
* **Work hours.** Only office hours run (default 08:30–12:00 and 14:30–18:00 of workdays). What starts
  outside them starts with the next office hour. A limit that is used up at a closing hour ends there,
  not at the next opening.
* **Hours, minutes, days** run through: 24 hours are 24 hours; 1 day is 24 hours.
* Workdays are those of the State Council's yearly notice (make-up Saturdays and Sundays count, holidays do not), from
  ``chinesecalendar``. In years that the library does not know, Monday to Friday count, and
  ``warnings_for()`` says so.

Fractions are kept to the microsecond; all sums are of integers. Instants are aware datetimes; the answer carries the
zone of the calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import chinese_calendar
from chinese_calendar import constants

Unit = Literal["workdays", "work_hours", "hours", "days", "minutes"]
UNITS: tuple[str, ...] = get_args(Unit)
SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE_HOURS: tuple[tuple[time, time], ...] = ((time(8, 30), time(12)), (time(14, 30), time(18)))

_RUNNING: dict[str, timedelta] = {
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "minutes": timedelta(minutes=1),
}
_HOUR = timedelta(hours=1)
_ZERO = timedelta(0)
_SEARCH = 366  # no calendar has a whole year without a workday

KNOWN_YEARS: frozenset[int] = frozenset(day.year for day in constants.holidays)


@lru_cache(maxsize=8192)
def china_workday(day: date) -> bool:
    """Tell whether ``day`` is a workday in China; beyond the years the library knows: Monday to Friday."""
    if day.year in KNOWN_YEARS:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


@dataclass(frozen=True)
class WorkCalendar:
    """Office hours, which days are workdays, and the arithmetic of limits.

    Args:
        office_hours: pairs of opening and closing time, in order, not overlapping.
        workday: tells whether a date is a workday.
        zone: where the office is.
        known_years: years for which ``workday`` is official; others give a warning. None: all.
    """

    office_hours: tuple[tuple[time, time], ...] = OFFICE_HOURS
    workday: Callable[[date], bool] = china_workday
    zone: tzinfo = field(default=SHANGHAI)
    known_years: frozenset[int] | None = KNOWN_YEARS

    def __post_init__(self) -> None:
        flat = [edge for span in self.office_hours for edge in span]
        if not flat or any(a >= b for a, b in zip(flat, flat[1:], strict=False)):
            raise ValueError("office hours must be in order and must not overlap")

    def is_workday(self, day: date) -> bool:
        """Tell whether ``day`` is a workday."""
        return self.workday(day)

    def next_workday(self, day: date) -> date:
        """Return the first workday after ``day``."""
        for _ in range(_SEARCH):
            day += timedelta(days=1)
            if self.workday(day):
                return day
        raise ValueError("this calendar has no workday within a year")

    def add(self, start: datetime, amount: float, unit: str) -> datetime:
        """Return when ``amount`` of ``unit`` after ``start`` is used up.

        Args:
            start: aware.
            amount: not negative; whole for workdays.
            unit: one of ``UNITS``.

        Raises:
            ValueError: for a naive start, a negative or broken amount, an unknown unit.
        """
        start = self._local(start)
        if amount < 0:
            raise ValueError("a limit cannot be negative")
        if unit == "workdays":
            if amount != int(amount):
                raise ValueError("workdays are counted whole")
            return self._add_workdays(start, int(amount))
        if unit == "work_hours":
            return self._add_open(start, _times(_HOUR, amount))
        if unit in _RUNNING:
            return (start.astimezone(_UTC) + _times(_RUNNING[unit], amount)).astimezone(self.zone)
        raise ValueError(f"unknown unit {unit!r}; one of {', '.join(UNITS)}")

    def between(self, a: datetime, b: datetime, unit: str) -> float:
        """Return how much of ``unit`` runs from ``a`` to ``b``; negative if ``b`` is before ``a``.

        Workdays are counted as ``add`` does: the number of workdays after the day of ``a`` that have ended by
        ``b``. So ``between(a, add(a, n, unit), unit) == n`` in every unit.
        """
        if b < a:
            return -self.between(b, a, unit)
        a, b = self._local(a), self._local(b)
        if unit == "workdays":
            return float(self._ended_workdays(a, b))
        if unit == "work_hours":
            return self.open_between(a, b) / _HOUR
        if unit in _RUNNING:
            return (b.astimezone(_UTC) - a.astimezone(_UTC)) / _RUNNING[unit]
        raise ValueError(f"unknown unit {unit!r}; one of {', '.join(UNITS)}")

    def open_between(self, a: datetime, b: datetime) -> timedelta:
        """Return the office time from ``a`` to ``b`` (``b`` not before ``a``)."""
        a, b = self._local(a), self._local(b)
        total, day = _ZERO, a.date()
        while day <= b.date():
            for opens, closes in self._spans(day):
                total += max(_ZERO, min(b, closes) - max(a, opens))
            day += timedelta(days=1)
        return total

    def due_after_pauses(
        self, start: datetime, amount: float, unit: str, pauses: Iterable[tuple[datetime, datetime]]
    ) -> datetime:
        """Return when a limit that stood still during ``pauses`` is used up.

        The pauses are (from, to), ended, in any order; they may touch or overlap. What runs through or in work
        hours is pushed back by exactly what the pauses used of it; of workdays, each workday that ended inside a pause
        is given back. Pauses that begin when the limit is already used up change nothing.
        """
        start = self._local(start)
        due = self.add(start, amount, unit)
        lost_days, lost_time = 0, _ZERO
        for begins, ends in merged(pauses):
            begins = max(begins, start)
            if ends <= begins or begins >= due:
                continue
            if unit == "workdays":
                lost_days += self._ended_within(begins, ends, after=start.date())
                due = self._add_workdays(start, int(amount) + lost_days)
            elif unit == "work_hours":
                lost_time += self.open_between(begins, ends)
                due = self._add_open(start, _times(_HOUR, amount) + lost_time)
            else:
                lost_time += ends - begins
                due = self.add(start, amount, unit) + lost_time
        return due.astimezone(self.zone)

    def end_of_day(self, day: date) -> datetime:
        """Return the end of office hours of ``day``."""
        return datetime.combine(day, self.office_hours[-1][1], self.zone)

    def is_open(self, moment: datetime) -> bool:
        """Tell whether ``moment`` falls in office hours (opening included, closing not)."""
        local = self._local(moment)
        return any(opens <= local < closes for opens, closes in self._spans(local.date()))

    def warnings_for(self, a: datetime | date, b: datetime | date) -> list[tuple[str, str]]:
        """Return (Chinese, English) warnings for the span: years whose holidays are not published yet."""
        if self.known_years is None:
            return []
        first, last = sorted((a.year, b.year))
        missing = [year for year in range(first, last + 1) if year not in self.known_years]
        return [
            (
                f"{year} 年的节假日安排尚未收录，工作日暂按周一至周五计算。",
                f"The public holidays of {year} are not known yet; Monday to Friday count as workdays.",
            )
            for year in missing
        ]

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("the work calendar needs aware datetimes")
        return moment.astimezone(self.zone)

    def _spans(self, day: date) -> Sequence[tuple[datetime, datetime]]:
        if not self.workday(day):
            return ()
        zone = self.zone
        return [(datetime.combine(day, a, zone), datetime.combine(day, b, zone)) for a, b in self.office_hours]

    def _add_workdays(self, start: datetime, amount: int) -> datetime:
        if amount == 0:
            return start
        day = start.date()
        for _ in range(amount):
            day = self.next_workday(day)
        return self.end_of_day(day)

    def _ended_workdays(self, a: datetime, b: datetime) -> int:
        count, day = 0, a.date() + timedelta(days=1)
        while day <= b.date():
            count += self.workday(day) and self.end_of_day(day) <= b
            day += timedelta(days=1)
        return count

    def _ended_within(self, begins: datetime, ends: datetime, *, after: date) -> int:
        """Count workdays later than ``after`` whose closing hour falls in a pause: they did not run to their end."""
        begins, ends = self._local(begins), self._local(ends)
        count, day = 0, max(begins.date(), after + timedelta(days=1))
        while day <= ends.date():
            count += self.workday(day) and begins < self.end_of_day(day) <= ends
            day += timedelta(days=1)
        return count

    def _add_open(self, start: datetime, rest: timedelta) -> datetime:
        if rest == _ZERO:
            return start
        day = start.date()
        while True:
            for opens, closes in self._spans(day):
                begins = max(start, opens)
                if begins >= closes:
                    continue
                if rest <= closes - begins:
                    return begins + rest
                rest -= closes - begins
            day = self.next_workday(day)


def merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return the spans in order, with those that touch or overlap made one; empty ones left out."""
    result: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted(spans):
        if ends <= begins:
            continue
        if result and begins <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], ends))
        else:
            result.append((begins, ends))
    return result


def _times(unit: timedelta, amount: float) -> timedelta:
    """Multiply, exact to the microsecond for whole amounts; floats are rounded to it."""
    return unit * int(amount) if amount == int(amount) else timedelta(microseconds=round(unit / _MICRO * amount))


_MICRO = timedelta(microseconds=1)
_UTC = ZoneInfo("UTC")
CHINA = WorkCalendar()
