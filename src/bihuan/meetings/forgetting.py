"""When a reporter's words are erased, the copies that meetings keep go with them.

The title stands on agendas, and may be quoted in what was written around them: the reason for which a meeting was
cancelled or an item put off, a topic that speaks of the matter again, and the bells that told of it. Bells that lead
to the matter itself are the matters package's to delete; bells of meetings stay, without the title.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import QuerySet

from bihuan.kernel.api import SYSTEM_REF, erase, plain_texts, register_erasure
from bihuan.kernel.models import Notification
from bihuan.matters.api import GONE
from bihuan.matters.models import Matter
from bihuan.meetings.models import AgendaItem, Attendance
from bihuan.meetings.store import NOT_REACHED, SUBJECT

_TELLING = ("meeting.cancelled_for_you", "meeting.your_matter_deferred")
SHORTEST = 4  # shorter titles ("路灯") name nobody, and stand in half of all sentences


def register() -> None:
    """Hand the wiping to the kernel; called once at start, after the matters package has done the same."""
    register_erasure("matter", wipe)
    register_erasure(SUBJECT, wipe_words)


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
    rows = list(AgendaItem.objects.filter(meeting_id__in=meetings))
    rung = list(_bells(meetings))
    _erase_quoting(meetings, gone)
    for old in gone:
        _wipe_items(rows, old, title)
        _wipe_bells(rung, old, title)


def _erase_quoting(meetings: Collection[UUID], gone: Collection[str]) -> None:
    """Erase the sealed reasons and topics that quote a title."""
    for meeting, name in ((one, name) for one in meetings for name in ("reason", "title")) if gone else ():
        said = plain_texts(SUBJECT, meeting, name)
        quoting = [key for key, text in said.items() if any(old in text for old in gone)]
        if quoting:
            erase(actor=SYSTEM_REF, subject_type=SUBJECT, subject_id=meeting, names=[name], entry_ids=quoting)


def wipe_words(subject_id: UUID, names: frozenset[str]) -> None:
    """Clear the reasons and topics that are sealed no more: on agenda items, and in the bells that told them."""
    if "title" in names:
        kept = set(plain_texts(SUBJECT, subject_id, "title").values())
        topics = AgendaItem.objects.filter(meeting_id=subject_id, matter__isnull=True)
        topics.exclude(title__in=kept).update(title=GONE)
    if "reason" in names:
        _wipe_reasons(subject_id)


def _wipe_reasons(subject_id: UUID) -> None:
    said = plain_texts(SUBJECT, subject_id, "reason").values()
    kept = {NOT_REACHED, *said, *(text[:200] for text in said)}
    items = AgendaItem.objects.filter(meeting_id=subject_id)
    items.exclude(reason__in=kept).update(reason="")
    links = [_link(subject_id), *(f"/desk/matters/{key}/" for key in items.values_list("matter_id", flat=True) if key)]
    changed = []
    for line in Notification.objects.filter(link__in=links, kind__in=_TELLING):
        if line.params.get("reason") and line.params["reason"] not in kept:
            line.params["reason"] = ""
            changed.append(line)
    Notification.objects.bulk_update(changed, ["params"])


def _wipe_items(rows: Iterable[AgendaItem], old: str, title: str) -> None:
    """Take a title out of the reasons and topics of the meetings it was on."""
    for item in rows:
        for field, longest in (("title", 120), ("reason", 200)):
            if old in getattr(item, field):
                setattr(item, field, str(getattr(item, field)).replace(old, title)[:longest])
                item.save(update_fields=[field])


def _link(meeting: UUID) -> str:
    return f"/desk/meetings/{meeting}/"


def _bells(meetings: Collection[UUID]) -> QuerySet[Notification]:
    """Return the bells about meetings, of whoever was on their lists."""
    listed = Attendance.objects.filter(meeting_id__in=meetings, person_id__isnull=False).values("person_id")
    return Notification.objects.filter(person_id__in=listed, link__in=[_link(meeting) for meeting in meetings])


def _wipe_bells(rung: Iterable[Notification], old: str, title: str) -> None:
    """Take a title out of bells."""
    changed = []
    for line in rung:
        params = {
            name: value.replace(old, title) if isinstance(value, str) else value for name, value in line.params.items()
        }
        if params != line.params:
            line.params = params
            changed.append(line)
    Notification.objects.bulk_update(changed, ["params"])
