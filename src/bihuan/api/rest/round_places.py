"""The places of the rounds that are no areas, by the machine interface: listed, registered, changed, brought in."""

from __future__ import annotations

import io
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from bihuan.api.access import FILE, caller, file_of, keyed
from bihuan.api.rest import visit_acts
from bihuan.api.rest.given import Act, EntryId, Key, Name, Version
from bihuan.api.rest.inputs import FILE_BODY, READ, WRITE, AreaCode, FileName, In
from bihuan.api.rest.picked import picked
from bihuan.api.rest.territory import RowProblemOut
from bihuan.api.scopes import ROUNDS_READ, ROUNDS_WRITE
from bihuan.fieldwork import api as use
from bihuan.fieldwork.api import KeptPlace, PlaceRow
from bihuan.people.api import PLACE_EDIT

router = visit_acts.router
TAG = ["rounds"]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Order = Annotated[int, Field(ge=0, le=9999, description="in which they are walked; 0: by nearness")]


@picked(PlaceRow)
class PlaceOut(Schema):
    """One place; ``version`` for a change."""


class PlacesOut(Schema):
    """One page, building by building; ``next`` is the cursor of the following one."""

    rows: list[PlaceOut]
    next: str | None


class PlaceIn(In):
    """A place: a wall, a road, a fire exit, a door; of households the door alone, never a name."""

    id: EntryId
    area_code: AreaCode
    kind: Key
    name: Name
    order: Order = 0
    lon: Lon | None = None
    lat: Lat | None = None


class ChangePlaceIn(Act):
    """What differs from now on; ``active`` false takes it out of use."""

    expected_version: Version | None = None
    kind: Key | None = None
    name: Name | None = None
    order: Order | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    active: bool | None = None


@picked(KeptPlace)
class KeptOut(Schema):
    """The place as it is kept now."""


class BroughtIn(Schema):
    """What an import did, or would do: whole or not at all. ``problems`` are at most 500."""

    dry_run: bool
    rows: int
    created: int
    changed: int
    unchanged: int
    problems: list[RowProblemOut]


@router.get("/places", auth=keyed(ROUNDS_READ), response={200: PlacesOut, **READ}, tags=TAG)
def get_round_places(
    request: HttpRequest,
    area: AreaCode,
    kind: Key = "",
    *,
    inactive: bool = False,
    cursor: Annotated[str | None, Field(max_length=200)] = None,
    limit: Annotated[int, Field(ge=1, le=500)] = 100,
) -> Any:
    """The places of an area, in the order in which they are walked."""
    return Status(200, use.places(caller(request), area, kind, inactive=inactive, cursor=cursor, limit=limit))


@router.post("/places", auth=keyed(ROUNDS_WRITE), response={200: KeptOut, 201: KeptOut, **WRITE}, tags=TAG)
def post_round_place(request: HttpRequest, payload: PlaceIn) -> Any:
    """Register a place."""
    done = use.register_place(actor=caller(request), **payload.model_dump())
    return Status(201 if done.created else 200, done)


@router.post("/places/{uuid:place_id}/change", auth=keyed(ROUNDS_WRITE), response={200: KeptOut, **WRITE}, tags=TAG)
def change_round_place(request: HttpRequest, place_id: UUID, payload: ChangePlaceIn) -> Any:
    """Change a place, or take it out of use."""
    changes = payload.model_dump(exclude={"entry_id", "expected_version"}, exclude_unset=True)
    done = use.change_place(
        actor=caller(request),
        place_id=place_id,
        entry_id=payload.entry_id,
        changes=changes,
        expected_version=payload.expected_version,
    )
    return Status(200, done)


@router.post(
    "/places/import",
    auth=keyed(ROUNDS_WRITE, most=FILE, needs=PLACE_EDIT),
    response={200: BroughtIn, **WRITE},
    openapi_extra=FILE_BODY,
    tags=TAG,
)
def post_places_import(
    request: HttpRequest,
    name: FileName = "places.xlsx",
    *,
    dry_run: bool = True,
) -> Any:
    """Bring places in from an Excel or CSV file (the body, its bytes as they are): all rows, or none."""
    done = use.import_places(actor=caller(request), file=io.BytesIO(file_of(request)), name=name, dry_run=dry_run)
    numbers = {field: getattr(done, field) for field in ("dry_run", "rows", "created", "changed", "unchanged")}
    problems = [{field: getattr(one, field) for field in RowProblemOut.model_fields} for one in done.problems[:500]]
    return Status(200, numbers | {"problems": problems})
