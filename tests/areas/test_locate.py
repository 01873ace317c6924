"""Points and areas: ties, levels, staleness."""

from __future__ import annotations

import pytest
import shapely
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from bihuan.areas import codes, locate
from bihuan.areas.api import locate_code, locate_many
from bihuan.areas.models import Area

pytestmark = pytest.mark.django_db


def _box(code: str, west: float, south: float, east: float, north: float, **more: object) -> Area:
    shape = shapely.geometry.mapping(shapely.box(west, south, east, north))
    return Area.objects.create(code=code, name=code, level="grid", shape=shape, **more)


def test_a_point_on_a_border_belongs_to_the_lowest_code() -> None:
    _box("410802004004002", 0, 0, 1, 1)
    _box("410802004004001", 1, 0, 2, 1)
    assert locate_code(1, 0.5) == "410802004004001"
    assert locate_code(0.5, 0.5) == "410802004004002"


def test_the_deepest_area_wins() -> None:
    _box("410802004", 0, 0, 9, 9)
    _box("410802004004", 0, 0, 5, 5)
    _box("410802004004001", 0, 0, 1, 1)
    assert locate_many([0.5, 3, 8, 10], [0.5, 3, 8, 10]) == [
        "410802004004001",
        "410802004004",
        "410802004",
        None,
    ]


def test_within_keeps_to_a_subtree_and_the_closed_are_left_out() -> None:
    _box("410802004004001", 0, 0, 1, 1)
    _box("410802005001001", 0, 0, 1, 1)
    _box("410802004004000", 0, 0, 1, 1, active=False)
    assert locate_code(0.5, 0.5) == "410802004004001"
    assert locate_code(0.5, 0.5, within="410802005") == "410802005001001"
    assert locate_code(0.5, 0.5, within="410803") is None


def test_no_areas_and_no_points_are_no_error() -> None:
    assert locate_many([1.0], [1.0]) == [None]
    assert locate_many([], []) == []
    _box("410802004004001", 0, 0, 1, 1)
    assert locate_many([float("nan"), float("inf"), 0.5], [0.5, 0.5, 0.5]) == [None, None, "410802004004001"]
    with pytest.raises(ValueError, match="as many"):
        locate_many([1.0], [])


def test_many_points_cost_one_statement(django_assert_num_queries) -> None:
    _box("410802004004001", 0, 0, 1, 1)
    locate_code(0.5, 0.5)
    with django_assert_num_queries(1):
        assert set(locate_many([0.5] * 1000, [0.5] * 1000)) == {"410802004004001"}


def test_every_way_of_writing_areas_is_seen_by_the_next_lookup() -> None:
    area = _box("410802004004001", 0, 0, 1, 1)
    assert locate_code(0.5, 0.5) == area.code
    Area.objects.filter(code=area.code).update(active=False)
    assert locate_code(0.5, 0.5) is None
    area.active = True
    Area.objects.bulk_update([area], ["active"])
    assert locate_code(0.5, 0.5) == area.code
    Area.objects.filter(code=area.code).delete()
    assert locate_code(0.5, 0.5) is None
    Area.objects.bulk_create([area])
    assert locate_code(0.5, 0.5) == area.code


def test_what_was_rolled_back_is_not_answered_from_the_cache() -> None:
    class Undo(Exception):
        pass

    def attempt(code: str) -> None:
        with transaction.atomic():
            _box(code, 0, 0, 1, 1)
            assert locate_code(0.5, 0.5) == code
            raise Undo

    for code in ("410802004004001", "410802004004002"):
        with pytest.raises(Undo):
            attempt(code)
        assert locate_code(0.5, 0.5) is None


def test_another_process_that_changed_the_territory_is_noticed() -> None:
    area = _box("410802004004001", 0, 0, 1, 1)
    assert locate_code(0.5, 0.5) == area.code
    before = dict(locate._indexes)
    _box("410802004004000", 0, 0, 1, 1)
    locate._indexes.update(before)  # as if this process had never heard of it
    assert locate_code(0.5, 0.5) == "410802004004000"


digits = st.sampled_from(codes.LENGTHS).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))


@given(digits, digits)
def test_a_subtree_is_exactly_the_range_of_its_prefix(root: str, code: str) -> None:
    assert (root <= code <= codes.upper_bound(root)) == code.startswith(root) == codes.within(code, root)


@given(digits)
def test_ancestors_end_in_the_code_and_each_is_the_next_ones_parent(code: str) -> None:
    chain = codes.ancestors(code)
    assert chain[-1] == code
    assert all(codes.parent_of(below) == above for above, below in zip(chain, chain[1:], strict=False))
