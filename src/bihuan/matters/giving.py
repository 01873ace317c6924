"""What was given for an act, as the engine takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import NoneType
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, visible
from bihuan.matters.eligible import roles_held
from bihuan.matters.methodinfo import MethodInfo
from bihuan.matters.photos import Ready, photo_counts
from bihuan.matters.shapes import Photo
from bihuan.matters.store import Current
from bihuan.people.api import Actor

_WORDS = frozenset({"reason", "until", "into", "note", "channel"})
_MOST_NAMED = 200  # persons named by one act: a method asks for a handful


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


def given(act: Act, info: MethodInfo, current: Current) -> dict[str, Any]:
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
            value = visible(value)
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
