"""The duty log by the machine interface: what came in on a duty, what became of it, and handing over.

What callers said is told to people who are signed in; names and telephones as the page tells them: masked.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from bihuan.activities.duties import api as use
from bihuan.activities.duties.api import CallLine
from bihuan.activities.models import Call
from bihuan.api.access import Session, caller, keyed
from bihuan.api.rest import duties
from bihuan.api.rest.duties import DutyNow, Minutes, duty_now, may_now
from bihuan.api.rest.given import Act, EntryId, Key, Moment, Name, Phone, Text, Words, made_status
from bihuan.api.rest.inputs import READ, WRITE, Cursor, In
from bihuan.api.rest.picked import picked
from bihuan.api.scopes import MATTERS_READ

router = duties.router  # one address may be of a roster and of its log
LOG = ["duty log"]
Said = Annotated[str, Field(max_length=2000)]


@picked(
    CallLine, "id", "came_at", "unit", "name", "phone", "text", "proposal", "instruction", "progress", "state",
    "state_title", "matter_id", "number", "team_id", "area_code",
)  # fmt: skip
class CallOut(Schema):
    """One call; names and telephones masked, through a key not at all."""


class CallsOut(Schema):
    """One page, the newest first; ``next`` is the cursor of the following one."""

    rows: list[CallOut]
    next: str | None


class LogOut(Schema):
    """The log of a duty, and what is open from before it."""

    duty_id: UUID
    team_id: UUID
    handed_at: datetime | None
    undone: str
    calls: list[CallOut]
    open_before: list[CallOut]
    may: dict[str, str]


class NoteIn(Act):
    """A call or a need; with a ``result`` it is settled on the spot."""

    text: Text
    unit: Name = ""
    name: Name = ""
    phone: Phone = ""
    proposal: Text = ""
    result: Text = ""
    came_at: Moment | None = None


class CallNow(Schema):
    """A call after an act."""

    id: UUID
    state: str


class WordsIn(Act):
    """What is written: an instruction, a result, an objection."""

    words: Text


class MatterIn(In):
    """A matter to be made of a call; ``id`` will be the matter's."""

    id: EntryId
    area_code: Annotated[str, Field(max_length=21, pattern="^[0-9]*$")] = ""
    category: Key = ""
    urgency: Key = ""


class MatterNow(Schema):
    """The matter that a call became."""

    matter_id: UUID
    number: str
    display_number: str


class RevealIn(In):
    """What is to be read, and why: it is logged."""

    what: Annotated[str, Field(pattern="^(name|phone)$")]
    reason: Words


class RevealOut(Schema):
    """The value in the clear."""

    value: str


class HandIn(Act):
    """Who takes over, what is open besides the calls, how long it was stood."""

    taker_id: UUID | None = None
    undone: Text = ""
    minutes: Minutes | None = None


def _call(row: Call) -> dict[str, Any]:
    return {"id": row.pk, "state": row.state}


@router.get("/duties/{uuid:duty_id}", auth=Session(), response={200: LogOut, **READ}, tags=LOG)
def get_duty(request: HttpRequest, duty_id: UUID) -> Any:
    """The log of a duty, for its team and whoever reads matters there."""
    page = use.log_page(caller(request), duty_id)
    told = {"duty_id": duty_id, "team_id": page.team.pk, "handed_at": page.handed_at, "undone": page.undone}
    return Status(200, told | {"calls": page.calls, "open_before": page.open_before, "may": may_now(page.may)})


@router.get("/calls", auth=keyed(MATTERS_READ), response={200: CallsOut, **READ}, tags=LOG)
def get_calls(
    request: HttpRequest,
    team: UUID | None = None,
    state: Annotated[str, Field(pattern="^(open|settled|matter)?$")] = "",
    cursor: Cursor = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 30,
) -> Any:
    """The calls that the caller may read, the newest first."""
    actor = caller(request)
    page = use.calls(actor, team_id=team, state=state, cursor=cursor, limit=limit)
    rows = [
        {name: getattr(row, name) for name in CallOut.model_fields}
        | ({"name": "", "phone": "", "unit": ""} if actor.via else {})
        for row in page.rows
    ]
    return Status(200, {"rows": rows, "next": page.next})


@router.post("/duties/{uuid:duty_id}/calls", auth=Session(), response={200: CallNow, 201: CallNow, **WRITE}, tags=LOG)
def post_call(request: HttpRequest, duty_id: UUID, payload: NoteIn) -> Any:
    """Note a call or a need that came in during a duty."""
    status = made_status(payload.entry_id)
    return Status(status, _call(use.note_call(actor=caller(request), duty_id=duty_id, **payload.given())))


@router.post("/calls/{uuid:call_id}/instruct", auth=Session(), response={200: CallNow, **WRITE}, tags=LOG)
def instruct_on_a_call(request: HttpRequest, call_id: UUID, payload: WordsIn) -> Any:
    """Write the instruction of who leads or keeps the team."""
    return Status(200, _call(use.instruct(actor=caller(request), call_id=call_id, **payload.given())))


@router.post("/calls/{uuid:call_id}/settle", auth=Session(), response={200: CallNow, **WRITE}, tags=LOG)
def settle_a_call(request: HttpRequest, call_id: UUID, payload: WordsIn) -> Any:
    """Write how a call was settled."""
    given = payload.given("words") | {"result": payload.words}
    return Status(200, _call(use.settle_call(actor=caller(request), call_id=call_id, **given)))


@router.post("/calls/{uuid:call_id}/matter", auth=Session(), response={200: MatterNow, **WRITE}, tags=LOG)
def make_a_matter_of_a_call(request: HttpRequest, call_id: UUID, payload: MatterIn) -> Any:
    """Make a matter of a call with all that was noted."""
    given = {name: getattr(payload, name) for name in ("id", "area_code", "category", "urgency")}
    return Status(200, use.call_to_matter(actor=caller(request), call_id=call_id, **given))


@router.post("/calls/{uuid:call_id}/reveal", auth=Session(), response={200: RevealOut, **WRITE}, tags=LOG)
def reveal_a_caller(request: HttpRequest, call_id: UUID, payload: RevealIn) -> Any:
    """Show a caller's name or telephone in the clear; the look is logged."""
    value = use.reveal_call(actor=caller(request), call_id=call_id, what=payload.what, reason=payload.reason)
    return Status(200, {"value": value})


@router.post("/duties/{uuid:duty_id}/hand-over", auth=Session(), response={200: DutyNow, **WRITE}, tags=LOG)
def hand_a_duty_over(request: HttpRequest, duty_id: UUID, payload: HandIn) -> Any:
    """Hand a duty over: it was stood, what is open goes along."""
    return Status(200, duty_now(use.hand_over(actor=caller(request), duty_id=duty_id, **payload.given())))
