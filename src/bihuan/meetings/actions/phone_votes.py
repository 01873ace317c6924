"""Voting oneself, by phone: by the personal link or signed in."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, Refused
from bihuan.meetings import guards, tokens
from bihuan.meetings.actions.attendance import who_acts
from bihuan.meetings.actions.mandates import channel_allowed, committed, drop_in, voters_of
from bihuan.meetings.guards import must
from bihuan.meetings.models import AgendaItem, Attendance, Meeting, Vote
from bihuan.meetings.rules import CHOICES
from bihuan.meetings.store import item_of, load_unguarded
from bihuan.people.api import Actor


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
    item = item_of(item_id)
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
        channel_allowed(work, "phone"),
        guards.mandate_is_free(row, voters_of(item)),
    )
    if choice not in CHOICES:
        raise BadInput(Problem("choice", _("没有选择。"), _("选“赞成”“反对”或“弃权”，再提交。")))
    work.actor = who_acts(actor, row)
    vote = drop_in(item, row, choice, "phone", entry_id, work, work.actor.person_id or row.person_id)
    work.record(
        "meeting.voted",
        {"item": str(item.pk), "ballot": item.ballot, "channel": "phone", "mandate": str(row.person_id)},
        sealed=[] if item.ballot == "secret" else [committed(choice)],
        role=row.role,
    )
    return vote


def _same_vote(entry_id: UUID, row: Attendance) -> Vote:
    vote = Vote.objects.filter(pk=entry_id).first()
    if vote is None or vote.person_id != row.person_id:
        raise BadInput(Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面重试。")))
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
