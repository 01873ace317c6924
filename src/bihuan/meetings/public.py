"""What needs no account: published results, and the page behind a personal link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.areas.api import names as area_names
from bihuan.kernel.api import Problem, Refused, mask_name
from bihuan.meetings import bodies, corrected, guards, roster, shown, tokens
from bihuan.meetings.actions.objections import window_is_open
from bihuan.meetings.models import AgendaItem, Attendance, Meeting
from bihuan.meetings.queries import load_items
from bihuan.meetings.rules import quorum_met
from bihuan.meetings.shapes import Published, PublishedItem, PublishedObjection, Question, Results, VotePage
from bihuan.meetings.words import shown_title
from bihuan.people.api import MEETING_READ, Actor, access
from bihuan.people.models import Person, Post


def published(meeting_id: UUID) -> Published | None:
    """Return a meeting's results as anybody may read them; None where they are not published.

    Officers are named, residents are not (张**). A matter that its method keeps private shows neither title nor text.
    """
    meeting = Meeting.objects.filter(pk=meeting_id, state=Meeting.State.PUBLISHED).first()
    return None if meeting is None else _results(meeting)


def results(actor: Actor, meeting_id: UUID) -> Results:
    """Return what came of a meeting that is over, in the words in which it may be told to anybody.

    Raises:
        Http404: when there is none, or the actor may not know of it.
        Refused: it is not over.
    """
    meeting = access(actor, MEETING_READ, Meeting.objects.all(), pk=meeting_id)
    if meeting.state not in {Meeting.State.ENDED, Meeting.State.PUBLISHED}:
        raise Refused(Problem("meeting_id", _("会议还没有结束。"), _("散会后再写纪要和公示。")))
    rows = list(meeting.attendances.all())
    ids = {row.person_id for row in rows} | {meeting.chair_id, meeting.minutes_id}
    people = _told({key for key in ids if key is not None})
    due = {Attendance.Kind.DUE}
    return Results(
        told=_results(meeting),
        chair=people.get(meeting.chair_id, ""),  # type: ignore[arg-type]
        keeper=people.get(meeting.minutes_id, ""),  # type: ignore[arg-type]
        came=tuple(_name(row, people) for row in rows if row.presence in guards.PRESENT and row.kind in due),
        away=tuple(_name(row, people) for row in rows if row.presence == Attendance.Presence.ABSENT),
        sat_in=tuple(_name(row, people) for row in rows if row.presence in guards.PRESENT and row.kind not in due),
    )


def _name(row: Attendance, people: Mapping[UUID, str]) -> str:
    return people.get(row.person_id, "") if row.person_id else mask_name(row.name)


def _results(meeting: Meeting) -> Published:
    ref = bodies.body_of(meeting.version_ref_id, meeting.body)
    rows = list(meeting.attendances.filter(kind=Attendance.Kind.DUE))
    items = load_items(meeting)
    people = named(items)
    numbers = shown.numbers_of(item.matter for item in items if item.matter)
    objections = list(meeting.objections.all())
    return Published(
        id=meeting.pk,
        title=shown_title(meeting),
        body_title=ref.title,
        area_code=meeting.area_code,
        area_name=area_names([meeting.area_code]).get(meeting.area_code, meeting.area_code),
        place=meeting.place,
        starts_at=meeting.opened_at or meeting.starts_at,
        ended_at=meeting.ended_at,
        published_at=meeting.published_at,
        due=len(rows),
        present=sum(row.presence in guards.PRESENT for row in rows),
        quorum_sentence=_quorum(meeting, ref, rows),
        items=tuple(_item(item, ref, people, numbers) for item in items),
        corrections=corrected.in_public(meeting),
        objections_until=meeting.objections_until,
        objections_open=window_is_open(meeting) is None,
        objections_waiting=sum(not objection.answer for objection in objections),
        objections=tuple(
            PublishedObjection(one.text, one.created_at, one.answer, one.answered_at)
            for one in objections
            if one.answered_at is not None
        ),
    )


def _quorum(meeting: Meeting, ref: bodies.BodyRef, rows: list[Attendance]) -> str:
    found = (
        meeting.quorum
        or quorum_met(roster.mandates(rows), ref.body.rule, register=roster.register(meeting.area_code)).as_json()
    )
    return shown.said(found["zh"], found["en"])


def named(items: Iterable[AgendaItem]) -> dict[UUID, str]:
    """Return the names of who was made responsible: in full for who holds a post, masked for residents."""
    wanted = {
        UUID(person)
        for item in items
        if getattr(item, "resolution", None)
        for people in item.resolution.parties.values()
        for person in people
    }
    return _told(wanted)


def _told(wanted: set[UUID]) -> dict[UUID, str]:
    officers = set(
        Post.objects.filter(person_id__in=wanted).exclude(role_id="resident").values_list("person_id", flat=True)
    )
    people = Person.objects.filter(pk__in=wanted).values_list("pk", "name")
    return {key: name if key in officers else mask_name(name) for key, name in people}


def _item(
    item: AgendaItem, ref: bodies.BodyRef, people: Mapping[UUID, str], numbers: Mapping[str, str]
) -> PublishedItem:
    matter, resolution = item.matter, getattr(item, "resolution", None)
    private = matter is not None and not matter.public
    return PublishedItem(
        order=item.order,
        title="" if private else item.title,
        private=private,
        number="" if private or matter is None else matter.number,
        display_number="" if private or matter is None else numbers[matter.number],
        state=item.state,
        state_title=guards.item_state_title(item),
        ballot_title=guards.ballot_title(item.ballot),
        count=shown.count_view(item),
        resolution="" if private or resolution is None else resolution.text,
        parties=() if private else shown.party_lines(ref, resolution, people),
        due_on=None if private or resolution is None else resolution.due_on,
        progress="" if private else shown.step_of(matter)[1],
        reason="" if private else item.reason,
    )


def vote_page(token: str) -> VotePage | None:
    """Return the page behind a personal link; None where the link is none of ours (or the meeting was cancelled)."""
    row = (
        Attendance.objects.select_related("meeting")
        .filter(ballot_hash=tokens.hash_of(token), kind=Attendance.Kind.DUE)
        .first()
    )
    if row is None or row.meeting.state == Meeting.State.CANCELLED:
        return None
    meeting = row.meeting
    ref = bodies.body_of(meeting.version_ref_id, meeting.body)
    items = load_items(meeting)
    open_items = [item for item in items if item.state == AgendaItem.State.VOTING]
    closed = [item for item in items if item.count]
    numbers = shown.numbers_of(item.matter for item in open_items if item.matter)
    return VotePage(
        meeting=meeting,
        title=shown_title(meeting),
        body_title=ref.title,
        area_name=area_names([meeting.area_code]).get(meeting.area_code, meeting.area_code),
        row=row,
        name=row.deputy_name if row.presence == Attendance.Presence.DEPUTY else row.name,
        signed_in=row.presence in guards.PRESENT,
        questions=tuple(_question(item, row, ref, numbers) for item in open_items),
        results=shown.items_of(closed, ref, [row], {}),
    )


def _question(item: AgendaItem, row: Attendance, ref: bodies.BodyRef, numbers: Mapping[str, str]) -> Question:
    voters = {vote.person_id for vote in item.votes.all()}
    refusal = guards.mandate_is_free(row, voters)
    if "phone" not in ref.body.channels and refusal is None:
        refusal = guards.no_channel(ref.body.channels, "phone")
    number = numbers.get(item.matter.number, "") if item.matter else ""
    return Question(item, guards.ballot_title(item.ballot), number, row.person_id in voters, refusal)
