"""What the pages of a meeting show, worked out before the template: no look-ups there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.api import Problem, clock, new_id
from bihuan.matters.models import Matter
from bihuan.meetings import api as meetings
from bihuan.meetings import guards
from bihuan.meetings.api import Ahead, ItemView, MeetingPage
from bihuan.meetings.models import AgendaItem, Attendance
from bihuan.people.api import BULLETIN_WRITE, Actor, actor_for
from bihuan.people.models import Person, Post
from bihuan.web.desk import choices, meetings_record
from bihuan.web.desk.meetings_acts import Failed, local_input

BADGES = {
    "called": "open",
    "open": "doing",
    "ended": "closed",
    "published": "settled",
    "cancelled": "quiet",
    "waiting": "open",
    "voting": "doing",
    "counted": "doing",
    "carried": "settled",
    "rejected": "closed",
    "referred": "closed",
    "deferred": "quiet",
    "noted": "closed",
}
PAPER = "meeting-paper-%s"  # in the session: when what is typed of it happened
STATIONS = ("called", "open", "ended", "published")


@dataclass(frozen=True, slots=True)
class PartyField:
    """One select of the resolution's form: who leads, who tracks, who supervises."""

    role: str
    title: str
    options: list[tuple[str, str]]
    value: str


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who has not voted yet, on the forms for hands and paper: what was chosen for them so far."""

    row: Attendance
    choice: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class ItemCard:
    """An item with its forms: ids, what was refused, what had been typed."""

    view: ItemView
    badge: str
    here: bool  # the one being dealt with now
    first: bool
    last: bool
    entry_id: UUID
    problems: tuple[Problem, ...]
    failed: str
    typed: Mapping[str, Any]
    parties: tuple[PartyField, ...]
    text: str
    reason: str
    due_on: str
    voters: tuple[Voter, ...]
    counts: tuple[tuple[str, str, str], ...]  # (name, title, typed): the ballots of a bundle
    kinds: tuple[tuple[str, str], ...]
    speakers: tuple[tuple[int, str], ...]
    hands: bool  # may hands be entered for this ballot


def call_form(bodies: Sequence[Ahead], given: Mapping[str, Any], problems: Sequence[Problem]) -> dict[str, Any]:
    """Return what the form for calling a meeting shows."""
    options = [(f"{one.area_code}|{one.body}|{one.method_key}", one) for one in bodies]
    chosen = str(given.get("body", "")) or options[0][0]
    one = dict(options).get(chosen, options[0][1])
    starts_at = str(given.get("starts_at", ""))[:16] or local_input(one.starts_at)
    beside = {problem.field: problem for problem in problems}
    named = {"starts_at", "place", "reason", "body"}
    return {
        "options": [(key, _("%(area)s %(body)s") % {"area": o.area_name, "body": o.body_title}) for key, o in options],
        "chosen": chosen,
        "one": one,
        "starts_at": starts_at,
        "place": str(given.get("place", "")) or one.place,
        "reason": str(given.get("reason", "")),
        "entry_id": given.get("entry_id") or new_id(),
        "beside": {name: beside.get(name) for name in named},
        "problems": [problem for problem in problems if problem.field not in named],
    }


def _paper(request: HttpRequest, page: MeetingPage) -> dict[str, Any] | None:
    """Return what the form for typing a meeting from paper shows; none before it begins and after it ended."""
    meeting = page.meeting
    if meeting.state not in {"called", "open"} or meeting.starts_at > clock.now():
        return None
    kept = str(request.session.get(PAPER % meeting.pk, ""))
    at = datetime.fromisoformat(kept) if kept else None
    return {"at": at, "value": local_input(at or meeting.starts_at)}


def page(request: HttpRequest, actor: Actor, page: MeetingPage, failed: Failed | None) -> dict[str, Any]:
    """Return everything the meeting's page shows."""
    meeting = page.meeting
    current = _current(page)
    runs = page.may["run"] is None
    may_prepare = page.may["prepare"] is None
    return {
        "page": page,
        "meeting": meeting,
        "badge": BADGES[meeting.state],
        "stations": _stations(page),
        "cards": [_card(page, view, current, failed, at, runs=runs) for at, view in enumerate(page.items)],
        "entry_id": new_id(),
        "new_id": new_id,
        "due": _rows(page, page.due, failed),
        "guests": _rows(page, page.guests, failed),
        "unknown": sum(row.presence == Attendance.Presence.UNKNOWN for row in page.due),
        "failed": failed,
        "failed_act": failed.act if failed else "",
        "problems": failed.problems if failed and failed.item_id is None else (),
        "typed": _typed(failed),
        "waiting": meetings.unscheduled(meeting.body, meeting.area_code) if may_prepare else [],
        "concerned": _concerned(page) if may_prepare else [],
        "primary": {"name": "", "value": "", **found} if (found := _primary(page, current)) else {},
        "voting_now": any(item.row.state == AgendaItem.State.VOTING for item in page.items),
        "why_not": _why_not(page),
        "can_run": runs,
        "can_prepare": may_prepare,
        "can_speak": page.may["speak"] is None,
        "can_vote": page.may["vote"] is None,
        "can_enter": page.may["enter"] is None,
        "can_settle": page.may["settle"] is None,
        "can_cancel": page.may["cancel"] is None,
        "can_correct": page.may["correct"] is None,
        "correctable": meetings_record.correctable(page) if page.may["correct"] is None else [],
        "timeline": meetings.timeline(page),
        "can_answer": page.may["answer"] is None,
        "can_end": page.may["end"] is None,
        "can_publish": page.may["publish"] is None,
        "public_url": request.build_absolute_uri(reverse("portal:meeting", args=[meeting.pk])),
        "may_write_up": meeting.state in {"ended", "published"}
        and actor_for(request).holds(BULLETIN_WRITE, meeting.area_code),
        "prints": _prints(page),
        "vote_hint": own_vote(page),
        "paper": _paper(request, page) if runs or may_prepare else None,
    }


