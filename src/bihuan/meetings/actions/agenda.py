"""The agenda of a meeting: what waits fills it, items are added and put in order, reporters are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Conflict, Problem, notify, seal
from bihuan.matters.api import waiting_for
from bihuan.matters.models import Matter
from bihuan.meetings import guards
from bihuan.meetings.guards import must
from bihuan.meetings.models import AgendaItem, Meeting
from bihuan.meetings.store import Work, derived_id, load
from bihuan.meetings.words import stamp
from bihuan.people.api import Actor

BUSY = (AgendaItem.State.WAITING, AgendaItem.State.VOTING, AgendaItem.State.COUNTED)


def fill_agenda(meeting: Meeting, matter_ids: Sequence[UUID] | None) -> None:
    """Put what waits for the body on the agenda: all of it, or the matters named."""
    waiting = waiting_for(meeting.body, meeting.area_code, ids=matter_ids, without=on_agenda())
    if matter_ids is not None:
        by_id = {matter.pk: matter for matter in waiting}
        if missing := [one for one in dict.fromkeys(matter_ids) if one not in by_id]:
            _must_wait(meeting, missing)
        waiting = tuple(by_id[one] for one in dict.fromkeys(matter_ids) if one in by_id)
    items = [
        AgendaItem(
            id=item_id_of(meeting.pk, matter.pk),
            meeting=meeting,
            matter_id=matter.pk,
            order=order,
            title=matter.title[:120],
        )
        for order, matter in enumerate(waiting, start=1)
    ]
    AgendaItem.objects.bulk_create(items)
    told = {matter.pk: matter.reporter_id for matter in waiting}
    for item in items:
        _tell_reporter(meeting, item, told[item.matter_id] if item.matter_id else None)


def item_id_of(meeting_id: UUID, matter_id: UUID) -> UUID:
    """Return the id of a matter's item on the agenda with which a meeting was called: it follows from both."""
    return derived_id(meeting_id, f"item:{matter_id}")


def _must_wait(meeting: Meeting, ids: Sequence[UUID]) -> None:
    """Refuse matters that do not wait for the body at all; those on another agenda are only left out."""
    if len(waiting_for(meeting.body, meeting.area_code, ids=ids)) < len(ids):
        raise BadInput(Problem("matter_ids", _("所选事项中有的不在等这个会议商议。"), _("请刷新后重新选择。")))


def on_agenda() -> QuerySet[Any]:
    """Return the ids of the matters that stand on an open agenda, as a query to leave them out by."""
    return AgendaItem.objects.filter(matter__isnull=False, state__in=BUSY).values("matter_id")


def _tell_reporter(meeting: Meeting, item: AgendaItem, reporter_id: UUID | None) -> None:
    if reporter_id is not None:
        notify(
            reporter_id,
            "meeting.your_matter_on_agenda",
            {"item": item.title, "title": meeting.title, "when": stamp(meeting.starts_at)},
            f"/desk/matters/{item.matter_id}/",
        )


@transaction.atomic
def add_item(
    *, actor: Actor, entry_id: UUID, meeting_id: UUID, matter_id: UUID | None = None, title: str = ""
) -> AgendaItem:
    """Put a matter that waits for this body, or a free topic, at the end of the agenda.

    Raises:
        Refused: the actor does not run the meeting, or it has ended.
        BadInput: neither a matter nor a title; the matter does not wait for this body.
        Conflict: the matter is on another agenda.
    """
    work = load(actor=actor, entry_id=entry_id, meeting_id=meeting_id)
    item_id = derived_id(entry_id, "item")
    if work.resent:
        return AgendaItem.objects.get(pk=item_id)
    must(
        guards.may_run(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.CALLED, Meeting.State.OPEN),
    )
    matter = _waiting(work, matter_id) if matter_id is not None else None
    title = (matter.title if matter is not None else title).strip()
    if not title:
        raise BadInput(Problem("title", _("没有写议题。"), _("选一件事项，或写下议题。")))
    last = work.meeting.items.aggregate(last=Max("order"))["last"] or 0
    item = AgendaItem(id=item_id, meeting=work.meeting, matter=matter, order=last + 1, title=title[:120])
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            None, Problem("matter_id", _("这件事项已在另一个会议的议程上。"), _("先在那个会议上顺延。"))
        ) from error
    # A matter's title is in the matter's own record; a topic's is nobody's but the meeting's.
    sealed = [] if matter else [seal("title", item.title, purpose="会议议题", encrypted=False, keep_until=None)]
    body = {"item": str(item.pk), "matter": str(matter_id or ""), "order": item.order}
    work.record("meeting.item_added", body, sealed=sealed)
    if matter is not None:
        _tell_reporter(work.meeting, item, matter.reporter_id)
    return item


def _waiting(work: Work, matter_id: UUID) -> Matter:
    for matter in waiting_for(work.meeting.body, work.meeting.area_code, ids=[matter_id]):
        return matter
    raise BadInput(Problem("matter_id", _("这件事项不在等这个会议商议。"), _("先在事项页面把它提交商议。")))


@transaction.atomic
def reorder_items(*, actor: Actor, entry_id: UUID, meeting_id: UUID, order: Sequence[UUID]) -> Meeting:
    """Put the agenda in another order. ``order`` names every item once.

    Raises:
        Refused: the actor does not run the meeting, or it has ended.
        BadInput: the list is not the agenda.
    """
    work = load(actor=actor, entry_id=entry_id, meeting_id=meeting_id)
    if work.resent:
        return work.meeting
    must(
        guards.may_run(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.CALLED, Meeting.State.OPEN),
    )
    items = {item.pk: item for item in work.meeting.items.all()}
    if len(order) != len(items) or set(order) != set(items):
        raise BadInput(Problem("order", _("顺序与议程不符。"), _("刷新页面后重新排列。")))
    for place, item_id in enumerate(order, start=1):
        items[item_id].order = place
    AgendaItem.objects.bulk_update(items.values(), ["order"])
    work.record("meeting.item_moved", {"order": [str(item_id) for item_id in order]})
    return work.meeting
