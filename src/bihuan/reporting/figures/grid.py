"""One figure by two splits at once: rows × columns with sums, exact at one moment, by one statement.

Where one of the two is the area, tallies are read and it costs the same at any size. Two others at once are added up
from the facts, and cost as many as the period has. Sums are never those of what is shown: what has no value in a split,
and what lies in no area below, has a row or column of its own, so that a table adds up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import children, display_name
from bihuan.kernel.api import BadInput, Problem
from bihuan.people.api import Actor, require
from bihuan.people.permissions import FIGURE_READ
from bihuan.reporting.figures.definitions import Definition
from bihuan.reporting.figures.months import Period, months_of, period
from bihuan.reporting.figures.reading import AREA, SPLITS, wanted_definitions, worth
from bihuan.reporting.figures.shapes import Place
from bihuan.reporting.figures.snapshot import Answer, Question, ask, both, pair_dim
from bihuan.reporting.figures.titles import Titles

ALL, REST = "\x00all", "\x00rest"
MOST_LINES = 400

Sums = tuple[int, int]  # how many, how much
Read = Callable[[str, str, str], Sums]  # measure, row, column


@dataclass(frozen=True, slots=True)
class GridCell:
    """A number of the table: None where nothing can be said; ``n``: of how many matters; where it opens."""

    value: int | Fraction | None
    n: int
    drill: Place


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: titles of rows and columns, the sums first in both; ``cells`` row by row."""

    key: str
    title: str
    kind: str
    unit: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[GridCell, ...], ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    one: Definition
    area_code: str
    months: Period
    rows: str
    columns: str
    method_key: str

    @property
    def only(self) -> tuple[tuple[str, str], ...]:
        return (("method", self.method_key),) if self.method_key else ()


def grid(
    actor: Actor,
    area_code: str,
    since: int | date,
    until: int | date,
    key: str,
    rows: str,
    columns: str,
    method_key: str = "",
) -> Grid:
    """Return one figure of an area and a period by two splits at once. At most five statements.

    Args:
        actor: needs FIGURE_READ in the area.
        area_code: of any level.
        since: as in ``figures``.
        until: as in ``figures``.
        key: which figure; a median has none.
        rows: one of ``SPLITS``: what stands at the left.
        columns: another one: what stands above.
        method_key: only matters of one method.

    Raises:
        PermissionDenied, BadInput, Refused: as ``figures``.
    """
    require(actor, FIGURE_READ, area_code)
    if rows == columns or not {rows, columns} <= set(SPLITS):
        raise BadInput(Problem("by", _("不能这样分。"), _("两次要分得不一样。")))
    one = wanted_definitions([key])[0]
    if one.kind == "median":
        raise BadInput(Problem("key", _("中位数不能这样分。"), _("请选别的指标。")))
    asked = _Asked(one, area_code, period(since, until), rows, columns, method_key)
    return _by_area(asked) if AREA in {rows, columns} else _by_two(asked)


def _by_two(asked: _Asked) -> Grid:
    pair = asked.rows, asked.columns
    measures = frozenset(asked.one.measures)
    root, months = asked.area_code, asked.months
    answer = ask(Question(measures, root, (root,), ("",), months.since, months.until, only=asked.only, pair=pair))
    found: dict[tuple[str, str, str], list[int]] = {}
    seen: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for (measure, _area, dim, value, _month), (n, amount) in answer.cells.items():
        if dim != pair_dim(pair):
            continue
        first, _sep, second = value.partition(both("", ""))
        row, column = first or REST, second or REST
        for at in ((row, column), (row, ALL), (ALL, column), (ALL, ALL)):
            sums = found.setdefault((measure, *at), [0, 0])
            sums[0], sums[1] = sums[0] + n, sums[1] + amount
        seen[0][row] += n
        seen[1][column] += n

    def read(measure: str, row: str, column: str) -> Sums:
        n, amount = found.get((measure, row, column), (0, 0))
        return n, amount

    return _table(asked, read, _ordered(seen[0]), _ordered(seen[1]), {})


