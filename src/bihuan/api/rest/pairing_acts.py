"""Paired households by the machine interface, for whoever is signed in: no key reaches a household.

To whom a household is none of theirs, it does not exist (404). Names, phones and doors are sealed: they are told
masked, and in the clear only by ``look``, for a reason that the household sees.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api.access import Session, caller
from bihuan.api.rest.given import Act, EntryId, Key, Moment, Name, Phone, Text, Version, Words
from bihuan.api.rest.inputs import READ, WRITE, AreaCode, Code, In
from bihuan.api.rest.picked import picked
from bihuan.api.rest.visit_acts import FoundOut, RecordedOut
from bihuan.fieldwork import api as use
from bihuan.fieldwork.api import KeptPairing, PairingRow
from bihuan.fieldwork.pairing_store import Paired

router = Router(tags=["pairings"])
OWN = Session()
Needs = Annotated[list[Key], Field(max_length=20)]


@picked(PairingRow)
class PairingLine(Schema):
    """One pairing, masked."""


class PairingsOut(Schema):
    """One page; ``next`` is the cursor of the following one."""

    rows: list[PairingLine]
    next: str | None


class SealedOut(Schema):
    """One sealed value: what it is, masked, and why it is kept."""

    name: str
    title: str
    masked: str
    purpose: str


class PairingOut(Schema):
    """One pairing, and what may be done with it now; of what may not, why not."""

    row: PairingLine
    version: int
    consent: str
    end_reason: str
    values: list[SealedOut]
    help_given: list[tuple[str, int]]
    may: dict[str, str]


@picked(
    KeptPairing, "pairing_id", "title", "state", "state_title", "unit", "person", "needs", "consent", "consented_at",
    "witness", "ended_at", "end_reason", "keep_days", "visits", "last_visit_at", "help",
)  # fmt: skip
class OwnPairing(Schema):
    """What is kept about the caller's own household in one pairing."""


class OwnOut(Schema):
    """All pairings of the caller's own household."""

    kept: list[OwnPairing]


class ProposeIn(In):
    """Which household, and who of which unit is to go there."""

    id: EntryId
    key: Key = Field(description="of the scheme in the method's pairings")
    method_key: Key | None = None
    area_code: AreaCode
    door: Name
    name: Name = Field(description="of who speaks for the household; sealed")
    phone: Phone = ""
    needs: Needs = []
    person_id: UUID


class Agreed(Act):
    """That the household agreed: how, when, and by whom it was witnessed."""

    how: Key
    happened_at: Moment | None = None
    witness_id: UUID | None = None
    witness: Name = ""
    expected_version: Version | None = None


class ChangePairingIn(Act):
    """Who goes, what is needed, a name or phone that was wrong; what is left out stays as it is."""

    person_id: UUID | None = None
    needs: Needs | None = None
    name: Name = ""
    phone: Phone | None = None
    expected_version: Version | None = None


class EndPairingIn(Act):
    """When and why it ended."""

    reason: Key
    note: Words = ""
    happened_at: Moment | None = None
    expected_version: Version | None = None


class WithdrawConsentIn(Act):
    """How the household said so; by the household itself nothing."""

    how: Key = ""


class HouseholdVisitIn(Act):
    """A visit to the household; a ``need`` becomes a matter, so it must not tell which household it is."""

    finding_id: EntryId
    happened_at: Moment
    met: bool = True
    help_kind: Key = ""
    text: Text = ""
    need: Text = ""
    checked: bool = False


class VisitedOut(Schema):
    """The visit, and the matter that the need became."""

    visit: RecordedOut
    found: FoundOut | None


class LookIn(In):
    """Which value is to be seen in the clear, and why: kept, and shown to whom it concerns."""

    name: Literal["name", "phone", "witness", "note"]
    reason: Annotated[Words, Field(min_length=1)]


class LookOut(Schema):
    """The value in the clear, this once."""

    name: str
    value: str


@picked(Paired)
class PairedOut(Schema):
    """The pairing after an act."""


