"""Desk pages: the figures of an area and a period, split as one likes; and the list behind each number."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.areas.api import children, display_name, parent_of
from bihuan.kernel.api import BadInput, Refused
from bihuan.methods.api import get_method, methods_in
from bihuan.people.api import actor_for, can, require
from bihuan.people.permissions import FIGURE_READ
from bihuan.reporting.api import FigureValue, Grid, Place, drill
from bihuan.web.desk.figures_asked import Asked, asked_of, figure_titles, read, split_titles
from bihuan.web.desk.months import month_options, said_month
from bihuan.web.desk.render import DEFAULT, chosen_columns, ledger_rows

_MOST_AREAS = 400


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is shown, and where it opens ("" where nothing is behind it)."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the table."""

    title: str
    note: str
    value: Number
    parts: tuple[tuple[str, Number], ...]  # of a rate: above the line, below it, what is left out
    before: str
    change: str


@never_cache
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The figures of an area and a period: each with the period before, each opening its list."""
    actor = actor_for(request)
    require(actor, FIGURE_READ)
    asked = asked_of(request, actor)
    shown, wrong = read(actor, asked)
    below = list(children(asked.area.code).defer("shape")[:_MOST_AREAS])
    up = parent_of(asked.area.code)
    context = {
        "asked": asked,
        "title": display_name(asked.area),
        "wrong": wrong,
        "since": said_month(asked.since),
        "until": said_month(asked.until),
        "since_months": month_options(asked.since),
        "until_months": month_options(asked.until),
        "lines": [] if asked.split else [_line(one) for one in shown.found],
        "heads": shown.heads,
        "rows": _grid_rows(shown.grid, asked) if shown.grid else _rows(shown.found, asked) if asked.split else [],
        "grid": shown.grid,
        "splits": [("", _("不分")), *split_titles()],
        "columns": figure_titles(),
        "xlsx_url": asked.address("desk:figures_xlsx") if shown.found or shown.grid else "",
        "methods": _methods(asked.area.code),
        "below": [(display_name(area), asked.address(area=area.code)) for area in below],
        "up_url": asked.address(area=up) if up and can(actor, FIGURE_READ, up) else "",
    }
    return render(request, "web/desk/figures/page.html", context)


def _methods(area_code: str) -> list[tuple[str, str]]:
    language = get_language() or ""
    return [(use.key, get_method(use.version_id).title.say(language)) for use in methods_in(area_code)]


def _line(one: FigureValue) -> Line:
    parts: tuple[tuple[str, Number], ...] = ()
    if one.kind == "rate":
        pairs = [("n", one.numerator_title, one.numerator or 0), ("d", one.denominator_title, one.denominator or 0)]
        pairs += [(left.part, left.title, left.n) for left in one.excluded]
        parts = tuple((title, _number(one.drill, part, n)) for part, title, n in pairs)
    return Line(one.title, one.note, _main(one), parts, said(one.before, one.unit), _change(one))


def _main(one: FigureValue) -> Number:
    text = said(one.value, one.unit)
    return Number(text, list_address(one.drill, "d" if one.kind == "rate" else "") if one.n > 0 else "")


def _number(place: Place, part: str, n: int) -> Number:
    return Number(f"{n:,}", list_address(place, part) if n > 0 else "")


def _rows(found: list[FigureValue], asked: Asked) -> list[tuple[str, str, list[Number]]]:
    """Return a split as rows: title, where the row itself leads, and a number for each column; the whole is first."""
    order: dict[tuple[str, bool], str] = {("", False): _("合计")}
    cells: dict[tuple[tuple[str, bool], str], Number] = {}
    wholes = [one for one in found if not one.split]
    none = {one.key: Number("—" if one.kind == "rate" else "0") for one in wholes}
    for one in found:
        at = (one.split_value, one.split_rest)
        if one.split:
            order.setdefault(at, one.split_title)
        cells[at, one.key] = _main(one)
    rows = []
    for at, title in order.items():
        url = asked.address(area=at[0]) if asked.split == "area" and at[0] else ""
        rows.append((title, url, [cells.get((at, one.key), none[one.key]) for one in wholes]))
    return rows


def _grid_rows(table: Grid, asked: Asked) -> list[tuple[str, str, list[Number]]]:
    part = "d" if table.kind == "rate" else ""
    rows = []
    for title, cells in zip(table.rows, table.cells, strict=True):
        place = cells[0].drill
        url = (
            asked.address(area=place.area_code) if asked.split == "area" and place.area_code != asked.area.code else ""
        )
        numbers = [
            Number(said(cell.value, table.unit), list_address(cell.drill, part) if cell.n > 0 else "") for cell in cells
        ]
        rows.append((title, url, numbers))
    return rows


def said(value: int | Fraction | None, unit: str) -> str:
    """Return a value as people read it: grouped, a rate in percent with two places, a dash for what is not known."""
    if value is None:
        return "—"
    if unit == "percent":
        return f"{float(value):.2%}"
    number = f"{value:,}" if isinstance(value, int) else _decimals(value, unit)
    words = {
        "workdays": _("%(n)s 个工作日"), "work_hours": _("%(n)s 工作时"), "hours": _("%(n)s 小时"),
        "days": _("%(n)s 天"), "minutes": _("%(n)s 分钟"),
    }  # fmt: skip
    return words[unit] % {"n": number} if unit in words else number


def _change(one: FigureValue) -> str:
    if one.value is None or one.before is None:
        return ""
    by = one.value - one.before
    if one.unit == "percent":
        return _("%(n)s 个百分点") % {"n": f"{float(by) * 100:+.2f}"} if by else "±0"
    if not by:
        return "±0"
    return f"{by:+,}" if isinstance(by, int) or by.denominator == 1 else _decimals(by, one.unit, sign="+")


def _decimals(value: Fraction, unit: str, sign: str = "") -> str:
    """Return what is not whole: a sum to the fourth decimal, as money in 万元 needs; a median to the first."""
    if unit != "number":
        return f"{float(value):{sign},.1f}"
    return f"{Decimal(value.numerator) / Decimal(value.denominator):{sign},.4f}".rstrip("0")


def list_address(place: Place, part: str) -> str:
    """Return the address of the list behind a number."""
    given = {
        "key": place.key, "part": part, "area": place.area_code, "since": said_month(place.since),
        "until": said_month(place.until), "dim": place.dim, "value": place.value, "method": place.method_key,
        "dim2": place.dim2, "value2": place.value2,
    }  # fmt: skip
    return reverse("desk:figure_list") + "?" + urlencode({name: value for name, value in given.items() if value})


@never_cache
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """The matters behind a number: those the reader may see, and how many there are beside."""
    actor = actor_for(request)
    require(actor, FIGURE_READ)
    asked = asked_of(request, actor)
    names = ("key", "part", "dim", "value", "dim2", "value2", "after")
    given = {name: request.GET.get(name, "").replace("\x00", "")[:130] for name in names}
    key, code = given["key"] or "collected", asked.area.code
    place = Place(
        key, code, asked.since, asked.until, given["dim"], given["value"], asked.method, given["dim2"], given["value2"]
    )
    try:
        found = drill(
            actor, place.key, given["part"], place.area_code, place.since, place.until, place.dim, place.value,
            given["after"] or None, place.method_key, dim2=place.dim2, value2=place.value2,
        )  # fmt: skip
    except BadInput as error:
        raise Http404 from error
    except Refused as error:
        wrong = " ".join(f"{problem.why}{problem.how}" for problem in error.problems)
        return render(request, "web/desk/figures/list.html", {"wrong": wrong, "back": asked.address()}, status=503)
    columns = chosen_columns(DEFAULT)
    here = list_address(place, given["part"])
    context = {
        "found": found,
        "title": display_name(asked.area),
        "asked": asked,
        "since": said_month(asked.since),
        "until": said_month(asked.until),
        "heads": [_(column.title) for column in columns],
        "rows": ledger_rows(found.rows, columns),
        "back": asked.address(),
        "next_url": f"{here}&{urlencode({'after': found.next})}" if found.next else "",
        "first_url": here if given["after"] else "",
    }
    return render(request, "web/desk/figures/list.html", context)


urlpatterns = [
    path("figures/", table, name="figures"),
    path("figures/list/", matters, name="figure_list"),
]
