"""What is done with bulletins and notices by the machine interface. Signing off is a person's own: no key does it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status
from pydantic import Field

from bihuan.api.access import Session, caller, keyed
from bihuan.api.rest.given import Act, Day, EntryId, Text, Words
from bihuan.api.rest.inputs import WRITE, AreaCode, In, ReasonIn
from bihuan.api.rest.notices import BulletinOut, told
from bihuan.api.rest.notices import router as router  # one address, read and written
from bihuan.api.scopes import NOTICES_WRITE
from bihuan.kernel.api import NotFound, Problem
from bihuan.people.api import BULLETIN_SIGN, BULLETIN_WRITE, MATTER_PERSONAL
from bihuan.reporting.bulletins import api as bulletins

LONGEST = 20_000
_WRITES = keyed(NOTICES_WRITE, needs=BULLETIN_WRITE)
_SIGNS = Session(needs=BULLETIN_SIGN)
OUT: dict[Any, Any] = {200: BulletinOut, **WRITE}


class DraftIn(Act):
    """A text begun from a template; its id is the entry's. ``period``: 2024-03, 2024-Q1, 2024; "" as is usual."""

    area_code: AreaCode
    template: str = Field(max_length=121)
    period: str = Field("", max_length=20, description="2024-03, 2024-Q1, 2024 or 2024-01..2024-04; none: as is usual")
    meeting_id: UUID | None = None
    method: str = Field("", max_length=60, description="whose matters are counted: a key, all, or as the template says")
    category: str = Field("", max_length=40, description="only matters of this kind")


class HeadIn(In):
    """公文要素: what is printed around the text. What is left out stays as it is."""

    joint: list[Annotated[str, Field(max_length=40)]] | None = Field(None, max_length=9)
    upward: bool | None = Field(None, description="a document to a superior: names who signs it off")
    signers: list[Annotated[str, Field(max_length=20)]] | None = Field(None, max_length=9)
    urgency: Literal["", "urgent", "critical"] | None = None
    annotation: str | None = Field(None, max_length=120)
    sealed: bool | None = Field(None, description="room for the seal")
    both_sides: bool | None = None


class EditIn(Act):
    """What it says."""

    title: str = Field(max_length=120)
    text: str = Field(max_length=LONGEST)
    to: str = Field("", max_length=200)
    copies: str = Field("", max_length=200)
    head: HeadIn | None = None
    expected_version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class CheckIn(Act):
    """That the numbers were gone through. ``keep``: why numbers stay that are others by now."""

    keep: Words = ""


class BackIn(Act):
    """Why."""

    reason: Words


class OutcomeIn(Act):
    """How a public notice ended."""

    outcome: Text


class AnswerIn(In):
    """An answer to an objection. ``upheld``: it changes the result."""

    entry_id: EntryId
    text: Text
    upheld: bool


class ConsentIn(Act):
    """Who agreed to be told of, how (written, spoken, phone, message), when, to what."""

    name: str = Field(max_length=40)
    how: str = Field(max_length=12)
    given_on: Day
    covers: tuple[Literal["words", "picture"], ...] = Field(("words",), max_length=2)


class PictureIn(Act):
    """Whose consent to their picture is taken back: the id of the entry that recorded it."""

    consent_id: UUID


class ContactOut(Schema):
    """How to reach whoever objects; that it was read stands in the record."""

    contact: str


def _now(request: HttpRequest, bulletin_id: UUID) -> Status[Any]:
    return Status(200, told(bulletins.bulletin_page(caller(request), bulletin_id)))


@router.post("/bulletins", auth=_WRITES, response=OUT)
def post_bulletin(request: HttpRequest, payload: DraftIn) -> Any:
    """Begin a text from a template, its numbers filled in; the same id again is the same text."""
    since: date | None = None
    until: date | None = None
    if payload.period:
        since, until = bulletins.periods.read(payload.period)
    made = bulletins.draft(actor=caller(request), since=since, until=until, **payload.given("period"))
    return _now(request, made.pk)


@router.post("/bulletins/{uuid:bulletin_id}/edit", auth=_WRITES, response=OUT)
def post_bulletin_edit(request: HttpRequest, bulletin_id: UUID, payload: EditIn) -> Any:
    """Rewrite a draft. 409 where somebody else did since ``expected_version``."""
    head = payload.head.model_dump(exclude_none=True) if payload.head else None
    bulletins.edit(actor=caller(request), bulletin_id=bulletin_id, head=head, **payload.given("head"))
    return _now(request, bulletin_id)


@router.post("/bulletins/{uuid:bulletin_id}/refill", auth=_WRITES, response=OUT)
def post_bulletin_refill(request: HttpRequest, bulletin_id: UUID, payload: Act) -> Any:
    """Put in the numbers as they are now."""
    bulletins.refill(actor=caller(request), bulletin_id=bulletin_id, entry_id=payload.entry_id)
    return _now(request, bulletin_id)


@router.post("/bulletins/{uuid:bulletin_id}/check", auth=_WRITES, response=OUT)
def post_bulletin_check(request: HttpRequest, bulletin_id: UUID, payload: CheckIn) -> Any:
    """Say that it was checked and may be signed."""
    bulletins.check(actor=caller(request), bulletin_id=bulletin_id, **payload.given())
    return _now(request, bulletin_id)


