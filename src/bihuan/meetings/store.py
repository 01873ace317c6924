"""How a use case of a meeting writes: lock the meeting, append one entry to its chain, save."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, NotFound, Problem, SealedValue, already, append, clock, new_id, seal
from bihuan.kernel.models import Entry
from bihuan.meetings.bodies import BodyRef, body_of
from bihuan.meetings.models import AgendaItem, Meeting
from bihuan.meetings.words import exact
from bihuan.people.api import MEETING_READ, Actor, access

SUBJECT = "meeting"
MARK = "*"  # in a body, where words are sealed beside the chain
PURPOSE_REASON = "会议记录：为什么这样安排"
NOT_REACHED = "会议时间内未议到"  # nobody's words


@dataclass(slots=True)
class Work:
    """One use case under way: the locked meeting, its rules, who acts, when. ``resent``: it was done before."""

    meeting: Meeting
    ref: BodyRef
    actor: Actor
    entry_id: UUID
    now: datetime
    happened_at: datetime
    resent: bool = False
    touched: set[str] = field(default_factory=set)

    def set(self, **values: Any) -> None:
        """Change fields of the meeting; ``record`` saves them."""
        for name, value in values.items():
            setattr(self.meeting, name, value)
        self.touched.update(values)

    def record(
        self, verb: str, body: Mapping[str, Any], *, sealed: Sequence[SealedValue] = (), role: str = ""
    ) -> Entry:
        """Append the use case's one entry and save what was set."""
        meeting = self.meeting
        entry = append(
            subject_type=SUBJECT,
            subject_id=meeting.pk,
            seq=meeting.version + 1,
            prev_hash=bytes(meeting.head_hash),
            verb=verb,
            actor=self.actor.ref(role or self.role),
            area_code=meeting.area_code,
            happened_at=self.happened_at,
            recorded_at=self.now,
            method=method_ref(self.ref),
            body=body,
            sealed=sealed,
            entry_id=self.entry_id,
        )
        self.set(version=meeting.version + 1, head_hash=bytes(entry.hash))
        meeting.save(update_fields=sorted(self.touched))
        return entry

    def not_before(self, moment: datetime | None, what: str) -> None:
        """Refuse an instant earlier than what the act follows from; ``what`` names that ("会议开始").

        Raises:
            BadInput: it is earlier.
        """
        if moment is not None and self.happened_at < moment:
            raise BadInput(
                Problem(
                    "happened_at",
                    _("写的时间早于%(what)s的时间（%(at)s）。") % {"what": what, "at": exact(moment)},
                    _("核对日期和钟点；补录纸质记录，写当时的时间。"),
                )
            )

    @property
    def role(self) -> str:
        """The role the actor acts in: what the body asks for, if held; else any."""
        held = self.actor.roles_in(self.meeting.area_code)
        body = self.ref.body
        for role in (*body.chair, *body.convener, *body.minutes):
            if role in held:
                return role
        return min(held, default="")


def marked(reason: str) -> dict[str, str]:
    """Return what an entry's body says of a reason: that there is one."""
    return {"reason": MARK} if reason else {}


def sealed_reason(reason: str) -> list[SealedValue]:
    """Seal a reason: it may name people."""
    return [seal("reason", reason, purpose=PURPOSE_REASON, encrypted=False, keep_until=None)] if reason else []


def method_ref(ref: BodyRef) -> str:
    """Return the method's version as entries name it."""
    return f"{ref.method.key}@{ref.number}"


def load(*, actor: Actor, entry_id: UUID, meeting_id: UUID, happened_at: datetime | None = None) -> Work:
    """Lock a meeting for an actor who may see it.

    Raises:
        Http404: when there is none, or the actor may not know of it.
        BadInput: when the id was used for another record.
    """
    rows = Meeting.objects.select_for_update(of=("self",))
    return _work(access(actor, MEETING_READ, rows, pk=meeting_id), actor, entry_id, happened_at)


def load_unguarded(*, actor: Actor, entry_id: UUID, meeting_id: UUID, happened_at: datetime | None = None) -> Work:
    """Lock a meeting for who came by a personal link or a public page: the caller checks what they may.

    Raises:
        NotFound: when there is none.
        BadInput: when the id was used for another record.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).filter(pk=meeting_id).first()
    if meeting is None:
        raise NotFound(Problem("", _("没有这个会议。"), _("请检查链接。")))
    return _work(meeting, actor, entry_id, happened_at)


def _work(meeting: Meeting, actor: Actor, entry_id: UUID, happened_at: datetime | None) -> Work:
    now = clock.now()
    ref = body_of(meeting.version_ref_id, meeting.body)
    before = already(entry_id)
    if before is not None and (before.subject_type, before.subject_id) != (SUBJECT, meeting.pk):
        raise BadInput(Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面重试。")))
    work = Work(meeting, ref, actor, entry_id, now, happened_at or now, resent=before is not None)
    if happened_at is not None and not work.resent:
        _check_instant(work)
    return work


def _check_instant(work: Work) -> None:
    """Bound when an act happened: until now, and since the meeting was called.

    A meeting held on paper is called afterwards, for a time that is past: its day is the bound then.
    """
    at = work.happened_at
    if at.tzinfo is None:
        raise BadInput(Problem("happened_at", _("时间缺少时区。"), _("请写成 2024-04-01T09:30+08:00。")))
    if at > work.now:
        raise BadInput(Problem("happened_at", _("写的时间还没有到。"), _("核对日期和钟点，写实际发生的时间。")))
    called, starts = work.meeting.called_at, work.meeting.starts_at
    if starts < called:
        called = starts.astimezone(clock.ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    work.not_before(called, _("会议召集"))


def see(actor: Actor, meeting_id: UUID) -> Meeting:
    """Return a meeting that the actor may know of.

    Raises:
        Http404: when there is none, or none for them.
    """
    return access(actor, MEETING_READ, Meeting.objects.all(), pk=meeting_id)


def item_of(item_id: UUID) -> AgendaItem:
    """Return an agenda item with its meeting.

    Raises:
        NotFound: when there is none.
    """
    item = AgendaItem.objects.select_related("meeting").filter(pk=item_id).first()
    if item is None:
        raise NotFound(Problem("item", _("没有这个议题。"), _("请刷新页面。")))
    return item


def must_be_on_agenda(meeting_id: UUID, item_id: UUID) -> None:
    """Refuse an item that is not one of the meeting's.

    Raises:
        NotFound: it is none of its items.
    """
    if not AgendaItem.objects.filter(pk=item_id, meeting_id=meeting_id).exists():
        raise NotFound(Problem("item", _("没有这个议题。"), _("请刷新页面。")))


def derived_id(entry_id: UUID, label: str) -> UUID:
    """Return a UUIDv7 that follows from another and a label: the same resend makes the same ids."""
    digest = int.from_bytes(hashlib.sha256(entry_id.bytes + label.encode()).digest()[:10])
    keep = (entry_id.int >> 80 << 80) | (0x7 << 76)  # the millisecond and the version
    rand_a, rand_b = digest >> 68 & 0xFFF, digest & ((1 << 62) - 1)
    return UUID(int=keep | rand_a << 64 | 0b10 << 62 | rand_b)


def fresh_id() -> UUID:
    """Return a new id at the clock's instant, so that a replay's ids keep the story's order."""
    return new_id(clock.now())
