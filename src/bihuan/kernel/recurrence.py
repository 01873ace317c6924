"""What comes again and again: “每月10日、25日” in words, RFC 5545 underneath. Pure: no Django.

A rule has no date of its own to begin with, so every rule is counted from ``ANCHOR``, a first of January that was a
Monday: every second week is the same second week for everybody, whenever it is asked. A rule never ends: what does not
go on is taken out of the method file. Days are days in China, where no clock is ever put forward or back.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

ANCHOR = date(2001, 1, 1)
FARTHEST = 40  # years within which a rule must come again

_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7, "末": -1}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DEFAULT_TIME = time(15, 0)


class RecurrenceError(ValueError):
    """Words that name no recurring day: why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh, self.en = zh, en


def to_rrule(words: str) -> str:
    """Turn words into an RRULE value (without the prefix); an RRULE is handed back as it is.

    Understood: 每日 · 每周 / 每周三 / 每周一、周四 · 每两周周一 · 每旬 · 每半月 · 每月 / 每月10日、25日 ·
    每月最后一天 · 每月第一个周二 (第一周周二) · 每月末周五 · 每两个月 · 每季度 (the 20th of its last month) ·
    每季度末月20日 · 每季度首月1日 · 每半年 · 每年3月、9月 · 每年11月15日 · FREQ=….

    Raises:
        RecurrenceError: when nothing recurring can be read in it.
    """
    text = re.sub(r"\s+", "", words).replace("星期", "周").replace("礼拜", "周").replace("号", "日")
    text = re.sub(r"\d{1,2}[:：]\d{2}$", "", text)
    if match := re.fullmatch(r"(?:RRULE:)?(FREQ=.+)", text, re.IGNORECASE):
        return _checked(match[1].upper())
    for pattern, build in _PATTERNS:
        if match := re.fullmatch(pattern, text):
            return _checked(build(match))
    raise RecurrenceError(
        f"看不懂“{words}”是多久一次；可写：每周三、每两周周一、每月10日、25日、每月第一个周二、每季度、或 RRULE",
        f"“{words}” is no recurring day; write 每周三, 每月10日、25日, 每月第一个周二, 每季度 or an RRULE",
    )


def _numbers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"\d+", text)]


def _weekdays(text: str) -> str:
    return ",".join(_DAYS[_DIGITS[found] - 1] for found in re.findall(r"[一二三四五六日天]", text))


def _ordinal(text: str) -> int:
    return int(text) if text.isdigit() else _DIGITS[text]


def _monthly(match: re.Match[str]) -> str:
    days = _numbers(match[1])
    if not all(1 <= day <= 31 for day in days):
        raise RecurrenceError("日期要在 1 到 31 之间", "a day of the month is from 1 to 31")
    return "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(map(str, days))


_PATTERNS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"每[日天]", lambda m: "FREQ=DAILY"),
    (r"每周", lambda m: "FREQ=WEEKLY;BYDAY=MO"),
    (r"每周((?:周?[一二三四五六日天][、和,，]?)+)", lambda m: f"FREQ=WEEKLY;BYDAY={_weekdays(m[1])}"),
    (r"每[两二2](?:个)?周", lambda m: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    (r"每[两二2](?:个)?周的?周([一二三四五六日天])", lambda m: f"FREQ=WEEKLY;INTERVAL=2;BYDAY={_weekdays(m[1])}"),
    (r"每旬", lambda m: "FREQ=MONTHLY;BYMONTHDAY=1,11,21"),
    (r"每半(?:个)?月", lambda m: "FREQ=MONTHLY;BYMONTHDAY=1,16"),
    (r"每(?:个)?月", lambda m: "FREQ=MONTHLY;BYMONTHDAY=1"),
    (r"每[两二2](?:个)?月", lambda m: "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1"),
    (r"每月((?:\d{1,2}日?[、和,，]?)+)日?", _monthly),
    (r"每月(?:最后一[天日]|末)", lambda m: "FREQ=MONTHLY;BYMONTHDAY=-1"),
    (
        r"每月第([一二三四五1-5])(?:个)?(?:周的?|)周?([一二三四五六日天])",
        lambda m: f"FREQ=MONTHLY;BYDAY={_ordinal(m[1])}{_weekdays(m[2])}",
    ),
    (r"每月(?:末|最后一个)周([一二三四五六日天])", lambda m: f"FREQ=MONTHLY;BYDAY=-1{_weekdays(m[1])}"),
    (r"每(?:个)?季度?", lambda m: "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20"),
    (r"每季度?末(?:月|个月)?(\d{1,2})日", lambda m: f"FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY={m[1]}"),
    (r"每季度?首(?:月|个月)?(\d{1,2})日", lambda m: f"FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY={m[1]}"),
    (r"每半年", lambda m: "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1"),
    (r"每年", lambda m: "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1"),
    (
        r"每年((?:\d{1,2}月[、和,，]?)+)(?:(\d{1,2})日)?",
        lambda m: f"FREQ=YEARLY;BYMONTH={','.join(map(str, _numbers(m[1])))};BYMONTHDAY={m[2] or 20}",
    ),
)
_PARTS = frozenset({"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST"})
_BY_THE_HOUR = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_LONGEST_INTERVAL = 366


