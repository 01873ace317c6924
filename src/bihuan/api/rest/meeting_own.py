"""What somebody does at a meeting for themselves: signing in, voting, objecting to what was published.

Signed in, or by the secret of one's personal link (``token``), without an account. No key signs in or votes: that is
a person's own.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Schema, Status
from ninja.errors import AuthenticationError
from pydantic import Field

from bihuan.api.access import Caller, caller, keyed, paced
from bihuan.api.rest import meeting_items
from bihuan.api.rest.given import Act, Name, Phone, Secret, Text
from bihuan.api.rest.inputs import WRITE
from bihuan.api.scopes import REPORTS_WRITE, for_residents
from bihuan.meetings import api as use
from bihuan.people.api import ANONYMOUS, Actor

router = meeting_items.router  # that of all that is read and done at meetings


class SignInIn(Act):
    """Signing in to a meeting."""

    token: Secret = ""


class CastIn(Act):
    """One's own vote, or that of whom one stands in for."""

    choice: Literal["for", "against", "abstain"]
    token: Secret = ""
    mandate_of: UUID | None = Field(None, description="signed in as a deputy: whose mandate")


class OwnOut(Schema):
    """That it is in the record; never what was chosen."""

    meeting_id: UUID
    done: bool


class ObjectIn(Act):
    """An objection to published results, with a name or without one; the phone number is sealed."""

    text: Text
    item_id: UUID | None = None
    name: Name = ""
    phone: Phone = ""


class ObjectedOut(Schema):
    """The objection that was taken; its answer will stand beside the results."""

    id: UUID
    meeting_id: UUID


def _who(request: HttpRequest, meeting_id: UUID, token: str) -> Actor:
    """Return who acts: the holder of a link of this very meeting, or somebody signed in who may know of it.

    Raises:
        Http404: no such link, or no such meeting for them. AuthenticationError: neither link nor sign-in.
    """
    actor = caller(request)
    if token:
        page = use.vote_page(token)
        if page is None or page.meeting.pk != meeting_id:
            raise Http404
        return ANONYMOUS
    if actor.person_id is None:
        raise AuthenticationError(401)
    use.see(actor, meeting_id)
    return actor


@router.post("/{uuid:meeting_id}/sign-in", auth=Caller(), response={200: OwnOut, **WRITE})
def sign_in_to_meeting(request: HttpRequest, meeting_id: UUID, payload: SignInIn) -> Any:
    """Sign in to a meeting oneself: by one's link, or signed in to the site."""
    actor = _who(request, meeting_id, payload.token)
    use.sign_in(actor=actor, meeting_id=meeting_id, **payload.given())
    return Status(200, {"meeting_id": meeting_id, "done": True})


@router.post("/{uuid:meeting_id}/items/{uuid:item_id}/vote", auth=Caller(), response={200: OwnOut, **WRITE})
def cast_own_vote(request: HttpRequest, meeting_id: UUID, item_id: UUID, payload: CastIn) -> Any:
    """Vote on an item: by one's link, or signed in to the site. One mandate, one vote, by whatever channel."""
    actor = _who(request, meeting_id, payload.token)
    use.must_be_on_agenda(meeting_id, item_id)
    use.cast(actor=actor, item_id=item_id, **payload.given())
    return Status(200, {"meeting_id": meeting_id, "done": True})


@router.post(
    "/{uuid:meeting_id}/objections",
    auth=keyed(REPORTS_WRITE, Caller()),
    response={200: ObjectedOut, **WRITE},
)
def post_meeting_objection(request: HttpRequest, meeting_id: UUID, payload: ObjectIn) -> Any:
    """Object to published results while the window is open; no account needed. Through a key it is a resident's."""
    actor = for_residents(caller(request))
    if use.published(meeting_id) is None:
        raise Http404
    paced(request, actor, "meeting-object", 20, 600)
    done = use.object_to(actor=actor, meeting_id=meeting_id, **payload.given())
    return Status(200, {"id": done.pk, "meeting_id": meeting_id})
