"""Whatever is sent, by a session or by a key, the answer is one that the description names, in the shape it names."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
import schemathesis
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, settings

from bihuan.api.open311.calls import open311
from bihuan.api.rest.v1 import api
from bihuan.api.scopes import SCOPES
from bihuan.kernel.api import new_id
from bihuan.people.models import User
from tests.api.keykit import by_key, key_text
from tests.matters.conftest import Town, make_town

pytestmark = pytest.mark.django_db


def _described(made: Any) -> dict[str, Any]:
    return json.loads(json.dumps(made.get_openapi_schema(), default=str))  # type: ignore[no-any-return]


REST, GEOREPORT = _described(api), _described(open311)
rest = schemathesis.openapi.from_dict(REST)
georeport = schemathesis.openapi.from_dict(GEOREPORT)
FEW = settings(
    max_examples=6 if connection.vendor == "sqlite" else 2,  # the second engine is asked what the first has answered
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        made = make_town()
        made.to_acting(made.report().matter_id)
        made.report()
        yield made
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture(scope="module")
def session(town: Town) -> Client:
    user = User.objects.create(username=f"documented-{new_id()}", person_id=town.id_of("secretary"))
    made = Client(raise_request_exception=False)
    made.force_login(user, backend="bihuan.people.backends.PasswordBackend")
    return made


@pytest.fixture(scope="module")
def machine(town: Town) -> Client:
    made = by_key(key_text(town, *SCOPES, per_minute=6000))
    made.raise_request_exception = False
    return made


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.api.access.LOOK_UPS_PER_MINUTE", 10**6)
    monkeypatch.setattr("bihuan.api.access.REPORTS_PER_HOUR", 10**6)


@rest.parametrize()
@FEW
def test_a_session_gets_documented_answers_alone(case: Any, session: Client) -> None:
    _check(REST, case, session)


@rest.parametrize()
@FEW
def test_a_key_gets_documented_answers_alone(case: Any, machine: Client) -> None:
    _check(REST, case, machine)


@georeport.parametrize()
@FEW
def test_open311_gives_documented_answers_alone(case: Any, machine: Client) -> None:
    _check(GEOREPORT, case, machine)


def _check(described: dict[str, Any], case: Any, client: Client) -> None:
    with transaction.atomic():
        answer = _send(case, client)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    operation = described["paths"][case.path].get(case.method.lower())
    if operation is None:  # a method that the description does not name
        assert answer.status_code in {404, 405}, (case.method, body[:200])
        return
    status = str(answer.status_code)
    assert answer.status_code < 500, body[:500]
    assert status in operation["responses"], (status, body[:500])
    if answer["Content-Type"].startswith("text/xml"):
        assert ET.fromstring(body).tag  # noqa: S314 - our own answer
    elif "json" in answer["Content-Type"] and body:
        if (validator := _validator(case.path, case.method.lower(), status)) is not None:
            assert validator(json.loads(body)), body[:500]
    else:
        assert answer.status_code in {200, 304}, (status, answer["Content-Type"])


@cache
def _validator(path: str, method: str, status: str) -> Callable[[Any], bool] | None:
    described = GEOREPORT if path.startswith("/open311/") else REST
    content = described["paths"][path][method]["responses"][status].get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is None:
        return None
    whole = {**schema, "components": described["components"]}
    check = jsonschema_rs.validator_for(whole)
    return check.is_valid  # type: ignore[no-any-return]


def _send(case: Any, client: Client) -> Any:
    sent = case.as_transport_kwargs()
    headers = {
        key: value
        for key, value in (sent.get("headers") or {}).items()
        if value.isascii() and value.isprintable() and key.lower() != "content-type"
    }
    if "HTTP_AUTHORIZATION" in client.defaults:
        headers = {key: value for key, value in headers.items() if key.lower() != "authorization"}
    body, kind = b"", "application/json"
    if sent.get("json") is not None:
        body = json.dumps(sent["json"]).encode(errors="surrogatepass")
    elif isinstance(sent.get("data"), dict):
        body, kind = urlencode(sent["data"], doseq=True, errors="replace").encode(), "application/x-www-form-urlencoded"
    query = urlencode(sent.get("params") or {}, doseq=True, errors="replace")
    return client.generic(
        case.method, case.formatted_path, data=body, content_type=kind, QUERY_STRING=query, headers=headers
    )
