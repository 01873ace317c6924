"""Duty rosters, the duty log and hours by the machine interface: the pages' use cases.

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
from bihuan.activities.duties.api import CallLine, DutyLine
from bihuan.activities.models import Call, Duty, Roster
from bihuan.api.access import Session, caller, keyed
from bihuan.api.rest.given import Act, Day, EntryId, Key, Moment, Name, Phone, ReasonAct, Text, Words, made_status
from bihuan.api.rest.inputs import READ, WRITE, Cursor, In
from bihuan.api.rest.picked import picked
from bihuan.api.scopes import ACTIVITIES_READ, ACTIVITIES_WRITE, MATTERS_READ

router = Router()
HOLDS = keyed(ACTIVITIES_WRITE)
ROSTERS, LOG = ["rosters"], ["duty log"]
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


@picked(
    CallLine, "id", "came_at", "unit", "name", "phone", "text", "proposal", "instruction", "progress", "state",
    "state_title", "matter_id", "number", "team_id", "area_code",
)  # fmt: skip
class CallOut(Schema):
    """One call; names and telephones masked, through a key not at all."""


class CallsOut(Schema):
    """One page, the newest first; ``next`` is the cursor of the following one."""

    rows: list[CallOut]
    next: str | None


class LogOut(Schema):
    """The log of a duty, and what is open from before it."""

    duty_id: UUID
    team_id: UUID
    handed_at: datetime | None
    undone: str
    calls: list[CallOut]
    open_before: list[CallOut]
    may: dict[str, str]


class NoteIn(Act):
    """A call or a need; with a ``result`` it is settled on the spot."""

    text: Text
    unit: Name = ""
    name: Name = ""
    phone: Phone = ""
    proposal: Text = ""
    result: Text = ""
    came_at: Moment | None = None


class CallNow(Schema):
    """A call after an act."""

    id: UUID
    state: str


class WordsIn(Act):
    """What is written: an instruction, a result, an objection."""

    words: Text


class MatterIn(In):
    """A matter to be made of a call; ``id`` will be the matter's."""

    id: EntryId
    area_code: Annotated[str, Field(max_length=21, pattern="^[0-9]*$")] = ""
    category: Key = ""
    urgency: Key = ""


class MatterNow(Schema):
    """The matter that a call became."""

    matter_id: UUID
    number: str
    display_number: str


class RevealIn(In):
    """What is to be read, and why: it is logged."""

    what: Annotated[str, Field(pattern="^(name|phone)$")]
    reason: Words


class RevealOut(Schema):
    """The value in the clear."""

    value: str


class HandIn(Act):
    """Who takes over, what is open besides the calls, how long it was stood."""

    taker_id: UUID | None = None
    undone: Text = ""
    minutes: Minutes | None = None


def _roster(row: Roster) -> dict[str, Any]:
    return {"id": row.pk, "team_id": row.team_id, "since": row.since, "until": row.until, "ended": bool(row.ended_at)}


def _duty(row: Duty) -> dict[str, Any]:
    return {
        "id": row.pk,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "empty": row.member_id is None,
        "offered": row.offered_at is not None,
        "handed": row.handed_at is not None,
    }


def _call(row: Call) -> dict[str, Any]:
    return {"id": row.pk, "state": row.state}


def _may(may: Any) -> dict[str, str]:
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
    return Status(200, told | {"shifts": shifts, "may": _may(page.may)})


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
    return Status(200, _duty(use.swap(actor=caller(request), duty_id=duty_id, **payload.given())))


@router.post("/duties/{uuid:duty_id}/offer", auth=Session(), response={200: DutyNow, **WRITE}, tags=ROSTERS)
def offer_a_duty(request: HttpRequest, duty_id: UUID, payload: ReasonAct) -> Any:
    """Ask for somebody to stand in for one's own duty."""
    return Status(200, _duty(use.offer(actor=caller(request), duty_id=duty_id, **payload.given())))


@router.post("/duties/{uuid:duty_id}/stand-in", auth=HOLDS, response={200: DutyNow, **WRITE}, tags=ROSTERS)
def post_stand_in(request: HttpRequest, duty_id: UUID, payload: StandInIn) -> Any:
    """Let a member stand a duty instead of who was to, or take an empty seat."""
    return Status(200, _duty(use.stand_in(actor=caller(request), duty_id=duty_id, **payload.given())))


