"""The field front's own calls: the day in one answer, files ahead of what they belong to, and the phone's queue."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, WithJsonSchema

from bihuan.api.access import MANY, Session, caller, signed_in
from bihuan.api.rest.acts import acts_of
from bihuan.api.rest.picked import picked
from bihuan.api.rest.problems import TooFast
from bihuan.api.rest.queued import KINDS
from bihuan.api.rest.schemas import ProblemDocument, ProblemOut
from bihuan.api.rest.syncing import sync
from bihuan.fieldwork.api import Day, DayMatter, day
from bihuan.kernel.api import Problem, Refused, hit_lightly, keep_upload
from bihuan.kernel.clock import ZONE
from bihuan.kernel.models import StoredFile
from bihuan.kernel.sounds import MAX_BYTES as SOUND_MAX_BYTES
from bihuan.people.api import MATTER_RECORD, VISIT_RECORD, Actor

# Of one person: a phone that was out of reach for a week sends all at once.
FIELD_PER_HOUR = int(os.environ.get("BIHUAN_FIELD_PER_HOUR", "6000"))
MOST_UNNAMED = 600  # files of one person that nothing names yet: fifty visits with six photos twice over
LONGEST_FILE = max(settings.PHOTO_MAX_BYTES, SOUND_MAX_BYTES)

QUEUE = "/field/sync"
# Escapes of a JSON text, one after the other: both halves of a character, half of one alone, any other.
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", re.DOTALL
)

router = Router(tags=["field"])
_WRONG: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), ProblemDocument)


class FieldOut(Schema):
    """One field that an act takes."""

    key: str
    title: str
    type: str
    required: bool
    hint: str
    options: list[dict[str, str]]


class ActOut(Schema):
    """An act that the caller may do now."""

    action: str
    title: str
    does: str
    must: bool
    reason: str
    photos: dict[str, int]
    assigns: list[str]
    gives: list[FieldOut]


@picked(
    DayMatter,
    "matter_id", "number", "display_number", "title", "area_code", "area_name", "category", "urgency", "step",
    "step_title", "version", "due_at", "card", "created_at",
)  # fmt: skip
class DayMatterBase(Schema):
    """An open matter where the caller goes."""


class DayMatterOut(DayMatterBase):
    """An open matter where the caller goes, with what they may do on it."""

    acts: list[ActOut]


@picked(
    Day, "person_id", "person_name", "plans", "targets", "pairings", "areas", "forms", "more_matters", "more_targets",
    "more_areas",
)  # fmt: skip
class DayBase(Schema):
    """All that one person needs in the field today."""


class DayOut(DayBase):
    """All that one person needs in the field today, in their language."""

    date: str
    language: str
    matters: list[DayMatterOut]


class FileOut(Schema):
    """A file as it is kept."""

    id: UUID
    kind: str
    tag: str
    bytes: int
    seconds: int | None
    created: bool


class ItemIn(Schema):
    """One item of the queue; ``data`` by ``kind``."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=64, description="UUIDv7 made by the phone: the same again is the same record")
    kind: str = Field(max_length=12, description="visit, help, finding, record, advance")
    data: Annotated[dict[str, Any], WithJsonSchema({"anyOf": [shape.model_json_schema() for shape in KINDS.values()]})]
    after: list[Annotated[str, Field(max_length=64)]] = Field(default_factory=list, max_length=20)


class QueueIn(Schema):
    """Up to 100 items, in the order in which they were recorded."""

    model_config = ConfigDict(extra="forbid")

    items: list[ItemIn] = Field(max_length=100)


class LastOut(Schema):
    """Who moved a matter last."""

    sentence: str
    who: str
    at: datetime


class NowOut(Schema):
    """What a matter is now."""

    matter_id: UUID
    number: str
    title: str
    area_name: str
    is_open: bool
    step: str
    step_title: str
    outcome_title: str
    version: int
    updated_at: datetime
    last: LastOut | None
    acts: list[ActOut]


