"""Who gets what from every address: role × address × HTTP method, held against a committed table.

An address missing from the table fails. ``BIHUAN_WRITE_MATRIX=1`` writes it anew: read the difference before
committing it. The rules that no table may bend stand at the end as tests of their own.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction

from bihuan.kernel.api import new_id
from tests.api.fieldkit import jpeg as photo
from tests.security.acts import ACTS
from tests.security.conftest import OUTSIDERS, ROLES, Town
from tests.security.desk_acts import ASKED, DESK, FILES
from tests.security.routes import Route, routes

pytestmark = pytest.mark.django_db  # the module's data stands in a transaction around each test's own

TABLE = Path(__file__).with_name("matrix.json")
THIRD_PARTY = ("account/",)  # django-allauth's own pages are tested by allauth; sign-in rules in tests/people
ROUTES = [route for route in routes() if not route.template.startswith(THIRD_PARTY)]
METHODS = ("GET", "POST")
EVERYBODY, SIGNED_IN = "everybody", "everybody signed in"
# What a program sends: a well-formed body, so that the answer tells of rights and not of a missing field.
BODIES: dict[str, dict[str, Any]] = {
    "api/v1/reports": {"id": "NEW", "area_code": "410802004004012", "text": "楼道灯不亮"},
    "api/v1/reports/batch": {"reports": [{"id": "NEW", "area_code": "410802004004012", "text": "楼道灯不亮"}]},
    "api/v1/matters/<uuidstr:matter_id>/advance": {
        "entry_id": "NEW",
        "action": "triage",
        "data": {"category": "facility", "urgency": "normal", "level": "grid"},
    },
    "api/v1/field/sync": {"items": []},  # whose items are taken in is each use case's to say: tests/api/test_field.py
    "api/v1/matters": {"id": "NEW", "area_code": "410802004004012", "text": "楼道灯不亮"},
    "api/v1/matters/public/<number>/follow": {"id": "NEW"},
    "api/v1/methods/lint": {"source": "工作法: x"},
    "api/v1/hooks/<uuidstr:hook_id>/replay": {"since": "2024-01-01T00:00:00+08:00"},
}
BODIES |= ACTS | DESK
# What a program asks for, where an address needs more than its path.
_MONTHS = {"area": "410802004004", "since": "202404", "until": "202404"}
QUERIES: dict[str, dict[str, str]] = {
    "api/v1/places": {"area": "410802004004"},
    "api/v1/matters/search": {"text": "路灯"},
    "api/v1/figures": _MONTHS,
    "api/v1/figures/matters": {**_MONTHS, "key": "collected"},
    "api/v1/registers": {"area": "410802004004"},
    "api/v1/registers/<key>/csv": {"area": "410802004004"},
    "api/v1/open/figures.json": _MONTHS,
    "api/v1/open/figures.csv": _MONTHS,
    "api/v1/rounds": {"area": "410802004004"},
    "api/v1/rounds/coverage": {"area": "410802004004", "method": "yiwang-sanbu-wuqin", "round": "patrol"},
}
QUERIES |= ASKED
PUTS = {"api/v1/field/files/<uuidstr:file_id>"}
OWN_ONLY = {"desk/bell/<uuid:notice_id>/"}  # leads to one's own bell; somebody else's line is never looked up


def _ask(town: Town, role: str, method: str, route: Route) -> int:
    """Return the status of one request; whatever it wrote is undone."""
    client, path = town.clients[role], route.path(town.values)
    point = transaction.savepoint()
    try:
        if method == "GET":
            return int(client.get(path, QUERIES.get(route.template)).status_code)
        if method == "PUT":
            return int(client.put(path.replace(str(town.values["file_id"]), str(new_id())), photo()).status_code)
        if route.template in FILES:
            query, data = FILES[route.template]
            asked = urlencode({name: str(new_id()) if said == "NEW" else said for name, said in query.items()})
            return int(client.post(f"{path}?{asked}", data, content_type="application/octet-stream").status_code)
        if (body := BODIES.get(route.template)) is not None:
            body = json.loads(json.dumps(body).replace("NEW", str(new_id())))
            return int(client.post(path, body, content_type="application/json").status_code)
        return int(client.post(path, {}).status_code)
    finally:
        transaction.savepoint_rollback(point)


def _row(town: Town, route: Route) -> dict[str, str]:
    """Return ``{"GET": "200 role, role; 404 role", …}`` grouped by status, roles in fixed order."""
    row = {}
    for method in (*METHODS, "PUT") if route.template in PUTS else METHODS:
        by_status: dict[int, list[str]] = {}
        for role in ROLES:
            by_status.setdefault(_ask(town, role, method, route), []).append(role)
        row[method] = "; ".join(f"{status} {_names(roles)}" for status, roles in sorted(by_status.items()))
    return row


def _names(roles: list[str]) -> str:
    if len(roles) == len(ROLES):
        return EVERYBODY
    return SIGNED_IN if roles == ROLES[1:] else ", ".join(roles)


def _table() -> dict[str, dict[str, str]]:
    return dict(json.loads(TABLE.read_text())) if TABLE.exists() else {}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.template or "home")
def test_every_role_gets_from_every_address_what_the_table_says(town: Town, route: Route) -> None:
    row = _row(town, route)
    if os.environ.get("BIHUAN_WRITE_MATRIX") == "1":
        table: dict[str, Any] = _table() | {route.template: row}
        TABLE.write_text(json.dumps(dict(sorted(table.items())), ensure_ascii=False, indent=1) + "\n")
    assert route.template in _table(), "a new address: add it to the matrix with BIHUAN_WRITE_MATRIX=1"
    assert row == _table()[route.template]


def test_the_table_names_no_address_that_is_gone() -> None:
    assert set(_table()) == {route.template for route in ROUTES}


def _statuses(template: str, method: str) -> dict[str, int]:
    row = _table()[template][method]
    found = {}
    for group in row.split("; "):
        status, names = group.split(" ", 1)
        roles = {EVERYBODY: ROLES, SIGNED_IN: ROLES[1:]}.get(names) or names.split(", ")
        found |= dict.fromkeys(roles, int(status))
    return found


@pytest.mark.parametrize("template", [r.template for r in ROUTES if r.template.startswith("desk/")])
def test_a_stranger_gets_nothing_from_the_desk(template: str) -> None:
    for method in METHODS:
        assert _statuses(template, method)["stranger"] in {302, 403, 404, 405}, template


@pytest.mark.parametrize(
    "template",
    [
        r.template
        for r in ROUTES
        if r.template.startswith("desk/") and "_id>" in r.template and r.template not in OWN_ONLY
    ],
)
def test_another_communitys_staff_get_none_of_this_communitys_objects(template: str) -> None:
    for method in METHODS:
        for role in OUTSIDERS:
            assert _statuses(template, method)[role] in {403, 404, 405}, (template, role)


def test_no_address_answers_any_role_with_a_fault() -> None:
    for template, row in _table().items():
        for method in METHODS:
            assert not {status for status in _statuses(template, method).values() if status >= 500}, (template, row)
