"""Sharing duties out: even, exact, within what people said; held against every sharing there is."""

from __future__ import annotations

import datetime
from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.activities.duties import fair, shifts
from bihuan.activities.duties.shifts import NotAShift, Slot
from bihuan.kernel.api import CHINA, clock

FIRST = datetime.date(2024, 3, 1)  # a Friday


def slot(n: int, people: int = 1, rest: bool | None = None, hour: int = 9) -> Slot:  # noqa: FBT001
    day = FIRST + datetime.timedelta(days=n)
    starts = datetime.datetime.combine(day, datetime.time(hour), clock.ZONE)
    return Slot(
        day, starts, starts + datetime.timedelta(hours=2), people, day.isoweekday() > 5 if rest is None else rest
    )


def away(days: set[int]) -> fair.Turn:
    return fair.Turn(away=frozenset((FIRST + datetime.timedelta(days=n)).isoformat() for n in days))


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 20), st.integers(1, 62), st.integers(1, 3))
def test_where_everybody_can_come_nobody_stands_more_than_one_more_than_anybody_else(
    members: int, days: int, people: int
) -> None:
    slots = [slot(n, min(people, members)) for n in range(days)]
    seats = fair.share(slots, {n: fair.Turn() for n in range(members)})
    for chosen in (seats, [seat for one, seat in zip(slots, seats, strict=True) if one.rest]):
        counted = Counter(who for seat in chosen for who in seat)
        shares = [counted[n] for n in range(members)]
        assert max(shares) - min(shares) <= 1
    assert all(len(set(seat)) == one.people for one, seat in zip(slots, seats, strict=True))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sets(st.integers(0, 5)), min_size=1, max_size=3), st.integers(1, 6), st.booleans())
def test_with_days_that_people_cannot_no_sharing_is_more_even(
    gone: list[set[int]],
    days: int,
    rest: bool,  # noqa: FBT001
) -> None:
    slots = [slot(n, rest=rest) for n in range(days)]
    turns = {n: away(one) for n, one in enumerate(gone)}
    able = [[who for who, turn in turns.items() if turn.can(one.day)] for one in slots]
    seats = fair.share(slots, turns)
    assert all(set(seat) <= set(who) for seat, who in zip(seats, able, strict=True))
    assert [len(seat) for seat in seats] == [min(1, len(who)) for who in able]  # empty only where nobody can

    def cost(chosen: list[int]) -> int:
        return sum(n * n for n in Counter(chosen).values())

    best = min(cost(list(one)) for one in product(*(who for who in able if who)))
    assert cost([seat[0] for seat in seats if seat]) == best


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(6, 20), st.integers(1, 3)), max_size=12), st.integers(1, 5))
def test_nobody_stands_two_duties_at_once(given: list[tuple[int, int, int]], members: int) -> None:
    slots = [slot(day, people, hour=hour) for day, hour, people in given]
    seats = fair.share(slots, {n: fair.Turn() for n in range(members)})
    for at, (one, seat) in enumerate(zip(slots, seats, strict=True)):
        assert len(set(seat)) == len(seat) <= one.people
        for other, others in zip(slots[at + 1 :], seats[at + 1 :], strict=True):
            if one.starts < other.ends and other.starts < one.ends:
                assert not set(seat) & set(others)


def test_turns_are_taken_in_the_order_of_joining_as_far_apart_as_they_go() -> None:
    seats = fair.share([slot(n, rest=False) for n in range(6)], {name: fair.Turn() for name in "abc"})
    assert ["".join(seat) for seat in seats] == ["a", "b", "c", "a", "b", "c"]


def test_who_stood_one_more_the_last_time_comes_later_now() -> None:
    turns = {"a": fair.Turn(ahead=1), "b": fair.Turn(), "c": fair.Turn()}
    seats = fair.share([slot(n, rest=False) for n in range(5)], turns)
    assert Counter("".join(seat) for seat in seats) == {"a": 1, "b": 2, "c": 2}


def test_shifts_are_read_as_people_write_them_and_written_back() -> None:
    said = "工作日 9:00-11:00 2人\n周三、周一 14:00到16:30\n休息日 18:00—08:00 1名；Sat Sun 09:00–10:00 x3"
    assert shifts.written(shifts.read(said)).split("\n") == [
        "工作日 09:00–11:00 2人",
        "周一 周三 14:00–16:30 1人",
        "休息日 18:00–08:00 1人",
        "周六 周日 09:00–10:00 3人",
    ]
    assert shifts.read(shifts.written(shifts.read(said))) == shifts.read(said)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("有空就来", "line"),
        ("初一 09:00-10:00", "days"),
        ("每天 25:00-26:00", "time"),
        ("每天 09:00-10:00 21人", "people"),
        ("每天 09:00-09:05", "length"),
    ],
)
def test_what_is_no_shift_is_refused_with_why(line: str, wrong: str) -> None:
    with pytest.raises(NotAShift) as error:
        shifts.read(line)
    assert error.value.args == (line, wrong)


def test_make_up_saturdays_are_workdays_and_holidays_are_not() -> None:
    given = shifts.read("工作日 09:00-11:00\n休息日 18:00-08:00")
    days = [
        (one.day.isoformat(), one.rest)
        for one in shifts.slots(
            given, datetime.date(2024, 4, 4), datetime.date(2024, 4, 7), CHINA.is_workday, clock.ZONE
        )
    ]
    assert days == [("2024-04-04", True), ("2024-04-05", True), ("2024-04-06", True), ("2024-04-07", False)]
