"""Opening a vote and counting it; nothing is known of it before it is closed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, Refused
from bihuan.meetings import guards, roster
from bihuan.meetings.guards import must
from bihuan.meetings.models import AgendaItem, BallotBox, Meeting
from bihuan.meetings.rules import CHOICES, SPOILT, Ballot, Finding, carried, quorum_met, tally
from bihuan.meetings.store import Work, item_of, load
from bihuan.people.api import Actor

_KINDS = {"hands", "open", "secret"}


@transaction.atomic
def open_ballot(
    *, actor: Actor, entry_id: UUID, item_id: UUID, kind: str = "", happened_at: datetime | None = None
) -> AgendaItem:
    """Open the vote on an item: "hands", "open" or "secret" as the body allows (its first by default).

    Raises:
        Refused: the actor neither chairs nor called it; the meeting is not open; no quorum; not waiting.
        BadInput: a kind that the body does not allow.
    """
    item = item_of(item_id)
    work = load(actor=actor, entry_id=entry_id, meeting_id=item.meeting_id, happened_at=happened_at)
    if work.resent:
        return item
    item.refresh_from_db()
    kind = kind or work.ref.body.ballots[0]
    must(
        guards.may_decide(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.OPEN),
        guards.item_is(item, AgendaItem.State.WAITING),
        _no_other_vote(item),
    )
    work.not_before(work.meeting.opened_at, _("会议开始"))
    if kind not in work.ref.body.ballots:
        raise BadInput(
            Problem(
                "kind",
                _("这个会议不用“%(kind)s”。") % {"kind": guards.ballot_title(kind) if kind in _KINDS else kind},
                _("可用：%(kinds)s。")
                % {"kinds": "、".join(guards.ballot_title(one) for one in work.ref.body.ballots)},
            )
        )
    found = _quorum(work)
    if not found.met:
        raise Refused(
            Problem(
                "attendance",
                found.en if actor.language == "en" else found.zh,
                _("等人到齐或登记委托；到不齐的，通报情况后顺延表决。"),
            )
        )
    item.state, item.ballot, item.voting_opened_at = AgendaItem.State.VOTING, kind, work.happened_at
    item.save(update_fields=["state", "ballot", "voting_opened_at"])
    if kind == "secret":  # every box at once, so that not even the order of rows tells what was chosen first
        BallotBox.objects.bulk_create(BallotBox(item=item, choice=choice) for choice in (*CHOICES, SPOILT))
    rule = work.ref.body.rule
    work.record(
        "meeting.ballot_opened",
        {
            "item": str(item.pk),
            "ballot": kind,
            "quorum": rule.quorum,
            "majority": rule.majority,
            "found": found.zh,
        },
    )
    return item


def _no_other_vote(item: AgendaItem) -> Problem | None:
    other = AgendaItem.objects.filter(meeting_id=item.meeting_id, state=AgendaItem.State.VOTING).first()
    if other is None or other.pk == item.pk:
        return None
    return Problem("item", _("“%(item)s”正在表决。") % {"item": other.title}, _("先计票，再表决下一项。"))


def _quorum(work: Work) -> Finding:
    rows = list(work.meeting.attendances.all())
    return quorum_met(roster.mandates(rows), work.ref.body.rule, register=roster.register(work.meeting.area_code))


@transaction.atomic
def close_ballot(*, actor: Actor, entry_id: UUID, item_id: UUID, happened_at: datetime | None = None) -> AgendaItem:
    """Close the vote and count it by the rule as it stands; only now is anything known of it.

    Raises:
        Refused: the actor neither chairs nor called the meeting; no vote open; nobody has voted.
    """
    item = item_of(item_id)
    work = load(actor=actor, entry_id=entry_id, meeting_id=item.meeting_id, happened_at=happened_at)
    if work.resent:
        return item
    item.refresh_from_db()
    votes = list(item.votes.all())
    must(
        guards.may_decide(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.OPEN),
        guards.item_is(item, AgendaItem.State.VOTING),
        None if votes else Problem("item", _("还没有人投票。"), _("等到会的人投票后再计票。")),
    )
    work.not_before(item.voting_opened_at, _("表决开始"))
    rule, secret = work.ref.body.rule, item.ballot == "secret"
    boxes = dict(item.boxes.values_list("choice", "ballots")) if secret else None
    register = roster.register(work.meeting.area_code)
    mandates = roster.mandates(work.meeting.attendances.all())
    count = tally(
        (Ballot(str(vote.person_id), vote.channel, vote.choice) for vote in votes),
        mandates,
        rule,
        boxes=boxes,
        register=register,
    )
    quorum = quorum_met(mandates, rule, register=register)
    found = carried(count, rule, quorum=quorum.met)
    item.count = {
        **count.as_json(),
        "carried": found.as_json(),
        "quorum": quorum.as_json(),
        "rule": {
            "quorum": rule.quorum,
            "majority": rule.majority,
            "quorum_words": rule.quorum_words,
            "majority_words": rule.majority_words,
        },
    }
    item.state, item.voting_closed_at = AgendaItem.State.COUNTED, work.happened_at
    item.save(update_fields=["count", "state", "voting_closed_at"])
    roll = [] if secret else sorted([str(vote.person_id), vote.choice, vote.channel] for vote in votes)
    work.record(
        "meeting.ballot_closed",
        {"item": str(item.pk), "ballot": item.ballot, "count": item.count, "roll": roll, "result": found.zh},
    )
    return item
