"""Registers by the machine interface: which there are, their lines by key, as Excel and CSV; views that are kept.

Personal values are masked. Columns, filters and order are those of the pages: ``columns`` by key, ``filters`` as
``name:value``, both comma delimited.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from typing import IO, Annotated, Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import AfterValidator, Field

from bihuan.api.access import Session, caller, keyed
from bihuan.api.rest.given import EntryId
from bihuan.api.rest.inputs import READ, WRITE, AreaCode, Cursor, In, Typed, plain
from bihuan.api.rest.words import say
from bihuan.api.scopes import REGISTERS_READ
from bihuan.kernel.api import clock
from bihuan.people.api import LEDGER_READ, Actor, require
from bihuan.reporting.api import (
    Opened,
    View,
    delete_view,
    export_csv,
    export_xlsx,
    note_export,
    open_register,
    register_lines,
    registers_in,
    save_view,
    views_of,
)
from bihuan.reporting.models import SavedView

router = Router(tags=["registers"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_READS = keyed(REGISTERS_READ, needs=LEDGER_READ)
_KEEPS = Session(needs=LEDGER_READ)
_IN_MEMORY = 8 * 1024 * 1024
Listed = Annotated[str, Field(max_length=2000), AfterValidator(plain)]
Cell = str | int | float | None


class RegisterOut(Schema):
    """One register that is kept in the area."""

    key: str
    title: str


class RegistersOut(Schema):
    """The registers of an area."""

    registers: list[RegisterOut]


class ViewIn(Schema):
    """What is shown: of which area, which columns (empty: all), which filters, in which order."""

    area: AreaCode
    columns: Listed = ""
    filters: Listed = Field("", description="name:value, comma delimited: state:open,category:facility")
    order: Annotated[str, Field(max_length=10, pattern="^[a-z]*$")] = ""

    def view(self) -> View:
        """Return it as the registers take it."""
        pairs = (one.partition(":") for one in self.filters.split(",") if ":" in one)
        filters = {name.strip()[:40]: said.strip()[:100] for name, _colon, said in list(pairs)[:20]}
        columns = tuple(one.strip()[:100] for one in self.columns.split(",") if one.strip())[:60]
        return View(columns, filters, self.order)


class HeadOut(Schema):
    """A column of a register: ``shown``: it is among what was asked for."""

    key: str
    title: str
    shown: bool


class LineOut(Schema):
    """One line: its id, the page where it opens, and its cells in the order of the columns shown."""

    id: UUID
    url: str
    cells: list[Cell]


class LinesOut(Schema):
    """One page of a register; ``next`` is the cursor of the following one."""

    key: str
    title: str
    area: str
    order: str
    filters: dict[str, str]
    columns: list[HeadOut]
    rows: list[LineOut]
    next: str | None
    capped: bool


class SavedOut(Schema):
    """A view that is kept under a name; ``own``: the caller may delete it."""

    id: UUID
    name: str
    area_code: str
    shared: bool
    own: bool
    columns: list[str]
    filters: dict[str, str]
    order: str


class SavedListOut(Schema):
    """One's own views of a register, and those shared for the area."""

    views: list[SavedOut]


class SaveIn(In):
    """A view to keep."""

    id: EntryId
    area: AreaCode
    name: str = Field(max_length=60)
    columns: list[Annotated[str, Field(max_length=100)]] = Field(default_factory=list, max_length=60)
    filters: dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=100)]] = Field(
        default_factory=dict, max_length=20
    )
    order: str = Field("", max_length=10)
    shared: bool = False


class DoneOut(Schema):
    """It is done."""

    id: UUID


def _opened(actor: Actor, key: str, asked: ViewIn) -> Opened:
    return open_register(actor, plain(key), asked.area, asked.view())


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Fraction) else value


def _saved(actor: Actor, row: SavedView) -> dict[str, Any]:
    view = View.of_json(row.spec_json)
    told = {"id": row.pk, "name": row.name, "area_code": row.area_code, "shared": row.shared}
    return told | {"own": row.person_id == actor.person_id, **view.as_json()}


