"""Announcing an activity, moving it, calling it off."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bihuan.activities import api
from bihuan.activities.models import Activity, SignUp, Team
from bihuan.kernel.api import BadInput, NotFound, Refused, new_id, verify
from bihuan.kernel.models import Entry, Notification, Sealed
from bihuan.people.api import ANONYMOUS
from tests.activities.conftest import Stage
from tests.meetings.world import COMMUNITY, OTHER, START


def later(world: Stage, **more: Any) -> dict[str, Any]:
    """What stays as it is when an activity is changed."""
    row = Activity.objects.get()
    kept = ("title", "place", "starts_at", "ends_at", "text", "festival", "capacity", "sign_up_until")
    return {name: getattr(row, name) for name in kept} | more


def kinds_told(world: Stage, who: str) -> list[str]:
    return list(Notification.objects.filter(person_id=world.id(who)).values_list("kind", flat=True))


def test_an_announced_activity_is_one_row_and_one_entry_of_the_same_id(world: Stage) -> None:
    activity = world.announced(text="自备小板凳")
    entry = Entry.objects.get(subject_type="activity", subject_id=activity.pk)
    assert entry.pk == activity.pk
    assert (entry.verb, entry.actor_id, entry.actor_role) == ("activity.announced", world.id("secretary"), "secretary")
    assert entry.method == "yiwang-sanbu-wuqin@1"
    assert "自备小板凳" not in entry.body
    assert bytes(activity.head_hash) == bytes(entry.hash)
    assert verify().ok


def test_the_same_form_sent_twice_is_one_activity(world: Stage) -> None:
    key = new_id()
    assert world.announced(entry_id=key).pk == world.announced(entry_id=key, title="别的").pk == key
    assert Activity.objects.get().title == "元宵节游园会"
    assert Entry.objects.filter(subject_type="activity").count() == 1


def test_an_id_of_another_record_is_refused(world: Stage) -> None:
    team = world.team()
    with pytest.raises(BadInput):
        world.announced(entry_id=team.pk)


def test_every_problem_is_told_at_once(world: Stage) -> None:
    with pytest.raises(BadInput) as error:
        world.announced(
            title=" ", place="广" * 81, capacity=0, ends_at=START, sign_up_until=START + datetime.timedelta(days=30)
        )
    assert {problem.field for problem in error.value.problems} == {
        "title", "place", "capacity", "ends_at", "sign_up_until",
    }  # fmt: skip
    assert not Activity.objects.exists()


def test_a_slip_in_the_year_is_noticed(world: Stage) -> None:
    with pytest.raises(BadInput) as error:
        world.announced(days=366 + 7)
    assert "年份" in error.value.problems[0].how


@pytest.mark.parametrize("who", ["worker", "leader", "resident", "council"])
def test_only_an_organiser_of_that_kind_announces_it(world: Stage, who: str) -> None:
    with pytest.raises(Refused) as error:
        world.announced(who)
    assert "社区党委书记" in str(error.value)


def test_another_communitys_secretary_announces_nothing_here(world: Stage) -> None:
    with pytest.raises(Refused):
        world.announced("outsider")
    assert world.announced("outsider", area_code=OTHER).area_code == OTHER


def test_a_kind_that_no_method_here_has_is_not_found(world: Stage) -> None:
    with pytest.raises(NotFound):
        world.announced(kind="marathon")


def test_a_team_of_the_right_kind_may_hold_it(world: Stage) -> None:
    team = world.team()
    assert world.announced(team_id=team.pk).team == team
    api.end_team(actor=world.actor("secretary"), entry_id=new_id(), team_id=team.pk)
    with pytest.raises(NotFound):
        world.announced(team_id=team.pk)


def test_moving_it_tells_who_signed_up_with_an_account(world: Stage) -> None:
    activity = world.announced()
    world.sign(activity, who="resident")
    world.sign(activity, "李大爷")
    starts = activity.starts_at + datetime.timedelta(days=1)
    change = later(world, starts_at=starts, ends_at=starts + datetime.timedelta(hours=2), place="社区礼堂")
    key = new_id()
    for _again in range(2):
        api.change(actor=world.actor("cadre"), entry_id=key, activity_id=activity.pk, reason="下雨改期", **change)
    activity.refresh_from_db()
    assert (activity.place, activity.starts_at) == ("社区礼堂", starts)
    assert kinds_told(world, "resident") == ["activity.moved_for_you"]
    told = Notification.objects.get(kind="activity.moved_for_you")
    assert told.params["place"] == "社区礼堂"
    assert told.link == f"/activities/{activity.pk}/"
    assert Entry.objects.filter(verb="activity.moved").count() == 1


def test_a_change_of_words_tells_nobody(world: Stage) -> None:
    activity = world.announced()
    world.sign(activity, who="resident")
    api.change(
        actor=world.actor("secretary"), entry_id=new_id(), activity_id=activity.pk, **later(world, text="有灯谜")
    )
    assert kinds_told(world, "resident") == []
    assert Entry.objects.filter(verb="activity.changed").count() == 1


def test_a_change_that_changes_nothing_leaves_no_entry(world: Stage) -> None:
    activity = world.announced()
    api.change(actor=world.actor("secretary"), entry_id=new_id(), activity_id=activity.pk, **later(world))
    assert Entry.objects.filter(subject_id=activity.pk).count() == 1


def test_moving_it_moves_the_day_on_which_names_go(world: Stage) -> None:
    activity = world.announced()
    world.sign(activity)
    name = Sealed.objects.get(name="name", subject_type="activity")
    before = name.expires_on
    assert before is not None
    week = datetime.timedelta(days=7)
    change = later(world, starts_at=activity.starts_at + week, ends_at=activity.ends_at + week)
    api.change(actor=world.actor("secretary"), entry_id=new_id(), activity_id=activity.pk, **change)
    name.refresh_from_db()
    assert name.expires_on == before + week


def test_calling_it_off_says_why_to_everybody(world: Stage) -> None:
    activity = world.announced()
    world.sign(activity, who="resident")
    with pytest.raises(BadInput):
        api.call_off(actor=world.actor("secretary"), entry_id=new_id(), activity_id=activity.pk, reason=" ")
    key = new_id()
    for _again in range(2):
        api.call_off(actor=world.actor("secretary"), entry_id=key, activity_id=activity.pk, reason="大雨")
    assert kinds_told(world, "resident") == ["activity.called_off_for_you"]
    shown = api.public_activity(activity.pk)
    assert shown is not None
    assert (shown.state, shown.reason) == ("cancelled", "大雨")
    assert shown.closed is not None
    assert [row.state for row in api.coming_up(COMMUNITY)] == ["cancelled"]
    assert verify().ok


def test_what_was_called_off_is_neither_changed_nor_held(world: Stage) -> None:
    activity = world.announced()
    api.call_off(actor=world.actor("secretary"), entry_id=new_id(), activity_id=activity.pk, reason="大雨")
    with pytest.raises(Refused):
        api.change(
            actor=world.actor("secretary"), entry_id=new_id(), activity_id=activity.pk, **later(world, title="x")
        )
    with world.at(START + datetime.timedelta(days=8)), pytest.raises(Refused):
        world.hold(activity, uncounted=3)
    assert SignUp.objects.count() == 0


def test_who_may_not_know_of_it_finds_nothing_and_who_only_reads_may_not_act(world: Stage) -> None:
    activity = world.announced()
    act: dict[str, Any] = {"entry_id": new_id(), "activity_id": activity.pk, "reason": "x"}
    with pytest.raises(Http404):
        api.call_off(actor=world.actor("outsider"), **act)
    with pytest.raises(Http404):
        api.call_off(actor=ANONYMOUS, **act)
    with pytest.raises(PermissionDenied):
        api.call_off(actor=world.actor("council"), **act)
    with pytest.raises(Refused):
        api.call_off(actor=world.actor("leader"), **act)


def test_a_street_activity_is_shown_in_each_of_its_communities(world: Stage) -> None:
    street = "410802004"
    world.person("street", "何街道", ("secretary", street))
    world.announced("street", area_code=street)
    world.announced("outsider", area_code=OTHER)
    assert [row.area_name for row in api.coming_up(COMMUNITY)] == ["焦西街道"]


def test_acts_are_counted_by_kind_once_they_were_held(world: Stage) -> None:
    first = world.announced(days=1)
    world.announced(days=2, title="端午包粽子")
    since, until = START, START + datetime.timedelta(days=90)
    assert api.acts_by_kind(COMMUNITY, since, until) == {}
    with world.at(START + datetime.timedelta(days=3)):
        world.hold(first, uncounted=40)
        assert api.acts_by_kind("410802", since, until) == {"activities.festival": 1}
        assert api.acts_by_kind(OTHER, since, until) == {}
        assert api.acts_by_kind(COMMUNITY, until, until + datetime.timedelta(days=90)) == {}


def test_no_other_communitys_team_is_named_for_it(world: Stage) -> None:
    team = world.team()
    Team.objects.filter(pk=team.pk).update(area_code=OTHER)
    with pytest.raises(NotFound):
        world.announced(team_id=team.pk)
