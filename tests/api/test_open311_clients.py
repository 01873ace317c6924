"""Open311 clients that others published, as they are: nothing of theirs is changed, and nothing of ours knows them.

``georeport`` (PyPI, 2025) reads, in JSON and XML. ``three`` (PyPI, by the people who wrote the specification) reads and
reports; it was written for Python 2, so what Python 3 took away is given back around it.
Every answer is held against the specification's own lists of fields, which stand in ``georeport_v2.json``.
"""

from __future__ import annotations

import itertools
import json
import re
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_datetime
from georeport import GeoReport

from bihuan.kernel.api import clock
from bihuan.matters.models import Matter
from tests.api.keykit import key_text
from tests.api.test_open311 import BASE, KEY, a_report, get, send
from tests.matters.conftest import BUILDINGS, COMMUNITY, Town, make_town

SPEC: dict[str, Any] = json.loads(Path(__file__).with_name("georeport_v2.json").read_text())
_W3 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


# -- the specification's lists of fields


def hold_json(name: str, value: Any) -> None:
    """Hold a JSON object against the specification's list for its element; lists are arrays (Spark Convention)."""
    rule = SPEC["elements"][name]
    assert isinstance(value, dict), name
    optional = set(rule.get("optional", ()))
    assert [field for field in rule["fields"] if field in value] == list(value), f"{name}: {list(value)}"
    assert set(rule["fields"]) - optional <= set(value), name
    for field, given in value.items():
        _hold_value(name, rule, field, _written(given))
        if field in SPEC["lists"]:
            for inner in given:
                _hold_inner(SPEC["lists"][field], inner, hold_json)


def hold_xml(name: str, element: ET.Element) -> None:
    """Hold an XML element against the specification's list: no attribute, no namespace, no foreign element."""
    rule = SPEC["elements"][name]
    assert not element.attrib
    tags = [child.tag for child in element]
    assert [field for field in rule["fields"] if field in tags] == tags, f"{name}: {tags}"
    assert set(rule["fields"]) - set(rule.get("optional", ())) <= set(tags), name
    for child in element:
        if child.tag in SPEC["lists"]:
            assert {inner.tag for inner in child} <= {SPEC["lists"][child.tag]}
            for inner in child:
                _hold_inner(SPEC["lists"][child.tag], inner, hold_xml)
            continue
        _hold_value(name, rule, child.tag, child.text or "")


def _hold_inner(name: str, value: Any, hold: Any) -> None:
    if name == "format":
        assert (value if isinstance(value, str) else value.text) in {"text/xml", "application/json"}
    else:
        hold(name, value)


def _written(value: Any) -> str:
    return {True: "true", False: "false", None: ""}.get(value, "") if isinstance(value, bool | None) else str(value)


def _hold_value(name: str, rule: dict[str, Any], field: str, text: str) -> None:
    assert text or field not in rule["always"], f"{name}.{field} is empty"
    if not text:
        return
    if allowed := rule.get("one_of", {}).get(field):
        assert text in allowed, f"{name}.{field}: {text}"
    if field in rule.get("instants", ()):
        assert _W3.fullmatch(text), text  # with its offset
        assert parse_datetime(text) is not None
    if field in rule.get("numbers", ()):
        float(text)


@pytest.fixture
def town(db: None) -> Town:
    cache.clear()
    return make_town()


def _both(client: Client, path: str, root: str, name: str, **params: str) -> None:
    told = get(client, f"{path}.json", **params)
    assert told["Content-Type"] == "application/json; charset=utf-8"
    body = json.loads(told.content)
    answer = get(client, f"{path}.xml", **params)
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert re.match(rb"<\?xml version=.1.0. encoding=.(utf|UTF)-8.\?>", answer.content)
    tree = ET.fromstring(answer.content)  # noqa: S314 - our own answer
    assert tree.tag == root
    if root in SPEC["lists"]:
        child = SPEC["lists"][root]
        assert [one.tag for one in tree] == [child] * len(body)
        assert body, path
        for one, element in zip(body, tree, strict=True):
            hold_json(name, one)
            hold_xml(name, element)
    else:
        hold_json(name, body)
        hold_xml(name, tree)


