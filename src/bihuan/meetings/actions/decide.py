"""What a vote leads to: a resolution with responsibility and limit, or the item goes elsewhere.

The effect on the matter is the method's: the action of its step that is done ``by: meeting:<body>``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, Refused, notify, seal
from bihuan.matters.api import advance
from bihuan.matters.models import Matter
from bihuan.meetings import guards
from bihuan.meetings.bodies import of_version
from bihuan.meetings.guards import must
from bihuan.meetings.models import AgendaItem, Meeting, Resolution
from bihuan.meetings.rules import CHOICES
from bihuan.meetings.store import Work, derived_id, item_of, load, marked, sealed_reason
from bihuan.methods.api import get_method
from bihuan.people.api import Actor

LONGEST = 500
Parties = Mapping[str, Sequence[UUID]]


@dataclass(frozen=True, slots=True)
class Effect:
    """The action by which a meeting's result reaches a matter, and what it takes."""

    action: str
    by_meeting: bool = True
    assigns: tuple[str, ...] = ()
    text_field: str = "reason"
    wants_reason: bool = False


def resolving(matter: Matter, body: str) -> Effect | None:
    """Return the action by which ``body`` resolves on a matter where it stands, or None."""
    method = get_method(matter.version_ref_id)
    place = method.places.get(matter.step)
    moves = place.moves.values() if place else ()
    mine = [move for move in moves if f"meeting:{body}" in move.by]
    for move in sorted(mine, key=lambda move: move.spec.does != "resolve"):
        texts = [key for key in move.gives if method.fields[key].type in {"text", "long_text"}]
        field = "resolution" if "resolution" in texts else (texts or ["reason"])[0]
        return Effect(
            move.key,
            assigns=tuple(move.assigns),
            text_field=field,
            wants_reason=move.spec.reason == "required",
        )
    return None


def referring(matter: Matter, body: str, to: str, roles: frozenset[str]) -> Effect | None:
    """Return the action that carries a matter from ``body`` to body ``to``: the meeting's own, else the actor's."""
    method = get_method(matter.version_ref_id)
    place = method.places.get(matter.step)
    found: list[Effect] = []
    for move in place.moves.values() if place else ():
        leads = {route.step for route in move.spec.to}
        there = any(step in method.steps and method.steps[step].deliberated_by == to for step in leads)
        if there and move.spec.does != "resolve":
            by_meeting = f"meeting:{body}" in move.by
            if by_meeting or move.by & roles:
                found.append(Effect(move.key, by_meeting=by_meeting, wants_reason=True))
    return next(iter(sorted(found, key=lambda effect: not effect.by_meeting)), None)


@transaction.atomic
def resolve(
    *,
    actor: Actor,
    entry_id: UUID,
    item_id: UUID,
    text: str,
    parties: Parties | None = None,
    due_on: date | None = None,
    happened_at: datetime | None = None,
) -> Resolution:
    """Write down what the meeting resolved after the count; the matter moves as its method says.

    Args:
        actor: the chair or a convener.
        entry_id: UUIDv7 made by the client; becomes the resolution's id.
        item_id: whose vote was counted.
        happened_at: when it was declared, where it is typed later.
        text: the resolution, at most 500 characters; read out and published.
        parties: responsibility role → persons (1+1+1); may be left to be assigned later if the method allows.
        due_on: the limit; by the method's own clocks when None.

    Raises:
        Refused: the actor neither chairs nor called it; the vote is not counted; the method refuses the parties.
        BadInput: no text; parties or a limit for a proposal that was not carried.
    """
    item = item_of(item_id)
    work = load(actor=actor, entry_id=entry_id, meeting_id=item.meeting_id, happened_at=happened_at)
    if work.resent:
        return Resolution.objects.get(pk=entry_id)
    item.refresh_from_db()
    must(
        guards.may_decide(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.OPEN),
        guards.item_is(item, AgendaItem.State.COUNTED),
    )
    work.not_before(item.voting_closed_at, _("计票完成"))
    carried = bool(item.count["carried"]["met"])
    named = {role: list(people) for role, people in (parties or {}).items() if people}
    text = text.strip()
    _check_resolution(text, carried, named, due_on)
    resolution = Resolution.objects.create(
        id=entry_id,
        item=item,
        carried=carried,
        text=text,
        parties={role: [str(person) for person in people] for role, people in named.items()},
        due_on=due_on if carried else None,
        decided_at=work.happened_at,
        votes_for=_heads(item, "for"),
        votes_against=_heads(item, "against"),
        votes_abstain=_heads(item, "abstain"),
        quorum_met=bool(item.count["quorum"]["met"]),
        rule=f"{item.count['rule']['quorum_words']}；{item.count['rule']['majority_words']}"[:200],
    )
    item.state = AgendaItem.State.CARRIED if carried else AgendaItem.State.REJECTED
    item.save(update_fields=["state"])
    work.record(
        "meeting.resolved",
        {
            "item": str(item.pk),
            "matter": str(item.matter_id or ""),
            "carried": carried,
            "result": item.count["carried"]["zh"],
            "parties": resolution.parties,
            "due_on": due_on.isoformat() if due_on else "",
        },
        sealed=[seal("text", text, purpose="会议决议", encrypted=False, keep_until=None)],
    )
    if item.matter_id is not None:
        _advance(work, item, resolution, named)
    return resolution


