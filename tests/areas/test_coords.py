"""Conversion between the coordinate systems met in China."""

from __future__ import annotations

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.areas.coords import gcj02_to_bd09, to_wgs84, wgs84_to_gcj02

lons = st.floats(74, 135)
lats = st.floats(4, 53)


def _metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return hypot((a[0] - b[0]) * 111320 * cos(radians(a[1])), (a[1] - b[1]) * 110574)


def test_known_pairs_come_out_as_published() -> None:
    assert wgs84_to_gcj02(116.404, 39.915) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)
    assert gcj02_to_bd09(116.404, 39.915) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)


def test_the_other_way_meets_the_known_pairs_within_a_metre() -> None:
    assert _metres(to_wgs84(116.41024449916938, 39.91640428150164, "GCJ02"), (116.404, 39.915)) < 0.01
    bd = gcj02_to_bd09(*wgs84_to_gcj02(113.2034, 35.2417))
    assert _metres(to_wgs84(*bd, "百度"), (113.2034, 35.2417)) < 0.01
    assert _metres(bd, (113.2034, 35.2417)) > 500, "the shift itself is not small"


@given(lons, lats)
def test_there_and_back_is_under_a_metre_everywhere_in_china(lon: float, lat: float) -> None:
    gcj = wgs84_to_gcj02(lon, lat)
    assert _metres(to_wgs84(*gcj, "gcj-02"), (lon, lat)) < 0.01
    assert _metres(to_wgs84(*gcj02_to_bd09(*gcj), "bd09"), (lon, lat)) < 0.01


def test_abroad_nothing_is_shifted_and_wgs84_stays_itself() -> None:
    assert wgs84_to_gcj02(2.35, 48.85) == (2.35, 48.85)
    assert to_wgs84(2.35, 48.85, "gcj02") == (2.35, 48.85)
    assert to_wgs84(113.2, 35.2) == to_wgs84(113.2, 35.2, "CGCS2000") == (113.2, 35.2)


def test_an_unknown_system_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown coordinate system"):
        to_wgs84(113.2, 35.2, "mars")
