"""What has a public page of its own: a matter, a meeting's results, a bulletin, an activity, an area.

Only what is public now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.activities.api import PublicActivity
from bihuan.activities.models import Activity
from bihuan.areas.api import display_name, find, is_code, names
from bihuan.areas.models import Area
from bihuan.kernel.api import clock
from bihuan.kernel.models import Entry
from bihuan.matters.api import GONE, PublicPage, spoken
from bihuan.matters.models import Matter
from bihuan.meetings.api import Published, shown_title
from bihuan.meetings.models import Meeting
from bihuan.reporting.models import Bulletin

COMMUNITY = 12
OUT = (Bulletin.State.PUBLISHED, Bulletin.State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Subject:
    """Something with a public page.

    ``type`` is the subject's in the record, "" of an area; ``name`` of its addresses: "portal:<name>"; ``sharable``:
    it has a picture: not what was erased or withdrawn. ``code``: what somebody types to have it checked.
    """

    type: str
    id: UUID | None
    name: str
    key: str
    title: str
    kind: str
    place: str
    area_code: str
    at: datetime | None
    code: str
    sharable: bool
    row: Any

    def address(self, what: str = "") -> str:
        """Return the path of its page, or of what belongs to it: "qr", "card", "check", "proof"."""
        return reverse(f"portal:{self.name}_{what}" if what else f"portal:{self.name}", args=[self.key])

    @property
    def check_path(self) -> str:
        """The path of the page where it is checked."""
        return self.address("check")

    @property
    def url(self) -> str:
        """The whole address of its page."""
        return settings.PUBLIC_URL + self.address()


def area_of(code: str) -> Area:
    """Return an area that has a public side: a community or what communities lie in.

    Raises:
        Http404: where there is none.
    """
    area = find(code) if is_code(code) and len(code) <= COMMUNITY else None
    if area is None:
        raise Http404
    return area


def of_area(area: Area) -> Subject:
    """Return an area's public home."""
    name = display_name(area)
    return Subject(
        "",
        None,
        "public",
        area.code,
        name,
        _("办了什么，怎么办的，人人看得到"),
        "",
        area.code,
        None,
        "",
        sharable=True,
        row=area,
    )


def of_matter(number: str) -> Subject | None:
    """Return a public matter by its number. Two statements."""
    row = Matter.objects.filter(number=number[:32].replace("\x00", ""), public=True).first()
    if row is None:
        return None
    called = names([row.area_code, row.community_code])
    return _matter(row, spoken(row.number, called.get(row.community_code, "")), called.get(row.area_code, ""))


def shown_matter(row: Matter, page: PublicPage) -> Subject:
    """Return a matter whose public page is at hand. No statement."""
    return _matter(row, page.display_number, page.area_name)


def _matter(row: Matter, number: str, place: str) -> Subject:
    kind = _("民生事项 %(number)s") % {"number": number}
    at = row.closed_at or row.created_at
    return Subject(
        "matter", row.pk, "matter", row.number, row.title, kind, place, row.area_code, at, row.number,
        row.title != GONE, row,
    )  # fmt: skip


def of_meeting(meeting_id: UUID) -> Subject | None:
    """Return a meeting whose results are published. Three statements."""
    row = Meeting.objects.filter(pk=meeting_id, state=Meeting.State.PUBLISHED).first()
    if row is None:
        return None
    return _meeting(row.pk, shown_title(row), _place(row.area_code), row.area_code, row.published_at, row)


def shown_meeting(page: Published) -> Subject:
    """Return a meeting whose published results are at hand. One statement."""
    return _meeting(page.id, page.title, page.area_name, page.area_code, page.published_at, page)


def _meeting(key: UUID, title: str, place: str, area: str, at: datetime | None, row: Any) -> Subject:
    code = code_of(last_entry("meeting", key, "meeting.published"))
    return Subject(
        "meeting", key, "meeting", str(key), title, _("会议结果"), place, area, at, code, sharable=True, row=row
    )


def of_bulletin(bulletin_id: UUID) -> Subject | None:
    """Return a bulletin that is or was published. Three statements."""
    row = Bulletin.objects.filter(pk=bulletin_id, state__in=OUT, published_at__isnull=False).first()
    return shown_bulletin(row, _place(row.area_code)) if row is not None else None


def shown_bulletin(row: Bulletin, place: str) -> Subject:
    """Return a bulletin whose public page is at hand. One statement."""
    out = row.state == Bulletin.State.PUBLISHED and row.title != GONE
    kind = f"{_(Bulletin.Kind(row.kind).label)} {row.number}".strip()
    code = code_of(last_entry("bulletin", row.pk, "bulletin.published"))
    return Subject(
        "bulletin", row.pk, "notice", str(row.pk), row.title, kind, place, row.area_code, row.published_at, code, out,
        row,
    )  # fmt: skip


def of_activity(activity_id: UUID) -> Subject | None:
    """Return an activity. Three statements."""
    row = Activity.objects.filter(pk=activity_id).first()
    return _activity(row, row.title, _place(row.area_code)) if row is not None else None


def shown_activity(page: PublicActivity) -> Subject:
    """Return an activity whose public page is at hand. One statement."""
    return _activity(page, page.title, page.area_name)


def _activity(row: Any, title: str, place: str) -> Subject:
    code = code_of(Entry.objects.filter(pk=row.id).first())  # the entry that announced it has its id
    return Subject(
        "activity", row.id, "activity", str(row.id), title, _("活动"), place, row.area_code, row.starts_at, code,
        sharable=True, row=row,
    )  # fmt: skip


def last_entry(subject_type: str, subject_id: UUID, verb: str) -> Entry | None:
    """Return the last entry of a subject with a verb."""
    found = Entry.objects.filter(subject_type=subject_type, subject_id=subject_id, verb=verb)
    return found.order_by("-seq").first()


def code_of(entry: Entry | None) -> str:
    """Return what names an entry for people: the day it was recorded, and the beginning of its hash."""
    if entry is None:
        return ""
    day = entry.recorded_at.astimezone(clock.ZONE).date()
    return f"{day:%Y%m%d}-{bytes(entry.hash)[:4].hex()}"


def _place(code: str) -> str:
    return names([code]).get(code, code)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: ``name`` and ``pattern`` of its addresses, and how it is found by what stands in them."""

    name: str
    pattern: str
    find: Callable[[Any], Subject | None]


KINDS = (
    Kind("public", "p/<str:code>", lambda code: of_area(area_of(code))),
    Kind("matter", "matters/<str:number>", of_matter),
    Kind("meeting", "meetings/<uuid:meeting_id>", of_meeting),
    Kind("notice", "notices/<uuid:bulletin_id>", of_bulletin),
    Kind("activity", "activities/<uuid:activity_id>", of_activity),
)
