"""Calendars (iCalendar, RFC 5545): what is public in an area, and one person's own meetings, activities and duties.

A UID never changes, so that a calendar programme moves an event that was moved and strikes one that was cancelled.
No matter's title and nobody's name stands in a calendar: it is read on phones and kept by other people's servers.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from bihuan.activities.models import Activity, Duty
from bihuan.api.models import CalendarLink
from bihuan.areas.api import ancestors, names, subtree_q
from bihuan.areas.models import Area
from bihuan.kernel.api import Problem, Refused, clock, keyed_hash, new_id
from bihuan.matters.api import TodoRow, todo
from bihuan.meetings.models import Meeting
from bihuan.people.api import Actor, actor_of
from bihuan.people.models import Person

PAST = timedelta(days=90)
MOST = 500
MEETING_LASTS = timedelta(hours=1)  # nobody says beforehand when it ends
DUTY_LASTS = timedelta(minutes=30)
_LONGEST_TOKEN = 64


def public_calendar(area: Area) -> bytes:
    """Return what is public in an area and around it: activities, and meetings whose results are published."""
    since = clock.now() - PAST
    here = subtree_q("area_code", area.code)
    activities = Activity.objects.filter(here | Q(area_code__in=ancestors(area.code)), starts_at__gte=since)
    meetings = Meeting.objects.filter(here, state=Meeting.State.PUBLISHED, starts_at__gte=since)
    made = _calendar(area.short_name or area.name)
    for event in (
        *_activities(activities.order_by("starts_at", "pk")[:MOST], "activities"),
        *_meetings(meetings.order_by("starts_at", "pk")[:MOST], "meetings"),
        *_on_duty(Duty.objects.filter(here, member__isnull=False, starts_at__gte=since)),
    ):
        made.add_component(event)
    return bytes(made.to_ical())


def own_calendar(token: str) -> bytes | None:
    """Return the calendar behind a person's secret link; None where there is none any more."""
    if not token or len(token) > _LONGEST_TOKEN or not token.isascii():
        return None
    link = CalendarLink.objects.filter(token_hash=_hash(token), ended_at__isnull=True).first()
    person = Person.objects.filter(pk=link.person_id, erased_at__isnull=True).first() if link is not None else None
    if person is None:
        return None
    actor = actor_of(person)
    since = clock.now() - PAST
    mine = Q(attendances__person_id=person.pk) | Q(chair_id=person.pk) | Q(minutes_id=person.pk)
    meetings = Meeting.objects.filter(mine, starts_at__gte=since).distinct()
    goes = Q(organiser_id=person.pk) | Q(sign_ups__person_id=person.pk, sign_ups__state__in=["coming", "waiting"])
    activities = Activity.objects.filter(goes, starts_at__gte=since).distinct()
    standing = Duty.objects.filter(member__person_id=person.pk, starts_at__gte=since)
    made = _calendar(_("我的闭环"))
    for event in (
        *_meetings(meetings.order_by("starts_at", "pk")[:MOST], "desk/meetings"),
        *_activities(activities.order_by("starts_at", "pk")[:MOST], "activities"),
        *_standing(standing.select_related("team", "roster").order_by("starts_at", "pk")[:MOST]),
        *_duties(actor),
    ):
        made.add_component(event)
    return bytes(made.to_ical())


def make_link(*, actor: Actor) -> str:
    """Return a new secret for a person's calendar; the one before ends.

    Raises:
        Refused: nobody is signed in, or a key asks.
    """
    if actor.person_id is None or actor.via:
        raise Refused(Problem("", _("请先登录"), _("日历链接是个人的")))
    text = secrets.token_urlsafe(24)
    now = clock.now()
    with transaction.atomic():
        end_link(actor=actor)
        CalendarLink.objects.create(id=new_id(now), person_id=actor.person_id, token_hash=_hash(text), created_at=now)
    return text


def end_link(*, actor: Actor) -> bool:
    """End a person's calendar link; False where there was none."""
    if actor.person_id is None:
        return False
    mine = CalendarLink.objects.filter(person_id=actor.person_id, ended_at__isnull=True)
    return bool(mine.update(ended_at=clock.now()))


def link_since(actor: Actor) -> datetime | None:
    """Return since when a person's calendar link is in force; None where there is none."""
    if actor.person_id is None:
        return None
    mine = CalendarLink.objects.filter(person_id=actor.person_id, ended_at__isnull=True)
    return mine.values_list("created_at", flat=True).first()


def _hash(token: str) -> bytes:
    return keyed_hash("api.calendar/1", token.encode())


