"""Figures by the machine interface, as the desk shows them; each number opens the matters behind it."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api.access import caller, keyed
from bihuan.api.rest.picked import picked
from bihuan.api.rest.schemas import LedgerOut, ProblemDocument
from bihuan.api.scopes import FIGURES_READ
from bihuan.reporting.api import Drilled, FigureValue, LeftOut, drill, figures, note_export

router = Router(tags=["figures"])
READ: dict[Any, Any] = dict.fromkeys((401, 403, 404, 409, 422, 429), ProblemDocument)
Month = Annotated[int, Field(ge=190001, le=999912, description="year and month: 202404")]
Area = Annotated[str, Field(min_length=4, max_length=21, pattern=r"^[0-9]*$")]
Key = Annotated[str, Field(max_length=80)]


@picked(LeftOut)
class LeftOutOut(Schema):
    """What a rate leaves out."""


@picked(
    FigureValue, "key", "title", "kind", "unit", "numerator", "denominator", "numerator_title", "denominator_title",
    "n", "note", "split", "split_value", "split_title", "split_rest",
)  # fmt: skip
class FigureBase(Schema):
    """One figure."""


class FigureOut(FigureBase):
    """One figure. ``value`` and ``before`` are exact: a whole number, or a fraction as ``n/d``; null says nothing."""

    value: str | None
    before: str | None
    excluded: list[LeftOutOut]


class FiguresOut(Schema):
    """Figures of an area and a period, with the period before."""

    area: str
    since: int
    until: int
    figures: list[FigureOut]


@picked(Drilled, "title", "part_title", "hidden", "next")
class DrilledBase(Schema):
    """The matters behind a number."""


class DrilledOut(DrilledBase):
    """The matters behind a number: those the caller may read; ``hidden``: how many of the page they may not."""

    rows: list[LedgerOut]


@router.get("/figures", auth=keyed(FIGURES_READ), response={200: FiguresOut, **READ})
def get_figures(
    request: HttpRequest,
    area: Area,
    since: Month,
    until: Month,
    only: Annotated[str, Field(max_length=800, description="comma delimited; empty: all standard ones")] = "",
    split: Annotated[str, Field(max_length=20)] = "",
    method: Annotated[str, Field(max_length=60)] = "",
) -> Any:
    """Figures of an area and a period: exact at the moment of the answer, each with the period before."""
    actor = caller(request)
    found = figures(actor, area, since, until, _listed(only), split, _plain(method))
    told = [figure_told(one) for one in found]
    asked = {"since": str(since), "until": str(until), "split": split, "method": _plain(method)}
    note_export(actor=actor, what="figures", form="json", area_code=area, rows=len(told), filters=asked, daily=True)
    return Status(200, {"area": area, "since": since, "until": until, "figures": told})


def figure_told(one: FigureValue) -> dict[str, Any]:
    """Return a figure as it goes out."""
    told = {name: getattr(one, name) for name in FigureBase.model_fields}
    return told | {"value": exact(one.value), "before": exact(one.before), "excluded": one.excluded}


@router.get("/figures/matters", auth=keyed(FIGURES_READ), response={200: DrilledOut, **READ})
def get_drill(
    request: HttpRequest,
    area: Area,
    since: Month,
    until: Month,
    key: Key,
    part: Annotated[str, Field(max_length=60, description="of a rate n, d or x.<key>; else empty")] = "",
    split: Annotated[str, Field(max_length=20)] = "",
    split_value: Annotated[str, Field(max_length=60)] = "",
    method: Annotated[str, Field(max_length=60)] = "",
    cursor: Annotated[str | None, Field(max_length=200)] = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> Any:
    """The matters that a number counts. Their titles need matters:read besides."""
    found = drill(
        caller(request), _plain(key), _plain(part), area, since, until, _plain(split), _plain(split_value), cursor,
        _plain(method), limit,
    )  # fmt: skip
    return Status(200, found)


def exact(value: int | Fraction | None) -> str | None:
    """Return a number as it is: "12", "7/9", or None."""
    return None if value is None else str(value)


def _plain(text: str) -> str:
    return text.replace("\x00", "")


def _listed(keys: str) -> list[str] | None:
    return [key for part in _plain(keys).split(",") if (key := part.strip())] or None
