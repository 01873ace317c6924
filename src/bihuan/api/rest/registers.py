"""Registers by the machine interface: which there are, and each as a CSV that streams. Personal values are masked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api.access import caller, keyed
from bihuan.api.rest.schemas import ProblemDocument
from bihuan.api.rest.words import say
from bihuan.api.scopes import REGISTERS_READ
from bihuan.kernel.api import clock
from bihuan.people.api import LEDGER_READ, require
from bihuan.reporting.api import export_csv, open_register, registers_in

router = Router(tags=["registers"])
READ: dict[Any, Any] = dict.fromkeys((401, 403, 404, 409, 422, 429), ProblemDocument)
Area = Annotated[str, Field(min_length=4, max_length=21, pattern=r"^[0-9]*$")]


class RegisterOut(Schema):
    """One register that is kept in the area."""

    key: str
    title: str


class RegistersOut(Schema):
    """The registers of an area."""

    registers: list[RegisterOut]


@router.get("/registers", auth=keyed(REGISTERS_READ), response={200: RegistersOut, **READ})
def get_registers(request: HttpRequest, area: Area) -> Any:
    """The registers that are kept in an area."""
    require(caller(request), LEDGER_READ, area)
    found = registers_in(area)
    return Status(200, {"registers": [{"key": key, "title": say(one.spec.title)} for key, one in found.items()]})


@router.get("/registers/{key}/csv", auth=keyed(REGISTERS_READ), response={200: str, **READ})
def get_register(request: HttpRequest, key: str, area: Area) -> StreamingHttpResponse:
    """One register of an area and all below it as CSV, streamed; who may export ledgers there."""
    actor = caller(request)
    lines: Iterator[str] = export_csv(actor, open_register(actor, key.replace("\x00", ""), area))
    response = StreamingHttpResponse((part.encode() for part in lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="bihuan-register-{clock.today().isoformat()}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
