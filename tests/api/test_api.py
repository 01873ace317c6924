"""The machine interface: the same rules as the pages, errors as problem+json, and never a 5xx."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.api import new_id
from bihuan.matters.models import Matter
from bihuan.people.models import User
from tests.matters.conftest import BUILDINGS, COMMUNITY, Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def post(client: Client, url: str, body: Any, **headers: str) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json", headers=headers)


def a_report(**more: Any) -> dict[str, Any]:
    return {"id": str(new_id()), "text": "楼道里的路灯不亮", "area_code": BUILDINGS[0], **more}


def sign_in(town: Town, name: str, *, checks: bool = False) -> Client:
    user = User.objects.create(username=name, person_id=town.id_of(name))
    client = Client(enforce_csrf_checks=checks)
    client.force_login(user, backend="bihuan.people.backends.PasswordBackend")
    return client


def test_anybody_may_report_and_a_resend_is_the_same_report(town: Town, client: Client) -> None:
    body = a_report(follow_token="k" * 30)
    first, second = post(client, "/api/v1/reports", body), post(client, "/api/v1/reports", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["number"] == second.json()["number"]
    assert second.json() == {**first.json(), "created": False}
    assert Matter.objects.count() == 1
    assert Matter.objects.get().channel == "api"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"text": ""}, "text"),
        ({"id": "7"}, "id"),
        ({"area_code": "999"}, "area_code"),
        ({"phone": "1"}, "phone"),
        ({"nonsense": 1}, "nonsense"),
        ({"extra": {"nonsense": 1}}, "nonsense"),
        ({"lon": 500, "lat": 0}, "lon"),
    ],
)
def test_bad_input_is_told_where_why_and_how(town: Town, client: Client, change: dict[str, Any], where: str) -> None:
    answer = post(client, "/api/v1/reports", a_report(**change))
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()["problems"][0]
    assert problem["where"] == where
    assert problem["why"]


def test_what_is_no_json_is_told_so(town: Town, client: Client) -> None:
    answer = client.post("/api/v1/reports", b"{", content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_flood_from_one_address_is_slowed_down(town: Town, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.api.access.REPORTS_PER_HOUR", 2)
    codes = [post(client, "/api/v1/reports", a_report()).status_code for _n in range(3)]
    assert codes == [201, 201, 429]
    assert int(post(client, "/api/v1/reports", a_report())["Retry-After"]) > 0


def test_a_flood_from_one_person_is_slowed_down_and_nobody_elses(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.api.access.REPORTS_PER_HOUR", 2)
    resident, neighbour = sign_in(town, "resident"), sign_in(town, "neighbour")
    answers = [post(resident, "/api/v1/reports", a_report()) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert answers[-1].json()["problems"][0] == {
        "where": "",
        "why": "您在短时间内提交得太多了。",
        "how": "请稍后再试。",
    }
    assert post(neighbour, "/api/v1/reports", a_report()).status_code == 201


def test_a_batch_counts_its_reports_and_staff_may_send_many(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.api.access.REPORTS_PER_HOUR", 1)
    monkeypatch.setattr("bihuan.api.access.STAFF_REPORTS_PER_HOUR", 7)
    leader = sign_in(town, "leader")

    def send(count: int) -> Any:
        return post(leader, "/api/v1/reports/batch", {"reports": [a_report() for _n in range(count)]})

    assert send(5).json()["accepted"] == 5
    refused = send(3)
    assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
    assert [post(leader, "/api/v1/reports", a_report()).status_code for _n in range(3)] == [201, 201, 429]
    assert Matter.objects.count() == 7


def test_a_signed_in_report_by_http_takes_at_most_ten_statements(town: Town) -> None:
    worker = sign_in(town, "worker")
    post(worker, "/api/v1/reports", a_report())
    with CaptureQueriesContext(connection) as caught:
        assert post(worker, "/api/v1/reports", a_report(phone="13812345678")).status_code == 201
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    work = [query["sql"] for query in caught.captured_queries if not query["sql"].startswith(frame)]
    assert len(work) <= 10, "\n".join(text[:160] for text in work)


@pytest.mark.parametrize("url", ["/api/v1/todo", "/api/v1/ledger", f"/api/v1/map/{COMMUNITY}"])
def test_lists_are_for_those_signed_in(town: Town, client: Client, url: str) -> None:
    assert client.get(url).status_code == 401
    assert sign_in(town, "secretary").get(url).status_code == 200


def test_a_session_writes_only_with_its_csrf_token(town: Town) -> None:
    client = sign_in(town, "worker", checks=True)
    assert post(client, "/api/v1/reports", a_report()).status_code == 403
    client.cookies["csrftoken"] = "t" * 32
    assert post(client, "/api/v1/reports", a_report(), **{"X-CSRFToken": "t" * 32}).status_code == 201


def test_acting_by_api_obeys_the_method_the_version_and_the_rights(town: Town) -> None:
    worker, stranger = sign_in(town, "worker"), sign_in(town, "stranger")
    matter = post(worker, "/api/v1/reports", a_report()).json()["matter_id"]
    url = f"/api/v1/matters/{matter}/advance"
    act = {
        "entry_id": str(new_id()),
        "action": "triage",
        "expected_version": 1,
        "data": {"category": "facility", "urgency": "normal", "level": "grid"},
    }
    assert post(Client(), url, act).status_code == 401
    assert post(stranger, url, act).status_code == 404
    assert post(worker, url, {**act, "data": {}}).status_code == 422
    assert post(worker, url, {**act, "action": "confirm"}).status_code == 409
    first, again = post(worker, url, act), post(worker, url, act)
    assert (first.json()["step"], again.json()["created"]) == ("grid_agenda", False)
    late = post(worker, url, {**act, "entry_id": str(new_id())})
    assert (late.status_code, late.json()["current_version"]) == (409, 2)


def test_the_reporters_link_acts_without_an_account(town: Town, client: Client) -> None:
    done = town.report(town.actors["resident"])
    town.to_checking(done.matter_id)
    town.do("neighbour", done.matter_id, "sign_off")
    act = {"entry_id": str(new_id()), "action": "confirm"}
    url = f"/api/v1/matters/{done.matter_id}/advance"
    assert post(client, url, {**act, "follow_token": "n" * 32}).status_code == 404
    answer = post(client, url, {**act, "follow_token": done.follow_token})
    assert answer.json()["outcome"] == "solved"


def test_what_is_public_is_public_and_no_more(town: Town, client: Client) -> None:
    number = post(client, "/api/v1/reports", a_report(phone="13812345678")).json()["number"]
    page = client.get(f"/api/v1/matters/public/{number}")
    assert page.json()["public_words"] == "已收到，正在了解情况"
    assert "1381" not in page.content.decode()
    assert client.get("/api/v1/matters/public/nothing").status_code == 404


def test_the_map_counts_each_building_as_geojson(town: Town, client: Client) -> None:
    post(client, "/api/v1/reports", a_report())
    answer = sign_in(town, "secretary").get(f"/api/v1/map/{COMMUNITY}")
    assert answer["Content-Type"] == "application/geo+json"
    counts = {feature["id"]: feature["properties"]["open"] for feature in answer.json()["features"]}
    assert (counts[BUILDINGS[0]], counts[BUILDINGS[1]]) == (1, 0)
    assert sign_in(town, "stranger").get(f"/api/v1/map/{COMMUNITY}").status_code == 404


def test_a_batch_is_for_recorders_and_answers_line_by_line(town: Town, client: Client) -> None:
    body = {"reports": [a_report(), {"id": "x"}, a_report(area_code=BUILDINGS[1])]}
    assert post(client, "/api/v1/reports/batch", body).status_code == 401
    assert post(sign_in(town, "resident"), "/api/v1/reports/batch", body).status_code == 403
    answer = post(sign_in(town, "leader"), "/api/v1/reports/batch", body).json()
    assert answer["accepted"] == 2
    assert [line["problem"] is None for line in answer["results"]] == [True, False, True]
    too_many = {"reports": [a_report()] * 501}
    assert post(sign_in(town, "secretary"), "/api/v1/reports/batch", too_many).status_code == 422


def test_the_interface_describes_itself(client: Client, db: None) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/reports", "/api/v1/reports/batch", "/api/v1/todo", "/api/v1/ledger"} <= set(paths)
