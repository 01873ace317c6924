"""What is done with activities by the machine interface: announcing, changing, signing up, recording that one was held.

Anybody signs up with the name they want to be called by; the answer holds the secret by which they withdraw. Who
signed up is told by name to nobody but an organiser who is signed in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from bihuan.activities import api as use
from bihuan.activities.models import Activity, SignUp
from bihuan.api.access import MANY, Caller, caller, keyed, paced
from bihuan.api.rest import doings
from bihuan.api.rest.given import (
    Act,
    EntryId,
    Key,
    Moment,
    Name,
    ReasonAct,
    Secret,
    Text,
    Words,
    made_status,
)
from bihuan.api.rest.inputs import READ, WRITE, AreaCode, In
from bihuan.api.rest.photos_in import Photos, photos_of
from bihuan.api.scopes import ACTIVITIES_WRITE, REPORTS_WRITE, for_residents

router = doings.router
HOLDS = keyed(ACTIVITIES_WRITE)
ANYBODY = keyed(REPORTS_WRITE, Caller())
TAG = ["activities"]
People = Annotated[int, Field(ge=1, le=100)]


class WhatIn(Act):
    """What an activity is, where and when."""

    title: Words
    place: Words
    starts_at: Moment
    ends_at: Moment
    text: Text = ""
    festival: Words = ""
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = None
    sign_up_until: Moment | None = None


class AnnounceIn(WhatIn):
    """An activity to be announced; its id will be the ``entry_id``."""

    area_code: AreaCode
    kind: Key = Field(description="key of the kind in the method's section 活动")
    method_key: Key | None = None
    team_id: UUID | None = None


class ChangeIn(WhatIn):
    """What was announced, as it is from now on; moved, those who signed up are told why."""

    reason: Words = ""


class ActivityNow(Schema):
    """Where an activity stands after an act."""

    id: UUID
    title: str
    state: str


class HoldIn(Act):
    """That it was held: whose sign-ups came, how many besides, what it was like; once more, to correct that."""

    came: Annotated[list[UUID], Field(max_length=1000)] | None = Field(
        None, description="sign-ups of whom somebody came; null: nobody was ticked off"
    )
    uncounted: Annotated[int, Field(ge=0, le=100_000)] = 0
    summary: Text = Field("", description="told to everybody, so without names")
    photos: Photos = []


class SignUpIn(In):
    """Somebody who wants to come, and how many with them."""

    id: EntryId
    name: Name = Field("", description="as they want to be called: 王阿姨; by default the account's")
    people: People = 1


class SignedOut(Schema):
    """The sign-up. ``token`` is the secret by which it is withdrawn; ``waiting``: it was full."""

    id: UUID
    token: str
    people: int
    waiting: bool


class SignUpLine(Schema):
    """One sign-up; a name only for an organiser who is signed in."""

    id: UUID
    name: str
    people: int
    state: str
    signed_at: datetime


class SignUpsOut(Schema):
    """All sign-ups of an activity, and what may be done with it now; of what may not, why not."""

    sign_ups: list[SignUpLine]
    may: dict[str, str]


class WithdrawIn(Act):
    """Withdrawing one's own sign-up by its secret."""

    token: Secret = Field(min_length=1)


class WithdrawnOut(Schema):
    """That it is withdrawn; the name is erased."""

    id: UUID
    state: str


def _now(row: Activity) -> dict[str, Any]:
    return {"id": row.pk, "title": row.title, "state": row.state}


def _signed(done: use.SignedUp) -> Any:
    told = {"id": done.sign_up.pk, "token": done.token, "people": done.sign_up.people, "waiting": done.waiting}
    return Status(201 if done.created else 200, told)


def _withdrawn(row: SignUp) -> Any:
    return Status(200, {"id": row.pk, "state": row.state})


@router.post("/activities", auth=HOLDS, response={200: ActivityNow, 201: ActivityNow, **WRITE}, tags=TAG)
def announce_an_activity(request: HttpRequest, payload: AnnounceIn) -> Any:
    """Announce an activity to everybody; one that was held already may be announced afterwards, to be recorded."""
    status = made_status(payload.entry_id)
    return Status(status, _now(use.announce(actor=caller(request), **payload.given())))


