"""What comes again and again: words to RFC 5545, days within it, and what is refused."""

from __future__ import annotations

from datetime import date
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.kernel.recurrence import ANCHOR, RecurrenceError, days, first_after, in_english, last_until, to_rrule


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("每天", "FREQ=DAILY"),
        ("每周", "FREQ=WEEKLY;BYDAY=MO"),
        ("每两周", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
        ("每两周星期三", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"),
        ("每旬", "FREQ=MONTHLY;BYMONTHDAY=1,11,21"),
        ("每半个月", "FREQ=MONTHLY;BYMONTHDAY=1,16"),
        ("每月", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("每月末", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("每两个月", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1"),
        ("每季度首月1日", "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=1"),
        ("每半年", "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1"),
        ("每年", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1"),
        ("每年11月15日", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=15"),
    ],
)
def test_how_often_is_read_as_people_write_it(words: str, rule: str) -> None:
    assert to_rrule(words) == rule


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("FREQ=HOURLY", "最多一天一次"),
        ("FREQ=SECONDLY", "最多一天一次"),
        ("FREQ=DAILY;BYHOUR=8,9", "最多一天一次"),
        ("FREQ=DAILY;COUNT=3", "到哪一天为止"),
        ("FREQ=DAILY;UNTIL=20300101", "到哪一天为止"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "永远不会到"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "永远不会到"),
        ("FREQ=MONTHLY;BYDAY=6MO", "永远不会到"),
        ("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", "永远不会到"),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTH=2", "永远不会到"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "永远不会到"),
        ("FREQ=YEARLY;BYWEEKNO=54", "这里不用"),
        ("FREQ=MONTHLY;BYDAY=WE,1MO", "写错了"),
        ("FREQ=DAILY;INTERVAL=0", "写错了"),
        ("FREQ=DAILY;INTERVAL=x", "写错了"),
        ("FREQ=DAILY;;", "这里不用"),
        ("有空就去", "看不懂"),
    ],
)
def test_what_cannot_recur_is_refused_and_says_why(words: str, why: str) -> None:
    with pytest.raises(RecurrenceError) as error:
        to_rrule(words)
    assert why in error.value.zh
    assert error.value.en


MONTHS = st.lists(st.integers(1, 12), max_size=2, unique=True)
MONTHDAYS = st.lists(st.integers(-31, 31).filter(bool), max_size=2, unique=True)
WEEKDAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "SU", "1MO", "-1FR", "5TU"]), max_size=2, unique=True)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), st.integers(1, 5), MONTHS, MONTHDAYS, WEEKDAYS)
def test_a_rule_that_is_let_through_comes_and_nothing_is_looked_for_in_vain(
    freq: str, interval: int, months: list[int], monthdays: list[int], weekdays: list[str]
) -> None:
    parts = {"BYMONTH": months, "BYMONTHDAY": monthdays, "BYDAY": weekdays}
    rule = f"FREQ={freq};INTERVAL={interval}" + "".join(
        f";{key}={','.join(map(str, values))}" for key, values in parts.items() if values
    )
    begun, let_through = monotonic(), True
    try:
        to_rrule(rule)
    except RecurrenceError:
        let_through = False
    if let_through:
        assert first_after(rule, date(2000, 1, 1)) is not None
    assert monotonic() - begun < 5


def test_the_last_workday_of_each_month_is_picked_by_its_place() -> None:
    rule = to_rrule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")
    assert days(rule, date(2024, 3, 1), date(2024, 4, 30)) == (date(2024, 3, 29), date(2024, 4, 30))


def test_a_rule_without_a_day_of_its_own_is_counted_from_a_first_of_january_that_was_a_monday() -> None:
    assert (ANCHOR.month, ANCHOR.day, ANCHOR.weekday()) == (1, 1, 0)
    assert days("FREQ=MONTHLY", date(2024, 4, 1), date(2024, 5, 31)) == (date(2024, 4, 1), date(2024, 5, 1))
    assert days("FREQ=WEEKLY", date(2024, 4, 1), date(2024, 4, 14)) == (date(2024, 4, 1), date(2024, 4, 8))
    assert (days("FREQ=WEEKLY;INTERVAL=2", date(2024, 4, 1), date(2024, 4, 14))[0] - ANCHOR).days % 14 == 0


def test_a_month_without_a_31st_is_passed_over() -> None:
    rule = to_rrule("每月31日")
    assert last_until(rule, date(2024, 4, 30)) == date(2024, 3, 31)
    assert first_after(rule, date(2024, 4, 30)) == date(2024, 5, 31)


def test_the_29th_of_february_comes_even_over_a_year_that_leaps_none() -> None:
    rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"
    assert first_after(rule, date(2096, 2, 29)) == date(2104, 2, 29)
    assert last_until(rule, date(2104, 2, 28)) == date(2096, 2, 29)


def test_nothing_came_before_the_beginning() -> None:
    assert last_until("FREQ=DAILY", date(2000, 12, 31)) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("每半月", "on the 1st and the 16th of each month"),
        ("每两周周三", "every second Wednesday"),
        ("每两个月", "on the 1st of every second month"),
        ("每季度首月1日", "on the 1st of January, April, July and October"),
    ],
)
def test_how_often_is_said_in_english(words: str, said: str) -> None:
    assert in_english(words) == said