def _check_resolution(text: str, carried: bool, named: Mapping[str, Any], due_on: date | None) -> None:  # noqa: FBT001
    problems = []
    if not text:
        problems.append(Problem("text", _("没有写决议。"), _("写一两句：怎么办、办到什么程度。")))
    if len(text) > LONGEST:
        problems.append(Problem("text", _("决议太长。"), _("请控制在 %(n)s 个字以内。") % {"n": LONGEST}))
    if not carried and (named or due_on):
        problems.append(Problem("parties", _("没有通过，不能交办。"), _("去掉责任人和时限，写明没有通过的理由。")))
    if problems:
        raise BadInput(problems)


def _heads(item: AgendaItem, choice: str) -> int:
    return int(item.count["choices"][choice].get("heads", "0"))


def _advance(work: Work, item: AgendaItem, resolution: Resolution, named: Mapping[str, Sequence[UUID]]) -> None:
    matter = _matter(item)
    effect = resolving(matter, work.meeting.body)
    if effect is None:
        raise Refused(
            Problem(
                "item",
                _("事项现在不在等这个会议议决。"),
                _("它可能已被别人办理；请顺延这一项，再看事项页面。"),
            )
        )
    data: dict[str, Any] = {
        "result": {
            "carried": resolution.carried,
            **{choice: _heads(item, choice) for choice in CHOICES},
            "meeting": str(work.meeting.pk),
            "item": str(item.pk),
        },
        effect.text_field: resolution.text,
    }
    if effect.wants_reason:
        data["reason"] = resolution.text
    if named:
        data["parties"] = {role: [person.hex for person in people] for role, people in named.items()}
    if resolution.due_on is not None:
        data["until"] = resolution.due_on.isoformat()
    advance(
        actor=work.actor,
        matter_id=matter.pk,
        action=effect.action,
        data=data,
        entry_id=derived_id(work.entry_id, "advance"),
        happened_at=work.happened_at,
        meeting=f"meeting:{work.meeting.body}",
    )
    _tell(work, item, "meeting.your_matter_decided", {"result": "通过" if resolution.carried else "未通过"})


def _matter(item: AgendaItem) -> Matter:
    """Return the item's matter as it stands now (not as it stood when the item was read)."""
    return Matter.objects.get(agenda_items=item)


def _tell(work: Work, item: AgendaItem, kind: str, params: Mapping[str, str]) -> None:
    reporter = _matter(item).reporter_id
    if reporter is not None:
        params = {"item": item.title, "title": work.meeting.title, **params}
        notify(reporter, kind, params, f"/desk/matters/{item.matter_id}/")


