"""Shifts in words, as a roster on the wall says them: 工作日 09:00–11:00 2人. Pure: no Django.

One line is one shift: which days, from when to when, how many people. Days are 每天 (daily), 工作日 (workdays by the
work calendar, make-up days too), 休息日 (rest days: what is no workday), or weekdays: 周一 周三 (Mon Wed). A shift
that ends at or before it begins goes into the next day: 18:00–08:00.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

MOST_SHIFTS = 12
MOST_PEOPLE = 20
MOST_DAYS = 62  # of one roster: two months
LONGEST = timedelta(hours=24)
SHORTEST = timedelta(minutes=15)

_DAYS = {"每天": "daily", "daily": "daily", "工作日": "workdays", "workdays": "workdays"} | {
    "休息日": "rest", "周末": "rest", "节假日": "rest", "restdays": "rest", "rest": "rest", "weekends": "rest",
}  # fmt: skip
_SAID = {"daily": "每天", "workdays": "工作日", "rest": "休息日"}
_ZH = "一二三四五六日"
_EN = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAYS = (
    {f"{word}{one}": n for n, one in enumerate(_ZH, 1) for word in ("周", "星期", "礼拜")}
    | {f"{word}天": 7 for word in ("周", "星期", "礼拜")}
    | {name: n for n, name in enumerate(_EN, 1)}
)
_LINE = re.compile(
    r"^(?P<days>.+?)[\s,，]*(?P<from>\d{1,2}:\d{2})\s*[-–—~至到]+\s*(?P<to>\d{1,2}:\d{2})"
    r"(?:\s*(?:[,，×x*]\s*)?(?P<n>\d{1,3})\s*(?:人|名|个人|people|persons|person|p)?)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift. ``days``: "daily", "workdays", "rest", or weekdays as 1 (Monday) to 7: "1 3"."""

    days: str
    begins: time
    ends: time
    people: int

    @property
    def lasts(self) -> timedelta:
        """How long it is; what ends at or before it begins goes into the next day."""
        on = date(2000, 1, 1)
        span = datetime.combine(on, self.ends) - datetime.combine(on, self.begins)
        return span if span > timedelta(0) else span + timedelta(days=1)

    def on(self, day: date, *, workday: bool) -> bool:
        """Say whether there is this shift on a day."""
        if self.days in _SAID:
            return self.days == "daily" or (self.days == "workdays") == workday
        return str(day.isoweekday()) in self.days.split()

    def __str__(self) -> str:
        days = _SAID.get(self.days) or " ".join(f"周{_ZH[int(n) - 1]}" for n in self.days.split())
        return f"{days} {self.begins:%H:%M}–{self.ends:%H:%M} {self.people}人"


@dataclass(frozen=True, slots=True)
class Slot:
    """One shift on one day: so many seats. ``rest``: the day is no workday."""

    day: date
    starts: datetime
    ends: datetime
    people: int
    rest: bool


class NotAShift(ValueError):
    """A line that is no shift; ``args``: the line, and what is wrong ("line", "days", "time", "people", "length")."""


def read(text: str) -> tuple[Shift, ...]:
    """Read shifts, one a line.

    Raises:
        NotAShift: at the first line that is none.
    """
    lines = [line.strip() for line in re.split(r"[\n;；]", unicodedata.normalize("NFKC", text)) if line.strip()]
    return tuple(dict.fromkeys(_shift(line) for line in lines))


def _shift(line: str) -> Shift:
    found = _LINE.match(line)
    if found is None:
        raise NotAShift(line, "line")
    try:
        begins, ends = (time.fromisoformat(found[name].zfill(5)) for name in ("from", "to"))
    except ValueError as error:
        raise NotAShift(line, "time") from error
    people = int(found["n"] or 1)
    if not 1 <= people <= MOST_PEOPLE:
        raise NotAShift(line, "people")
    shift = Shift(_days(found["days"], line), begins, ends, people)
    if not SHORTEST <= shift.lasts <= LONGEST:
        raise NotAShift(line, "length")
    return shift


def _days(words: str, line: str) -> str:
    known = _DAYS.get(words.strip().casefold())
    if known:
        return known
    parts = [part for part in re.split(r"[\s,，、和及]+", words.strip().casefold()) if part]
    if not parts or any(part not in _WEEKDAYS for part in parts):
        raise NotAShift(line, "days")
    return " ".join(sorted({str(_WEEKDAYS[part]) for part in parts}))


def written(shifts: tuple[Shift, ...]) -> str:
    """Return shifts as they are kept and shown: a line each."""
    return "\n".join(map(str, shifts))


def slots(
    shifts: tuple[Shift, ...], since: date, until: date, workday: Callable[[date], bool], zone: tzinfo
) -> Iterator[Slot]:
    """Yield what there is to stand from one day through another, in the order of time."""
    for n in range((until - since).days + 1):
        day = since + timedelta(days=n)
        works = workday(day)
        for shift in sorted(shifts, key=lambda one: (one.begins, one.lasts)):
            if shift.on(day, workday=works):
                starts = datetime.combine(day, shift.begins, zone)
                yield Slot(day, starts, starts + shift.lasts, shift.people, rest=not works)
