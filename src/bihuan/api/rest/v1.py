"""The machine interface, version 1: the same use cases as the pages, the same rules, the same record."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Status
from ninja.errors import AuthenticationError
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder
from pydantic import Field

from bihuan.api import opendata
from bihuan.api.access import MANY, Caller, caller, keyed, slow_down
from bihuan.api.rest import (
    bringin,
    cockpit,
    duty_hours,
    exports,
    figures,
    forms,
    hook_calls,
    key_calls,
    matter_acts,
    matters,
    meeting_own,
    method_acts,
    methods,
    notice_acts,
    own,
    pairing_acts,
    people,
    places,
    problems,
    registers,
    robots,
    round_places,
    territory,
)
from bihuan.api.rest.described import Description
from bihuan.api.rest.field import QUEUE, whole_characters
from bihuan.api.rest.field import router as field_router
from bihuan.api.rest.mistakes import too_many_keys
from bihuan.api.rest.numbers import masked_for_keys
from bihuan.api.rest.photos_in import photos_of
from bihuan.api.rest.schemas import (
    AdvanceIn,
    AdvanceOut,
    BatchIn,
    BatchOut,
    LedgerPage,
    ProblemDocument,
    PublicOut,
    ReportIn,
    ReportOut,
    TodoPage,
)
from bihuan.api.scopes import MATTERS_READ, MATTERS_WRITE, REPORTS_WRITE, for_residents
from bihuan.kernel.api import BadInput
from bihuan.matters.api import (
    Reported,
    advance,
    public_page,
    report,
    report_batch,
    supervisor_by,
    todo,
)

Cursor = Annotated[str | None, Field(max_length=120)]
Limit = Annotated[int, Field(ge=1, le=200)]


class _Orjson(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Return JSON bytes."""
        return orjson.dumps(data, default=NinjaJSONEncoder().default)


