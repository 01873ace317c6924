"""Where a form's values come from: figures and registers, as the person who fills it in may see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from bihuan.areas.api import children, display_name, find, subtree
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Refused
from bihuan.matters.api import info_of
from bihuan.methods.api import methods_in
from bihuan.people.api import Actor
from bihuan.reporting.figures.balance import Balance, balance
from bihuan.reporting.figures.definitions import definitions
from bihuan.reporting.figures.months import Period, current, months_of, shifted
from bihuan.reporting.figures.reading import figures
from bihuan.reporting.figures.shapes import FigureValue
from bihuan.reporting.forms.lists import NO_RIGHT, cell_of, listed, parts_of
from bihuan.reporting.forms.plans import Cell, Found
from bihuan.reporting.forms.shapes import Ask, Say
from bihuan.reporting.forms.words import Place, place
from bihuan.reporting.registers.sources.matters import lines_of

_PAST = frozenset({"before", "prior", "last_year"})
_BALANCES = ("open", "carried")  # not in a month, but at the end of one

_NO_MATTER = Say("这是一件事一张的表：请选是哪一件。", "This form is for one matter: choose which one.")
_NO_VALUE = Say("分母为零，没有这个率。", "Nothing below the line: there is no such rate.")
_NOT_YET = Say("那时还没有用本系统登记，没有可比的数。", "Nothing was recorded here yet at that time.")
_RUNNING = Say("这个月还没过完，和整月比不出增减。", "The month is not over: it cannot be set against a whole one.")
_FROM_NOTHING = Say("上次是零，算不出增减百分比。", "It was nothing before: there is no percentage of it.")
_POINTS = Say("率的增减有百分点和百分比两种算法，请自己填。", "The change of a rate may be told in points or percent.")
_NO_CHANGE = Say("看不出和哪段时间比。", "With which time it is to be compared is not said.")
_NO_SHARE = Say("率没有占比。", "A rate has no share.")
_NO_SUM = Say("中位数不能相加。", "Medians cannot be added up.")
_NO_FIGURE = Say("没有这个指标。", "There is no such figure.")
_RECOUNT = Say(
    "指标正在重新计算，请过几分钟再填。", "The figures are being worked out anew: try again in some minutes."
)


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
    units = {key: one.unit for key, one in definitions().items()} | dict.fromkeys(_BALANCES, "matters")
    return place(areas=areas, categories=kinds, figures=units, methods=methods)


@dataclass
class Record:
    """The facts of an area and a period, as ``actor`` may see them. Each reading of figures is made once."""

    actor: Actor
    area_code: str
    since: int
    until: int
    matter_id: UUID | None = None  # whose card is filled
    clear: Callable[[Sequence[str]], Mapping[str, str]] | None = None  # reads personal values in the clear, and logs it
    _read: dict[tuple[Any, ...], list[FigureValue]] = field(default_factory=dict)
    _balances: dict[tuple[str, str, str], Balance] = field(default_factory=dict)

    def figure(self, ask: Ask) -> Found:
        """Return a figure summed over what the cell names, or what it is set against."""
        try:
            return self._compared(ask) if ask.compare else self._figure(ask, self._period(ask.span))
        except PermissionDenied:
            return Found(None, why=NO_RIGHT)
        except BadInput:
            return Found(None, why=_NO_FIGURE)
        except Refused:
            return Found(None, why=_RECOUNT)

    def _figure(self, ask: Ask, period: Period) -> Found:
        if ask.span in _PAST and period.since < self._begun:
            return Found(None, why=_NOT_YET)
        if ask.figure.startswith("ratio:"):
            above, below = ask.figure.removeprefix("ratio:").split("/")
            return _ratio(self._sum(ask, above, period), self._sum(ask, below, period))
        if ask.figure in _BALANCES:
            month = period.until if ask.figure == "open" else shifted(period.since, -1)
            return Found(self._open(ask, month))
        return self._sum(ask, ask.figure, period)

    def _compared(self, ask: Ask) -> Found:
        """Return by how much a figure differs from an earlier one, or its share of a total."""
        period = self._period(ask.span)
        if ask.compare != "share" and (
            ask.span in _PAST or (ask.compare.startswith("mom") and not _whole(period, ask.span))
        ):
            return Found(None, why=_NO_CHANGE)
        now = self._figure(ask, period)
        if now.value is None:
            return now
        if ask.compare == "share":
            whole = self._figure(replace(ask, areas=ask.of[0], categories=ask.of[1]), period)
            return Found(None, why=_NO_SHARE) if now.rate else _ratio(now, whole)
        if period.until >= current():
            return Found(None, why=_RUNNING)
        before = Period(shifted(period.since, -12), shifted(period.until, -12))
        before = period.before if ask.compare.startswith("mom") else before
        if before.since < self._begun or not self._begun:
            return Found(None, why=_NOT_YET)
        then = self._figure(ask, before)
        if now.rate or then.value is None:
            return Found(None, why=_POINTS if now.rate else then.why)
        change = Fraction(now.value) - Fraction(then.value)
        if ask.compare.endswith("_n"):
            return Found(change)
        return Found(change / Fraction(then.value) if then.value else None, rate=True, why=_FROM_NOTHING)

    @cached_property
    def _begun(self) -> int:
        """The first month of which the record of the form's area knows anything."""
        return self._balance(self.area_code, "").begun

    def _balance(self, area: str, split: str) -> Balance:
        key = ("balance", area, split)
        if key not in self._balances:
            self._balances[key] = balance(self.actor, area, self.until, split)
        return self._balances[key]

    def _open(self, ask: Ask, month: int) -> int:
        split = "category" if ask.categories else "method" if ask.method else ""
        areas = ask.areas or (self.area_code,)
        return sum(self._balance(area, split).open_at(month, ask.categories, ask.method) for area in areas)

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
        return listed(self.actor, self.area_code, Period(self.since, self.until), of, where, wanted)

    def card(self, wanted: Sequence[str]) -> Sequence[Cell] | Say:
        """Return the values of the matter that a card is filled for."""
        if self.matter_id is None:
            return _NO_MATTER
        found = lines_of(self.actor, [self.matter_id], parts_of("matter", wanted))
        if not found:
            return NO_RIGHT
        row = dict(zip(parts_of("matter", wanted), found[0].cells, strict=True))
        clear = self.clear(wanted) if self.clear is not None else {}
        return [clear.get(value) or cell_of("matter", value, row) for value in wanted]


def _whole(period: Period, span: str) -> bool:
    """Tell whether the period before one is of the same kind: of a year or quarter that is not over it is not."""
    return {"year": 12, "quarter": 3}.get(span, period.length) == period.length


def first_day(month: int) -> date:
    """Return the first day of a month: 202404 → 1 April 2024."""
    return date(month // 100, month % 100, 1)


def last_day(month: int) -> date:
    """Return the last day of a month."""
    return first_day(shifted(month, 1)) - timedelta(days=1)


def months(since: int, until: int) -> int:
    """Return how many months a period has."""
    return len(months_of(since, until))


def _ratio(above: Found, below: Found) -> Found:
    if above.value is None or below.value is None:
        return Found(None, why=above.why or below.why)
    return Found(Fraction(above.value) / Fraction(below.value) if below.value else None, rate=True, why=_NO_VALUE)