def test_every_answer_has_the_fields_of_the_specification_in_both_formats(town: Town, client: Client) -> None:
    done = town.report(category="facility")
    Matter.objects.filter(pk=town.report(category="environment").matter_id).update(is_open=False, closed_at=town.now)
    span = {"start_date": "2024-03-01T00:00:00Z"}
    _both(client, "discovery", "discovery", "discovery")
    _both(client, "services", "services", "service")
    _both(client, f"services/{KEY}.facility", "service_definition", "service_definition")
    _both(client, "requests", "service_requests", "request", **span)
    _both(client, f"requests/{done.number}", "service_requests", "request")
    _both(client, f"tokens/{done.number}", "service_requests", "token")
    _both(client, "services/none", "errors", "error")


def test_what_is_answered_to_a_report_has_the_fields_of_the_specification(town: Town, client: Client) -> None:
    report = a_report(town)
    for one in send(client, report).json():
        hold_json("accepted", one)
    for element in ET.fromstring(send(client, report, "xml").content):  # noqa: S314 - our own answer
        hold_xml("accepted", element)
    for change, case in (
        ({"api_key": ""}, "no_key"),
        ({"jurisdiction_id": "example.org"}, "unknown_jurisdiction"),
        ({"service_code": "none"}, "unknown_service"),
        ({"description": ""}, "invalid"),
    ):
        answer = send(client, report | change)
        assert answer.status_code == SPEC["statuses"][case], case
        for one in answer.json():
            hold_json("error", one)


# -- pages


def _numbers(client: Client, **params: str) -> tuple[list[str], str]:
    answer = get(client, "requests.json", start_date="2024-03-01T00:00:00Z", **params)
    assert answer.status_code == 200, answer.content
    link = re.fullmatch(r'<([^>]+)>; rel="next"', answer.get("Link", "")) if "Link" in answer else None
    return [one["service_request_id"] for one in answer.json()], link[1] if link else ""


def test_counting_pages_shows_each_once_though_a_report_comes_meanwhile(town: Town, client: Client) -> None:
    before = [town.report(category="facility").number for _ in range(5)]
    first, _link = _numbers(client, page="1", page_size="2")
    town.report(category="facility")  # would push everything on by one
    second, _link = _numbers(client, page="2", page_size="2")
    third, link = _numbers(client, page="3", page_size="2")
    assert first + second + third == before[::-1]
    assert not link
    assert _numbers(client, page="4", page_size="2")[0] == []


def test_a_page_that_is_asked_for_first_is_found_without_the_ones_before(town: Town, client: Client) -> None:
    before = [town.report(category="facility").number for _ in range(5)]
    assert _numbers(client, page="2", page_size="2")[0] == before[::-1][2:4]
    assert _numbers(client, page="9", page_size="2")[0] == []


def test_the_link_leads_through_all_pages_by_key(town: Town, client: Client, settings: LazySettings) -> None:
    before = [town.report(category="facility").number for _ in range(5)]
    town.report(category="environment")
    seen, link = _numbers(client, page_size="2", service_code=f"{KEY}.facility")
    while link:
        assert link.startswith(f"{settings.PUBLIC_URL}{BASE}/requests.json?")
        with clock.at(clock.now() + timedelta(minutes=5)):  # the span that was asked for stays what it was
            answer = client.get(f"{urlsplit(link).path}?{urlsplit(link).query}")
        seen += [one["service_request_id"] for one in answer.json()]
        link = answer.get("Link", "").removeprefix("<").partition(">")[0]
    assert seen == before[::-1]


def test_no_page_that_was_walked_to_passes_over_rows(town: Town, client: Client) -> None:
    from django.db import connection

    for _ in range(5):
        town.report(category="facility")
    _numbers(client, page="1", page_size="2")
    with CaptureQueriesContext(connection) as captured:
        _numbers(client, page="2", page_size="2")
    assert not [one["sql"] for one in captured if "OFFSET" in one["sql"]]


@pytest.mark.parametrize("params", [{"page": "51", "page_size": "1000"}, {"page": "50001"}, {"cursor": "bent"}])
def test_a_page_too_deep_and_a_bent_cursor_are_refused(town: Town, client: Client, params: dict[str, str]) -> None:
    status = get(client, "requests.json", **params).status_code
    assert status == (200 if params == {"page": "51", "page_size": "1000"} else 400)


# -- clients


