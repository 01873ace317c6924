"""When a reporter's words are erased, the copies that meetings keep go with them.

The title stands on agendas, and may be quoted in what was written around them: the reason for which a meeting was
cancelled or an item put off, a topic that speaks of the matter again, and the bells that told of it. Bells that lead
to the matter itself are the matters package's to delete; bells of meetings stay, without the title.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from bihuan.kernel.api import register_erasure
from bihuan.kernel.models import Notification
from bihuan.matters.models import Matter
from bihuan.meetings.models import AgendaItem, Attendance

SHORTEST = 4  # shorter titles ("路灯") name nobody, and stand in half of all sentences


def register() -> None:
    """Hand the wiping to the kernel; called once at start, after the matters package has done the same."""
    register_erasure("matter", wipe)


def wipe(subject_id: UUID, names: frozenset[str]) -> None:
    """Give a matter's agenda items the title it has after the erasing, and take the old one out of what quotes it."""
    if not names & {"title", "text"}:
        return
    kept = list(AgendaItem.objects.filter(matter_id=subject_id).values_list("meeting_id", "title"))
    if not kept:
        return
    title = Matter.objects.filter(pk=subject_id).values_list("title", flat=True).first() or ""
    AgendaItem.objects.filter(matter_id=subject_id).update(title=title)
    gone = {old for _meeting, old in kept if old != title and len(old) >= SHORTEST}
    meetings = {meeting for meeting, _old in kept}
    for old in gone:
        _wipe_items(meetings, old, title)
        _wipe_bells(meetings, old, title)


def _wipe_items(meetings: Collection[UUID], old: str, title: str) -> None:
    """Take a title out of the reasons and topics of the meetings it was on."""
    rows = AgendaItem.objects.filter(meeting_id__in=meetings)
    for field, longest in (("title", 120), ("reason", 200)):
        for item in rows.filter(**{f"{field}__contains": old}):
            setattr(item, field, str(getattr(item, field)).replace(old, title)[:longest])
            item.save(update_fields=[field])


def _wipe_bells(meetings: Collection[UUID], old: str, title: str) -> None:
    """Take a title out of the bells about meetings, of whoever was on their lists."""
    listed = Attendance.objects.filter(meeting_id__in=meetings, person_id__isnull=False).values("person_id")
    links = [f"/desk/meetings/{meeting}/" for meeting in meetings]
    changed = []
    for line in Notification.objects.filter(person_id__in=listed, link__in=links):
        params = {
            name: value.replace(old, title) if isinstance(value, str) else value for name, value in line.params.items()
        }
        if params != line.params:
            line.params = params
            changed.append(line)
    Notification.objects.bulk_update(changed, ["params"])