def _calendar(title: str) -> Calendar:
    made = Calendar()
    made.add("prodid", "-//Bihuan//Calendar//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", title)
    made.add("x-wr-timezone", "Asia/Shanghai")
    made.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    made.add_component(Timezone.from_tzinfo(clock.ZONE, "Asia/Shanghai", first_date=date(2020, 1, 1)))
    return made


def _event(kind: str, key: UUID | int | str, version: int, at: datetime) -> Event:
    made = Event()
    made.add("uid", f"{kind}-{key}@{urlsplit(settings.PUBLIC_URL).hostname or 'bihuan'}")
    made.add("sequence", version)
    made.add("dtstamp", at)
    return made


def _times(made: Event, starts: datetime, ends: datetime) -> None:
    made.add("dtstart", starts.astimezone(clock.ZONE))
    made.add("dtend", max(ends, starts + timedelta(minutes=1)).astimezone(clock.ZONE))


def _meetings(rows: Iterable[Meeting], page: str) -> Iterable[Event]:
    rows = list(rows)
    called = names({row.area_code for row in rows})
    for row in rows:
        made = _event("meeting", row.pk, row.version, row.ended_at or row.called_at)
        begins = row.opened_at or row.starts_at
        _times(made, begins, row.ended_at or begins + MEETING_LASTS)
        made.add("summary", f"{called.get(row.area_code, '')} {row.title}".strip())
        made.add("location", row.place)
        made.add("url", f"{settings.PUBLIC_URL}/{page}/{row.pk}/")
        made.add("status", "CANCELLED" if row.state == Meeting.State.CANCELLED else "CONFIRMED")
        yield made


def _activities(rows: Iterable[Activity], page: str) -> Iterable[Event]:
    rows = list(rows)
    called = names({row.area_code for row in rows})
    for row in rows:
        made = _event("activity", row.pk, row.version, row.starts_at)
        _times(made, row.starts_at, row.ends_at)
        made.add("summary", row.title)
        made.add("location", f"{called.get(row.area_code, '')} {row.place}".strip())
        made.add("url", f"{settings.PUBLIC_URL}/{page}/{row.pk}/")
        made.add("status", "CANCELLED" if row.state == Activity.State.CANCELLED else "CONFIRMED")
        yield made


def _on_duty(rows: QuerySet[Duty]) -> Iterable[Event]:
    """Yield the shifts of an area's teams: which team, and how many people; nobody's name."""
    shifts = rows.order_by("starts_at", "roster_id", "ends_at").values(
        "roster_id", "roster__version", "roster__published_at", "team__name", "starts_at", "ends_at"
    )
    for one in shifts.annotate(people=Count("pk"))[:MOST]:
        key = f"{one['roster_id']}-{one['starts_at']:%Y%m%dT%H%M}-{one['ends_at']:%Y%m%dT%H%M}"
        made = _event("shift", key, one["roster__version"], one["roster__published_at"])
        _times(made, one["starts_at"], one["ends_at"])
        made.add("summary", _("%(team)s值班（%(n)s 人）") % {"team": one["team__name"], "n": one["people"]})
        made.add("status", "CONFIRMED")
        made.add("transp", "TRANSPARENT")
        yield made


def _standing(rows: Iterable[Duty]) -> Iterable[Event]:
    """Yield the duties that a person stands."""
    for row in rows:
        made = _event("turn", row.pk, row.roster.version, row.roster.published_at)
        _times(made, row.starts_at, row.ends_at)
        made.add("summary", _("%(team)s值班") % {"team": row.team.name})
        made.add("url", f"{settings.PUBLIC_URL}/desk/duties/{row.pk}/")
        made.add("status", "CONFIRMED")
        yield made


def _duties(actor: Actor) -> Iterable[Event]:
    """Yield what a person owes by a day: the act and the number, not the matter's title."""
    rows: list[TodoRow] = [row for row in todo(actor, limit=200).rows if row.must and row.due_at is not None]
    for row in rows:
        assert row.due_at is not None  # noqa: S101 - for the type checker
        made = _event("duty", f"{row.matter_id}-{row.action}", 0, row.created_at)
        _times(made, row.due_at - DUTY_LASTS, row.due_at)
        words = {"action": row.action_title, "number": row.display_number}
        made.add("summary", _("%(action)s %(number)s（期限）") % words)
        made.add("location", row.area_name)
        made.add("url", f"{settings.PUBLIC_URL}/desk/matters/{row.matter_id}/")
        made.add("status", "CONFIRMED")
        made.add("transp", "TRANSPARENT")
        yield made
