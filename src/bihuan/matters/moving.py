"""Moving a matter: the one way, compare-and-set, entry and projections in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.kernel.api import (
    AlreadyRecorded,
    Conflict,
    Problem,
    Refused,
    clock,
    sql,
)
from bihuan.matters import checks, store
from bihuan.matters.acted import Acted, tell_acted
from bihuan.matters.entering import enter
from bihuan.matters.giving import Act
from bihuan.matters.giving import given as given_for
from bihuan.matters.links import holds
from bihuan.matters.loading import Loaded, load, may_see
from bihuan.matters.methodinfo import info_of
from bihuan.matters.photos import keep_photos, ready_photos
from bihuan.matters.refusals import told as told_refusals
from bihuan.matters.retention import set_terms
from bihuan.matters.roles import by_of
from bihuan.matters.shapes import Advanced
from bihuan.matters.store import Current
from bihuan.matters.tell import Told, tell
from bihuan.methods.api import By, Event, Refusals, decide


def perform(act: Act) -> Advanced:
    """Do one of the method's actions on one matter. At most twelve statements, photos and merging apart.

    Raises:
        Http404: no such matter, or this actor may not know of it.
        BadInput: something is missing or unreadable. Refused: the method does not allow it now, with every reason.
        Conflict: somebody else was faster, or the entry's id is another one's.
    """
    now = clock.now()
    act.entry_id = checks.v7(act.entry_id, "entry_id")
    act.ready = ready_photos(act.photos)
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
    given = given_for(act, info, current)
    target = _merge_target(act, given, current) if does == "merge" else None
    outcome = decide(info.method, current.state, Event(act.action, now, by, given))
    if isinstance(outcome, Refusals):
        raise told_refusals(outcome)
    after = outcome.state
    if current.state.is_open and not after.is_open:
        _no_open_children(current)
    head = enter(act, loaded, info, by, outcome, given, does, now, holds_link=holds_link)
    keep_photos(act.ready, current.id, act.entry_id, act.actor.person_id)
    extra: dict[str, Any] = {}
    if target is not None and not after.is_open:
        extra["duplicate_of_id"] = target.current.id
    store.rewrite(current, after, method=info.method, head=head, now=now, extra=extra)
    if current.state.is_open != after.is_open:
        set_terms(current.id, info, after.closed_at)
    at = min(act.happened_at or now, now)
    tell_acted(Acted(current.id, current.version_id, current.area_code, act.action, act.entry_id, at))
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


def _no_open_children(current: Current) -> None:
    """Refuse to close what still has open parts: parent and child never close out of step."""
    rows = sql.rows(
        "SELECT number FROM matters_matter WHERE parent_id = %s AND is_open ORDER BY number LIMIT 3", [current.id]
    )
    if rows:
        numbers = "、".join(row[0] for row in rows)
        raise Refused(Problem("", _("还有未办结的子事项：%(numbers)s。") % {"numbers": numbers}, _("请先办结子事项。")))
