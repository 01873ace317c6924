"""How the sample's meetings are held: called, signed in, spoken, voted, resolved, ended, published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from bihuan.demo.cast import COMMUNITY
from bihuan.demo.world import World, moment
from bihuan.kernel.api import clock
from bihuan.meetings import api as meetings
from bihuan.meetings.models import AgendaItem, Attendance, Meeting

GRID, JOINT = "grid_meeting", "joint_meeting"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a meeting makes of one matter.

    ``said``: (person, what) in the order of speaking. ``against``, ``abstain``: those who did not vote for it.
    ``phone``: who votes by phone in a secret ballot, and how; everybody else drops in a paper.
    ``parties``: 1+1+1 by responsibility role.
    """

    matter: UUID
    text: str
    parties: Mapping[str, str]
    due_on: str
    said: Sequence[tuple[str, str]] = ()
    against: Sequence[str] = ()
    abstain: Sequence[str] = ()
    secret: bool = False
    phone: Mapping[str, str] = field(default_factory=dict)


def hold(
    world: World,
    *,
    body: str,
    chair: str,
    called: str,
    starts: str,
    decisions: Sequence[Decision],
    absent: Mapping[str, str],
) -> Meeting:
    """Hold one session from its call to its results on the wall; ``absent``: person → reason."""
    begin = moment(starts)
    with world.on(called):
        meeting = meetings.call_meeting(
            actor=world.actor(chair),
            entry_id=world.id(),
            area_code=COMMUNITY,
            body=body,
            starts_at=begin,
            place="社区居民会客厅",
            matter_ids=[decision.matter for decision in decisions],
        )
    with world.on(begin - timedelta(minutes=5)):
        _sign_in(world, meeting, chair, absent)
    with world.on(begin):
        meetings.open_meeting(actor=world.actor(chair), entry_id=world.id(), meeting_id=meeting.pk)
    for index, decision in enumerate(decisions):
        _decide(world, meeting, chair, decision, begin + timedelta(minutes=5 + 20 * index))
    over = begin + timedelta(minutes=10 + 20 * len(decisions))
    with world.on(over):
        meetings.end_meeting(actor=world.actor(chair), entry_id=world.id(), meeting_id=meeting.pk)
    with world.on(over + timedelta(minutes=5)):
        meetings.publish(actor=world.actor(chair), entry_id=world.id(), meeting_id=meeting.pk)
    return Meeting.objects.get(pk=meeting.pk)


def _sign_in(world: World, meeting: Meeting, chair: str, absent: Mapping[str, str]) -> None:
    reasons = {world.person(key): reason for key, reason in absent.items()}
    marks = [
        meetings.Mark(row.pk, "absent", reasons[row.person_id])
        if row.person_id in reasons
        else meetings.Mark(row.pk, "present")
        for row in meeting.attendances.all()
        if row.person_id is not None
    ]
    meetings.record_attendance(actor=world.actor(chair), entry_id=world.id(), meeting_id=meeting.pk, marks=marks)


def _decide(world: World, meeting: Meeting, chair: str, decision: Decision, at: datetime) -> None:
    item = AgendaItem.objects.get(meeting=meeting, matter_id=decision.matter)
    rows = {row.person_id: row for row in meeting.attendances.all()}
    for index, (key, text) in enumerate(decision.said):
        with world.on(at + timedelta(minutes=2 * index)):
            meetings.record_opinion(
                actor=world.actor(chair),
                entry_id=world.id(),
                item_id=item.pk,
                text=text,
                attendance_id=rows[world.person(key)].pk,
            )
    with world.on(at + timedelta(minutes=10)):
        kind = "secret" if decision.secret else "hands"
        meetings.open_ballot(actor=world.actor(chair), entry_id=world.id(), item_id=item.pk, kind=kind)
    with world.on(at + timedelta(minutes=13)):
        _vote(world, meeting, chair, item, decision)
    with world.on(at + timedelta(minutes=14)):
        meetings.close_ballot(actor=world.actor(chair), entry_id=world.id(), item_id=item.pk)
    with world.on(at + timedelta(minutes=15)):
        meetings.resolve(
            actor=world.actor(chair),
            entry_id=world.id(),
            item_id=item.pk,
            text=decision.text,
            parties={role: [world.person(key)] for role, key in decision.parties.items()},
            due_on=date.fromisoformat(decision.due_on),
        )


def _vote(world: World, meeting: Meeting, chair: str, item: AgendaItem, decision: Decision) -> None:
    here = meeting.attendances.filter(kind=Attendance.Kind.DUE, presence=Attendance.Presence.PRESENT)
    voters = [row.person_id for row in here if row.person_id is not None]
    other = {world.person(key): "against" for key in decision.against}
    other |= {world.person(key): "abstain" for key in decision.abstain}
    if strangers := other.keys() - set(voters):
        raise ValueError(f"not due or not present at {meeting.title}: {strangers}")
    if not decision.secret:
        meetings.enter_votes(
            actor=world.actor(chair),
            entry_id=world.id(),
            item_id=item.pk,
            channel="hands",
            choices={voter: other.get(voter, "for") for voter in voters},
        )
        return
    for key, choice in decision.phone.items():
        meetings.cast(actor=world.actor(key), entry_id=world.id(), item_id=item.pk, choice=choice)
    by_phone = {world.person(key) for key in decision.phone}
    papers = [voter for voter in voters if voter not in by_phone]
    counts = {"for": 0, "against": 0, "abstain": 0}
    for voter in papers:
        counts[other.get(voter, "for")] += 1
    meetings.enter_secret_paper(
        actor=world.actor(chair), entry_id=world.id(), item_id=item.pk, voters=papers, counts=counts
    )


def next_session(world: World, *, body: str, chair: str, starts: datetime) -> Meeting:
    """Call a session that is still to come, with whatever waits for it."""
    return meetings.call_meeting(
        actor=world.actor(chair),
        entry_id=world.id(),
        area_code=COMMUNITY,
        body=body,
        starts_at=starts,
        place="社区居民会客厅",
        reason="" if starts - clock.now() >= timedelta(days=3) else "议题较急，临时召集",
    )
