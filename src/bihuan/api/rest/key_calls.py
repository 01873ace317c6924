"""Keys and one's own calendar link by the machine interface: for people signed in. A key never makes a key."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api import calendars, keys
from bihuan.api.access import Session, caller
from bihuan.api.models import ApiKey
from bihuan.api.rest.given import EntryId
from bihuan.api.rest.inputs import READ, WRITE, Code, In, ReasonIn
from bihuan.kernel.api import clock
from bihuan.people.permissions import INTERFACE_MANAGE

router = Router()
_MANAGES = Session(needs=INTERFACE_MANAGE)


class KeyOut(Schema):
    """One key: ``prefix`` tells it from others. ``good``: it opens something now."""

    id: UUID
    name: str
    prefix: str
    area_code: str
    scopes: list[str]
    per_minute: int
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    good: bool


class KeysOut(Schema):
    """The keys that the caller manages, those in force first."""

    keys: list[KeyOut]


class KeyIn(In):
    """A key: for which system, where, for what, how long, how often."""

    id: EntryId
    name: str = Field(max_length=60)
    area_code: Code
    scopes: list[Annotated[str, Field(max_length=40)]] = Field(max_length=60)
    days: int = Field(365, ge=1, le=730)
    per_minute: int = Field(60, ge=1, le=6000)


class KeyMade(KeyOut):
    """A new key. ``secret`` is shown this once; "" where the same id had made it before."""

    secret: str


class LinkOut(Schema):
    """One's own calendar link: since when there is one; its address is told only when it is made."""

    since: datetime | None
    url: str


def _shown(row: ApiKey) -> dict[str, Any]:
    names = ("id", "name", "prefix", "area_code", "per_minute", "created_at", "expires_at", "revoked_at")
    told = {name: getattr(row, name) for name in names}
    return told | {"scopes": row.scopes_json, "good": keys.in_force(row, clock.now())}


@router.get("/keys", auth=_MANAGES, response={200: KeysOut, **READ}, tags=["keys"])
def get_keys(request: HttpRequest) -> Any:
    """The keys that the caller manages; by a session only."""
    return Status(200, {"keys": [_shown(row) for row in keys.keys_for(caller(request))]})


@router.post("/keys", auth=_MANAGES, response={200: KeyMade, 201: KeyMade, **WRITE}, tags=["keys"])
def post_key(request: HttpRequest, payload: KeyIn) -> Any:
    """Make a key that acts as the caller, in one area, by its scopes; its secret is in this answer alone."""
    given = payload.model_dump() | {"key_id": payload.id}
    given.pop("id")
    made = keys.make_key(actor=caller(request), **given)
    return Status(201 if made.text else 200, _shown(made.row) | {"secret": made.text})


@router.post("/keys/{uuid:key_id}/revoke", auth=_MANAGES, response={200: KeyOut, **WRITE}, tags=["keys"])
def post_key_revoke(request: HttpRequest, key_id: UUID, payload: ReasonIn) -> Any:
    """Revoke a key, at once and for good."""
    return Status(200, _shown(keys.revoke_key(actor=caller(request), key_id=key_id, reason=payload.reason)))


@router.get("/calendar/link", auth=Session(), response={200: LinkOut, **READ}, tags=["calendar"])
def get_calendar_link(request: HttpRequest) -> Any:
    """Since when the caller has a calendar link."""
    return Status(200, {"since": calendars.link_since(caller(request)), "url": ""})


@router.post("/calendar/link", auth=Session(), response={200: LinkOut, **WRITE}, tags=["calendar"])
def post_calendar_link(request: HttpRequest) -> Any:
    """Make a calendar link of the caller's own, told this once; the one before ends."""
    token = calendars.make_link(actor=caller(request))
    url = f"{settings.PUBLIC_URL}{reverse('calendar_own', args=[token])}"
    return Status(200, {"since": calendars.link_since(caller(request)), "url": url})


@router.post("/calendar/link/end", auth=Session(), response={200: LinkOut, **WRITE}, tags=["calendar"])
def post_calendar_link_end(request: HttpRequest) -> Any:
    """End the caller's calendar link."""
    calendars.end_link(actor=caller(request))
    return Status(200, {"since": None, "url": ""})