@transaction.atomic
def refer(
    *, actor: Actor, entry_id: UUID, item_id: UUID, reason: str, happened_at: datetime | None = None
) -> AgendaItem:
    """Carry an item to the body above (the joint meeting), with a reason.

    Raises:
        Refused: the actor neither chairs nor called it; the item is settled; the method has no way there.
        BadInput: no reason.
    """
    item, work = _open_item(actor, entry_id, item_id, happened_at)
    if work.resent:
        return item
    to = work.ref.body.refers_to
    title = next((ref.title for ref in of_version(work.ref.version_id) if ref.key == to), "")
    if not to:
        raise Refused(Problem("item", _("这个会议没有上一级会议可以提交。"), _("顺延，或表决。")))
    reason = _reason(reason)
    item.state, item.reason = AgendaItem.State.REFERRED, reason
    item.save(update_fields=["state", "reason"])
    work.record(
        "meeting.item_referred",
        {"item": str(item.pk), "matter": str(item.matter_id or ""), "to": title, **marked(reason)},
        sealed=sealed_reason(reason),
    )
    if item.matter_id is not None:
        matter = _matter(item)
        effect = referring(matter, work.meeting.body, to, actor.roles_in(matter.area_code))
        if effect is None:
            raise Refused(Problem("item", _("工作法没有写怎样提交%(to)s。") % {"to": title}, _("顺延，或表决。")))
        advance(
            actor=actor,
            matter_id=matter.pk,
            action=effect.action,
            data={"reason": reason},
            entry_id=derived_id(entry_id, "advance"),
            happened_at=work.happened_at,
            meeting=f"meeting:{work.meeting.body}" if effect.by_meeting else None,
        )
        _tell(work, item, "meeting.your_matter_decided", {"result": f"提交{title}"})
    return item


@transaction.atomic
def defer(
    *, actor: Actor, entry_id: UUID, item_id: UUID, reason: str, happened_at: datetime | None = None
) -> AgendaItem:
    """Put an item off: its matter waits on, and fills the next agenda.

    Raises:
        Refused: the actor neither chairs nor called it; the item is settled or being voted on.
        BadInput: no reason.
    """
    item, work = _open_item(actor, entry_id, item_id, happened_at)
    if work.resent:
        return item
    reason = _reason(reason)
    item.state, item.reason = AgendaItem.State.DEFERRED, reason
    item.save(update_fields=["state", "reason"])
    work.record("meeting.item_deferred", {"item": str(item.pk), **marked(reason)}, sealed=sealed_reason(reason))
    if item.matter_id is not None:
        _tell(work, item, "meeting.your_matter_deferred", {"reason": reason})
    return item


@transaction.atomic
def note(*, actor: Actor, entry_id: UUID, item_id: UUID, happened_at: datetime | None = None) -> AgendaItem:
    """Take note of a topic that needs no vote (a report, a piece of information).

    Raises:
        Refused: the actor neither chairs nor called it; the topic is a matter, which needs a vote.
    """
    item, work = _open_item(actor, entry_id, item_id, happened_at)
    if work.resent:
        return item
    if item.matter_id is not None:
        raise Refused(Problem("item", _("事项要表决，不能只通报。"), _("表决、顺延，或提交上级会议。")))
    item.state = AgendaItem.State.NOTED
    item.save(update_fields=["state"])
    work.record("meeting.item_noted", {"item": str(item.pk)})
    return item


def _open_item(actor: Actor, entry_id: UUID, item_id: UUID, happened_at: datetime | None) -> tuple[AgendaItem, Work]:
    item = item_of(item_id)
    work = load(actor=actor, entry_id=entry_id, meeting_id=item.meeting_id, happened_at=happened_at)
    item.refresh_from_db()
    if not work.resent:
        must(
            guards.may_decide(actor, work.meeting, work.ref),
            guards.state_is(work.meeting, Meeting.State.CALLED, Meeting.State.OPEN),
            guards.item_is(item, AgendaItem.State.WAITING, AgendaItem.State.COUNTED),
        )
    return item, work


def _reason(text: str) -> str:
    text = text.strip()
    if not text or len(text) > 200:
        raise BadInput(Problem("reason", _("没有写理由，或写得太长。"), _("写一两句，200 字以内。")))
    return text
