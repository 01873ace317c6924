"""Hooks by the machine interface: their messages, and having them sent again. Made and ended they are at the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from bihuan.api import hooks
from bihuan.api.access import caller, keyed
from bihuan.api.rest.matters import ONE, READ, WRITE
from bihuan.api.scopes import HOOKS_READ
from bihuan.people.api import require
from bihuan.people.permissions import INTERFACE_MANAGE

router = Router(tags=["hooks"])


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


class ReplayIn(Schema):
    """Which messages are sent again: those named, or all since an instant."""

    model_config = ConfigDict(extra="forbid")

    ids: list[UUID] = Field(default_factory=list, max_length=500)
    since: datetime | None = None


class ReplayOut(Schema):
    """How many messages go out again."""

    replayed: int


@router.get("", auth=keyed(HOOKS_READ), response={200: HooksOut, **READ})
def get_hooks(request: HttpRequest) -> Any:
    """The hooks that the caller manages."""
    actor = caller(request)
    require(actor, INTERFACE_MANAGE)
    names = ("id", "url", "area_code", "created_at", "paused_at", "ended_at")
    rows = [
        {name: getattr(row, name) for name in names} | {"events": row.events_json} for row in hooks.hooks_for(actor)
    ]
    return Status(200, {"hooks": rows})


@router.get("/{uuid:hook_id}/messages", auth=keyed(HOOKS_READ), response={200: MessagesOut, **ONE})
def get_messages(request: HttpRequest, hook_id: UUID, before: UUID | None = None) -> Any:
    """A hook's messages of the last thirty days, the newest first, fifty a page."""
    rows = hooks.messages_of(caller(request), hook_id, before=before, limit=51)
    names = ("id", "event", "created_at", "sent", "answered_at", "status")
    told = [{name: getattr(row, name) for name in names} | {"payload": row.payload_json} for row in rows[:50]]
    return Status(200, {"messages": told, "next": rows[49].pk if len(rows) > 50 else None})  # noqa: PLR2004


@router.post("/{uuid:hook_id}/replay", auth=keyed(HOOKS_READ), response={200: ReplayOut, **WRITE})
def post_replay(request: HttpRequest, hook_id: UUID, payload: ReplayIn) -> Any:
    """Send messages again, under the ids they have; at most 500."""
    done = hooks.replay(actor=caller(request), hook_id=hook_id, message_ids=payload.ids, since=payload.since)
    return Status(200, {"replayed": done})