@router.get("", auth=OWN, response={200: PairingsOut, **READ})
def get_pairings(
    request: HttpRequest,
    state: Annotated[str, Field(pattern="^(proposed|active|ended)?$")] = "",
    area: Code = "",
    cursor: Annotated[str | None, Field(max_length=200)] = None,
) -> Any:
    """The households that the caller may know of, masked."""
    return Status(200, use.pairings(caller(request), state=state, area=area, cursor=cursor))


@router.get("/mine", auth=OWN, response={200: OwnOut, **READ})
def get_my_pairings(request: HttpRequest) -> Any:
    """What is kept about the caller's own household."""
    return Status(200, {"kept": use.kept_about(caller(request))})


@router.get("/{uuid:pairing_id}", auth=OWN, response={200: PairingOut, **READ})
def get_pairing(request: HttpRequest, pairing_id: UUID) -> Any:
    """One pairing, its values masked."""
    page = use.pairing_page(caller(request), pairing_id)
    names = ("name", "title", "masked", "purpose")
    told = {name: getattr(page, name) for name in ("row", "consent", "end_reason", "help_given")}
    values = [{name: getattr(value, name) for name in names} for value in page.values]
    may = {act: problem.why if problem else "" for act, problem in page.may.items()}
    return Status(200, told | {"version": page.pairing.version, "values": values, "may": may})


@router.post("", auth=OWN, response={200: PairedOut, 201: PairedOut, **WRITE})
def propose_a_pairing(request: HttpRequest, payload: ProposeIn) -> Any:
    """Propose to pair a household; it is nothing yet until the household agrees."""
    done = use.propose_pairing(actor=caller(request), **payload.model_dump())
    return Status(201 if done.created else 200, done)


@router.post("/{uuid:pairing_id}/consent", auth=OWN, response={200: PairedOut, **WRITE})
def post_consent(request: HttpRequest, pairing_id: UUID, payload: Agreed) -> Any:
    """Record that the household agreed; from then on the pairing runs."""
    return Status(200, use.consent_to_pairing(actor=caller(request), pairing_id=pairing_id, **payload.given()))


@router.post("/{uuid:pairing_id}/change", auth=OWN, response={200: PairedOut, **WRITE})
def change_a_pairing(request: HttpRequest, pairing_id: UUID, payload: ChangePairingIn) -> Any:
    """Change who goes, what is needed, or a name or phone that was wrong."""
    return Status(200, use.change_pairing(actor=caller(request), pairing_id=pairing_id, **payload.given()))


@router.post("/{uuid:pairing_id}/end", auth=OWN, response={200: PairedOut, **WRITE})
def end_a_pairing(request: HttpRequest, pairing_id: UUID, payload: EndPairingIn) -> Any:
    """End a pairing."""
    return Status(200, use.end_pairing(actor=caller(request), pairing_id=pairing_id, **payload.given()))


@router.post("/{uuid:pairing_id}/withdraw", auth=OWN, response={200: PairedOut, **WRITE})
def withdraw_a_consent(request: HttpRequest, pairing_id: UUID, payload: WithdrawConsentIn) -> Any:
    """Take the consent back: by the household, signed in, or by staff who were told so. All is erased at once."""
    return Status(200, use.withdraw_consent(actor=caller(request), pairing_id=pairing_id, **payload.given()))


@router.post("/{uuid:pairing_id}/visits", auth=OWN, response={200: VisitedOut, 201: VisitedOut, **WRITE})
def post_household_visit(request: HttpRequest, pairing_id: UUID, payload: HouseholdVisitIn) -> Any:
    """Record a visit to the household, and perhaps a need that becomes a matter."""
    actor = caller(request)
    page = use.pairing_page(actor, pairing_id)
    visit, found = use.visit_household(actor=actor, page=page, id=payload.entry_id, **payload.given("entry_id"))
    return Status(201 if visit.created else 200, {"visit": visit, "found": found})


@router.post("/{uuid:pairing_id}/look", auth=OWN, response={200: LookOut, **WRITE})
def post_look(request: HttpRequest, pairing_id: UUID, payload: LookIn) -> Any:
    """Tell one value in the clear, for a reason that is kept."""
    value = use.reveal_pairing(actor=caller(request), pairing_id=pairing_id, name=payload.name, reason=payload.reason)
    return Status(200, {"name": payload.name, "value": value})
