"""Open data: what is public, as a whole, in files that other programmes read; streamed, so any size takes no memory.

Every file says of which day it is and under which licence it is given.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any

import orjson
from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from bihuan.api import publicly
from bihuan.api.access import Caller, keyed, look_up
from bihuan.api.matters import Code
from bihuan.api.publicly import PublicMatter
from bihuan.api.schemas import ProblemDocument
from bihuan.api.scopes import AREAS_READ
from bihuan.kernel.api import clock

router = Router(tags=["open data"])
OPEN: dict[Any, Any] = dict.fromkeys((401, 403, 422, 429), ProblemDocument)
COLUMNS = (
    "number", "display_number", "method", "method_title", "category", "category_title", "title", "area_code",
    "area_name", "status", "outcome", "public_words", "created_at", "updated_at", "closed_at", "url",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class OpenMatter(Schema):
    """One public matter."""

    number: str
    display_number: str
    method: str
    method_title: str
    category: str
    category_title: str
    title: str
    area_code: str
    area_name: str
    status: str
    outcome: str
    public_words: str
    created_at: str
    updated_at: str
    closed_at: str | None
    url: str


class OpenFile(Schema):
    """A whole file: of which instant, from where, under which licence, and its rows, the newest first."""

    published_at: str
    source: str
    licence: str
    rows: list[OpenMatter]


State = Annotated[str, Field(pattern="^(open|closed)?$")]


@router.get("/matters.json", auth=keyed(AREAS_READ, Caller()), response={200: OpenFile, **OPEN})
def get_json(
    request: HttpRequest,
    area: Code = "",
    state: State = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> StreamingHttpResponse:
    """All public matters as JSON, the newest first; no account needed."""
    look_up(request)
    rows = publicly.each(publicly.matters(area=area, state=state, since=since, until=until), area)
    return _file(_as_json(rows), "application/json; charset=utf-8", "json")


@router.get("/matters.csv", auth=keyed(AREAS_READ, Caller()), response={200: str, **OPEN})
def get_csv(
    request: HttpRequest,
    area: Code = "",
    state: State = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> StreamingHttpResponse:
    """All public matters as CSV (UTF-8 with mark), the newest first. Its first line says day and licence."""
    look_up(request)
    rows = publicly.each(publicly.matters(area=area, state=state, since=since, until=until), area)
    return _file(_as_csv(rows), "text/csv; charset=utf-8", "csv")


def _file(parts: Iterable[bytes], content_type: str, ending: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(parts, content_type=content_type)
    day = clock.today().isoformat()
    response["Content-Disposition"] = f'attachment; filename="bihuan-matters-{day}.{ending}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _about() -> dict[str, str]:
    return {
        "published_at": publicly.local(clock.now()),
        "source": settings.PUBLIC_URL,
        "licence": settings.OPEN_DATA_LICENCE,
    }


def _as_json(rows: Iterable[PublicMatter]) -> Iterator[bytes]:
    yield orjson.dumps(_about())[:-1] + b',"rows":['
    first = True
    for row in rows:
        yield (b"" if first else b",") + orjson.dumps(row.properties)
        first = False
    yield b"]}"


class _Line:
    """What ``csv`` writes one line to."""

    def write(self, text: str) -> str:
        return text


def _as_csv(rows: Iterable[PublicMatter]) -> Iterator[bytes]:
    writer = csv.writer(_Line())
    about = _about()
    said = _("# 截至 %(published_at)s；来源 %(source)s；许可 %(licence)s") % about
    yield b"\xef\xbb\xbf" + writer.writerow([said]).encode()
    yield writer.writerow(COLUMNS).encode()
    for row in rows:
        told = row.properties
        yield writer.writerow([_cell(told[name]) for name in COLUMNS]).encode()


def _cell(value: Any) -> str:
    """Return a value as a cell that no table programme takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
