"""When a place is due and which visit counts: examples that people would give."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bihuan.fieldwork.engine import (
    Cover,
    Facts,
    Plan,
    Point,
    Window,
    acts_of,
    counts,
    goes_as,
    levels_of,
    next_window,
    standing,
    walking_order,
    window_at,
    windows,
)

ZONE = ZoneInfo("Asia/Shanghai")
MONDAYS = Plan("patrol", "FREQ=WEEKLY;BYDAY=MO", (("grid_worker",),), ("grid_leader",))
JOINT = Plan("patrol", MONDAYS.rule, MONDAYS.levels, together=("property", "police"), needed="all")
QUARTERS = Plan("homes", "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=1", (("grid_worker",), ("grid_leader",)))
WINTER = Plan("frost", "FREQ=WEEKLY;BYDAY=MO", (("grid_worker",),), seasons=(((11, 15), (3, 15)),))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_a_window_lasts_from_one_occurrence_to_the_day_before_the_next() -> None:
    assert window_at(MONDAYS, date(2024, 4, 3)) == Window(date(2024, 4, 1), date(2024, 4, 7))
    assert window_at(QUARTERS, date(2024, 2, 29)) == Window(date(2024, 1, 1), date(2024, 3, 31))


def test_a_season_over_the_year_s_end_cuts_the_windows_and_leaves_the_summer_free() -> None:
    assert window_at(WINTER, date(2024, 1, 3)) == Window(date(2024, 1, 1), date(2024, 1, 7))
    assert window_at(WINTER, date(2024, 3, 15)) == Window(date(2024, 3, 11), date(2024, 3, 15))
    assert window_at(WINTER, date(2024, 3, 16)) is None
    assert next_window(WINTER, date(2024, 3, 16)) == Window(date(2024, 11, 15), date(2024, 11, 17))


@pytest.mark.parametrize(("year", "last"), [(2023, 28), (2024, 29)])
def test_a_season_until_the_29th_of_february_is_until_the_end_of_february(year: int, last: int) -> None:
    plan = Plan("x", "FREQ=DAILY", seasons=(((12, 1), (2, 29)),))
    assert window_at(plan, date(year, 2, last)) is not None
    assert window_at(plan, date(year, 3, 1)) is None


def test_a_season_from_the_29th_of_february_begins_in_march_where_there_is_none() -> None:
    plan = Plan("x", "FREQ=DAILY", seasons=(((2, 29), (3, 31)),))
    assert window_at(plan, date(2023, 2, 28)) is None
    assert window_at(plan, date(2023, 3, 1)) is not None
    assert window_at(plan, date(2024, 2, 29)) is not None


def test_a_round_on_the_29th_of_february_lasts_four_years() -> None:
    plan = Plan("leap", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    assert window_at(plan, date(2026, 6, 1)) == Window(date(2024, 2, 29), date(2028, 2, 28))


def test_every_second_week_is_the_same_second_week_whenever_it_is_asked() -> None:
    plan = Plan("x", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")
    year = list(windows(plan, date(2024, 1, 1), date(2024, 12, 31)))
    assert all((window.end - window.start).days == 13 for window in year)
    for day in (date(2024, 6, 3), date(2024, 6, 10), date(2024, 6, 16)):
        assert next(windows(plan, day, day)) in year


def test_a_place_that_was_never_visited_is_due_and_says_so() -> None:
    found = standing(MONDAYS, 1, [], date(2024, 4, 3))
    assert (found.state, found.since, found.until, found.never) == ("due", date(2024, 4, 1), date(2024, 4, 7), True)


def test_a_place_visited_in_the_window_is_done_until_the_next() -> None:
    covers = [Cover(at("2024-04-01 09:00"))]
    assert standing(MONDAYS, 1, covers, date(2024, 4, 7)).state == "done"
    found = standing(MONDAYS, 1, covers, date(2024, 4, 8))
    assert (found.state, found.last_at, found.never) == ("due", at("2024-04-01 09:00"), False)


def test_an_instant_at_night_belongs_to_its_day_in_china() -> None:
    late = datetime(2024, 4, 7, 16, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight on Monday, in China
    assert standing(MONDAYS, 1, [Cover(late)], date(2024, 4, 8)).state == "done"


def test_a_place_visited_lately_is_not_due_before_the_interval_is_over() -> None:
    plan = Plan("p", MONDAYS.rule, MONDAYS.levels, interval=(3, "days"))
    covers = [Cover(at("2024-04-07 16:00"))]
    found = standing(plan, 1, covers, date(2024, 4, 8))
    assert (found.state, found.since, found.until) == ("too_soon", date(2024, 4, 10), date(2024, 4, 14))
    assert standing(plan, 1, covers, date(2024, 4, 10)).state == "due"
    assert counts(plan, 1, Facts(at("2024-04-09 23:59"), "grid_worker"), covers) == (False, "too_soon")
    assert counts(plan, 1, Facts(at("2024-04-10 00:00"), "grid_worker"), covers) == (True, "")


def test_an_interval_in_workdays_leaves_the_holidays_out() -> None:
    plan = Plan("p", MONDAYS.rule, MONDAYS.levels, interval=(2, "workdays"))
    covers = [Cover(at("2024-04-03 10:00"))]  # 清明: 4 to 6 April are free, Sunday 7 is worked
    assert counts(plan, 1, Facts(at("2024-04-07 10:00"), "grid_worker"), covers) == (False, "too_soon")
    assert counts(plan, 1, Facts(at("2024-04-08 08:00"), "grid_worker"), covers) == (True, "")


def test_an_interval_in_hours_runs_by_the_hour() -> None:
    plan = Plan("p", "FREQ=DAILY", MONDAYS.levels, interval=(20, "hours"))
    covers = [Cover(at("2024-04-03 10:00"))]
    assert counts(plan, 1, Facts(at("2024-04-04 05:59"), "grid_worker"), covers)[0] is False
    assert counts(plan, 1, Facts(at("2024-04-04 06:00"), "grid_worker"), covers)[0] is True


def test_the_second_level_is_due_once_the_first_has_been_in_the_same_window() -> None:
    day = date(2024, 4, 20)
    assert standing(QUARTERS, 2, [], day).state == "after_level"
    assert standing(QUARTERS, 2, [Cover(at("2024-03-31 20:00"))], day).state == "after_level"
    assert standing(QUARTERS, 2, [Cover(at("2024-04-02 20:00"))], day).state == "due"
    assert standing(QUARTERS, 2, [Cover(at("2024-04-21 08:00"))], day).state == "after_level"
    both = [Cover(at("2024-04-02 20:00")), Cover(at("2024-04-19 08:00"), level=2)]
    assert standing(QUARTERS, 2, both, day).state == "done"


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (Facts(at("2024-04-02 09:00"), "grid_worker", frozenset({"property", "police"})), ""),
        (Facts(at("2024-04-02 09:00"), "grid_worker", frozenset({"property"})), "alone"),
        (Facts(at("2024-04-02 09:00"), "grid_worker"), "alone"),
        (Facts(at("2024-04-02 09:00"), "grid_worker", frozenset({"property", "police"}), nobody=True), "nobody"),
        (Facts(at("2024-04-02 09:00"), "volunteer", frozenset({"property", "police"})), "role"),
    ],
)
def test_a_visit_that_does_not_count_says_why(facts: Facts, why: str) -> None:
    assert counts(JOINT, 1, facts, []) == (why == "", why)


def test_one_companion_is_enough_where_one_is_asked_for() -> None:
    plan = Plan("p", MONDAYS.rule, MONDAYS.levels, together=("property", "police"), needed="any")
    assert counts(plan, 1, Facts(at("2024-04-02 09:00"), "grid_worker", frozenset({"police"})), [])[0]
    assert counts(plan, 1, Facts(at("2024-04-02 09:00"), "grid_worker"), []) == (False, "alone")


def test_a_visit_out_of_season_is_kept_and_not_counted() -> None:
    assert counts(WINTER, 1, Facts(at("2024-07-01 09:00"), "grid_worker"), []) == (False, "off_season")


def test_a_visit_from_a_phone_without_signal_is_judged_by_what_had_happened_when_it_was_made() -> None:
    plan = Plan("p", MONDAYS.rule, MONDAYS.levels, interval=(3, "days"))
    later = [Cover(at("2024-04-03 09:00"))]
    assert counts(plan, 1, Facts(at("2024-04-02 09:00"), "grid_worker"), later) == (True, "")


def test_who_goes_of_right_comes_before_standing_in() -> None:
    going = goes_as(MONDAYS, 1, {"grid_leader"})
    assert going is not None
    assert (going.role, going.stood_in) == ("grid_leader", True)
    both = goes_as(MONDAYS, 1, {"grid_leader", "grid_worker"})
    assert both is not None
    assert (both.role, both.stood_in) == ("grid_worker", False)
    assert goes_as(MONDAYS, 2, {"grid_worker"}) is None
    assert levels_of(QUARTERS, {"grid_leader"}) == (2,)


def test_acts_add_up_by_kind_of_work() -> None:
    kinds = {"prevent": ("rounds.prevent", "rounds.flood"), "serve": ("pairings.yiqi",)}
    assert acts_of(kinds, {"rounds.prevent": 2, "rounds.flood": 1, "rounds.patrol": 9}) == {"prevent": 3, "serve": 0}


def test_the_walk_takes_a_row_of_buildings_one_after_another() -> None:
    row = [Point(f"{number:03d}", lon=113.2 + number / 1000, lat=35.2) for number in (1, 5, 3, 2, 4)]
    assert [point.key for point in walking_order(row)] == ["001", "002", "003", "004", "005"]


def test_an_order_that_somebody_has_said_is_kept_and_what_has_no_position_comes_last() -> None:
    points = [
        Point("far", 113.9, 35.2, order=1), Point("near", 113.2, 35.2, order=2), Point("nowhere"),
        Point("beside", 113.2001, 35.2),
    ]  # fmt: skip
    assert [point.key for point in walking_order(points)] == ["far", "near", "beside", "nowhere"]
