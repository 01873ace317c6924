"""What holds of windows, standing and counting whatever the plan: seasons, leap days, intervals, levels."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bihuan.fieldwork.engine import (
    Cover,
    Facts,
    MonthDay,
    Plan,
    Point,
    counts,
    day_of,
    free_from,
    in_season,
    next_window,
    standing,
    walking_order,
    window_at,
    windows,
)
from bihuan.kernel.calendar import SHANGHAI
from bihuan.kernel.recurrence import days, first_after, last_until, to_rrule

ONE_DAY = timedelta(days=1)
WORDS = [
    "每日", "每周一", "每周二、周五", "每两周周三", "每旬", "每半月", "每月", "每月31日", "每月最后一天",
    "每月第一个周二", "每两个月", "每季度", "每半年", "每年2月29日", "每年11月", "FREQ=DAILY;INTERVAL=10",
]  # fmt: skip
RULES = [to_rrule(words) for words in WORDS]

a_day = st.dates(date(2019, 12, 1), date(2033, 3, 1))
a_month_day = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: (day.month, day.day))
a_season: st.SearchStrategy[tuple[MonthDay, MonthDay]] = st.tuples(a_month_day, a_month_day)
an_interval = st.one_of(
    st.none(),
    st.tuples(st.integers(0, 20).map(float), st.sampled_from(["days", "workdays"])),
    st.tuples(st.integers(0, 300).map(float), st.sampled_from(["hours", "work_hours"])),
)


@st.composite
def plans(draw: st.DrawFn, *, levels: int = 1) -> Plan:
    return Plan(
        "p",
        draw(st.sampled_from(RULES)),
        tuple((f"role{level}",) for level in range(1, levels + 1)),
        seasons=tuple(draw(st.lists(a_season, max_size=2))),
        interval=draw(an_interval),
    )


@st.composite
def instants(draw: st.DrawFn, since: date = date(2023, 6, 1), until: date = date(2025, 6, 1)) -> datetime:
    day = draw(st.dates(since, until))
    return datetime.combine(day, time(draw(st.integers(0, 23)), draw(st.integers(0, 59))), tzinfo=SHANGHAI)


def covers(*, levels: int = 1) -> st.SearchStrategy[list[Cover]]:
    return st.lists(st.builds(Cover, instants(), st.integers(1, levels)), max_size=8)


@settings(max_examples=200, deadline=None)
@given(plans(), a_day)
def test_every_day_of_the_season_lies_in_the_very_window_that_is_given_for_it(plan: Plan, day: date) -> None:
    window = window_at(plan, day)
    assert (window is not None) == in_season(plan, day)
    if window is not None:
        assert day in window
        assert window_at(plan, window.start) == window == window_at(plan, window.end)


@settings(max_examples=200, deadline=None)
@given(plans(), a_day)
def test_a_window_ends_where_the_next_occurrence_or_the_season_s_end_comes(plan: Plan, day: date) -> None:
    window = window_at(plan, day)
    assume(window is not None)
    assert window is not None
    assert not days(plan.rule, window.start + ONE_DAY, window.end)  # no occurrence inside but on its first day
    after, before = window.end + ONE_DAY, window.start - ONE_DAY
    assert bool(days(plan.rule, after, after)) or not in_season(plan, after)
    assert bool(days(plan.rule, window.start, window.start)) or not in_season(plan, before)


@settings(max_examples=100, deadline=None)
@given(plans(), a_day, st.integers(0, 500))
def test_windows_come_in_order_without_overlap_and_cover_each_day_of_the_season(
    plan: Plan, since: date, length: int
) -> None:
    until = since + timedelta(days=length)
    found = list(windows(plan, since, until))
    assert all(one.end < other.start for one, other in pairwise(found))
    inside = {since + timedelta(days=n) for n in range(length + 1) if in_season(plan, since + timedelta(days=n))}
    assert inside == {day for day in inside if any(day in window for window in found)}
    assert all(window.start <= until and window.end >= since for window in found)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(RULES), a_day)
def test_the_last_occurrence_and_the_next_enclose_every_day(rule: str, day: date) -> None:
    last, following = last_until(rule, day), first_after(rule, day)
    assert last is not None
    assert following is not None
    assert last <= day < following
    assert days(rule, last, following - ONE_DAY) == (last,)


@settings(max_examples=300, deadline=None)
@given(plans(levels=2), st.integers(1, 2), covers(levels=2), st.dates(date(2023, 6, 1), date(2025, 8, 1)))
def test_a_place_is_due_exactly_when_a_visit_at_the_end_of_that_day_would_count(
    plan: Plan, level: int, known: list[Cover], day: date
) -> None:
    found = standing(plan, level, known, day)
    evening = datetime.combine(day, time(23, 59, 59), tzinfo=SHANGHAI)
    past = [cover for cover in known if day_of(cover.at) <= day]
    counted, why = counts(plan, level, Facts(evening, f"role{level}"), past)
    if found.state == "due":
        assert counted
    elif found.state in {"off_season", "after_level", "too_soon"}:
        assert (counted, why) == (False, found.state)


@settings(max_examples=200, deadline=None)
@given(plans(levels=2), st.integers(1, 2), covers(levels=2), st.dates(date(2023, 6, 1), date(2025, 8, 1)))
def test_a_place_is_done_exactly_when_it_was_covered_in_this_window(
    plan: Plan, level: int, known: list[Cover], day: date
) -> None:
    window = window_at(plan, day)
    mine = [day_of(c.at) for c in known if c.level == level and day_of(c.at) <= day]
    found = standing(plan, level, known, day)
    assert (found.state == "done") == (window is not None and any(one in window for one in mine))
    assert found.never == (not mine)


@settings(max_examples=200, deadline=None)
@given(plans(), covers(), st.dates(date(2023, 6, 1), date(2025, 8, 1)))
def test_what_comes_after_the_day_and_the_order_of_covers_change_nothing(
    plan: Plan, known: list[Cover], day: date
) -> None:
    found = standing(plan, 1, known, day)
    assert found == standing(plan, 1, [cover for cover in reversed(known) if day_of(cover.at) <= day], day)


@settings(max_examples=200, deadline=None)
@given(plans(), covers(), st.dates(date(2023, 6, 1), date(2025, 8, 1)))
def test_where_it_is_too_soon_or_out_of_season_the_day_that_is_told_is_the_first_on_which_it_is_due(
    plan: Plan, known: list[Cover], day: date
) -> None:
    found = standing(plan, 1, known, day)
    assume(found.state in {"too_soon", "off_season"})
    past = [cover for cover in known if day_of(cover.at) <= day]
    if found.since is None:
        assert next_window(plan, day) is None
        return
    assert found.since > day
    assert found.until is not None
    assert found.since <= found.until
    if found.state == "too_soon":
        assert standing(plan, 1, past, found.since).state == "due"
        between = [day + timedelta(days=n) for n in range((found.since - day).days)]
        assert {standing(plan, 1, past, one).state for one in between} <= {"too_soon", "off_season", "done"}


@settings(max_examples=200, deadline=None)
@given(plans(), instants())
def test_the_interval_is_free_again_no_earlier_than_the_visit(plan: Plan, last: datetime) -> None:
    free = free_from(plan, last)
    if plan.interval is None or plan.interval[0] == 0:
        assert free <= last
    else:
        assert free > last
        assert counts(plan, 1, Facts(free - timedelta(seconds=1), "role1"), [Cover(last)]) in {
            (False, "too_soon"),
            (False, "off_season"),
        }


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.builds(
            Point,
            st.integers(0, 10_000).map(str),
            st.one_of(st.none(), st.floats(113.1, 113.4)),
            st.one_of(st.none(), st.floats(35.1, 35.3)),
            st.integers(0, 5),
        ),
        max_size=30,
        unique_by=lambda point: point.key,
    ),
    st.randoms(),
)
def test_the_walk_visits_each_place_once_and_is_the_same_however_the_places_come(
    points: list[Point], rnd: object
) -> None:
    walk = walking_order(points)
    assert sorted(walk, key=lambda p: p.key) == sorted(points, key=lambda p: p.key)
    shuffled = list(points)
    rnd.shuffle(shuffled)  # type: ignore[attr-defined]
    assert walking_order(shuffled) == walk
    said = [point.order for point in walk if point.order > 0]
    assert said == sorted(said)
