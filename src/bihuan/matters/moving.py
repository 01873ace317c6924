"""Moving a matter: the one way, compare-and-set, entry and projections in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import NoneType
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.kernel.api import (
    ActorRef,
    AlreadyRecorded,
    BadInput,
    Conflict,
    Problem,
    Refused,
    SealedValue,
    clock,
    plain,
    sql,
)
from bihuan.matters import checks, store
from bihuan.matters.eligible import roles_held
from bihuan.matters.ledger import as_instant
from bihuan.matters.links import holds
from bihuan.matters.methodinfo import MethodInfo, info_of
from bihuan.matters.photos import Ready, keep_photos, photo_counts, ready_photos
from bihuan.matters.refusals import told as told_refusals
from bihuan.matters.retention import set_terms
from bihuan.matters.roles import acting_role, by_of
from bihuan.matters.sealedtext import seal_data
from bihuan.matters.shapes import Advanced, Photo
from bihuan.matters.store import Current
from bihuan.matters.tell import Told, tell
from bihuan.matters.verbs import VERB_OF
from bihuan.methods.api import By, Effect, Event, Outcome, Refusals, decide, state_from_json
from bihuan.people.api import MATTER_READ, Actor

_FIELDS = (
    "m.id, m.number, m.version_ref_id, m.area_code, m.title, m.public, m.reporter_id, m.follow_hash, m.has_contact, "
    "m.follower_count, m.created_at, m.card, m.state_json, m.version, m.head_hash, m.duplicate_of_id, c.name"
)


_WORDS = frozenset({"reason", "until", "into", "note", "channel"})
_MOST_NAMED = 200  # persons named by one act: a method asks for a handful


@dataclass(slots=True)
class Loaded:
    """A matter read to be moved, locked until the transaction ends (PostgreSQL)."""

    current: Current
    community_name: str
    resent: tuple[UUID, int, UUID | None] | None  # subject, seq and actor of the entry with this id, if there is one


@dataclass(slots=True)
class Act:
    """One act as asked for."""

    actor: Actor
    matter_id: UUID
    action: str
    entry_id: UUID
    data: Mapping[str, Any]
    photos: Sequence[Photo] = ()
    expected_version: int | None = None
    happened_at: datetime | None = None
    via_link: str | None = None
    meeting: str | None = None
    ready: list[Ready] = field(default_factory=list)


def load(matter_id: UUID, entry_id: UUID | None = None, *, skip_locked: bool = False) -> Loaded | None:
    """Read a matter for moving, and whether an entry with this id is in the record: one statement."""
    lock = ""
    if not sql.is_sqlite():
        lock = " FOR UPDATE OF m" + (" SKIP LOCKED" if skip_locked else "")
    rows = sql.rows(
        f"SELECT {_FIELDS}, e.subject_id, e.seq, e.actor_id FROM matters_matter m "  # noqa: S608
        "LEFT JOIN areas_area c ON c.code = m.community_code LEFT JOIN kernel_entry e ON e.id = %s "
        f"WHERE m.id = %s{lock}",
        [entry_id or matter_id, matter_id],
    )
    if not rows:
        return None
    row = rows[0]
    state = row[12] if isinstance(row[12], dict) else orjson.loads(row[12])
    current = Current(
        id=sql.as_uuid(row[0]),
        number=row[1],
        version_id=sql.as_uuid(row[2]),
        area_code=row[3],
        title=row[4],
        public=bool(row[5]),
        reporter_id=sql.as_uuid(row[6]) if row[6] else None,
        follow_hash=bytes(row[7]) if row[7] is not None else None,
        has_contact=bool(row[8]),
        follower_count=row[9],
        created_at=as_instant(row[10]),  # type: ignore[arg-type]
        card=row[11],
        state=state_from_json(state),
        version=row[13],
        head_hash=bytes(row[14]),
        duplicate_of_id=sql.as_uuid(row[15]) if row[15] else None,
    )
    resent = None
    if entry_id is not None and row[17] is not None:
        resent = (sql.as_uuid(row[17]), row[18], sql.as_uuid(row[19]) if row[19] else None)
    return Loaded(current, row[16] or "", resent)


def may_see(actor: Actor, current: Current, *, holds_link: bool) -> bool:
    """Say whether an actor may know of a matter: the same rule as ``people.api.can``, on the row as read here."""
    if actor.kind == "system" or holds_link:
        return True
    if actor.person_id is None:
        return False
    me = actor.person_id.hex
    return (
        actor.holds(MATTER_READ, current.area_code)
        or actor.person_id == current.reporter_id
        or any(me in persons for persons in current.state.parties.values())
    )


def perform(act: Act) -> Advanced:
    """Do one of the method's actions on one matter. At most twelve statements, photos and merging apart.

    Raises:
        Http404: no such matter, or this actor may not know of it.
        BadInput: something is missing or unreadable. Refused: the method does not allow it now, with every reason.
        Conflict: somebody else was faster, or the entry's id is another one's.
    """
    now = clock.now()
    act.entry_id = checks.v7(act.entry_id, "entry_id")
    act.ready = ready_photos(act.photos, entry_id=act.entry_id)
    with transaction.atomic():
        loaded = load(act.matter_id, act.entry_id)
        holds_link = loaded is not None and holds(loaded.current.follow_hash, act.via_link)
        if loaded is None or not (act.meeting or may_see(act.actor, loaded.current, holds_link=holds_link)):
            raise Http404(_("没有找到，或者您没有查看的权限"))
        current = loaded.current
        if loaded.resent is not None:
            return _again(loaded.resent, current, act)
        if act.expected_version is not None and act.expected_version != current.version:
            raise store.conflict(current.version)
        by = by_of(
            act.actor,
            current.area_code,
            current.state.parties,
            reporter_id=current.reporter_id,
            holds_link=holds_link,
            meeting=act.meeting,
            party_roles=info_of(current.version_id).method.party_roles,
        )
        try:
            return _move(act, loaded, by, now, holds_link=holds_link)
        except AlreadyRecorded as error:
            raise Conflict(current.version, _other_entry()) from error


def _again(resent: tuple[UUID, int, UUID | None], current: Current, act: Act) -> Advanced:
    subject, _seq, who = resent
    if subject != current.id or who != act.actor.person_id:
        raise Conflict(current.version, _other_entry())
    return _answer(current.id, current.version, current.state, created=False)


def _answer(matter_id: UUID, version: int, state: Any, *, created: bool) -> Advanced:
    return Advanced(matter_id, version, state.step, state.is_open, state.outcome, created)


def _other_entry() -> Problem:
    return Problem("entry_id", _("这个编号已用于另一条记录。"), _("请刷新页面后重新提交。"))


def _move(act: Act, loaded: Loaded, by: By, now: datetime, *, holds_link: bool) -> Advanced:
    current, info = loaded.current, info_of(loaded.current.version_id)
    does = info.does(act.action, current.state.step)
    given = _given(act, info, current)
    target = _merge_target(act, given, current) if does == "merge" else None
    outcome = decide(info.method, current.state, Event(act.action, now, by, given))
    if isinstance(outcome, Refusals):
        raise told_refusals(outcome)
    after = outcome.state
    if current.state.is_open and not after.is_open:
        _no_open_children(current)
    head = _enter(act, loaded, info, by, outcome, given, does, now, holds_link=holds_link)
    keep_photos(act.ready, current.id, act.entry_id)
    extra: dict[str, Any] = {}
    if target is not None and not after.is_open:
        extra["duplicate_of_id"] = target.current.id
    store.rewrite(current, after, method=info.method, head=head, now=now, extra=extra)
    if current.state.is_open != after.is_open:
        set_terms(current.id, info, after.closed_at)
    told = Told(current, loaded.community_name, info.method, info, act.entry_id, now, act.actor.person_id)
    if extra and target is not None:
        from bihuan.matters.merging import join

        join(told, target, act, now)
    else:
        tell(told, current.state, after, outcome.effects, does)
    return _answer(current.id, current.version + 1, after, created=True)


def _merge_target(act: Act, given: dict[str, Any], current: Current) -> Loaded | None:
    from bihuan.matters.merging import find_target

    return find_target(act, given, current)


def _given(act: Act, info: MethodInfo, current: Current) -> dict[str, Any]:
    """Return what was given as the engine takes it: typed values, persons as hex with the roles they hold."""
    data: dict[str, Any] = {}
    for name, value in act.data.items():
        if name in {"photos", "posts", "repeats"} or (name == "result" and not act.meeting):
            continue  # counted and looked up here; a result is a meeting's to give
        if name in {"reason", "until", "into", "note", "channel"} and not isinstance(
            value, (str, date, UUID, NoneType)
        ):
            raise BadInput(Problem(name, _("这一项应当是文字。"), _("请检查写法。")))
        if isinstance(value, str):
            value = checks.clean(value)
            if len(value) > 5000:
                raise BadInput(Problem(name, _("内容太长。"), _("请控制在 5000 字以内。")))
        data[name] = info.typed(name, value)
    if parties := data.get("parties"):
        data["parties"] = named = _named(parties)
        data["posts"] = _posts(named, current)
    if data.get("rung") not in (None, ""):
        rung = str(data["rung"])
        data["rung"] = int(rung) if rung.isdecimal() and len(rung) <= 3 else -1
    if act.ready:
        data["photos"] = photo_counts(act.ready)
    return data


def _named(parties: Any) -> dict[str, list[str]]:
    """Return role → persons (hex) from what a form or the API gave.

    Raises:
        BadInput: for what is no person's id.
    """
    named: dict[str, list[str]] = {}
    if not isinstance(parties, Mapping):
        raise BadInput(Problem("parties", _("责任人的写法不对。"), _("请从名单中选择。")))
    for role, people in parties.items():
        listed = [people] if isinstance(people, (str, UUID)) else people or ()
        if not isinstance(listed, (list, tuple)):
            raise BadInput(Problem(f"parties.{role}", _("责任人的写法不对。"), _("请从名单中选择。")))
        try:
            named[str(role)] = [p.hex if isinstance(p, UUID) else UUID(str(p)).hex for p in listed if p]
        except ValueError as error:
            raise BadInput(Problem(f"parties.{role}", _("没有这个人。"), _("请从名单中选择。"))) from error
    if sum(map(len, named.values())) > _MOST_NAMED:
        raise BadInput(Problem("parties", _("责任人的写法不对。"), _("请从名单中选择。")))
    return named


def _posts(named: dict[str, list[str]], current: Current) -> dict[str, list[str]]:
    """Return which roles each named person holds where the matter lies: one statement.

    Raises:
        BadInput: for somebody who is not there.
    """
    people = sorted({person for persons in named.values() for person in persons})
    if not people:
        return {}
    held = roles_held(people, current.area_code)
    for role, persons in named.items():
        if missing := [person for person in persons if person not in held]:
            raise BadInput(Problem(f"parties.{role}", _("没有这个人。"), _("请从名单中选择。") + f" ({missing[0]})"))
    for role, holders in current.state.parties.items():
        for person in holders:
            if person in held:
                held[person].add(role)
    if current.reporter_id is not None and current.reporter_id.hex in held:
        held[current.reporter_id.hex].add("reporter")
    return {person: sorted(roles) for person, roles in held.items()}


def _no_open_children(current: Current) -> None:
    """Refuse to close what still has open parts: parent and child never close out of step."""
    rows = sql.rows(
        "SELECT number FROM matters_matter WHERE parent_id = %s AND is_open ORDER BY number LIMIT 3", [current.id]
    )
    if rows:
        numbers = "、".join(row[0] for row in rows)
        raise Refused(Problem("", _("还有未办结的子事项：%(numbers)s。") % {"numbers": numbers}, _("请先办结子事项。")))


def _enter(
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
    current, after = loaded.current, outcome.state
    open_, sealed = seal_data(info, {key: value for key, value in given.items() if key != "posts"})
    body: dict[str, Any] = {
        "action": act.action,
        "roles": sorted(by.roles),
        "data": open_,
        "from": current.state.step,
        "to": after.step,
        "effects": effects_body(outcome.effects),
        "version": current.version_id.hex,
    }
    if old_new := changes(info, current.state.fields, after.fields):
        body["changes"] = old_new
    if after.outcome:
        body["outcome"] = after.outcome
    if holds_link:
        body["link"] = True
    return append_move(
        loaded, info, _verb(act.action, does, outcome.effects), _who(act, info, by, current), body, sealed,
        act.entry_id, act.happened_at, now,
    )  # fmt: skip


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


def method_tag(info: MethodInfo, version_id: UUID) -> str:
    """Return ``yiwang-sanbu-wuqin@1``; the number is the version's, cached with it."""
    from bihuan.matters.methodinfo import number_of_version

    return f"{info.method.key}@{number_of_version(version_id)}"


def _who(act: Act, info: MethodInfo, by: By, current: Current) -> ActorRef:
    if act.meeting:
        return ActorRef(act.actor.person_id, act.meeting)
    if act.actor.kind == "system":
        return ActorRef(None, "system")
    move = info.method.move(current.state.step, act.action.partition(".")[0])
    allowed: list[str] = []
    if move is not None:
        consent = move.spec.consent
        asks = "." not in act.action
        allowed = list(move.accept_from) or list(move.spec.by if asks or consent is None else consent.by)
    return ActorRef(act.actor.person_id, acting_role(by, allowed))


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
