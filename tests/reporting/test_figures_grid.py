"""One figure by two splits at once: it adds up, each number opens what it counts, folded or not."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.api import BadInput
from bihuan.people.api import ANONYMOUS, SYSTEM
from bihuan.reporting.api import SPLITS, Grid, GridCell, drill, figures, grid
from bihuan.reporting.figures.folding import fold, fold_pending
from tests.matters.conftest import BUILDINGS, COMMUNITY, Town, make_town

APRIL = 202404
PAIRS = list(permutations(SPLITS, 2))
AREAS = ("410802", "410802004", COMMUNITY, BUILDINGS[0])


@pytest.fixture
def april(db: None) -> Town:
    """Six reports: settled, being acted on, sorted, as they came, at the community itself, next door."""
    town = make_town()
    town.to_settled(town.report(people_affected=30).matter_id)
    town.to_acting(town.report(text="下水道堵了", channel="door", people_affected=4).matter_id)
    town.report(text="墙皮脱落", area_code=BUILDINGS[1])
    town.report(text="灯不亮", area_code=BUILDINGS[2], channel="door")
    town.report(text="社区门口的路灯", area_code=COMMUNITY)
    town.report(text="花园街路灯不亮", area_code="410802006001001")
    return town


def read(rows: str, columns: str, area: str = COMMUNITY, key: str = "collected", **more: Any) -> Grid:
    return grid(SYSTEM, area, APRIL, APRIL, key, rows, columns, **more)


def opened(cell: GridCell, part: str = "") -> int:
    """Return how many matters a number opens."""
    at = cell.drill
    found = drill(
        SYSTEM, at.key, part, at.area_code, at.since, at.until, at.dim, at.value, None, at.method_key, 200,
        dim2=at.dim2, value2=at.value2,
    )  # fmt: skip
    return len(found.rows) + found.hidden


@pytest.mark.parametrize("folded", [0, 3, 99])
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_a_table_adds_up_and_each_number_opens_what_it_counts(april: Town, pair: tuple[str, str], folded: int) -> None:
    assert april
    fold(folded)
    for area in AREAS:
        table = read(*pair, area)
        values = [[Fraction(cell.value or 0) for cell in line] for line in table.cells]
        whole = next(one for one in figures(SYSTEM, area, APRIL, APRIL, ["collected"]) if not one.split)
        assert values[0][0] == whole.value
        assert all(line[0] == sum(line[1:]) for line in values)
        assert all(values[0][n] == sum(line[n] for line in values[1:]) for n in range(len(table.columns)))
        assert [[opened(cell) for cell in line] for line in table.cells] == values
        assert (len(table.cells), len(table.cells[0])) == (len(table.rows), len(table.columns))


@pytest.mark.parametrize("pair", [("area", "category"), ("channel", "category"), ("outcome", "area")], ids="-".join)
@pytest.mark.parametrize("key", ["settlement_rate", "people_affected", "solved"])
def test_sums_are_the_figures_of_one_split_alone(april: Town, pair: tuple[str, str], key: str) -> None:
    assert april
    fold(3)
    table = read(*pair, key=key)
    one = [value for value in figures(SYSTEM, COMMUNITY, APRIL, APRIL, [key], pair[0]) if not value.split_rest]
    told = {value.split_title: value.value for value in one if value.split}
    lines = {title: line[0].value for title, line in zip(table.rows[1:], table.cells[1:], strict=True)}
    assert {title: value for title, value in lines.items() if title in told} == {
        title: told[title] for title in lines if title in told
    }
    assert told.keys() & lines.keys()
    assert table.cells[0][0].value == next(value.value for value in one if not value.split)


def test_a_rate_opens_what_stands_above_and_below_the_line(april: Town) -> None:
    assert april
    whole = read("area", "channel", key="settlement_rate").cells[0][0]
    assert opened(whole, "d") == 2
    assert opened(whole, "n") == 1
    assert whole.value == Fraction(1, 2)


def test_what_lies_in_no_area_below_has_a_row_of_its_own(april: Town) -> None:
    assert april
    table = read("area", "channel")
    assert table.rows[-1] == "不在下级区域"
    assert table.cells[-1][0].value == 1


def test_one_method_alone_is_the_same_table_where_there_is_one(april: Town) -> None:
    assert april
    fold_pending()
    for pair in (("area", "category"), ("category", "channel")):
        assert [[cell.value for cell in line] for line in read(*pair).cells] == [
            [cell.value for cell in line] for line in read(*pair, method_key="yiwang-sanbu-wuqin").cells
        ]
        assert read(*pair, method_key="yinhuan-liuding").cells[0][0].value == 0


@pytest.mark.parametrize("pair", [("area", "category"), ("category", "channel")], ids="-".join)
def test_a_table_is_read_by_one_statement_however_large(april: Town, pair: tuple[str, str]) -> None:
    assert april
    fold(3)
    read(*pair)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        read(*pair)
    assert sum("reporting_" in query["sql"] for query in asked.captured_queries) == 1
    assert len(asked) <= 5


def test_what_is_asked_wrongly_is_said(april: Town) -> None:
    assert april
    for pair in (("area", "area"), ("area", "nothing"), ("", "area")):
        with pytest.raises(BadInput):
            read(*pair)
    with pytest.raises(BadInput, match="中位数"):
        read("area", "category", key="handling_time")
    with pytest.raises(PermissionDenied):
        grid(ANONYMOUS, COMMUNITY, APRIL, APRIL, "collected", "area", "category")