@router.post("/bulletins/{uuid:bulletin_id}/sign", auth=_SIGNS, response=OUT)
def post_bulletin_sign(request: HttpRequest, bulletin_id: UUID, payload: Act) -> Any:
    """Sign one off; it gets its number. By a session only, and by another person than its author."""
    bulletins.sign(actor=caller(request), bulletin_id=bulletin_id, entry_id=payload.entry_id)
    return _now(request, bulletin_id)


@router.post("/bulletins/{uuid:bulletin_id}/send-back", auth=_SIGNS, response=OUT)
def post_bulletin_send_back(request: HttpRequest, bulletin_id: UUID, payload: BackIn) -> Any:
    """Send one back to its author, with the reason."""
    bulletins.send_back(actor=caller(request), bulletin_id=bulletin_id, **payload.given())
    return _now(request, bulletin_id)


@router.post("/bulletins/{uuid:bulletin_id}/publish", auth=_SIGNS, response=OUT)
def post_bulletin_publish(request: HttpRequest, bulletin_id: UUID, payload: Act) -> Any:
    """Publish one that is signed; a notice's window opens."""
    bulletins.publish(actor=caller(request), bulletin_id=bulletin_id, entry_id=payload.entry_id)
    return _now(request, bulletin_id)


@router.post("/bulletins/{uuid:bulletin_id}/withdraw", auth=_SIGNS, response=OUT)
def post_bulletin_withdraw(request: HttpRequest, bulletin_id: UUID, payload: BackIn) -> Any:
    """Withdraw one; the reason stands on its public page."""
    bulletins.withdraw(actor=caller(request), bulletin_id=bulletin_id, **payload.given())
    return _now(request, bulletin_id)


@router.post("/bulletins/{uuid:bulletin_id}/conclude", auth=_SIGNS, response=OUT)
def post_bulletin_conclude(request: HttpRequest, bulletin_id: UUID, payload: OutcomeIn) -> Any:
    """Tell how a public notice ended, when its window is over and every objection is answered."""
    bulletins.conclude(actor=caller(request), bulletin_id=bulletin_id, **payload.given())
    return _now(request, bulletin_id)


@router.post("/bulletins/{uuid:bulletin_id}/consent", auth=_WRITES, response=OUT)
def post_bulletin_consent(request: HttpRequest, bulletin_id: UUID, payload: ConsentIn) -> Any:
    """Note that a role model agreed to be told of."""
    bulletins.consent(actor=caller(request), bulletin_id=bulletin_id, **payload.given())
    return _now(request, bulletin_id)


@router.post("/bulletins/{uuid:bulletin_id}/no-picture", auth=Session(needs=BULLETIN_WRITE), response=OUT)
def post_bulletin_no_picture(request: HttpRequest, bulletin_id: UUID, payload: PictureIn) -> Any:
    """Take back that a role model's picture may be shown; the words stay."""
    bulletins.no_picture(actor=caller(request), bulletin_id=bulletin_id, **payload.given())
    return _now(request, bulletin_id)


@router.post("/bulletins/{uuid:bulletin_id}/forget", auth=Session(needs=BULLETIN_WRITE), response=OUT)
def post_bulletin_forget(request: HttpRequest, bulletin_id: UUID, payload: Act) -> Any:
    """Take a role model's story down at their wish: what it says is erased."""
    bulletins.forget(actor=caller(request), bulletin_id=bulletin_id, entry_id=payload.entry_id)
    return _now(request, bulletin_id)


@router.post(
    "/bulletins/{uuid:bulletin_id}/objections/{uuid:objection_id}/answer",
    auth=Session(needs=BULLETIN_WRITE),
    response=OUT,
)
def post_objection_answer(request: HttpRequest, bulletin_id: UUID, objection_id: UUID, payload: AnswerIn) -> Any:
    """Answer an objection; whoever made it reads the answer by their link."""
    _of(request, bulletin_id, objection_id)
    bulletins.answer(actor=caller(request), objection_id=objection_id, **payload.model_dump())
    return _now(request, bulletin_id)


@router.post(
    "/bulletins/{uuid:bulletin_id}/objections/{uuid:objection_id}/contact",
    auth=Session(needs=MATTER_PERSONAL),
    response={200: ContactOut, **WRITE},
)
def post_objection_contact(request: HttpRequest, bulletin_id: UUID, objection_id: UUID, payload: ReasonIn) -> Any:
    """Read how to reach whoever objects, with a reason that stands in the record; by a session only."""
    _of(request, bulletin_id, objection_id)
    said = bulletins.read_contact(actor=caller(request), objection_id=objection_id, reason=payload.reason)
    return Status(200, {"contact": said})


def _of(request: HttpRequest, bulletin_id: UUID, objection_id: UUID) -> None:
    """Refuse an objection that is another notice's.

    Raises:
        NotFound: it is none of these. Http404: no such notice for this actor.
    """
    page = bulletins.bulletin_page(caller(request), bulletin_id)
    if objection_id not in {line.id for line in page.objections}:
        raise NotFound(Problem("objection_id", _("没有这条异议。"), _("请刷新页面。")))
