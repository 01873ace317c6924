"""The community of the meetings' tests, in which something is held now and then."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from bihuan.activities import api
from bihuan.activities.models import Activity, Team
from bihuan.kernel.api import clock, new_id
from bihuan.people.api import ANONYMOUS, Actor
from tests.meetings.world import COMMUNITY, START, World, build


class Stage(World):
    """The world, with short words for what is held in it."""

    def announced(self, who: str = "secretary", days: float = 7, **more: Any) -> Activity:
        """Announce an event so many days ahead, of two hours."""
        starts = self.now + datetime.timedelta(days=days)
        given: dict[str, Any] = {
            "entry_id": new_id(clock.now()),
            "area_code": COMMUNITY,
            "kind": "festival",
            "title": "元宵节游园会",
            "place": "小区广场",
            "festival": "元宵节",
            "starts_at": starts,
            "ends_at": starts + datetime.timedelta(hours=2),
        }
        return api.announce(actor=self.actor(who), **(given | more))

    def sign(self, activity: Activity, name: str = "王阿姨", people: int = 1, who: str = "") -> api.SignedUp:
        """Sign up a neighbour without an account, or one of the people with theirs."""
        actor: Actor = self.actor(who) if who else ANONYMOUS
        return api.sign_up(actor=actor, id=new_id(clock.now()), activity_id=activity.pk, name=name, people=people)

    def hold(self, activity: Activity, who: str = "secretary", **more: Any) -> Activity:
        """Record that it was held."""
        return api.hold(actor=self.actor(who), entry_id=new_id(clock.now()), activity_id=activity.pk, **more)

    def team(self, who: str = "secretary", **more: Any) -> Team:
        """Found a team of residents."""
        given: dict[str, Any] = {
            "entry_id": new_id(clock.now()),
            "area_code": COMMUNITY,
            "kind": "arts",
            "name": "电建社区文艺志愿服务队",
        }
        return api.found_team(actor=self.actor(who), **(given | more))


def stage() -> Stage:
    """Build the world with a stage in it."""
    made = build()
    return Stage(now=START, people=made.people)


@pytest.fixture
def world(db: None) -> Iterator[Stage]:
    made = stage()
    with made.at():
        yield made
