"""Calling a meeting and cancelling it: who may, when, where, who is due, what fills the agenda, who is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.areas.api import display_name
from bihuan.areas.models import Area
from bihuan.kernel.api import (
    GENESIS,
    BadInput,
    Conflict,
    NotFound,
    Problem,
    already,
    append,
    clock,
    instant,
    notify,
)
from bihuan.meetings import bodies, guards, roster, tokens
from bihuan.meetings.actions.agenda import fill_agenda
from bihuan.meetings.guards import must
from bihuan.meetings.models import AgendaItem, Attendance, Meeting
from bihuan.meetings.store import SUBJECT, load, marked, method_ref, sealed_reason
from bihuan.meetings.words import stamp
from bihuan.people.api import Actor


@dataclass(frozen=True, slots=True)
class _Call:
    """What was asked for when a meeting is called, checked for shape."""

    area_code: str
    ref: bodies.BodyRef
    starts_at: datetime
    place: str
    chair_id: UUID | None
    minutes_id: UUID | None


@transaction.atomic
def call_meeting(
    *,
    actor: Actor,
    entry_id: UUID,
    area_code: str,
    body: str,
    starts_at: datetime,
    place: str = "",
    method_key: str | None = None,
    chair_id: UUID | None = None,
    minutes_id: UUID | None = None,
    reason: str = "",
    matter_ids: Sequence[UUID] | None = None,
) -> Meeting:
    """Call a session of a body: who is due comes from the posts, the agenda from the matters that wait.

    Args:
        actor: a convener in the area.
        entry_id: UUIDv7 made by the client; becomes the meeting's id.
        area_code: whose session it is.
        body: key in the deliberation section of a method in use there.
        starts_at: aware.
        place: where; the body's usual place when empty.
        method_key: which method, where two have a body of that name.
        chair_id: who chairs; by default the actor, if they may, else the first who may.
        minutes_id: who keeps the minutes; by default the first who may.
        reason: why the notice is shorter than the rules ask, or why a past meeting is recorded afterwards.
        matter_ids: which of the waiting matters; all of them by default.

    Raises:
        NotFound: no such area or body.
        Refused: the actor is no convener.
        BadInput: no place, too short a notice without a reason, an unknown matter, nobody due.
        Conflict: there is a session of this body at that time already.
    """
    if (before := already(entry_id)) is not None:
        return Meeting.objects.get(pk=before.subject_id)
    now = clock.now()
    ref = bodies.find(area_code, body, method_key)
    must(guards.may_call(actor, area_code, ref))
    place = place.strip() or ref.body.place
    _check_call(ref, now, starts_at, place, reason)
    day = starts_at.astimezone(clock.ZONE).date()
    seats = roster.due(area_code, ref.body, day)
    if not seats:
        raise BadInput(Problem("area_code", _("这里没有应到会的人。"), _("先在“人员”里给成员设岗位。")))
    chair_id = chair_id or _first(area_code, ref.body.chair or ref.body.convener, day, actor)
    minutes_id = minutes_id or _first(area_code, ref.body.minutes, day, actor)
    call = _Call(area_code, ref, starts_at, place, chair_id, minutes_id)
    meeting = _create(actor, entry_id, call, now, reason)
    _seat(meeting, seats, roster.sitting_in(area_code, ref.body, day))
    fill_agenda(meeting, matter_ids)
    _tell(meeting)
    return meeting


def _check_call(ref: bodies.BodyRef, now: datetime, starts_at: datetime, place: str, reason: str) -> None:
    problems: list[Problem] = []
    if starts_at.tzinfo is None:
        problems.append(Problem("starts_at", _("开会时间缺少时区。"), _("请写明日期和时刻。")))
    elif not reason.strip() and starts_at < now:
        problems.append(
            Problem("starts_at", _("开会时间已经过去。"), _("改为将来的时间；补录已开过的会议请写明原因。"))
        )
    elif not reason.strip() and starts_at - now < timedelta(days=ref.body.notice):
        problems.append(
            Problem(
                "starts_at",
                _("按规定要提前 %(days)s 天通知。") % {"days": ref.body.notice},
                _("改晚一些，或写明临时召集的原因。"),
            )
        )
    if not place:
        problems.append(Problem("place", _("没有写开会地点。"), _("请写明在哪里开。")))
    if len(place) > 80:
        problems.append(Problem("place", _("地点太长。"), _("请控制在 80 个字以内。")))
    if problems:
        raise BadInput(problems)


def _first(area_code: str, roles: Sequence[str], day: object, actor: Actor) -> UUID | None:
    if not roles:
        return None
    if actor.person_id and actor.roles_in(area_code) & set(roles):
        return actor.person_id
    found = roster.holders(area_code, roles, day)  # type: ignore[arg-type]
    return next((posts[0].person_id for posts in found.values() if posts), None)


def _create(actor: Actor, entry_id: UUID, call: _Call, now: datetime, reason: str) -> Meeting:
    # Locked, so that two calls at once are not both "the third meeting of the year".
    area = Area.objects.select_for_update().filter(pk=call.area_code).first()
    if area is None:
        raise NotFound(Problem("area_code", _("没有这个区域。"), _("请检查区域编号。")))
    year = call.starts_at.astimezone(clock.ZONE).year
    held = Meeting.objects.filter(area_code=call.area_code, body=call.ref.key, starts_at__range=_year(year)).aggregate(
        last=Max("number")
    )
    number = (held["last"] or 0) + 1
    title = f"{display_name(area)}{year}年第{number}次{call.ref.body.title.zh}"  # the record's own words
    held_by = actor.roles_in(call.area_code) & set(call.ref.body.convener)
    entry = append(
        subject_type=SUBJECT,
        subject_id=entry_id,
        seq=1,
        prev_hash=GENESIS,
        verb="meeting.called",
        actor=actor.ref(min(held_by, default="")),
        area_code=call.area_code,
        happened_at=now,
        recorded_at=now,
        method=method_ref(call.ref),
        body={
            "body": call.ref.key,
            "title": title,
            "starts_at": instant(call.starts_at),
            "place": call.place,
            **marked(reason.strip()),
            "chair": str(call.chair_id or ""),
            "minutes": str(call.minutes_id or ""),
        },
        sealed=sealed_reason(reason.strip()),
        entry_id=entry_id,
    )
    meeting = Meeting(
        id=entry_id,
        version_ref_id=call.ref.version_id,
        body=call.ref.key,
        area_code=call.area_code,
        title=title[:80],
        number=number,
        place=call.place,
        called_at=now,
        starts_at=call.starts_at,
        called_by=actor.person_id or UUID(int=0),
        chair_id=call.chair_id,
        minutes_id=call.minutes_id,
        head_hash=bytes(entry.hash),
    )
    try:
        with transaction.atomic():
            meeting.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            None,
            Problem("starts_at", _("这个时间已经召集了同一个会议。"), _("打开已有的会议，或换一个时间。")),
        ) from error
    return meeting


def _year(year: int) -> tuple[datetime, datetime]:
    return (
        datetime(year, 1, 1, tzinfo=clock.ZONE),
        datetime(year + 1, 1, 1, tzinfo=clock.ZONE) - timedelta(microseconds=1),
    )


def _seat(meeting: Meeting, due: Sequence[roster.Seat], guests: Sequence[roster.Seat]) -> None:
    taken = {seat.person_id for seat in due}
    rows = [(seat, Attendance.Kind.DUE) for seat in due]
    rows += [(seat, Attendance.Kind.SITTING_IN) for seat in guests if seat.person_id not in taken]
    Attendance.objects.bulk_create(
        Attendance(
            meeting=meeting,
            person_id=seat.person_id,
            name=seat.name,
            role=seat.role,
            kind=kind,
            weights=dict(seat.weights),
            ballot_hash=tokens.ballot_hash(meeting.pk, seat.person_id) if kind == Attendance.Kind.DUE else None,
        )
        for seat, kind in rows
    )


def _tell(meeting: Meeting) -> None:
    link = f"/desk/meetings/{meeting.pk}/"
    params = {"title": meeting.title, "when": stamp(meeting.starts_at), "place": meeting.place}
    for row in meeting.attendances.all():
        if row.person_id is not None:
            due = row.kind == Attendance.Kind.DUE
            notify(row.person_id, "meeting.you_are_due" if due else "meeting.you_are_invited", params, link)


@transaction.atomic
def cancel_meeting(*, actor: Actor, entry_id: UUID, meeting_id: UUID, reason: str) -> Meeting:
    """Cancel a meeting that was called: its matters wait for the next one.

    Raises:
        Refused: the actor does not run it, or it has begun.
        BadInput: no reason.
    """
    work = load(actor=actor, entry_id=entry_id, meeting_id=meeting_id)
    if work.resent:
        return work.meeting
    must(
        guards.may_decide(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.CALLED),
    )
    if not reason.strip():
        raise BadInput(Problem("reason", _("取消会议要写明原因。"), _("写一句为什么取消。")))
    work.meeting.items.filter(state=AgendaItem.State.WAITING).update(
        state=AgendaItem.State.DEFERRED, reason=reason.strip()[:200]
    )
    work.set(state=Meeting.State.CANCELLED)
    work.record("meeting.cancelled", marked(reason.strip()), sealed=sealed_reason(reason.strip()))
    for row in work.meeting.attendances.exclude(person_id=None):
        notify(
            row.person_id,  # type: ignore[arg-type]
            "meeting.cancelled_for_you",
            {"title": work.meeting.title, "reason": reason.strip()},
            f"/desk/meetings/{work.meeting.pk}/",
        )
    return work.meeting
