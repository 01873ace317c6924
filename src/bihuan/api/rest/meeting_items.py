"""What is done with one item of an agenda by the machine interface: speaking, voting, counting, resolving.

Nothing answered here tells who voted how, or how a vote stands before it is closed.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from bihuan.api.access import caller
from bihuan.api.rest import meeting_acts
from bihuan.api.rest.given import Day, Key, Many, Name, PastAct, Text, Words
from bihuan.api.rest.inputs import WRITE, In
from bihuan.api.rest.meeting_acts import RUNS
from bihuan.meetings import api as use
from bihuan.meetings.models import AgendaItem

router = meeting_acts.router
Item = "/{uuid:meeting_id}/items/{uuid:item_id}"
People = Annotated[list[UUID], Field(max_length=300)]


class ItemNow(Schema):
    """Where an item stands after an act: waiting, voting, counted, carried, rejected, referred, deferred or noted."""

    meeting_id: UUID
    item_id: UUID
    state: str


class OpinionIn(PastAct):
    """What somebody said: a line of the sign-in sheet, or a name."""

    text: Text
    attendance_id: int | None = Field(None, ge=1, le=2**62)
    name: Name = ""


class BallotIn(PastAct):
    """A vote to be opened; the body's usual kind by default."""

    kind: Literal["", "hands", "open", "secret"] = ""


class VoteLine(In):
    """One mandate's choice, as it was raised or written."""

    person_id: UUID
    choice: Literal["for", "against", "abstain"]


class VotesIn(PastAct):
    """Hands, or papers with names, as they were counted in the room; all or nothing."""

    channel: Literal["hands", "paper"]
    votes: list[VoteLine] = Field(min_length=1, max_length=300)


class BundleIn(PastAct):
    """A bundle of secret papers: whose they are, and how many of each."""

    voters: People
    in_favour: Many = Field(0, description="papers for it")
    against: Many = 0
    abstain: Many = 0
    spoilt: Many = 0


class CountOut(ItemNow):
    """The result of a vote that was closed: heads, and the sentence that the rules make of it."""

    in_favour: int
    against: int
    abstain: int
    spoilt: int
    carried: bool
    sentence: str


class ResolveIn(PastAct):
    """What was resolved: responsibility by the method's roles, and the limit."""

    text: Text
    parties: Annotated[dict[Key, People], Field(max_length=12)] = {}
    due_on: Day | None = None


class ResolvedOut(ItemNow):
    """The resolution."""

    resolution_id: UUID
    carried: bool
    text: str


class WhyIn(PastAct):
    """Why it goes elsewhere."""

    reason: Words


def _common(request: HttpRequest, meeting_id: UUID, item_id: UUID, payload: PastAct) -> dict[str, Any]:
    actor = caller(request)
    use.see(actor, meeting_id)  # 404 for who may not know of it, before anything is said of its agenda
    use.must_be_on_agenda(meeting_id, item_id)
    names = ("entry_id", "happened_at")
    return {"actor": actor, "item_id": item_id} | {name: getattr(payload, name) for name in names}


def _now(meeting_id: UUID, item_id: UUID) -> dict[str, Any]:
    state = AgendaItem.objects.values_list("state", flat=True).get(pk=item_id)
    return {"meeting_id": meeting_id, "item_id": item_id, "state": state}


@router.post(f"{Item}/opinions", auth=RUNS, response={200: ItemNow, **WRITE})
def post_opinion(request: HttpRequest, meeting_id: UUID, item_id: UUID, payload: OpinionIn) -> Any:
    """Write down what somebody said on an item."""
    common = _common(request, meeting_id, item_id, payload)
    use.record_opinion(**common, text=payload.text, attendance_id=payload.attendance_id, name=payload.name)
    return Status(200, _now(meeting_id, item_id))


