"""What a round goes to, and the order in which it is walked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Max, Q

from bihuan.areas.api import display_name, subtree_q, within
from bihuan.areas.models import Area
from bihuan.fieldwork.engine import Point, walking_order
from bihuan.fieldwork.models import Place
from bihuan.fieldwork.plans import PlanRef

_DIGITS = re.compile(r"([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Target:
    """An area or a place that a round goes to."""

    target: str
    kind: str  # a level of areas, or a kind of places
    area_code: str
    area_name: str
    place_id: UUID | None
    name: str
    lon: float | None
    lat: float | None
    order: int


def areas_below(roots: Iterable[str]) -> list[Area]:
    """Return the active areas of some subtrees by code. One statement."""
    fields = ("code", "level", "name", "short_name", "lon", "lat", "shape")
    found = Area.objects.filter(_any(subtree_q("code", code) for code in roots), active=True)
    return list(found.only(*fields).order_by("code"))


def _any(parts: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for part in parts:
        found |= part
    return found


@dataclass(frozen=True, slots=True)
class Places:
    """The places that rounds go to, and how many there are besides those read."""

    rows: tuple[Place, ...]
    more: int = 0


def places_for(kinds: Mapping[str, Collection[str]], most: int | None = None) -> Places:
    """Return the places in use in some subtrees: root → the kinds wanted there.

    One statement, none without kinds. Where there are more than ``most``, two more: they are counted, and those that
    were visited longest ago, or never, are the ones that come.
    """
    wanted = {code: sorted(some) for code, some in kinds.items() if some}
    if not wanted:
        return Places(())
    within_any = _any(subtree_q("area_code", code) & Q(kind__in=some) for code, some in wanted.items())
    rows = Place.objects.filter(within_any, active=True)
    found = list(rows.order_by("area_code", "kind", "order", "name")[: most + 1 if most is not None else None])
    if most is None or len(found) <= most:
        return Places(tuple(found))
    longest = rows.annotate(last=Max("coverage__last_at")).order_by(F("last").asc(nulls_first=True), "area_code", "pk")
    return Places(tuple(longest[:most]), rows.count() - most)


def targets_of(ref: PlanRef, root: str, areas: Iterable[Area], places: Iterable[Place]) -> list[Target]:
    """Return what a round goes to in ``root``, in no particular order."""
    named = {area.code: area for area in areas}
    found = [
        Target(
            area.code, area.level, area.code, display_name(area), None, display_name(area), *middle(area), 0
        )
        for area in named.values()
        if area.level in ref.spec.area_levels and within(area.code, root)
    ]  # fmt: skip
    for place in places:
        if place.kind in ref.spec.kinds and within(place.area_code, root):
            area = named.get(place.area_code)
            lon, lat = (place.lon, place.lat) if place.lon is not None else middle(area) if area else (None, None)
            called = display_name(area) if area else place.area_code
            found.append(
                Target(place.pk.hex, place.kind, place.area_code, called, place.pk, place.name, lon, lat, place.order)
            )
    return found


def middle(area: Area) -> tuple[float | None, float | None]:
    """Return where an area is: its point, or the middle of the box around its shape."""
    if area.lon is not None and area.lat is not None:
        return area.lon, area.lat
    points = list(_points((area.shape or {}).get("coordinates", ())))
    if not points:
        return None, None
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def _points(part: object) -> Iterable[tuple[float, float]]:
    if isinstance(part, (list, tuple)):
        if len(part) >= 2 and all(isinstance(one, (int, float)) for one in part[:2]):
            yield float(part[0]), float(part[1])
        else:
            for one in part:
                yield from _points(one)


def walked(targets: Sequence[Target]) -> list[Target]:
    """Put targets in an order that is sensible to walk; the doors of one building follow each other by name."""
    at_one: dict[str, list[Target]] = {}
    points: dict[str, Point] = {}
    for one in sorted(
        targets, key=lambda target: (target.area_code, target.kind, _natural(target.name), target.target)
    ):
        key = f"{one.lon},{one.lat}" if one.order <= 0 and one.lon is not None and one.lat is not None else one.target
        at_one.setdefault(key, []).append(one)
        points.setdefault(key, Point(one.target, one.lon, one.lat, one.order))
    first_of = {point.key: key for key, point in points.items()}
    return [one for point in walking_order(list(points.values())) for one in at_one[first_of[point.key]]]


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a name for sorting as people count: 2单元 before 10单元."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(name) if part]
