"""Matters by the machine interface: the list, one, its timeline; recording, following, searching."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api.access import MANY, Caller, caller, keyed, slow_down
from bihuan.api.rest.acts import acts_of
from bihuan.api.rest.field import ActOut
from bihuan.api.rest.picked import picked
from bihuan.api.rest.schemas import LedgerPage, ProblemDocument, ReportIn, ReportOut
from bihuan.api.scopes import MATTERS_READ, MATTERS_WRITE, REPORTS_WRITE, for_residents
from bihuan.kernel.api import new_id
from bihuan.matters.api import LedgerFilters, TimelineLine, follow, ledger, matter_page, record, search
from bihuan.matters.models import Matter
from bihuan.matters.shapes import Change, ClockLine, PartyLine, Related, StepLine

router = Router(tags=["matters"])
READ: dict[Any, Any] = dict.fromkeys((401, 403, 422, 429), ProblemDocument)
ONE: dict[Any, Any] = dict.fromkeys((401, 403, 404, 422, 429), ProblemDocument)
WRITE: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), ProblemDocument)
Cursor = Annotated[str | None, Field(max_length=120)]
Limit = Annotated[int, Field(ge=1, le=200)]
Code = Annotated[str, Field(max_length=21, pattern=r"^[0-9]*$")]


@picked(Change)
class ChangeOut(Schema):
    """What changed, from, to."""


@picked(
    TimelineLine, "entry_id", "seq", "verb", "action", "action_title", "sentence", "who", "role_title", "happened_at",
    "recorded_at", "reason", "changes", "photos", "hash",
)  # fmt: skip
class EntryOut(Schema):
    """One entry of the record, as a sentence; ``hash`` is its place in the chain, in hex."""

    changes: list[ChangeOut]


@picked(StepLine)
class StepOut(Schema):
    """One step of the method: ``state`` is done, now or ahead."""


@picked(ClockLine)
class ClockOut(Schema):
    """One limit of the matter."""


@picked(PartyLine, "role", "role_title", "name", "since")
class PartyOut(Schema):
    """Who answers for the matter."""


@picked(Related)
class RelatedOut(Schema):
    """Another matter that this one is tied to."""


class FieldValue(Schema):
    """What was given for a field of the method, in words."""

    title: str
    value: str


class MatterOut(Schema):
    """One matter as whoever asks may read it, without names and numbers that are sealed."""

    id: UUID
    number: str
    display_number: str
    title: str
    text: str
    method: str = Field(description="the method's title")
    area_code: str
    area_name: str
    channel: str
    category: str
    urgency: str
    step: str
    step_title: str
    is_open: bool
    outcome: str
    outcome_title: str
    public: bool
    public_words: str
    due_at: datetime | None
    card: str
    happened_at: datetime
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    version: int = Field(description="for expected_version of an act")
    fields: list[FieldValue]
    parties: list[PartyOut]
    steps: list[StepOut]
    clocks: list[ClockOut]
    related: list[RelatedOut]
    acts: list[ActOut]


class TimelineOut(Schema):
    """All entries of a matter, the oldest first."""

    entries: list[EntryOut]


class FollowIn(Schema):
    """Following a public matter instead of reporting it again."""

    id: UUID | None = Field(None, description="UUIDv7 made by the client: the same again is the same following")
    follow_token: str | None = Field(None, max_length=64, description="made by the client: 22 to 64 of A-Z a-z 0-9 - _")


class FollowOut(Schema):
    """The secret of the follower's own link."""

    follow_token: str


_COLUMNS = (
    "id", "number", "title", "text", "area_code", "channel", "category", "urgency", "step", "is_open", "outcome",
    "public", "due_at", "card", "happened_at", "created_at", "updated_at", "closed_at", "version",
)  # fmt: skip


@router.get("", auth=keyed(MATTERS_READ), response={200: LedgerPage, **READ})
def get_matters(
    request: HttpRequest,
    area: Code = "",
    step: Annotated[str, Field(max_length=40)] = "",
    state: Annotated[str, Field(pattern="^(open|closed)?$")] = "",
    category: Annotated[str, Field(max_length=40)] = "",
    urgency: Annotated[str, Field(max_length=12)] = "",
    channel: Annotated[str, Field(max_length=12)] = "",
    card: Annotated[str, Field(pattern="^(yellow|red)?$")] = "",
    outcome: Annotated[str, Field(max_length=40)] = "",
    text: Annotated[str, Field(max_length=60)] = "",
    sort: Annotated[str, Field(pattern="^(new|due)$")] = "new",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """The matters the caller may read, by key: follow ``next`` for the following page."""
    filters = LedgerFilters(
        area=area, step=step, state=state, category=category, urgency=urgency, channel=channel, card=card,
        outcome=outcome, text=text, sort=sort,
    )  # fmt: skip
    return Status(200, ledger(caller(request), filters, cursor, limit))


@router.get("/search", auth=keyed(MATTERS_READ), response={200: LedgerPage, **READ})
def get_search(
    request: HttpRequest,
    text: Annotated[str, Field(min_length=1, max_length=60)],
    area: Code = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """The newest matters in which every word of ``text`` occurs, among those the caller may read."""
    return Status(200, search(caller(request), text, area, limit, cursor))


@router.post("", auth=keyed(MATTERS_WRITE, most=MANY), response={200: ReportOut, 201: ReportOut, **WRITE})
def post_matter(request: HttpRequest, payload: ReportIn) -> Any:
    """Record what somebody told: who may record for others there. 201 when it was new, 200 when the id came before."""
    actor = caller(request)
    slow_down(request, actor)
    done = record(actor=actor, **{"channel": "api", **payload.given()})
    return Status(201 if done.created else 200, done)


@router.get("/{uuid:matter_id}", auth=keyed(MATTERS_READ), response={200: MatterOut, **ONE})
def get_matter(request: HttpRequest, matter_id: UUID) -> Any:
    """One matter with where it stands, its limits, who answers for it, and what the caller may do on it now."""
    page = matter_page(caller(request), matter_id)
    matter = page.matter
    told = {name: getattr(matter, name) for name in _COLUMNS}
    return Status(
        200,
        told
        | {
            "display_number": page.display_number,
            "method": page.method_title,
            "area_name": page.area_name,
            "step_title": page.step_title,
            "outcome_title": page.outcome_title,
            "public_words": page.public_words,
            "fields": [{"title": title, "value": value} for title, value in page.fields],
            "parties": page.parties,
            "steps": page.steps,
            "clocks": page.clocks,
            "related": page.related,
            "acts": acts_of(page.offers, matter.version_ref_id),
        },
    )


@router.get("/{uuid:matter_id}/timeline", auth=keyed(MATTERS_READ), response={200: TimelineOut, **ONE})
def get_timeline(request: HttpRequest, matter_id: UUID) -> Any:
    """Every entry of a matter, in order."""
    return Status(200, {"entries": matter_page(caller(request), matter_id).timeline})


@router.post("/public/{number}/follow", auth=keyed(REPORTS_WRITE, Caller()), response={200: FollowOut, **WRITE})
def post_follow(request: HttpRequest, number: str, payload: FollowIn) -> Any:
    """Follow a public matter; no account needed. Through a key it is a resident who follows."""
    actor = for_residents(caller(request))
    slow_down(request, actor)
    matter = Matter.objects.filter(number=number[:32].replace("\x00", ""), public=True).first()
    if matter is None:
        raise Http404
    token = follow(actor=actor, id=payload.id or new_id(), matter_id=matter.pk, follow_token=payload.follow_token)
    return Status(200, {"follow_token": token})
