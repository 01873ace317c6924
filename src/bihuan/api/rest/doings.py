"""Activities, rounds and visits by the machine interface: as the pages show them, without who signed up."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.activities.api import ActivityRow, PublicActivity, activities, public_activity
from bihuan.api.access import Caller, caller, keyed, look_up
from bihuan.api.rest.matters import ONE, READ, Code
from bihuan.api.rest.picked import picked
from bihuan.api.scopes import ACTIVITIES_READ, ROUNDS_READ, VISITS_READ
from bihuan.fieldwork.api import CoverageRow, CoverageView, DiaryFilters, DiaryRow, RoundRef, coverage, diary, rounds_in

router = Router()
Cursor = Annotated[str | None, Field(max_length=200)]


@picked(ActivityRow)
class ActivityLine(Schema):
    """One activity in the list. ``coming``, ``waiting`` and ``came`` are people."""


class ActivitiesOut(Schema):
    """One page, the latest first; ``next`` is the cursor of the following one."""

    rows: list[ActivityLine]
    next: str | None


@picked(
    PublicActivity, "id", "title", "kind_title", "area_code", "area_name", "place", "festival", "text", "team_name",
    "starts_at", "ends_at", "sign_up_until", "state", "state_title", "reason", "capacity", "coming", "waiting", "free",
    "came", "summary",
)  # fmt: skip
class ActivityOut(Schema):
    """One activity as anybody may read it."""


@picked(RoundRef)
class RoundOut(Schema):
    """A round in use in an area."""


class RoundsOut(Schema):
    """The rounds in use in an area."""

    rounds: list[RoundOut]


@picked(
    CoverageRow, "target", "kind", "kind_title", "area_code", "area_name", "place_id", "name", "last_at", "last_act",
    "visits", "uncounted", "never",
)  # fmt: skip
class CoverLine(Schema):
    """One target of a round."""


class TargetOut(CoverLine):
    """One target of a round: ``state`` is due, done, too_soon, off_season or after_level."""

    state: str


@picked(
    CoverageView, "method_key", "round", "title", "level", "levels", "area_code", "since", "until", "due", "done",
    "never",
)  # fmt: skip
class CoverageBase(Schema):
    """What a round covers."""


class CoverageOut(CoverageBase):
    """What a round covers in an area; the sums are over the targets."""

    targets: list[TargetOut]


@picked(
    DiaryRow, "id", "area_code", "area_name", "place_name", "round", "round_title", "level", "role_title", "title",
    "text", "result", "result_title", "findings_count", "counted", "not_counted", "why", "answered", "withdrawn",
    "happened_at", "recorded_at",
)  # fmt: skip
class VisitOut(Schema):
    """One visit; ``text`` is shortened to 80 characters. Who went is told by role, not by name."""


class VisitsOut(Schema):
    """One page, the newest first. ``reached``: looked for back to this day; the next page goes on there."""

    rows: list[VisitOut]
    next: str | None
    reached: date | None


@router.get("/activities", auth=keyed(ACTIVITIES_READ), response={200: ActivitiesOut, **READ}, tags=["activities"])
def get_activities(
    request: HttpRequest,
    area: Code = "",
    state: Annotated[str, Field(pattern="^(ahead|held|cancelled)?$")] = "",
    cursor: Cursor = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 30,
) -> Any:
    """The activities the caller may read, the latest first."""
    return Status(200, activities(caller(request), area=area, state=state, cursor=cursor, limit=limit))


@router.get(
    "/activities/{uuid:activity_id}",
    auth=keyed(ACTIVITIES_READ, Caller()),
    response={200: ActivityOut, **ONE},
    tags=["activities"],
)
def get_activity(request: HttpRequest, activity_id: UUID) -> Any:
    """One activity as anybody may read it; no account needed."""
    look_up(request)
    found = public_activity(activity_id)
    if found is None:
        raise Http404
    return Status(200, found)


@router.get("/rounds", auth=keyed(ROUNDS_READ), response={200: RoundsOut, **READ}, tags=["rounds"])
def get_rounds(
    request: HttpRequest, area: Annotated[str, Field(min_length=6, max_length=21, pattern=r"^[0-9]*$")]
) -> Any:
    """The rounds in use in an area."""
    return Status(200, {"rounds": rounds_in(caller(request), area)})


@router.get("/rounds/coverage", auth=keyed(ROUNDS_READ), response={200: CoverageOut, **ONE}, tags=["rounds"])
def get_coverage(
    request: HttpRequest,
    area: Annotated[str, Field(min_length=6, max_length=21, pattern=r"^[0-9]*$")],
    method: Annotated[str, Field(max_length=60)],
    round: Annotated[str, Field(max_length=40)],  # noqa: A002 - what the interface calls it
    level: Annotated[int, Field(ge=1, le=9)] = 1,
    since: date | None = None,
    until: date | None = None,
) -> Any:
    """What a round covers in an area: where each target stands now, how often it was covered in the period."""
    view = coverage(caller(request), area, method, round, level, since, until)
    told = {name: getattr(view, name) for name in CoverageBase.model_fields}
    targets = [
        {name: getattr(row, name) for name in CoverLine.model_fields} | {"state": row.standing.state}
        for row in view.rows
    ]
    return Status(200, told | {"targets": targets})


@router.get("/visits", auth=keyed(VISITS_READ), response={200: VisitsOut, **READ}, tags=["rounds"])
def get_visits(
    request: HttpRequest,
    area: Code = "",
    round: Annotated[str, Field(max_length=40)] = "",  # noqa: A002 - what the interface calls it
    result: Annotated[str, Field(pattern="^(nothing|found|nobody)?$")] = "",
    since: date | None = None,
    until: date | None = None,
    cursor: Cursor = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> Any:
    """The visits the caller may read, the newest first; those to paired households are not among them."""
    filters = DiaryFilters(area=area, round=round, result=result, since=since, until=until)
    return Status(200, diary(caller(request), filters, cursor, limit))
