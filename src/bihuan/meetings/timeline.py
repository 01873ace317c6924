"""A meeting's entries as sentences: who did what, when it happened and when it was typed.

Words come from what the page shows already, so that a reader finds nothing here that the page keeps from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.kernel.api import EntryView, plain_texts, sentence
from bihuan.kernel.models import Entry
from bihuan.meetings import bodies, guards
from bihuan.meetings.shapes import ItemView, MeetingLine, MeetingPage
from bihuan.meetings.store import SUBJECT
from bihuan.people.api import person_names

MOST = 400


def lines_of(page: MeetingPage) -> tuple[MeetingLine, ...]:
    """Return the timeline of a meeting whose page was read, oldest first, the latest 400 at most.

    Two statements, three where somebody gave a reason.
    """
    rows = Entry.objects.filter(subject_type=SUBJECT, subject_id=page.meeting.pk)
    entries = list(reversed(rows.order_by("-seq")[:MOST]))
    names = person_names({entry.actor_id for entry in entries if entry.actor_id is not None})
    items = {str(view.row.pk): view for view in page.items}
    bodies: list[dict[str, Any]] = [orjson.loads(entry.body) for entry in entries]
    reasons = plain_texts(SUBJECT, page.meeting.pk, "reason") if any("reason" in body for body in bodies) else {}
    return tuple(
        _line(entry, body | {"reason": reasons.get(entry.pk, "")}, page, names, items)
        for entry, body in zip(entries, bodies, strict=True)
    )


def _line(
    entry: Entry, body: Mapping[str, Any], page: MeetingPage, names: Mapping[UUID, str], items: Mapping[str, ItemView]
) -> MeetingLine:
    said = sentence(EntryView(entry.verb, _params(entry, body, page, names, items)), get_language() or "zh")
    return MeetingLine(entry.verb, said, entry.happened_at, entry.recorded_at)


def _params(
    entry: Entry, body: Mapping[str, Any], page: MeetingPage, names: Mapping[UUID, str], items: Mapping[str, ItemView]
) -> dict[str, object]:
    view = items.get(str(body.get("item", "")))
    spoken = {opinion.pk: opinion.name for item in page.items for opinion in item.opinions}
    rows = {row.pk: row.name for row in (*page.due, *page.guests)}
    given = [name for name in (rows.get(line[0]) for line in body.get("for", ())) if name]
    return {
        "actor": _actor(entry, page, names),
        "title": page.title,
        "item": view.row.title if view else "",
        "reason": _reason(body, view),
        "name": spoken.get(entry.pk) or rows.get(body.get("row", 0)) or _("有人"),
        "names": _("、").join(given),
        "number": str(len(given) or len(body.get("mandates", ()))),
        "to": body.get("to", ""),
        "ballot": guards.ballot_title(str(body.get("ballot", ""))),
        "result": view.count.sentence if view and view.count else "",
        "what": guards.correctable_title(str(body.get("what", ""))),
    }


def _actor(entry: Entry, page: MeetingPage, names: Mapping[UUID, str]) -> str:
    if entry.actor_id is None:
        return _("群众") if entry.verb == "meeting.objected" else _("系统")
    title = bodies.role_title(page.ref.method, entry.actor_role) if entry.actor_role else ""
    return f"{title} {names.get(entry.actor_id, '')}".strip()


def _reason(body: Mapping[str, Any], view: ItemView | None) -> str:
    """Return a reason as the page has it: an item that this reader is not told of has none."""
    if view is not None:
        return str(view.row.reason)
    return str(body.get("reason", "")) if "item" not in body else ""
