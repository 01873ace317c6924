"""The work calendar: fixed cases of the Chinese calendar, and what must hold for all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.calendar import CHINA, SHANGHAI, UNITS, WorkCalendar, merged

WEEK = WorkCalendar(workday=lambda day: day.weekday() < 5, known_years=None)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        ("2024-04-03 10:00", 1, "workdays", "2024-04-07 18:00"),  # 清明 4–6 April; Sunday the 7th is worked
        ("2024-04-03 10:00", 3, "workdays", "2024-04-09 18:00"),
        ("2024-04-03 23:59", 1, "workdays", "2024-04-07 18:00"),
        ("2024-04-05 10:00", 1, "workdays", "2024-04-07 18:00"),  # begun on a holiday
        ("2024-04-26 17:00", 2, "workdays", "2024-04-29 18:00"),  # Sunday 28 April is worked
        ("2024-02-08 09:00", 1, "workdays", "2024-02-09 18:00"),  # 除夕 2024 is officially a workday
        ("2024-04-03 10:00", 2, "work_hours", "2024-04-03 12:00"),  # used up at closing, not at next opening
        ("2024-04-03 10:00", 2.5, "work_hours", "2024-04-03 15:00"),
        ("2024-04-03 12:30", 1, "work_hours", "2024-04-03 15:30"),  # begun in the noon break
        ("2024-04-03 17:00", 2, "work_hours", "2024-04-07 09:30"),
        ("2024-04-03 06:00", 7, "work_hours", "2024-04-03 18:00"),
        ("2024-04-03 10:00", 24, "hours", "2024-04-04 10:00"),
        ("2024-04-03 10:00", 7, "days", "2024-04-10 10:00"),
        ("2024-04-03 10:00", 90, "minutes", "2024-04-03 11:30"),
        ("2024-04-03 10:00", 0, "workdays", "2024-04-03 10:00"),
    ],
)
def test_a_limit_ends_where_the_rule_says(start, amount, unit, due):
    assert CHINA.add(at(start), amount, unit) == at(due)


def test_make_up_days_are_worked_and_holidays_are_not():
    assert CHINA.is_workday(date(2024, 4, 7))
    assert not CHINA.is_workday(date(2024, 4, 4))
    assert not CHINA.is_workday(date(2024, 4, 13))


def test_years_not_yet_published_count_weekdays_and_warn():
    assert CHINA.is_workday(date(2090, 10, 2))  # a Monday in the week of the national holiday
    assert not CHINA.is_workday(date(2090, 10, 1))  # a Sunday
    warnings = CHINA.warnings_for(at("2024-01-01 00:00"), at("2090-01-01 00:00"))
    assert "2090" in warnings[-1][0]
    assert "2090" in warnings[-1][1]
    assert CHINA.warnings_for(date(2023, 1, 1), date(2024, 12, 31)) == []


def test_other_office_hours_can_be_set():
    summer = WorkCalendar(office_hours=((time(8), time(12)), (time(15), time(18, 30))))
    assert summer.add(at("2024-07-01 11:00"), 2, "work_hours") == at("2024-07-01 16:00")
    assert summer.add(at("2024-07-01 11:00"), 1, "workdays") == at("2024-07-02 18:30")
    with pytest.raises(ValueError, match="overlap"):
        WorkCalendar(office_hours=((time(8), time(12)), (time(11), time(18))))


@pytest.mark.parametrize(
    ("start", "amount", "unit", "words"),
    [
        (datetime(2024, 4, 3, 10), 1, "hours", "aware"),  # noqa: DTZ001
        (at("2024-04-03 10:00"), -1, "hours", "negative"),
        (at("2024-04-03 10:00"), 1.5, "workdays", "whole"),
        (at("2024-04-03 10:00"), 1, "weeks", "unknown unit"),
    ],
)
def test_what_makes_no_sense_is_refused(start, amount, unit, words):
    with pytest.raises(ValueError, match=words):
        CHINA.add(start, amount, unit)


def test_a_calendar_without_workdays_says_so_instead_of_searching_for_ever():
    with pytest.raises(ValueError, match="no workday"):
        WorkCalendar(workday=lambda day: False).add(at("2024-04-03 10:00"), 1, "work_hours")


def test_offsets_do_not_matter():
    start = at("2024-04-03 10:00")
    for unit in UNITS:
        assert CHINA.add(start.astimezone(UTC), 3, unit) == CHINA.add(start, 3, unit)
        assert CHINA.add(start.astimezone(ZoneInfo("America/New_York")), 3, unit) == CHINA.add(start, 3, unit)


moments = st.datetimes(
    min_value=datetime(2023, 1, 1),  # noqa: DTZ001
    max_value=datetime(2026, 12, 1),  # noqa: DTZ001
    timezones=st.just(SHANGHAI),
)
amounts = st.integers(0, 60)
units = st.sampled_from(UNITS)
calendars = st.sampled_from([CHINA, WEEK])


@given(calendars, moments, amounts, units)
def test_between_undoes_add(calendar, start, amount, unit):
    due = calendar.add(start, amount, unit)
    assert calendar.between(start, due, unit) == amount
    assert calendar.between(due, start, unit) == -amount


@given(calendars, moments, amounts, amounts, units)
def test_more_time_never_ends_earlier(calendar, start, less, more, unit):
    less, more = sorted((less, more))
    assert start <= calendar.add(start, less, unit) <= calendar.add(start, more, unit)


@given(calendars, moments, moments, amounts, units)
def test_a_later_start_never_ends_earlier(calendar, a, b, amount, unit):
    a, b = sorted((a, b))
    assert calendar.add(a, amount, unit) <= calendar.add(b, amount, unit)


@given(calendars, moments, st.integers(1, 60))
def test_a_limit_in_workdays_ends_with_the_office_hours_of_a_workday(calendar, start, amount):
    due = calendar.add(start, amount, "workdays")
    assert calendar.is_workday(due.date())
    assert due.time() == time(18)
    assert due.date() > start.date()


@given(calendars, moments, st.integers(1, 200))
def test_a_limit_in_work_hours_ends_in_office_hours(calendar, start, minutes):
    due = calendar.add(start, minutes / 60, "work_hours")
    assert calendar.is_open(due - timedelta(microseconds=1))


@given(calendars, moments, amounts, amounts, st.sampled_from(["work_hours", "hours", "minutes", "days"]))
def test_limits_add_up(calendar, start, first, second, unit):
    assert calendar.add(calendar.add(start, first, unit), second, unit) == calendar.add(start, first + second, unit)


@given(calendars, moments, st.integers(1, 40), units)
def test_a_limit_without_pauses_is_the_limit(calendar, start, amount, unit):
    assert calendar.due_after_pauses(start, amount, unit, []) == calendar.add(start, amount, unit)
    before = [(start - timedelta(days=9), start)]
    after = [(calendar.add(start, amount, unit), start + timedelta(days=900))]
    assert calendar.due_after_pauses(start, amount, unit, before + after) == calendar.add(start, amount, unit)


spans = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 5_000)), max_size=4)


@given(calendars, moments, st.integers(1, 30), units, spans)
def test_pauses_never_shorten_and_their_order_and_cuts_do_not_matter(calendar, start, amount, unit, spans):
    pauses = [(start + timedelta(minutes=a), start + timedelta(minutes=a + n)) for a, n in spans]
    due = calendar.due_after_pauses(start, amount, unit, pauses)
    assert due >= calendar.add(start, amount, unit)
    assert calendar.due_after_pauses(start, amount, unit, reversed(pauses)) == due
    halves = [half for a, b in pauses for half in ((a, a + (b - a) / 2), (a + (b - a) / 2, b))]
    assert calendar.due_after_pauses(start, amount, unit, halves) == due


@given(calendars, moments, st.integers(1, 30), st.sampled_from(["work_hours", "hours", "minutes", "days"]), spans)
def test_what_runs_outside_pauses_is_the_limit_exactly(calendar, start, amount, unit, spans):
    pauses = [(start + timedelta(minutes=a), start + timedelta(minutes=a + n)) for a, n in spans]
    due = calendar.due_after_pauses(start, amount, unit, pauses)
    ran, edge = timedelta(0), start
    for begins, ends in [*merged(pauses), (due, due)]:
        if edge < min(begins, due):
            ran += _ran(calendar, edge, min(begins, due), unit)
        edge = max(edge, ends)
    assert ran == _ran(calendar, start, calendar.add(start, amount, unit), unit)


def _ran(calendar, a, b, unit):
    return calendar.open_between(a, b) if unit == "work_hours" else b - a


def test_a_paused_workday_is_given_back_and_the_day_of_the_start_is_not():
    start = at("2024-03-11 10:00")  # a Monday
    assert CHINA.due_after_pauses(start, 2, "workdays", []) == at("2024-03-13 18:00")
    assert CHINA.due_after_pauses(start, 2, "workdays", [(at("2024-03-12 09:00"), at("2024-03-14 09:00"))]) == at(
        "2024-03-15 18:00"
    )
    assert CHINA.due_after_pauses(start, 2, "workdays", [(at("2024-03-11 11:00"), at("2024-03-12 09:00"))]) == at(
        "2024-03-13 18:00"
    )


def test_spans_that_touch_become_one():
    a, b, c, d = (at(f"2024-03-1{n} 10:00") for n in range(4))
    assert merged([(b, c), (a, b), (d, d)]) == [(a, c)]
