"""The sample district."""

from __future__ import annotations

import pytest
import shapely

from bihuan.areas import api
from bihuan.areas.models import Area
from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.kernel.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sample() -> None:
    load_sample()


def test_it_has_nine_streets_57_communities_and_48_micro_grids() -> None:
    count = Area.objects.filter
    assert [count(level=level).count() for level in ("district", "street", "community", "micro_grid")] == [
        1,
        9,
        57,
        48,
    ]
    assert [area.code for area in api.doors(COMMUNITY)] == [f"{COMMUNITY}{n:03d}" for n in range(1, 49)]
    assert [area.short_name for area in api.doors(COMMUNITY)] == [f"{n}号楼" for n in range(1, 49)]


def test_buildings_are_numbered_west_to_east_and_north_to_south() -> None:
    places = [(area.lon, area.lat) for area in api.doors(COMMUNITY)]
    row_starts = [i for i in range(1, 48) if places[i][0] < places[i - 1][0]]
    assert len(row_starts) == 5
    for start, end in zip([0, *row_starts], [*row_starts, 48], strict=True):
        assert places[start:end] == sorted(places[start:end])
    middles = [places[(a + b) // 2][1] for a, b in zip([0, *row_starts], [*row_starts, 48], strict=True)]
    assert middles == sorted(middles, reverse=True)


def test_footprints_are_whole_apart_from_each_other_and_inside_the_community() -> None:
    outline = shapely.geometry.shape(api.find(COMMUNITY).shape)
    shapes = [shapely.geometry.shape(area.shape) for area in api.doors(COMMUNITY)]
    assert all(shape.is_valid and outline.contains(shape) for shape in shapes)
    tree = shapely.STRtree(shapes)
    assert all(len(tree.query(shape, predicate="intersects")) == 1 for shape in shapes)


def test_invented_drawings_say_that_they_are() -> None:
    assert set(api.doors(COMMUNITY).values_list("shape_source", flat=True)) == {"样例绘制"}


def test_each_door_has_a_token_of_its_own_that_finds_it() -> None:
    tokens = set(api.doors(COMMUNITY).values_list("door_token", flat=True))
    assert len(tokens) == 48
    assert all(len(token) == 16 for token in tokens)
    door = api.find(f"{COMMUNITY}012")
    assert api.by_door(door.door_token) == door
    assert api.by_door("") is api.by_door("x" * 300) is api.by_door("nope") is None


def test_loading_it_again_changes_and_records_nothing() -> None:
    before = Entry.objects.count()
    tokens = list(api.doors(COMMUNITY).values_list("door_token", flat=True))
    report = load_sample()
    assert (report.created, report.changed, report.unchanged) == ((), (), 115)
    assert Entry.objects.count() == before == 2
    assert list(api.doors(COMMUNITY).values_list("door_token", flat=True)) == tokens


def test_points_find_their_building_and_between_buildings_the_community() -> None:
    first, second = api.doors(COMMUNITY)[:2]
    between = ((first.lon + second.lon) / 2, (first.lat + second.lat) / 2)
    codes = api.locate_many([first.lon, second.lon, between[0], 0.0], [first.lat, second.lat, between[1], 0.0])
    assert codes == [first.code, second.code, COMMUNITY, None]


def test_names_find_areas_exactly_first() -> None:
    assert api.by_name("2号楼", within=COMMUNITY)[0].code == f"{COMMUNITY}002"
    assert api.by_name("电建社区")[0].code == COMMUNITY
    assert api.by_name("  ") == []
    assert api.by_name("2号楼", within="410802005") == []


def test_codes_are_found_as_people_type_them() -> None:
    assert api.find("４１０８０２ ００４００４").code == COMMUNITY
    assert api.find("no") is api.find("") is api.find("410802004999") is None


def test_the_map_file_is_a_feature_collection() -> None:
    features = api.geojson(api.doors(COMMUNITY))["features"]
    assert len(features) == 48
    assert features[0]["geometry"]["type"] == "Polygon"
