"""Reminding before a session, by the worker: those who are due, and those who should have called it. Each told once.

How long before is the method file's (``提醒``, one day where it says nothing, 0 for never). Being told twice is being
told nothing: a meeting called within that time has just been told of, and is not reminded of again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID

from django.db import transaction

from bihuan.kernel import recurrence
from bihuan.kernel.api import CHINA, Notice, clock, notify_many, register_job
from bihuan.meetings import bodies
from bihuan.meetings.models import Attendance, Meeting, SessionReminder
from bihuan.meetings.words import stamp
from bihuan.people.models import Person, Post

LONGEST = timedelta(days=30)  # what the method file may say at most
_BATCH = 200


def register() -> None:
    """Hand both to the worker; called once at start."""
    register_job("meetings.reminders", remind_due, 300)
    register_job("meetings.uncalled", remind_callers, 3600)


def remind_due(now: datetime | None = None) -> int:
    """Remind those due at meetings that are near; returns how many meetings."""
    now = now or clock.now()
    near = Meeting.objects.filter(
        state=Meeting.State.CALLED, reminded_at__isnull=True, starts_at__gt=now, starts_at__lte=now + LONGEST
    ).order_by("starts_at")
    return sum(_remind(meeting, now) for meeting in near[:_BATCH])


def _remind(meeting: Meeting, now: datetime) -> int:
    days = bodies.body_of(meeting.version_ref_id, meeting.body).body.reminder
    since = meeting.starts_at - timedelta(days=days)
    if not days or now < since:
        return 0
    with transaction.atomic():
        mine = Meeting.objects.filter(pk=meeting.pk, state=Meeting.State.CALLED, reminded_at__isnull=True)
        if not mine.update(reminded_at=now) or meeting.called_at >= since:
            return 0
        params = {"title": meeting.title, "when": stamp(meeting.starts_at), "place": meeting.place}
        link = f"/desk/meetings/{meeting.pk}/"
        notify_many((Notice(person, "meeting.soon", params, link) for person in _attending(meeting)), created_at=now)
    return 1


def _attending(meeting: Meeting) -> Iterator[UUID]:
    """Yield who is to come: everybody due but those who said that they cannot, and deputies in their place."""
    for row in meeting.attendances.filter(kind=Attendance.Kind.DUE).exclude(presence=Attendance.Presence.ABSENT):
        person = row.deputy_id if row.presence == Attendance.Presence.DEPUTY else row.person_id
        if person is not None:
            yield person


def remind_callers(now: datetime | None = None) -> int:
    """Tell those who call a body that its next standing session is not called yet; returns how many sessions.

    Early enough that the notice that the rules ask for can still be kept: so many days before it must be called.
    """
    now = now or clock.now()
    today = now.astimezone(clock.ZONE).date()
    codes = Post.objects.active(today).exclude(area_code="").values_list("area_code", flat=True).distinct().order_by()
    return sum(
        _remind_callers(code, ref, at, now)
        for code in codes
        for ref in bodies.in_area(code)
        if ref.in_use and ref.body.standing and ref.body.reminder
        for at in _near(ref, now)
    )


def _near(ref: bodies.BodyRef, now: datetime) -> Iterator[datetime]:
    until = now + timedelta(days=ref.body.notice + ref.body.reminder)
    coming = recurrence.sessions(ref.body.standing, after=now, zone=clock.ZONE, is_workday=CHINA.is_workday)
    return takewhile(lambda at: at <= until, coming)


def _remind_callers(code: str, ref: bodies.BodyRef, at: datetime, now: datetime) -> int:
    callers = _callers(code, ref)
    day = at.replace(hour=0, minute=0)
    called = Meeting.objects.filter(
        area_code=code, body=ref.key, starts_at__gte=day, starts_at__lt=day + timedelta(days=1)
    ).exclude(state=Meeting.State.CANCELLED)
    if not callers or called.exists():
        return 0
    with transaction.atomic():
        _row, made = SessionReminder.objects.get_or_create(
            area_code=code, body=ref.key, session_at=at, defaults={"reminded_at": now}
        )
        if made:
            params = {"title": ref.body.title.zh, "when": stamp(at)}
            lines = (Notice(person, "meeting.not_called", params, "/desk/meetings/") for person in callers)
            notify_many(lines, created_at=now)
    return int(made)


def _callers(code: str, ref: bodies.BodyRef) -> list[UUID]:
    """Return who may call a body in an area by a post there itself: the people to whom its page proposes it."""
    today = clock.today()
    held = Post.objects.active(today).filter(area_code=code, role_id__in=ref.body.convener)
    people = Person.objects.filter(pk__in=held.values("person_id"), erased_at__isnull=True)
    return list(people.order_by("pk").values_list("pk", flat=True))
