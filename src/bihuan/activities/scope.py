"""How activities and teams lie in areas and whose they are, for the permission rule."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from bihuan.activities.models import Activity, Call, Duty, Member, Roster, Service, Team
from bihuan.areas.api import ancestors
from bihuan.people.api import ACTIVITY_READ, MATTER_READ, register_scope


def party_ids(team: Team) -> frozenset[UUID]:
    """Return who leads a team or is in it, of those who have an account."""
    members = team.members.filter(until__isnull=True, person_id__isnull=False).values_list("person_id", flat=True)
    found = {person for person in members if person is not None}
    return frozenset(found | ({team.leader_id} if team.leader_id else set()))


def party_q(person_id: UUID) -> Q:
    """Return the condition "leads it or is in it"."""
    mine = Member.objects.filter(person_id=person_id, until__isnull=True)
    return Q(leader_id=person_id) | Q(pk__in=mine.values("team_id"))


def team_party_ids(row: Roster | Call | Duty | Service) -> frozenset[UUID]:
    """Return who leads the team of a row or is in it."""
    return party_ids(row.team)


def team_party_q(person_id: UUID) -> Q:
    """Return the condition "leads its team or is in it"."""
    mine = Member.objects.filter(person_id=person_id, until__isnull=True)
    return Q(team__leader_id=person_id) | Q(team_id__in=mine.values("team_id"))


def above_q(code: str) -> Q:
    """Return the condition "of an area around it": a community's events are those of each of its buildings."""
    return Q(area_code__in=ancestors(code))


def above(row: Activity | Team | Roster, code: str) -> bool:
    """Say whether a row is of an area around ``code``."""
    return row.area_code in ancestors(code)


def register() -> None:
    """Tell the permission rule; called once at start.

    Who signed up is no party: what they may know of an activity is what everybody may, and their own link.
    """
    register_scope(Activity, read=ACTIVITY_READ, area_field="area_code", above_q=above_q, above=above)
    register_scope(
        Team,
        read=ACTIVITY_READ,
        area_field="area_code",
        party_q=party_q,
        party_ids=party_ids,
        above_q=above_q,
        above=above,
    )
    register_scope(
        Roster,
        read=ACTIVITY_READ,
        area_field="area_code",
        party_q=team_party_q,
        party_ids=team_party_ids,
        above_q=above_q,
        above=above,
    )
    # What somebody asked for is read as matters are: there, and by the team. So are hours, which name people.
    for model in (Call, Duty, Service):
        register_scope(model, read=MATTER_READ, area_field="area_code", party_q=team_party_q, party_ids=team_party_ids)
