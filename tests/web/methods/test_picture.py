"""The line of stations as geometry."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import bihuan.library
from bihuan.methods.api import load
from bihuan.web.desk.method_picture import RADIUS, Station, draw, wrap
from bihuan.web.desk.method_view import steps_of


def test_neighbours_are_joined_by_the_rail_and_others_by_arches() -> None:
    picture = draw([Station("问"), Station("议"), Station("执")], [(0, 1), (1, 2), (0, 2), (2, 0)])
    assert len(picture.rails) == 2
    assert len(picture.arches) == 2


def test_a_phase_is_one_band_under_its_stations() -> None:
    picture = draw([Station("a", phase="问"), Station("b", phase="问"), Station("c", phase="议")], [])
    assert [band.title for band in picture.bands] == ["问", "议"]
    assert picture.bands[0].width > picture.bands[1].width


def test_two_ways_that_overlap_arch_at_different_heights() -> None:
    picture = draw([Station(str(n)) for n in range(4)], [(0, 2), (1, 3)])
    heights = {arch.split("V")[1].split("Q")[0] for arch in picture.arches}
    assert len(heights) == 2


def test_long_words_are_broken_by_width_and_end_in_an_ellipsis() -> None:
    assert wrap("社区两委干部牵头办理", columns=10) == ["社区两委干", "部牵头办理"]
    assert wrap("一二三四五六七八九十", columns=4, most=2) == ["一二", "三…"]


def test_a_method_with_one_step_draws() -> None:
    picture = draw([Station("办结", final=True)], [(0, 0)])
    assert picture.rails == ()
    assert picture.stops[0].final


@given(st.integers(1, 12), st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30))
def test_nothing_is_drawn_outside_the_picture(count: int, ways: set[tuple[int, int]]) -> None:
    inside = {(a, b) for a, b in ways if a < count and b < count}
    picture = draw([Station("环节", ("网格员", "3 个工作日")) for _ in range(count)], inside)
    assert picture.rail_y > RADIUS
    assert all(0 <= stop.x <= picture.width for stop in picture.stops)
    assert all(0 < label.y < picture.height for label in picture.labels)
    assert all(band.x >= 0 and band.x + band.width <= picture.width for band in picture.bands)
    for arch in picture.arches:
        numbers = [
            float(n) for n in arch.replace("M", " ").replace("V", " ").replace("Q", " ").replace("H", " ").split()
        ]
        assert all(0 <= number <= max(picture.width, picture.height) for number in numbers)


def test_an_english_label_breaks_between_words() -> None:
    assert wrap("Act: checked by the supervising resident", columns=16) == [
        "Act: checked by",
        "the supervising",
        "resident",
    ]


def test_a_step_whose_title_says_its_stage_does_not_say_it_twice() -> None:
    source = (Path(bihuan.library.__file__).parent / "yiwang_sanbu_wuqin" / "method.yaml").read_text(encoding="utf-8")
    method = load(source).method
    assert method is not None
    for language in ("zh", "en"):
        assert {(step.phase != "", step.stage) for step in steps_of(method, language) if not step.final} == {(True, "")}
