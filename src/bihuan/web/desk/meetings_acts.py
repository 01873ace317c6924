"""From what a form of the meeting's page sends to the use case behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, NotFound, Problem, clock, parse_id, visible
from bihuan.meetings import api as meetings
from bihuan.meetings.api import Mark
from bihuan.meetings.models import Meeting
from bihuan.people.api import Actor


@dataclass(frozen=True, slots=True)
class Failed:
    """A form that was refused: which, why, and what had been typed."""

    act: str
    item_id: UUID | None = None
    problems: tuple[Problem, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """One form as it came."""

    actor: Actor
    meeting_id: UUID
    item_id: UUID | None
    entry_id: UUID
    data: QueryDict
    happened_at: datetime | None = None  # on paper, typed later

    def text(self, name: str) -> str:
        """Return a field's text as it may be kept."""
        return visible(self.data.get(name, ""))

    def item(self) -> UUID:
        """Return the item; refused where the address names none."""
        if self.item_id is None:
            raise NotFound(Problem("item", _("没有这个议题。"), _("请刷新页面。")))
        return self.item_id


def _uuid(text: str, where: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(Problem(where, _("名单上没有这个人。"), _("请重新选择。"))) from error


def _number(text: str, where: str) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise BadInput(Problem(where, _("“%(text)s”不是票数。") % {"text": text}, _("写整数，没有就写 0。")))
    return int(text)


def call(actor: Actor, data: Mapping[str, str]) -> Meeting:
    """Call a meeting from the form.

    Raises:
        BadInput, Refused, Conflict, NotFound: as the use case, or an instant that cannot be read.
    """
    try:
        starts_at = parse_datetime(data.get("starts_at", "").strip())
    except ValueError:
        starts_at = None
    if starts_at is None:
        raise BadInput(Problem("starts_at", _("没有写开会时间。"), _("选日期和时刻。")))
    if starts_at.tzinfo is None:
        starts_at = starts_at.replace(tzinfo=clock.ZONE)
    area, _bar, rest = data.get("body", "").partition("|")
    body, _bar, method = rest.partition("|")
    if not body:
        raise BadInput(Problem("body", _("没有选会议。"), _("选一个您可以召集的会议。")))
    return meetings.call_meeting(
        actor=actor,
        entry_id=parse_id(data.get("entry_id", "")),
        area_code=area,
        body=body,
        method_key=method or None,
        starts_at=starts_at,
        place=visible(data.get("place", "")),
        reason=visible(data.get("reason", "")),
    )


def instant(text: str, where: str = "happened_at") -> datetime:
    """Read what a datetime-local field sends, as of here.

    Raises:
        BadInput: it cannot be read, or is still to come.
    """
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        found = None
    if found is None:
        raise BadInput(Problem(where, _("没有写明时间。"), _("选日期和时刻。")))
    found = found if found.tzinfo is not None else found.replace(tzinfo=clock.ZONE)
    if found > clock.now():
        raise BadInput(Problem(where, _("写的时间还没有到。"), _("核对日期和钟点，写实际发生的时间。")))
    return found


def perform(
    actor: Actor, meeting_id: UUID, act: str, item_id: UUID | None, data: QueryDict, happened_at: str = ""
) -> str:
    """Do what a form asks for; returns the part of the page to go back to.

    ``happened_at``: when it was, where a meeting held on paper is typed later.

    Raises:
        BadInput, Refused, Conflict, NotFound: for the form to show.
    """
    handler = _ACTS.get(act)
    if handler is None:
        raise NotFound(Problem("", _("没有这个操作。"), _("请刷新页面。")))
    if item_id is not None:
        meetings.must_be_on_agenda(meeting_id, item_id)
    at = instant(happened_at) if happened_at and act in PAST else None
    return handler(Sent(actor, meeting_id, item_id, parse_id(data.get("entry_id", "")), data, at))


def _common(sent: Sent) -> dict[str, Any]:
    return _past(sent) | {"actor": sent.actor, "entry_id": sent.entry_id, "meeting_id": sent.meeting_id}


def _on_item(sent: Sent) -> dict[str, Any]:
    return _past(sent) | {"actor": sent.actor, "entry_id": sent.entry_id, "item_id": sent.item()}


def _past(sent: Sent) -> dict[str, Any]:
    return {"happened_at": sent.happened_at} if sent.happened_at is not None else {}


def _attendance(sent: Sent) -> str:
    key, presence = sent.text("row"), sent.text("presence")
    if presence == "all":
        page = meetings.meeting_page(sent.actor, sent.meeting_id)
        marks = [Mark(row.pk, "present") for row in page.due if row.presence == "unknown"]
    else:
        reason, deputy = sent.text(f"reason-{key}"), sent.text(f"deputy-{key}")
        marks = [Mark(_number(key, "row"), presence, reason=reason, deputy_name=deputy)]
    if not marks:
        raise BadInput(Problem("attendance", _("没有要登记的人。"), _("大家都登记过了。")))
    meetings.record_attendance(**_common(sent), marks=marks)
    return "#attendance"


def _open(sent: Sent) -> str:
    meetings.open_meeting(**_common(sent))
    return "#agenda"


def _cancel(sent: Sent) -> str:
    meetings.cancel_meeting(**_common(sent), reason=sent.text("reason"))
    return ""


def _end(sent: Sent) -> str:
    meetings.end_meeting(**_common(sent))
    return ""


def _publish(sent: Sent) -> str:
    meetings.publish(**_common(sent))
    return "#results"


def _invite(sent: Sent) -> str:
    person = sent.text("person")
    meetings.invite(**_common(sent), person_id=_uuid(person, "name") if person else None, name=sent.text("name"))
    return "#attendance"


def _add(sent: Sent) -> str:
    matter = sent.text("matter")
    item = meetings.add_item(
        **_common(sent),
        matter_id=_uuid(matter, "matter") if matter else None,
        title="" if matter else sent.text("title"),
    )
    return f"#item-{item.pk}"


def _move(sent: Sent) -> str:
    order = [item.row.pk for item in meetings.meeting_page(sent.actor, sent.meeting_id).items]
    here = order.index(sent.item())
    there = here + (-1 if sent.text("to") == "up" else 1)
    if not 0 <= there < len(order):
        raise BadInput(Problem("order", _("已经到头了。"), ""))
    order[here], order[there] = order[there], order[here]
    meetings.reorder_items(**_common(sent), order=order)
    return f"#item-{sent.item()}"


def _opinion(sent: Sent) -> str:
    who = sent.text("who")
    meetings.record_opinion(
        **_on_item(sent),
        text=sent.text("text"),
        attendance_id=_number(who, "name") or None,
        name=sent.text("name"),
    )
    return f"#item-{sent.item()}"


def _ballot(sent: Sent) -> str:
    meetings.open_ballot(**_on_item(sent), kind=sent.text("kind"))
    return f"#item-{sent.item()}"


def _votes(sent: Sent) -> str:
    choices = {
        _uuid(name.removeprefix("vote-"), "choices"): str(sent.data[name])
        for name in sent.data
        if name.startswith("vote-") and sent.data[name]
    }
    meetings.enter_votes(**_on_item(sent), channel=sent.text("channel"), choices=choices)
    return f"#item-{sent.item()}"


def _bundle(sent: Sent) -> str:
    voters = [_uuid(str(voter), "voters") for voter in sent.data.getlist("voter")]
    names = ("for", "against", "abstain", "spoilt")
    counts = {name: _number(sent.text(f"count-{name}"), "counts") for name in names}
    meetings.enter_secret_paper(**_on_item(sent), voters=voters, counts=counts)
    return f"#item-{sent.item()}"


def _close(sent: Sent) -> str:
    meetings.close_ballot(**_on_item(sent))
    return f"#item-{sent.item()}"


def _resolve(sent: Sent) -> str:
    parties = {
        name.removeprefix("party-"): [_uuid(str(value), name) for value in sent.data.getlist(name) if value]
        for name in sent.data
        if name.startswith("party-")
    }
    meetings.resolve(
        **_on_item(sent),
        text=sent.text("text"),
        parties={role: people for role, people in parties.items() if people},
        due_on=_day(sent.text("due_on")),
    )
    return f"#item-{sent.item()}"


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise BadInput(Problem("due_on", _("日期看不懂。"), _("写成 2024-04-08，或从日历上选。")))
    return found


def _refer(sent: Sent) -> str:
    meetings.refer(**_on_item(sent), reason=sent.text("reason"))
    return f"#item-{sent.item()}"


def _defer(sent: Sent) -> str:
    meetings.defer(**_on_item(sent), reason=sent.text("reason"))
    return f"#item-{sent.item()}"


def _note(sent: Sent) -> str:
    meetings.note(**_on_item(sent))
    return f"#item-{sent.item()}"


def _answer(sent: Sent) -> str:
    key = _uuid(sent.text("objection"), "answer")
    meetings.answer_objection(actor=sent.actor, entry_id=sent.entry_id, objection_id=key, answer=sent.text("answer"))
    return "#objections"


def _correct(sent: Sent) -> str:
    what, _bar, target = sent.text("about").partition("|")
    meetings.correct(**_common(sent), what=what, target=target, words=sent.text("words"), why=sent.text("why"))
    return "#corrections"


_ACTS: dict[str, Callable[[Sent], str]] = {
    "attendance": _attendance,
    "open": _open,
    "cancel": _cancel,
    "end": _end,
    "publish": _publish,
    "invite": _invite,
    "add": _add,
    "move": _move,
    "opinion": _opinion,
    "ballot": _ballot,
    "votes": _votes,
    "bundle": _bundle,
    "close": _close,
    "resolve": _resolve,
    "refer": _refer,
    "defer": _defer,
    "note": _note,
    "answer": _answer,
    "correct": _correct,
}

# what happened in the room, and may be typed from paper later
PAST = frozenset(
    {"attendance", "open", "end", "opinion", "ballot", "votes", "bundle", "close", "resolve", "refer", "defer", "note"}
)


def local_input(at: datetime | None) -> str:
    """Return an instant as a datetime-local field takes it."""
    return f"{at.astimezone(clock.ZONE):%Y-%m-%dT%H:%M}" if at else ""
