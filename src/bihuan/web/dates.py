"""Says instants as people do: 今天 14:20, 4月3日 周三; and what is left of a limit.

Everything here is text in the active language; the exact instant goes beside it (title, print).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.kernel.api import CHINA, clock

_ZH_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _english() -> bool:
    return (get_language() or "").startswith("en")


def day_words(day: date, today: date) -> str:
    """Return ``day`` as said on ``today``: 今天, 昨天, 明天, 4月3日 周三, 2023年4月3日."""
    known = {0: _("今天"), -1: _("昨天"), 1: _("明天")}
    if (distance := (day - today).days) in known:
        return known[distance]
    if _english():
        text = f"{day.day} {_EN_MONTHS[day.month - 1]}"
        return f"{_EN_DAYS[day.weekday()]} {text}" if day.year == today.year else f"{text} {day.year}"
    text = f"{day.month}月{day.day}日"
    return f"{text} {_ZH_DAYS[day.weekday()]}" if day.year == today.year else f"{day.year}年{text}"


def moment(at: datetime | date) -> str:
    """Return an instant (or a day) as people say it now, in the local time zone."""
    today = timezone.localtime(clock.now()).date()
    if not isinstance(at, datetime):
        return day_words(at, today)
    local = timezone.localtime(at)
    return f"{day_words(local.date(), today)} {local:%H:%M}"


def exact(at: datetime | date) -> str:
    """Return an instant or a day in full: 2024年4月3日 14:20, 3 Apr 2024 14:20."""
    local = timezone.localtime(at) if isinstance(at, datetime) else at
    if _english():
        day = f"{local.day} {_EN_MONTHS[local.month - 1]} {local.year}"
    else:
        day = f"{local.year}年{local.month}月{local.day}日"
    return f"{day} {local:%H:%M}" if isinstance(local, datetime) else day


def picked(value: datetime | date | str | None) -> str:
    """Return what a date field holds, in full with the weekday: 2024年4月3日 周三 14:20; "" for what it cannot hold.

    A browser draws the field in its own language (03/04 or 04/03); this says which day it is.
    """
    if not value:
        return ""
    try:
        at = value if isinstance(value, date) else datetime.fromisoformat(value)
    except ValueError:
        return ""
    if isinstance(at, datetime) and timezone.is_aware(at):
        at = timezone.localtime(at)
    if _english():
        day = f"{_EN_DAYS[at.weekday()]} {at.day} {_EN_MONTHS[at.month - 1]} {at.year}"
    else:
        day = f"{at.year}年{at.month}月{at.day}日 {_ZH_DAYS[at.weekday()]}"
    timed = isinstance(at, datetime) and not (isinstance(value, str) and len(value) <= 10)
    return f"{day} {at:%H:%M}" if timed else day


def left(due: datetime) -> str:
    """Return what is left until ``due`` in workdays, hours or minutes, or by how much it is past.

    Two workdays and more are counted in whole workdays after today; nearer limits in hours, the last
    hour in minutes: nobody is told "0 workdays".
    """
    now = clock.now()
    if due < now:
        return _("已超时 %(much)s") % {"much": _much(due, now)}
    return _("还剩 %(much)s") % {"much": _much(now, due)}


def _much(start: datetime, end: datetime) -> str:
    workdays = _workdays_after(timezone.localtime(start).date(), timezone.localtime(end).date())
    if workdays >= 2:  # noqa: PLR2004 - see left()
        return _("%(n)s 个工作日") % {"n": workdays}
    minutes = int((end - start).total_seconds() // 60)
    if minutes >= 48 * 60:
        return _("%(n)s 天") % {"n": minutes // (24 * 60)}
    if minutes >= 60:
        return _("%(n)s 小时") % {"n": minutes // 60}
    return _("%(n)s 分钟") % {"n": max(minutes, 1)}


def _workdays_after(first: date, last: date) -> int:
    span = (last - first).days
    if span > 366:  # beyond a year the calendar is not known: five days of seven
        return span * 5 // 7
    return sum(CHINA.is_workday(first + timedelta(days=n)) for n in range(1, span + 1))


def until(due: datetime) -> str:
    """Return until when: 4月8日 周一 17:30 前."""
    return _("%(when)s 前") % {"when": moment(due)}
