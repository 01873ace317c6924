"""Reads of meetings: lists, the sessions ahead, one meeting, minutes, counts for figures."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count as CountOf
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from bihuan.areas.api import names as area_names
from bihuan.areas.api import subtree_q
from bihuan.kernel import recurrence
from bihuan.kernel.api import CHINA, BadInput, Problem, clock
from bihuan.matters.api import MOST_WAITING, Listing, waiting_for
from bihuan.matters.models import Matter
from bihuan.meetings import bodies, corrected, guards, roster, shown
from bihuan.meetings.actions.agenda import on_agenda
from bihuan.meetings.actions.attendance import own_row
from bihuan.meetings.models import AgendaItem, Attendance, Meeting, Vote
from bihuan.meetings.rules import quorum_met
from bihuan.meetings.shapes import Ahead, ItemView, Line, MeetingPage, MeetingRow, Minutes
from bihuan.meetings.words import shown_title
from bihuan.people.api import MATTER_READ, MEETING_READ, Actor, access, can, visible
from bihuan.people.models import Person

DECIDED = (
    AgendaItem.State.CARRIED,
    AgendaItem.State.REJECTED,
    AgendaItem.State.REFERRED,
    AgendaItem.State.NOTED,
)
HELD = (Meeting.State.ENDED, Meeting.State.PUBLISHED)


def meetings(
    actor: Actor, *, area: str = "", body: str = "", state: str = "", cursor: str | None = None, limit: int = 30
) -> Listing[MeetingRow]:
    """Return one page of the meetings an actor may see, the latest first.

    Args:
        actor: who reads.
        cursor: of the page, from the one before.
        limit: rows a page.
        area: only in this area and below.
        body: only of this body.
        state: "ahead" (called or under way), "held", "cancelled" or "" for all.

    Raises:
        BadInput: for a bent cursor.
    """
    rows = visible(actor, MEETING_READ, Meeting.objects.all())
    if area:
        rows = rows.filter(subtree_q("area_code", area))
    if body:
        rows = rows.filter(body=body)
    wanted = {"ahead": [Meeting.State.CALLED, Meeting.State.OPEN], "held": HELD, "cancelled": ["cancelled"]}
    if state in wanted:
        rows = rows.filter(state__in=wanted[state])
    if cursor:
        at, key = _unpack(cursor)
        rows = rows.filter(Q(starts_at__lt=at) | Q(starts_at=at, pk__lt=key))
    counted = rows.annotate(
        item_count=CountOf("items"), decided_count=CountOf("items", filter=Q(items__state__in=DECIDED))
    )
    found = list(counted.order_by("-starts_at", "-pk")[: limit + 1])
    called = area_names({row.area_code for row in found})
    following = _pack(found[limit - 1]) if len(found) > limit else None
    return Listing(tuple(_row(row, called) for row in found[:limit]), following)


def _row(row: Any, called: Mapping[str, str]) -> MeetingRow:
    return MeetingRow(
        id=row.pk,
        title=shown_title(row),
        body_title=bodies.body_of(row.version_ref_id, row.body).title,
        area_name=called.get(row.area_code, row.area_code),
        place=row.place,
        starts_at=row.starts_at,
        state=row.state,
        state_title=guards.state_title(row),
        items=row.item_count,
        decided=row.decided_count,
    )


def _pack(row: Meeting) -> str:
    return base64.urlsafe_b64encode(f"{row.starts_at.isoformat()}|{row.pk}".encode()).decode()


def _unpack(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, key = base64.urlsafe_b64decode(cursor.encode()).decode().split("|")
        return datetime.fromisoformat(at), UUID(key)
    except ValueError as error:
        raise BadInput(Problem("cursor", _("翻页地址不完整。"), _("回到第一页。"))) from error


def ahead(actor: Actor, now: datetime | None = None) -> tuple[Ahead, ...]:
    """Return the next session of every body that an actor may call, where none is called yet; soonest first.

    Bodies without standing sessions come last, with no date.
    """
    now = now or clock.now()
    found = [one for code in _own_areas(actor) for one in _ahead_in(actor, code, now)]
    return tuple(sorted(found, key=lambda one: (one.starts_at is None, one.starts_at or now, one.area_code)))


def _own_areas(actor: Actor) -> list[str]:
    return sorted({post.area_code for post in actor.posts if post.area_code})


def _ahead_in(actor: Actor, code: str, now: datetime) -> Iterator[Ahead]:
    called = area_names([code])
    taken = set(
        Meeting.objects.filter(area_code=code, starts_at__gte=now - timedelta(days=1))
        .exclude(state=Meeting.State.CANCELLED)
        .values_list("body", "starts_at")
    )
    places = _last_places(code)
    for ref in bodies.in_area(code):
        if not actor.roles_in(code) & set(ref.body.convener):
            continue
        waiting = len(unscheduled(ref.key, code))
        if not waiting and not ref.in_use:  # a method that lies ready but runs nothing here has no sessions
            continue
        yield Ahead(
            area_code=code,
            area_name=called.get(code, code),
            body=ref.key,
            body_title=ref.title,
            method_key=ref.method.key,
            standing=shown.said(ref.body.standing, recurrence.in_english(ref.body.standing)),
            place=places.get(ref.key) or ref.body.place,
            starts_at=next_session(ref, now, {at for body, at in taken if body == ref.key}),
            waiting=waiting,
            more=waiting == MOST_WAITING,
            refusal=guards.may_call(actor, code, ref),
        )


def _last_places(code: str) -> dict[str, str]:
    """Return where each body of an area met last, or is to meet: people mostly meet where they met before."""
    places: dict[str, str] = {}
    found = Meeting.objects.filter(area_code=code).exclude(place="").exclude(state=Meeting.State.CANCELLED)
    for body, place in found.order_by("-starts_at").values_list("body", "place")[:40]:
        places.setdefault(body, place)
    return places


def unscheduled(body: str, area_code: str) -> tuple[Matter, ...]:
    """Return the matters that wait for a body and are on no open agenda yet, oldest first, 200 at most."""
    return waiting_for(body, area_code, without=on_agenda())


def next_session(ref: bodies.BodyRef, now: datetime, taken: Iterable[datetime] = ()) -> datetime | None:
    """Return the next standing session that can still be called in time; None where the body has none."""
    if not ref.body.standing:
        return None
    days = {at.astimezone(clock.ZONE).date() for at in taken}
    coming = recurrence.sessions(
        ref.body.standing,
        after=now + timedelta(days=ref.body.notice),
        zone=clock.ZONE,
        is_workday=CHINA.is_workday,
    )
    return next((at for at in islice(coming, 12) if at.date() not in days), None)


def meeting_page(actor: Actor, meeting_id: UUID) -> MeetingPage:
    """Return everything on a meeting's page.

    Raises:
        Http404: when there is none, or the actor may not know of it.
    """
    return page_of(access(actor, MEETING_READ, Meeting.objects.all(), pk=meeting_id), actor)


def page_of(meeting: Meeting, actor: Actor) -> MeetingPage:
    """Return the page of a meeting that was loaded (and guarded) already."""
    ref = bodies.body_of(meeting.version_ref_id, meeting.body)
    rows = list(meeting.attendances.all())
    due = tuple(row for row in rows if row.kind == Attendance.Kind.DUE)
    found = quorum_met(roster.mandates(rows), ref.body.rule, register=roster.register(meeting.area_code))
    quorum = meeting.quorum if meeting.state in HELD and meeting.quorum else found.as_json()
    known = _people(meeting, rows)
    items = _as_seen(shown.items_of(load_items(meeting), ref, rows, known), actor, due)
    corrections, head = corrected.beside(meeting, rows, (said for item in items for said in item.opinions))
    return MeetingPage(
        meeting=meeting,
        title=shown_title(meeting),
        ref=ref,
        area_name=area_names([meeting.area_code]).get(meeting.area_code, meeting.area_code),
        state_title=guards.state_title(meeting),
        chair=known.get(meeting.chair_id, ""),  # type: ignore[arg-type]
        minutes=known.get(meeting.minutes_id, ""),  # type: ignore[arg-type]
        due=due,
        guests=tuple(row for row in rows if row.kind == Attendance.Kind.SITTING_IN),
        role_titles={row.role: bodies.role_title(ref.method, row.role) for row in rows},
        came=sum(row.presence in guards.PRESENT for row in due),
        quorum=bool(quorum["met"]),
        quorum_sentence=shown.said(quorum["zh"], quorum["en"]),
        quorum_reasons=tuple(Line(ok, shown.said(zh, en)) for ok, zh, en in quorum["lines"]),
        items=items,
        objections=tuple(meeting.objections.all()) if meeting.state == Meeting.State.PUBLISHED else (),
        may=_may(actor, meeting, ref, items),
        own=own_row(meeting, actor),
        corrections=corrections,
        corrected=head,
    )


def _as_seen(items: tuple[ItemView, ...], actor: Actor, due: Iterable[Attendance]) -> tuple[ItemView, ...]:
    """Take out what is not this reader's: who is due deliberates all of it, others read what their posts let them.

    Of a public matter only what its reporter wrote is left out; of a private one nothing but that it was on the agenda.
    """
    if actor.person_id is not None and any(actor.person_id in {row.person_id, row.deputy_id} for row in due):
        return items
    found = []
    for view in items:
        matter = view.row.matter
        if matter is not None and not can(actor, MATTER_READ, matter):
            matter.text = ""
            if not matter.public:
                view = _private(view)
        found.append(view)
    return tuple(found)


def _private(view: ItemView) -> ItemView:
    assert view.row.matter is not None  # noqa: S101 - only asked of an item with a matter
    view.row.title = view.row.matter.title = _("一件不公开的事项")
    view.row.reason = ""
    return replace(view, number="", step_title="", public_words="", opinions=(), resolution=None, parties=())


def load_items(meeting: Meeting) -> list[AgendaItem]:
    """Return a meeting's items with their matters, votes, opinions and resolutions in five statements."""
    votes = Prefetch("votes", queryset=Vote.objects.order_by("person_id"))
    rows = meeting.items.select_related("matter", "resolution").prefetch_related("opinions", votes)
    return list(rows)


