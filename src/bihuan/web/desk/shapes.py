"""Shapes of areas as SVG that needs neither tiles nor JavaScript.

Coordinates are Web-Mercator pixels at zoom 18 counted from the north-west corner of what is shown, so
that tiles of any service lie under the shapes without further arithmetic. One unit is about half a metre
at the latitude of the sample district.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ZOOM = 18
TILE = 256
MOST_TILES = 30
_WORLD = TILE * 2**ZOOM
_MARGIN = 0.03

Point = tuple[float, float]
Ring = list[Point]


def project(lon: float, lat: float) -> Point:
    """Return a WGS-84 point, degrees, as world pixels at zoom 18 (spherical Mercator, EPSG:3857)."""
    lat = max(min(lat, 85.0), -85.0)
    sine = math.sin(math.radians(lat))
    x = (lon + 180.0) / 360.0 * _WORLD
    y = (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * _WORLD
    return x, y


def rings_of(geometry: Mapping[str, Any] | None) -> list[Ring]:
    """Return every ring of a GeoJSON Polygon or MultiPolygon in world pixels; nothing for anything else."""
    if not geometry:
        return []
    kind, coordinates = geometry.get("type"), geometry.get("coordinates") or []
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(kind), [])
    return [[project(point[0], point[1]) for point in ring] for polygon in polygons for ring in polygon]


@dataclass(frozen=True, slots=True)
class Frame:
    """What is shown: origin in world pixels, width and height in the same unit."""

    left: float
    top: float
    width: float
    height: float

    @property
    def view_box(self) -> str:
        """The SVG ``viewBox``."""
        return f"0 0 {self.width:.0f} {self.height:.0f}"


def frame_of(rings: Iterable[Ring]) -> Frame | None:
    """Return the frame around ``rings`` with a small margin, or nothing where there is no shape."""
    points = [point for ring in rings for point in ring]
    if not points:
        return None
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    margin = max(right - left, bottom - top, 40.0) * _MARGIN
    return Frame(left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin)


def path_of(rings: Sequence[Ring], frame: Frame) -> str:
    """Return the ``d`` attribute of an SVG path, one decimal, closed rings."""
    return "".join(
        "M" + "L".join(f"{x - frame.left:.1f} {y - frame.top:.1f}" for x, y in _open(ring)) + "Z" for ring in rings
    )


def _open(ring: Ring) -> Ring:
    return ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring


def centre_of(ring: Ring, frame: Frame) -> Point:
    """Return the ring's centroid in the frame; the mean of its points where it has no area."""
    area = cx = cy = 0.0
    x0, y0 = ring[0]
    points = [(x - x0, y - y0) for x, y in _open(ring)]  # near the origin: no loss of digits
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True):
        cross = ax * by - bx * ay
        area += cross
        cx += (ax + bx) * cross
        cy += (ay + by) * cross
    if abs(area) < 1e-6:
        cx, cy = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    else:
        cx, cy = cx / (3 * area), cy / (3 * area)
    return x0 + cx - frame.left, y0 + cy - frame.top


def label_size(shapes: Sequence[Sequence[Ring]]) -> float:
    """Return a font size, in the frame's unit, at which two digits fit into the median shape."""
    sides = sorted(
        min(
            max(x for x, _ in rings[0]) - min(x for x, _ in rings[0]),
            max(y for _, y in rings[0]) - min(y for _, y in rings[0]),
        )
        for rings in shapes
        if rings
    )
    return max(sides[len(sides) // 2] * 0.62, 1.0) if sides else 1.0


@dataclass(frozen=True, slots=True)
class Tile:
    """One image under the shapes."""

    href: str
    x: float
    y: float
    size: float


def tiles_under(frame: Frame, template: str) -> list[Tile]:
    """Return the tiles that cover ``frame``: the finest zoom that needs at most thirty of them.

    Args:
        frame: what is shown.
        template: a tile service's address with ``{x}``, ``{y}`` and ``{z}``; empty for none.
    """
    if not template:
        return []
    for zoom in range(ZOOM, 0, -1):
        size = TILE * 2 ** (ZOOM - zoom)
        first_x, last_x = int(frame.left // size), int((frame.left + frame.width) // size)
        first_y, last_y = int(frame.top // size), int((frame.top + frame.height) // size)
        if (last_x - first_x + 1) * (last_y - first_y + 1) > MOST_TILES:
            continue
        return [
            Tile(
                template.replace("{x}", str(x)).replace("{y}", str(y)).replace("{z}", str(zoom)),
                round(x * size - frame.left, 1),
                round(y * size - frame.top, 1),
                size,
            )
            for y in range(first_y, last_y + 1)
            for x in range(first_x, last_x + 1)
        ]
    return []