@router.post(f"{Item}/ballot", auth=RUNS, response={200: ItemNow, **WRITE})
def open_a_ballot(request: HttpRequest, meeting_id: UUID, item_id: UUID, payload: BallotIn) -> Any:
    """Open the vote on an item."""
    use.open_ballot(**_common(request, meeting_id, item_id, payload), kind=payload.kind)
    return Status(200, _now(meeting_id, item_id))


@router.post(f"{Item}/votes", auth=RUNS, response={200: ItemNow, **WRITE})
def post_votes(request: HttpRequest, meeting_id: UUID, item_id: UUID, payload: VotesIn) -> Any:
    """Enter hands raised, or papers with names."""
    choices = {line.person_id: line.choice for line in payload.votes}
    use.enter_votes(**_common(request, meeting_id, item_id, payload), channel=payload.channel, choices=choices)
    return Status(200, _now(meeting_id, item_id))


@router.post(f"{Item}/bundle", auth=RUNS, response={200: ItemNow, **WRITE})
def post_bundle(request: HttpRequest, meeting_id: UUID, item_id: UUID, payload: BundleIn) -> Any:
    """Enter a bundle of secret papers."""
    counts = {
        "for": payload.in_favour,
        "against": payload.against,
        "abstain": payload.abstain,
        "spoilt": payload.spoilt,
    }
    use.enter_secret_paper(**_common(request, meeting_id, item_id, payload), voters=payload.voters, counts=counts)
    return Status(200, _now(meeting_id, item_id))


@router.post(f"{Item}/count", auth=RUNS, response={200: CountOut, **WRITE})
def post_count(request: HttpRequest, meeting_id: UUID, item_id: UUID, payload: PastAct) -> Any:
    """Close the vote on an item and count it."""
    use.close_ballot(**_common(request, meeting_id, item_id, payload))
    page = use.meeting_page(caller(request), meeting_id)
    count = next(item.count for item in page.items if item.row.pk == item_id)
    assert count is not None  # noqa: S101 - closed just now
    told = {name: getattr(count, name) for name in ("against", "abstain", "spoilt", "carried", "sentence")}
    return Status(200, _now(meeting_id, item_id) | told | {"in_favour": count.for_})


@router.post(f"{Item}/resolution", auth=RUNS, response={200: ResolvedOut, **WRITE})
def post_resolution(request: HttpRequest, meeting_id: UUID, item_id: UUID, payload: ResolveIn) -> Any:
    """Write down what was resolved; the matter moves as its method says."""
    common = _common(request, meeting_id, item_id, payload)
    parties = {role: people for role, people in payload.parties.items() if people}
    done = use.resolve(**common, text=payload.text, parties=parties, due_on=payload.due_on)
    told = {"resolution_id": done.pk, "carried": done.carried, "text": done.text}
    return Status(200, _now(meeting_id, item_id) | told)


@router.post(f"{Item}/refer", auth=RUNS, response={200: ItemNow, **WRITE})
def refer_an_item(request: HttpRequest, meeting_id: UUID, item_id: UUID, payload: WhyIn) -> Any:
    """Carry an item to the body above."""
    use.refer(**_common(request, meeting_id, item_id, payload), reason=payload.reason)
    return Status(200, _now(meeting_id, item_id))


@router.post(f"{Item}/defer", auth=RUNS, response={200: ItemNow, **WRITE})
def defer_an_item(request: HttpRequest, meeting_id: UUID, item_id: UUID, payload: WhyIn) -> Any:
    """Take an item off this agenda: its matter waits for the next one."""
    use.defer(**_common(request, meeting_id, item_id, payload), reason=payload.reason)
    return Status(200, _now(meeting_id, item_id))


@router.post(f"{Item}/note", auth=RUNS, response={200: ItemNow, **WRITE})
def note_an_item(request: HttpRequest, meeting_id: UUID, item_id: UUID, payload: PastAct) -> Any:
    """Take note of a topic that needs no vote."""
    use.note(**_common(request, meeting_id, item_id, payload))
    return Status(200, _now(meeting_id, item_id))
