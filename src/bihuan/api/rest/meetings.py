"""Meetings by the machine interface: the list, one, the published results. Nobody's vote, nobody's reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api.access import Caller, caller, keyed, look_up
from bihuan.api.rest.matters import ONE, READ, Code
from bihuan.api.rest.picked import picked
from bihuan.api.rest.schemas import ProblemDocument
from bihuan.api.scopes import MEETINGS_READ
from bihuan.meetings.api import ItemView, MeetingRow, Published, PublishedItem, meeting_page, meetings, published

router = Router(tags=["meetings"])
OPEN: dict[Any, Any] = dict.fromkeys((401, 403, 404, 429), ProblemDocument)


@picked(MeetingRow)
class MeetingLine(Schema):
    """One meeting in the list."""


class MeetingsOut(Schema):
    """One page, the latest first; ``next`` is the cursor of the following one."""

    rows: list[MeetingLine]
    next: str | None


class ItemOut(Schema):
    """One item of the agenda; ``count`` is the result of its vote in words, "" before it is closed."""

    id: UUID
    order: int
    title: str
    matter_id: UUID | None
    number: str
    state: str
    state_title: str
    count: str
    resolution: str


class MeetingOut(Schema):
    """One meeting. ``due`` and ``came`` are heads."""

    id: UUID
    title: str
    body_title: str
    area_code: str
    area_name: str
    place: str
    starts_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    published_at: datetime | None
    state: str
    state_title: str
    chair: str
    due: int
    came: int
    quorum: bool
    items: list[ItemOut]


@picked(
    PublishedItem, "order", "title", "private", "number", "display_number", "state", "state_title", "resolution",
    "due_on", "progress",
)  # fmt: skip
class ResultLine(Schema):
    """One item as anybody may read it."""


class ResultItem(ResultLine):
    """One item as anybody may read it, with its vote in words."""

    count: str


@picked(
    Published, "id", "title", "body_title", "area_code", "area_name", "place", "starts_at", "ended_at", "published_at",
    "due", "present", "quorum_sentence",
)  # fmt: skip
class ResultsBase(Schema):
    """The published results of a meeting."""


class ResultsOut(ResultsBase):
    """The published results of a meeting, as anybody may read them."""

    objections_until: date | None
    items: list[ResultItem]


@router.get("", auth=keyed(MEETINGS_READ), response={200: MeetingsOut, **READ})
def get_meetings(
    request: HttpRequest,
    area: Code = "",
    state: Annotated[str, Field(pattern="^(ahead|held|cancelled)?$")] = "",
    cursor: Annotated[str | None, Field(max_length=120)] = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 30,
) -> Any:
    """The meetings the caller may read, the latest first."""
    return Status(200, meetings(caller(request), area=area, state=state, cursor=cursor, limit=limit))


@router.get("/{uuid:meeting_id}", auth=keyed(MEETINGS_READ), response={200: MeetingOut, **ONE})
def get_meeting(request: HttpRequest, meeting_id: UUID) -> Any:
    """One meeting with its agenda and what was resolved; who voted how is not told."""
    page = meeting_page(caller(request), meeting_id)
    row = page.meeting
    names = ("title", "area_code", "place", "starts_at", "opened_at", "ended_at", "published_at", "state")
    return Status(
        200,
        {name: getattr(row, name) for name in names}
        | {
            "id": row.pk,
            "body_title": page.ref.title,
            "area_name": page.area_name,
            "state_title": page.state_title,
            "chair": page.chair,
            "due": len(page.due),
            "came": page.came,
            "quorum": page.quorum,
            "items": [_item(view) for view in page.items],
        },
    )


def _item(view: ItemView) -> dict[str, Any]:
    return {
        "id": view.row.pk,
        "order": view.row.order,
        "title": view.row.title,
        "matter_id": view.row.matter_id if view.number else None,
        "number": view.number,
        "state": view.row.state,
        "state_title": view.state_title,
        "count": view.count.sentence if view.count is not None else "",
        "resolution": view.resolution.text if view.resolution is not None else "",
    }


@router.get("/{uuid:meeting_id}/results", auth=keyed(MEETINGS_READ, Caller()), response={200: ResultsOut, **OPEN})
def get_results(request: HttpRequest, meeting_id: UUID) -> Any:
    """The published results of a meeting; no account needed."""
    look_up(request)
    page = published(meeting_id)
    if page is None:
        raise Http404
    items = [
        {name: getattr(item, name) for name in ResultLine.model_fields}
        | {"count": item.count.sentence if item.count is not None else ""}
        for item in page.items
    ]
    told = {name: getattr(page, name) for name in ResultsBase.model_fields}
    return Status(200, told | {"objections_until": page.objections_until, "items": items})
