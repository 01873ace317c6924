"""Teams: founded, joined with a talent, left, led, ended."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest
from django.http import Http404

from bihuan.activities import api
from bihuan.activities.models import Member, Team
from bihuan.kernel.api import BadInput, Conflict, NotFound, Refused, erase_expired, new_id, verify
from bihuan.kernel.models import Entry, Notification, Sealed
from tests.activities.conftest import Stage
from tests.meetings.world import OTHER, START


def join(world: Stage, team: Team, who: str = "secretary", **more: Any) -> Member:
    given: dict[str, Any] = {"entry_id": new_id(), "team_id": team.pk, "name": "孙阿姨", "talent": "二胡"}
    return api.join_team(actor=world.actor(who), **(given | more))


def test_a_team_is_founded_once_under_its_name(world: Stage) -> None:
    key = new_id()
    team = world.team(entry_id=key, leader_id=world.id("resident"))
    assert world.team(entry_id=key).pk == team.pk == key
    with pytest.raises(Conflict):
        world.team()
    assert Entry.objects.get(subject_type="team").verb == "team.founded"
    assert Notification.objects.get().kind == "team.you_lead"
    assert verify().ok


def test_the_name_is_free_again_once_the_team_has_ended(world: Stage) -> None:
    team = world.team()
    api.end_team(actor=world.actor("secretary"), entry_id=new_id(), team_id=team.pk, reason="合并")
    assert world.team().pk != team.pk


@pytest.mark.parametrize("who", ["worker", "resident", "council", "outsider"])
def test_only_the_founders_found_one(world: Stage, who: str) -> None:
    with pytest.raises(Refused):
        world.team(who)


def test_a_name_and_a_known_leader_are_needed(world: Stage) -> None:
    with pytest.raises(BadInput):
        world.team(name=" ")
    with pytest.raises(NotFound):
        world.team(leader_id=new_id())


def test_a_member_joins_with_a_talent_that_the_record_keeps_sealed(world: Stage) -> None:
    team, key = world.team(), new_id()
    for _again in range(2):
        member = join(world, team, entry_id=key)
    assert (member.pk, member.name, member.talent) == (key, "孙阿姨", "二胡")
    entry = Entry.objects.get(verb="team.joined")
    assert "孙阿姨" not in entry.body
    assert "二胡" not in entry.body
    assert set(Sealed.objects.filter(entry_id=key).values_list("name", "encrypted")) == {
        ("name", True),
        ("talent", True),
    }


def test_its_leader_keeps_the_list_and_a_stranger_does_not(world: Stage) -> None:
    team = world.team(leader_id=world.id("resident"))
    member = join(world, team, "resident")
    with pytest.raises(Refused):
        join(world, team, "council")
    with pytest.raises(Http404):
        join(world, team, "outsider")
    with pytest.raises(Refused):
        api.leave_team(actor=world.actor("council"), entry_id=new_id(), member_id=member.pk)
    api.leave_team(actor=world.actor("resident"), entry_id=new_id(), member_id=member.pk)
    assert Member.objects.get().until is not None


def test_who_can_see_it_joins_and_leaves_themselves_once(world: Stage) -> None:
    team = world.team()
    member = join(world, team, "council", name="", person_id=world.id("council"))
    assert member.name == "赵德明"
    with pytest.raises(Refused):
        join(world, team, "council", person_id=world.id("council"))
    with pytest.raises(Refused):
        join(world, team, "council", person_id=world.id("worker"))
    api.leave_team(actor=world.actor("council"), entry_id=new_id(), member_id=member.pk)
    assert Entry.objects.filter(verb="team.left").count() == 1


def test_a_key_takes_its_person_neither_into_a_team_nor_out_of_it(world: Stage) -> None:
    team = world.team()
    key = replace(world.actor("council"), via="bh_12345678")
    with pytest.raises(Refused):
        api.join_team(actor=key, entry_id=new_id(), team_id=team.pk, person_id=world.id("council"))
    member = join(world, team, "council", name="", person_id=world.id("council"))
    with pytest.raises(Refused):
        api.leave_team(actor=key, entry_id=new_id(), member_id=member.pk)
    member.refresh_from_db()
    assert member.until is None


def test_names_of_members_are_for_the_team_and_who_keeps_it(world: Stage) -> None:
    team = world.team(leader_id=world.id("resident"))
    join(world, team)
    seen = {who: api.team_page(world.actor(who), team.pk).members[0] for who in ("secretary", "resident", "council")}
    assert {who: line.name for who, line in seen.items()} == {
        "secretary": "孙阿姨",
        "resident": "孙阿姨",
        "council": "",
    }
    assert seen["council"].talent == "二胡"
    join(world, team, "council", person_id=world.id("council"))
    assert api.team_page(world.actor("council"), team.pk).named
    with pytest.raises(Http404):
        api.team_page(world.actor("outsider"), team.pk)


def test_a_leader_without_a_post_sees_their_own_team_and_no_other(world: Stage) -> None:
    team = world.team(leader_id=world.id("resident"))
    world.team(name="合唱队")
    assert [row.id for row in api.teams(world.actor("resident"))] == [team.pk]


def test_another_leads_it(world: Stage) -> None:
    team = world.team()
    api.hand_team(actor=world.actor("cadre"), entry_id=new_id(), team_id=team.pk, leader_id=world.id("resident"))
    assert Team.objects.get().leader_id == world.id("resident")
    assert Entry.objects.filter(verb="team.led").count() == 1


def test_who_left_is_forgotten_thirty_days_later(world: Stage) -> None:
    team = world.team()
    member, stays = join(world, team), join(world, team, name="周伯")
    api.leave_team(actor=world.actor("secretary"), entry_id=new_id(), member_id=member.pk)
    erase_expired(START + datetime.timedelta(days=30))
    assert Member.objects.get(pk=member.pk).name == "孙阿姨"
    erase_expired(START + datetime.timedelta(days=31))
    member.refresh_from_db()
    stays.refresh_from_db()
    assert (member.name, member.talent, stays.name) == ("", "", "周伯")
    assert verify().ok


def test_a_team_that_has_ended_takes_nobody_in_and_forgets_its_members(world: Stage) -> None:
    team = world.team()
    member = join(world, team)
    with pytest.raises(Refused):
        api.end_team(actor=world.actor("council"), entry_id=new_id(), team_id=team.pk)
    api.end_team(actor=world.actor("secretary"), entry_id=new_id(), team_id=team.pk)
    with pytest.raises(Refused):
        join(world, team)
    erase_expired(START + datetime.timedelta(days=31))
    member.refresh_from_db()
    assert member.name == ""


def test_teams_that_may_hold_what_one_announces_are_those_around(world: Stage) -> None:
    here = world.team()
    world.team("outsider", area_code=OTHER)
    options = api.announceable(world.actor("secretary"))
    assert [option.kind for option in options] == ["festival"]
    assert api.teams_for(world.actor("secretary"), options) == ((str(here.pk), here.name),)
    assert api.announceable(world.actor("leader")) == ()
    assert [option.kind for option in api.foundable(world.actor("leader"))] == ["arts"]