def _typed(failed: Failed | None) -> dict[str, str]:
    """Return what had been typed into a form of the meeting itself."""
    data = failed.data if failed and failed.item_id is None else {}
    names = ("title", "reason", "name", "answer", "objection", "about", "words", "why")
    return {name: str(data.get(name, "")) for name in names}


def _stations(page: MeetingPage) -> list[dict[str, Any]]:
    titles = {
        "called": _("通知"),
        "open": _("开会"),
        "ended": _("散会"),
        "published": _("公布结果"),
    }
    meeting = page.meeting
    if meeting.state not in STATIONS:
        return []
    at = STATIONS.index(meeting.state)
    notes = {"called": meeting.starts_at, "open": meeting.opened_at, "ended": meeting.ended_at}
    return [
        {
            "title": titles[key],
            "state": "done" if i < at or meeting.state == "published" else "now" if i == at else "next",
            "until": None,
            "note": "",
            "who": "",
            "at": notes.get(key),
        }
        for i, key in enumerate(STATIONS)
    ]


def _current(page: MeetingPage) -> UUID | None:
    if page.meeting.state != "open":
        return None
    for state in ("voting", "counted", "waiting"):
        for item in page.items:
            if item.row.state == state:
                return item.row.pk
    return None


def _primary(page: MeetingPage, current: UUID | None) -> dict[str, Any]:
    """Return the one primary act of the page: a button that submits a form by id."""
    state = page.meeting.state
    if state == "called" and page.may["open"] is None:
        return {"form": "open-form", "title": _("宣布开会")}
    if state == "open" and page.may["decide"] is None:
        item = next((item for item in page.items if item.row.pk == current), None)
        if item is None:
            return {"form": "end-form", "title": _("宣布散会")}
        if item.row.ballot == "hands" and item.row.state == "voting" and item.not_voted:
            title = _("录入举手结果")  # counting comes when every hand is in
            return {"form": f"votes-{current}", "title": title, "name": "channel", "value": "hands"}
        words = {"waiting": _("开始表决"), "voting": _("计票"), "counted": _("写下决议")}
        names = {"waiting": "ballot", "voting": "close", "counted": "resolve"}
        return {"form": f"{names[item.row.state]}-{current}", "title": words[item.row.state]}
    if state == "ended" and page.may["publish"] is None:
        return {"form": "publish-form", "title": _("现场公布结果")}
    return {}


