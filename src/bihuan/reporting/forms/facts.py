"""Where a form's values come from: figures and registers, as the person who fills it in may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.timezone import localtime

from bihuan.areas.api import children, display_name, find, subtree
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Refused
from bihuan.matters.api import info_of
from bihuan.methods.api import methods_in
from bihuan.people.api import LEDGER_READ, Actor, can
from bihuan.reporting.figures.definitions import definitions
from bihuan.reporting.figures.months import Period, months_of, shifted
from bihuan.reporting.figures.reading import figures
from bihuan.reporting.figures.shapes import FigureValue
from bihuan.reporting.forms.filling import Cell, Found
from bihuan.reporting.forms.shapes import Ask, Say
from bihuan.reporting.forms.words import Place, place
from bihuan.reporting.registers.sources import SOURCES

MOST = 2000  # lines of one form
_STRIDE = 200
_MARGIN = timedelta(days=60)  # lists run by when things were written down, not by when they happened
_AT = {"matter": "created", "measure": "measure_at", "visit": "happened", "meeting": "starts", "activity": "starts"}
_COMPOSED = {("matter", "where"): ("area", "field:place"), ("visit", "where"): ("area", "place")}

_NO_RIGHT = Say("您看不到那个区域的数据。", "You may not see the data of that area.")
_NO_VALUE = Say("分母为零，没有这个率。", "Nothing below the line: there is no such rate.")
_NO_SUM = Say("中位数不能相加。", "Medians cannot be added up.")
_NO_FIGURE = Say("没有这个指标。", "There is no such figure.")
_RECOUNT = Say(
    "指标正在重新计算，请过几分钟再填。", "The figures are being worked out anew: try again in some minutes."
)
_NO_SOURCE = Say("没有这一种台账。", "There is no such register.")
_MANY = Say(f"这段时间超过 {MOST} 条，请缩短时段。", f"More than {MOST} lines: choose a shorter period.")
_TOO_MUCH = Say("要翻的记录太多，没有翻完。", "Too much would have to be looked through.")


def place_of(area_code: str) -> Place:
    """Return what things are called in an area: its own name, those below it, the kinds of its methods, the figures."""
    areas: list[tuple[str, str]] = []
    own = find(area_code)
    below = list(children(area_code).defer("shape"))
    if len(area_code) < 12:  # a street or district is asked street by street and community by community
        levels = (Area.Level.STREET, Area.Level.COMMUNITY)
        below = list(subtree(area_code).filter(level__in=levels).defer("shape"))
    for area in [*([own] if own is not None else []), *below]:
        areas += [(name, area.code) for name in {area.name, area.short_name, display_name(area)} if name]
    kinds = []
    methods = []
    for use in methods_in(area_code):
        methods.append(use.key)
        field_ = info_of(use.version_id).file.fields.get("category")
        kinds += [(text.zh, key, use.key) for key, text in (field_.options.items() if field_ else ())]
    units = {key: one.unit for key, one in definitions().items()}
    return place(areas=areas, categories=kinds, figures=units, methods=methods)


@dataclass
class Record:
    """The facts of an area and a period, as ``actor`` may see them. Each reading of figures is made once."""

    actor: Actor
    area_code: str
    since: int
    until: int
    _read: dict[tuple[Any, ...], list[FigureValue]] = field(default_factory=dict)

    def figure(self, ask: Ask) -> Found:
        """Return a figure summed over what the cell names."""
        period = self._period(ask.span)
        try:
            if ask.figure.startswith("ratio:"):
                above, below = ask.figure.removeprefix("ratio:").split("/")
                return _ratio(self._sum(ask, above, period), self._sum(ask, below, period))
            return self._sum(ask, ask.figure, period)
        except PermissionDenied:
            return Found(None, why=_NO_RIGHT)
        except BadInput:
            return Found(None, why=_NO_FIGURE)
        except Refused:
            return Found(None, why=_RECOUNT)

    def _period(self, span: str) -> Period:
        """Return the months that a heading means: of the form's period its last month, quarter or year."""
        last = self.until
        year, month = divmod(last, 100)
        if span == "month":
            return Period(last, last)
        if span == "quarter":
            return Period(year * 100 + (month - 1) // 3 * 3 + 1, last)
        if span == "year":
            return Period(year * 100 + 1, last)
        if span == "before":
            return Period(shifted(last, -1), shifted(last, -1))
        if span == "prior":
            return Period(self.since, self.until).before
        if span == "last_year":
            return Period(shifted(self.since, -12), shifted(last, -12))
        return Period(self.since, self.until)

    def _sum(self, ask: Ask, key: str, period: Period) -> Found:
        values = [
            value
            for area in ask.areas or (self.area_code,)
            for value in self._values(area, key, period, ask.categories, ask.method)
        ]
        kind = definitions()[key].kind if key in definitions() else ""
        if kind == "rate":
            above, below = sum(one.numerator or 0 for one in values), sum(one.denominator or 0 for one in values)
            return Found(Fraction(above, below) if below else None, rate=True, why=_NO_VALUE)
        if kind == "median":
            if len(values) != 1 or values[0].split:
                return Found(None, why=_NO_SUM)
            return Found(values[0].value, why=_NO_VALUE)
        if not kind:
            return Found(None, why=_NO_FIGURE)
        return Found(sum((Fraction(one.value or 0) for one in values), Fraction(0)) if values else 0)

    def _values(self, area: str, key: str, period: Period, categories: Sequence[str], method: str) -> list[FigureValue]:
        split = "category" if categories else ""
        asked = (area, period, split, method)
        if asked not in self._read:
            self._read[asked] = figures(self.actor, area, period.since, period.until, None, split, method)
        found = [one for one in self._read[asked] if one.key == key]
        if split:
            return [one for one in found if one.split == split and not one.split_rest and one.split_value in categories]
        return [one for one in found if not one.split]

    def items(self, of: str, where: Mapping[str, str], wanted: Sequence[str]) -> Sequence[Sequence[Cell]] | Say:
        """Return the lines of a register that fall in the period, oldest first."""
        source = SOURCES.get(of)
        if source is None or of not in _AT:
            return _NO_SOURCE
        if of in {"matter", "measure"} and not can(self.actor, LEDGER_READ, self.area_code):
            return _NO_RIGHT
        asked: list[str] = [_AT[of]]
        for value in wanted:
            asked += [part for part in _COMPOSED.get((of, value), (value,)) if part not in asked]
        filters = {name: said for name, said in where.items() if name in source.filters}
        if len(filters) < len(where):
            return _NO_SOURCE
        found: list[Mapping[str, Any]] = []
        cursor: str | None = None
        for _page in range(MOST * 5 // _STRIDE):
            lines = source.page(self.actor, self.area_code, filters, source.sorts[0], asked, cursor, _STRIDE)
            rows = [dict(zip(asked, line.cells, strict=True)) for line in lines.rows]
            found += [row for row in rows if self._within(row[_AT[of]])]
            if len(found) > MOST:
                return _MANY
            cursor = lines.next
            if not cursor or (of != "measure" and rows and self._past(rows[-1][_AT[of]])):
                break
        else:
            return _TOO_MUCH
        found.sort(key=lambda row: _day(row[_AT[of]]) or date.min)
        return [[_cell(of, value, row) for value in wanted] for row in found]

    def _within(self, value: Cell) -> bool:
        day = _day(value)
        return day is not None and self.since <= day.year * 100 + day.month <= self.until

    def _past(self, value: Cell) -> bool:
        day = _day(value)
        return day is not None and day + _MARGIN < date(self.since // 100, self.since % 100, 1)


def first_day(month: int) -> date:
    """Return the first day of a month: 202404 → 1 April 2024."""
    return date(month // 100, month % 100, 1)


def last_day(month: int) -> date:
    """Return the last day of a month."""
    return first_day(shifted(month, 1)) - timedelta(days=1)


def months(since: int, until: int) -> int:
    """Return how many months a period has."""
    return len(months_of(since, until))


def _day(value: Cell) -> date | None:
    if isinstance(value, datetime):
        return (localtime(value) if value.tzinfo else value).date()
    return value if isinstance(value, date) else None


def _cell(of: str, value: str, row: Mapping[str, Any]) -> Cell:
    parts = _COMPOSED.get((of, value))
    if parts:
        said = dict.fromkeys(str(row[part]).strip() for part in parts if row[part])
        return "，".join(said)
    found = row[value]
    if isinstance(found, datetime) and found.tzinfo is not None:
        return localtime(found).replace(tzinfo=None, second=0, microsecond=0)
    return found if not isinstance(found, bool) else str(found)


def _ratio(above: Found, below: Found) -> Found:
    if above.value is None or below.value is None:
        return Found(None, why=above.why or below.why)
    return Found(Fraction(above.value) / Fraction(below.value) if below.value else None, rate=True, why=_NO_VALUE)
