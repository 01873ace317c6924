"""What was taken out of an area, by the machine interface: for who answers for it, signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from bihuan.api.access import Session, caller
from bihuan.api.rest.inputs import READ, Code, Cursor
from bihuan.people.api import EXPORT_READ
from bihuan.reporting.api import Taken, exports_in

router = Router(tags=["exports"])
What = Literal["", "register", "form", "figures", "bulletin", "list"]


class TakenOut(Schema):
    """One export: who took what, in which form, how many lines (null: broke off), how often that day, by which key."""

    id: UUID
    who: str
    role: str
    via: str
    what: str
    what_title: str
    name: str
    form: str
    area_code: str
    area_name: str
    filters: dict[str, str]
    rows: int | None
    times: int
    whole: bool
    created_at: datetime


class ExportsOut(Schema):
    """One page, the newest first; ``next`` is the cursor of the following one."""

    rows: list[TakenOut]
    next: str | None


def _told(one: Taken) -> dict[str, Any]:
    names = ("id", "what", "form", "via", "area_code", "rows", "times", "whole", "created_at")
    told = {name: getattr(one.row, name) for name in names}
    said = {"who": one.who, "role": one.role, "what_title": one.what, "name": one.name, "area_name": one.area}
    return told | said | {"filters": one.row.filters_json}


@router.get("/exports", auth=Session(needs=EXPORT_READ), response={200: ExportsOut, **READ})
def get_exports(request: HttpRequest, area: Code = "", what: What = "", cursor: Cursor = None) -> Any:
    """What was taken out of an area and all below it, by page or by key; by a session only."""
    found = exports_in(caller(request), area, what, cursor or "")
    return Status(200, {"rows": [_told(one) for one in found.rows], "next": found.next or None})
