"""The addresses of GeoReport v2 under ``/open311/v2/``, each as ``.json`` and as ``.xml``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Form, NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from bihuan.api.access import ONE, length_of, look_up
from bihuan.api.keys import actor_of_key, bearer
from bihuan.api.open311 import asking, sending
from bihuan.api.open311.services import find_service, jurisdiction, services_in
from bihuan.api.open311.writing import answer, errors
from bihuan.api.rest.mistakes import problem_of
from bihuan.api.rest.problems import OutOfScope, TooFast, TooLarge
from bihuan.api.scopes import REPORTS_WRITE, for_residents
from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused
from bihuan.matters.models import Matter

Format = Literal["json", "xml"]
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-22T00:00:00+08:00"


class ErrorOut(Schema):
    """One error: the status again, and where, why, how to mend."""

    code: int
    description: str


class ServiceOut(Schema):
    """One kind of report."""

    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: str
    keywords: str | None
    group: str


class ValueOut(Schema):
    """One value of a list."""

    key: str
    name: str


class AttributeOut(Schema):
    """One thing that a report of this kind takes besides."""

    variable: bool
    code: str
    datatype: str
    required: bool
    datatype_description: str | None
    order: int
    description: str
    values: list[ValueOut] | None = None


class DefinitionOut(Schema):
    """What a report of one kind takes besides."""

    service_code: str
    attributes: list[AttributeOut]


class RequestOut(Schema):
    """One public matter."""

    service_request_id: str
    status: str
    status_notes: str | None
    service_name: str
    service_code: str
    description: str
    agency_responsible: str | None
    service_notice: str | None
    requested_datetime: str
    updated_datetime: str
    expected_datetime: str | None
    address: str | None
    address_id: str
    zipcode: str | None
    lat: float | None
    long: float | None
    media_url: str | None


class AcceptedOut(Schema):
    """A report that was accepted."""

    service_request_id: str
    service_notice: str | None
    account_id: str | None


class TokenOut(Schema):
    """The number behind a token."""

    service_request_id: str
    token: str


class EndpointOut(Schema):
    """One endpoint."""

    specification: str
    url: str
    changeset: str
    type: str
    formats: list[str]


class DiscoveryOut(Schema):
    """What is offered where."""

    changeset: str
    contact: str
    key_service: str
    endpoints: list[EndpointOut]


class AskedIn(Schema):
    """The arguments of GET requests; an empty one is as one that was not given."""

    jurisdiction_id: str = ""
    service_request_id: str = Field("", description="comma delimited; overrides all other arguments")
    service_code: str = Field("", description="comma delimited")
    start_date: str = Field("", description="2024-01-01T00:00:00Z; at most 90 days before end_date")
    end_date: str = ""
    status: str = Field("", description="open, closed; comma delimited")
    page: str = ""
    page_size: str = Field("", description="1 to 1000")
    cursor: str = Field("", description="from the Link header of the page before; instead of page")


class SentIn(Schema):
    """A report, form-encoded; besides these ``attribute[code]`` for what the service definition names."""

    api_key: str = Field("", description="or in the header: Authorization: Bearer …")
    jurisdiction_id: str = ""
    service_code: str = ""
    lat: str = ""
    long: str = ""
    address_string: str = ""
    address_id: str = ""
    email: str = Field("", description="not kept")
    device_id: str = Field("", description="not kept")
    account_id: str = Field("", description="not kept")
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    description: str = ""
    media_url: str = Field("", description="noted; never fetched")


open311 = NinjaAPI(
    title="Open311 GeoReport v2",
    version="2",
    description="闭环的 Open311 接口。Each answer as .json and .xml, named alike.",
    docs_url=None,
    urls_namespace="open311",
)
_READ: dict[Any, Any] = dict.fromkeys((400, 404, 429), list[ErrorOut])
_WRITE: dict[Any, Any] = dict.fromkeys((400, 403, 404, 413, 429), list[ErrorOut])


@open311.get("/discovery.{fmt}", response={200: DiscoveryOut, **_READ})
def discovery(request: HttpRequest, fmt: Format) -> HttpResponse:
    """What is offered where, and how a key is got."""
    look_up(request)
    base = settings.PUBLIC_URL
    body = {
        "changeset": CHANGESET,
        "contact": f"{base}/",
        "key_service": _("密钥由所在区、社区的工作人员在“接口”页建立：%(url)s") % {"url": f"{base}/desk/interfaces/"},
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{base}/open311/v2",
                "changeset": CHANGESET,
                "type": "production" if settings.PRODUCTION else "test",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return answer("discovery", body, fmt)


@open311.get("/services.{fmt}", response={200: list[ServiceOut], **_READ})
def services(request: HttpRequest, fmt: Format, jurisdiction_id: str = "") -> HttpResponse:
    """The kinds of reports: the categories of the methods in use in the jurisdiction."""
    look_up(request)
    found = services_in(jurisdiction(jurisdiction_id))
    return answer("services", [service.listed() for service in found], fmt)


@open311.get("/services/{service_code}.{fmt}", response={200: DefinitionOut, **_READ})
def definition(request: HttpRequest, service_code: str, fmt: Format, jurisdiction_id: str = "") -> HttpResponse:
    """What a report of one kind takes besides: the fields of its method."""
    look_up(request)
    service = find_service(jurisdiction(jurisdiction_id), service_code)
    body = {"service_code": service.code, "attributes": service.attributes()}
    return answer("service_definition", body, fmt)


@open311.get("/requests.{fmt}", response={200: list[RequestOut], **_READ})
def requests(request: HttpRequest, fmt: Format, asked: Query[AskedIn]) -> HttpResponse:
    """Public matters, the newest first: of the last 90 days, or of 90 days that are named; at most 1,000 a page.

    The page after is ``page`` + 1, or the address in the header ``Link`` (``rel="next"``), which goes on however far.
    """
    look_up(request)
    given = asked.model_dump()
    area = jurisdiction(given.pop("jurisdiction_id"))
    page = asking.page_of(area, asking.Asked(**given))
    response = answer("service_requests", asking.told(page.rows), fmt)
    if page.next:
        response["Link"] = f'<{settings.PUBLIC_URL}{request.path}?{page.next}>; rel="next"'
        response["Access-Control-Expose-Headers"] = "Link"
    return response


@open311.get("/requests/{service_request_id}.{fmt}", response={200: list[RequestOut], **_READ})
def one_request(request: HttpRequest, service_request_id: str, fmt: Format, jurisdiction_id: str = "") -> HttpResponse:
    """One public matter."""
    look_up(request)
    area = jurisdiction(jurisdiction_id)
    page = asking.page_of(area, asking.Asked(service_request_id=service_request_id.split(",")[0]))
    found = asking.told(page.rows)
    if not found:
        raise NotFound(Problem("service_request_id", _("没有这个编号，或者它不公开。"), _("请核对编号。")))
    return answer("service_requests", found, fmt)


@open311.get("/tokens/{token}.{fmt}", response={200: list[TokenOut], **_READ})
def token(request: HttpRequest, token: str, fmt: Format, jurisdiction_id: str = "") -> HttpResponse:
    """The number behind a token. Every report has its number at once: the number is its own token."""
    look_up(request)
    jurisdiction(jurisdiction_id)
    if not Matter.objects.filter(number=token[:32].replace("\x00", ""), public=True).exists():
        raise NotFound(Problem("token", _("没有这个 token。"), _("提交时就已得到编号，不必再取。")))
    return answer("service_requests", [{"service_request_id": token, "token": token}], fmt)


@open311.post("/requests.{fmt}", response={201: list[AcceptedOut], **_WRITE})
def send(request: HttpRequest, fmt: Format, given: Form[SentIn]) -> HttpResponse:
    """Report a problem for a resident. Needs a key with the scope ``reports:write``."""
    if length_of(request) > ONE:
        raise TooLarge(ONE)
    key = given.api_key or bearer(request)
    if not key:
        raise AuthenticationError(401)
    actor = for_residents(actor_of_key(request, key, REPORTS_WRITE))
    sent = sending.Sent(**{name: value for name, value in given.model_dump().items() if name in sending.NAMES})
    done = sending.send(actor, sent, sending.attributes_of(request.POST))
    notice = _("已收到，编号 %(number)s。") % {"number": done.display_number}
    body = [{"service_request_id": done.number, "service_notice": notice, "account_id": None}]
    return answer("service_requests", body, fmt, 201)


def _install() -> None:
    """Have every error told as GeoReport v2 writes errors, in the format that was asked for."""

    def handle(kind: type[Exception], fn: Callable[[Any], tuple[int, list[Problem]]]) -> None:
        def handler(request: HttpRequest, error: Any) -> HttpResponse:
            status, problems = fn(error)
            fmt = request.path.rpartition(".")[2]
            response = errors(status, problems or [Problem("", str(error))], fmt if fmt in get_args(Format) else "json")
            if isinstance(error, TooFast):
                response["Retry-After"] = str(error.retry_after)
            return response

        open311.add_exception_handler(kind, handler)

    handle(BadInput, lambda e: (400, list(e.problems)))
    handle(Refused, lambda e: (400, list(e.problems)))
    handle(Conflict, lambda e: (400, list(e.problems)))
    handle(NotFound, lambda e: (404, list(e.problems)))
    handle(Http404, lambda _e: (404, [Problem("", _("没有找到"), _("请核对地址和编号。"))]))
    handle(PermissionDenied, lambda e: (403, [Problem("", str(e) or _("没有权限"))]))
    handle(OutOfScope, lambda e: (403, [Problem("api_key", e.problem.why, e.problem.how)]))
    handle(
        AuthenticationError,
        lambda _e: (403, [Problem("api_key", _("缺少密钥，或密钥不对、已作废、已到期。"), _("请用有效的 api_key。"))]),
    )
    handle(TooFast, lambda e: (429, [Problem("", e.why, _("请稍后再试。"))]))
    handle(TooLarge, lambda e: (413, [Problem("", _("内容太大。"), _("最多 %(n)s KB。") % {"n": e.most // 1024})]))
    handle(HttpError, lambda e: (400, [Problem("", _("请求读不懂"), str(e))]))
    handle(ValidationError, _shape)


def _shape(error: ValidationError) -> tuple[int, list[Problem]]:
    if any("fmt" in item.get("loc", ()) for item in error.errors):
        return 404, [Problem("", _("没有这种格式。"), _("地址以 .json 或 .xml 结尾。"))]
    return 400, [problem_of(item) for item in error.errors[:50]]


_install()
