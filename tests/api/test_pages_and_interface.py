"""All that the pages do, the interface does: a committed table holds each page's acts and reads against operations.

An address of the desk or the portal that takes a POST must stand in ``pages.yaml`` with what does the same by REST:
one operation, a list of them, or one for each act of an address that takes several. A few need none; why, stands in
``NONE``. What takes a POST is known from the matrix of ``tests/security``, which misses no address.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bihuan.api.rest.v1 import api
from bihuan.web.desk import activities, bulletins_acts, duties, hours, meetings_acts, pairings, teams
from tests.security.routes import routes

TABLE = yaml.safe_load(Path(__file__).with_name("pages.yaml").read_text())
MATRIX: dict[str, dict[str, str]] = json.loads((Path(__file__).parents[1] / "security" / "matrix.json").read_text())
# Why something has no operation: there are no other reasons.
NONE = {
    "account": "signing in and out, and the account's own pages",
    "page": "only helps a page: a fragment, a draft, columns, the language, something kept in the browser",
    "data": "is data itself, at an address of its own: a feed, a calendar, a proof, a photo",
    "print": "a page to print, a picture or a code; what it says is had by the operation of its subject",
}
# Where one address does many things: by its template, the acts that its view knows.
ACTS: dict[str, Mapping[str, Any]] = {
    "desk/activities/<uuid:activity_id>/do/<slug:act>/": activities._ACTS,
    "desk/bulletins/<uuid:bulletin_id>/do/<slug:act>/": bulletins_acts._ACTS,
    "desk/pairings/<uuid:pairing_id>/do/<slug:act>/": pairings.DO,
    "desk/teams/<uuid:team_id>/do/<slug:act>/": teams._ACTS,
    "desk/teams/<uuid:team_id>/roster/do/<slug:act>/": duties._ROSTER_ACTS,
    "desk/teams/<uuid:team_id>/hours/do/<slug:act>/": hours._HOURS_ACTS,
    "desk/duties/<uuid:duty_id>/do/<slug:act>/": duties._LOG_ACTS,
}
AT_MEETINGS = (
    "desk/meetings/<uuid:meeting_id>/do/<slug:act>/",
    "desk/meetings/<uuid:meeting_id>/items/<uuid:item_id>/do/<slug:act>/",
)
ELSEWHERE = ("api/", "open311/", "^", "account/", "field/")  # interfaces themselves; allauth; the field front
SIGN_IN_FIRST = "302 stranger"


def _pages() -> list[str]:
    return [route.template for route in routes() if not route.template.startswith(ELSEWHERE)]


def _statuses(template: str, method: str) -> set[int]:
    """Return what an address answers to whoever is let in at all."""
    return {int(group.split(" ", 1)[0]) for group in MATRIX[template][method].split("; ") if group != SIGN_IN_FIRST}


def _takes_posts(template: str) -> bool:
    return template in MATRIX and bool(_statuses(template, "POST") - {405})


def _shows(template: str) -> bool:
    return template in MATRIX and 200 in _statuses(template, "GET")


@cache
def _named_operations() -> tuple[tuple[str, str], ...]:
    """Return the id and the method of every operation. The description takes seconds to make."""
    paths = api.get_openapi_schema()["paths"]
    return tuple((one["operationId"], method.upper()) for path in paths.values() for method, one in path.items())


def _operations() -> dict[str, str]:
    return dict(_named_operations())


def _named(line: Any) -> Iterator[str]:
    """Yield the operations that a line names."""
    if isinstance(line, str):
        yield line
    elif isinstance(line, list):
        for one in line:
            yield from _named(one)
    elif "none" in line:
        assert line["none"] in NONE, line
    else:
        for one in line.values():
            yield from _named(one)


@pytest.mark.parametrize("template", [page for page in _pages() if _takes_posts(page)])
def test_what_a_page_does_the_interface_does(template: str) -> None:
    assert template in TABLE["acts"], "a new act: name what does it by REST in tests/api/pages.yaml"
    methods = _operations()
    for name in _named(TABLE["acts"][template]):
        assert methods.get(name) in {"POST", "PUT"}, name


@pytest.mark.parametrize("template", [page for page in _pages() if _shows(page)])
def test_what_a_page_shows_the_interface_tells(template: str) -> None:
    line = TABLE["reads"].get(template)
    assert line is not None, "a new page: name what tells the same by REST in tests/api/pages.yaml"
    methods = _operations()
    for name in _named(line):
        assert name in methods, name


def test_the_table_names_no_page_that_is_gone() -> None:
    known = set(_pages())
    assert set(TABLE["acts"]) <= known
    assert set(TABLE["reads"]) <= known


@pytest.mark.parametrize("template", ACTS)
def test_each_act_of_an_address_with_several_has_a_line_of_its_own(template: str) -> None:
    assert set(TABLE["acts"][template]) == set(ACTS[template])


def test_each_act_of_a_meeting_has_a_line_of_its_own() -> None:
    told: set[str] = set()
    for template in AT_MEETINGS:
        told |= set(TABLE["acts"][template])
    assert told == set(meetings_acts._ACTS)


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [name for name, _method in _named_operations()]
    assert len(names) == len(set(names))


def test_every_address_has_one_router() -> None:
    """A second one would never be asked: the first answers that there is no such method."""
    paths = [prefix + path for prefix, router in api._routers for path in router.path_operations]
    assert len(paths) == len(set(paths))