@lru_cache(maxsize=1024)
def _checked(rule: str) -> str:
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    if parts.keys() & {"COUNT", "UNTIL"}:
        raise RecurrenceError(
            "不能写到哪一天为止（COUNT、UNTIL）；停了就从工作法里删去",
            "it cannot end by itself (COUNT, UNTIL): take it out of the method when it is over",
        )
    if parts.keys() & _BY_THE_HOUR or parts["FREQ"] in {"HOURLY", "MINUTELY", "SECONDLY"}:
        raise RecurrenceError("最多一天一次，不能按小时重复", "once a day at most, never by the hour")
    if parts.keys() - _PARTS:
        unknown = "、".join(sorted(parts.keys() - _PARTS))
        raise RecurrenceError(f"RRULE 里的 {unknown} 这里不用", f"{unknown} is not used here in an RRULE")
    try:
        rrulestr(rule, dtstart=datetime.combine(ANCHOR, time()))
        comes = _comes(parts)
    except (ValueError, KeyError, AttributeError, IndexError) as error:
        raise RecurrenceError(f"RRULE 写错了：{error}", f"the RRULE is wrong: {error}") from error
    if not comes:
        raise RecurrenceError("这个日子永远不会到", "that day never comes")
    return rule


def _comes(parts: dict[str, str]) -> bool:
    """Whether a rule comes at all within ``FARTHEST`` years: the library would look for what never comes for ever.

    The days are tried one by one, each by the parts of the rule; where ``BYSETPOS`` picks among the days of a period,
    one period must have as many.
    """
    interval = int(parts.get("INTERVAL", "1"))
    if not 1 <= interval <= _LONGEST_INTERVAL:
        raise ValueError(f"INTERVAL={interval}")
    if len({len(one) > 2 for one in parts.get("BYDAY", "MO").split(",")}) > 1:
        raise ValueError("BYDAY")  # the library takes “WE,1MO” for both at once, the standard for either
    wanted = min((abs(int(one)) for one in parts.get("BYSETPOS", "1").split(",")), default=1)
    found: dict[int, int] = {}
    for number in range(FARTHEST * 366):
        day = ANCHOR + timedelta(days=number)
        period = _period(parts["FREQ"], day)
        if period % interval == 0 and _matches(parts, day):
            found[period] = found.get(period, 0) + 1
            if found[period] >= wanted:
                return True
    return False


def _period(freq: str, day: date) -> int:
    """Return the number of the year, month, week or day since the anchor."""
    if freq == "YEARLY":
        return day.year - ANCHOR.year
    if freq == "MONTHLY":
        return (day.year - ANCHOR.year) * 12 + day.month - 1
    return (day - ANCHOR).days // (7 if freq == "WEEKLY" else 1)


def _matches(parts: dict[str, str], day: date) -> bool:
    length = monthrange(day.year, day.month)[1]
    months, monthdays, weekdays = (
        parts[key].split(",") if key in parts else [] for key in ("BYMONTH", "BYMONTHDAY", "BYDAY")
    )
    if months and day.month not in map(int, months):
        return False
    if monthdays and not {day.day, day.day - length - 1} & set(map(int, monthdays)):
        return False
    if weekdays:
        return any(_on_weekday(one, day, length, by_year=parts["FREQ"] == "YEARLY" and not months) for one in weekdays)
    return True


