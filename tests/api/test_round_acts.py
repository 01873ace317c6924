"""Visits, what they found, places and paired households by the machine interface; no key reaches a household."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bihuan.api.keys import make_key
from bihuan.api.scopes import SCOPES
from bihuan.fieldwork.models import Finding, Pairing, Place, Visit
from bihuan.kernel.api import new_id
from bihuan.kernel.models import PersonalRead, Sealed
from bihuan.matters.models import Matter
from tests.api.keykit import by_key, post
from tests.api.test_meeting_acts import session
from tests.fieldwork import households, rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Any:
    made = rounds.build()
    with made.at():
        yield made


@pytest.fixture
def world(db: None) -> Any:
    made = households.build()
    with made.at():
        yield made


def do(client: Client, path: str, status: int = 200, **body: Any) -> Any:
    answer = post(client, f"/api/v1/{path}", body)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def visited(client: Client, town: Any, status: int = 201, **more: Any) -> Any:
    given = {"id": str(new_id()), "area_code": rounds.BUILDINGS[0], "happened_at": town.now.isoformat(), **more}
    return do(client, "visits", status, **given)


def act(**more: Any) -> dict[str, Any]:
    return {"entry_id": str(new_id()), **more}


def test_a_visit_is_recorded_once_with_what_it_found_and_answered(town: Any) -> None:
    worker, key = session(town, "worker"), str(new_id())
    first = visited(worker, town, id=key, text="灯不亮", round="patrol", checklist={"exits": "bad"}, result="found")
    assert visited(worker, town, 200, id=key, text="灯不亮")["created"] is False
    finding = {"id": str(new_id()), "text": "消防通道堆了旧家具", "item": "exits"}
    found = do(worker, f"visits/{key}/findings", 201, **finding)
    assert do(worker, f"visits/{key}/findings", 200, **finding)["matter_id"] == found["matter_id"]
    assert (Visit.objects.count(), Finding.objects.count(), Matter.objects.count()) == (1, 1, 1)
    do(session(town, "secretary"), f"visits/{key}/review", **act(text="盯紧"))
    told = worker.get(f"/api/v1/visits/{key}").json()
    assert (told["text"], told["review"], told["may_correct"]) == ("灯不亮", "盯紧", True)
    assert [line["mark"] for line in told["checklist"]] == ["bad"]
    assert first["visit_id"] == key


def test_one_corrects_ones_own_visit_and_nobody_elses(town: Any) -> None:
    made = visited(session(town, "worker"), town, text="灯不亮")["visit_id"]
    do(session(town, "leader"), f"visits/{made}/correct", 403, **act(reason="x", text="y"))
    do(session(town, "worker"), f"visits/{made}/correct", **act(reason="写错了", text="灯亮了"))
    assert Visit.objects.get().text == "灯亮了"
    do(session(town, "worker"), f"visits/{made}/correct", **act(reason="没去", withdraw=True))
    assert Visit.objects.get().withdrawn


def test_a_visit_elsewhere_is_none_of_anybody_elses_business(town: Any) -> None:
    made = visited(session(town, "worker"), town)["visit_id"]
    stranger = session(town, "outsider")
    assert stranger.get(f"/api/v1/visits/{made}").status_code == 404
    do(stranger, f"visits/{made}/findings", 404, id=str(new_id()), text="x")
    do(stranger, f"visits/{made}/review", 404, **act(text="x"))
    do(Client(), f"visits/{made}/correct", 401, **act(reason="x"))


def test_a_place_is_registered_changed_and_taken_out_of_use(town: Any) -> None:
    office, key = session(town, "leader"), str(new_id())
    given = {"id": key, "area_code": rounds.BUILDINGS[0], "kind": "wall", "name": "西围墙", "lon": 113.2, "lat": 35.2}
    made = do(office, "places", 201, **given)
    assert do(office, "places", 200, **given)["created"] is False
    do(office, f"places/{key}/change", 409, **act(name="南围墙", expected_version=made["version"] + 5))
    do(office, f"places/{key}/change", **act(name="南围墙", expected_version=made["version"]))
    do(office, f"places/{key}/change", **act(active=False))
    assert (Place.objects.get(pk=key).name, Place.objects.get(pk=key).active) == ("南围墙", False)
    listed = office.get("/api/v1/places", {"area": rounds.COMMUNITY, "inactive": "true"}).json()["rows"]
    assert key in {row["id"] for row in listed}
    do(session(town, "outsider"), f"places/{key}/change", 404, **act(name="x"))


def test_places_come_in_whole_or_not_at_all(town: Any) -> None:
    office = session(town, "leader")
    table = f"区域,种类,名称\n{rounds.BUILDINGS[0]},wall,北围墙\n{rounds.BUILDINGS[0]},nothing,x\n".encode()
    path = "/api/v1/places/import?name=x.csv&dry_run=false"
    answer = office.post(path, table, content_type="application/octet-stream")
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["problems"][0]["line"] == 3
    assert not Place.objects.filter(name="北围墙").exists()
    assert session(town, "outsider").post(path, b"x", content_type="application/octet-stream").status_code in {403, 422}


def test_a_household_is_paired_visited_looked_at_and_forgotten(world: Any) -> None:
    office = session(world, "secretary")
    code, door = households.DOORS[0]
    given = {"key": "yiqi", "area_code": code, "door": door, "name": households.NAME, "phone": households.PHONE}
    key = str(new_id())
    do(office, "pairings", 201, id=key, needs=["life"], person_id=str(world.id("partner")), **given)
    do(office, f"pairings/{key}/consent", **act(how="signed", witness="邻居杨大姐"))
    told = office.get(f"/api/v1/pairings/{key}")
    assert households.NAME not in told.content.decode()
    assert households.PHONE not in told.content.decode()
    partner = session(world, "partner")
    when = {"happened_at": world.now.isoformat(), "finding_id": str(new_id())}
    do(partner, f"pairings/{key}/visits", 409, **act(need=f"{households.NAME}家缺轮椅", **when))
    assert not Visit.objects.exists()
    done = do(partner, f"pairings/{key}/visits", 201, **act(need="一户居民缺轮椅", help_kind="life", **when))
    assert done["found"]["matter_id"]
    assert do(partner, f"pairings/{key}/look", name="phone", reason="上门前预约")["value"] == households.PHONE
    assert PersonalRead.objects.count() == 1
    do(office, f"pairings/{key}/withdraw", **act(how="signed"))
    assert not Sealed.objects.filter(subject_type="pairing", erased_at=None).exists()
    assert Pairing.objects.get().state == "ended"


def test_no_key_reaches_a_household_or_a_visit_to_one(world: Any) -> None:
    pairing = world.paired()
    key = str(new_id())
    when = {"happened_at": world.now.isoformat(), "finding_id": str(new_id())}
    do(session(world, "partner"), f"pairings/{pairing.pk}/visits", 201, entry_id=key, **when)
    every = by_key(
        make_key(actor=world.actor("secretary"), name="x", area_code=households.COMMUNITY, scopes=list(SCOPES)).text
    )
    for path in (f"pairings/{pairing.pk}", "pairings", "pairings/mine"):
        assert every.get(f"/api/v1/{path}").status_code == 403
    assert every.get(f"/api/v1/visits/{key}").status_code == 404
    do(every, f"visits/{key}/findings", 404, id=str(new_id()), text="x")
    do(every, f"pairings/{pairing.pk}/look", 403, name="phone", reason="x")


def test_a_key_lists_neither_its_persons_visits_to_households_nor_those_of_elsewhere(world: Any) -> None:
    pairing, key = world.paired(), str(new_id())
    when = {"happened_at": world.now.isoformat(), "finding_id": str(new_id())}
    do(session(world, "partner"), f"pairings/{pairing.pk}/visits", 201, entry_id=key, **when)
    Visit.objects.filter(pk=key).update(person_id=world.id("secretary"))
    secretary = session(world, "secretary")
    where = {"area_code": households.DOORS[0][0], "happened_at": world.now.isoformat()}
    plain = do(secretary, "visits", 201, id=str(new_id()), text="看了看", **where)["visit_id"]

    def listed(area: str) -> list[str]:
        made = make_key(actor=world.actor("secretary"), name="x", area_code=area, scopes=list(SCOPES))
        return [row["id"] for row in by_key(made.text).get("/api/v1/visits").json()["rows"]]

    assert {row["id"] for row in secretary.get("/api/v1/visits").json()["rows"]} == {plain, key}
    assert listed(households.COMMUNITY) == [plain]
    assert listed(households.DOORS[1][0]) == []


def test_to_whom_a_household_is_none_of_theirs_it_does_not_exist(world: Any) -> None:
    pairing = world.paired()
    for who in ("outsider", "bank", "admin"):
        client = session(world, who)
        assert client.get(f"/api/v1/pairings/{pairing.pk}").status_code == 404
        do(client, f"pairings/{pairing.pk}/look", 404, name="name", reason="x")
        do(client, f"pairings/{pairing.pk}/end", 404, **act(reason="solved"))
        do(client, f"pairings/{pairing.pk}/withdraw", 404, **act(how="signed"))