class _Strict(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        """Read a JSON body; NaN, Infinity and lone surrogates are no JSON.

        Raises:
            JSONDecodeError: it is none. BadInput: an object with too many names, or one too long.
        """
        queue = request.path.endswith(QUEUE)
        try:
            body = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            if not queue:
                raise
            # Half of an emoji must not keep a whole queue on the phone for ever.
            body = orjson.loads(whole_characters(request.body))
        if (problem := too_many_keys(_around(body) if queue else body)) is not None:
            raise BadInput(problem)
        return body


def _around(queue: Any) -> Any:
    """Return a queue without what its items hold: that is asked of each for itself, and keeps no other back."""
    if not isinstance(queue, dict) or not isinstance(queue.get("items"), list):
        return queue
    kept = [{**one, "data": None} if isinstance(one, dict) and "data" in one else one for one in queue["items"]]
    return {**queue, "items": kept}


_descriptions: dict[str, Description] = {}


class _Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of the function: it stays when a module is split."""
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> Description:
        """Return the description, in which every shape has a name of its own; made once, as it takes a second."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        found = _descriptions.get(prefix)
        if found is None:
            found = _descriptions[prefix] = Description(self, prefix)
        return found

    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        """Return an answer that nobody on the way keeps: it is one caller's, and may hold what is told once."""
        told = masked_for_keys(request, data)
        response = super().create_response(request, told, status=status, temporal_response=temporal_response)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


api = _Api(
    title="闭环 Bihuan",
    version="1",
    description="反映、登记、办理、查询。Report, record, act, look up.",
    docs_url=None,
    urls_namespace="api",
    renderer=_Orjson(),
    parser=_Strict(),
)
problems.install(api)
api.add_router("/field", field_router)
api.add_router("/matters", matter_acts.router)
api.add_router("/methods", methods.router)
api.add_router("/methods", method_acts.router)
api.add_router("/meetings", meeting_own.router)
api.add_router("/hooks", hook_calls.router)
api.add_router("", key_calls.router)
api.add_router("", round_places.router)
api.add_router("/pairings", pairing_acts.router)
api.add_router("", own.router)
api.add_router("", duty_hours.router)
api.add_router("", robots.router)
api.add_router("", people.router)
api.add_router("", territory.router)
api.add_router("", places.router)
api.add_router("", figures.router)
api.add_router("", cockpit.router)
api.add_router("", registers.router)
api.add_router("", exports.router)
api.add_router("", bringin.router)
api.add_router("", forms.router)
api.add_router("", notice_acts.router)
api.add_router("/open", opendata.router)

_WRITE: dict[Any, Any] = dict.fromkeys((403, 404, 409, 413, 422, 429), ProblemDocument)
_BAD: dict[Any, Any] = dict.fromkeys((400, 401), ProblemDocument)


@api.post(
    "/reports",
    auth=keyed(REPORTS_WRITE, Caller(most=MANY), most=MANY),
    response={200: ReportOut, 201: ReportOut, **_WRITE, **_BAD},
    tags=["reports"],
)
def post_report(request: HttpRequest, payload: ReportIn) -> Any:
    """Report a problem; no account needed. 201 when it was new, 200 when the same id came before."""
    actor = for_residents(caller(request))
    slow_down(request, actor)
    given = payload.given()
    given.setdefault("channel", "api")
    done = report(actor=actor, **given)
    return Status(201 if done.created else 200, done)


@api.post(
    "/reports/batch", auth=keyed(MATTERS_WRITE, most=MANY), response={200: BatchOut, **_WRITE, **_BAD}, tags=["reports"]
)
def post_batch(request: HttpRequest, payload: BatchIn) -> HttpResponse:
    """Record up to 500 reports for others; each takes what POST /reports takes, and is answered in its place."""
    actor = caller(request)
    slow_down(request, actor, times=len(payload.reports))
    answers = report_batch(actor=actor, reports=payload.reports)
    results: list[dict[str, Any]] = [
        {"reported": answer, "problem": None}  # orjson writes the dataclass as ReportOut says it
        if isinstance(answer, Reported)
        else {"reported": None, "problem": {"where": answer.field, "why": answer.why, "how": answer.how}}
        for answer in answers
    ]
    body = {"accepted": sum(line["reported"] is not None for line in results), "results": results}
    return HttpResponse(orjson.dumps(body), content_type="application/json")


@api.get("/matters/public/{number}", response={200: PublicOut, 404: ProblemDocument}, tags=["matters"])
def get_public(request: HttpRequest, number: str) -> Any:
    """What anybody may see of a matter, by its number."""
    page = public_page(number)
    if page is None:
        raise Http404
    return Status(200, page)


@api.post(
    "/matters/{uuid:matter_id}/advance",
    auth=keyed(MATTERS_WRITE, Caller(most=MANY), most=MANY),
    response={200: AdvanceOut, **_WRITE, **_BAD},
    tags=["matters"],
)
def post_advance(request: HttpRequest, matter_id: UUID, payload: AdvanceIn) -> Any:
    """Do one of the method's actions on a matter: signed in, or by a secret link as its reporter or supervisor."""
    actor = caller(request)
    if payload.follow_token:  # through a key, too, the link's holder acts, not the key's person
        actor = for_residents(actor)
    if actor.person_id is None or payload.party_token:
        if not payload.follow_token and not payload.party_token:
            raise AuthenticationError(401)
        slow_down(request, actor)
    if payload.party_token:
        found = supervisor_by(payload.party_token)
        if found is None or found[0].pk != matter_id:
            raise Http404
        actor = replace(found[1], via=actor.via)
    done = advance(
        actor=actor,
        matter_id=matter_id,
        action=payload.action,
        entry_id=payload.entry_id,
        data=payload.data,
        expected_version=payload.expected_version,
        happened_at=payload.happened_at,
        via_link=payload.follow_token,
        photos=photos_of(payload.photos),
    )
    return Status(200, done)


@api.get("/todo", auth=keyed(MATTERS_READ), response={200: TodoPage, **matters.READ}, tags=["lists"])
def get_todo(
    request: HttpRequest,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """What waits for the caller, nearest limit first."""
    return Status(200, todo(caller(request), cursor, limit))


# The same list under the name that people know it by.
get_ledger = api.get(
    "/ledger",
    auth=keyed(MATTERS_READ),
    response={200: LedgerPage, **matters.READ},
    tags=["lists"],
    operation_id="get_ledger",
)(matters.get_matters)
