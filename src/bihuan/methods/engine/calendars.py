"""What the engine needs of a work calendar, and steps backwards on it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from bihuan.methods.schema.base import Amount

SHANGHAI = ZoneInfo("Asia/Shanghai")
_PLAIN = {"hours": 3600, "days": 86400, "minutes": 60}


class Calendar(Protocol):
    """The part of ``kernel.calendar.WorkCalendar`` that clocks use. Never changes, so it can be a key."""

    def __hash__(self) -> int:
        """Be usable as a key."""

    def add(self, start: datetime, amount: float, unit: str) -> datetime:
        """Return the instant ``amount`` units after ``start``."""

    def between(self, a: datetime, b: datetime, unit: str) -> float:
        """Return how many units lie between two instants."""

    def end_of_day(self, day: date) -> datetime:
        """Return the end of office hours of ``day``."""

    def is_workday(self, day: date) -> bool:
        """Whether people work on ``day``."""


@cache
def default_calendar() -> Calendar:
    """Return the Chinese work calendar."""
    from bihuan.kernel.calendar import CHINA

    return CHINA


def add(calendar: Calendar, start: datetime, amount: Amount) -> datetime:
    """Return the instant an amount of time after ``start``."""
    seconds = _PLAIN.get(amount.unit)
    if seconds is not None:
        return start + timedelta(seconds=amount.amount * seconds)
    if amount.unit == "workdays" and amount.amount >= 1:
        return _workdays(calendar, start.astimezone(SHANGHAI).date(), int(amount.amount))
    return calendar.add(start, amount.amount, amount.unit)


@lru_cache(maxsize=4096)
def _workdays(calendar: Calendar, day: date, amount: int) -> datetime:
    """Workdays count from the next day whatever the hour, so every start on one day comes to the same."""
    return calendar.add(datetime.combine(day, time(12), SHANGHAI), amount, "workdays")


def back(calendar: Calendar, due: datetime, amount: Amount) -> datetime:
    """Return the instant an amount of time before ``due``.

    Workdays: the same time of day, so many workdays earlier. Working hours: the last instant at which that much
    working time was left, to the minute.
    """
    seconds = _PLAIN.get(amount.unit)
    if seconds is not None:
        return due - timedelta(seconds=amount.amount * seconds)
    if amount.unit == "workdays":
        left, at = round(amount.amount), due.astimezone(SHANGHAI)
        while left > 0:
            at -= timedelta(days=1)
            if calendar.is_workday(at.date()):
                left -= 1
        return at
    low, high = due - timedelta(days=30 + 3 * amount.amount), due
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        if calendar.between(middle, due, amount.unit) > amount.amount:
            low = middle
        else:
            high = middle
    rounded = high.replace(second=0, microsecond=0)
    return rounded if rounded >= low else high


def until(value: object, calendar: Calendar) -> datetime | None:
    """Read a due time somebody gave: an instant, or a date (until office hours end on it); None when it is neither."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
    if isinstance(value, date):
        return calendar.end_of_day(value)
    if not isinstance(value, str):
        return None
    try:
        if len(value) == 10:
            return calendar.end_of_day(date.fromisoformat(value))
        given = datetime.fromisoformat(value)
    except ValueError:
        return None
    return given if given.tzinfo else given.replace(tzinfo=SHANGHAI)


def workdays_lost(calendar: Calendar, paused: datetime, resumed: datetime) -> int:
    """Return how many workdays ended while a clock stood still: each is given back (as the calendar counts pauses)."""
    day, last, lost = paused.astimezone(SHANGHAI).date(), resumed.astimezone(SHANGHAI).date(), 0
    while day <= last:
        lost += calendar.is_workday(day) and paused < calendar.end_of_day(day) <= resumed
        day += timedelta(days=1)
    return lost
