"""Entering votes for others: hands raised, named papers, bundles of secret papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem
from bihuan.meetings import guards
from bihuan.meetings.actions.mandates import channel_allowed, committed, drop_in, voters_of
from bihuan.meetings.guards import must
from bihuan.meetings.models import AgendaItem, Attendance, BallotBox, Meeting, Vote
from bihuan.meetings.rules import CHOICES, SPOILT
from bihuan.meetings.store import Work, derived_id, item_of, load
from bihuan.people.api import Actor


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
    item = item_of(item_id)
    work = load(actor=actor, entry_id=entry_id, meeting_id=item.meeting_id, happened_at=happened_at)
    if work.resent:
        return item
    item.refresh_from_db()
    must(
        guards.may_run(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.OPEN),
        guards.item_is(item, AgendaItem.State.VOTING),
        channel_allowed(work, channel) if channel in {"hands", "paper"} else _bad_channel(),
        _named_ballot(item, channel),
    )
    work.not_before(item.voting_opened_at, _("表决开始"))
    if not choices or any(choice not in CHOICES for choice in choices.values()):
        raise BadInput(Problem("choices", _("没有录入表决，或有的选择不对。"), _("每人选赞成、反对或弃权。")))
    rows = _free_rows(work, item, list(choices))
    for row in rows:
        assert row.person_id is not None  # noqa: S101 - whoever is due is a person we know
        vote_id = derived_id(entry_id, f"vote:{row.person_id}")
        drop_in(item, row, choices[row.person_id], channel, vote_id, work, row.deputy_id or row.person_id)
    told = ";".join(f"{row.person_id}={choices[row.person_id]}" for row in rows)  # type: ignore[index]
    work.record(
        "meeting.votes_entered",
        {
            "item": str(item.pk),
            "ballot": item.ballot,
            "channel": channel,
            "mandates": sorted(str(row.person_id) for row in rows),
        },
        sealed=[committed(told)],
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
    voted = voters_of(item)
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
    item = item_of(item_id)
    work = load(actor=actor, entry_id=entry_id, meeting_id=item.meeting_id, happened_at=happened_at)
    if work.resent:
        return item
    item.refresh_from_db()
    must(
        guards.may_run(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.OPEN),
        guards.item_is(item, AgendaItem.State.VOTING),
        channel_allowed(work, "paper"),
        None if item.ballot == "secret" else Problem("item", _("这一项不是无记名投票。"), _("请按人录入。")),
    )
    work.not_before(item.voting_opened_at, _("表决开始"))
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
