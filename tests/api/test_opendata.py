"""Open data and maps: all that is public and nothing else, dated, licensed, in as little memory as wanted."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.api import publicly
from bihuan.areas.models import Area
from bihuan.matters.models import Matter
from tests.api.keykit import by_key, key_text
from tests.matters.conftest import BUILDINGS, COMMUNITY, OTHER, Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    made = make_town()
    Area.objects.filter(code=BUILDINGS[0]).update(lon=113.205, lat=35.205, shape_source="样例绘制")
    return made


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def as_json(client: Client, **params: str) -> Any:
    return json.loads(body(client.get("/api/v1/open/matters.json", params)))


def test_the_files_are_dated_and_say_their_licence(town: Town, client: Client, settings: Any) -> None:
    settings.OPEN_DATA_LICENCE = "测试许可 1.0"
    done = town.report(title="路灯不亮", category="facility")
    told = as_json(client)
    assert told["licence"] == "测试许可 1.0"
    assert told["published_at"].endswith("+08:00")
    assert told["rows"][0]["number"] == done.number
    answer = client.get("/api/v1/open/matters.csv")
    text = body(answer).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert "测试许可 1.0" in lines[0][0]
    assert lines[2][lines[1].index("number")] == done.number
    assert "attachment" in answer["Content-Disposition"]


def test_what_is_not_public_is_in_no_file(town: Town, client: Client) -> None:
    open_, hidden, same = town.report(), town.report(title="不公开"), town.report()
    Matter.objects.filter(pk=hidden.matter_id).update(public=False)
    Matter.objects.filter(pk=same.matter_id).update(duplicate_of_id=open_.matter_id)
    assert [row["number"] for row in as_json(client)["rows"]] == [open_.number]
    shapes = client.get("/api/v1/matters.geojson").json()
    assert [one["id"] for one in shapes["features"]] == [open_.number]


def test_no_word_of_a_resident_and_no_place_of_a_phone_gets_out(town: Town, client: Client) -> None:
    town.report(text="三楼王大妈家的灯", title="路灯不亮", lon=113.2051234, lat=35.2051234, area_code=BUILDINGS[0])
    everything = (
        json.dumps(as_json(client), ensure_ascii=False) + client.get("/api/v1/matters.geojson").content.decode()
    )
    assert "路灯不亮" in everything
    assert "王大妈" not in everything
    assert "2051234" not in everything


def test_a_category_that_the_method_keeps_to_itself_is_not_given_away(
    town: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.report(category="facility")
    assert as_json(client)["rows"][0]["category"] == "facility"
    monkeypatch.setattr("bihuan.api.rest.words.PublicWords.shows", lambda _self, _field: False)
    row = as_json(client)["rows"][0]
    assert (row["category"], row["category_title"]) == ("", "")


@pytest.mark.parametrize("area", ["", COMMUNITY, "410802"])
def test_the_whole_is_read_by_key_in_pieces_and_each_row_once(town: Town, area: str) -> None:
    numbers = [town.report(area_code=BUILDINGS[n % 3]).number for n in range(7)]
    with CaptureQueriesContext(connection) as captured:
        found = [one.number for one in publicly.each(publicly.matters(area=area), area, chunk=2)]
    assert sorted(found) == sorted(numbers)
    assert len(found) == 7
    selects = [query["sql"] for query in captured if "matters_matter" in query["sql"]]
    assert len(selects) == 4
    assert all("OFFSET" not in sql for sql in selects)


def test_a_row_that_would_be_a_formula_is_a_text(town: Town, client: Client) -> None:
    town.report(title='=HYPERLINK("http://x","y")')
    lines = list(csv.reader(io.StringIO(body(client.get("/api/v1/open/matters.csv")).decode("utf-8-sig"))))
    assert lines[2][lines[1].index("title")].startswith("'=")


def test_the_map_shows_what_lies_in_a_box(town: Town, client: Client) -> None:
    done = town.report(area_code=BUILDINGS[0])
    town.report(area_code=BUILDINGS[1])

    def found(**params: str) -> list[str]:
        return [one["id"] for one in client.get("/api/v1/matters.geojson", params).json()["features"]]

    assert found(bbox="113.2,35.2,113.21,35.21") == [done.number]
    assert found(bbox="0,0,1,1") == []
    assert len(found(limit="1")) == 1
    assert found(area=OTHER) == []
    for wrong in ("1,2,3", "a,b,c,d", "3,1,2,2", "nan,1,2,3"):
        assert client.get("/api/v1/matters.geojson", {"bbox": wrong}).status_code == 422


def test_areas_say_who_drew_them_and_give_no_door_away(town: Town, client: Client) -> None:
    Area.objects.filter(code=BUILDINGS[0]).update(door_token="geheim-123", households=48)
    told = client.get(f"/api/v1/areas/{COMMUNITY}/shapes").json()
    one = next(feature for feature in told["features"] if feature["id"] == BUILDINGS[0])
    assert one["properties"]["shape_source"] == "样例绘制"
    assert one["geometry"] == {"type": "Point", "coordinates": [113.205, 35.205]}
    row = client.get(f"/api/v1/areas/{BUILDINGS[0]}").json()
    assert row["name"] == "电建社区1号楼"
    assert "geheim" not in json.dumps([told, row])
    assert "households" not in json.dumps([told, row])


def test_areas_page_by_their_codes(town: Town, client: Client) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        told = client.get("/api/v1/areas", {"limit": "4", **({"cursor": cursor} if cursor else {})}).json()
        seen += [row["code"] for row in told["rows"]]
        if told["next"] is None:
            break
        cursor = told["next"]
    assert seen == sorted(Area.objects.values_list("code", flat=True))


MONTHS = {"area": COMMUNITY, "since": "202404", "until": "202404"}


def test_figures_of_a_community_are_open_and_say_their_licence(town: Town, client: Client) -> None:
    town.report()
    town.report(area_code=f"{OTHER}001")
    told = client.get("/api/v1/open/figures.json", MONTHS).json()
    assert told["licence"]
    collected = next(row for row in told["rows"] if row["key"] == "collected")
    assert collected["value"] == "1"
    lines = list(csv.reader(io.StringIO(body(client.get("/api/v1/open/figures.csv", MONTHS)).decode("utf-8-sig"))))
    assert next(line for line in lines[2:] if line[0] == "collected")[lines[1].index("value")] == "1"


@pytest.mark.parametrize("area", [BUILDINGS[0], f"{COMMUNITY}0", "410899"])
def test_figures_of_a_building_or_of_nowhere_are_not(town: Town, client: Client, area: str) -> None:
    assert client.get("/api/v1/open/figures.json", {**MONTHS, "area": area}).status_code in {404, 422}


def test_a_key_reads_figures_and_the_matters_behind_them_as_far_as_its_scopes_go(town: Town) -> None:
    done = town.report()
    client = by_key(key_text(town, "figures:read"))
    told = client.get("/api/v1/figures", {**MONTHS, "only": "collected"}).json()
    assert [(row["key"], row["value"]) for row in told["figures"]] == [("collected", "1")]
    behind = {**MONTHS, "key": "collected"}
    assert client.get("/api/v1/figures/matters", behind).json()["rows"] == []
    both = by_key(key_text(town, "figures:read", "matters:read"))
    assert [row["number"] for row in both.get("/api/v1/figures/matters", behind).json()["rows"]] == [done.number]
    assert by_key(key_text(town, "matters:read")).get("/api/v1/figures", MONTHS).status_code == 403


def test_a_key_exports_a_register_with_personal_values_masked(town: Town) -> None:
    done = town.report(phone="13812345678")
    client = by_key(key_text(town, "registers:read"))
    listed = client.get("/api/v1/registers", {"area": COMMUNITY}).json()["registers"]
    assert listed
    files = [
        body(client.get(f"/api/v1/registers/{one['key']}/csv", {"area": COMMUNITY})).decode("utf-8-sig")
        for one in listed
    ]
    assert any(done.number in text or done.display_number in text for text in files)
    assert not any("13812345678" in text for text in files)
    assert client.get(f"/api/v1/registers/{listed[0]['key']}/csv", {"area": OTHER}).status_code in {403, 409}
    assert by_key(key_text(town, "matters:read")).get("/api/v1/registers", {"area": COMMUNITY}).status_code == 403
