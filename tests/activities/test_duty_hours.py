"""Hours of volunteers: published three workdays before they count, objected to, answered; added up for nobody."""

from __future__ import annotations

import datetime

import pytest
from django.http import Http404

from bihuan.activities.duties import api as duties
from bihuan.activities.models import Service
from bihuan.kernel.api import BadInput, NotFound, Refused, new_id, verify
from bihuan.kernel.models import Entry
from tests.activities.conftest import Stage
from tests.activities.duty import OVER, Watch, watch
from tests.meetings.world import START


@pytest.fixture
def team(world: Stage) -> Watch:
    made = watch(world)
    made.publish()
    with world.at(OVER):
        made.do("hand_over", duty_id=made.duty().pk)
    return made


def state(team: Watch, who: str = "resident") -> list[str]:
    return [line.state for line in duties.hours_page(team.world.actor(who), team.team.pk)[1]]


def test_hours_count_at_the_end_of_the_third_workday_after_they_were_published(team: Watch) -> None:
    friday = datetime.datetime(2024, 4, 3, 10, tzinfo=START.tzinfo)  # 清明 follows; the Sunday is made up for
    with team.world.at(friday):
        team.do("publish_hours", team_id=team.team.pk)
        assert Service.objects.get().counts_from == datetime.datetime(2024, 4, 9, 18, tzinfo=START.tzinfo)
        assert state(team) == ["published"]
        with pytest.raises(Refused):
            team.do("publish_hours", team_id=team.team.pk)
    with team.world.at(datetime.datetime(2024, 4, 9, 18, tzinfo=START.tzinfo)):
        assert state(team) == ["counted"]
    assert verify().ok


def test_an_objection_holds_hours_back_until_somebody_else_answers_it(team: Watch) -> None:
    with team.world.at(OVER):
        key = Service.objects.get().pk
        with pytest.raises(Refused):  # not published yet
            team.do("object_to_hours", "council", service_id=key, text="那天没见到人")
        team.do("publish_hours", team_id=team.team.pk)
        with pytest.raises(BadInput):
            team.do("object_to_hours", "council", service_id=key, text="")
        with pytest.raises(Http404):
            team.do("object_to_hours", "outsider", service_id=key, text="x")
        team.do("object_to_hours", service_id=key, text="我只到了一小时")
        with pytest.raises(Refused):
            team.do("object_to_hours", "council", service_id=key, text="又来")
    later = START + datetime.timedelta(days=20)
    with team.world.at(later):
        assert state(team) == ["disputed"]
        with pytest.raises(Refused):  # who objected does not answer
            team.do("answer_objection", service_id=key, text="改", minutes=60)
        with pytest.raises(Refused):
            team.do("answer_objection", "council", service_id=key, text="改", minutes=60)
        team.do("answer_objection", "secretary", service_id=key, text="改为一小时", minutes=60)
        assert state(team) == ["counted"]
        with pytest.raises(Refused):
            team.do("object_to_hours", "council", service_id=key, text="晚了")
    assert Service.objects.get().minutes == 60
    assert not any("一小时" in entry.body for entry in Entry.objects.all())
    assert verify().ok


def test_who_helped_at_an_activity_is_noted_once_it_was_held(team: Watch) -> None:
    activity = team.world.announced(days=1, team_id=team.team.pk)
    given = {"activity_id": activity.pk, "minutes": 90}
    with team.world.at(START + datetime.timedelta(days=2)):
        with pytest.raises(Refused):
            team.do("note_helpers", "secretary", members=[team.council.pk], **given)
        team.world.hold(activity)
        with pytest.raises(NotFound):
            team.do("note_helpers", "secretary", members=[new_id()], **given)
        with pytest.raises(BadInput):
            team.do("note_helpers", "secretary", members=[team.council.pk], activity_id=activity.pk, minutes=0)
        team.do("note_helpers", "secretary", members=[team.council.pk], **given)
        team.do("note_helpers", "secretary", members=[team.council.pk, team.neighbour.pk], **given)
    assert sorted(Service.objects.filter(activity=activity).values_list("member_id", flat=True)) == sorted(
        [team.council.pk, team.neighbour.pk]
    )
    assert verify().ok


def test_hours_are_for_the_team_and_who_keeps_it(team: Watch) -> None:
    assert state(team, "council") == state(team, "secretary") == ["new"]
    assert state(team, "worker") == []
    with pytest.raises(Http404):
        state(team, "outsider")
