"""Where one matter was deliberated: the links problem → agenda item → vote → decision → task, read from the matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Q, Value, When

from bihuan.meetings import bodies, guards, shown
from bihuan.meetings.models import AgendaItem, Meeting
from bihuan.meetings.public import named
from bihuan.meetings.shapes import CountView
from bihuan.meetings.words import shown_title
from bihuan.people.api import MEETING_READ, Actor, person_names, visible


@dataclass(frozen=True, slots=True)
class Deliberated:
    """One time that a matter stood on an agenda. Of a vote only what is counted: never who chose what."""

    item_id: UUID
    meeting_id: UUID
    order: int  # on the agenda
    meeting_title: str
    body_title: str
    number: int  # 第 n 次 of the body in the year
    starts_at: datetime
    place: str
    state: str  # of the item: a value of ``AgendaItem.State``
    state_title: str
    ballot_title: str
    count: CountView | None  # None until the ballot is closed
    resolution: str
    parties: tuple[tuple[str, str], ...]  # (role title, name)
    due_on: date | None
    reason: str  # why it was put off or referred
    inside: bool  # this reader may open the meeting's own page
    published: bool


def deliberations(actor: Actor, matter_id: UUID, known: Mapping[UUID, str] | None = None) -> tuple[Deliberated, ...]:
    """Return where a matter was or will be deliberated, the latest first, to somebody who may read the matter.

    Meetings that the reader may not know of come along once they are published. One statement, and one more where
    a decision names somebody who is not among ``known``.

    Args:
        actor: who reads.
        matter_id: of a matter that the caller let them read.
        known: names at hand already.
    """
    seen = Q(meeting__in=visible(actor, MEETING_READ, Meeting.objects.all()).values("pk"))
    rows = AgendaItem.objects.filter(seen | Q(meeting__state=Meeting.State.PUBLISHED), matter_id=matter_id)
    inside = Case(When(seen, then=Value(True)), default=Value(False), output_field=BooleanField())  # noqa: FBT003
    items = list(_ordered(rows.exclude(meeting__state=Meeting.State.CANCELLED).annotate(inside=inside)))
    names = dict(known or {})
    if unknown := _persons(items) - set(names):
        names |= person_names(unknown)
    return tuple(_line(item, names, inside=item.inside) for item in items)


def published_deliberations(matter_id: UUID) -> tuple[Deliberated, ...]:
    """Return what anybody may read of it: published meetings alone, residents' names masked. At most three statements.

    Whether the matter itself may be read is the caller's to know.
    """
    rows = AgendaItem.objects.filter(matter_id=matter_id, meeting__state=Meeting.State.PUBLISHED)
    items = list(_ordered(rows))
    names = named(items) if _persons(items) else {}
    return tuple(_line(item, names, inside=False) for item in items)


def _ordered(rows: Any) -> Any:
    return rows.select_related("meeting", "resolution").order_by("-meeting__starts_at", "-pk")


def _persons(items: Iterable[AgendaItem]) -> set[UUID]:
    return {
        UUID(person)
        for item in items
        if getattr(item, "resolution", None)
        for people in item.resolution.parties.values()
        for person in people
    }


def _line(item: AgendaItem, names: Mapping[UUID, str], *, inside: bool) -> Deliberated:
    meeting, resolution = item.meeting, getattr(item, "resolution", None)
    ref = bodies.body_of(meeting.version_ref_id, meeting.body)
    return Deliberated(
        item_id=item.pk,
        meeting_id=meeting.pk,
        order=item.order,
        meeting_title=shown_title(meeting),
        body_title=ref.title,
        number=meeting.number,
        starts_at=meeting.opened_at or meeting.starts_at,
        place=meeting.place,
        state=item.state,
        state_title=guards.item_state_title(item),
        ballot_title=guards.ballot_title(item.ballot),
        count=shown.count_view(item),
        resolution=resolution.text if resolution else "",
        parties=shown.party_lines(ref, resolution, names),
        due_on=resolution.due_on if resolution else None,
        reason=item.reason,
        inside=inside,
        published=meeting.state == Meeting.State.PUBLISHED,
    )
