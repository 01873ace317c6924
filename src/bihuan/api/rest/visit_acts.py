"""Visits one by one by the machine interface: recording, what was found, answering, correcting, taking back.

A phone that was out of reach sends its queue instead (``field``). A visit to a paired household is recorded at the
pairing, by who is signed in: no key reaches households.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Schema, Status
from pydantic import Field

from bihuan.api.access import MANY, caller, keyed
from bihuan.api.rest import team_acts
from bihuan.api.rest.doings import VisitOut
from bihuan.api.rest.given import Act, EntryId, Key, Moment, Name, Text, Version, Words
from bihuan.api.rest.inputs import READ, WRITE, AreaCode, In
from bihuan.api.rest.photos_in import Photos, photos_of
from bihuan.api.rest.picked import picked
from bihuan.api.scopes import ROUNDS_WRITE, VISITS_READ
from bihuan.fieldwork import api as use
from bihuan.fieldwork.api import CheckLine, Corrected, FindingLine, Found, RecordedVisit, VisitPage
from bihuan.kernel.api import Refused
from bihuan.people.api import Actor

router = team_acts.router  # that of all that people do, together and on their rounds
GOES = keyed(ROUNDS_WRITE)
TAG = ["rounds"]
Checks = Annotated[dict[Key, Literal["ok", "bad", "na"]], Field(max_length=60)]
Result = Literal["nothing", "found", "nobody"]


class TogetherIn(In):
    """Who went along: a role of the method, a name, a person where they are known."""

    role: Key
    name: Name = ""
    person: UUID | None = None


class VisitIn(In):
    """A visit: to a target of a round, or of one's own accord."""

    id: EntryId
    area_code: AreaCode
    happened_at: Moment
    place_id: UUID | None = None
    round: Key = ""
    method_key: Key | None = None
    level: Annotated[int, Field(ge=1, le=9)] | None = None
    arrived_at: Moment | None = None
    result: Result = "nothing"
    checklist: Checks = {}
    title: Words = ""
    text: Text = ""
    together: Annotated[list[TogetherIn], Field(max_length=30)] = []
    photos: Photos = []


@picked(RecordedVisit)
class RecordedOut(Schema):
    """The visit; ``why`` says in words why it does not count, where it does not."""


class FindingIn(In):
    """What a visit found: a matter of its own, or a note on the open one that it joins."""

    id: EntryId
    text: Text
    item: Key = Field("", description="of the checklist")
    title: Words = ""
    category: Key = ""
    urgency: Key = ""
    method_key: Key | None = None
    join: UUID | None = None
    expected_version: Version | None = None
    checked: bool = Field(default=False, description="of a paired household: nobody can tell by the text which")
    photos: Photos = []


@picked(Found)
class FoundOut(Schema):
    """The matter that it became, or that it joined."""


class ReviewIn(Act):
    """The answer to a diary entry; its writer is told."""

    text: Text


class CorrectVisitIn(Act):
    """What was written down wrong, as it should be: only what differs; or that the visit is taken back."""

    reason: Words
    withdraw: bool = False
    happened_at: Moment | None = None
    result: Result | None = None
    checklist: Checks | None = None
    title: Words | None = None
    text: Text | None = None


@picked(Corrected)
class CorrectedVisit(Schema):
    """The visit after it was answered, corrected or taken back."""


@picked(CheckLine)
class CheckOut(Schema):
    """One item of the checklist as it was answered."""


@picked(FindingLine)
class FindingOut(Schema):
    """What was found, and what became of it."""


class WholeVisit(VisitOut):
    """One visit with its whole text; who went is told by role."""

    checklist: list[CheckOut]
    findings: list[FindingOut]
    photos: list[UUID]
    review: str
    reviewed_at: datetime | None
    may_correct: bool
    may_review: bool


def _page(actor: Actor, visit_id: UUID) -> VisitPage:
    """Return a visit as the caller sees it; to a key there are no visits to households.

    Raises:
        Http404: there is none for them.
    """
    page = use.visit_page(actor, visit_id)
    if actor.via and page.visit.pairing_id is not None:
        raise Http404
    return page


@router.get("/visits/{uuid:visit_id}", auth=keyed(VISITS_READ), response={200: WholeVisit, **READ}, tags=TAG)
def get_visit(request: HttpRequest, visit_id: UUID) -> Any:
    """One visit with its checklist, what it found, and the answer."""
    page = _page(caller(request), visit_id)
    told = {name: getattr(page.row, name) for name in VisitOut.model_fields} | {"text": page.text}
    names = ("checklist", "findings", "photos", "review", "reviewed_at", "may_correct", "may_review")
    return Status(200, told | {name: getattr(page, name) for name in names})


@router.post(
    "/visits", auth=keyed(ROUNDS_WRITE, most=MANY), response={200: RecordedOut, 201: RecordedOut, **WRITE}, tags=TAG
)
def post_visit(request: HttpRequest, payload: VisitIn) -> Any:
    """Record a visit; one that does not count is in the record and says why."""
    given = payload.model_dump(exclude={"photos", "together"})
    together = [
        {"role": one.role, "name": one.name, "person": one.person.hex if one.person else ""} for one in payload.together
    ]
    done = use.record_visit(actor=caller(request), together=together, photos=photos_of(payload.photos), **given)
    return Status(201 if done.created else 200, done)


@router.post(
    "/visits/{uuid:visit_id}/findings",
    auth=keyed(ROUNDS_WRITE, most=MANY),
    response={200: FoundOut, 201: FoundOut, **WRITE},
    tags=TAG,
)
def post_finding(request: HttpRequest, visit_id: UUID, payload: FindingIn) -> Any:
    """Make what a visit found a matter, or part of one: whoever recorded the visit."""
    actor = caller(request)
    page = _page(actor, visit_id)
    household = page.visit.pairing
    if household is not None and (problem := use.must_not_name(household, payload.text, checked=payload.checked)):
        raise Refused(problem)
    given = payload.model_dump(exclude={"photos", "checked"})
    done = use.record_finding(actor=actor, visit_id=visit_id, photos=photos_of(payload.photos), **given)
    return Status(201 if done.created else 200, done)


@router.post("/visits/{uuid:visit_id}/review", auth=GOES, response={200: CorrectedVisit, **WRITE}, tags=TAG)
def post_review(request: HttpRequest, visit_id: UUID, payload: ReviewIn) -> Any:
    """Answer a diary entry: who the method says."""
    actor = caller(request)
    _page(actor, visit_id)
    return Status(200, use.review_visit(actor=actor, visit_id=visit_id, **payload.given()))


@router.post("/visits/{uuid:visit_id}/correct", auth=GOES, response={200: CorrectedVisit, **WRITE}, tags=TAG)
def correct_own_visit(request: HttpRequest, visit_id: UUID, payload: CorrectVisitIn) -> Any:
    """Correct one's own visit, or take it back; what was written first stays in the record."""
    actor = caller(request)
    _page(actor, visit_id)
    told = payload.model_dump(exclude={"entry_id", "reason", "withdraw"}, exclude_none=True)
    changes = {"withdrawn": True} if payload.withdraw else told
    done = use.correct_visit(
        actor=actor, visit_id=visit_id, entry_id=payload.entry_id, reason=payload.reason, changes=changes
    )
    return Status(200, done)
