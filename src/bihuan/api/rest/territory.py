"""What is done with areas by the machine interface: brought in, corrected, taken out of use, given door codes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api.access import FILE, caller, file_of, keyed
from bihuan.api.rest.inputs import FILE_BODY, READ, WRITE, AreaCode, FileName, In, ReasonIn
from bihuan.api.scopes import AREAS_READ, AREAS_WRITE
from bihuan.areas.api import (
    ImportReport,
    display_name,
    doors,
    ensure_door_tokens,
    import_areas,
    rename_area,
    renew_door_token,
    set_area_active,
)
from bihuan.areas.models import Area
from bihuan.people.api import AREA_IMPORT, AREA_READ, access

router = Router(tags=["areas"])
_CHANGES = keyed(AREAS_WRITE, needs=AREA_IMPORT)


class RowProblemOut(Schema):
    """One thing wrong with one row of a table."""

    line: int
    column: str
    why: str
    how: str


class ReportOut(Schema):
    """What an import did, or would do: whole or not at all. ``problems`` are at most 500, ``bad`` are all."""

    rows: int
    created: int
    changed: int
    unchanged: int
    bad: int
    applied: bool
    problems: list[RowProblemOut]


class NameIn(In):
    """What an area is called."""

    name: str = Field(max_length=80)
    short_name: str = Field("", max_length=40)


class NamedOut(Schema):
    """What an area is called now."""

    code: str
    name: str
    short_name: str


class UseIn(ReasonIn):
    """Whether a micro-grid is in use, and why."""

    active: bool


class UseOut(Schema):
    """Whether an area is in use."""

    code: str
    active: bool


class DoorOut(Schema):
    """One door: ``url`` is what its code leads to, "" where it has none yet."""

    code: str
    name: str
    url: str


class DoorsOut(Schema):
    """The doors of a community."""

    doors: list[DoorOut]


class MadeOut(Schema):
    """How many codes were made."""

    made: int


def report_of(report: ImportReport) -> dict[str, Any]:
    """Return an import's report as it goes out."""
    problems = [{name: getattr(one, name) for name in RowProblemOut.model_fields} for one in report.problems[:500]]
    return {
        "rows": report.rows,
        "created": len(report.created),
        "changed": len(report.changed),
        "unchanged": report.unchanged,
        "bad": len(report.problems),
        "applied": report.applied,
        "problems": problems,
    }


def _url(token: str | None) -> str:
    return settings.PUBLIC_URL + reverse("portal:door", args=[token]) if token else ""


@router.post(
    "/areas/import",
    auth=keyed(AREAS_WRITE, most=FILE, needs=AREA_IMPORT),
    response={200: ReportOut, **WRITE},
    openapi_extra=FILE_BODY,
)
def post_areas_import(
    request: HttpRequest,
    name: FileName = "areas.xlsx",
    *,
    dry_run: bool = True,
) -> Any:
    """Bring areas in from an Excel or CSV file (the body, its bytes as they are): all rows, or none."""
    report = import_areas(actor=caller(request), data=file_of(request), filename=name, dry_run=dry_run)
    return Status(200, report_of(report))


@router.post("/areas/{code}/name", auth=_CHANGES, response={200: NamedOut, **WRITE})
def post_area_name(request: HttpRequest, code: AreaCode, payload: NameIn) -> Any:
    """Correct an area's name; old and new stand in the record."""
    return Status(200, rename_area(actor=caller(request), code=code, **payload.model_dump()))


@router.post("/areas/{code}/use", auth=_CHANGES, response={200: UseOut, **WRITE})
def post_area_use(request: HttpRequest, code: AreaCode, payload: UseIn) -> Any:
    """Take a micro-grid out of use, or put it to use again."""
    set_area_active(actor=caller(request), code=code, **payload.model_dump())
    return Status(200, {"code": code, "active": payload.active})


@router.get("/areas/{code}/doors", auth=keyed(AREAS_READ, needs=AREA_READ), response={200: DoorsOut, **READ})
def get_doors(request: HttpRequest, code: AreaCode) -> Any:
    """The doors of a community with the addresses that their codes lead to; who reads areas there."""
    found = access(caller(request), AREA_READ, Area.objects.filter(active=True), code=code)
    rows = doors(found.code).defer("shape")
    told = [{"code": row.code, "name": display_name(row), "url": _url(row.door_token)} for row in rows]
    return Status(200, {"doors": told})


@router.post("/areas/{code}/doors", auth=_CHANGES, response={200: MadeOut, **WRITE})
def post_doors(request: HttpRequest, code: AreaCode) -> Any:
    """Make the door codes of a community that are missing."""
    return Status(200, {"made": ensure_door_tokens(actor=caller(request), community=code)})


@router.post("/areas/{code}/door/renew", auth=_CHANGES, response={200: DoorOut, **WRITE})
def post_door_renew(request: HttpRequest, code: AreaCode, payload: ReasonIn) -> Any:
    """Make one door's old code void; the answer has the new one."""
    token = renew_door_token(actor=caller(request), code=code, reason=payload.reason)
    return Status(200, {"code": code, "name": display_name(Area.objects.get(code=code)), "url": _url(token)})
