"""Bulletins, notices, role models and documents by the machine interface: what stands, and as files to print."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api.access import Caller, Session, caller, keyed, look_up, paced
from bihuan.api.rest.given import EntryId, Secret
from bihuan.api.rest.inputs import READ, WRITE, AreaCode, Code, Cursor, In
from bihuan.api.rest.picked import picked
from bihuan.api.scopes import NOTICES_READ, NOTICES_WRITE, REPORTS_WRITE, for_residents
from bihuan.kernel.api import id_from, visible
from bihuan.people.api import BULLETIN_READ, BULLETIN_WRITE, require
from bihuan.reporting.bulletins import api as bulletins
from bihuan.reporting.bulletins.api import Difference, MyObjection, ObjectionLine, Page, PublicPage
from bihuan.reporting.bulletins.heads import Head
from bihuan.reporting.bulletins.shapes import PublicAnswer, Row, TimelineLine

router = Router(tags=["notices"])
Kind = Literal["", "bulletin", "notice", "document", "model"]
State = Literal["", "draft", "checked", "signed", "published", "withdrawn"]
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_READS = keyed(NOTICES_READ, needs=BULLETIN_READ)
_FILES: dict[Any, Any] = {"responses": {200: {"content": {_DOCX: {}, "application/pdf": {}}}}}


@picked(Row)
class BulletinLine(Schema):
    """One in a list."""


class BulletinsOut(Schema):
    """One page, the newest first; ``next`` is the cursor of the following one."""

    rows: list[BulletinLine]
    next: str | None


class TemplateOut(Schema):
    """A template that may be begun from. ``of``: what it is about: a period, a meeting."""

    key: str
    title: str
    kind: str
    of: str


class TemplatesOut(Schema):
    """The templates of an area."""

    templates: list[TemplateOut]


@picked(Difference)
class DifferenceOut(Schema):
    """A number that is not what it is now."""


@picked(TimelineLine)
class SentenceOut(Schema):
    """One entry in words."""


@picked(Head)
class HeadOut(Schema):
    """公文要素: what is printed around the text."""


class BulletinOut(Schema):
    """One, as who works on it reads it. ``text`` is as it is edited; ``may``: what the caller may do now."""

    id: UUID
    kind: str
    kind_title: str
    template: str
    area_code: str
    area_name: str
    number: str
    title: str
    to: str
    copies: str
    head: HeadOut
    text: str
    state: str
    state_title: str
    period: str
    author: str
    signer: str
    window_from: date | None
    window_until: date | None
    created_at: datetime
    signed_at: datetime | None
    published_at: datetime | None
    concluded_at: datetime | None
    outcome: str
    reason: str
    version: int = Field(description="for expected_version of an edit")
    differences: list[DifferenceOut]
    may: list[str]
    timeline: list[SentenceOut]


@picked(ObjectionLine)
class ObjectionOut(Schema):
    """An objection as who answers it reads it; ``contact`` is masked."""


class ObjectionsOut(Schema):
    """The objections to a notice."""

    objections: list[ObjectionOut]


@picked(PublicAnswer)
class PublicAnswerOut(Schema):
    """What was answered to an objection, without whose it was."""


class NoticeOut(Schema):
    """One as anybody may read it. ``blocks`` are its parts as text; ``unchanged``: it says what it said."""

    id: UUID
    kind: str
    kind_title: str
    area_code: str
    area_name: str
    number: str
    title: str
    state_title: str
    published_at: datetime
    window_from: date | None
    window_until: date | None
    window_open: bool
    outcome: str
    withdrawn: bool
    reason: str
    unchanged: bool
    blocks: list[str]
    waiting: int
    answers: list[PublicAnswerOut]


class ObjectIn(In):
    """An objection; how to reach them only where they want. Both are sealed."""

    id: EntryId
    text: str = Field(max_length=2000)
    contact: str = Field("", max_length=60)


class ObjectedOut(Schema):
    """The secret of the link by which the answer is read."""

    token: str


class TokenIn(In):
    """The secret of one's own objection."""

    token: Secret


@picked(MyObjection, "text", "created_at", "answer", "answered_at", "upheld")
class MineOut(Schema):
    """One's own objection and its answer."""


_COLUMNS = (
    "kind", "template", "area_code", "number", "title", "to", "copies", "state", "window_from", "window_until",
    "created_at", "signed_at", "published_at", "concluded_at", "outcome", "reason", "version",
)  # fmt: skip


def told(page: Page) -> dict[str, Any]:
    """Return one as it goes out."""
    names = (
        "kind_title", "area_name", "text", "state_title", "period", "author", "signer", "differences", "timeline",
        "head",
    )  # fmt: skip
    return (
        {"id": page.row.pk, "may": [act for act, refusal in page.may.items() if refusal is None]}
        | {name: getattr(page.row, name) for name in _COLUMNS}
        | {name: getattr(page, name) for name in names}
    )


@router.get("/bulletins", auth=_READS, response={200: BulletinsOut, **READ})
def get_bulletins(request: HttpRequest, kind: Kind = "", state: State = "", cursor: Cursor = None) -> Any:
    """What the caller may read of bulletins, notices, documents and role models, the newest first."""
    return Status(200, bulletins.bulletins(caller(request), kind=kind, state=state, cursor=cursor))


