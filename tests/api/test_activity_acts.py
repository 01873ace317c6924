"""Activities and teams by the machine interface: the pages' use cases, and names told to nobody but who holds them."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bihuan.activities.models import Activity, Member, SignUp
from bihuan.kernel.api import new_id
from bihuan.kernel.models import StoredFile
from tests.activities.conftest import Stage, stage
from tests.api.fieldkit import jpeg
from tests.api.keykit import post
from tests.api.test_meeting_acts import machine, session
from tests.meetings.world import COMMUNITY

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> Any:
    made = stage()
    with made.at():
        yield made


def do(client: Client, path: str, status: int = 200, **body: Any) -> Any:
    key = {} if "id" in body else {"entry_id": str(new_id())}
    answer = post(client, f"/api/v1/{path}", key | body)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def what(world: Stage, **more: Any) -> dict[str, Any]:
    starts = world.now + timedelta(days=7)
    return {
        "title": "元宵节游园会",
        "place": "小区广场",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=2)).isoformat(),
        **more,
    }


def announced(client: Client, world: Stage, status: int = 201, **more: Any) -> str:
    given = what(world, area_code=COMMUNITY, kind="festival", **more)
    return str(do(client, "activities", status, **given).get("id", ""))


def test_an_activity_is_announced_changed_signed_up_for_and_recorded(world: Stage) -> None:
    office = session(world, "secretary")
    made = announced(office, world, capacity=3)
    do(office, f"activities/{made}/change", **what(world, place="文化广场", capacity=3, reason="下雨"))
    auntie = do(Client(), f"activities/{made}/sign-ups", 201, id=str(new_id()), name="王阿姨", people=2)
    late = do(Client(), f"activities/{made}/sign-ups", 201, id=str(new_id()), name="李叔", people=2)
    assert (auntie["waiting"], late["waiting"]) == (False, True)
    helped = do(office, f"activities/{made}/sign-ups/for-somebody", 201, id=str(new_id()), name="赵奶奶")
    do(office, f"activities/sign-ups/{helped['id']}/withdraw")
    told = office.get(f"/api/v1/activities/{made}/sign-ups").json()
    assert {line["name"] for line in told["sign_ups"] if line["state"] != "withdrawn"} == {"王阿姨", "李叔"}
    with world.at(world.now + timedelta(days=8)):
        photo = {"data": base64.b64encode(jpeg()).decode()}
        done = do(
            session(world, "secretary"), f"activities/{made}/hold", came=[auntie["id"]], uncounted=30, photos=[photo]
        )
    assert done["state"] == "held"
    assert StoredFile.objects.filter(subject_type="activity", public=True).count() == 1
    assert Activity.objects.get().came_uncounted == 30


def test_the_same_announcement_and_sign_up_again_are_the_same(world: Stage) -> None:
    office, key = session(world, "secretary"), str(new_id())
    assert announced(office, world, entry_id=key) == announced(office, world, 200, entry_id=key)
    mine = {"id": str(new_id()), "name": "王阿姨"}
    first = do(Client(), f"activities/{key}/sign-ups", 201, **mine)
    assert do(Client(), f"activities/{key}/sign-ups", 200, **mine) == first
    assert SignUp.objects.count() == 1


def test_one_withdraws_by_ones_own_secret_and_by_no_other(world: Stage) -> None:
    made = announced(session(world, "secretary"), world)
    mine = do(Client(), f"activities/{made}/sign-ups", 201, id=str(new_id()), name="王阿姨")
    do(Client(), "activities/sign-ups/withdraw", 404, token="x" * 24)
    do(Client(), f"activities/sign-ups/{mine['id']}/withdraw", 401)
    do(session(world, "outsider"), f"activities/sign-ups/{mine['id']}/withdraw", 404)
    assert do(Client(), "activities/sign-ups/withdraw", token=mine["token"])["state"] == "withdrawn"


def test_a_key_reads_no_name_of_who_signed_up_or_sings(world: Stage) -> None:
    office = machine(world, "activities:write", "activities:read")
    made = announced(office, world)
    do(Client(), f"activities/{made}/sign-ups", 201, id=str(new_id()), name="王阿姨")
    assert "王阿姨" not in office.get(f"/api/v1/activities/{made}/sign-ups").content.decode()
    team = do(office, "teams", 201, area_code=COMMUNITY, kind="arts", name="合唱队")["id"]
    do(office, f"teams/{team}/members", 201, name="孙二胡", talent="二胡")
    told = office.get(f"/api/v1/teams/{team}").json()
    assert [(line["name"], line["talent"]) for line in told["members"]] == [("", "二胡")]
    do(office, f"teams/{team}/members/myself", 403)


def test_a_kind_that_is_none_is_answered_with_those_there_are(world: Stage) -> None:
    told = do(session(world, "secretary"), "activities", 404, **what(world, area_code=COMMUNITY, kind="party"))
    assert [problem["where"] for problem in told["problems"]] == ["kind"]
    assert "festival" in told["problems"][0]["how"]


def test_who_is_no_organiser_announces_nothing_and_reads_no_list(world: Stage) -> None:
    made = announced(session(world, "secretary"), world)
    assert announced(session(world, "outsider"), world, 409) == ""
    assert session(world, "outsider").get(f"/api/v1/activities/{made}/sign-ups").status_code == 404
    assert session(world, "resident").get(f"/api/v1/activities/{made}/sign-ups").status_code in {403, 404}
    do(session(world, "resident"), f"activities/{made}/call-off", 404, reason="x")


def test_a_team_is_founded_joined_handed_over_and_ended(world: Stage) -> None:
    office = session(world, "secretary")
    team = do(office, "teams", 201, area_code=COMMUNITY, kind="arts", name="合唱队")["id"]
    mine = do(session(world, "cadre"), f"teams/{team}/members/myself", 201, talent="舞蹈")
    do(office, f"teams/{team}/lead", 404, leader_id=str(world.id("worker")))
    do(office, f"teams/{team}/lead", leader_id=str(world.id("cadre")))
    other = do(session(world, "cadre"), f"teams/{team}/members", 201, name="李叔")
    assert do(session(world, "cadre"), f"teams/members/{other['id']}/leave")["until"]
    assert do(office, f"teams/{team}/end", reason="并入艺术团")["ended"]
    assert Member.objects.get(pk=mine["id"]).until is not None


def test_what_is_no_photo_is_told_and_nothing_is_recorded(world: Stage) -> None:
    office = session(world, "secretary")
    made = announced(office, world)
    with world.at(world.now + timedelta(days=8)):
        client = session(world, "secretary")
        bad = {"data": base64.b64encode(b"no picture").decode()}
        assert do(client, f"activities/{made}/hold", 422, photos=[bad])["problems"]
        assert do(client, f"activities/{made}/hold", 422, photos=[{"tag": "scene"}])["problems"]
        assert do(client, f"activities/{made}/hold", 422, photos=[{"data": "###"}])["problems"]
    assert Activity.objects.get().state == "announced"
