"""A team with a roster, for the tests of duties."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from bihuan.activities import api
from bihuan.activities.duties import api as duties
from bihuan.activities.models import Call, Duty, Member, Roster, Team
from bihuan.kernel.api import clock, new_id
from tests.activities.conftest import Stage
from tests.meetings.world import START

FIRST = START.date()  # a Monday
LAST = FIRST + datetime.timedelta(days=13)
SHIFTS = "每天 09:00–11:00 1人"
ON = START + datetime.timedelta(minutes=30)  # during the first duty
OVER = START + datetime.timedelta(hours=3)


@dataclass
class Watch:
    """A team of three: the leader without a post, a neighbour without an account, a council member with theirs."""

    world: Stage
    team: Team
    leader: Member
    neighbour: Member
    council: Member

    def publish(self, who: str = "resident", **more: Any) -> Roster:
        given: dict[str, Any] = {
            "entry_id": new_id(clock.now()),
            "team_id": self.team.pk,
            "since": FIRST,
            "until": LAST,
            "text": SHIFTS,
        }
        return duties.publish_roster(actor=self.world.actor(who), **(given | more))

    def duty(self, n: int = 0) -> Duty:
        return Duty.objects.order_by("starts_at", "id")[n]

    def of(self, member: Member, n: int = 0) -> Duty:
        return Duty.objects.filter(member=member).order_by("starts_at")[n]

    def do(self, name: str, who: str = "resident", /, **given: Any) -> Any:
        return getattr(duties, name)(actor=self.world.actor(who), entry_id=new_id(clock.now()), **given)

    def note(self, who: str = "resident", **more: Any) -> Call:
        given: dict[str, Any] = {
            "duty_id": self.duty().pk,
            "text": "三号楼一位老人想找人读信",
            "name": "柳春梅",
            "phone": "138 0000 5678",
            "unit": "三号楼",
        }
        call: Call = self.do("note_call", who, **(given | more))
        return call


def watch(world: Stage) -> Watch:
    """Found the team."""
    team = world.team(leader_id=world.id("resident"), name="红姐帮帮团")

    def joined(name: str, key: str = "") -> Member:
        return api.join_team(
            actor=world.actor("secretary"),
            entry_id=new_id(clock.now() + datetime.timedelta(seconds=team.members.count())),  # in this order
            team_id=team.pk,
            name=name,
            person_id=world.id(key) if key else None,
        )

    return Watch(world, team, joined("张红姐", "resident"), joined("冯红姐"), joined("赵师傅", "council"))
