"""Desk pages: the figures of an area and a period, split as one likes; and the list behind each number."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.areas.api import children, display_name, find, parent_of
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Refused
from bihuan.methods.api import get_method, methods_in
from bihuan.people.api import Actor, actor_for, can, require
from bihuan.people.permissions import FIGURE_READ
from bihuan.reporting.api import SPLITS, FigureValue, Place, current, drill, figures
from bihuan.web.desk.months import month_options, said_month
from bihuan.web.desk.render import DEFAULT, chosen_columns, ledger_rows

# One column for each in a split: the others are read without one.
COLUMNS = (
    "collected", "settled", "solved", "due", "settlement_rate", "in_time_rate", "late", "response_rate",
    "people_affected",
)  # fmt: skip
_MOST_AREAS = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    area: Area
    since: int
    until: int
    split: str
    method: str
    wrong: str = ""

    def address(self, **changes: Any) -> str:
        """Return the address of the table with some of it changed."""
        given = {
            "area": self.area.code, "since": said_month(self.since), "until": said_month(self.until),
            "split": self.split, "method": self.method,
        } | changes  # fmt: skip
        return reverse("desk:figures") + "?" + urlencode({name: value for name, value in given.items() if value})


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


def read_month(text: str) -> int | None:
    """Read what a field of a form holds; None for what is no month."""
    year, _dash, month = text.strip()[:7].partition("-")
    if len(year) == 4 and year.isdecimal() and year.isascii() and month.isdecimal() and month.isascii():
        return int(year) * 100 + int(month)
    return None


def _asked(request: HttpRequest, actor: Actor) -> Asked:
    """Read the address.

    Raises:
        Http404: for an area that there is not, or that is not the reader's.
    """
    roots = actor.areas_with(FIGURE_READ)
    code = request.GET.get("area", "")[:21] or (min(roots, key=len) if roots else "")
    area = find(code) if code and can(actor, FIGURE_READ, code) else None
    if area is None:
        raise Http404
    wrong = ""
    months: list[int] = []
    for name in ("since", "until"):
        text = request.GET.get(name, "")
        month = read_month(text) if text else None
        if text and month is None:
            wrong = _("月份写成 2024-04 这样。")
        months.append(month or (months[0] if months else current()))
    split, method = request.GET.get("split", "")[:20], request.GET.get("method", "")[:60]
    return Asked(area, months[0], months[1], split if split in SPLITS else "", method, wrong)


@never_cache
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The figures of an area and a period: each with the period before, each opening its list."""
    actor = actor_for(request)
    require(actor, FIGURE_READ)
    asked = _asked(request, actor)
    found: list[FigureValue] = []
    wrong = asked.wrong
    method = asked.method if asked.split in {"", "area"} else ""
    if asked.method and not method:
        wrong = _("选了工作法，就只能不分或者按下级区域分；下面是全部工作法合在一起的。")
    try:
        keys = COLUMNS if asked.split else None
        found = figures(actor, asked.area.code, asked.since, asked.until, keys, asked.split, method)
    except (BadInput, Refused) as error:
        wrong = " ".join(f"{problem.why}{problem.how}" for problem in error.problems)
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
        "lines": [] if asked.split else [_line(one) for one in found],
        "heads": [one.title for one in found if not one.split] if asked.split else [],
        "rows": _rows(found, asked) if asked.split else [],
        "splits": [("", _("不分")), *_split_titles()],
        "methods": _methods(asked.area.code),
        "below": [(display_name(area), asked.address(area=area.code)) for area in below],
        "up_url": asked.address(area=up) if up and can(actor, FIGURE_READ, up) else "",
    }
    return render(request, "web/desk/figures/page.html", context)


def _split_titles() -> list[tuple[str, str]]:
    titles = {
        "area": _("下级区域"), "category": _("类别"), "channel": _("渠道"), "outcome": _("办结方式"),
        "urgency": _("紧急程度"), "method": _("工作法"),
    }  # fmt: skip
    return [(key, titles[key]) for key in SPLITS]


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
    }  # fmt: skip
    return reverse("desk:figure_list") + "?" + urlencode({name: value for name, value in given.items() if value})


@never_cache
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """The matters behind a number: those the reader may see, and how many there are beside."""
    actor = actor_for(request)
    require(actor, FIGURE_READ)
    asked = _asked(request, actor)
    given = {
        name: request.GET.get(name, "").replace("\x00", "")[:130] for name in ("key", "part", "dim", "value", "after")
    }
    key, code = given["key"] or "collected", asked.area.code
    place = Place(key, code, asked.since, asked.until, given["dim"], given["value"], asked.method)
    try:
        found = drill(
            actor, place.key, given["part"], place.area_code, place.since, place.until, place.dim, place.value,
            given["after"] or None, place.method_key,
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
