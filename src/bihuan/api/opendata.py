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
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api import publicly
from bihuan.api.access import Caller, keyed, look_up
from bihuan.api.publicly import PublicMatter
from bihuan.api.rest.figures import Month, exact
from bihuan.api.rest.matters import Code
from bihuan.api.rest.schemas import ProblemDocument
from bihuan.api.scopes import AREAS_READ
from bihuan.areas.api import find
from bihuan.kernel.api import clock
from bihuan.people.api import SYSTEM
from bihuan.reporting.api import figures

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


class OpenFigure(Schema):
    """One figure: exact, a whole number or ``n/d``; null where there is nothing to be said."""

    key: str
    title: str
    unit: str
    value: str | None
    before: str | None
    numerator: int | None
    denominator: int | None


class FiguresFile(Schema):
    """The standard figures of an area and a period, each with the period before; ``method``: of which, "" for all."""

    published_at: str
    source: str
    licence: str
    area: str
    since: int
    until: int
    method: str
    rows: list[OpenFigure]


FIGURES: dict[Any, Any] = {**OPEN, 404: ProblemDocument, 409: ProblemDocument}
Place = Annotated[str, Field(min_length=6, max_length=12, pattern=r"^[0-9]*$", description="a community or more")]
MethodKey = Annotated[
    str, Field(max_length=60, description="a method's key: its matters alone; all where none is given")
]
State = Annotated[str, Field(pattern="^(open|closed)?$")]


@router.get("/matters.json", auth=keyed(AREAS_READ, Caller()), response={200: OpenFile, **OPEN})
def get_open_matters(
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
def get_open_matters_csv(
    request: HttpRequest,
    area: Code = "",
    state: State = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> StreamingHttpResponse:
    """All public matters as CSV (UTF-8 with mark), the newest first. Its first line says day and licence."""
    look_up(request)
    rows = publicly.each(publicly.matters(area=area, state=state, since=since, until=until), area)
    return _file(_as_csv((row.properties for row in rows), COLUMNS), "text/csv; charset=utf-8", "csv")


@router.get("/figures.json", auth=keyed(AREAS_READ, Caller()), response={200: FiguresFile, **FIGURES})
def get_open_figures(request: HttpRequest, area: Place, since: Month, until: Month, method: MethodKey = "") -> Any:
    """The standard figures of a community or more, and of a period; no account needed.

    They count the matters of every method, hazards and key projects among them; ``method`` leaves one.
    """
    look_up(request)
    rows = _figures(area, since, until, method)
    about = {**_about(), "area": area, "since": since, "until": until, "method": method}
    return Status(200, {**about, "rows": rows})


@router.get("/figures.csv", auth=keyed(AREAS_READ, Caller()), response={200: str, **FIGURES})
def get_open_figures_csv(
    request: HttpRequest, area: Place, since: Month, until: Month, method: MethodKey = ""
) -> StreamingHttpResponse:
    """The same as CSV. Its first line says day and licence."""
    look_up(request)
    names = tuple(OpenFigure.model_fields)
    rows = _figures(area, since, until, method)
    return _file(_as_csv(rows, names), "text/csv; charset=utf-8", "csv", "figures")


def _figures(area: str, since: int, until: int, method: str) -> list[dict[str, Any]]:
    """Return what an area owes the public: sums alone, of no fewer people than a community has."""
    if find(area) is None:
        raise Http404
    return [
        {
            "key": one.key,
            "title": one.title,
            "unit": one.unit,
            "value": exact(one.value),
            "before": exact(one.before),
            "numerator": one.numerator,
            "denominator": one.denominator,
        }
        for one in figures(SYSTEM, area, since, until, method_key=method)
        if ":" not in one.key  # what a method counts for itself is not everybody's
    ]


def _file(parts: Iterable[bytes], content_type: str, ending: str, what: str = "matters") -> StreamingHttpResponse:
    response = StreamingHttpResponse(parts, content_type=content_type)
    day = clock.today().isoformat()
    response["Content-Disposition"] = f'attachment; filename="bihuan-{what}-{day}.{ending}"'
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


def _as_csv(rows: Iterable[dict[str, Any]], columns: tuple[str, ...]) -> Iterator[bytes]:
    writer = csv.writer(_Line())
    about = _about()
    said = _("# 截至 %(published_at)s；来源 %(source)s；许可 %(licence)s") % about
    yield b"\xef\xbb\xbf" + writer.writerow([said]).encode()
    yield writer.writerow(columns).encode()
    for row in rows:
        yield writer.writerow([_cell(row[name]) for name in columns]).encode()


def _cell(value: Any) -> str:
    """Return a value as a cell that no table programme takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
