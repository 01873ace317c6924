"""Hooks by the machine interface: their messages, and having them sent again. People alone make, pause and end them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api import hooks
from bihuan.api.access import Session, caller, keyed
from bihuan.api.models import Hook
from bihuan.api.rest.given import EntryId
from bihuan.api.rest.inputs import READ, WRITE, Code, In, ReasonIn
from bihuan.api.scopes import HOOKS_READ, HOOKS_WRITE
from bihuan.people.permissions import INTERFACE_MANAGE

router = Router(tags=["hooks"])
_MANAGES = Session(needs=INTERFACE_MANAGE)


class HookOut(Schema):
    """One hook; its secret was shown when it was made."""

    id: UUID
    url: str
    area_code: str
    events: list[str]
    created_at: datetime
    paused_at: datetime | None
    ended_at: datetime | None


class HooksOut(Schema):
    """The hooks that the caller manages."""

    hooks: list[HookOut]


class MessageOut(Schema):
    """One message: what was sent, how often, and the status of the last answer (0: nobody answered)."""

    id: UUID
    event: str
    created_at: datetime
    sent: int
    answered_at: datetime | None
    status: int | None
    payload: dict[str, Any]


class MessagesOut(Schema):
    """The newest first; ``next`` is the id to go on from."""

    messages: list[MessageOut]
    next: UUID | None


class HookIn(In):
    """A hook: where to, of what happens where."""

    id: EntryId
    area_code: Code
    url: str = Field(max_length=300)
    events: list[Annotated[str, Field(max_length=40)]] = Field(max_length=40)


class HookMade(HookOut):
    """A new hook. ``secret`` is shown this once; "" where the same id had made it before."""

    secret: str


class PauseIn(In):
    """Whether it rests from now on."""

    paused: bool


class ReplayIn(In):
    """Which messages are sent again: those named, or all since an instant."""

    ids: list[UUID] = Field(default_factory=list, max_length=500)
    since: datetime | None = None


class ReplayOut(Schema):
    """How many messages go out again."""

    replayed: int


def _shown(row: Hook) -> dict[str, Any]:
    names = ("id", "url", "area_code", "created_at", "paused_at", "ended_at")
    return {name: getattr(row, name) for name in names} | {"events": row.events_json}


@router.get("", auth=keyed(HOOKS_READ, needs=INTERFACE_MANAGE), response={200: HooksOut, **READ})
def get_hooks(request: HttpRequest) -> Any:
    """The hooks that the caller manages."""
    return Status(200, {"hooks": [_shown(row) for row in hooks.hooks_for(caller(request))]})


@router.post("", auth=_MANAGES, response={200: HookMade, 201: HookMade, **WRITE})
def post_hook(request: HttpRequest, payload: HookIn) -> Any:
    """Have an address told of what happens in an area; its secret is in this answer alone."""
    made = hooks.make_hook(
        actor=caller(request),
        hook_id=payload.id,
        area_code=payload.area_code,
        url=payload.url,
        events=payload.events,
    )
    return Status(201 if made.secret else 200, _shown(made.row) | {"secret": made.secret})


@router.post("/{uuid:hook_id}/pause", auth=_MANAGES, response={200: HookOut, **WRITE})
def post_hook_pause(request: HttpRequest, hook_id: UUID, payload: PauseIn) -> Any:
    """Pause a hook, or let it go on; what happened meanwhile is not told afterwards."""
    return Status(200, _shown(hooks.set_paused(actor=caller(request), hook_id=hook_id, paused=payload.paused)))


@router.post("/{uuid:hook_id}/end", auth=_MANAGES, response={200: HookOut, **WRITE})
def post_hook_end(request: HttpRequest, hook_id: UUID, payload: ReasonIn) -> Any:
    """End a hook for good."""
    return Status(200, _shown(hooks.end_hook(actor=caller(request), hook_id=hook_id, reason=payload.reason)))


@router.get("/{uuid:hook_id}/messages", auth=keyed(HOOKS_READ), response={200: MessagesOut, **READ})
def get_messages(request: HttpRequest, hook_id: UUID, before: UUID | None = None) -> Any:
    """A hook's messages of the last thirty days, the newest first, fifty a page."""
    rows = hooks.messages_of(caller(request), hook_id, before=before, limit=51)
    names = ("id", "event", "created_at", "sent", "answered_at", "status")
    told = [{name: getattr(row, name) for name in names} | {"payload": row.payload_json} for row in rows[:50]]
    return Status(200, {"messages": told, "next": rows[49].pk if len(rows) > 50 else None})  # noqa: PLR2004


@router.post("/{uuid:hook_id}/replay", auth=keyed(HOOKS_WRITE), response={200: ReplayOut, **WRITE})
def post_replay(request: HttpRequest, hook_id: UUID, payload: ReplayIn) -> Any:
    """Send messages again, under the ids they have; at most 500."""
    done = hooks.replay(actor=caller(request), hook_id=hook_id, message_ids=payload.ids, since=payload.since)
    return Status(200, {"replayed": done})
