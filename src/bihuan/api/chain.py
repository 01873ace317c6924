"""The record of keys and hooks: who made, paused, revoked them. One entry for each act, chained per subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from bihuan.api.models import ApiKey, Hook
from bihuan.kernel.api import append, clock, new_id, register_heads, register_verb
from bihuan.people.api import Actor, register_scope, register_ties
from bihuan.people.permissions import INTERFACE_MANAGE

KEY_MADE = "api.key_made"
KEY_REVOKED = "api.key_revoked"
HOOK_MADE = "api.hook_made"
HOOK_PAUSED = "api.hook_paused"
HOOK_RESUMED = "api.hook_resumed"
HOOK_ENDED = "api.hook_ended"
HOOK_REPLAYED = "api.hook_replayed"
VERBS: dict[str, tuple[str, str]] = {
    KEY_MADE: ("{actor}建立了接口密钥“{name}”", "{actor} made the API key “{name}”"),
    KEY_REVOKED: ("{actor}作废了接口密钥，原因：{reason}", "{actor} revoked the API key: {reason}"),
    HOOK_MADE: ("{actor}设了推送，发往 {host}", "{actor} set up a hook to {host}"),
    HOOK_PAUSED: ("{actor}暂停了推送", "{actor} paused the hook"),
    HOOK_RESUMED: ("{actor}恢复了推送", "{actor} let the hook go on"),
    HOOK_ENDED: ("{actor}停止了推送，原因：{reason}", "{actor} ended the hook: {reason}"),
    HOOK_REPLAYED: ("{actor}重发了 {number} 条消息", "{actor} had {number} messages sent again"),
}


def register() -> None:
    """Tell the layers below of verbs, of whose rows these are, and of what ties a person; called once at start."""
    for verb, (zh, en) in VERBS.items():
        register_verb(verb, zh=zh, en=en)
    for model in (ApiKey, Hook):
        register_scope(model, read=INTERFACE_MANAGE, area_field="area_code")
    register_heads("api_key", lambda ids: _heads(ApiKey, ids))
    register_heads("hook", lambda ids: _heads(Hook, ids))
    register_ties(_ties)


def write(row: ApiKey | Hook, actor: Actor, verb: str, body: Mapping[str, Any]) -> None:
    """Append one entry about a key or a hook, within the caller's transaction."""
    now = clock.now()
    kind: type[ApiKey | Hook] = type(row)
    entry = append(
        subject_type="api_key" if kind is ApiKey else "hook",
        subject_id=row.pk,
        seq=row.version + 1,
        prev_hash=bytes(row.head_hash),
        verb=verb,
        actor=actor.ref(actor.role_for(INTERFACE_MANAGE, row.area_code)),
        area_code=row.area_code,
        happened_at=now,
        recorded_at=now,
        body=body,
        entry_id=new_id(now),
    )
    row.version, row.head_hash = entry.seq, entry.hash
    kind._default_manager.filter(pk=row.pk).update(version=entry.seq, head_hash=entry.hash)


def _heads(model: type[ApiKey | Hook], ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    rows = model._default_manager.filter(pk__in=list(ids)).values_list("pk", "version", "head_hash")
    return {key: (version, bytes(head)) for key, version, head in rows}


def _ties(person_id: UUID) -> list[str]:
    """Return the keys and hooks that a person still answers for."""
    keys = ApiKey.objects.filter(person_id=person_id, revoked_at__isnull=True).order_by("created_at")
    hooks = Hook.objects.filter(person_id=person_id, ended_at__isnull=True).order_by("created_at")
    return [str(row) for row in [*keys[:20], *hooks[:20]]]
