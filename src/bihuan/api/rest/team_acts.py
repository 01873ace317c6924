"""Teams of residents by the machine interface: the list, one, founding, who joins and leaves, who leads, the end."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from bihuan.activities import api as use
from bihuan.activities.api import TeamRow
from bihuan.activities.models import Member, Team
from bihuan.api.access import Session, caller, keyed
from bihuan.api.rest import activity_acts
from bihuan.api.rest.activity_acts import HOLDS
from bihuan.api.rest.given import Act, Key, Name, Words, made_status
from bihuan.api.rest.inputs import READ, WRITE, AreaCode
from bihuan.api.rest.picked import picked
from bihuan.api.scopes import ACTIVITIES_READ

router = activity_acts.router  # that of all that people do together
TAG = ["teams"]


@picked(TeamRow, "id", "name", "kind_title", "area_name", "members", "ended")
class TeamLine(Schema):
    """One team in the list; ``members`` are people."""


class TeamsOut(Schema):
    """The teams that the caller may see, those that go on first."""

    rows: list[TeamLine]


class MemberLine(Schema):
    """One member: a name for who leads, keeps or is in the team, never through a key."""

    id: UUID
    name: str
    talent: str
    since: date
    person_id: UUID | None


class TeamOut(Schema):
    """One team, and what may be done with it now; of what may not, why not."""

    id: UUID
    name: str
    kind_title: str
    area_code: str
    area_name: str
    ended: bool
    members: list[MemberLine]
    may: dict[str, str]


class FoundIn(Act):
    """A team to be founded; its id will be the ``entry_id``."""

    area_code: AreaCode
    kind: Key = Field(description="key of the kind of team in the method's section 活动")
    method_key: Key | None = None
    name: Words


class JoinIn(Act):
    """Somebody who joins, at their word, with what they bring."""

    name: Name
    talent: Name = ""


class JoinMyselfIn(Act):
    """What one brings."""

    talent: Name = ""


class HandIn(Act):
    """Who leads from now on: a member with an account, or the caller; null: nobody for the time being."""

    leader_id: UUID | None = None


class EndIn(Act):
    """Why a team ends, if one wants to say."""

    reason: Words = ""


class TeamNow(Schema):
    """A team after an act."""

    id: UUID
    name: str
    ended: bool


class MemberNow(Schema):
    """A membership after an act; ``until``: the day it ended."""

    id: UUID
    team_id: UUID
    since: date
    until: date | None


def _team(row: Team) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "ended": row.ended_at is not None}


def _member(row: Member) -> dict[str, Any]:
    return {"id": row.pk, "team_id": row.team_id, "since": row.since, "until": row.until}


@router.get("/teams", auth=keyed(ACTIVITIES_READ), response={200: TeamsOut, **READ}, tags=TAG)
def get_teams(request: HttpRequest) -> Any:
    """The teams that the caller may see."""
    return Status(200, {"rows": use.teams(caller(request))})


@router.get("/teams/{uuid:team_id}", auth=keyed(ACTIVITIES_READ), response={200: TeamOut, **READ}, tags=TAG)
def get_team(request: HttpRequest, team_id: UUID) -> Any:
    """One team with its members' talents; names as on its page, through a key none."""
    actor = caller(request)
    page = use.team_page(actor, team_id)
    members = [
        {
            "id": line.id,
            "name": "" if actor.via else line.name,
            "talent": line.talent,
            "since": line.since,
            "person_id": None if actor.via else line.person_id,
        }
        for line in page.members
    ]
    told = _team(page.team) | {"kind_title": page.kind_title, "area_code": page.team.area_code}
    may = {act: problem.why if problem else "" for act, problem in page.may.items()}
    return Status(200, told | {"area_name": page.area_name, "members": members, "may": may})


@router.post("/teams", auth=HOLDS, response={200: TeamNow, 201: TeamNow, **WRITE}, tags=TAG)
def found_a_team(request: HttpRequest, payload: FoundIn) -> Any:
    """Found a team."""
    status = made_status(payload.entry_id)
    return Status(status, _team(use.found_team(actor=caller(request), **payload.given())))


@router.post("/teams/{uuid:team_id}/members", auth=HOLDS, response={200: MemberNow, 201: MemberNow, **WRITE}, tags=TAG)
def post_member(request: HttpRequest, team_id: UUID, payload: JoinIn) -> Any:
    """Take somebody into a team, at their word."""
    status = made_status(payload.entry_id)
    return Status(status, _member(use.join_team(actor=caller(request), team_id=team_id, **payload.given())))


@router.post(
    "/teams/{uuid:team_id}/members/myself",
    auth=Session(),
    response={200: MemberNow, 201: MemberNow, **WRITE},
    tags=TAG,
)
def post_myself(request: HttpRequest, team_id: UUID, payload: JoinMyselfIn) -> Any:
    """Join a team oneself."""
    actor, status = caller(request), made_status(payload.entry_id)
    done = use.join_team(actor=actor, team_id=team_id, person_id=actor.person_id, **payload.given())
    return Status(status, _member(done))


@router.post("/teams/members/{uuid:member_id}/leave", auth=HOLDS, response={200: MemberNow, **WRITE}, tags=TAG)
def post_leave(request: HttpRequest, member_id: UUID, payload: Act) -> Any:
    """Let somebody leave a team, or leave it oneself; the name is erased some days later."""
    return Status(200, _member(use.leave_team(actor=caller(request), entry_id=payload.entry_id, member_id=member_id)))


@router.post("/teams/{uuid:team_id}/lead", auth=HOLDS, response={200: TeamNow, **WRITE}, tags=TAG)
def post_lead(request: HttpRequest, team_id: UUID, payload: HandIn) -> Any:
    """Name another leader, or none."""
    actor = caller(request)
    page = use.team_page(actor, team_id)
    leader = use.must_be_next(actor, page, str(payload.leader_id)) if payload.leader_id else None
    done = use.hand_team(actor=actor, entry_id=payload.entry_id, team_id=team_id, leader_id=leader)
    return Status(200, _team(done))


@router.post("/teams/{uuid:team_id}/end", auth=HOLDS, response={200: TeamNow, **WRITE}, tags=TAG)
def end_a_team(request: HttpRequest, team_id: UUID, payload: EndIn) -> Any:
    """End a team: its members have left it, its activities stay on the list."""
    return Status(200, _team(use.end_team(actor=caller(request), team_id=team_id, **payload.given())))
