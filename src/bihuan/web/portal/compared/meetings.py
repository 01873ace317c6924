"""The published results of a meeting against the record: its head, each item, objections and corrections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.kernel.models import Entry
from bihuan.meetings.api import item_id_of
from bihuan.meetings.models import AgendaItem, Correction, Meeting
from bihuan.web.portal.compared.titles import same_title
from bihuan.web.portal.compared.told import Told, body_of, differ, places

State = AgendaItem.State
_PUT_OFF = {
    "meeting.item_deferred": State.DEFERRED,
    "meeting.item_referred": State.REFERRED,
    "meeting.item_noted": State.NOTED,
}
_IN_PUBLIC = ("place", "began", "ended")


def differences(meeting_id: UUID, told: Told) -> Iterator[str]:
    """Yield what its page shows otherwise than the record says."""
    row = Meeting.objects.get(pk=meeting_id)
    yield from _head(row, told)
    items = list(_items(row))
    yield from _agenda(row, items, told)
    for item in items:
        yield from _item(row, item, told)
    yield from _objections(row, told)
    yield from _corrections(row, told)


def of_matter(row: Meeting, matter_id: UUID) -> Iterator[str]:
    """Yield what a matter's page shows of a meeting otherwise than that meeting's record says."""
    told = Told.of("meeting", row.pk)
    words = list(_head(row, told))
    for item in _items(row):
        if item.matter_id == matter_id:
            words += _item(row, item, told)
    yield from (_("会议“%(title)s”：%(what)s") % {"title": row.title, "what": one} for one in words)


def _items(row: Meeting) -> Any:
    return AgendaItem.objects.filter(meeting_id=row.pk).select_related("resolution").order_by("order")


def _head(row: Meeting, told: Told) -> Iterator[str]:
    published, called, opened = (told.last(f"meeting.{verb}") for verb in ("published", "called", "opened"))
    if published is None:
        yield _("记录里没有公布这次会议的结果。")
        return
    yield from places(row.area_code, told)
    until = row.objections_until.isoformat() if row.objections_until else ""
    if row.published_at != published.happened_at or body_of(published).get("objections_until", "") != until:
        yield _("公布时间或公示期与记录不符。")
    said = body_of(called)
    if called is not None and (said.get("title", "")[:80], said.get("place")) != (row.title, row.place):
        yield _("会议的名称或地点与记录不符。")
    if called is not None and said.get("body") != row.body:
        yield _("会议的名称或地点与记录不符。")
    if opened is None or row.opened_at != opened.happened_at or not _same_quorum(row.quorum, body_of(opened)):
        yield _("开会时间或到会人数与记录不符。")


def _same_quorum(kept: dict[str, Any], said: dict[str, Any]) -> bool:
    """Say whether the quorum shown is the one found; the English sentence, which the entry has not, by its numbers."""
    numbers = [sorted(re.findall(r"\d+", str(kept.get(name, "")))) for name in ("zh", "en")]
    return kept.get("zh") == said.get("found") and numbers[0] == numbers[1]


def _agenda(row: Meeting, items: list[AgendaItem], told: Told) -> Iterator[str]:
    """Items that nobody put there, that are missing, or that stand in another order."""
    added = {str(body.get("item")): str(body.get("matter", "")) for _e, body in told.bodies("meeting.item_added")}
    shown = {str(item.pk): str(item.matter_id or "") for item in items}
    for item in items:
        called = item.matter_id is not None and item.pk == item_id_of(row.pk, item.matter_id)
        if not called and added.get(str(item.pk)) != str(item.matter_id or ""):
            yield _("第 %(n)s 项议题不是记录里的议题。") % {"n": item.order}
    named = set(added) | {str(body["item"]) for _e, body in told.bodies(*_ABOUT) if "item" in body}
    if named - set(shown):
        yield _("少了 %(n)s 项议题。") % {"n": len(named - set(shown))}
    moved = body_of(told.last("meeting.item_moved")).get("order")
    if moved is not None and [key for key in shown if key in moved] != [key for key in moved if key in shown]:
        yield differ(_("议题的顺序"))


_ABOUT = ("meeting.ballot_opened", "meeting.ballot_closed", "meeting.resolved", *_PUT_OFF)


def _item(row: Meeting, item: AgendaItem, told: Told) -> Iterator[str]:
    about = {"n": item.order}
    if not _same_title(item, told):
        yield _("第 %(n)s 项议题的标题与记录不符。") % about
    count, ballot = _counted(item, told)
    if (item.count or None) != count or (item.ballot or "") != ballot:
        yield _("第 %(n)s 项议题的票数与记录不符。") % about
    decided = next((one for one, body in told.bodies("meeting.resolved") if body.get("item") == str(item.pk)), None)
    if not _same_resolution(item, decided, told):
        yield _("第 %(n)s 项议题的决议与记录不符。") % about
    if decided is None and not _same_state(item, told):
        yield _("第 %(n)s 项议题怎样处理的与记录不符。") % about


def _same_title(item: AgendaItem, told: Told) -> bool:
    """Say whether an item has the matter's title as its record has it, or the one the topic was put there with."""
    if item.matter_id is not None:
        return same_title(item.title, Told.of("matter", item.matter_id))
    entry = next((e for e, body in told.bodies("meeting.item_added") if body.get("item") == str(item.pk)), None)
    title = told.text(entry.pk, "title") if entry is not None else None
    return title is None or item.title == title


