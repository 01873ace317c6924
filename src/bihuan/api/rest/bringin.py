"""Old ledgers by the machine interface: sent, their columns put right once, tried, brought in whole or not at all."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from bihuan.api.access import FILE, caller, file_of, keyed
from bihuan.api.rest.given import EntryId
from bihuan.api.rest.inputs import FILE_BODY, READ, WRITE, AreaCode, FileName, In
from bihuan.api.scopes import LEDGERS_WRITE
from bihuan.people.api import LEDGER_IMPORT, Actor
from bihuan.reporting.api import (
    Brought,
    Looked,
    bring_in,
    check_ledger,
    choose_columns,
    give_up,
    look,
    start_run,
)

router = Router(tags=["bring-in"])
_BRINGS = keyed(LEDGERS_WRITE, needs=LEDGER_IMPORT)
MOST = 500


class TableOut(Schema):
    """One table of the file."""

    index: int
    sheet: str
    title: str
    rows: int
    chosen: bool


class ColumnOut(Schema):
    """A column, what stands in it (to sessions alone), and what it is taken for ("" for nothing)."""

    left: int
    title: str
    field: str
    samples: list[str]


class FieldOut(Schema):
    """What a column may be."""

    key: str
    title: str


class MethodOut(Schema):
    """A method whose matters the rows may become."""

    key: str
    title: str


class RowProblemOut(Schema):
    """What is wrong with a row; where ``stops`` is false only worth knowing."""

    line: int
    column: str
    why: str
    how: str
    stops: bool


class TriedOut(Schema):
    """What bringing in makes, or would make. ``stops``: nothing goes in; ``problems`` are at most 500 of each kind."""

    rows: int
    added: int
    already: int
    stops: bool
    problems: list[RowProblemOut]


class LedgerOut(Schema):
    """A file as it is read now. ``remembered``: its columns are known from an earlier file of these headings.

    ``method``: whose matters its rows become, of ``methods`` that there are; ``fields`` are those of that method.
    """

    id: UUID
    name: str
    area_code: str
    remembered: bool
    year: int | None
    method: str
    methods: list[MethodOut]
    tables: list[TableOut]
    columns: list[ColumnOut]
    fields: list[FieldOut]
    tried: TriedOut


class BroughtOut(TriedOut):
    """What went in, with the numbers given."""

    numbers: list[str]


class ChooseIn(In):
    """Which table it is, and by the columns' ``left`` what they are; ``year`` where dates have none.

    ``method``: whose matters the rows are; left out, the one that the headings tell.
    """

    table: Annotated[int, Field(ge=0, le=9999)]
    columns: dict[Annotated[int, Field(ge=0, le=20_000)], Annotated[str, Field(max_length=40)]] = Field(
        default_factory=dict, max_length=60
    )
    year: Annotated[int, Field(ge=1949, le=2199)] | None = None
    method: Annotated[str, Field(max_length=60)] = ""


class DoneOut(Schema):
    """It is done."""

    id: UUID


class StartIn(Schema):
    """Where it belongs."""

    id: EntryId
    area: AreaCode
    name: FileName


def _tried(found: Brought) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in ("rows", "added", "already", "stops")}
    halves = [[one for one in found.problems if one.stops is stops][:MOST] for stops in (True, False)]
    problems = [{name: getattr(one, name) for name in RowProblemOut.model_fields} for half in halves for one in half]
    return told | {"problems": problems}


def _shown(actor: Actor, looked: Looked) -> dict[str, Any]:
    run = looked.run
    # What stands in the cells may be names and numbers: a key is shown none of it.
    samples = {} if actor.via else looked.source.samples()
    return {
        "id": run.pk,
        "name": run.name,
        "area_code": run.area_code,
        "remembered": looked.remembered,
        "year": run.plan_json.get("year"),
        "method": looked.kind.key,
        "methods": [{"key": kind.key, "title": kind.title} for kind in looked.kinds.values()],
        "tables": [
            {
                "index": one.index,
                "sheet": one.sheet,
                "title": one.title,
                "rows": len(one.rows),
                "chosen": one.index == looked.source.index,
            }
            for one in looked.sources
        ],
        "columns": [
            {
                "left": column.left,
                "title": column.title,
                "field": looked.fields.get(column.left, ""),
                "samples": [text[:40] for text in samples.get(column.left, ())],
            }
            for column in looked.source.columns
        ],
        "fields": [{"key": key, "title": title} for key, title in looked.choices],
        "tried": _tried(check_ledger(actor, looked)),
    }


@router.post(
    "/bring-in",
    auth=keyed(LEDGERS_WRITE, most=FILE, needs=LEDGER_IMPORT),
    response={200: LedgerOut, **WRITE},
    openapi_extra=FILE_BODY,
)
def post_bring_in(request: HttpRequest, start: Query[StartIn]) -> Any:
    """Send an old ledger, Excel, WPS or CSV (the body, its bytes as they are); the answer says what would go in."""
    actor = caller(request)
    run = start_run(actor=actor, id=start.id, area=start.area, name=start.name, data=file_of(request))
    return Status(200, _shown(actor, look(actor, run.pk)))


@router.get("/bring-in/{uuid:import_id}", auth=_BRINGS, response={200: LedgerOut, **READ})
def get_bring_in(request: HttpRequest, import_id: UUID) -> Any:
    """A file as it is read now, with what would go in and every row that would not."""
    actor = caller(request)
    return Status(200, _shown(actor, look(actor, import_id)))


@router.post("/bring-in/{uuid:import_id}/columns", auth=_BRINGS, response={200: LedgerOut, **WRITE})
def post_bring_in_columns(request: HttpRequest, import_id: UUID, payload: ChooseIn) -> Any:
    """Say which table it is and what its columns are; remembered for the next file of these headings."""
    actor = caller(request)
    return Status(200, _shown(actor, choose_columns(actor=actor, run_id=import_id, **payload.model_dump())))


@router.post("/bring-in/{uuid:import_id}/go", auth=_BRINGS, response={200: BroughtOut, **WRITE})
def post_bring_in_go(request: HttpRequest, import_id: UUID) -> Any:
    """Bring it in: whole, or where one row does not stand, not at all (``stops``)."""
    done = bring_in(actor=caller(request), run_id=import_id)
    return Status(200, _tried(done) | {"numbers": list(done.numbers)})


@router.post("/bring-in/{uuid:import_id}/give-up", auth=_BRINGS, response={200: DoneOut, **WRITE})
def post_bring_in_give_up(request: HttpRequest, import_id: UUID) -> Any:
    """Delete a file that is not to be brought in."""
    give_up(actor=caller(request), run_id=import_id)
    return Status(200, {"id": import_id})
