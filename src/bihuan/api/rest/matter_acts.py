"""What a matter's pages do besides its method's acts: merging, reporting again, personal links, the reporter's rights.

What is sealed is told in the clear to nobody but a person signed in, for a reason that is kept. What is a reporter's
own is done by the reporter, signed in or by the secret of their link.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Schema, Status
from ninja.errors import AuthenticationError
from pydantic import Field

from bihuan.api.access import MANY, Caller, Session, caller, keyed, paced
from bihuan.api.rest import matters
from bihuan.api.rest.given import Act, EntryId, Moment, Name, Phone, Secret, Text, Words
from bihuan.api.rest.inputs import READ, WRITE, In
from bihuan.api.rest.photos_in import Photos, photos_of
from bihuan.api.rest.picked import picked
from bihuan.api.rest.schemas import AdvanceOut, ReportOut
from bihuan.api.scopes import MATTERS_WRITE, REPORTS_WRITE, for_residents
from bihuan.matters import api as use
from bihuan.matters.shapes import SealedLine
from bihuan.people.api import Actor

router = matters.router
OWN = keyed(REPORTS_WRITE, Caller())


class MergeIn(Act):
    """Which matter this one is part of: by its id, or by the number that people write."""

    into_id: UUID | None = None
    number: Words = Field("", description="电建-2024-0017")
    reason: Words = ""


class AgainIn(In):
    """Somebody else reports what an open matter is about."""

    id: EntryId
    text: Text
    reporter_name: Name = ""
    phone: Phone = ""
    happened_at: Moment | None = None
    follow_token: Secret | None = None
    photos: Photos = []


@picked(SealedLine)
class SealedValueOut(Schema):
    """One personal value: null id once it is erased."""


class SealedOut(Schema):
    """The personal values of a matter, masked; ``id`` is for ``reveal``."""

    values: list[SealedValueOut]


class RevealIn(In):
    """Which value is to be seen in the clear, and why: kept, and shown to whom it concerns."""

    sealed_id: int = Field(ge=1, le=2**62)
    reason: Words = Field(min_length=1)


class RevealOut(Schema):
    """The value in the clear, this once."""

    value: str


class HandIn(Act):
    """To which supervising resident the link is handed."""

    person_id: UUID


class HandOut(Schema):
    """The secret of the resident's own link; that it was handed over is recorded."""

    party_token: str


class LinkIn(In):
    """The secret of one's link; signed in, none is needed."""

    follow_token: Secret = ""


class StoppedOut(Schema):
    """Whether there was a following that ended."""

    stopped: bool


class ForgetIn(Act):
    """What is to be erased: the number and name, or all that was written, with its photos."""

    what: Literal["contact", "text"]
    follow_token: Secret = ""


class ForgotOut(Schema):
    """Whether it was erased now; false where the same came before."""

    erased: bool


@router.post("/{uuid:matter_id}/merge", auth=keyed(MATTERS_WRITE), response={200: AdvanceOut, **WRITE})
def merge_matters(request: HttpRequest, matter_id: UUID, payload: MergeIn) -> Any:
    """Make a matter part of another open one; who reported it follows that."""
    actor = caller(request)
    into = payload.into_id or use.by_number(actor, use.matter_page(actor, matter_id).matter, payload.number)
    done = use.merge(actor=actor, matter_id=matter_id, into_id=into, entry_id=payload.entry_id, reason=payload.reason)
    return Status(200, done)


@router.post(
    "/{uuid:matter_id}/again",
    auth=keyed(MATTERS_WRITE, most=MANY),
    response={200: ReportOut, 201: ReportOut, **WRITE},
)
def post_again(request: HttpRequest, matter_id: UUID, payload: AgainIn) -> Any:
    """Record for somebody else that they report what an open matter is about: nothing they said is lost."""
    given = payload.model_dump(exclude={"photos"}, exclude_unset=True)
    done = use.report_again(actor=caller(request), matter_id=matter_id, photos=photos_of(payload.photos), **given)
    return Status(201 if done.created else 200, done)


@router.get("/{uuid:matter_id}/sealed", auth=Session(), response={200: SealedOut, **READ})
def get_sealed(request: HttpRequest, matter_id: UUID) -> Any:
    """The personal values of a matter, masked."""
    return Status(200, {"values": use.matter_page(caller(request), matter_id).sealed})


@router.post("/{uuid:matter_id}/reveal", auth=Session(), response={200: RevealOut, **WRITE})
def post_reveal(request: HttpRequest, matter_id: UUID, payload: RevealIn) -> Any:
    """Tell one personal value in the clear; who looked, when and why is kept."""
    value = use.reveal_contact(
        actor=caller(request), matter_id=matter_id, sealed_id=payload.sealed_id, reason=payload.reason
    )
    return Status(200, {"value": value})


@router.post("/{uuid:matter_id}/hand", auth=Session(), response={200: HandOut, **WRITE})
def post_hand(request: HttpRequest, matter_id: UUID, payload: HandIn) -> Any:
    """Take out the supervising resident's own link, to be handed to them: by whoever does not work on the matter."""
    use.hand_over(
        actor=caller(request),
        matter_id=matter_id,
        person_id=payload.person_id,
        role=use.SUPERVISOR,
        entry_id=payload.entry_id,
    )
    return Status(200, {"party_token": use.party_secret(matter_id, payload.person_id)})


def _own(request: HttpRequest, matter_id: UUID, token: str) -> tuple[Actor, str | None]:
    """Return who acts for themselves: the holder of a link of this matter, or somebody signed in.

    Raises:
        Http404: no such link. AuthenticationError: neither link nor sign-in. TooFast: too many tries.
    """
    actor = for_residents(caller(request))
    if token:
        paced(request, actor, "portal-guess", 60, 600)
        found = use.by_follow_token(token)
        if found is None or found.pk != matter_id:
            raise Http404
    elif actor.person_id is None:
        raise AuthenticationError(401)
    return actor, token or None


@router.post("/{uuid:matter_id}/unfollow", auth=OWN, response={200: StoppedOut, **WRITE})
def post_unfollow(request: HttpRequest, matter_id: UUID, payload: LinkIn) -> Any:
    """Follow a matter no longer: by one's link, which ends with it, or signed in."""
    actor, token = _own(request, matter_id, payload.follow_token)
    return Status(200, {"stopped": use.unfollow(actor=actor, matter_id=matter_id, follow_token=token)})


@router.post("/{uuid:matter_id}/forget", auth=OWN, response={200: ForgotOut, **WRITE})
def post_forget(request: HttpRequest, matter_id: UUID, payload: ForgetIn) -> Any:
    """Erase what one left as the reporter; the record stays valid, and one's link goes on working."""
    actor, token = _own(request, matter_id, payload.follow_token)
    done = use.forget(actor=actor, matter_id=matter_id, what=payload.what, entry_id=payload.entry_id, via_link=token)
    return Status(200, {"erased": done})
