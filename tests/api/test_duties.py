"""Duty rosters, the duty log and hours by the machine interface: the pages' use cases, no names through a key."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from bihuan.activities.duties.api import CallLine
from bihuan.activities.models import Duty, Service
from bihuan.api.api import make_key
from bihuan.api.calendars import make_link
from bihuan.kernel.api import new_id, verify
from bihuan.people.models import User
from tests.activities.conftest import Stage, stage
from tests.activities.duty import FIRST, LAST, ON, OVER, SHIFTS, Watch, watch
from tests.meetings.world import COMMUNITY

MONTH = {"since": FIRST.isoformat(), "until": LAST.isoformat(), "shifts": SHIFTS}


@pytest.fixture
def world(db: None) -> Any:
    made = stage()
    with made.at():
        yield made


@pytest.fixture
def team(world: Stage) -> Watch:
    return watch(world)


def session(world: Stage, who: str) -> Client:
    user, _made = User.objects.get_or_create(username=who, defaults={"person": world.people[who]})
    client = Client()
    client.force_login(user, backend="bihuan.people.backends.PasswordBackend")
    return client


def key(world: Stage, *scopes: str) -> Client:
    made = make_key(actor=world.actor("secretary"), name="市平台", area_code=COMMUNITY, scopes=list(scopes))
    return Client(headers={"Authorization": f"Bearer {made.text}"})


def do(client: Client, path: str, status: int = 200, **body: Any) -> Any:
    given = {"entry_id": str(new_id()), **body}
    answer = client.post(f"/api/v1/{path}", given, content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def get(client: Client, path: str, status: int = 200) -> Any:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_a_roster_is_proposed_published_and_read_and_a_key_reads_no_names(team: Watch) -> None:
    office, machine = session(team.world, "secretary"), key(team.world, "activities:read", "activities:write")
    proposal = office.post(
        f"/api/v1/teams/{team.team.pk}/roster/proposal", MONTH, content_type="application/json"
    ).json()
    assert len(proposal["seats"]) == 14
    assert {seat["name"] for seat in proposal["seats"]} == {"张红姐", "冯红姐", "赵师傅"}
    roster = do(machine, f"teams/{team.team.pk}/rosters", 201, **MONTH, digest=proposal["digest"])
    told = get(office, f"teams/{team.team.pk}/roster?month=2024-03")
    assert told["rosters"] == [roster["id"]]
    assert told["shifts"][0]["turns"][0]["name"]
    blind = get(machine, f"teams/{team.team.pk}/roster?month=2024-03")
    assert {(turn["name"], turn["member_id"]) for one in blind["shifts"] for turn in one["turns"]} == {("", None)}
    do(machine, f"rosters/{roster['id']}/take-back", reason="重排")
    assert Duty.objects.count() == 1
    assert verify().ok


def test_duties_are_swapped_offered_and_taken(team: Watch) -> None:
    team.publish()
    leader, council = session(team.world, "resident"), session(team.world, "council")
    one, other = team.of(team.leader), team.of(team.neighbour)
    do(leader, f"duties/{one.pk}/swap", other_id=str(other.pk), reason="有事")
    mine = team.of(team.leader)
    do(council, f"duties/{mine.pk}/offer", 409, reason="x")
    do(leader, f"duties/{mine.pk}/offer", reason="感冒了")
    assert not do(council, f"duties/{mine.pk}/stand-in", member_id=str(team.council.pk))["offered"]
    assert do(council, f"teams/members/{team.council.pk}/away", days=["3"])["days"] == ["3"]


def test_a_call_is_noted_and_becomes_a_matter_and_a_key_hears_no_caller(team: Watch) -> None:
    team.publish()
    council, office = session(team.world, "council"), session(team.world, "secretary")
    with team.world.at(ON):
        duty = team.duty().pk
        call = do(council, f"duties/{duty}/calls", 201, text="电梯有异响", name="柳春梅", phone="13800005678")["id"]
        assert get(council, f"duties/{duty}")["calls"][0]["phone"] == "138****5678"
        do(office, f"calls/{call}/instruct", words="请物业来看")
        assert do_matter(office, call)["display_number"]
        machine = key(team.world, "matters:read")
        (row,) = get(machine, "calls?state=matter")["rows"]
        assert (row["name"], row["phone"], row["unit"], row["text"]) == ("", "", "", "电梯有异响")
        assert set(row) <= set(CallLine.__dataclass_fields__)
        do(machine, f"calls/{call}/settle", 403, words="x")
        get(key(team.world, "activities:read"), "calls", 403)
        get(session(team.world, "outsider"), f"duties/{duty}", 404)
        value = office.post(
            f"/api/v1/calls/{call}/reveal", {"what": "phone", "reason": "回电"}, content_type="application/json"
        )
        assert value.json() == {"value": "13800005678"}


def do_matter(client: Client, call: str) -> Any:
    answer = client.post(f"/api/v1/calls/{call}/matter", {"id": str(new_id())}, content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def test_a_duty_is_handed_over_and_its_hours_are_published_objected_to_and_answered(team: Watch) -> None:
    team.publish()
    leader, council, office = (session(team.world, who) for who in ("resident", "council", "secretary"))
    with team.world.at(OVER):
        do(leader, f"duties/{team.duty().pk}/hand-over", taker_id=str(team.council.pk), minutes=90)
        assert do(key(team.world, "activities:write"), f"teams/{team.team.pk}/hours/publish") == {"published": 1}
        hours = Service.objects.get().pk
        do(council, f"hours/{hours}/object", words="只到了一小时")
        assert do(office, f"hours/{hours}/answer", text="改为一小时", minutes=60)["minutes"] == 60
        assert [row["state"] for row in get(leader, f"teams/{team.team.pk}/hours")["rows"]] == ["published"]


def test_duties_stand_in_ones_own_calendar_and_nameless_in_the_public_one(team: Watch) -> None:
    team.publish(text="每天 09:00–11:00 3人", until=FIRST)
    token = make_link(actor=team.world.actor("resident"))
    mine = list(Calendar.from_ical(Client().get(f"/calendar/own/{token}.ics").content).walk("VEVENT"))
    own = [duty for duty in Duty.objects.all() if duty.member_id == team.leader.pk]
    assert [str(one["summary"]) for one in mine] == ["红姐帮帮团值班"] * len(own)
    assert len(own) == 1
    answer = Client().get(f"/calendar/{COMMUNITY}.ics")
    (one,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(one["summary"]) == "红姐帮帮团值班（3 人）"
    assert one.decoded("dtstart") == own[0].starts_at
    assert not any(name in answer.content.decode() for name in ("张红姐", "冯红姐", "赵师傅"))
    before = (str(one["uid"]), int(one["sequence"]))
    team.do("offer", duty_id=own[0].pk, reason="感冒了")
    (later,) = Calendar.from_ical(Client().get(f"/calendar/{COMMUNITY}.ics").content).walk("VEVENT")
    assert str(later["uid"]) == before[0]
    assert int(later["sequence"]) > before[1]


def test_the_key_of_a_member_is_no_member(team: Watch) -> None:
    """What somebody may do by being in the team is theirs, and no machine's that acts in their name."""
    from dataclasses import replace

    from bihuan.activities.duties import api as duties

    team.publish()
    machine = replace(team.world.actor("resident"), via="key")
    with team.world.at(ON), pytest.raises(Exception, match=r"."):  # noqa: PT011 - 404 or refused: both keep it out
        duties.note_call(actor=machine, entry_id=new_id(), duty_id=team.duty().pk, text="x")
