"""Instants and names of meetings as the minutes write them, in full."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from bihuan.kernel.api import clock

if TYPE_CHECKING:
    from bihuan.meetings.models import Meeting

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TITLE = re.compile(r"^(.+?)(\d{4})年第(\d+)次")


def exact(at: datetime | date) -> str:
    """Return 2024年4月3日 14:20, or 3 Apr 2024 14:20; a day without the hour."""
    local = at.astimezone(clock.ZONE) if isinstance(at, datetime) else at
    if (get_language() or "").startswith("en"):
        day = f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
    else:
        day = f"{local.year}年{local.month}月{local.day}日"
    return f"{day} {local:%H:%M}" if isinstance(local, datetime) else day


def stamp(at: datetime) -> str:
    """Return 2024-04-03 14:20, as notices carry it to be put into either language."""
    return f"{at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}"


def shown_title(meeting: Meeting) -> str:
    """Return what a meeting is called, in the reader's language; in Chinese the record's own words.

    In English the body's name is the method's; the area keeps its own.
    """
    from bihuan.meetings.bodies import body_of

    found = _TITLE.match(meeting.title)
    if found is None or not (get_language() or "").startswith("en"):
        return meeting.title
    area, year, number = found.groups()
    return f"{area}: {body_of(meeting.version_ref_id, meeting.body).title} no. {number} of {year}"
