"""Reading figures: what is asked, put to one snapshot, given as values with titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import children, display_name
from bihuan.kernel.api import BadInput, Problem
from bihuan.methods.api import Method, Text, get_method
from bihuan.methods.models import MethodVersion
from bihuan.people.api import Actor, require
from bihuan.people.permissions import FIGURE_READ
from bihuan.reporting.figures.definitions import Definition, definitions
from bihuan.reporting.figures.facts import DIMS
from bihuan.reporting.figures.months import Period, months_of, period
from bihuan.reporting.figures.shapes import FigureValue, LeftOut, Place
from bihuan.reporting.figures.snapshot import Answer, Question, ask
from bihuan.reporting.figures.titles import Titles

AREA = "area"
SPLITS = (AREA, *DIMS)
MOST_KEYS = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A reading as it was asked for."""

    area_code: str
    period: Period
    wanted: tuple[Definition, ...]
    split: str
    method_key: str
    only: tuple[tuple[str, str], ...] = ()


def figures(
    actor: Actor,
    area_code: str,
    since: int | date,
    until: int | date,
    keys: Sequence[str] | None = None,
    split: str = "",
    method_key: str = "",
    only: Mapping[str, str] | None = None,
) -> list[FigureValue]:
    """Return figures of an area and a period, with the period before. At most five statements, at any size.

    Args:
        actor: needs FIGURE_READ in the area.
        area_code: of any level.
        since: the first month (202401), or its first day.
        until: the last month, or its last day; today or later means this month.
        keys: which ones, "<method>:<figure>" for a method's own; None: the standard ones, and with ``method_key``
            also that method's own.
        split: "" or one of ``SPLITS``: each figure then comes whole first, and after it part by part.
        method_key: only matters of one method.
        only: only matters with these values, by split ({"method": …, "category": …}), in every split and median: what
            ``method_key`` cannot. Added up from the facts: it costs as many as the period has.

    Raises:
        PermissionDenied: no right to figures there. BadInput: a period, key or split that there is not.
        Refused: the figures are being worked out anew.
    """
    require(actor, FIGURE_READ, area_code)
    if split and split not in SPLITS:
        raise BadInput(Problem("split", _("不能这样分。"), _("可以按区域、类别、渠道、办结方式、紧急程度、工作法分。")))
    months = period(since, until)
    wanted = wanted_definitions(keys, method_key)
    if method_key and split and split != AREA:
        wanted = [one for one in wanted if ":" in one.key]  # of the standard figures one split at a time is kept
    asked = Asked(area_code, months, tuple(wanted), split, method_key, _only(only))
    titles = Titles(area_code)
    below = list(children(area_code).defer("shape")) if split == AREA else []
    answer = ask(_question(asked, [area.code for area in below]))
    found: list[FigureValue] = []
    for one in asked.wanted:
        found.append(_value(asked, answer, one, area_code, "", ""))
        if split == AREA:
            found += [_value(asked, answer, one, area.code, "", "", (area.code, display_name(area))) for area in below]
        elif split:
            found += _parts(asked, answer, one, titles)
    return found