def _counted(item: AgendaItem, told: Told) -> tuple[Any, str]:
    """Return an item's count and its kind of ballot as the record has them, of the last ballot on it."""
    count, ballot = None, ""
    for entry, body in told.bodies("meeting.ballot_opened", "meeting.ballot_closed"):
        if body.get("item") == str(item.pk):
            count = body.get("count") if entry.verb.endswith("closed") else None
            ballot = str(body.get("ballot", ""))
    return count, ballot


def _same_resolution(item: AgendaItem, entry: Entry | None, told: Told) -> bool:
    resolution = getattr(item, "resolution", None)
    if resolution is None or entry is None:
        return resolution is entry
    body, text = body_of(entry), told.text(entry.pk, "text")
    due = resolution.due_on.isoformat() if resolution.due_on else ""
    return (
        resolution.carried == body.get("carried")
        and item.state == (State.CARRIED if body.get("carried") else State.REJECTED)
        and (text is None or text == resolution.text)
        and resolution.parties == body.get("parties")
        and due == body.get("due_on", "")
    )


def _same_state(item: AgendaItem, told: Told) -> bool:
    """Say whether an item that was not decided stands as the record says, for the reason that it says."""
    state, reason = "", None
    for entry, body in told.bodies(*_PUT_OFF):
        if body.get("item") == str(item.pk):
            state, reason = _PUT_OFF[entry.verb], told.text(entry.pk, "reason") if "reason" in body else ""
    for _entry, body in told.bodies("meeting.ended"):
        if str(item.pk) in body.get("deferred", ()):
            return item.state == State.DEFERRED  # not reached: nobody's words
    return item.state == state and (reason is None or item.reason in {reason, reason[:200]})


def _objections(row: Meeting, told: Told) -> Iterator[str]:
    """The objections: each as it came, with the answer it got; none missing, none that nobody made."""
    answers = {str(body.get("objection")): entry for entry, body in told.bodies("meeting.answered")}
    raised = {str(entry.pk): entry for entry in told.said("meeting.objected")}
    shown = {str(one.pk): one for one in row.objections.all()}
    if set(shown) != set(raised):
        yield _("异议的条数与记录不符。")
    for n, (key, one) in enumerate(shown.items(), 1):
        entry, answer = raised.get(key), answers.get(key)
        if entry is None:
            continue
        text = told.text(entry.pk, "text")
        if one.created_at != entry.happened_at or (text is not None and one.text != text):
            yield _("第 %(n)s 条异议与记录不符。") % {"n": n}
        words = told.text(answer.pk, "answer") if answer is not None else ""
        if one.answered_at != (answer.happened_at if answer else None) or (words is not None and one.answer != words):
            yield _("对第 %(n)s 条异议的答复与记录不符。") % {"n": n}


def _corrections(row: Meeting, told: Told) -> Iterator[str]:
    said = {
        str(entry.pk): (body.get("what"), told.text(entry.pk, "was"), told.text(entry.pk, "words"))
        for entry, body in told.bodies("meeting.corrected")
        if body.get("what") in _IN_PUBLIC
    }
    shown = {str(one.pk): one for one in Correction.objects.filter(meeting_id=row.pk, what__in=_IN_PUBLIC)}
    same = set(said) == set(shown) and all(
        one.what == said[key][0] and said[key][1] in {None, one.was} and said[key][2] in {None, one.words}
        for key, one in shown.items()
    )
    if not same:
        yield differ(_("更正"))
