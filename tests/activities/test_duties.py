"""Rosters: published as looked at, swapped, stood in for, taken back; who may, who is told, what the record keeps."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest
from django.http import Http404

from bihuan.activities import api
from bihuan.activities.duties import api as duties
from bihuan.activities.models import Duty, Member, Roster
from bihuan.kernel.api import BadInput, Conflict, NotFound, Refused, new_id, verify
from bihuan.kernel.models import Entry, Notification
from tests.activities.conftest import Stage
from tests.activities.duty import FIRST, LAST, OVER, SHIFTS, Watch, watch


@pytest.fixture
def team(world: Stage) -> Watch:
    return watch(world)


def test_a_roster_is_published_once_as_it_was_looked_at_and_everybody_on_it_is_told(team: Watch) -> None:
    made = duties.make_roster(
        actor=team.world.actor("resident"), team_id=team.team.pk, since=FIRST, until=LAST, text=SHIFTS
    )
    assert not Roster.objects.exists()
    assert "每人 4–5 次" in made.sentence
    assert "休息日每人 1–2 次" in made.sentence
    key = new_id()
    for _again in range(2):
        roster = team.publish(entry_id=key, digest=made.digest)
    assert roster.pk == key
    assert [duty.member_id for duty in Duty.objects.all()] == [seat.member.pk for seat in made.seats if seat.member]
    assert sorted(Counter(Duty.objects.values_list("member_id", flat=True)).values()) == [4, 5, 5]
    told = Notification.objects.filter(kind="duty.yours").values_list("person_id", flat=True)
    assert set(told) == {team.world.id("resident"), team.world.id("council")}
    assert verify().ok


def test_what_changed_since_it_was_looked_at_is_not_published_unseen(team: Watch) -> None:
    made = duties.make_roster(
        actor=team.world.actor("secretary"), team_id=team.team.pk, since=FIRST, until=LAST, text=SHIFTS
    )
    team.do("set_away", "council", member_id=team.council.pk, days=[FIRST.isoformat(), "3"])
    team.do("set_away", "resident", member_id=team.leader.pk, days=[FIRST.isoformat()])
    with pytest.raises(Conflict):
        team.publish(digest=made.digest)
    team.publish()
    assert team.duty().member_id == team.neighbour.pk
    assert not any(duty.day.isoweekday() == 3 for duty in Duty.objects.filter(member=team.council))


def test_the_days_on_which_somebody_cannot_are_in_no_entry_and_go_when_they_leave(team: Watch) -> None:
    team.do("set_away", "council", member_id=team.council.pk, days=["2024-03-12", "2020-01-01"])
    assert Member.objects.get(pk=team.council.pk).away == ["2024-03-12"]
    assert "2024-03-12" not in Entry.objects.get(verb="team.away").body
    with pytest.raises(Refused):
        team.do("set_away", "council", member_id=team.neighbour.pk, days=["3"])
    with pytest.raises(BadInput):
        team.do("set_away", "council", member_id=team.council.pk, days=["明天"])
    api.leave_team(actor=team.world.actor("council"), entry_id=new_id(), member_id=team.council.pk)
    assert Member.objects.get(pk=team.council.pk).away == []


def test_only_who_leads_or_founded_makes_a_roster(team: Watch) -> None:
    for who in ("council", "worker"):
        with pytest.raises(Refused):
            team.publish(who)
        with pytest.raises(Refused):
            duties.make_roster(actor=team.world.actor(who), team_id=team.team.pk, since=FIRST, until=LAST, text=SHIFTS)
    with pytest.raises(Http404):
        team.publish("outsider")
    assert team.publish("secretary").team_id == team.team.pk


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"until": FIRST - datetime.timedelta(days=1)}, "until"),
        ({"until": FIRST + datetime.timedelta(days=62)}, "until"),
        ({"since": FIRST - datetime.timedelta(days=40)}, "since"),
        ({"text": ""}, "shifts"),
        ({"text": "初一 09:00-10:00"}, "shifts"),
        ({"text": "周日 09:00-10:00", "until": FIRST}, "shifts"),
    ],
)
def test_what_cannot_be_a_roster_is_refused_and_says_where(team: Watch, more: dict[str, object], where: str) -> None:
    with pytest.raises(BadInput) as error:
        team.publish(**more)
    assert error.value.problems[0].field == where


def test_no_day_is_on_two_rosters_until_one_is_taken_back(team: Watch) -> None:
    first = team.publish()
    with pytest.raises(Conflict):
        team.publish(since=LAST, until=LAST + datetime.timedelta(days=3))
    with team.world.at(OVER):
        team.do("take_back", roster_id=first.pk, reason="人变了")
        assert Duty.objects.count() == 1  # what was stood stays
        team.publish(since=FIRST + datetime.timedelta(days=1))
    assert Notification.objects.filter(kind="duty.changed").exists()
    assert verify().ok


def test_the_next_roster_begins_with_who_had_fewer(team: Watch) -> None:
    team.publish()
    fewest = min(Counter(Duty.objects.values_list("member_id", flat=True)).items(), key=lambda item: item[1])[0]
    after = LAST + datetime.timedelta(days=1)
    roster = team.publish(since=after, until=after)
    assert roster.duties.get().member_id == fewest


def test_two_duties_are_swapped_by_who_leads_with_a_reason_that_is_sealed(team: Watch) -> None:
    team.publish()
    one, other = team.of(team.leader), team.of(team.council)
    given = {"duty_id": one.pk, "other_id": other.pk}
    with pytest.raises(BadInput):
        team.do("swap", **given, reason=" ")
    with pytest.raises(Refused):
        team.do("swap", "council", **given, reason="家里有事")
    team.do("swap", **given, reason="家里有事")
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.member_id, other.member_id) == (team.council.pk, team.leader.pk)
    assert "家里有事" not in Entry.objects.get(verb="roster.swapped").body
    page = duties.roster_page(team.world.actor("resident"), team.team.pk)
    assert any("家里有事" in line.text for line in page.timeline)
    assert verify().ok


def test_a_member_asks_for_a_stand_in_and_another_takes_it(team: Watch) -> None:
    team.publish()
    mine = team.of(team.leader)
    with pytest.raises(Refused):
        team.do("stand_in", "council", duty_id=mine.pk, member_id=team.council.pk)
    with pytest.raises(Refused):
        team.do("offer", "council", duty_id=mine.pk, reason="感冒了")
    team.do("offer", duty_id=mine.pk, reason="感冒了")
    with pytest.raises(Refused):
        team.do("stand_in", "council", duty_id=mine.pk, member_id=team.neighbour.pk)
    team.do("stand_in", "council", duty_id=mine.pk, member_id=team.council.pk)
    mine.refresh_from_db()
    assert (mine.member_id, mine.offered_at) == (team.council.pk, None)
    with pytest.raises(NotFound):
        team.do("stand_in", duty_id=mine.pk, member_id=new_id(), reason="x")


def test_an_empty_seat_is_taken_by_a_member_and_nobody_stands_two_at_once(team: Watch) -> None:
    team.publish(text="每天 09:00–11:00 2人\n每天 10:00–12:00 2人", until=FIRST)
    empty = Duty.objects.get(member__isnull=True)
    assert Duty.objects.count() == 4
    for who, member in (("council", team.council), ("resident", team.leader), ("resident", team.neighbour)):
        with pytest.raises(Refused):
            team.do("stand_in", who, duty_id=empty.pk, member_id=member.pk, reason="x")
    assert verify().ok


def test_what_is_over_is_changed_no_more(team: Watch) -> None:
    team.publish()
    first = team.duty()
    other = next(one for one in (team.leader, team.council) if one.pk != first.member_id)
    with team.world.at(OVER), pytest.raises(Refused):
        team.do("stand_in", duty_id=first.pk, member_id=other.pk, reason="补记")


def test_names_are_for_the_team_and_who_keeps_it(team: Watch) -> None:
    team.publish()

    def names(who: str) -> set[str]:
        page = duties.roster_page(team.world.actor(who), team.team.pk)
        return {turn.name for day in page.days for shift in day.shifts for turn in shift.turns}

    assert names("resident") == names("council") == names("secretary") == {"张红姐", "冯红姐", "赵师傅"}
    assert names("worker") == {""}
    with pytest.raises(Http404):
        names("outsider")


def test_ones_own_duties_are_told_until_they_are_handed_over(team: Watch) -> None:
    team.publish()
    first = team.of(team.leader)
    assert duties.my_duties(team.world.actor("resident"))[0].id == first.pk
    with team.world.at(first.starts_at + datetime.timedelta(minutes=30)):
        assert duties.my_duties(team.world.actor("resident"))[0].now
        team.do("hand_over", duty_id=first.pk)
        assert first.pk not in {one.id for one in duties.my_duties(team.world.actor("resident"))}
