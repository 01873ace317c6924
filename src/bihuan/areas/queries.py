"""Reads of the territory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.areas.codes import ancestors, is_code, normalise, subtree_q
from bihuan.areas.models import Area


def find(code: str) -> Area | None:
    """Return the active area with a code (typed as people type it), or None. One statement."""
    wanted = normalise(code)
    return Area.objects.filter(code=wanted, active=True).first() if is_code(wanted) else None


def by_door(token: str) -> Area | None:
    """Return the active area whose door carries a token, or None. One statement."""
    if not token or len(token) > 24 or "\x00" in token:
        return None
    return Area.objects.filter(door_token=token, active=True).first()


def by_name(text: str, within: str | None = None) -> list[Area]:
    """Return up to 20 active areas named by a text: exact names first, then names that contain it."""
    wanted = " ".join(text.replace("\x00", "").split())
    if not wanted:
        return []
    areas = Area.objects.filter(active=True)
    if within:
        areas = areas.filter(subtree_q("code", within))
    exact = list(areas.filter(Q(name=wanted) | Q(short_name=wanted))[:20])
    seen = {area.code for area in exact}
    like = areas.filter(Q(name__contains=wanted) | Q(short_name__contains=wanted))[:40]
    return (exact + [area for area in like if area.code not in seen])[:20]


def children(code: str) -> QuerySet[Area]:
    """Return the active areas directly below a code, in the order of their codes."""
    return Area.objects.filter(parent_code=code, active=True)


def subtree(code: str) -> QuerySet[Area]:
    """Return an area and all active areas below it."""
    return Area.objects.filter(subtree_q("code", code), active=True)


def doors(community: str) -> QuerySet[Area]:
    """Return the active micro-grids of a community in the order of their codes: its building doors."""
    return subtree(community).filter(level=Area.Level.MICRO_GRID)


def chain(code: str) -> list[Area]:
    """Return the areas from the top down to ``code``, those that exist. One statement."""
    return list(Area.objects.filter(code__in=ancestors(code)))


def names(codes: Iterable[str]) -> dict[str, str]:
    """Return the display name of each code that exists. One statement."""
    return {
        area.code: display_name(area)
        for area in Area.objects.filter(code__in=set(codes)).only("code", "name", "short_name")
    }


def level_name(level: str) -> str:
    """Return a level's name in the reader's language; the key itself for one that is not known."""
    return {
        "city": _("市"),
        "district": _("区县"),
        "street": _("街道"),
        "community": _("社区"),
        "grid": _("网格"),
        "micro_grid": _("微网格"),
    }.get(level, level)


def display_name(area: Area) -> str:
    """Return the name people use for an area: the short one where there is one."""
    return area.short_name or area.name


def search(queryset: QuerySet[Area], text: str) -> QuerySet[Area]:
    """Narrow areas to those whose code begins with, or whose name contains, a text."""
    wanted = text.replace("\x00", "").strip()
    if not wanted:
        return queryset
    condition = Q(name__contains=wanted) | Q(short_name__contains=wanted)
    code = normalise(wanted)
    if code.isascii() and code.isdigit():
        condition |= Q(code__startswith=code)
    return queryset.filter(condition)


def geojson(areas: Iterable[Area]) -> dict[str, Any]:
    """Return areas as a GeoJSON FeatureCollection (RFC 7946, WGS-84); without a shape: the point or null."""
    return {"type": "FeatureCollection", "features": [_feature(area) for area in areas]}


def _feature(area: Area) -> dict[str, Any]:
    geometry = area.shape
    if geometry is None and area.lon is not None and area.lat is not None:
        geometry = {"type": "Point", "coordinates": [area.lon, area.lat]}
    return {
        "type": "Feature",
        "id": area.code,
        "geometry": geometry,
        "properties": {
            "code": area.code,
            "name": area.name,
            "short_name": area.short_name,
            "level": area.level,
            "households": area.households,
            "shape_source": area.shape_source,
        },
    }
