"""One mandate, one vote, over hands, paper and phone: what every way of voting shares.

In a secret ballot the record says who took part and nothing else: the choice goes into a counter without
person, time, channel or order, and the counters' sums are first written down when the ballot is closed.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from bihuan.kernel.api import Problem, SealedValue, seal
from bihuan.meetings import guards
from bihuan.meetings.models import AgendaItem, Attendance, BallotBox, Vote
from bihuan.meetings.store import Work


def drop_in(item: AgendaItem, row: Attendance, choice: str, channel: str, vote_id: UUID, work: Work, by: UUID) -> Vote:
    """Use a mandate: the vote, and in a secret ballot the counter of the choice instead of the choice."""
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


def committed(choice: str) -> SealedValue:
    """Seal what was chosen in a named ballot."""
    # Beside the chain, so that reading the entries tells nothing before the ballot is closed.
    return seal("choice", choice, purpose="记名表决的选择，计票后随会议记录公开", encrypted=True, keep_until=None)


def voters_of(item: AgendaItem) -> set[UUID]:
    """Return whose mandates were used on an item, by any channel."""
    return set(item.votes.values_list("person_id", flat=True))


def channel_allowed(work: Work, channel: str) -> Problem | None:
    """The body's rules must allow the channel."""
    return guards.no_channel(work.ref.body.channels, channel)