def _people(meeting: Meeting, rows: Iterable[Attendance]) -> dict[UUID, str]:
    known = {row.person_id: row.name for row in rows if row.person_id is not None}
    wanted = {meeting.chair_id, meeting.minutes_id, meeting.called_by} - {None} - set(known)
    parties = [
        UUID(person)
        for item in meeting.items.filter(resolution__isnull=False).values_list("resolution__parties", flat=True)
        for people in item.values()
        for person in people
    ]
    wanted |= set(parties) - set(known)
    return {**known, **dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))}


def _may(actor: Actor, meeting: Meeting, ref: bodies.BodyRef, items: Iterable[ItemView]) -> dict[str, Problem | None]:
    state = Meeting.State
    run, decide = guards.may_run(actor, meeting, ref), guards.may_decide(actor, meeting, ref)
    before = guards.state_is(meeting, state.CALLED)
    during = guards.state_is(meeting, state.OPEN)
    both = guards.state_is(meeting, state.CALLED, state.OPEN)
    open_items = [item for item in items if item.row.state in {"voting", "counted"}]
    unfinished = (
        Problem("item", _("“%(item)s”还没有决议。") % {"item": open_items[0].row.title}, _("先计票、写决议，再散会。"))
        if open_items
        else None
    )
    return {
        "run": run,
        "decide": decide,
        "prepare": run or both,
        "cancel": decide or before,
        "open": run or before,
        "speak": run or during,
        "vote": decide or during,
        "enter": run or during,
        "settle": decide or both,
        "end": decide or during or unfinished,
        "publish": decide or guards.state_is(meeting, state.ENDED),
        "correct": run or guards.state_is(meeting, *HELD),
        "answer": decide or guards.state_is(meeting, state.PUBLISHED),
    }


def quarter_count(area_code: str, body: str, start: datetime, end: datetime) -> int:
    """Return how many sessions of ``body`` were held in an area and below it from ``start`` up to ``end``.

    Held means opened and ended; a meeting that was only called, or is cancelled, does not count.
    """
    rows = Meeting.objects.filter(
        subtree_q("area_code", area_code), body=body, state__in=HELD, opened_at__gte=start, opened_at__lt=end
    )
    return rows.count()


def minutes(actor: Actor, meeting_id: UUID) -> Minutes:
    """Return the minutes in the columns of 会议记录.

    Raises:
        Http404: when there is none, or the actor may not know of it.
    """
    page = meeting_page(actor, meeting_id)
    return Minutes(tuple(shown.minutes_columns(page)), page)
