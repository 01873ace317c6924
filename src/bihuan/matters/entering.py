"""The entry that an act leaves in the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kernel.api import ActorRef, SealedValue, plain, sql
from bihuan.matters import store
from bihuan.matters.giving import Act
from bihuan.matters.loading import Loaded
from bihuan.matters.methodinfo import MethodInfo, info_of
from bihuan.matters.roles import acting_role
from bihuan.matters.sealedtext import seal_data
from bihuan.matters.store import Current
from bihuan.matters.verbs import VERB_OF
from bihuan.methods.api import By, Effect, Outcome


def enter(
    act: Act,
    loaded: Loaded,
    info: MethodInfo,
    by: By,
    outcome: Outcome,
    given: dict[str, Any],
    does: str,
    now: datetime,
    *,
    holds_link: bool,
) -> bytes:
    """Write what was done, from where to where, into the matter's chain; return the entry's hash."""
    current = loaded.current
    open_, sealed = seal_data(info, {key: value for key, value in given.items() if key != "posts"})
    body = {**moved_body(info, current, outcome, act.action, by.roles), "data": open_}
    if holds_link:
        body["link"] = True
    return append_move(
        loaded, info, _verb(act.action, does, outcome.effects), _who(act, info, by, current), body, sealed,
        act.entry_id, act.happened_at, now,
    )  # fmt: skip


def moved_body(
    info: MethodInfo, current: Current, outcome: Outcome, action: str, roles: Iterable[str]
) -> dict[str, Any]:
    """Return what an entry says of any move: who in which roles did what, from where to where, and what changed."""
    after = outcome.state
    body: dict[str, Any] = {
        "action": action,
        "roles": sorted(roles),
        "data": {},
        "from": current.state.step,
        "to": after.step,
        "effects": effects_body(outcome.effects),
        "version": current.version_id.hex,
    }
    if old_new := changes(info, current.state.fields, after.fields):
        body["changes"] = old_new
    if after.outcome:
        body["outcome"] = after.outcome
    return body


def append_move(
    loaded: Loaded,
    info: MethodInfo,
    verb: str,
    actor: ActorRef,
    body: dict[str, Any],
    sealed: Sequence[SealedValue],
    entry_id: UUID,
    happened_at: datetime | None,
    now: datetime,
) -> bytes:
    """Append an entry to a loaded matter's chain; what happened later than now happened now."""
    return store.append_entry(
        loaded.current,
        verb=verb,
        actor=actor,
        happened_at=min(happened_at or now, now),
        recorded_at=now,
        method=method_tag(info, loaded.current.version_id),
        body=body,
        sealed=sealed,
        entry_id=entry_id,
    )


def append_beside(
    loaded: Loaded,
    verb: str,
    actor: ActorRef,
    body: dict[str, Any],
    entry_id: UUID,
    now: datetime,
    *,
    sealed: Sequence[SealedValue] = (),
    happened_at: datetime | None = None,
) -> None:
    """Append an entry that moves nothing: the chain goes on, the state stays. Three statements with the loading.

    Raises:
        Conflict: somebody else was faster.
    """
    current = loaded.current
    head = append_move(loaded, info_of(current.version_id), verb, actor, body, sealed, entry_id, happened_at, now)
    if not sql.execute(
        "UPDATE matters_matter SET version = version + 1, head_hash = %s, updated_at = %s "
        "WHERE id = %s AND version = %s",
        [head, now, current.id, current.version],
    ):
        raise store.conflict(current.version + 1)


def method_tag(info: MethodInfo, version_id: UUID) -> str:
    """Return ``yiwang-sanbu-wuqin@1``; the number is the version's, cached with it."""
    from bihuan.matters.methodinfo import number_of_version

    return f"{info.method.key}@{number_of_version(version_id)}"


def _who(act: Act, info: MethodInfo, by: By, current: Current) -> ActorRef:
    if act.meeting:
        return ActorRef(act.actor.person_id, act.meeting, act.actor.via)
    if act.actor.kind == "system":
        return ActorRef(None, "system")
    move = info.method.move(current.state.step, act.action.partition(".")[0])
    allowed: list[str] = []
    if move is not None:
        consent = move.spec.consent
        asks = "." not in act.action
        allowed = list(move.accept_from) or list(move.spec.by if asks or consent is None else consent.by)
    return ActorRef(act.actor.person_id, acting_role(by, allowed), act.actor.via)


def _verb(action: str, does: str, effects: Sequence[Effect]) -> str:
    kinds = {effect.kind for effect in effects}
    if "asked" in kinds:
        return "matter.asked"
    if action.endswith((".grant", ".deny")):
        return "matter.accepted" if action.endswith(".grant") else "matter.resolved"
    if does == "accept" and kinds == {"accepted"}:
        return "matter.joined"
    return VERB_OF.get(does, "matter.moved")


def effects_body(effects: Sequence[Effect]) -> list[dict[str, Any]]:
    """Return what an act caused as the entry keeps it; whom to notify is no fact of the matter."""
    return [{"kind": effect.kind, **plain(dict(effect.data))} for effect in effects if effect.kind != "notify"]


def changes(info: MethodInfo, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[list[Any]]:
    """Return [field, old, new] of every field whose kept value changed; sealed ones stand beside the chain."""
    return [
        [key, plain(before.get(key)), plain(value)]
        for key, value in after.items()
        if before.get(key) != value and not info.sealed(key)
    ]