def _ordered(counted: Counter[str]) -> list[str]:
    """Return the values that occur, most first, what has none last."""
    return [key for key, n in sorted(counted.items(), key=lambda item: (item[0] == REST, -item[1], item[0])) if n]


def _by_area(asked: _Asked) -> Grid:
    dim = asked.columns if asked.rows == AREA else asked.rows
    below = {area.code: display_name(area) for area in list(children(asked.area_code).defer("shape")[:MOST_LINES])}
    root, measures = asked.area_code, frozenset(asked.one.measures)
    months = asked.months
    answer = ask(Question(measures, root, (root, *below), ("", dim), months.since, months.until, only=asked.only))
    counted: Counter[str] = Counter()
    for (measure, area, of, value, _month), (n, _amount) in answer.cells.items():
        if of == dim and area == root and measure in measures:
            counted[value] += n
    values = [value for value, n in sorted(counted.items(), key=lambda item: (-item[1], item[0])) if n]

    def of_area(measure: str, code: str, value: str) -> Sums:
        if value == REST:
            return _less(of_area(measure, code, ALL), (of_area(measure, code, one) for one in values))
        return _summed(answer, measure, code, "" if value == ALL else dim, "" if value == ALL else value, months)

    def read(measure: str, row: str, column: str) -> Sums:
        code, value = (row, column) if asked.rows == AREA else (column, row)
        if code == REST:
            return _less(of_area(measure, root, value), (of_area(measure, one, value) for one in below))
        return of_area(measure, root if code == ALL else code, value)

    def left(code: str, value: str) -> bool:
        row, column = (code, value) if asked.rows == AREA else (value, code)
        return any(read(measure, row, column) != (0, 0) for measure in measures)

    areas = [*below, *([REST] if left(REST, ALL) else [])]
    parts = [*values, *([REST] if left(ALL, REST) else [])]
    rows, columns = (areas, parts) if asked.rows == AREA else (parts, areas)
    return _table(asked, read, rows, columns, below)


def _less(whole: Sums, parts: Iterable[Sums]) -> Sums:
    n, amount = whole
    for one in parts:
        n, amount = n - one[0], amount - one[1]
    return n, amount


def _summed(answer: Answer, measure: str, area: str, dim: str, value: str, months: Period) -> Sums:
    n = amount = 0
    for month in months_of(months.since, months.until):
        cell = answer.cells.get((measure, area, dim, value, month))
        if cell is not None:
            n, amount = n + cell[0], amount + cell[1]
    return n, amount


def _table(asked: _Asked, read: Read, rows: list[str], columns: list[str], areas: dict[str, str]) -> Grid:
    one, language, titles = asked.one, get_language() or "", Titles(asked.area_code)

    def called(dim: str, value: str) -> str:
        if value == ALL:
            return _("合计")
        if value == REST:
            return _("不在下级区域") if dim == AREA else titles.none(dim)
        return areas[value] if dim == AREA else titles.of(dim, value)

    return Grid(
        one.key,
        one.title.say(language),
        one.kind,
        one.unit,
        tuple(called(asked.rows, row) for row in [ALL, *rows]),
        tuple(called(asked.columns, column) for column in [ALL, *columns]),
        tuple(tuple(_cell(asked, read, row, column) for column in [ALL, *columns]) for row in [ALL, *rows]),
    )


def _cell(asked: _Asked, read: Read, row: str, column: str) -> GridCell:
    one = asked.one
    sums = {measure: read(measure, row, column) for measure in one.measures}
    n = sums[one.denominator if one.kind == "rate" else one.measure][0]
    code, splits = asked.area_code, []
    for dim, value in ((asked.rows, row), (asked.columns, column)):
        if value == ALL:
            continue
        if dim == AREA and value != REST:
            code = value
        else:
            splits.append((dim, "" if value == REST else value))
    (dim, value), (dim2, value2) = [*splits, ("", ""), ("", "")][:2]
    place = Place(
        one.key, code, asked.months.since, asked.months.until, dim, value, asked.method_key, dim2, value2
    )  # fmt: skip
    return GridCell(worth(one, sums), n, place)
