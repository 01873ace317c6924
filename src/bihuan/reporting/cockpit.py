"""One page for a leader: what stands open now, by place; this month beside the last one; a year month by month.

Everything is read from counts that are kept: leaf tallies of matters for what is open now, folded figures for months.
It costs the same whether there are a thousand matters or ten million.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bihuan.areas.api import children, display_name, upper_bound
from bihuan.areas.models import Area
from bihuan.kernel.api import sql
from bihuan.people.api import FIGURE_READ, Actor, require
from bihuan.reporting.figures.months import current, months_of, shifted
from bihuan.reporting.figures.reading import figures
from bihuan.reporting.figures.shapes import FigureValue
from bihuan.reporting.figures.snapshot import Question, ask

MONTHS = 12
KINDS = 8
# What a leader asks each morning, in three questions: is it done, did it drag or come back, what do people say of it.
DONE = ("collected", "settled", "solved", "settlement_rate", "in_time_rate", "handling_time")
DRAGGED = ("late", "reopened", "returned")
SAID = ("followed_up_satisfied", "satisfied_rate")
KEYS = (*DONE, *DRAGGED, *SAID)
BELOW = ("collected", "settled", "settlement_rate", "in_time_rate", "late")
MOST_BELOW = 400


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in an area at this moment."""

    total: int = 0
    open: int = 0
    yellow: int = 0
    red: int = 0


@dataclass(frozen=True, slots=True)
class Below:
    """An area directly below: what stands there now, and its figures of the month."""

    area: Area
    name: str
    standing: Standing
    values: tuple[FigureValue, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the year: what was collected and what was settled in it."""

    month: int
    collected: int
    settled: int


@dataclass(frozen=True, slots=True)
class Cockpit:
    """The page: an area, what stands now, figures of the month, places below, a year, kinds of the month."""

    area_code: str
    month: int
    standing: Standing
    values: tuple[FigureValue, ...]
    below: tuple[Below, ...]
    more_below: int
    months: tuple[Month, ...]
    kinds: tuple[FigureValue, ...]


def cockpit(actor: Actor, area_code: str) -> Cockpit:
    """Return all that the page shows. The same number of statements at any size.

    Raises:
        PermissionDenied: no right to figures there. Refused: the figures are being worked out anew.
    """
    require(actor, FIGURE_READ, area_code)
    month = current()
    areas = list(children(area_code)[: MOST_BELOW + 1])
    shown = areas[:MOST_BELOW]
    standings = _standings(area_code, [area.code for area in shown])
    whole = figures(actor, area_code, month, month, KEYS)
    split = figures(actor, area_code, month, month, BELOW, "area") if shown and len(shown[0].code) <= 12 else []
    by_area: dict[str, list[FigureValue]] = {}
    for value in split:
        if value.split_value:
            by_area.setdefault(value.split_value, []).append(value)
    kinds = [value for value in figures(actor, area_code, month, month, ("collected",), "category") if value.split]
    return Cockpit(
        area_code=area_code,
        month=month,
        standing=_sum(standings.values()) if standings else Standing(),
        values=tuple(whole),
        below=tuple(
            Below(area, display_name(area), standings.get(area.code, Standing()), tuple(by_area.get(area.code, ())))
            for area in shown
        ),
        more_below=len(areas) - len(shown),
        months=_year(area_code, month),
        kinds=tuple(kinds[:KINDS]),
    )


def _standings(area_code: str, below: list[str]) -> dict[str, Standing]:
    """Return what stands in each area below, and under the area's own code what lies in none of them.

    One statement over the leaves' tallies: there are as many as micro-grids, however many matters they had.
    """
    rows = sql.rows(
        'SELECT area_code, total, "open", yellow, red FROM matters_areatally WHERE area_code >= %s AND area_code <= %s',
        (area_code, upper_bound(area_code)),
    )
    width = len(below[0]) if below else 0
    known = set(below)
    sums: dict[str, list[int]] = {}
    for code, *counts in rows:
        place = str(code)[:width] if width and str(code)[:width] in known else area_code
        found = sums.setdefault(place, [0, 0, 0, 0])
        for index, count in enumerate(counts):
            found[index] += int(count)
    return {code: Standing(*counts) for code, counts in sums.items()}


def _sum(standings: Iterable[Standing]) -> Standing:
    listed = list(standings)
    return Standing(
        sum(one.total for one in listed),
        sum(one.open for one in listed),
        sum(one.yellow for one in listed),
        sum(one.red for one in listed),
    )


def _year(area_code: str, month: int) -> tuple[Month, ...]:
    """Return twelve months, this one last. One statement."""
    since = shifted(month, 1 - MONTHS)
    answer = ask(Question(frozenset({"collected", "settled"}), area_code, (area_code,), ("",), since, month))

    def count(measure: str, at: int) -> int:
        cell = answer.cells.get((measure, area_code, "", "", at))
        return cell[0] if cell is not None else 0

    return tuple(Month(at, count("collected", at), count("settled", at)) for at in months_of(since, month))
