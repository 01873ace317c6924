"""What is one's own by the machine interface: posts, bell, e-mail, being erased. Signed in; no permission, no key."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api.access import Session, caller
from bihuan.api.rest.acts import language
from bihuan.api.rest.inputs import READ, WRITE, Code, Cursor, In
from bihuan.kernel.api import BadInput, Problem, clock, mark_read, notice_text, notifications_of
from bihuan.people.api import (
    Actor,
    answer_by,
    ask_erasure,
    ask_mail,
    choose_mail,
    confirm_mail,
    mailing_of,
    stop_mail,
    take_back_erasure,
)
from bihuan.people.models import Person

router = Router(tags=["own"])
_MINE = Session()
PAGE = 50


class OwnPost(Schema):
    """One of the caller's posts in force."""

    role: str
    area_code: str
    deputy: bool


class MailOut(Schema):
    """Where e-mail stands: the confirmed address and the one that waits for its code, masked; of what is told."""

    address: str
    asked: str
    kinds: list[str]


class MeOut(Schema):
    """Who the caller is. ``answer_by``: they asked to be erased, and an answer is due by that day."""

    person_id: UUID
    name: str
    language: str
    posts: list[OwnPost]
    mail: MailOut
    answer_by: date | None


class NoticeLine(Schema):
    """One line of the bell; ``link`` is the page where something can be done."""

    id: UUID
    text: str
    at: datetime
    link: str
    new: bool


class BellOut(Schema):
    """The caller's bell, the newest first; ``next`` is the cursor of the following page."""

    rows: list[NoticeLine]
    next: str | None


class ReadIn(In):
    """Which lines were read; empty: all."""

    ids: list[UUID] = Field(default_factory=list, max_length=200)


class ReadOut(Schema):
    """How many lines were unread."""

    read: int


class MailIn(In):
    """An address."""

    address: str = Field(max_length=254)


class CodeIn(In):
    """The code that came back."""

    code: str = Field(max_length=12)


class KindsIn(In):
    """Of what e-mail tells."""

    kinds: list[Literal["turn", "card", "progress"]] = Field(max_length=3)


class ErasureIn(In):
    """Asking to be erased, or taking it back. ``area_code``: who is asked, where posts and home do not tell it."""

    do: Literal["ask", "take_back"]
    area_code: Code = ""


def _me(actor: Actor) -> dict[str, Any]:
    assert actor.person_id is not None  # noqa: S101 - signed in
    person = Person.objects.get(pk=actor.person_id)
    row, now = mailing_of(person.pk), clock.now()
    waits = row is not None and row.code_until is not None and row.code_until > now
    return {
        "person_id": person.pk,
        "name": person.name,
        "language": actor.language,
        "posts": [{"role": one.role, "area_code": one.area_code, "deputy": one.deputy} for one in actor.posts],
        "mail": {
            "address": row.address_masked if row is not None and row.confirmed_at else "",
            "asked": row.asked_masked if row is not None and waits else "",
            "kinds": row.kinds if row is not None else [],
        },
        "answer_by": answer_by(person),
    }


@router.get("/me", auth=_MINE, response={200: MeOut, **READ})
def get_me(request: HttpRequest) -> Any:
    """Who the caller is, with their posts in force."""
    return Status(200, _me(caller(request)))


@router.post("/me/erasure", auth=_MINE, response={200: MeOut, **WRITE})
def post_me_erasure(request: HttpRequest, payload: ErasureIn) -> Any:
    """Ask to be erased, or take that back."""
    actor = caller(request)
    if payload.do == "ask":
        ask_erasure(actor=actor, area_code=payload.area_code)
    else:
        take_back_erasure(actor=actor)
    return Status(200, _me(actor))


@router.post("/me/mail/ask", auth=_MINE, response={200: MeOut, **WRITE})
def post_mail_ask(request: HttpRequest, payload: MailIn) -> Any:
    """Have a code sent to an address."""
    ask_mail(actor=caller(request), address=payload.address)
    return Status(200, _me(caller(request)))


@router.post("/me/mail/confirm", auth=_MINE, response={200: MeOut, **WRITE})
def post_mail_confirm(request: HttpRequest, payload: CodeIn) -> Any:
    """Give the code back: from now on the address is used."""
    confirm_mail(actor=caller(request), code=payload.code)
    return Status(200, _me(caller(request)))


@router.post("/me/mail/kinds", auth=_MINE, response={200: MeOut, **WRITE})
def post_mail_kinds(request: HttpRequest, payload: KindsIn) -> Any:
    """Choose what e-mail tells of."""
    choose_mail(actor=caller(request), kinds=payload.kinds)
    return Status(200, _me(caller(request)))


@router.post("/me/mail/stop", auth=_MINE, response={200: MeOut, **WRITE})
def post_mail_stop(request: HttpRequest) -> Any:
    """Have the address forgotten."""
    stop_mail(actor=caller(request))
    return Status(200, _me(caller(request)))


@router.get("/bell", auth=_MINE, response={200: BellOut, **READ})
def get_bell(request: HttpRequest, cursor: Cursor = None) -> Any:
    """The caller's bell: what happened to what they answer for or follow."""
    actor = caller(request)
    assert actor.person_id is not None  # noqa: S101 - signed in
    rows = notifications_of(actor.person_id, before=_before(cursor), limit=PAGE + 1)
    told = [
        {
            "id": row.pk,
            "text": notice_text(row.kind, row.params, language()),
            "at": row.created_at,
            "link": row.link,
            "new": row.read_at is None,
        }
        for row in rows[:PAGE]
    ]
    more = len(rows) > PAGE
    return Status(
        200, {"rows": told, "next": f"{rows[PAGE - 1].created_at.isoformat()}|{rows[PAGE - 1].pk}" if more else None}
    )


def _before(cursor: str | None) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    when, _bar, key = cursor.partition("|")
    try:
        moment, last = datetime.fromisoformat(when), UUID(key)
        if moment.tzinfo is None:
            raise ValueError
    except ValueError as error:
        raise BadInput(Problem("cursor", _("翻页的位置不对。"), _("请回到第一页。"))) from error
    return moment, last


@router.post("/bell/read", auth=_MINE, response={200: ReadOut, **WRITE})
def post_bell_read(request: HttpRequest, payload: ReadIn) -> Any:
    """Count lines of the bell as read."""
    actor = caller(request)
    assert actor.person_id is not None  # noqa: S101 - signed in
    return Status(200, {"read": mark_read(actor.person_id, payload.ids or None)})
