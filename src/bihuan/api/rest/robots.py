"""Group robots by the machine interface: for people signed in, as their addresses are secrets of a work group."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api.access import Session, caller
from bihuan.api.rest.given import EntryId
from bihuan.api.rest.inputs import READ, WRITE, AreaCode, In, Reason, ReasonIn
from bihuan.people.api import (
    PEOPLE_MANAGE,
    add_robot,
    delete_robot,
    failed_deliveries,
    retry_delivery,
    robots_for,
    set_robot_active,
    try_robot,
)
from bihuan.people.models import Robot

router = Router(tags=["robots"])
_MANAGES = Session(needs=PEOPLE_MANAGE)


class RobotOut(Schema):
    """One robot of a work group; its address is masked."""

    id: UUID
    name: str
    area_code: str
    address: str
    kinds: list[str]
    every_minutes: int
    active: bool


class FailedOut(Schema):
    """A message that was given up, and why."""

    id: UUID
    text: str
    error: str
    at: datetime


class RobotsOut(Schema):
    """The robots that the caller manages, and what they could not deliver."""

    robots: list[RobotOut]
    failed: list[FailedOut]


class RobotIn(In):
    """A robot: of which group, told of what, how often new reports are summed up."""

    id: EntryId
    area_code: AreaCode
    name: str = Field(max_length=40)
    address: str = Field(max_length=1000)
    kinds: list[Literal["card", "new"]] = Field(max_length=2)
    every_minutes: Annotated[int, Field(ge=1, le=1440)] = 30


class RobotPauseIn(In):
    """Whether it tells from now on."""

    active: bool
    reason: Reason = ""


class TriedOut(Schema):
    """What came of a test message."""

    ok: bool
    said: str


class DoneOut(Schema):
    """Whether anything was done."""

    done: bool


def _shown(row: Robot) -> dict[str, Any]:
    names = ("id", "name", "area_code", "kinds", "every_minutes", "active")
    return {name: getattr(row, name) for name in names} | {"address": row.address_masked}


@router.get("/robots", auth=_MANAGES, response={200: RobotsOut, **READ})
def get_robots(request: HttpRequest) -> Any:
    """The robots that the caller manages; by a session only."""
    rows = robots_for(caller(request))
    failed = [
        {"id": one.pk, "text": str(one.payload.get("text", "")), "error": one.last_error, "at": one.due_at}
        for one in failed_deliveries(rows)
    ]
    return Status(200, {"robots": [_shown(row) for row in rows], "failed": failed})


@router.post("/robots", auth=_MANAGES, response={200: RobotOut, **WRITE})
def post_robot(request: HttpRequest, payload: RobotIn) -> Any:
    """Add a robot of a work group; it tells of what happens from now on."""
    given = payload.model_dump()
    return Status(200, _shown(add_robot(actor=caller(request), robot_id=given.pop("id"), **given)))


@router.post("/robots/{uuid:robot_id}/try", auth=_MANAGES, response={200: TriedOut, **WRITE})
def post_robot_try(request: HttpRequest, robot_id: UUID) -> Any:
    """Send a test message now and say what came of it."""
    return Status(200, try_robot(actor=caller(request), robot_id=robot_id))


@router.post("/robots/{uuid:robot_id}/pause", auth=_MANAGES, response={200: RobotOut, **WRITE})
def post_robot_pause(request: HttpRequest, robot_id: UUID, payload: RobotPauseIn) -> Any:
    """Pause a robot, or let it go on; what happened meanwhile is not told afterwards."""
    done = set_robot_active(actor=caller(request), robot_id=robot_id, **payload.model_dump())
    return Status(200, _shown(done))


@router.post("/robots/{uuid:robot_id}/delete", auth=_MANAGES, response={200: DoneOut, **WRITE})
def post_robot_delete(request: HttpRequest, robot_id: UUID, payload: ReasonIn) -> Any:
    """Delete a robot: its address is wiped."""
    delete_robot(actor=caller(request), robot_id=robot_id, reason=payload.reason)
    return Status(200, {"done": True})


@router.post("/robots/failed/{uuid:delivery_id}/retry", auth=_MANAGES, response={200: DoneOut, **WRITE})
def post_robot_retry(request: HttpRequest, delivery_id: UUID) -> Any:
    """Let a message that was given up be tried again; false where it has not failed (any more)."""
    return Status(200, {"done": retry_delivery(actor=caller(request), item_id=delivery_id)})
