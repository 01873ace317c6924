"""What is done with a meeting by the machine interface: calling, preparing, running and publishing one.

Each call is the use case of the meeting's page. Whoever runs or decides a meeting may do it here, too; what happened
in the room may be typed later with ``happened_at``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from bihuan.api.access import Session, caller, keyed
from bihuan.api.rest import meetings
from bihuan.api.rest.given import Act, Key, Moment, Name, PastAct, ReasonAct, Text, Words, made_status
from bihuan.api.rest.inputs import READ, WRITE, AreaCode, In
from bihuan.api.scopes import MEETINGS_WRITE
from bihuan.meetings import api as use
from bihuan.meetings.models import AgendaItem, Attendance, Meeting, Objection
from bihuan.people.api import Actor

router = meetings.router  # one address may be read and written
RUNS = keyed(MEETINGS_WRITE)


class MeetingNow(Schema):
    """Where a meeting stands after an act; ``version`` counts the entries on its chain."""

    meeting_id: UUID
    title: str
    state: str
    version: int


class CallIn(Act):
    """A meeting to be called; its id will be the ``entry_id``."""

    area_code: AreaCode
    body: Key = Field(description="key of the body in the method's section 协商")
    method_key: Key | None = None
    starts_at: Moment
    place: Words = ""
    reason: Words = Field("", description="why at short notice, or why recorded afterwards")
    matter_ids: Annotated[list[UUID], Field(max_length=200)] | None = Field(
        None, description="which of the waiting matters; all of them by default"
    )


class InviteIn(Act):
    """Somebody who sits in: a person, or a guest by name."""

    person_id: UUID | None = None
    name: Name = ""


class MarkIn(In):
    """One line of the sign-in sheet."""

    attendance_id: int = Field(ge=1, le=2**62)
    presence: Literal["present", "absent", "deputy", "unknown"]
    reason: Words = ""
    deputy_name: Name = ""


class AttendanceIn(PastAct):
    """Who came, line by line; all or nothing."""

    marks: list[MarkIn] = Field(min_length=1, max_length=300)


class SheetLine(Schema):
    """One line of the sign-in sheet; ``due``: it is a mandate, of ``person_id``."""

    attendance_id: int
    person_id: UUID | None
    name: str
    role: str
    role_title: str
    due: bool
    presence: str
    deputy_name: str


class SheetOut(Schema):
    """The sign-in sheet, and what may be done at the meeting now; of what may not, ``why`` not."""

    lines: list[SheetLine]
    may: dict[str, str] = Field(description='act → why not now, "" where it may be done')


class InvitedOut(Schema):
    """The new line of the sign-in sheet."""

    attendance_id: int
    name: str


class AddIn(Act):
    """An item at the end of the agenda: a matter that waits for this body, or a topic."""

    matter_id: UUID | None = None
    title: Words = ""


class ItemMade(Schema):
    """The new item."""

    item_id: UUID
    order: int
    title: str


class OrderIn(Act):
    """The agenda in another order: every item once."""

    order: list[UUID] = Field(min_length=1, max_length=300)


class CorrectIn(Act):
    """What was wrong in the record of a meeting that is over; both wordings stay."""

    what: Literal["place", "began", "ended", "chair", "minutes", "reason", "opinion"]
    target: str = Field(
        "", max_length=40, pattern=r"^[0-9a-fA-F-]*$", description="of a reason the line, of an opinion its id"
    )
    words: Text
    why: Words


class CorrectedOut(Schema):
    """Both wordings."""

    id: UUID
    what: str
    was: str
    words: str


class AnswerIn(Act):
    """The answer to an objection; it stands beside the result."""

    answer: Text


class ObjectionLine(Schema):
    """An objection as it came, and its answer; a name where one was given, through a key none."""

    id: UUID
    item_id: UUID | None
    text: str
    name: str
    created_at: Moment
    answer: str


class ObjectionsOut(Schema):
    """All objections to a meeting's results, in the order in which they came."""

    objections: list[ObjectionLine]


class LinkOut(Schema):
    """A mandate's personal link: whoever holds the secret votes for it."""

    attendance_id: int
    name: str
    token: str


class LinksOut(Schema):
    """The personal vote links. That they were taken out is recorded."""

    links: list[LinkOut]


def now(meeting: Meeting) -> dict[str, Any]:
    """Return where a meeting stands."""
    return {
        "meeting_id": meeting.pk,
        "title": use.shown_title(meeting),
        "state": meeting.state,
        "version": meeting.version,
    }


@router.post("", auth=RUNS, response={200: MeetingNow, 201: MeetingNow, **WRITE})
def call_a_meeting(request: HttpRequest, payload: CallIn) -> Any:
    """Call a session of a body: who is due comes from the posts, the agenda from the matters that wait."""
    status = made_status(payload.entry_id)
    made = use.call_meeting(actor=caller(request), **payload.given())
    return Status(status, now(made))


@router.get("/{uuid:meeting_id}/attendance", auth=RUNS, response={200: SheetOut, **READ})
def get_attendance(request: HttpRequest, meeting_id: UUID) -> Any:
    """The sign-in sheet, for whoever runs the meeting; why somebody is absent is not told."""
    page = use.meeting_page(caller(request), meeting_id)
    if (refusal := page.may["run"]) is not None:
        raise PermissionDenied(refusal.why)
    lines = [
        {
            "attendance_id": row.pk,
            "person_id": row.person_id,
            "name": row.name,
            "role": row.role,
            "role_title": page.role_titles.get(row.role, ""),
            "due": row.kind == Attendance.Kind.DUE,
            "presence": row.presence,
            "deputy_name": row.deputy_name,
        }
        for row in (*page.due, *page.guests)
    ]
    may = {act: problem.why if problem is not None else "" for act, problem in page.may.items()}
    return Status(200, {"lines": lines, "may": may})