@router.get(
    "/bulletins/templates", auth=keyed(NOTICES_WRITE, needs=BULLETIN_WRITE), response={200: TemplatesOut, **READ}
)
def get_bulletin_templates(request: HttpRequest, area: AreaCode) -> Any:
    """The templates that may be begun from in an area."""
    require(caller(request), BULLETIN_WRITE, area)
    rows = bulletins.templates_in(area)
    return Status(
        200,
        {"templates": [{"key": o.key, "title": o.title, "kind": o.spec.kind, "of": o.spec.of or ""} for o in rows]},
    )


@router.get("/bulletins/{uuid:bulletin_id}", auth=_READS, response={200: BulletinOut, **READ})
def get_bulletin(request: HttpRequest, bulletin_id: UUID) -> Any:
    """One, with what differs now and what the caller may do."""
    return Status(200, told(bulletins.bulletin_page(caller(request), bulletin_id)))


@router.get(
    "/bulletins/{uuid:bulletin_id}/objections",
    auth=Session(needs=BULLETIN_READ),
    response={200: ObjectionsOut, **READ},
)
def get_notice_objections(request: HttpRequest, bulletin_id: UUID) -> Any:
    """The objections to a notice; by a session only, as what they say is sealed."""
    return Status(200, {"objections": bulletins.bulletin_page(caller(request), bulletin_id).objections})


@router.get(
    "/bulletins/{uuid:bulletin_id}/document.docx", auth=_READS, response={200: str, **READ}, openapi_extra=_FILES
)
def get_bulletin_docx(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """One as an official document, to be edited (GB/T 9704-2012)."""
    _row, content = bulletins.hand_out(caller(request), bulletin_id, "docx")
    return _file(content, _DOCX, f"{bulletin_id}.docx")


@router.get(
    "/bulletins/{uuid:bulletin_id}/document.pdf", auth=_READS, response={200: str, **READ}, openapi_extra=_FILES
)
def get_bulletin_pdf(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """One as an official document, to be printed. 409 where this site cannot draw any."""
    _row, content = bulletins.hand_out(caller(request), bulletin_id, "pdf")
    return _file(content, "application/pdf", f"{bulletin_id}.pdf")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@router.get("/notices", auth=keyed(NOTICES_READ, Caller()), response={200: BulletinsOut, **READ})
def get_notices(request: HttpRequest, area: Code = "", kind: Kind = "", cursor: Cursor = None) -> Any:
    """What is published in an area and below, the newest first; no account needed."""
    look_up(request)
    return Status(200, bulletins.published_bulletins(area, kind=kind, cursor=cursor))


@router.get("/notices/{uuid:bulletin_id}", auth=keyed(NOTICES_READ, Caller()), response={200: NoticeOut, **READ})
def get_notice(request: HttpRequest, bulletin_id: UUID) -> Any:
    """One that is published, as anybody may read it; no account needed."""
    look_up(request)
    page = bulletins.published_bulletin(bulletin_id)
    if page is None:
        raise Http404
    names = ("kind", "area_code", "number", "title", "published_at", "window_from", "window_until", "outcome", "reason")
    same = ("kind_title", "area_name", "state_title", "window_open", "withdrawn", "unchanged", "waiting", "answers")
    out = {"id": page.row.pk, "blocks": list(_lines(page))}
    return Status(
        200,
        out | {name: getattr(page.row, name) for name in names} | {name: getattr(page, name) for name in same},
    )


def _lines(page: PublicPage) -> list[str]:
    lines = []
    for block in page.blocks:
        rows = [block.pieces] if block.pieces else []
        lines += [block.title] if block.title else []
        lines += ["".join(piece.text for piece in pieces) for pieces in (*rows, *block.items)]
        lines += ["\t".join(block.head)] if block.head else []
        lines += ["\t".join("".join(piece.text for piece in cell) for cell in row) for row in block.rows]
    return lines


@router.post(
    "/notices/{uuid:bulletin_id}/objections",
    auth=keyed(REPORTS_WRITE, Caller()),
    response={200: ObjectedOut, 201: ObjectedOut, **WRITE},
)
def post_objection(request: HttpRequest, bulletin_id: UUID, payload: ObjectIn) -> Any:
    """Object to a notice while it is shown; no account, no name needed. Through a key it is a resident who objects."""
    actor = for_residents(caller(request))
    paced(request, actor, "notice-object", 30, 600)
    text = visible(payload.text)
    # Who answers reads the id of an objection: by it alone nobody may come to the link of whoever objected.
    key = id_from(payload.id, "objection", bulletin_id.hex, text, payload.contact)
    done = bulletins.object_to(actor=actor, entry_id=key, bulletin_id=bulletin_id, text=text, contact=payload.contact)
    return Status(201 if done.created else 200, {"token": done.token})


@router.post("/notices/objections/mine", auth=Caller(), response={200: MineOut, **WRITE})
def post_my_objection(request: HttpRequest, payload: TokenIn) -> Any:
    """Read one's own objection and its answer, by the secret of its link; in the body, so that no log keeps it."""
    look_up(request)
    found = bulletins.objection_by(payload.token)
    if found is None:
        raise Http404
    return Status(200, found)