@router.get("/registers", auth=_READS, response={200: RegistersOut, **READ})
def get_registers(request: HttpRequest, area: AreaCode) -> Any:
    """The registers that are kept in an area."""
    require(caller(request), LEDGER_READ, area)
    found = registers_in(area)
    return Status(200, {"registers": [{"key": key, "title": say(one.spec.title)} for key, one in found.items()]})


@router.get("/registers/{key}", auth=_READS, response={200: LinesOut, **READ})
def get_register(
    request: HttpRequest,
    key: Typed,
    asked: Query[ViewIn],
    cursor: Cursor = None,
    limit: Annotated[int, Field(ge=1, le=500)] = 50,
) -> Any:
    """One page of a register's lines."""
    actor = caller(request)
    opened = _opened(actor, key, asked)
    lines = register_lines(actor, opened, cursor, limit)
    note_export(
        actor=actor, what="register", key=opened.register.key, form="json", area_code=opened.area,
        rows=len(lines.rows), filters=opened.filters, daily=True,
    )  # fmt: skip
    shown = {column.key for column in opened.columns}
    return Status(
        200,
        {
            "key": opened.register.key,
            "title": say(opened.register.spec.title),
            "area": opened.area,
            "order": opened.order,
            "filters": dict(opened.filters),
            "columns": [
                {"key": one.key, "title": say(one.spec.title), "shown": one.key in shown}
                for one in opened.register.columns
            ],
            "rows": [
                {"id": line.id, "url": line.url, "cells": [_cell(cell) for cell in line.cells]} for line in lines.rows
            ],
            "next": lines.next,
            "capped": lines.capped,
        },
    )


@router.get("/registers/{key}/csv", auth=_READS, response={200: str, **READ})
def get_register_csv(request: HttpRequest, key: Typed, asked: Query[ViewIn]) -> StreamingHttpResponse:
    """A register as CSV, streamed; who may export ledgers there."""
    actor = caller(request)
    lines: Iterator[str] = export_csv(actor, _opened(actor, key, asked))
    response = StreamingHttpResponse((part.encode() for part in lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="bihuan-register-{clock.today().isoformat()}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@router.get(
    "/registers/{key}/xlsx",
    auth=_READS,
    response={200: str, **READ},
    openapi_extra={"responses": {200: {"content": {XLSX: {}}}}},
)
def get_register_xlsx(request: HttpRequest, key: Typed, asked: Query[ViewIn]) -> FileResponse:
    """A register as an Excel file as people know it; who may export ledgers there."""
    actor = caller(request)
    opened = _opened(actor, key, asked)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - FileResponse closes it
    export_xlsx(actor, opened, file)
    file.seek(0)
    name = f"bihuan-register-{clock.today().isoformat()}.xlsx"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    response["Cache-Control"] = "private, no-store"
    return response


@router.get("/registers/{key}/views", auth=_KEEPS, response={200: SavedListOut, **READ})
def get_register_views(request: HttpRequest, key: Typed, area: AreaCode) -> Any:
    """The caller's own views of a register, and those shared for the area; by a session only."""
    actor = caller(request)
    opened = open_register(actor, key, area)
    return Status(200, {"views": [_saved(actor, row) for row in views_of(actor, opened.register.key, area)]})


@router.post("/registers/{key}/views", auth=_KEEPS, response={200: SavedOut, **WRITE})
def post_register_view(request: HttpRequest, key: Typed, payload: SaveIn) -> Any:
    """Keep a view under a name; the same name again replaces it."""
    actor = caller(request)
    row = save_view(
        actor=actor,
        id=payload.id,
        key=key,
        area=payload.area,
        name=payload.name,
        view=View(tuple(payload.columns), payload.filters, payload.order),
        shared=payload.shared,
    )
    return Status(200, _saved(actor, row))


@router.post("/registers/views/{uuid:view_id}/delete", auth=_KEEPS, response={200: DoneOut, **WRITE})
def post_register_view_delete(request: HttpRequest, view_id: UUID) -> Any:
    """Delete one's own view."""
    delete_view(actor=caller(request), view_id=view_id)
    return Status(200, {"id": view_id})
