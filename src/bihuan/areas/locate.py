"""From a point to an area: one STRtree per process over all shapes, rebuilt when the territory changed.

Every call reads the territory's stamp (one indexed row) and rebuilds when it is another: processes never
have to tell each other anything, and none can answer from a tree that is older than the last commit.
5,000 shapes build in about 15 ms.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db import connection

from bihuan.areas.models import Area, AreaStamp
from bihuan.kernel.api import sql

_STAMPS = AreaStamp._meta.db_table


@dataclass(frozen=True)
class _Index:
    stamp: object
    codes: tuple[str, ...]  # best answer first: the deepest level, then the lowest code
    shapes: Any  # array of prepared polygons, in the order of ``codes``
    tree: shapely.STRtree


_lock = threading.Lock()
_indexes: dict[str, _Index] = {}


def _current() -> _Index:
    key = f"{connection.vendor}:{connection.settings_dict['NAME']}"
    found = sql.rows(f"SELECT stamp FROM {_STAMPS} WHERE id = 1", ())  # noqa: S608 - as the engine gives it
    stamp = found[0][0] if found else None
    index = _indexes.get(key)
    if index is None or index.stamp != stamp:
        with _lock:
            index = _indexes.get(key)
            if index is None or index.stamp != stamp:
                index = _indexes[key] = _build(stamp)
    return index


def _build(stamp: object) -> _Index:
    rows = list(Area.objects.filter(active=True, shape__isnull=False).values_list("code", "shape"))
    rows.sort(key=lambda row: (-len(row[0]), row[0]))
    shapes = np.array([shapely.geometry.shape(shape) for _, shape in rows], dtype=object)
    shapely.prepare(shapes)
    return _Index(stamp, tuple(code for code, _ in rows), shapes, shapely.STRtree(shapes))


def locate_many(lons: Sequence[float], lats: Sequence[float], within: str | None = None) -> list[str | None]:
    """Return for each point the code of the deepest area that holds it, or None.

    A point on the border of two areas of one level belongs to the lower code, so that every process and
    every run answers alike. One statement for any number of points.

    Args:
        lons: Degrees east, WGS-84.
        lats: Degrees north, WGS-84; as many as ``lons``.
        within: Only areas of this subtree, when given.

    Raises:
        ValueError: when the two differ in length.
    """
    if len(lons) != len(lats):
        raise ValueError("as many longitudes as latitudes are needed")
    index = _current()
    none = len(index.codes)
    best = np.full(len(lons), none, dtype=np.int64)
    if none and len(lons):
        # Boxes by the tree, then the exact test against prepared polygons: twice as fast as the tree's own
        # predicate, which prepares the points instead.
        xs, ys = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
        found, areas = index.tree.query(shapely.points(xs, ys))
        hit = shapely.intersects_xy(index.shapes[areas], xs[found], ys[found])
        found, areas = found[hit], areas[hit]
        if within:
            allowed = np.fromiter((code.startswith(within) for code in index.codes), dtype=bool, count=none)
            keep = allowed[areas]
            found, areas = found[keep], areas[keep]
        np.minimum.at(best, found, areas)
    return [index.codes[i] if i < none else None for i in best.tolist()]


def locate_code(lon: float, lat: float, within: str | None = None) -> str | None:
    """Return the code of the deepest area that holds a point (WGS-84), or None."""
    return locate_many([lon], [lat], within)[0]


def locate(lon: float, lat: float, within: str | None = None) -> Area | None:
    """Return the deepest area that holds a point (WGS-84), or None; two statements."""
    code = locate_code(lon, lat, within)
    return Area.objects.filter(code=code).first() if code else None
