"""The map: 48 shapes with their counts, the same as a list, without tiles and without scripts."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from bihuan.web.desk import shapes
from tests.web.counting import counted, hold

from . import seed
from .conftest import SignedIn


def test_every_micro_grid_is_a_shape_and_a_line_in_the_same_order(as_: SignedIn) -> None:
    page = as_("secretary").get("/desk/map/").content.decode()
    drawn = re.findall(r'<a class="area-shape[^>]*data-code="(\d+)"', page)
    listed = re.findall(r'<tr data-code="(\d+)"', page)
    assert drawn == listed == [seed.building(number) for number in range(1, 49)]


def test_a_shape_tells_its_count_in_words_and_leads_to_its_ledger(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮。")
    town.report(12, "井盖松动。")
    client = as_("secretary")
    page = client.get("/desk/map/").content.decode()
    assert 'aria-label="12号楼：未办结 2 件"' in page
    assert ">2</text>" in page
    ledger = client.get(f"/desk/ledger/?area={seed.building(12)}&state=open").content.decode()
    assert f'href="/desk/ledger/?area={seed.building(12)}&amp;state=open"' in page
    assert "路灯不亮" in ledger
    assert "井盖松动" in ledger


def test_a_grid_worker_sees_all_shapes_and_counts_only_their_own(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮。")
    town.report(44, "别处的井盖。")
    page = as_("worker").get("/desk/map/").content.decode()
    assert "12号楼：未办结 1 件" in page
    assert "44号楼：未办结" not in page
    assert page.count("<path d=") == 48


def test_another_community_is_not_found(as_: SignedIn) -> None:
    assert as_("secretary").get("/desk/map/?community=410802006001").status_code == 404


def test_a_street_opens_on_its_drawn_community_and_offers_the_others(as_: SignedIn) -> None:
    page = as_("street").get("/desk/map/").content.decode()
    assert f'<option value="{seed.COMMUNITY}" selected>' in page
    assert page.count("<path d=") == 48


def test_a_community_without_micro_grids_says_how_to_begin(as_: SignedIn) -> None:
    page = as_("street").get("/desk/map/")
    other = next(
        code for code in re.findall(r'<option value="(\d{12})"', page.content.decode()) if code != seed.COMMUNITY
    )
    assert "还没有微网格" in as_("street").get(f"/desk/map/?community={other}").content.decode()


def test_no_tiles_unless_a_service_is_configured(as_: SignedIn, settings: Any) -> None:
    assert "<image" not in as_("secretary").get("/desk/map/").content.decode()
    settings.TILE_URL = "https://tiles.example/{z}/{x}/{y}.png"
    page = as_("secretary").get("/desk/map/").content.decode()
    assert 1 <= page.count("<image") <= shapes.MOST_TILES
    assert 'data-tiles="https://tiles.example/{z}/{x}/{y}.png"' in page


def test_shapes_are_moved_onto_tiles_drawn_in_gcj02(as_: SignedIn, settings: Any) -> None:
    settings.TILE_URL = "https://tiles.example/{z}/{x}/{y}.png"
    lefts = []
    for system in ("wgs84", "gcj02"):
        settings.TILE_SYSTEM = system
        found = re.search(r'data-left="([\d.]+)"', as_("secretary").get("/desk/map/").content.decode())
        assert found is not None
        lefts.append(float(found[1]))
    assert 500 < lefts[1] - lefts[0] < 2500  # some hundreds of metres to the east


@pytest.mark.parametrize("key", ["admin", "resident"])
def test_who_has_no_map_is_refused(as_: SignedIn, key: str) -> None:
    assert as_(key).get("/desk/map/").status_code == 403


def test_the_map_speaks_english(town: seed.Town, as_: SignedIn) -> None:
    town.report(12, "路灯不亮。")
    page = as_("secretary", "en").get("/desk/map/").content.decode()
    assert "48 micro-grids" in page
    assert "Zoom in" in page
    assert "未办结" not in page


def test_the_map_takes_few_statements(town: seed.Town, as_: SignedIn) -> None:
    seed.many(town, 10)
    _page, count = counted(as_("secretary"), "/desk/map/")
    hold("desk:map", count)


def test_projection_agrees_with_the_formula_that_tile_services_publish() -> None:
    lon, lat, tiles = 113.2035, 35.2418, 2**18
    across = (lon + 180) / 360 * tiles
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * tiles
    assert shapes.project(lon, lat) == pytest.approx((across * 256, down * 256), abs=1e-4)


def test_a_centroid_lies_in_the_middle_of_a_square_whichever_way_it_is_drawn() -> None:
    frame = shapes.Frame(0, 0, 10, 10)
    ring = [(2.0, 2.0), (6.0, 2.0), (6.0, 6.0), (2.0, 6.0), (2.0, 2.0)]
    assert shapes.centre_of(ring, frame) == pytest.approx((4.0, 4.0))
    assert shapes.centre_of(ring[::-1], frame) == pytest.approx((4.0, 4.0))


def test_what_is_no_polygon_has_no_shape() -> None:
    assert shapes.rings_of(None) == []
    assert shapes.rings_of({"type": "Point", "coordinates": [113, 35]}) == []
    assert shapes.frame_of([]) is None