def _on_weekday(one: str, day: date, length: int, *, by_year: bool) -> bool:
    if one[-2:] != _DAYS[day.weekday()]:
        return False
    if not one[:-2]:
        return True
    at, of = (day.timetuple().tm_yday, 365 + isleap(day.year)) if by_year else (day.day, length)
    return int(one[:-2]) in ((at - 1) // 7 + 1, -((of - at) // 7 + 1))


@lru_cache(maxsize=4096)
def _in_year(rule: str, year: int) -> tuple[date, ...]:
    """Return the days of one year on which a rule comes; bounded, or one that never comes is tried for ever."""
    first, last = datetime(year, 1, 1), datetime(year, 12, 31)  # noqa: DTZ001 - days without a clock
    found = rrulestr(rule, dtstart=datetime.combine(ANCHOR, time())).replace(until=last)
    return tuple(one.date() for one in found.between(first, last, inc=True))


def days(rule: str, since: date, until: date) -> tuple[date, ...]:
    """Return the days from ``since`` to ``until``, both included, on which ``rule`` (an RRULE value) comes."""
    years = range(max(since.year, ANCHOR.year), until.year + 1)
    return tuple(day for year in years for day in _in_year(rule, year) if since <= day <= until)


def last_until(rule: str, day: date) -> date | None:
    """Return the last day on which ``rule`` came, ``day`` included; None before its first."""
    for year in range(day.year, max(ANCHOR.year, day.year - FARTHEST) - 1, -1):
        if found := [one for one in _in_year(rule, year) if one <= day]:
            return found[-1]
    return None


def first_after(rule: str, day: date) -> date | None:
    """Return the first day after ``day`` on which ``rule`` comes; None where it does not within ``FARTHEST`` years."""
    for year in range(max(day.year, ANCHOR.year), min(day.year + FARTHEST, date.max.year) + 1):
        for found in _in_year(rule, year):
            if found > day:
                return found
    return None


def time_of(words: str) -> time:
    """The hour at the end of the words (“每月10日 19:30”); 15:00 where none is said."""
    match = re.search(r"(\d{1,2})[:：](\d{2})\s*$", words)
    return time(int(match[1]), int(match[2])) if match else DEFAULT_TIME


def sessions(
    words: str, *, after: datetime, zone: tzinfo, is_workday: Callable[[date], bool] = lambda day: True
) -> Iterator[datetime]:
    """The instants of the sessions after ``after``, soonest first, without end.

    A day that is no workday is put off to the next workday; two that fall together are held once.

    Raises:
        RecurrenceError: when the words name no recurring day.
    """
    rule, hour = to_rrule(words), time_of(words)
    found: date | None = after.astimezone(zone).date() - timedelta(days=40)
    last: datetime | None = None
    while found is not None and (found := first_after(rule, found)) is not None:
        day = found
        while not is_workday(day):
            day += timedelta(days=1)
        instant = datetime.combine(day, hour, tzinfo=zone)
        if instant > after and (last is None or instant > last):
            last = instant
            yield instant


_DAY_NAMES = dict(
    zip(_DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
_PLACES = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def in_english(words: str) -> str:
    """Say what recurs in English; the words as they stand where they are an RRULE with more to it."""
    try:
        rule = dict(part.split("=", 1) for part in to_rrule(words).split(";"))
    except (RecurrenceError, ValueError):
        return words
    said = _recurring(rule)
    hour = re.search(r"(\d{1,2})[:：](\d{2})\s*$", words)
    return f"{said}, {hour[1]}:{hour[2]}" if said and hour else said or words


def _recurring(rule: dict[str, str]) -> str:
    days, weekdays, months = (rule.get(key, "") for key in ("BYMONTHDAY", "BYDAY", "BYMONTH"))
    on = _and("the last day" if day == "-1" else f"the {_nth(int(day))}" for day in days.split(",") if day)
    second = rule.get("INTERVAL") == "2"
    match = rule.get("FREQ"), frozenset(rule) - {"FREQ"} - ({"INTERVAL"} if second else set())
    if match == ("WEEKLY", frozenset({"BYDAY"})):
        return f"every {'second ' if second else ''}{_and(_DAY_NAMES[day] for day in weekdays.split(','))}"
    if match == ("MONTHLY", frozenset({"BYMONTHDAY"})):
        return f"on {on} of {'every second' if second else 'each'} month"
    if second:
        return ""
    if match == ("DAILY", frozenset()):
        return "every day"
    if match == ("MONTHLY", frozenset({"BYDAY"})) and weekdays[:-2] in _PLACES:
        return f"on the {_PLACES[weekdays[:-2]]} {_DAY_NAMES[weekdays[-2:]]} of each month"
    if match == ("YEARLY", frozenset({"BYMONTH", "BYMONTHDAY"})):
        named = _and(_MONTHS[int(month) - 1] for month in months.split(","))
        if months == "3,6,9,12":
            return "every quarter" if days == "20" else f"on {on} of each quarter's last month"
        return f"on {on} of {named}"
    return ""


def _nth(day: int) -> str:
    ending = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _and(parts: Iterable[str]) -> str:
    *some, last = [*parts] or [""]
    return f"{', '.join(some)} and {last}" if some else last
