"""Coordinate systems met in China: WGS-84 (kept), GCJ-02 (Gaode, Tencent, WeChat), BD-09 (Baidu).

GCJ-02 shifts WGS-84 by up to 700 m with published sine series on the Krasovsky 1940 ellipsoid; BD-09 turns
GCJ-02 once more. Neither has a closed inverse: the inverse here iterates the forward shift until a step is
below 1e-9 degrees (0.1 mm), so that there and back is well under a metre. Outside China nothing is shifted.
"""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, cos, hypot, pi, sin, sqrt

Point = tuple[float, float]

_AXIS = 6378245.0  # metres, Krasovsky 1940
_ECCENTRICITY2 = 0.00669342162296594323
_BD = pi * 3000.0 / 180.0

SYSTEMS = {
    "": "wgs84",
    "wgs84": "wgs84",
    "wgs-84": "wgs84",
    "epsg:4326": "wgs84",
    "gps": "wgs84",
    "cgcs2000": "wgs84",  # differs from WGS-84 by centimetres
    "2000国家大地坐标系": "wgs84",
    "gcj02": "gcj02",
    "gcj-02": "gcj02",
    "高德": "gcj02",
    "腾讯": "gcj02",
    "火星坐标": "gcj02",
    "bd09": "bd09",
    "bd-09": "bd09",
    "bd09ll": "bd09",
    "百度": "bd09",
}


def outside_china(lon: float, lat: float) -> bool:
    """Say whether a point lies outside the box in which GCJ-02 shifts anything."""
    return not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271)


def _waves(value: float, terms: tuple[tuple[float, float], ...]) -> float:
    return sum(weight * sin(value * pi / divisor) for weight, divisor in terms) * 2.0 / 3.0


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """Shift WGS-84 degrees to GCJ-02 degrees."""
    if outside_china(lon, lat):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    common = _waves(x, ((20.0, 1 / 6.0), (20.0, 0.5)))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common
    north += _waves(y, ((20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common
    east += _waves(x, ((20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))
    phi = lat * pi / 180.0
    magic = 1 - _ECCENTRICITY2 * sin(phi) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY2) / (magic * sqrt(magic))
    parallel = _AXIS / sqrt(magic) * cos(phi)
    return lon + east * 180.0 / (parallel * pi), lat + north * 180.0 / (meridian * pi)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    """Turn GCJ-02 degrees to BD-09 degrees."""
    radius = hypot(lon, lat) + 0.00002 * sin(lat * _BD)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BD)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def _invert(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    x, y = lon, lat
    for _ in range(30):
        east, north = forward(x, y)
        step_x, step_y = lon - east, lat - north
        x, y = x + step_x, y + step_y
        if abs(step_x) < 1e-9 and abs(step_y) < 1e-9:
            break
    return x, y


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """Undo ``wgs84_to_gcj02`` by iteration."""
    return (lon, lat) if outside_china(lon, lat) else _invert(wgs84_to_gcj02, lon, lat)


def bd09_to_wgs84(lon: float, lat: float) -> Point:
    """Undo both turns, Baidu's first."""
    return (lon, lat) if outside_china(lon, lat) else gcj02_to_wgs84(*_invert(gcj02_to_bd09, lon, lat))


def to_wgs84(lon: float, lat: float, system: str = "") -> Point:
    """Convert degrees in a named system to WGS-84.

    Args:
        lon: Degrees east in ``system``.
        lat: Degrees north in ``system``.
        system: A name of ``SYSTEMS`` in any case; empty means WGS-84 already.

    Raises:
        ValueError: for a name that is not known.
    """
    name = SYSTEMS.get(system.strip().lower())
    if name is None:
        raise ValueError(f"unknown coordinate system {system!r}")
    if name == "gcj02":
        return gcj02_to_wgs84(lon, lat)
    return bd09_to_wgs84(lon, lat) if name == "bd09" else (lon, lat)
