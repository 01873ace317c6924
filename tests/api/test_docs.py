"""The page on the interfaces is current: every call with its scope, every scope, every event, every setting."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bihuan.api.access import Key
from bihuan.api.events import EVENTS
from bihuan.api.open311.calls import open311
from bihuan.api.rest.described import Description
from bihuan.api.rest.v1 import api
from bihuan.api.scopes import SCOPES
from tests.api.keykit import by_key, key_text
from tests.matters.conftest import make_town

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text()
NONE = "–"


def operations() -> dict[tuple[str, str], Any]:
    """Return every operation by method and address, with the names of what stands in the address taken out."""
    found = {}
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    found[method, _plain(f"/api/v1{prefix}{path}")] = operation
    return found


def _plain(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _told() -> dict[tuple[str, str], str]:
    rows = re.findall(r"^\| `(GET|POST) (/api/v1/[^`]+)` \| [^|]+ \| (?:`([a-z:]+)`|–) \|", PAGE, flags=re.MULTILINE)
    return {(method, _plain(path)): scope for method, path, scope in rows}


def _scope(operation: Any) -> str:
    return next((way.scope for way in operation.auth_callbacks if isinstance(way, Key)), "")


def test_every_call_is_told_with_the_scope_that_it_takes() -> None:
    found = {key: _scope(one) for key, one in operations().items() if not key[1].startswith("/api/v1/field/")}
    assert _told() == found


def test_no_call_is_told_twice() -> None:
    rows = [
        (method, _plain(path))
        for method, path in re.findall(r"^\| `([A-Z]+) (/api/v1/[^`]+)` \|", PAGE, flags=re.MULTILINE)
    ]
    assert sorted(row for row in set(rows) if rows.count(row) > 1) == []


def test_the_field_fronts_calls_are_told() -> None:
    for method, path in operations():
        if path.startswith("/api/v1/field/"):
            assert f"`{method} {path.split('{')[0]}" in PAGE


def test_no_two_shapes_of_the_description_share_a_name() -> None:
    class Watched(Description):
        def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
            for name, shape in definitions.items():
                assert self.schemas.get(name, shape) == shape, name
            super().add_schema_definitions(definitions)

    assert Watched(api, "/api/v1/")["components"]["schemas"]


def test_every_scope_and_event_is_told() -> None:
    assert set(re.findall(r"^\| `([a-z0-9]+:[a-z]+)` \| [^|]+ \|$", PAGE, flags=re.MULTILINE)) == set(SCOPES)
    assert all(f"`{event}`" in PAGE for event in EVENTS)


def test_open311s_addresses_are_told() -> None:
    for path in open311.get_openapi_schema()["paths"]:
        name = path.removeprefix("/open311/v2/").removesuffix(".{fmt}").split("/")[0]
        assert name in PAGE


def test_settings_of_the_interfaces_are_told() -> None:
    told = (ROOT / "docs" / "deploy.md").read_text()
    for name in ("LOOK_UPS_PER_MINUTE", "HOOK_HOSTS", "OPEN311_JURISDICTIONS", "OPEN_DATA_LICENCE"):
        assert f"`BIHUAN_{name}`" in told


@pytest.mark.django_db
def test_a_key_with_another_scope_is_refused_by_every_call_that_takes_one() -> None:
    town = make_town()
    texts = {scope: key_text(town, scope, per_minute=6000) for scope in ("areas:read", "methods:read")}
    for (method, path), operation in operations().items():
        scope = _scope(operation)
        client = by_key(texts["methods:read" if scope == "areas:read" else "areas:read"])
        address = path.replace("{}", "00000000-0000-7000-8000-000000000000")
        answer = client.generic(method, address, b"{}", content_type="application/json")
        wanted = {403} if scope or path != "/api/v1/matters/public/{}" else {404}
        assert answer.status_code in wanted, (method, path, answer.status_code, answer.content[:200])


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in_by_every_call_that_is_not_for_anybody() -> None:
    make_town()
    for (method, path), operation in operations().items():
        told = re.search(
            rf"`{method} {re.escape(path).replace('{}', '[^/`]+')}` \| ([^|]+) \|".replace(r"\{\}", "[^/`]+"), PAGE
        )
        if told is not None and not any(word in told[1] for word in ("anybody", "follow_token")):
            address = path.replace("{}", "00000000-0000-7000-8000-000000000000")
            assert Client().generic(method, address, b"{}", content_type="application/json").status_code == 401, path
        assert told is not None or path.startswith("/api/v1/field/"), (method, path)
        assert operation.auth_callbacks or "anybody" in (told[1] if told else "anybody")
