"""GeoReport v2 as its specification writes it: names, order of elements, status codes, and only what is public."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
import requests
from django.conf import LazySettings
from django.test import Client
from django.utils.dateparse import parse_datetime

from bihuan.areas.models import Area
from bihuan.kernel.api import clock
from bihuan.kernel.models import Entry, Sealed
from bihuan.matters.models import Matter
from tests.api.keykit import key_text
from tests.matters.conftest import BUILDINGS, COMMUNITY, OTHER, Town, make_town

BASE = "/open311/v2"
KEY = "yiwang-sanbu-wuqin"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
REQUEST = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip


@pytest.fixture
def town(db: None) -> Town:
    made = make_town()
    west, south, east, north = 113.20, 35.20, 113.21, 35.21
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    Area.objects.filter(code=BUILDINGS[0]).update(
        shape={"type": "Polygon", "coordinates": [ring]}, lon=113.205, lat=35.205, shape_source="测试"
    )
    return made


def get(client: Client, path: str, **params: str) -> Any:
    return client.get(f"{BASE}/{path}", params)


def xml(answer: Any) -> ET.Element:
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b"<?xml")
    return ET.fromstring(answer.content)  # noqa: S314 - our own answer


def send(client: Client, body: dict[str, str], fmt: str = "json") -> Any:
    return client.post(f"{BASE}/requests.{fmt}", urlencode(body), content_type=FORM)


def a_report(town: Town, **more: str) -> dict[str, str]:
    return {
        "api_key": key_text(town, "reports:write"),
        "service_code": f"{KEY}.facility",
        "address_id": BUILDINGS[0],
        "description": "楼道里的路灯不亮",
        **more,
    }


def test_discovery_names_the_endpoint_and_both_formats(town: Town, client: Client) -> None:
    told = get(client, "discovery.json").json()
    assert list(told) == ["changeset", "contact", "key_service", "endpoints"]
    assert told["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert told["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    root = xml(get(client, "discovery.xml"))
    assert root.tag == "discovery"
    assert [one.text for one in root.findall("endpoints/endpoint/formats/format")] == ["text/xml", "application/json"]


def test_the_services_are_the_categories_of_the_method_in_use(town: Town, client: Client) -> None:
    told = get(client, "services.json").json()
    assert [one["service_code"] for one in told][:2] == [KEY, f"{KEY}.facility"]
    assert list(told[1]) == [
        "service_code", "service_name", "description", "metadata", "type", "keywords", "group",
    ]  # fmt: skip
    assert told[1]["service_name"] == "公共设施"
    assert told[1]["metadata"] is True
    assert told[1]["type"] == "realtime"
    root = xml(get(client, "services.xml"))
    assert root.tag == "services"
    assert [child.tag for child in root] == ["service"] * len(told)
    assert [child.tag for child in root[1]] == list(told[1])
    assert root[1].findtext("metadata") == "true"


def test_a_service_is_defined_by_the_fields_of_its_method(town: Town, client: Client) -> None:
    told = get(client, f"services/{KEY}.facility.json").json()
    assert told["service_code"] == f"{KEY}.facility"
    urgency = next(one for one in told["attributes"] if one["code"] == "urgency")
    assert urgency["datatype"] == "singlevaluelist"
    assert {"key": "urgent", "name": "紧急"} in urgency["values"]
    assert {one["code"] for one in told["attributes"]}.isdisjoint({"title", "text", "phone", "category"})
    root = xml(get(client, f"services/{KEY}.facility.xml"))
    assert root.tag == "service_definition"
    first = root.find("attributes/attribute")
    assert first is not None
    assert [child.tag for child in first][:7] == [
        "variable", "code", "datatype", "required", "datatype_description", "order", "description",
    ]  # fmt: skip
    assert root.find("attributes/attribute/values/value/key") is not None


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("services.json", {"jurisdiction_id": "999999"}, 404),
        ("services.json", {"jurisdiction_id": "example.org"}, 404),
        ("services/none.json", {}, 404),
        ("services.html", {}, 404),
        ("requests/410802004004-2024-9999.json", {}, 404),
        ("tokens/none.json", {}, 404),
        ("requests.json", {"status": "fixed"}, 400),
        ("requests.json", {"start_date": "yesterday"}, 400),
        ("requests.json", {"start_date": "2024-02-01T00:00:00Z", "end_date": "2024-01-01T00:00:00Z"}, 400),
        ("requests.json", {"page": "0"}, 400),
        ("requests.json", {"page_size": "1001"}, 400),
        ("requests.json", {"jurisdiction_id": "1"}, 404),
    ],
)
def test_what_is_wrong_has_its_status_and_says_what(
    town: Town, client: Client, path: str, params: dict[str, str], status: int
) -> None:
    answer = client.get(f"{BASE}/{path}", params)
    assert answer.status_code == status
    told = answer.json()
    assert [sorted(one) for one in told] == [["code", "description"]]
    assert told[0]["code"] == status
    assert told[0]["description"]


def test_errors_in_xml_have_the_specifications_names(town: Town, client: Client) -> None:
    answer = get(client, "services.xml", jurisdiction_id="999999")
    root = xml(answer)
    assert answer.status_code == 404
    assert root.tag == "errors"
    assert [child.tag for child in root[0]] == ["code", "description"]
    assert "jurisdiction_id" in (root[0].findtext("description") or "")


def test_where_several_districts_are_served_one_must_be_named(town: Town, client: Client) -> None:
    Area.objects.create(code="410803", level="district", name="中站区")
    assert get(client, "services.json").status_code == 400
    assert get(client, "services.json", jurisdiction_id="410802").status_code == 200


def test_a_jurisdiction_may_have_a_name(town: Town, client: Client, settings: LazySettings) -> None:
    settings.OPEN311_JURISDICTIONS = ["jiefang.example=410802"]
    assert get(client, "services.json", jurisdiction_id="jiefang.example").json()


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_a_report_is_accepted_and_its_number_told(town: Town, client: Client, fmt: str) -> None:
    answer = send(client, a_report(town), fmt)
    assert answer.status_code == 201, answer.content
    matter = Matter.objects.get()
    if fmt == "json":
        told = answer.json()
        assert list(told[0]) == ["service_request_id", "service_notice", "account_id"]
        assert told[0]["service_request_id"] == matter.number
    else:
        root = xml(answer)
        assert root.tag == "service_requests"
        assert root.findtext("request/service_request_id") == matter.number
    assert (matter.category, matter.area_code, matter.text) == ("facility", BUILDINGS[0], "楼道里的路灯不亮")


def test_a_report_by_its_point_lies_where_the_point_is(town: Town, client: Client) -> None:
    body = a_report(town, lat="35.2051", long="113.2049", address_id="")
    assert send(client, body).status_code == 201
    assert Matter.objects.get().area_code == BUILDINGS[0]
    shown = get(client, "requests.json").json()[0]
    assert (shown["lat"], shown["long"]) == (35.205, 113.205)  # the building's, not the phone's


@pytest.mark.parametrize("words", ["电建社区1号楼", "1号楼 电建社区", "1号楼，电建社区，焦西街道"])
def test_an_address_that_names_one_place_is_that_place(town: Town, client: Client, words: str) -> None:
    answer = send(client, a_report(town, address_id="", address_string=words))
    assert answer.status_code == 201, answer.content
    assert Matter.objects.get().area_code == BUILDINGS[0]


@pytest.mark.parametrize(
    ("change", "status", "names"),
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "bh_aaaaaaaa_x"}, 403, "api_key"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "none"}, 404, "service_code"),
        ({"jurisdiction_id": "999999"}, 404, "jurisdiction_id"),
        ({"address_id": ""}, 400, "lat"),
        ({"address_id": "410899"}, 400, "address_id"),
        ({"address_id": "", "lat": "0", "long": "0"}, 400, "lat"),
        ({"address_id": "", "lat": "nan", "long": "1"}, 400, "lat"),
        ({"address_id": "", "address_string": "哪里都不是"}, 400, "address_string"),
        ({"description": ""}, 400, "description"),
        ({"description": "长" * 4001}, 400, "description"),
        ({"phone": "1"}, 400, "phone"),
        ({"attribute[urgency]": "someday"}, 400, "urgency"),
        ({"attribute[nonsense]": "1"}, 400, "nonsense"),
        ({"attribute[people_affected]": "many"}, 400, "people_affected"),
        ({"jurisdiction_id": OTHER}, 400, "address_id"),
    ],
)
def test_a_report_that_is_wrong_is_refused_and_says_why(
    town: Town, client: Client, change: dict[str, str], status: int, names: str
) -> None:
    answer = send(client, a_report(town, **change))
    assert answer.status_code == status, answer.content
    assert any(names in one["description"] for one in answer.json()), answer.json()
    assert not Matter.objects.exists()


def test_a_key_without_the_scope_reports_nothing(town: Town, client: Client) -> None:
    body = a_report(town) | {"api_key": key_text(town, "matters:read")}
    answer = send(client, body)
    assert answer.status_code == 403
    assert "reports:write" in answer.json()[0]["description"]


def test_attributes_go_into_the_matter(town: Town, client: Client) -> None:
    body = a_report(
        town, **{"attribute[urgency]": "urgent", "attribute[place]": "三楼", "attribute[people_affected]": "12"}
    )
    assert send(client, body).status_code == 201
    matter = Matter.objects.get()
    assert matter.urgency == "urgent"
    assert matter.state_json["fields"]["people_affected"] == 12


def test_who_reports_is_sealed_and_what_is_not_needed_is_not_kept(town: Town, client: Client) -> None:
    body = a_report(
        town, first_name="秀兰", last_name="林", phone="13812345678", email="lin@example.org", device_id="tt222111",
        account_id="A7", media_url="http://127.0.0.1:9/x.jpg",
    )  # fmt: skip
    assert send(client, body).status_code == 201
    sealed = {row.name: row for row in Sealed.objects.all()}
    assert sealed["phone"].encrypted
    assert sealed["reporter_name"].encrypted
    matter = Matter.objects.get()
    assert "http://127.0.0.1:9/x.jpg" in matter.text
    everything = matter.text + "".join(entry.body for entry in Entry.objects.all())
    assert not [word for word in ("lin@example.org", "tt222111", "A7", "13812345678", "秀兰") if word in everything]
    shown = get(client, "requests.json").content.decode()
    assert not [word for word in ("127.0.0.1:9", "138", "秀兰") if word in shown]


def test_requests_have_every_field_in_its_order(town: Town, client: Client) -> None:
    done = town.report(category="facility", title="路灯不亮")
    told = get(client, "requests.json", start_date="2024-03-01T00:00:00Z").json()
    assert list(told[0]) == REQUEST
    assert told[0]["service_request_id"] == done.number
    assert told[0]["status"] == "open"
    assert told[0]["service_code"] == f"{KEY}.facility"
    at = parse_datetime(told[0]["requested_datetime"])
    assert at is not None
    assert at.utcoffset() == timedelta(hours=8)
    root = xml(get(client, f"requests/{done.number}.xml"))
    assert root.tag == "service_requests"
    assert [child.tag for child in root[0]] == REQUEST
    assert root[0].findtext("zipcode") == ""


def test_what_is_not_public_is_not_there(town: Town, client: Client) -> None:
    done = town.report()
    Matter.objects.update(public=False)
    span = {"start_date": "2024-03-01T00:00:00Z"}
    assert get(client, "requests.json", **span).json() == []
    assert get(client, "requests.json", service_request_id=done.number).json() == []
    assert get(client, f"requests/{done.number}.json").status_code == 404
    assert get(client, f"tokens/{done.number}.json").status_code == 404


def test_the_text_of_a_report_is_never_shown(town: Town, client: Client) -> None:
    town.report(text="三楼王大妈家门口的灯坏了", title="路灯不亮")
    shown = get(client, "requests.json", start_date="2024-03-01T00:00:00Z").content.decode()
    assert "路灯不亮" in shown
    assert "王大妈" not in shown


def test_the_filters_filter(town: Town, client: Client) -> None:
    span = {"start_date": "2024-03-01T00:00:00Z"}
    first = town.report(category="facility")
    second = town.report(category="environment")
    Matter.objects.filter(pk=second.matter_id).update(is_open=False, closed_at=town.now)

    def numbers(**params: str) -> set[str]:
        return {one["service_request_id"] for one in get(client, "requests.json", **span, **params).json()}

    assert numbers() == {first.number, second.number}
    assert numbers(status="") == {first.number, second.number}
    assert numbers(status="open") == {first.number}
    assert numbers(status="open,closed") == {first.number, second.number}
    assert numbers(service_code=f"{KEY}.environment") == {second.number}
    assert numbers(service_code=f"{KEY}.environment,{KEY}.facility") == {first.number, second.number}
    assert numbers(service_request_id=first.number, status="closed") == {first.number}
    assert numbers(jurisdiction_id=OTHER) == set()
    assert len(numbers(page="1", page_size="1")) == 1
    assert numbers(page="1", page_size="1") | numbers(page="2", page_size="1") == {first.number, second.number}


def test_a_span_is_never_longer_than_ninety_days(town: Town, client: Client) -> None:
    done = town.report()
    at = Matter.objects.get().created_at

    def found(start: Any, end: Any) -> bool:
        stamp = "%Y-%m-%dT%H:%M:%SZ"
        params = {"start_date": start.strftime(stamp), "end_date": end.strftime(stamp)}
        return bool(get(client, "requests.json", **params).json())

    assert done.created
    assert found(at - timedelta(days=1), at + timedelta(days=1))
    assert found(at - timedelta(days=300), at + timedelta(days=89))
    assert not found(at - timedelta(days=1), at + timedelta(days=92))
    with clock.at(at + timedelta(days=91)):
        assert get(client, "requests.json").json() == []
    with clock.at(at + timedelta(days=89)):
        assert len(get(client, "requests.json").json()) == 1


def test_what_people_write_cannot_break_the_xml(town: Town, client: Client) -> None:
    done = town.report(title="灯</description><status>&amp;<![CDATA[x")
    root = xml(get(client, f"requests/{done.number}.xml"))
    assert [child.tag for child in root[0]] == REQUEST
    assert root[0].findtext("description") == Matter.objects.get().title
    Matter.objects.update(title="灯\x0b坏\ufffe了")
    assert xml(get(client, f"requests/{done.number}.xml"))[0].findtext("description") == "灯�坏�了"


def test_a_token_is_the_number(town: Town, client: Client) -> None:
    done = town.report()
    assert get(client, f"tokens/{done.number}.json").json() == [
        {"service_request_id": done.number, "token": done.number}
    ]


class Stock:
    """What a common client sends: addresses with the format behind, arguments as it names them, a form to report."""

    def __init__(self, endpoint: str, fmt: str, jurisdiction: str, api_key: str) -> None:
        self.endpoint, self.fmt, self.jurisdiction, self.api_key = endpoint.rstrip("/"), fmt, jurisdiction, api_key

    def get(self, *parts: str, **params: str) -> Any:
        url = f"{self.endpoint}/{'/'.join(parts)}.{self.fmt}"
        answer = requests.get(url, params={"jurisdiction_id": self.jurisdiction, **params}, timeout=20)
        return answer.json() if self.fmt == "json" else ET.fromstring(answer.content)  # noqa: S314

    def post(self, **data: str) -> Any:
        data |= {"jurisdiction_id": self.jurisdiction, "api_key": self.api_key}
        return requests.post(f"{self.endpoint}/requests.{self.fmt}", data=data, timeout=20)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_a_stock_client_goes_from_discovery_to_the_state_of_its_report(
    live_server: Any, settings: LazySettings, fmt: str
) -> None:
    town = make_town()
    settings.PUBLIC_URL = live_server.url
    stock = Stock(f"{live_server.url}{BASE}", fmt, COMMUNITY, key_text(town, "reports:write"))
    found = stock.get("discovery")
    url = found["endpoints"][0]["url"] if fmt == "json" else found.findtext("endpoints/endpoint/url")
    stock.endpoint = url
    services = stock.get("services")
    codes = (
        [one["service_code"] for one in services]
        if fmt == "json"
        else [one.text for one in services.findall("service/service_code")]
    )
    assert stock.get("services", codes[1]) is not None
    sent = stock.post(service_code=codes[1], description="井盖坏了", address_string="电建社区1号楼")
    assert sent.status_code == 201, sent.content
    number = (
        sent.json()[0]["service_request_id"]
        if fmt == "json"
        else ET.fromstring(sent.content).findtext("request/service_request_id")  # noqa: S314
    )
    one = stock.get("requests", number)
    status = one[0]["status"] if fmt == "json" else one.findtext("request/status")
    assert status == "open"
    assert len(stock.get("requests", status="open", page_size="5")) == 1
