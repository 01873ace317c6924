"""Duty rosters by the machine interface: the pages' use cases.

A key keeps rosters; what callers said, and whose hours they are, is told to people who are signed in. Names of members
are told to nobody through a key, callers' names and telephones to nobody but as the page tells them: masked.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.activities.duties import api as use
from bihuan.activities.duties.api import DutyLine
from bihuan.activities.models import Duty, Roster
from bihuan.api.access import Session, caller, keyed
from bihuan.api.rest.given import Act, Day, ReasonAct, Words, made_status
from bihuan.api.rest.inputs import READ, WRITE, In
from bihuan.api.rest.picked import picked
from bihuan.api.scopes import ACTIVITIES_READ, ACTIVITIES_WRITE

router = Router()
HOLDS = keyed(ACTIVITIES_WRITE)
ROSTERS = ["rosters"]
Minutes = Annotated[int, Field(ge=1, le=1440)]
Said = Annotated[str, Field(max_length=2000)]


@picked(DutyLine, "id", "member_id", "name", "empty", "mine", "offered", "handed", "over", "now")
class TurnOut(Schema):
    """One turn; ``name`` for who leads, keeps or is in the team, never through a key."""


class ShiftOut(Schema):
    """One shift of a day."""

    day: date
    rest: bool
    starts_at: datetime
    ends_at: datetime
    turns: list[TurnOut]


class RosterOut(Schema):
    """The duties of a month; ``rosters``: the ids of those that it is from."""

    team_id: UUID
    month: str
    shifts: list[ShiftOut]
    rosters: list[UUID]
    may: dict[str, str]


class SeatOut(Schema):
    """A turn as it would be; no member where nobody can."""

    day: date
    starts_at: datetime
    ends_at: datetime
    rest: bool
    member_id: UUID | None
    name: str


class ProposalOut(Schema):
    """A roster as it would be. Published with its ``digest`` it is exactly this one."""

    since: date
    until: date
    shifts: str
    sentence: str
    digest: str
    seats: list[SeatOut]


class ProposeIn(In):
    """From when to when, and the shifts, one a line: 工作日 09:00–11:00 2人."""

    since: Day
    until: Day
    shifts: Said


class PublishIn(Act):
    """A roster to be published; its id will be the ``entry_id``."""

    since: Day
    until: Day
    shifts: Said
    digest: Annotated[str, Field(max_length=64, pattern="^[0-9a-f]*$")] = ""


class RosterNow(Schema):
    """A roster after an act."""

    id: UUID
    team_id: UUID
    since: date
    until: date
    ended: bool


class DutyNow(Schema):
    """A duty after an act."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    empty: bool
    offered: bool
    handed: bool


class SwapIn(ReasonAct):
    """The other duty, and why."""

    other_id: UUID


class StandInIn(Act):
    """Who stands in, and why; a member who takes an empty seat, or one that is offered, needs no reason."""

    member_id: UUID
    reason: Words = ""


class AwayIn(Act):
    """Days as 2024-03-12, weekdays as 1 (Monday) to 7; replaces what was there."""

    days: list[Annotated[str, Field(max_length=10)]] = Field(max_length=120)


class AwayNow(Schema):
    """The days on which a member cannot."""

    member_id: UUID
    days: list[str]


def _roster(row: Roster) -> dict[str, Any]:
    return {"id": row.pk, "team_id": row.team_id, "since": row.since, "until": row.until, "ended": bool(row.ended_at)}


def duty_now(row: Duty) -> dict[str, Any]:
    """Return where a duty stands."""
    return {
        "id": row.pk,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "empty": row.member_id is None,
        "offered": row.offered_at is not None,
        "handed": row.handed_at is not None,
    }


def may_now(may: Any) -> dict[str, str]:
    """Return why not, of each act; "" where it may be done."""
    return {act: problem.why if problem else "" for act, problem in may.items()}


