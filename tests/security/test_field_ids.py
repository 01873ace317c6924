"""A phone that names what is not its person's: nothing is done to it, and the answer tells nothing of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache

from bihuan.fieldwork.models import Finding, Place, Visit
from bihuan.kernel import throttle
from bihuan.kernel.api import new_id
from bihuan.kernel.models import Entry, StoredFile
from bihuan.matters.models import Matter
from tests.api.fieldkit import Phone, act, finding, item, jpeg, phone_of, problem, visit, when
from tests.kernel.sounds_made import webm
from tests.matters.conftest import BUILDINGS, OTHER, Town, make_town

SECRET = "王大爷家的药放在门口"


@pytest.fixture
def town(db: None) -> Town:
    cache.clear()
    throttle._seen.clear()
    return make_town()


@pytest.fixture
def theirs(town: Town) -> dict[str, Any]:
    """What a grid worker of another community has: a visit with its words, a matter, a place, a photo not yet used."""
    phone = phone_of(town, "worker")
    went, told = visit(SECRET, photos=[phone.photo(1)]), problem(SECRET)
    assert phone.states(went, told) == ["done", "done"]
    place = Place.objects.create(
        id=new_id(), area_code=BUILDINGS[0], kind="wall", name="三号墙", version=1, head_hash=bytes(32)
    )
    return {"visit": went, "matter": told["id"], "place": str(place.pk), "photo": phone.photo(2), "phone": phone}


def _attacks(theirs: dict[str, Any]) -> dict[str, dict[str, Any]]:
    mine = {"area_code": BUILDINGS[0], "happened_at": when()}
    return {
        "finding of another's visit": finding(theirs["visit"]),
        "finding that joins another's matter": finding(theirs["visit"], join=theirs["matter"], expected_version=1),
        "act on another's matter": act(theirs["matter"], expected_version=1),
        "part of another's matter": problem(area_code=f"{OTHER}001", parent_id=theirs["matter"]),
        "record elsewhere": problem(),
        "visit elsewhere": visit("我也去过"),
        "visit to a place elsewhere": item("visit", {**mine, "area_code": "", "place_id": theirs["place"]}),
        "visit with another's photo": visit("有照片", area_code=f"{OTHER}001", photos=[theirs["photo"]]),
        "help of no pairing": item("help", {**mine, "pairing_id": str(new_id()), "help_kind": "life"}),
        "another's visit under its own id": {**theirs["visit"], "data": {**mine, "text": "改成我的"}},
    }


def _rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Entry, Visit, Finding, Matter))


@pytest.mark.parametrize("name", _attacks({"visit": {"id": ""}, "matter": "", "place": "", "photo": ""}))
def test_nothing_of_anothers_is_touched_or_told(town: Town, theirs: dict[str, Any], name: str) -> None:
    before, kept = _rows(), Visit.objects.values_list("text", "person_id", "version").get(pk=theirs["visit"]["id"])
    answer = phone_of(town, "stranger").send(_attacks(theirs)[name])
    assert answer.status_code == 200
    (result,) = answer.json()["results"]
    assert result["state"] in {"refused", "conflict", "waiting"}
    assert (result["now"], result["matter_id"], result["number"]) == (None, None, "")
    assert SECRET not in answer.content.decode()
    assert "三号墙" not in answer.content.decode()
    assert "电建-" not in answer.content.decode()
    assert _rows() == before
    assert Visit.objects.values_list("text", "person_id", "version").get(pk=theirs["visit"]["id"]) == kept


def test_all_of_them_at_once_keep_none_of_the_attackers_own_records_out_nor_let_one_in(
    town: Town, theirs: dict[str, Any]
) -> None:
    before = _rows()
    results = phone_of(town, "stranger").sync(*_attacks(theirs).values())
    assert {one["state"] for one in results} <= {"refused", "conflict", "waiting"}
    assert _rows() == before


def test_a_file_of_anothers_is_neither_read_nor_replaced_nor_told_of(town: Town, theirs: dict[str, Any]) -> None:
    other = phone_of(town, "stranger")
    kept = StoredFile.objects.values_list("sha256", "subject_id").get(pk=theirs["photo"])
    for data, kind in ((jpeg(9), "photo"), (jpeg(2), "photo"), (webm(), "sound")):
        answer = other.put(data, theirs["photo"], kind=kind)
        assert answer.status_code == 409
        assert "sha" not in answer.content.decode()
    assert StoredFile.objects.values_list("sha256", "subject_id").get(pk=theirs["photo"]) == kept
    assert other.client.get(f"/photos/{theirs['photo']}/").status_code == 404


def test_the_day_of_somebody_elsewhere_holds_nothing_of_it(town: Town, theirs: dict[str, Any]) -> None:
    answer = phone_of(town, "stranger").client.get("/api/v1/field/day")
    assert SECRET not in answer.content.decode()
    assert theirs["matter"] not in answer.content.decode()


@pytest.mark.parametrize(
    "body",
    [
        "[" * 200_000,
        '{"items": ' + "[" * 100_000,
        json.dumps({"items": [{"id": str(new_id()), "kind": "visit", "data": {}}] * 101}),
        json.dumps({"items": [{"id": "x" * 100_000, "kind": "visit", "data": {}}]}),
        json.dumps({"items": [{"id": str(new_id()), "kind": "visit", "data": {}, "after": ["x"] * 50_000}]}),
        '{"items": [{"id": 1e400}]}',
        '{"items": "' + "\\ud800" * 100_000 + '"}',
    ],
    ids=["deep", "deep within", "too many", "long id", "after without end", "infinite", "half characters"],
)
def test_a_bent_queue_is_told_so_and_nothing_more(town: Town, body: str) -> None:
    phone: Phone = phone_of(town, "worker")
    answer = phone.client.post("/api/v1/field/sync", body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"
    assert len(answer.content) < 20_000
    assert not Visit.objects.exists()


def test_items_full_of_nonsense_are_each_told_in_few_words(town: Town) -> None:
    bent = [
        visit(
            "", together=[{"role": "x" * 60, "name": "y" * 300}] * 30, checklist={f"k{n}": "z" * 60 for n in range(60)}
        )
        for _ in range(100)
    ]
    answer = phone_of(town, "worker").send(*bent)
    assert answer.status_code == 200
    assert {one["state"] for one in answer.json()["results"]} == {"refused"}
    assert len(answer.content) < 200_000
    assert not Visit.objects.exists()