@router.post("/{uuid:meeting_id}/attendance", auth=RUNS, response={200: MeetingNow, **WRITE})
def post_attendance(request: HttpRequest, meeting_id: UUID, payload: AttendanceIn) -> Any:
    """Record who is present, absent with a reason, or sent a deputy."""
    marks = [use.Mark(**mark.model_dump()) for mark in payload.marks]
    done = use.record_attendance(actor=caller(request), meeting_id=meeting_id, marks=marks, **payload.given("marks"))
    return Status(200, now(done))


@router.post("/{uuid:meeting_id}/invitations", auth=RUNS, response={200: InvitedOut, **WRITE})
def post_invitation(request: HttpRequest, meeting_id: UUID, payload: InviteIn) -> Any:
    """Invite somebody to sit in."""
    row = use.invite(actor=caller(request), meeting_id=meeting_id, **payload.given())
    return Status(200, {"attendance_id": row.pk, "name": row.name})


@router.post("/{uuid:meeting_id}/items", auth=RUNS, response={200: ItemMade, **WRITE})
def post_item(request: HttpRequest, meeting_id: UUID, payload: AddIn) -> Any:
    """Put a matter that waits for this body, or a topic, at the end of the agenda."""
    item: AgendaItem = use.add_item(actor=caller(request), meeting_id=meeting_id, **payload.given())
    return Status(200, {"item_id": item.pk, "order": item.order, "title": item.title})


@router.post("/{uuid:meeting_id}/order", auth=RUNS, response={200: MeetingNow, **WRITE})
def post_order(request: HttpRequest, meeting_id: UUID, payload: OrderIn) -> Any:
    """Put the agenda in another order."""
    return Status(200, now(use.reorder_items(actor=caller(request), meeting_id=meeting_id, **payload.given())))


@router.post("/{uuid:meeting_id}/cancel", auth=RUNS, response={200: MeetingNow, **WRITE})
def cancel_a_meeting(request: HttpRequest, meeting_id: UUID, payload: ReasonAct) -> Any:
    """Cancel a meeting that was called: its matters wait for the next one."""
    return Status(200, now(use.cancel_meeting(actor=caller(request), meeting_id=meeting_id, **payload.given())))


@router.post("/{uuid:meeting_id}/open", auth=RUNS, response={200: MeetingNow, **WRITE})
def open_a_meeting(request: HttpRequest, meeting_id: UUID, payload: PastAct) -> Any:
    """Open the meeting; the quorum as found is kept."""
    return Status(200, now(use.open_meeting(actor=caller(request), meeting_id=meeting_id, **payload.given())))


@router.post("/{uuid:meeting_id}/end", auth=RUNS, response={200: MeetingNow, **WRITE})
def end_a_meeting(request: HttpRequest, meeting_id: UUID, payload: PastAct) -> Any:
    """End the meeting; what was not reached waits for the next one."""
    return Status(200, now(use.end_meeting(actor=caller(request), meeting_id=meeting_id, **payload.given())))


@router.post("/{uuid:meeting_id}/publish", auth=RUNS, response={200: MeetingNow, **WRITE})
def publish_a_meeting(request: HttpRequest, meeting_id: UUID, payload: PastAct) -> Any:
    """Publish the results, and open the window for objections."""
    return Status(200, now(use.publish(actor=caller(request), meeting_id=meeting_id, **payload.given())))


def _objection(actor: Actor, row: Objection) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ObjectionLine.model_fields}
    return told | ({"name": ""} if actor.via else {})


@router.post("/{uuid:meeting_id}/corrections", auth=RUNS, response={200: CorrectedOut, **WRITE})
def post_correction(request: HttpRequest, meeting_id: UUID, payload: CorrectIn) -> Any:
    """Correct something in the record of a meeting that is over."""
    done = use.correct(actor=caller(request), meeting_id=meeting_id, **payload.given())
    return Status(200, {"id": done.pk, "what": done.what, "was": done.was, "words": done.words})


@router.get("/{uuid:meeting_id}/objections", auth=RUNS, response={200: ObjectionsOut, **READ})
def get_objections(request: HttpRequest, meeting_id: UUID) -> Any:
    """The objections to the published results, for whoever answers them."""
    actor = caller(request)
    page = use.meeting_page(actor, meeting_id)
    if (refusal := page.may["decide"]) is not None:
        raise PermissionDenied(refusal.why)
    return Status(200, {"objections": [_objection(actor, one) for one in page.objections]})


@router.post("/objections/{uuid:objection_id}/answer", auth=RUNS, response={200: ObjectionLine, **WRITE})
def post_answer(request: HttpRequest, objection_id: UUID, payload: AnswerIn) -> Any:
    """Answer an objection."""
    actor = caller(request)
    return Status(
        200, _objection(actor, use.answer_objection(actor=actor, objection_id=objection_id, **payload.given()))
    )


@router.post("/{uuid:meeting_id}/links", auth=Session(), response={200: LinksOut, **WRITE})
def post_links(request: HttpRequest, meeting_id: UUID, payload: Act) -> Any:
    """Take out the personal vote links, to be printed or sent; that they were is recorded. No key gets them."""
    rows = use.hand_out_links(actor=caller(request), meeting_id=meeting_id, entry_id=payload.entry_id)
    told = [
        {"attendance_id": row.pk, "name": row.deputy_name or row.name, "token": use.ballot_link_token(row)}
        for row in rows
    ]
    return Status(200, {"links": told})
