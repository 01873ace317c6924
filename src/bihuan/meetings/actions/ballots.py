"""Voting: one mandate one vote over hands, paper and phone, in one count; nothing known before it is closed.

In a secret ballot the record says who took part and nothing else: the choice goes into a counter without
person, time, channel or order, and the counters' sums are first written down when the ballot is closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, NotFound, Problem, Refused, seal
from bihuan.meetings import guards, roster, tokens
from bihuan.meetings.actions.session import who_acts
from bihuan.meetings.guards import must
from bihuan.meetings.models import AgendaItem, Attendance, BallotBox, Meeting, Vote
from bihuan.meetings.rules import CHOICES, SPOILT, Ballot, carried, quorum_met, tally
from bihuan.meetings.store import Work, derived_id, load, load_unguarded
from bihuan.people.api import Actor


@transaction.atomic
def open_ballot(
    *, actor: Actor, entry_id: UUID, item_id: UUID, kind: str = "", happened_at: datetime | None = None
) -> AgendaItem:
    """Open the vote on an item: "hands", "open" or "secret" as the body allows (its first by default).

    Raises:
        Refused: the actor neither chairs nor called it; the meeting is not open; no quorum; not waiting.
        BadInput: a kind that the body does not allow.
    """
    item = _item(item_id)
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


_KINDS = {"hands", "open", "secret"}


def _item(item_id: UUID) -> AgendaItem:
    item = AgendaItem.objects.select_related("meeting").filter(pk=item_id).first()
    if item is None:
        raise NotFound(Problem("item", _("没有这个议题。"), _("请刷新页面。")))
    return item


def _no_other_vote(item: AgendaItem) -> Problem | None:
    other = AgendaItem.objects.filter(meeting_id=item.meeting_id, state=AgendaItem.State.VOTING).first()
    if other is None or other.pk == item.pk:
        return None
    return Problem("item", _("“%(item)s”正在表决。") % {"item": other.title}, _("先计票，再表决下一项。"))


def _quorum(work: Work):  # type: ignore[no-untyped-def]  # noqa: ANN202
    rows = list(work.meeting.attendances.all())
    return quorum_met(roster.mandates(rows), work.ref.body.rule, register=roster.register(work.meeting.area_code))


@transaction.atomic
def cast(
    *,
    actor: Actor,
    entry_id: UUID,
    item_id: UUID,
    choice: str,
    token: str = "",
    mandate_of: UUID | None = None,
) -> Vote:
    """Vote by phone: by the personal link, or signed in. The same vote sent again is the same vote.

    Args:
        actor: who votes, or ANONYMOUS with a token.
        entry_id: UUIDv7 made by the client; becomes the vote's id.
        item_id: on what.
        choice: "for", "against" or "abstain".
        token: of the personal link; stands for its mandate.
        mandate_of: for a deputy signed in, whose mandate; by default the actor's own, else the one they stand in for.

    Raises:
        Refused: not on the list, not signed in to the meeting, voted already (by any channel), no vote open.
        BadInput: no such choice.
    """
    item = _item(item_id)
    work = load_unguarded(actor=actor, entry_id=entry_id, meeting_id=item.meeting_id)
    row = _mandate(work.meeting, actor, token, mandate_of)
    if row is None:
        raise Refused(
            Problem(
                "voter",
                _("您不在这次会议的应到名单上，不能投票。"),
                _("请告诉主持人，或用会上发给您的链接。"),
            )
        )
    assert row.person_id is not None  # noqa: S101 - whoever is due is a person we know
    if work.resent:
        return _same_vote(entry_id, row)
    item.refresh_from_db()
    must(
        guards.state_is(work.meeting, Meeting.State.OPEN),
        guards.item_is(item, AgendaItem.State.VOTING),
        _channel_allowed(work, "phone"),
        guards.mandate_is_free(row, _voters(item)),
    )
    if choice not in CHOICES:
        raise BadInput(Problem("choice", _("没有选择。"), _("选“赞成”“反对”或“弃权”，再提交。")))
    work.actor = who_acts(actor, row)
    vote = _drop_in(item, row, choice, "phone", entry_id, work, work.actor.person_id or row.person_id)
    work.record(
        "meeting.voted",
        {"item": str(item.pk), "ballot": item.ballot, "channel": "phone", "mandate": str(row.person_id)},
        sealed=[] if item.ballot == "secret" else [_committed(choice)],
        role=row.role,
    )
    return vote


def _same_vote(entry_id: UUID, row: Attendance) -> Vote:
    vote = Vote.objects.filter(pk=entry_id).first()
    if vote is None or vote.person_id != row.person_id:
        raise BadInput(Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面重试。")))
    return vote


def _committed(choice: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    # Beside the chain, so that reading the entries tells nothing before the ballot is closed.
    return seal("choice", choice, purpose="记名表决的选择，计票后随会议记录公开", encrypted=True, keep_until=None)


def _drop_in(item: AgendaItem, row: Attendance, choice: str, channel: str, vote_id: UUID, work: Work, by: UUID) -> Vote:
    secret = item.ballot == "secret"
    assert row.person_id is not None  # noqa: S101 - whoever is due is a person we know
    vote = Vote.objects.create(
        id=vote_id,
        item=item,
        person_id=row.person_id,
        cast_by=by,
        channel=channel,
        choice="" if secret else choice,
        created_at=work.happened_at,
    )
    if secret:
        BallotBox.objects.filter(item=item, choice=choice).update(ballots=F("ballots") + 1)
    return vote


def _mandate(meeting: Meeting, actor: Actor, token: str, of: UUID | None) -> Attendance | None:
    rows = meeting.attendances.filter(kind=Attendance.Kind.DUE)
    if token:
        return rows.filter(ballot_hash=tokens.hash_of(token)).first()
    if actor.person_id is None:
        return None
    deputed = rows.filter(deputy_id=actor.person_id, presence=Attendance.Presence.DEPUTY)
    if of is not None and of != actor.person_id:
        return deputed.filter(person_id=of).first()
    own = rows.filter(person_id=actor.person_id).exclude(presence=Attendance.Presence.DEPUTY).first()
    return own or deputed.first()


def _voters(item: AgendaItem) -> set[UUID]:
    return set(item.votes.values_list("person_id", flat=True))


def _channel_allowed(work: Work, channel: str) -> Problem | None:
    return guards.no_channel(work.ref.body.channels, channel)


@transaction.atomic
def enter_votes(
    *,
    actor: Actor,
    entry_id: UUID,
    item_id: UUID,
    channel: str,
    choices: Mapping[UUID, str],
    happened_at: datetime | None = None,
) -> AgendaItem:
    """Enter hands or named paper ballots: whose mandate → choice. Everything or nothing, with every reason.

    Raises:
        Refused: the actor does not run the meeting; the ballot is secret or not open; somebody voted already.
        BadInput: nobody named, an unknown person or choice.
    """
    item = _item(item_id)
    work = load(actor=actor, entry_id=entry_id, meeting_id=item.meeting_id, happened_at=happened_at)
    if work.resent:
        return item
    item.refresh_from_db()
    must(
        guards.may_run(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.OPEN),
        guards.item_is(item, AgendaItem.State.VOTING),
        _channel_allowed(work, channel) if channel in {"hands", "paper"} else _bad_channel(),
        _named_ballot(item, channel),
    )
    if not choices or any(choice not in CHOICES for choice in choices.values()):
        raise BadInput(Problem("choices", _("没有录入表决，或有的选择不对。"), _("每人选赞成、反对或弃权。")))
    rows = _free_rows(work, item, list(choices))
    for row in rows:
        assert row.person_id is not None  # noqa: S101 - whoever is due is a person we know
        vote_id = derived_id(entry_id, f"vote:{row.person_id}")
        _drop_in(item, row, choices[row.person_id], channel, vote_id, work, row.deputy_id or row.person_id)
    told = ";".join(f"{row.person_id}={choices[row.person_id]}" for row in rows)  # type: ignore[index]
    work.record(
        "meeting.votes_entered",
        {
            "item": str(item.pk),
            "ballot": item.ballot,
            "channel": channel,
            "mandates": sorted(str(row.person_id) for row in rows),
        },
        sealed=[_committed(told)],
    )
    return item


def _bad_channel() -> Problem:
    return Problem("channel", _("只录入举手和纸质票。"), _("手机票由本人投。"))


def _named_ballot(item: AgendaItem, channel: str) -> Problem | None:
    if item.ballot == "secret":
        return Problem("item", _("无记名投票不能按人录入选择。"), _("请用“录入一叠纸质票”。"))
    if item.ballot == "open" and channel == "hands":
        return Problem("channel", _("记名投票不举手。"), _("录入纸质票，或由本人用手机投。"))
    return None


def _free_rows(work: Work, item: AgendaItem, voters: Sequence[UUID]) -> list[Attendance]:
    rows = {row.person_id: row for row in work.meeting.attendances.filter(person_id__in=voters)}
    unknown = [voter for voter in voters if voter not in rows]
    if unknown or len(set(voters)) != len(voters):
        raise BadInput(Problem("voters", _("名单上没有这个人，或写了两遍。"), _("请刷新页面重选。")))
    voted = _voters(item)
    must(*(guards.mandate_is_free(rows[voter], voted) for voter in voters))
    return [rows[voter] for voter in voters]


@transaction.atomic
def enter_secret_paper(
    *,
    actor: Actor,
    entry_id: UUID,
    item_id: UUID,
    voters: Sequence[UUID],
    counts: Mapping[str, int],
    happened_at: datetime | None = None,
) -> AgendaItem:
    """Enter a bundle of secret paper ballots: who dropped one in, and how many there are of each.

    Args:
        actor: who runs the meeting.
        entry_id: UUIDv7 made by the client.
        item_id: of which item.
        happened_at: when it was counted, where it is typed later.
        voters: whose ballots are in the bundle; none of them may have voted by phone.
        counts: "for", "against", "abstain", "spoilt" → ballots; together as many as ``voters``.

    Raises:
        Refused: the actor does not run the meeting; the ballot is not secret or not open; somebody voted already.
        BadInput: the sums differ.
    """
    item = _item(item_id)
    work = load(actor=actor, entry_id=entry_id, meeting_id=item.meeting_id, happened_at=happened_at)
    if work.resent:
        return item
    item.refresh_from_db()
    must(
        guards.may_run(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.OPEN),
        guards.item_is(item, AgendaItem.State.VOTING),
        _channel_allowed(work, "paper"),
        None if item.ballot == "secret" else Problem("item", _("这一项不是无记名投票。"), _("请按人录入。")),
    )
    given = {choice: counts.get(choice, 0) for choice in (*CHOICES, SPOILT)}
    total = sum(given.values())
    if not voters or set(counts) - set(given) or any(number < 0 for number in given.values()):
        raise BadInput(Problem("counts", _("票数不对。"), _("写明各有几张，并勾选谁投了纸质票。")))
    if total != len(set(voters)):
        raise BadInput(
            Problem(
                "counts",
                _("票数合计 %(total)s 张，勾选的投票人 %(voters)s 人，对不上。")
                % {"total": total, "voters": len(set(voters))},
                _("没交的票不算投票，请去掉那个人；废票写在“废票”里。"),
            )
        )
    for row in _free_rows(work, item, voters):
        assert row.person_id is not None  # noqa: S101 - whoever is due is a person we know
        vote_id = derived_id(entry_id, f"vote:{row.person_id}")
        Vote.objects.create(
            id=vote_id,
            item=item,
            person_id=row.person_id,
            cast_by=row.deputy_id or row.person_id,
            channel="paper",
            created_at=work.happened_at,
        )
    for choice, number in given.items():
        BallotBox.objects.filter(item=item, choice=choice).update(ballots=F("ballots") + number)
    work.record(
        "meeting.votes_entered",
        {
            "item": str(item.pk),
            "ballot": "secret",
            "channel": "paper",
            "mandates": sorted(str(voter) for voter in voters),
        },
    )
    return item


@transaction.atomic
def close_ballot(*, actor: Actor, entry_id: UUID, item_id: UUID, happened_at: datetime | None = None) -> AgendaItem:
    """Close the vote and count it by the rule as it stands; only now is anything known of it.

    Raises:
        Refused: the actor neither chairs nor called the meeting; no vote open; nobody has voted.
    """
    item = _item(item_id)
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
