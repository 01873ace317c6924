"""What hooks are told: entries of the record as events, without a name, a title or a word of anybody.

Events are read from the record afterwards, so that the act itself pays nothing for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings

from bihuan.areas.api import upper_bound
from bihuan.kernel.api import clock, sql
from bihuan.methods.api import get_method

# Event: what it says in Chinese and English, and the verbs of the record that may be one ("": any other of a matter).
EVENTS: dict[str, tuple[str, str]] = {
    "matter.opened": ("有新事项", "a matter was opened"),
    "matter.changed": ("事项有进展", "a matter moved or changed"),
    "matter.closed": ("事项办结", "a matter was closed"),
    "matter.card": ("事项亮牌", "a matter got a card"),
    "meeting.called": ("召集会议", "a meeting was called"),
    "meeting.cancelled": ("会议取消", "a meeting was cancelled"),
    "meeting.published": ("会议结果公布", "the results of a meeting were published"),
    "activity.announced": ("发布活动", "an activity was announced"),
    "activity.changed": ("活动改动", "an activity was changed"),
    "activity.called_off": ("活动取消", "an activity was called off"),
    "activity.held": ("活动办完", "an activity was held"),
}
_OPENED = frozenset({"matter.reported", "matter.recorded"})
_SAME = frozenset(event for event in EVENTS if not event.startswith("matter."))
_ALSO = {"activity.moved": "activity.changed"}
MOST = 2000


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry as an event. ``data`` is what goes out; ``at`` when it was recorded."""

    entry_id: UUID
    subject_id: UUID
    event: str
    at: datetime
    data: dict[str, Any]


def read(
    hook_id: UUID, area_code: str, wanted: frozenset[str], after: datetime, until: datetime, *, private: bool
) -> tuple[list[Happened], datetime | None]:
    """Return what happened in an area that a hook was not told yet, oldest first, at most ``MOST`` entries.

    One statement. The instant is that of the last entry looked at where there are more.

    Args:
        hook_id: whose messages are left out.
        area_code: the hook's.
        wanted: of ``EVENTS``.
        after: the record is read from here …
        until: … to here, along its time index.
        private: whether matters kept from the public are told, too: by number and community alone.
    """
    kinds = sorted({event.partition(".")[0] for event in wanted})
    verbs = _verbs(wanted)
    sieve = f"AND e.verb IN ({', '.join(['%s'] * len(verbs))}) " if verbs else ""
    rows = sql.rows(
        "SELECT e.id, e.subject_type, e.subject_id, e.seq, e.verb, e.area_code, e.happened_at, e.recorded_at, e.body, "  # noqa: S608
        "m.number, m.public FROM kernel_entry e "
        "LEFT JOIN matters_matter m ON e.subject_type = 'matter' AND m.id = e.subject_id "
        "WHERE e.recorded_at > %s AND e.recorded_at <= %s AND e.area_code >= %s AND e.area_code <= %s "
        f"AND e.subject_type IN ({', '.join(['%s'] * len(kinds))}) "
        f"{sieve}AND NOT EXISTS (SELECT 1 FROM api_hookmessage h WHERE h.hook_id = %s AND h.entry_id = e.id) "
        "ORDER BY e.recorded_at, e.id LIMIT %s",
        [after, until, area_code, upper_bound(area_code), *kinds, *verbs, hook_id, MOST],
    )
    found = [one for row in rows for one in _told(row, wanted, private=private)]
    return found, _instant(rows[-1][7]) if len(rows) == MOST else None


def _verbs(wanted: frozenset[str]) -> list[str]:
    """Return the verbs to read, none where any act on a matter may be what is wanted."""
    if wanted & {"matter.changed", "matter.closed", "matter.card"}:
        return []
    verbs = (wanted & _SAME) | {verb for verb, event in _ALSO.items() if event in wanted}
    return sorted(verbs | (_OPENED if "matter.opened" in wanted else frozenset()))


def _told(row: tuple[Any, ...], wanted: frozenset[str], *, private: bool) -> Iterator[Happened]:
    key, kind, subject, seq, verb, area_code, happened_at, recorded_at, text, number, public = row
    body = orjson.loads(text)
    events = _of_matter(verb, body) if kind == "matter" else [verb if verb in _SAME else _ALSO.get(verb, "")]
    event = next((one for one in events if one in wanted), None)
    if event is None or (kind == "matter" and not public and not private):
        return
    data: dict[str, Any] = {"entry_id": str(sql.as_uuid(key)), f"{kind}_id": str(sql.as_uuid(subject)), "seq": seq}
    data |= {"area_code": area_code, "happened_at": _instant(happened_at).isoformat()}
    if kind == "matter":
        data |= {"number": number, "public": bool(public)}
        data |= _state(body, number) if public else {"area_code": area_code[:12]}
    elif kind == "meeting":
        data["url"] = f"{settings.PUBLIC_URL}/meetings/{sql.as_uuid(subject)}/"
    else:
        data["url"] = f"{settings.PUBLIC_URL}/activities/{sql.as_uuid(subject)}/"
    yield Happened(sql.as_uuid(key), sql.as_uuid(subject), event, _instant(recorded_at), data)


def _state(body: dict[str, Any], number: str) -> dict[str, Any]:
    """Return where an act left a public matter: keys of its method, which anybody may look up."""
    told = {"action": str(body.get("action", "")), "url": f"{settings.PUBLIC_URL}/matters/{number}/"}
    return told | {name: str(body[name]) for name in ("from", "to", "outcome") if body.get(name)}


def _of_matter(verb: str, body: dict[str, Any]) -> list[str]:
    """Return the events that an entry of a matter is, the most telling first."""
    if verb in _OPENED:
        return ["matter.opened"]
    events = []
    step = body.get("to")
    if step and step != body.get("from"):
        steps = get_method(UUID(hex=body["version"])).steps
        if step in steps and steps[step].final:
            events.append("matter.closed")
    if any(effect.get("kind") == "card" for effect in body.get("effects", ())):
        events.append("matter.card")
    return [*events, "matter.changed"]


def _instant(value: Any) -> datetime:
    """Return a column's instant, however the driver gave it, in the site's own zone."""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(clock.ZONE)