@pytest.fixture
def served(transactional_db: None, live_server: Any, settings: LazySettings) -> tuple[Town, str]:
    """A town behind a real server, and its endpoint."""
    cache.clear()
    settings.PUBLIC_URL = live_server.url
    return make_town(), f"{live_server.url}{BASE}"


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_georeport_reads_services_their_definitions_and_requests(served: tuple[Town, str], fmt: str) -> None:
    town, endpoint = served
    done = [town.report(category="facility", title="路灯不亮"), town.report(category="environment")]
    client = GeoReport(endpoint, jurisdiction=COMMUNITY, output_format=fmt)
    services = client.get_service_list()
    assert f"{KEY}.facility" in [one["service_code"] for one in services]
    definition = client.get_service_definition(f"{KEY}.facility")
    assert definition["service_code"] == f"{KEY}.facility"
    found = client.get_service_requests(start_date="2024-03-01T00:00:00Z", end_date="2024-05-29T00:00:00Z")
    assert {one["service_request_id"] for one in found} == {one.number for one in done}
    one = client.get_service_request(done[0].number)
    one = one[0] if isinstance(one, list) else one
    assert (one["service_request_id"], one["status"], one["description"]) == (done[0].number, "open", "路灯不亮")


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The package as it was published; around it what Python 2 had: ``ifilter``, keys in a list, text in bytes."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    assert version("three") == "0.8.0"
    import relaxml
    import three as package

    class Old(dict[str, Any]):
        def keys(self) -> Any:
            return list(super().keys())

    def xml(text: Any) -> Any:
        return Old(relaxml.xml(text.encode() if isinstance(text, str) else text))

    monkeypatch.setattr(package.core, "xml", xml)
    return package


def _one(value: Any) -> Any:
    """What three makes of a list: JSON's array, or XML's only child."""
    return value[0] if isinstance(value, list) else value["request"]


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_three_discovers_reads_reports_and_follows_its_token(served: tuple[Town, str], three: Any, fmt: str) -> None:
    town, endpoint = served
    city = three.Three(
        endpoint,
        format=fmt,
        jurisdiction=COMMUNITY,
        api_key=key_text(town, "reports:write"),
        discovery=f"{endpoint}/discovery.{fmt}",
    )
    told = city.discovery()
    told = told if fmt == "json" else told["discovery"]
    endpoints = told["endpoints"] if fmt == "json" else [told["endpoints"]["endpoint"]]
    assert endpoints[0]["url"] == endpoint
    services = city.services()
    services = services if fmt == "json" else services["service"]
    codes = [one["service_code"] for one in services]
    assert f"{KEY}.facility" in codes
    assert city.services(f"{KEY}.facility")["service_code"] == f"{KEY}.facility"

    sent = _one(city.post(f"{KEY}.facility", address="电建社区1号楼", name="秀兰 林", description="井盖坏了"))
    assert city.post_response.status_code == 201, city.post_response.content
    matter = Matter.objects.get()
    assert sent["service_request_id"] == matter.number
    assert (matter.category, matter.area_code, matter.text) == ("facility", BUILDINGS[0], "井盖坏了")

    assert _one(city.token(matter.number))["service_request_id"] == matter.number
    assert _one(city.request(matter.number))["status"] == "open"
    assert _one(city.requests(f"{KEY}.facility", count=1))["service_request_id"] == matter.number
    for n in (1, 2):
        city.post(f"{KEY}.environment", address="电建社区1号楼", description=f"第{n}件")
    pages = [_one(city.requests(count=1, page=n))["service_request_id"] for n in (1, 2, 3)]
    assert sorted(pages) == sorted(Matter.objects.values_list("number", flat=True))


def test_three_is_told_why_a_report_is_refused(served: tuple[Town, str], three: Any) -> None:
    _town, endpoint = served
    city = three.Three(endpoint, jurisdiction=COMMUNITY, api_key="bh_aaaaaaaa_x")
    told = city.post(f"{KEY}.facility", address="电建社区1号楼", description="井盖坏了")
    assert city.post_response.status_code == 403
    assert told[0]["code"] == 403
    assert "api_key" in told[0]["description"]
    assert not Matter.objects.exists()


def test_three_sends_a_photo_along_and_the_report_is_taken(served: tuple[Town, str], three: Any) -> None:
    """With a file it sends multipart/form-data, as apps with a camera do; the picture itself has no place there."""
    town, endpoint = served
    city = three.Three(endpoint, jurisdiction=COMMUNITY, api_key=key_text(town, "reports:write"))
    picture = ("a.jpg", b"\xff\xd8\xff\xd9", "image/jpeg")
    sent = city.post(f"{KEY}.facility", address="电建社区1号楼", description="井盖坏了", media=picture)
    assert city.post_response.status_code == 201, city.post_response.content
    assert sent[0]["service_request_id"] == Matter.objects.get().number
