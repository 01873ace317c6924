"""Entries as sentences: who did what, from where to where, with the exact old and new.

Three readers, from most to least: whoever works on the matter or is party to it; the reporter by the secret link;
everybody. Staff are named to strangers by post and surname, residents never; free text is never public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson

from bihuan.kernel.api import EntryView, clock, sentence
from bihuan.kernel.models import Entry, Sealed
from bihuan.matters.labels import choice_title, english, surname_only, titled
from bihuan.matters.methodinfo import MethodInfo
from bihuan.matters.models import Matter
from bihuan.matters.shapes import Change, TimelineLine

Reader = Literal["inside", "link", "public"]
_CHANNELS = dict(Matter.Channel.choices)
RESIDENT_ROLES = frozenset({"reporter", "resident", "anonymous", "follower", "supervisor", "anyone"})


def sealed_texts(rows: Iterable[Sealed]) -> dict[UUID, dict[str, str]]:
    """Return what is sealed without encryption, by entry and name; what was erased is not there."""
    found: dict[UUID, dict[str, str]] = {}
    for row in rows:
        if not row.encrypted and row.content is not None:
            found.setdefault(row.entry_id, {})[row.name] = bytes(row.content).decode()
    return found


def persons_in(entries: Iterable[Entry]) -> set[UUID]:
    """Return everybody whom the sentences may name."""
    found: set[UUID] = set()
    for entry in entries:
        if entry.actor_id is not None:
            found.add(entry.actor_id)
        body = _body(entry)
        if body.get("action") == "hand":
            found.add(UUID(hex=body["person"]))
        for effect in body.get("effects", ()):
            if effect.get("kind") in {"assigned", "released"}:
                found.add(UUID(hex=effect["person"]))
    return found


def lines(
    entries: Sequence[Entry],
    *,
    info: MethodInfo,
    names: Mapping[UUID, str],
    texts: Mapping[UUID, Mapping[str, str]],
    photos: Mapping[UUID, Sequence[UUID]],
    reader: Reader,
) -> tuple[TimelineLine, ...]:
    """Return the timeline for one kind of reader, oldest first."""
    made = (
        _line(entry, _body(entry), info, names, texts.get(entry.pk, {}), tuple(photos.get(entry.pk, ())), reader)
        for entry in entries
    )
    return tuple(line for line in made if line is not None)


def _body(entry: Entry) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(entry.body)
    return body


def _line(
    entry: Entry,
    body: dict[str, Any],
    info: MethodInfo,
    names: Mapping[UUID, str],
    texts: Mapping[str, str],
    photos: tuple[UUID, ...],
    reader: Reader,
) -> TimelineLine | None:
    action = str(body.get("action", ""))
    role_title = titled(*info.role(entry.actor_role))
    who = _who(entry, role_title, names, reader)
    if reader == "inside" and body.get("via"):
        who += f" (by key {body['via']})" if english() else f"（由接口密钥 {body['via']}）"
    reason = texts.get("reason", "") if reader == "inside" or (reader == "link" and body.get("link")) else ""
    if reader == "inside":
        words = sentence(EntryView(entry.verb, _params(entry, body, info, names, who, reason)), _lang())
    else:
        words = _public_words(body, info)
        if not words:
            return None
    return TimelineLine(
        entry_id=entry.pk,
        seq=entry.seq,
        verb=entry.verb,
        action=action,
        action_title=titled(*info.action(action, str(body.get("from", "")))),
        sentence=words,
        who=who,
        role_title=role_title,
        happened_at=entry.happened_at,
        recorded_at=entry.recorded_at,
        reason=reason,
        changes=_changes(body, info, texts) if reader == "inside" else (),
        photos=photos,
        hash=bytes(entry.hash).hex(),
    )


def _lang() -> str:
    return "en" if english() else "zh"


def _who(entry: Entry, role_title: str, names: Mapping[UUID, str], reader: Reader) -> str:
    if entry.actor_id is None:
        return role_title
    name = names.get(entry.actor_id, "")
    if reader == "inside":
        return f"{role_title} {name}".strip()
    if entry.actor_role in RESIDENT_ROLES:
        return role_title
    return f"{role_title} {surname_only(name)}".strip()


def _public_words(body: dict[str, Any], info: MethodInfo) -> str:
    """Return what an entry tells strangers: the public words of the step it led to, or of the outcome."""
    if body.get("outcome") and info.method.steps[body["to"]].final:
        return titled(*info.outcome_public(body["outcome"]))
    if "to" in body and body.get("from") != body["to"]:
        return titled(*info.public(body["to"]))
    return ""


def _params(
    entry: Entry, body: dict[str, Any], info: MethodInfo, names: Mapping[UUID, str], who: str, reason: str
) -> dict[str, object]:
    old, new = str(body.get("from", "")), str(body.get("to", ""))
    moved = old != new and old != ""
    params: dict[str, object] = {
        "actor": who,
        "action": titled(*info.action(str(body.get("action", "")), old)),
        "reason": reason,
        "old": titled(*info.step(old)) if moved else "",
        "new": titled(*info.step(new)) if moved else "",
        "outcome": titled(*info.outcome(body["outcome"])) if body.get("outcome") else "",
        "assigned": _assigned(body, info, names),
        "channel": choice_title(_CHANNELS, str(body["channel"])) if body.get("channel") else "",
        "happened": _happened(body, info),
        "into": str(body.get("into_number", "")),
        "number": str(body.get("number", "")),
    }
    if entry.verb == "matter.handed_over":
        params |= {"role": titled(*info.role(body["role"])), "name": names.get(UUID(hex=body["person"]), "")}
    if entry.verb == "matter.migrated":
        params |= {"old": body.get("old_number"), "new": body.get("new_number")}
    return params


def _assigned(body: dict[str, Any], info: MethodInfo, names: Mapping[UUID, str]) -> str:
    parts = [
        f"{titled(*info.role(effect['role']))} {names.get(UUID(hex=effect['person']), '')}".strip()
        for effect in body.get("effects", ())
        if effect.get("kind") == "assigned"
    ]
    return (", " if english() else "、").join(parts)


def _happened(body: dict[str, Any], info: MethodInfo) -> str:
    en = english()
    said = []
    for effect in body.get("effects", ()):
        kind = effect.get("kind")
        name = titled(*info.clock(str(effect.get("clock", ""))))
        if kind == "card":
            colour = {"yellow": "yellow card", "red": "red card"} if en else {"yellow": "黄牌", "red": "红牌"}
            said.append(f"{name} {colour.get(effect['colour'], effect['colour'])}")
        elif kind == "late":
            said.append(f"{name} is past due" if en else f"{name}已过期限")
        elif kind == "escalated":
            role = titled(*info.role(effect["role"]))
            said.append(f"raised to {role}" if en else f"提级到{role}")
        elif kind == "lapsed":
            title = titled(*info.action(effect["action"], str(body.get("from", ""))))
            said.append(f"nobody answered: {title}" if en else f"逾期无人答复，视为“{title}”")
    return ("; " if en else "；").join(said)


def _changes(body: dict[str, Any], info: MethodInfo, texts: Mapping[str, str]) -> tuple[Change, ...]:
    found = [
        Change(_label(info, key), _value(info, key, old), _value(info, key, new))
        for key, old, new in body.get("changes", ())
    ]
    given = body.get("data", {})
    found += [
        Change(_label(info, name), "", text) for name, text in texts.items() if name != "reason" and name in given
    ]
    for effect in body.get("effects", ()):
        if effect.get("kind") == "clock_extended":
            found.append(Change(titled(*info.clock(effect["clock"])), "", _local(str(effect["due_at"]))))
    return tuple(found)


_GIVEN = {"until": ("到期日", "due by")}  # given with an act, yet no field of the method


def _label(info: MethodInfo, key: str) -> str:
    return titled(*(info.fields.get(key) or _GIVEN.get(key) or (key, "")))


def _local(instant: str) -> str:
    """Return an ISO instant as people here read it: 2026-12-16 18:00."""
    return f"{datetime.fromisoformat(instant).astimezone(clock.ZONE):%Y-%m-%d %H:%M}"


def _value(info: MethodInfo, field: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return ("yes" if value else "no") if english() else ("是" if value else "否")
    if isinstance(value, list):
        return ("、" if not english() else ", ").join(_value(info, field, item) for item in value)
    return titled(*info.option(field, str(value))) if info.has_options(field) else str(value)


field_value = _value