@router.post("/teams/members/{uuid:member_id}/away", auth=HOLDS, response={200: AwayNow, **WRITE}, tags=ROSTERS)
def post_away(request: HttpRequest, member_id: UUID, payload: AwayIn) -> Any:
    """Note the days on which a member cannot stand a duty."""
    done = use.set_away(actor=caller(request), member_id=member_id, **payload.given())
    return Status(200, {"member_id": done.pk, "days": done.away})


@router.get("/duties/{uuid:duty_id}", auth=Session(), response={200: LogOut, **READ}, tags=LOG)
def get_duty(request: HttpRequest, duty_id: UUID) -> Any:
    """The log of a duty, for its team and whoever reads matters there."""
    page = use.log_page(caller(request), duty_id)
    told = {"duty_id": duty_id, "team_id": page.team.pk, "handed_at": page.handed_at, "undone": page.undone}
    return Status(200, told | {"calls": page.calls, "open_before": page.open_before, "may": _may(page.may)})


@router.get("/calls", auth=keyed(MATTERS_READ), response={200: CallsOut, **READ}, tags=LOG)
def get_calls(
    request: HttpRequest,
    team: UUID | None = None,
    state: Annotated[str, Field(pattern="^(open|settled|matter)?$")] = "",
    cursor: Cursor = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 30,
) -> Any:
    """The calls that the caller may read, the newest first."""
    actor = caller(request)
    page = use.calls(actor, team_id=team, state=state, cursor=cursor, limit=limit)
    rows = [
        {name: getattr(row, name) for name in CallOut.model_fields}
        | ({"name": "", "phone": "", "unit": ""} if actor.via else {})
        for row in page.rows
    ]
    return Status(200, {"rows": rows, "next": page.next})


@router.post("/duties/{uuid:duty_id}/calls", auth=Session(), response={200: CallNow, 201: CallNow, **WRITE}, tags=LOG)
def post_call(request: HttpRequest, duty_id: UUID, payload: NoteIn) -> Any:
    """Note a call or a need that came in during a duty."""
    status = made_status(payload.entry_id)
    return Status(status, _call(use.note_call(actor=caller(request), duty_id=duty_id, **payload.given())))


@router.post("/calls/{uuid:call_id}/instruct", auth=Session(), response={200: CallNow, **WRITE}, tags=LOG)
def instruct_on_a_call(request: HttpRequest, call_id: UUID, payload: WordsIn) -> Any:
    """Write the instruction of who leads or keeps the team."""
    return Status(200, _call(use.instruct(actor=caller(request), call_id=call_id, **payload.given())))


@router.post("/calls/{uuid:call_id}/settle", auth=Session(), response={200: CallNow, **WRITE}, tags=LOG)
def settle_a_call(request: HttpRequest, call_id: UUID, payload: WordsIn) -> Any:
    """Write how a call was settled."""
    given = payload.given("words") | {"result": payload.words}
    return Status(200, _call(use.settle_call(actor=caller(request), call_id=call_id, **given)))


@router.post("/calls/{uuid:call_id}/matter", auth=Session(), response={200: MatterNow, **WRITE}, tags=LOG)
def make_a_matter_of_a_call(request: HttpRequest, call_id: UUID, payload: MatterIn) -> Any:
    """Make a matter of a call with all that was noted."""
    given = {name: getattr(payload, name) for name in ("id", "area_code", "category", "urgency")}
    return Status(200, use.call_to_matter(actor=caller(request), call_id=call_id, **given))


@router.post("/calls/{uuid:call_id}/reveal", auth=Session(), response={200: RevealOut, **WRITE}, tags=LOG)
def reveal_a_caller(request: HttpRequest, call_id: UUID, payload: RevealIn) -> Any:
    """Show a caller's name or telephone in the clear; the look is logged."""
    value = use.reveal_call(actor=caller(request), call_id=call_id, what=payload.what, reason=payload.reason)
    return Status(200, {"value": value})


@router.post("/duties/{uuid:duty_id}/hand-over", auth=Session(), response={200: DutyNow, **WRITE}, tags=LOG)
def hand_a_duty_over(request: HttpRequest, duty_id: UUID, payload: HandIn) -> Any:
    """Hand a duty over: it was stood, what is open goes along."""
    return Status(200, _duty(use.hand_over(actor=caller(request), duty_id=duty_id, **payload.given())))
