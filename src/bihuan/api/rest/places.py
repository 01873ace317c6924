"""Areas by the machine interface, as rows and as GeoJSON, and public matters on the map."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api import publicly
from bihuan.api.access import Caller, caller, keyed, look_up
from bihuan.api.rest.schemas import ProblemDocument
from bihuan.api.scopes import AREAS_READ
from bihuan.areas.api import children, find, geojson, is_code, level_name, subtree, subtree_q
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Problem
from bihuan.matters.api import map_counts

router = Router()
OPEN: dict[Any, Any] = dict.fromkeys((401, 403, 404, 422, 429), ProblemDocument)
Code = Annotated[str, Field(max_length=21, pattern=r"^[0-9]*$")]
MOST_FEATURES = 5000
GEOJSON = "application/geo+json"


class AreaOut(Schema):
    """One area. ``lon`` and ``lat`` are WGS-84; ``shape_source`` says who drew its shape."""

    code: str
    parent_code: str
    level: str
    level_title: str
    name: str
    short_name: str
    kind: str
    lon: float | None
    lat: float | None
    shape_source: str
    has_shape: bool


class AreasOut(Schema):
    """Areas in the order of their codes; ``next`` is the cursor of the following page."""

    rows: list[AreaOut]
    next: str | None


class Geometry(Schema):
    """GeoJSON geometry (RFC 7946), WGS-84."""

    type: str
    coordinates: list[Any]


class Feature(Schema):
    """One feature."""

    type: str
    id: str
    geometry: Geometry | None
    properties: dict[str, Any]


class FeatureCollection(Schema):
    """GeoJSON (RFC 7946): longitude first, WGS-84."""

    type: str
    features: list[Feature]


def _shown(area: Area) -> dict[str, Any]:
    return {
        **{
            name: getattr(area, name)
            for name in ("code", "parent_code", "level", "name", "short_name", "kind", "lon", "lat", "shape_source")
        },
        "level_title": level_name(area.level),
        "has_shape": area.shape is not None,
    }


@router.get("/areas", auth=keyed(AREAS_READ, Caller()), response={200: AreasOut, **OPEN}, tags=["areas"])
def get_areas(
    request: HttpRequest,
    parent: Annotated[str, Field(max_length=21, pattern=r"^[0-9]*$", description="only directly below this code")] = "",
    within: Annotated[str, Field(max_length=21, pattern=r"^[0-9]*$", description="this code and all below it")] = "",
    level: Annotated[str, Field(pattern="^(city|district|street|community|grid|micro_grid)?$")] = "",
    cursor: Annotated[str | None, Field(max_length=21, pattern=r"^[0-9]*$", description="the last code seen")] = None,
    limit: Annotated[int, Field(ge=1, le=1000)] = 200,
) -> Any:
    """The areas in use, in the order of their codes; no account needed."""
    look_up(request)
    rows = children(parent) if parent else subtree(within) if within else Area.objects.filter(active=True)
    if level:
        rows = rows.filter(level=level)
    if cursor:
        rows = rows.filter(code__gt=cursor)
    found = list(rows.order_by("code")[: limit + 1])
    return Status(
        200,
        {
            "rows": [_shown(area) for area in found[:limit]],
            "next": found[limit - 1].code if len(found) > limit else None,
        },
    )


@router.get("/areas/{code}", auth=keyed(AREAS_READ, Caller()), response={200: AreaOut, **OPEN}, tags=["areas"])
def get_area(request: HttpRequest, code: str) -> Any:
    """One area; no account needed."""
    look_up(request)
    area = find(code) if is_code(code) else None
    if area is None:
        raise Http404
    return Status(200, _shown(area))


@router.get(
    "/areas/{code}/shapes", auth=keyed(AREAS_READ, Caller()), response={200: FeatureCollection, **OPEN}, tags=["areas"]
)
def get_shapes(
    request: HttpRequest,
    code: str,
    level: Annotated[str, Field(pattern="^(city|district|street|community|grid|micro_grid)?$")] = "",
) -> HttpResponse:
    """An area and what lies below it as GeoJSON, each with who drew its shape; at most 5,000. No account needed."""
    look_up(request)
    if not is_code(code):
        raise Http404
    rows = subtree(code).order_by("code")
    if level:
        rows = rows.filter(level=level)
    shapes = geojson(rows[:MOST_FEATURES])
    if not shapes["features"]:
        raise Http404
    for feature in shapes["features"]:
        del feature["properties"]["households"]  # the desk's own
    return HttpResponse(orjson.dumps(shapes), content_type=GEOJSON)


@router.get(
    "/matters.geojson", auth=keyed(AREAS_READ, Caller()), response={200: FeatureCollection, **OPEN}, tags=["open data"]
)
def get_matter_shapes(
    request: HttpRequest,
    area: Code = "",
    bbox: Annotated[str, Field(max_length=100, description="west,south,east,north in degrees, WGS-84")] = "",
    state: Annotated[str, Field(pattern="^(open|closed)?$")] = "",
    since: datetime | None = None,
    limit: Annotated[int, Field(ge=1, le=1000)] = 200,
) -> HttpResponse:
    """Public matters as points, the newest first: each at the point of its area, never where somebody stood."""
    look_up(request)
    rows = publicly.matters(area=area, state=state, since=since)
    if bbox:
        rows = rows.filter(area_code__in=_areas_in(_box(bbox), area))
    features = [
        {
            "type": "Feature",
            "id": one.number,
            "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]} if one.lon is not None else None,
            "properties": one.properties,
        }
        for one in publicly.shown(publicly.newest(rows, area), limit)
    ]
    return HttpResponse(orjson.dumps({"type": "FeatureCollection", "features": features}), content_type=GEOJSON)


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadInput(_wrong_box()) from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004
        raise BadInput(_wrong_box())
    return west, south, east, north


def _wrong_box() -> Problem:
    return Problem(
        "bbox", _("范围写得不对"), _("依次写西经、南纬、东经、北纬四个数，用逗号隔开，如 113.1,35.1,113.3,35.3")
    )


def _areas_in(box: tuple[float, float, float, float], within: str) -> list[str]:
    west, south, east, north = box
    areas = Area.objects.filter(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
    if within:
        areas = areas.filter(subtree_q("code", within))
    codes = list(areas.order_by("code").values_list("code", flat=True)[: MOST_FEATURES + 1])
    if len(codes) > MOST_FEATURES:
        raise BadInput(Problem("bbox", _("范围太大"), _("请把范围缩小，或写明 area")))
    return codes


@router.get("/map/{community}", auth=keyed(AREAS_READ), response={200: FeatureCollection, **OPEN}, tags=["areas"])
def get_map(request: HttpRequest, community: str) -> HttpResponse:
    """The areas of a community as GeoJSON, with how many matters each has: total, open, yellow, red."""
    if not (community.isascii() and community.isdigit() and len(community) <= 21):  # noqa: PLR2004
        raise Http404
    counts = {count.area_code: count for count in map_counts(caller(request), community)}
    if not counts:
        raise Http404
    shapes = geojson(area for area in subtree(community) if area.code in counts)
    for feature in shapes["features"]:
        count = counts[feature["id"]]
        feature["properties"] |= {
            "total": count.total,
            "open": count.open,
            "yellow": count.yellow,
            "red": count.red,
        }
    return HttpResponse(orjson.dumps(shapes), content_type=GEOJSON)