@router.post("/activities/{uuid:activity_id}/change", auth=HOLDS, response={200: ActivityNow, **WRITE}, tags=TAG)
def change_an_activity(request: HttpRequest, activity_id: UUID, payload: ChangeIn) -> Any:
    """Change what was announced."""
    return Status(200, _now(use.change(actor=caller(request), activity_id=activity_id, **payload.given())))


@router.post("/activities/{uuid:activity_id}/call-off", auth=HOLDS, response={200: ActivityNow, **WRITE}, tags=TAG)
def call_off_an_activity(request: HttpRequest, activity_id: UUID, payload: ReasonAct) -> Any:
    """Call an activity off, saying why to everybody."""
    return Status(200, _now(use.call_off(actor=caller(request), activity_id=activity_id, **payload.given())))


@router.post(
    "/activities/{uuid:activity_id}/hold",
    auth=keyed(ACTIVITIES_WRITE, most=MANY),
    response={200: ActivityNow, **WRITE},
    tags=TAG,
)
def hold_an_activity(request: HttpRequest, activity_id: UUID, payload: HoldIn) -> Any:
    """Record that an activity was held: who came by ticking, the rest by headcount."""
    photos = photos_of(payload.photos)
    done = use.hold(actor=caller(request), activity_id=activity_id, photos=photos, **payload.given("photos"))
    return Status(200, _now(done))


@router.get("/activities/{uuid:activity_id}/sign-ups", auth=HOLDS, response={200: SignUpsOut, **READ}, tags=TAG)
def get_sign_ups(request: HttpRequest, activity_id: UUID) -> Any:
    """Who signed up, for whoever runs the activity; through a key without names."""
    actor = caller(request)
    page = use.activity_page(actor, activity_id)
    if (refusal := page.may["run"]) is not None:
        raise PermissionDenied(refusal.why)
    names = ("id", "people", "state", "signed_at")
    lines = [
        {name: getattr(line, name) for name in names} | {"name": "" if actor.via else line.name}
        for line in page.sign_ups
    ]
    return Status(200, {"sign_ups": lines, "may": {act: p.why if p else "" for act, p in page.may.items()}})


@router.post(
    "/activities/{uuid:activity_id}/sign-ups",
    auth=ANYBODY,
    response={200: SignedOut, 201: SignedOut, **WRITE},
    tags=TAG,
)
def post_sign_up(request: HttpRequest, activity_id: UUID, payload: SignUpIn) -> Any:
    """Sign up oneself and one's household; no account needed. Through a key it is a resident who signs up."""
    actor = for_residents(caller(request))
    paced(request, actor, "activity-sign-up", 40, 600)
    return _signed(use.sign_up(actor=actor, activity_id=activity_id, **payload.model_dump()))


@router.post(
    "/activities/{uuid:activity_id}/sign-ups/for-somebody",
    auth=HOLDS,
    response={200: SignedOut, 201: SignedOut, **WRITE},
    tags=TAG,
)
def post_sign_up_for(request: HttpRequest, activity_id: UUID, payload: SignUpIn) -> Any:
    """Sign up somebody who asked at the door or by phone."""
    return _signed(use.sign_up_for(actor=caller(request), activity_id=activity_id, **payload.model_dump()))


@router.post("/activities/sign-ups/withdraw", auth=ANYBODY, response={200: WithdrawnOut, **WRITE}, tags=TAG)
def withdraw_by_link(request: HttpRequest, payload: WithdrawIn) -> Any:
    """Withdraw one's own sign-up by the secret of its link; no account needed."""
    actor = for_residents(caller(request))
    paced(request, actor, "portal-guess", 60, 600)
    return _withdrawn(use.withdraw(actor=actor, entry_id=payload.entry_id, token=payload.token))


@router.post(
    "/activities/sign-ups/{uuid:sign_up_id}/withdraw", auth=HOLDS, response={200: WithdrawnOut, **WRITE}, tags=TAG
)
def withdraw_a_sign_up(request: HttpRequest, sign_up_id: UUID, payload: Act) -> Any:
    """Withdraw a sign-up: one's own, made with the account, or somebody's who called."""
    return _withdrawn(use.withdraw(actor=caller(request), entry_id=payload.entry_id, sign_up_id=sign_up_id))