def _why_not(page: MeetingPage) -> Problem | None:
    """Return why there is no primary act, where the reader might expect one."""
    key = {"called": "open", "open": "decide", "ended": "publish"}.get(page.meeting.state, "")
    return page.may.get(key) if key else None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sign-in sheet."""

    row: Attendance
    role: str
    presence: str
    here: bool
    entry_id: UUID
    problems: tuple[Problem, ...]
    reason: str
    deputy: str


def _rows(page: MeetingPage, rows: Sequence[Attendance], failed: Failed | None) -> list[Row]:
    wrong = failed.problems if failed and failed.act == "attendance" else ()
    typed = failed.data if wrong and failed else {}
    return [
        Row(
            row=row,
            role=page.role_titles.get(row.role, row.role),
            presence=guards.presence_title(row.presence),
            here=row.presence in guards.PRESENT,
            entry_id=new_id(),
            problems=tuple(p for p in wrong if p.field == f"attendance-{row.pk}"),
            reason=str(typed.get(f"reason-{row.pk}", row.reason)),
            deputy=str(typed.get(f"deputy-{row.pk}", row.deputy_name)),
        )
        for row in rows
    ]


def _card(
    page: MeetingPage, view: ItemView, current: UUID | None, failed: Failed | None, at: int, *, runs: bool
) -> ItemCard:
    row = view.row
    mine = failed is not None and failed.item_id == row.pk
    typed: Mapping[str, Any] = failed.data if mine and failed else {}
    deciding = row.state == AgendaItem.State.COUNTED and page.may["decide"] is None
    body = page.ref.body
    present = [a for a in (*page.due, *page.guests) if a.presence in guards.PRESENT]
    order = {name: i for i, name in enumerate(view.speakers)}
    present.sort(key=lambda a: order.get(a.name, len(order)))
    return ItemCard(
        view=view,
        badge=BADGES[row.state],
        here=row.pk == current or mine,
        first=at == 0,
        last=at == len(page.items) - 1,
        entry_id=new_id(),
        problems=failed.problems if mine and failed else (),
        failed=failed.act if mine and failed else "",
        typed=typed,
        parties=tuple(_party(row.matter, role, title, page, typed) for role, title in view.assigns)
        if deciding and view.count and view.count.carried and row.matter
        else (),
        text=str(typed.get("text", "")),
        reason=str(typed.get("reason", "")),
        due_on=str(typed.get("due_on", "")),
        voters=_voters(view, typed, hands=row.ballot == "hands" and "hands" in body.channels),
        counts=tuple(
            (name, guards.choice_title(name), str(typed.get(f"count-{name}", "")))
            for name in ("for", "against", "abstain", "spoilt")
        ),
        kinds=tuple((kind, guards.ballot_title(kind)) for kind in body.ballots),
        speakers=tuple((a.pk, a.name) for a in present) if runs else (),
        hands=row.ballot == "hands" and "hands" in body.channels,
    )


def _voters(view: ItemView, typed: Mapping[str, Any], *, hands: bool) -> tuple[Voter, ...]:
    """Return who has not voted; at a show of hands the many are for, and the few are tapped."""
    ticked = set(typed.getlist("voter")) if hasattr(typed, "getlist") else set()
    return tuple(
        Voter(one, str(typed.get(f"vote-{one.person_id}", "for" if hands else "")), str(one.person_id) in ticked)
        for one in view.not_voted
    )


def _party(matter: Matter, role: str, title: str, page: MeetingPage, typed: Mapping[str, Any]) -> PartyField:
    """Prefill 1+1+1: the one responsible there first; the supervising resident is who reported, where known."""
    spec = page.ref.method.responsibility.get(role)
    options = choices.eligible(matter, spec.from_) if spec else []
    value = ""
    if "resident" in (spec.from_ if spec else ()):
        if matter.reporter_id and not any(key == str(matter.reporter_id) for key, _name in options):
            name = Person.objects.filter(pk=matter.reporter_id, erased_at=None).values_list("name", flat=True).first()
            if name:
                options = [(str(matter.reporter_id), _("%(name)s（反映人）") % {"name": name}), *options]
        if matter.reporter_id:
            value = str(matter.reporter_id)
    elif options and spec:
        value = _first_holder(spec.from_[0], [key for key, _name in options])
    now = (matter.state_json.get("parties") or {}).get(role) or []
    if now:
        value = str(UUID(now[0]))
    return PartyField(role, title, options, str(typed.get(f"party-{role}", value)))


def _concerned(page: MeetingPage) -> list[tuple[str, str]]:
    """Return who reported what is on the agenda and is not on the list yet: residents concerned, to be invited."""
    reporters = {item.row.matter.reporter_id for item in page.items if item.row.matter} - {None}
    listed = {row.person_id for row in (*page.due, *page.guests)}
    if not reporters - listed:
        return []
    people = Person.objects.filter(pk__in=reporters - listed, erased_at=None).order_by("name")
    return [(str(key), name) for key, name in people.values_list("pk", "name")]


def _first_holder(role: str, people: Sequence[str]) -> str:
    """Return the first of the people who holds the role that the method names first; else the first of all."""
    held = Post.objects.active(clock.today()).filter(role_id=role, person_id__in=people)
    holders = {str(key) for key in held.values_list("person_id", flat=True)}
    return next((key for key in people if key in holders), people[0])


def _prints(page: MeetingPage) -> list[tuple[str, str]]:
    found = [("notice", _("会议通知")), ("signin", _("签到表"))]
    if page.may["run"] is None and page.meeting.state in {"called", "open"}:
        found += [("links", _("手机表决码")), ("ballots", _("纸质表决票"))]
    if page.meeting.state in {"open", "ended", "published"}:
        found.append(("minutes", _("会议记录")))
    if page.meeting.state in {"ended", "published"}:
        found.append(("results", _("结果公示")))
    return found


def own_vote(page: MeetingPage) -> str:
    """Return the address where the reader votes for themselves, "" where they do not."""
    if page.own is None or page.meeting.state not in {"called", "open"}:
        return ""
    if page.own.presence == Attendance.Presence.DEPUTY:
        return ""
    token = meetings.ballot_link_token(page.own)
    return reverse("votes:page", args=[token]) if token else ""
