"""The permission rule on activities and teams: one answer for a row and for a list of them."""

from __future__ import annotations

import pytest

from bihuan.activities import api
from bihuan.activities.models import Activity, Team
from bihuan.kernel.api import new_id
from bihuan.people.api import ACTIVITY_MANAGE, ACTIVITY_READ, can, visible
from tests.activities.conftest import Stage
from tests.meetings.world import COMMUNITY, OTHER


@pytest.mark.parametrize("permission", [ACTIVITY_READ, ACTIVITY_MANAGE])
def test_what_may_be_seen_one_by_one_is_what_is_listed(world: Stage, permission: str) -> None:
    world.person("street", "何街道", ("secretary", "410802004"))
    world.announced()
    world.announced("outsider", area_code=OTHER)
    world.announced("street", area_code="410802004", title="街道文艺汇演")
    here = world.team(leader_id=world.id("resident"))
    world.team("outsider", area_code=OTHER)
    api.join_team(
        actor=world.actor("secretary"), entry_id=new_id(), team_id=here.pk, name="郑", person_id=world.id("outsider")
    )
    for who in world.people:
        actor = world.actor(who)
        for model in (Activity, Team):
            rows = list(model.objects.all())
            listed = set(visible(actor, permission, model.objects.all()).values_list("pk", flat=True))
            assert listed == {row.pk for row in rows if can(actor, permission, row)}, (who, model)


def test_a_building_worker_sees_what_the_community_holds_and_may_not_touch_it(world: Stage) -> None:
    activity = world.announced()
    world.sign(activity)
    page = api.activity_page(world.actor("worker"), activity.pk)
    assert (page.coming, page.sign_ups) == (1, ())
    assert not can(world.actor("worker"), ACTIVITY_MANAGE, activity)
    assert [row.title for row in api.activities(world.actor("worker")).rows] == [activity.title]


def test_lists_page_by_key_without_leaving_a_row_out(world: Stage) -> None:
    for n in range(5):
        world.announced(title=f"活动{n}", days=n % 2 + 1)
    seen: list[str] = []
    cursor = None
    while True:
        listing = api.activities(world.actor("secretary"), area=COMMUNITY, state="ahead", cursor=cursor, limit=2)
        seen += [row.title for row in listing.rows]
        cursor = listing.next
        if cursor is None:
            break
    assert sorted(seen) == [f"活动{n}" for n in range(5)]
    assert api.activities(world.actor("secretary"), state="held").rows == ()
