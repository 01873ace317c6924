"""What is sent: who may not send it has no byte of it read, and nobody makes the site work through a flood."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client

from bihuan.api.access import MANY, ONE
from bihuan.api.rest import mistakes
from bihuan.fieldwork.models import Visit
from bihuan.kernel.api import Problem
from tests.api.fieldkit import phone_of, visit
from tests.matters.conftest import Town, make_town

SOME_ID = "018ea0c1-0000-7000-8000-000000000001"  # the same in every process: it stands in the names of tests

QUEUE, BATCH = "/api/v1/field/sync", "/api/v1/reports/batch"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


class Untouched(io.BytesIO):
    """A body that fails the test when somebody reads it."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def _send(client: Client, method: str, path: str, length: int = 100, kind: str = "application/json") -> int:
    more: dict[str, Any] = {"wsgi.input": Untouched(), "CONTENT_LENGTH": str(length), "CONTENT_TYPE": kind}
    return int(client.generic(method, path, **more).status_code)


def _file() -> str:
    return f"/api/v1/field/files/{SOME_ID}"


@pytest.mark.parametrize("kind", ["application/json", FORM, MULTIPART])
@pytest.mark.parametrize(("method", "path"), [("POST", QUEUE), ("POST", BATCH), ("PUT", _file())])
def test_whoever_is_signed_out_is_refused_before_the_body_is_read(
    town: Town, method: str, path: str, kind: str
) -> None:
    assert _send(Client(), method, path, kind=kind) == 401


@pytest.mark.parametrize("kind", ["application/json", FORM, MULTIPART])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", QUEUE), ("POST", BATCH), ("PUT", _file()), ("POST", "/api/v1/reports")]
)
def test_a_session_without_its_token_is_refused_before_the_body_is_read(
    town: Town, method: str, path: str, kind: str
) -> None:
    client = phone_of(town, "worker", checks=True).client
    client.cookies["csrftoken"] = "t" * 32
    assert _send(client, method, path, kind=kind) == 403


def test_a_token_among_the_fields_of_a_form_is_no_token(town: Town) -> None:
    client = phone_of(town, "worker", checks=True).client
    client.cookies["csrftoken"] = "t" * 32
    body = "csrfmiddlewaretoken=" + "t" * 32
    assert client.post(QUEUE, body, content_type=FORM).status_code == 403


def test_whose_post_records_nothing_is_refused_before_the_file_is_read(town: Town) -> None:
    assert _send(phone_of(town, "resident").client, "PUT", _file()) == 403


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("POST", QUEUE, MANY),
        ("POST", BATCH, MANY),
        ("PUT", _file(), 10 * 1024 * 1024),
        ("POST", "/api/v1/reports", MANY),  # with photos
        ("POST", f"/api/v1/matters/{SOME_ID}/advance", MANY),
        ("POST", f"/api/v1/meetings/{SOME_ID}/end", ONE),
    ],
    ids=["queue", "batch", "file", "report", "act", "meeting"],
)
def test_a_body_that_is_too_long_is_refused_before_it_is_read(town: Town, method: str, path: str, most: int) -> None:
    assert _send(phone_of(town, "worker").client, method, path, most + 1) == 413


def test_the_longest_queue_that_a_phone_can_make_is_short_enough(town: Town) -> None:
    queue = [visit("长" * 2000, title="题" * 60, checklist={f"item{n}": "ok" for n in range(60)}) for _ in range(100)]
    assert len(json.dumps({"items": queue})) < MANY


def test_names_without_end_are_never_compared_one_by_one(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []

    def noted(found: Any) -> Problem:
        told.append(found)
        return mistakes.problem_of(found)

    monkeypatch.setattr("bihuan.api.rest.problems.problem_of", noted)
    monkeypatch.setattr("bihuan.api.rest.syncing.problem_of", noted)
    client, flood = phone_of(town, "worker").client, {f"x{n}": n for n in range(9_000)}
    one = visit("好的")
    bodies = [
        (QUEUE, flood),
        (QUEUE, {"items": [], **flood}),
        (QUEUE, {"items": [{**one, **flood}]}),
        (BATCH, {"reports": [flood]}),
        ("/api/v1/reports", flood),
        ("/api/v1/reports", {"extra": {"a": [flood]}}),
    ]
    for path, body in bodies:
        answer = client.post(path, json.dumps(body), content_type="application/json")
        assert answer.status_code == 422
        assert len(answer.json()["problems"]) == 1
    answer = client.post(QUEUE, json.dumps({"items": [{**one, "data": flood}]}), content_type="application/json")
    assert answer.json()["results"][0]["state"] == "refused"
    assert not told
    assert not Visit.objects.exists()