class AnswerOut(Schema):
    """What became of one item."""

    id: str
    state: Literal["done", "again", "waiting", "conflict", "refused"]
    problems: list[ProblemOut]
    counted: bool | None
    not_counted: str
    reason: str
    matter_id: UUID | None
    number: str
    now: NowOut | None


class QueueOut(Schema):
    """The answers, in the order of the items."""

    results: list[AnswerOut]


def _goes_out(request: HttpRequest) -> Actor:
    """Return the caller: somebody who records in the field."""
    actor = signed_in(request)
    if not (actor.areas_with(VISIT_RECORD) or actor.areas_with(MATTER_RECORD)):
        raise PermissionDenied(_("您的岗位不记录走访，也不登记事项。"))
    return actor


def _who(actor: Actor) -> UUID:
    assert actor.person_id is not None  # noqa: S101 - signed in
    return actor.person_id


def _slow_down(person_id: UUID | None, times: int) -> None:
    decision = hit_lightly("api-field", person_id.hex if person_id else "", FIELD_PER_HOUR, 3600, times=times)
    if not decision.allowed:
        raise TooFast(decision.retry_after, _("您在短时间内提交得太多了。"))


@router.get(
    "/day", auth=Session(_goes_out), response={200: DayOut, 304: None, 401: ProblemDocument, 403: ProblemDocument}
)
def get_day(request: HttpRequest) -> HttpResponse:
    """All that the caller needs in the field today; 304 when it is what ``If-None-Match`` names."""
    actor = caller(request)
    body = orjson.dumps(_told(day(actor)))
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    same = tag in request.headers.get("If-None-Match", "")
    answer = HttpResponse(status=304) if same else HttpResponse(body, content_type="application/json")
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    patch_vary_headers(answer, ("Cookie", "Accept-Language"))
    return answer


def _told(today: Day) -> dict[str, Any]:
    """Return the day as it goes out: by the day, not the second, so that the same day has the same tag."""
    matters = [
        {name: getattr(matter, name) for name in DayMatterBase.model_fields}
        | {"acts": acts_of(matter.offers, matter.version_id)}
        for matter in today.matters
    ]
    return {
        "date": today.at.astimezone(ZONE).date(),
        "language": get_language() or "zh-hans",
        **{name: getattr(today, name) for name in DayBase.model_fields},
        "matters": matters,
    }


@router.put(
    "/files/{uuid:file_id}", auth=Session(_goes_out, most=LONGEST_FILE), response={200: FileOut, 201: FileOut, **_WRONG}
)
def put_file(
    request: HttpRequest,
    file_id: UUID,
    kind: Literal["photo", "sound"] = "photo",
    tag: Annotated[str, Field(max_length=16)] = "scene",
) -> Any:
    """Send one file ahead, its bytes as they are; 201 when it was new, 200 when the same came before."""
    person_id = _who(caller(request))
    _slow_down(person_id, 1)
    if StoredFile.objects.filter(subject_type="upload", subject_id=person_id).count() >= MOST_UNNAMED:
        raise Refused(Problem("", _("您有太多文件还没有用上。"), _("请先发送记录，再传文件。")))
    row, created = keep_upload(kind=kind, upload=request, tag=tag, file_id=file_id, person_id=person_id)
    shown = FileOut(id=row.pk, kind=row.kind, tag=row.tag, bytes=row.bytes, seconds=row.seconds, created=created)
    return Status(201 if created else 200, shown)


def whole_characters(body: bytes) -> bytes:
    """Return a JSON text with a replacement character for each half of a character that stands alone."""
    return _ESCAPE.sub(lambda found: b"\\ufffd" if found[1] else found[0], body)


@router.post("/sync", auth=Session(most=MANY), response={200: QueueOut, **_WRONG})
def post_sync(request: HttpRequest, payload: QueueIn) -> HttpResponse:
    """Take a phone's queue in; each item is answered in its place, and keeps none back but those that name it."""
    actor = caller(request)
    _slow_down(actor.person_id, max(1, len(payload.items)))
    answers = sync(actor=actor, items=[item.model_dump() for item in payload.items])
    body = {"results": [answer.as_dict() for answer in answers]}
    return HttpResponse(orjson.dumps(body), content_type="application/json")