@router.get(
    "/teams/{uuid:team_id}/roster", auth=keyed(ACTIVITIES_READ), response={200: RosterOut, **READ}, tags=ROSTERS
)
def get_roster(
    request: HttpRequest, team_id: UUID, month: Annotated[str, Field(pattern="^([0-9]{4}-[0-9]{2})?$")] = ""
) -> Any:
    """The duties of a team in a month, this one by default; names as on its page, through a key none."""
    actor = caller(request)
    page = use.roster_page(actor, team_id, month)
    names = list(TurnOut.model_fields)
    shifts = [
        {
            "day": day.day,
            "rest": day.rest,
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
            "turns": [
                {name: getattr(turn, name) for name in names} | ({"name": "", "member_id": None} if actor.via else {})
                for turn in shift.turns
            ],
        }
        for day in page.days
        for shift in day.shifts
    ]
    told = {"team_id": team_id, "month": f"{page.month:%Y-%m}", "rosters": [one.pk for one in page.rosters]}
    return Status(200, told | {"shifts": shifts, "may": may_now(page.may)})


@router.post("/teams/{uuid:team_id}/roster/proposal", auth=HOLDS, response={200: ProposalOut, **WRITE}, tags=ROSTERS)
def propose_a_roster(request: HttpRequest, team_id: UUID, payload: ProposeIn) -> Any:
    """Propose a roster by turns; nothing is written."""
    actor = caller(request)
    made = use.make_roster(actor=actor, team_id=team_id, since=payload.since, until=payload.until, text=payload.shifts)
    seats = [
        {
            "day": seat.slot.day,
            "starts_at": seat.slot.starts,
            "ends_at": seat.slot.ends,
            "rest": seat.slot.rest,
            "member_id": seat.member.pk if seat.member and not actor.via else None,
            "name": seat.member.name if seat.member and not actor.via else "",
        }
        for seat in made.seats
    ]
    names = ("since", "until", "shifts", "sentence", "digest")
    return Status(200, {name: getattr(made, name) for name in names} | {"seats": seats})


@router.post(
    "/teams/{uuid:team_id}/rosters", auth=HOLDS, response={200: RosterNow, 201: RosterNow, **WRITE}, tags=ROSTERS
)
def publish_a_roster(request: HttpRequest, team_id: UUID, payload: PublishIn) -> Any:
    """Publish the roster that is proposed; whoever stands a duty is told."""
    status = made_status(payload.entry_id)
    given = payload.given("shifts") | {"text": payload.shifts}
    return Status(status, _roster(use.publish_roster(actor=caller(request), team_id=team_id, **given)))


@router.post("/rosters/{uuid:roster_id}/take-back", auth=HOLDS, response={200: RosterNow, **WRITE}, tags=ROSTERS)
def take_a_roster_back(request: HttpRequest, roster_id: UUID, payload: ReasonAct) -> Any:
    """Take a roster back: what has not begun is off it."""
    return Status(200, _roster(use.take_back(actor=caller(request), roster_id=roster_id, **payload.given())))


@router.post("/duties/{uuid:duty_id}/swap", auth=HOLDS, response={200: DutyNow, **WRITE}, tags=ROSTERS)
def swap_duties(request: HttpRequest, duty_id: UUID, payload: SwapIn) -> Any:
    """Let two members change duties, both having agreed."""
    return Status(200, duty_now(use.swap(actor=caller(request), duty_id=duty_id, **payload.given())))


@router.post("/duties/{uuid:duty_id}/offer", auth=Session(), response={200: DutyNow, **WRITE}, tags=ROSTERS)
def offer_a_duty(request: HttpRequest, duty_id: UUID, payload: ReasonAct) -> Any:
    """Ask for somebody to stand in for one's own duty."""
    return Status(200, duty_now(use.offer(actor=caller(request), duty_id=duty_id, **payload.given())))


@router.post("/duties/{uuid:duty_id}/stand-in", auth=HOLDS, response={200: DutyNow, **WRITE}, tags=ROSTERS)
def post_stand_in(request: HttpRequest, duty_id: UUID, payload: StandInIn) -> Any:
    """Let a member stand a duty instead of who was to, or take an empty seat."""
    return Status(200, duty_now(use.stand_in(actor=caller(request), duty_id=duty_id, **payload.given())))


@router.post("/teams/members/{uuid:member_id}/away", auth=HOLDS, response={200: AwayNow, **WRITE}, tags=ROSTERS)
def post_away(request: HttpRequest, member_id: UUID, payload: AwayIn) -> Any:
    """Note the days on which a member cannot stand a duty."""
    done = use.set_away(actor=caller(request), member_id=member_id, **payload.given())
    return Status(200, {"member_id": done.pk, "days": done.away})
