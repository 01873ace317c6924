"""Hours of volunteers by the machine interface: noted, published, objected to, answered; added up for nobody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from bihuan.activities.duties import api as use
from bihuan.activities.duties.api import HoursLine
from bihuan.activities.models import Service
from bihuan.api.access import Session, caller
from bihuan.api.rest import duty_log
from bihuan.api.rest.duties import HOLDS, Minutes
from bihuan.api.rest.duty_log import WordsIn
from bihuan.api.rest.given import Act, Words
from bihuan.api.rest.inputs import READ, WRITE
from bihuan.api.rest.picked import picked

router = duty_log.router  # that of what a team does for others
HOURS = ["volunteers' hours"]


@picked(HoursLine)
class HoursOut(Schema):
    """What one volunteer gave once."""


class HoursPage(Schema):
    """The hours of a team, the newest first; nothing is added up for a person."""

    rows: list[HoursOut]


class PublishedNow(Schema):
    """How many hours were published."""

    published: int


class AnswerIn(Act):
    """The answer to an objection, with the hours as they are right."""

    text: Words
    minutes: Minutes


class HelpersIn(Act):
    """Which members helped, and how long."""

    members: list[UUID] = Field(max_length=500)
    minutes: Minutes


class ServiceNow(Schema):
    """Hours after an act."""

    id: UUID
    minutes: int
    objected: bool
    answered: bool


class HelpedNow(Schema):
    """How many helped, all told."""

    helped: int


def _service(row: Service) -> dict[str, Any]:
    told = {"objected": row.objected_at is not None, "answered": row.answered_at is not None}
    return {"id": row.pk, "minutes": row.minutes, **told}


@router.get("/teams/{uuid:team_id}/hours", auth=Session(), response={200: HoursPage, **READ}, tags=HOURS)
def get_hours(request: HttpRequest, team_id: UUID) -> Any:
    """The hours of a team, for its members and whoever keeps it."""
    return Status(200, {"rows": use.hours_page(caller(request), team_id)[1]})


@router.post("/teams/{uuid:team_id}/hours/publish", auth=HOLDS, response={200: PublishedNow, **WRITE}, tags=HOURS)
def publish_the_hours(request: HttpRequest, team_id: UUID, payload: Act) -> Any:
    """Publish the hours that are not published yet: they count after three workdays."""
    done = use.publish_hours(actor=caller(request), entry_id=payload.entry_id, team_id=team_id)
    return Status(200, {"published": done})


@router.post("/hours/{uuid:service_id}/object", auth=Session(), response={200: ServiceNow, **WRITE}, tags=HOURS)
def object_to_some_hours(request: HttpRequest, service_id: UUID, payload: WordsIn) -> Any:
    """Object to hours that are published and do not count yet."""
    given = payload.given("words") | {"text": payload.words}
    return Status(200, _service(use.object_to_hours(actor=caller(request), service_id=service_id, **given)))


@router.post("/hours/{uuid:service_id}/answer", auth=HOLDS, response={200: ServiceNow, **WRITE}, tags=HOURS)
def answer_an_objection(request: HttpRequest, service_id: UUID, payload: AnswerIn) -> Any:
    """Answer an objection with the hours as they are right."""
    return Status(200, _service(use.answer_objection(actor=caller(request), service_id=service_id, **payload.given())))


@router.post("/activities/{uuid:activity_id}/helpers", auth=HOLDS, response={200: HelpedNow, **WRITE}, tags=HOURS)
def post_helpers(request: HttpRequest, activity_id: UUID, payload: HelpersIn) -> Any:
    """Note which members of its team helped at an activity that was held."""
    done = use.note_helpers(actor=caller(request), activity_id=activity_id, **payload.given())
    return Status(200, {"helped": len(done)})
