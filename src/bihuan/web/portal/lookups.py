"""What somebody typed or scanned to have it checked: an address, a number, or the day and beginning of a hash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from bihuan.areas.models import Area
from bihuan.kernel.api import clock, visible
from bihuan.kernel.models import Entry
from bihuan.matters.models import Matter
from bihuan.reporting.models import Bulletin
from bihuan.web.portal import subjects
from bihuan.web.portal.subjects import Subject

LONGEST = 300
MOST = 10
_CODE = re.compile(r"(\d{8})-([0-9a-f]{8,64})")
_NUMBER = re.compile(r"\d{12}-\d{4}-\d{4,8}")
_SPOKEN = re.compile(r"(.{1,20})-(\d{4})-(\d{4,8})")
_PAGE = re.compile(r"/(matters|meetings|notices|activities)/([^/]{1,60})/")
_BRACKETS = str.maketrans({"[": "〔", "]": "〕", "【": "〔", "】": "〕", "(": "〔", ")": "〕", "（": "〔", "）": "〕"})


def look_up(text: str) -> tuple[Subject, ...]:
    """Return the public subjects that a text names; most often one, none where nothing public is called so."""
    text = "".join(visible(text[:LONGEST]).split())
    if not text:
        return ()
    if found := _PAGE.search(urlsplit(text).path if "://" in text else text):
        return _told([_by_page(found[1], found[2])])
    lower = text.lower()
    if found := _CODE.fullmatch(lower):
        return _told(_by_code(found[1], found[2]))
    if _NUMBER.fullmatch(text):
        return _told([subjects.of_matter(text)])
    if found := _SPOKEN.fullmatch(text):
        return _told(subjects.of_matter(number) for number in _numbers(*found.groups()))
    if (key := _uuid(text)) is not None:
        return _told(find(key) for find in _BY_PAGE.values())
    rows = Bulletin.objects.filter(number=text.translate(_BRACKETS), state__in=subjects.OUT)
    return _told(subjects.of_bulletin(pk) for pk in rows.values_list("pk", flat=True)[:MOST])


def _told(found: Iterable[Subject | None]) -> tuple[Subject, ...]:
    return tuple(one for one in found if one is not None)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _by_page(kind: str, key: str) -> Subject | None:
    if kind == "matters":
        return subjects.of_matter(key)
    found = _uuid(key)
    if found is None:
        return None
    return _BY_PAGE[kind](found)


def _numbers(name: str, year: str, serial: str) -> list[str]:
    """Return the numbers that are said so: several communities may be called alike."""
    areas = Area.objects.filter(level=Area.Level.COMMUNITY, active=True)
    if name.isascii() and name.isdigit():
        areas = areas.filter(code=name)
    else:
        areas = areas.filter(short_name__startswith=name) | areas.filter(name__startswith=name)
    numbers = [f"{code}-{year}-{serial}" for code in areas.values_list("code", flat=True)[: MOST * 5]]
    return list(Matter.objects.filter(number__in=numbers, public=True).values_list("number", flat=True)[:MOST])


def _by_code(day: str, digits: str) -> list[Subject | None]:
    """Return what the entries of a day whose hash begins so are of: one range of an index, however long the record."""
    try:
        begins = datetime.strptime(day, "%Y%m%d").replace(tzinfo=clock.ZONE)
        low = bytes.fromhex(digits[: len(digits) // 2 * 2])
    except ValueError:
        return []
    rows = Entry.objects.filter(
        recorded_at__gte=begins,
        recorded_at__lt=begins + timedelta(days=1),
        subject_type__in=tuple(_BY_TYPE),
        hash__gte=low.ljust(32, b"\x00"),
        hash__lte=low.ljust(32, b"\xff"),
    )
    named = list(dict.fromkeys(rows.order_by("recorded_at", "id").values_list("subject_type", "subject_id")[:MOST]))
    return [_BY_TYPE[kind](key) for kind, key in named]


def _matter(key: UUID) -> Subject | None:
    number = Matter.objects.filter(pk=key, public=True).values_list("number", flat=True).first()
    return subjects.of_matter(number) if number else None


_BY_TYPE: dict[str, Callable[[UUID], Subject | None]] = {
    "matter": _matter,
    "meeting": subjects.of_meeting,
    "bulletin": subjects.of_bulletin,
    "activity": subjects.of_activity,
}
_BY_PAGE = {
    "meetings": subjects.of_meeting,
    "notices": subjects.of_bulletin,
    "activities": subjects.of_activity,
}