def _only(only: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    for dim in only or ():
        if dim not in DIMS:
            raise BadInput(Problem("only", _("不能这样分。"), ""))
    return tuple((only or {}).items())


def wanted_definitions(keys: Iterable[str] | None, method_key: str = "") -> list[Definition]:
    """Return the definitions of keys, in their order; of none given all there are.

    Raises:
        BadInput: naming the one that is not there.
    """
    known = dict(definitions())
    if keys is None:
        if method_key:
            known |= definitions(latest(method_key))
        return list(known.values())
    found: list[Definition] = []
    for key in list(keys)[:MOST_KEYS]:
        owner = key.partition(":")[0] if ":" in key else ""
        one = known.get(key) or (definitions(latest(owner)).get(key) if owner else None)
        if one is None:
            raise BadInput(Problem("keys", _("没有指标“%(key)s”。") % {"key": key[:80]}))
        found.append(one)
    return found


def latest(method_key: str) -> Method:
    """Return the newest published version of a method.

    Raises:
        BadInput: where there is none.
    """
    rows = MethodVersion.objects.filter(key=method_key[:60], state=MethodVersion.State.PUBLISHED)
    found = rows.order_by("-published_at", "-number").values_list("pk", flat=True).first()
    if found is None:
        raise BadInput(Problem("method", _("没有这个工作法。"), _("请从列表里选。")))
    return get_method(found)


def _question(asked: Asked, below: list[str]) -> Question:
    measures = frozenset(measure for one in asked.wanted for measure in one.measures)
    medians = frozenset(one.measure for one in asked.wanted if one.kind == "median")
    dims = [""]
    if asked.split and asked.split != AREA:
        dims.append(asked.split)
    if asked.method_key and "method" not in dims:
        dims.append("method")
    before = asked.period.before
    return Question(
        measures, asked.area_code, (asked.area_code, *below), tuple(dims), before.since, asked.period.until, medians,
        asked.only,
    )  # fmt: skip


def _parts(asked: Asked, answer: Answer, one: Definition, titles: Titles) -> list[FigureValue]:
    """Return a figure part by part: each value that occurs, most first, and what has none last."""
    counted: Counter[str] = Counter()
    for (measure, area, dim, value, _month), (n, _amount) in answer.cells.items():
        if dim == asked.split and area == asked.area_code and measure in one.measures:
            counted[value] += n
    found = [
        _value(asked, answer, one, asked.area_code, asked.split, value, (value, titles.of(asked.split, value)))
        for value, n in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        if n
    ]
    if one.kind in {"count", "sum"}:
        rest = _rest(asked, answer, one, found, titles)
        found += [rest] if rest is not None else []
    return found


def _rest(
    asked: Asked, answer: Answer, one: Definition, parts: list[FigureValue], titles: Titles
) -> FigureValue | None:
    whole = _value(asked, answer, one, asked.area_code, "", "")

    def left(name: str) -> int | Fraction:
        return _whole(Fraction(getattr(whole, name) or 0) - sum(Fraction(getattr(part, name) or 0) for part in parts))

    value, before = left("value"), left("before")
    if not value and not before:
        return None
    drill = Place(one.key, asked.area_code, asked.period.since, asked.period.until, asked.split, "", asked.method_key)
    return FigureValue(
        one.key, whole.title, one.kind, one.unit, value, before, None, None, "", "", (), int(left("n")), "", drill,
        asked.split, "", titles.none(asked.split), split_rest=True,
    )  # fmt: skip


def _value(
    asked: Asked,
    answer: Answer,
    one: Definition,
    area: str,
    dim: str,
    value: str,
    part: tuple[str, str] | None = None,
) -> FigureValue:
    if not dim and asked.method_key and ":" not in one.key:
        dim, value = "method", asked.method_key
    sums = {measure: _sum(answer, measure, area, dim, value, asked.period) for measure in one.measures}
    earlier = {measure: _sum(answer, measure, area, dim, value, asked.period.before) for measure in one.measures}
    rate = one.kind == "rate"
    if one.kind == "median":
        now, past = (
            (_median(answer, one.measure, area, asked.period), _median(answer, one.measure, area, asked.period.before))
            if not dim
            else (None, None)
        )
        n = sums[one.measure][0]
    else:
        now, past, n = worth(one, sums), worth(one, earlier), sums[one.denominator if rate else one.measure][0]
    language = get_language() or ""
    drill = Place(
        one.key, area, asked.period.since, asked.period.until,
        "" if dim == "method" and value == asked.method_key else dim,
        "" if dim == "method" and value == asked.method_key else value, asked.method_key,
    )  # fmt: skip
    return FigureValue(
        one.key,
        one.title.say(language),
        one.kind,
        one.unit,
        now,
        past,
        round(Fraction(sums[one.numerator][1], one.scales[0])) if rate else None,
        round(Fraction(sums[one.denominator][1], one.scales[1])) if rate else None,
        _said(one.numerator_title, language),
        _said(one.denominator_title, language),
        tuple(
            LeftOut(
                "x." + name.rpartition(".x.")[2], title.say(language), round(Fraction(sums[name][1], one.scales[1]))
            )
            for name, title in one.excluded
        ),
        n,
        one.note if not language.startswith("en") else "",
        drill,
        asked.split if part else "",
        part[0] if part else "",
        part[1] if part else "",
    )


def _said(text: Text | None, language: str) -> str:
    return text.say(language) if text is not None else ""


def _sum(answer: Answer, measure: str, area: str, dim: str, value: str, months: Period) -> tuple[int, int]:
    n = amount = 0
    for month in months_of(months.since, months.until):
        cell = answer.cells.get((measure, area, dim, value, month))
        if cell is not None:
            n, amount = n + cell[0], amount + cell[1]
    return n, amount


def worth(one: Definition, sums: dict[str, tuple[int, int]]) -> int | Fraction | None:
    """Return what a figure comes to of the sums of its measures; None of a rate of nothing."""
    above, below = one.scales
    if one.kind != "rate":
        return _whole(Fraction(sums[one.measure][1], above))
    divisor = Fraction(sums[one.denominator][1], below)
    return Fraction(sums[one.numerator][1], above) / divisor if divisor else None


def _whole(value: Fraction) -> int | Fraction:
    return int(value) if value.denominator == 1 else value


def _median(answer: Answer, measure: str, area: str, months: Period) -> int | Fraction | None:
    """Return the middle of a histogram: the mean of the two in the middle where their number is even."""
    counted: Counter[int] = Counter()
    for month, value, (n, _sum_of_it) in answer.amounts.get((measure, area), ()):
        if month in months:
            counted[value] += n
    total = sum(counted.values())
    if not total:
        return None
    low, high = (total - 1) // 2, total // 2
    seen = 0
    picked: list[int] = []
    for amount in sorted(counted):
        seen += counted[amount]
        while len(picked) < 2 and seen > (low, high)[len(picked)]:
            picked.append(amount)
    middle = Fraction(picked[0] + picked[1], 2)
    return _whole(middle)
