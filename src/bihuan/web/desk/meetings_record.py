"""What of an ended meeting's record may be corrected, as the form offers it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bihuan.meetings import guards
from bihuan.meetings.api import MeetingPage
from bihuan.meetings.models import Attendance
from bihuan.meetings.words import exact

_SAYS = "%s · %s"


def correctable(page: MeetingPage) -> list[tuple[str, str]]:
    """Return what of the record may be corrected: value of the form's choice, and how it reads now."""
    meeting = page.meeting
    found = [
        ("place", meeting.place),
        ("began", exact(meeting.opened_at or meeting.starts_at)),
        ("ended", exact(meeting.ended_at) if meeting.ended_at else ""),
        ("chair", page.chair),
        ("minutes", page.minutes),
    ]
    lines = [(what, _SAYS % (guards.correctable_title(what), words)) for what, words in found if words]
    for row in page.due:
        if row.presence != Attendance.Presence.PRESENT:
            title = f"{row.name} {guards.correctable_title('reason')}"
            lines.append((f"reason|{row.pk}", _SAYS % (title, row.reason or _("未请假"))))
    for item in page.items:
        for opinion in item.opinions:
            title = f"{item.row.order}. {opinion.name} {guards.correctable_title('opinion')}"
            lines.append((f"opinion|{opinion.pk}", _SAYS % (title, shorten(opinion.text))))
    return lines


def shorten(text: str, most: int = 24) -> str:
    """Return the beginning of a text, for a choice of one line."""
    return text if len(text) <= most else f"{text[:most]}……"
