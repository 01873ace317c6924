"""Desk: the table of figures as it is looked at, as an Excel file: numbers as numbers, shares as percent."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.areas.api import display_name
from bihuan.kernel.api import clock
from bihuan.people.api import FIGURE_READ, Actor, actor_for, require
from bihuan.reporting.api import (
    FigureValue,
    Grid,
    Ratio,
    SheetCell,
    SheetHeading,
    SheetPaper,
    note_export,
    write_sheet,
)
from bihuan.web.desk.figures_asked import Asked, Read, asked_of, read, split_titles
from bihuan.web.desk.months import said_month

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIRST, _WIDTH = 30, 14

Rows = list[list[SheetCell]]


@never_cache
@require_safe
def figures_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same table as the page, as a file; whoever takes it leaves an entry."""
    actor = actor_for(request)
    require(actor, FIGURE_READ)
    asked = asked_of(request, actor)
    shown, wrong = read(actor, asked)
    if not shown.found and shown.grid is None:
        messages.error(request, wrong)
        return _back(asked)
    return _file(actor, asked, shown)


def _back(asked: Asked) -> HttpResponse:
    return HttpResponseRedirect(asked.address())


def _file(actor: Actor, asked: Asked, shown: Read) -> FileResponse:
    heads, rows = _grid(shown.grid, asked) if shown.grid else _split(shown) if asked.split else _plain(shown.found)
    place = display_name(asked.area)
    since, until = said_month(asked.since), said_month(asked.until)
    months = since if since == until else f"{since} – {until}"
    title = _("%(area)s指标") % {"area": place}
    if shown.grid is not None:
        title += f" · {shown.grid.title}"
    file = BytesIO()
    paper = SheetPaper(f"{title} {months}", "", "", place, f"{clock.today():%Y-%m-%d}")
    headings = [SheetHeading(head, _WIDTH if n else _FIRST) for n, head in enumerate(heads)]
    write_sheet(file, paper, headings, rows)
    note_export(
        actor=actor, what="figures", form="xlsx", area_code=asked.area.code, rows=len(rows),
        key=shown.grid.key if shown.grid else "", filters=asked.given(),
    )  # fmt: skip
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{title} {months}.xlsx", content_type=_XLSX)


def _cell(value: int | Fraction | None, unit: str) -> SheetCell:
    if value is None:
        return "—"
    if unit == "percent":
        return Ratio(value)
    return value if isinstance(value, int) else float(value)


def _plain(found: Sequence[FigureValue]) -> tuple[list[str], Rows]:
    heads = [_("指标"), _("本期"), _("上期"), _("分子"), _("分母")]
    return heads, [
        [one.title, _cell(one.value, one.unit), _cell(one.before, one.unit), one.numerator, one.denominator]
        for one in found
    ]


def _split(shown: Read) -> tuple[list[str], Rows]:
    """Return a split: a row for each part, the whole first, a column for each figure."""
    order: dict[tuple[str, bool], str] = {("", False): _("合计")}
    cells: dict[tuple[tuple[str, bool], str], SheetCell] = {}
    wholes = [one for one in shown.found if not one.split]
    for one in shown.found:
        at = (one.split_value, one.split_rest)
        if one.split:
            order.setdefault(at, one.split_title)
        cells[at, one.key] = _cell(one.value, one.unit)
    none: dict[str, SheetCell] = {one.key: "—" if one.kind == "rate" else 0 for one in wholes}
    split = next((one.split for one in shown.found if one.split), "")
    return [dict(split_titles()).get(split, ""), *shown.heads], [
        [title, *(cells.get((at, one.key), none[one.key]) for one in wholes)] for at, title in order.items()
    ]


def _grid(table: Grid, asked: Asked) -> tuple[list[str], Rows]:
    titles = dict(split_titles())
    return [f"{titles[asked.split]} \\ {titles[asked.by]}", *table.columns], [
        [title, *(_cell(cell.value, table.unit) for cell in cells)]
        for title, cells in zip(table.rows, table.cells, strict=True)
    ]


urlpatterns = [path("figures/export.xlsx", figures_xlsx, name="figures_xlsx")]
