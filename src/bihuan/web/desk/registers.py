"""Desk pages: registers (台账) as people know them: read, filtered, their columns chosen, kept as views, taken out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.areas.api import names as area_names
from bihuan.kernel.api import BadInput, NotFound, Refused, clock, new_id, parse_id
from bihuan.people.api import LEDGER_EXPORT, LEDGER_IMPORT, LEDGER_READ, Actor, actor_for, require
from bihuan.reporting.api import (
    Opened,
    View,
    delete_view,
    export_csv,
    export_xlsx,
    may_change,
    open_register,
    register_lines,
    registers_in,
    save_view,
    views_of,
)
from bihuan.web.desk import choices

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROWS = 50
_LONGEST = 100
_FACTS = 4
_IN_MEMORY = 8 * 1024 * 1024


@require_safe
def registers(request: HttpRequest) -> HttpResponse:
    """Every register of one's area, with the views that are kept."""
    actor = actor_for(request)
    require(actor, LEDGER_READ)
    roots = actor.areas_with(LEDGER_READ)
    area = _area(request, roots)
    language = get_language() or ""
    found = [
        {
            "key": key,
            "title": register.spec.title.say(language),
            "columns": "、".join(column.spec.title.say(language) for column in register.columns[:6]),
            "own": register.method_key,
        }
        for key, register in registers_in(area).items()
    ]
    context = {
        "registers": found,
        "area": area,
        "area_name": area_names([area]).get(area, area),
        "areas": choices.options_html(choices.area_options(roots, area), area),
        "may_bring_in": bool(actor.areas_with(LEDGER_IMPORT)),
    }
    return render(request, "web/desk/registers/list.html", context)


def _area(request: HttpRequest, roots: Sequence[str]) -> str:
    given = request.POST if request.method == "POST" else request.GET
    return str(given.get("area", "")).strip()[:21] or (roots[0] if roots else "")


def _view(request: HttpRequest) -> View:
    """Read the address: columns (c=…, repeated), filters by name, order."""
    given = request.POST if request.method == "POST" else request.GET
    filters = {
        name: str(value).strip()[:_LONGEST].replace("\x00", "")
        for name, value in given.items()
        if name not in {"area", "c", "order", "after", "csrfmiddlewaretoken", "name", "shared", "id", "saved"}
    }
    columns = tuple(key[:_LONGEST] for key in given.getlist("c")[:60])
    return View(columns, {name: value for name, value in filters.items() if value}, given.get("order", "")[:10])


def _open(request: HttpRequest, register_key: str) -> tuple[Actor, Opened, View]:
    actor, view = actor_for(request), _view(request)
    require(actor, LEDGER_READ)
    try:
        opened = open_register(actor, register_key, _area(request, actor.areas_with(LEDGER_READ)), view)
    except NotFound as error:
        raise Http404 from error
    except Refused as error:
        raise PermissionDenied(error.problems[0].why) from error
    return actor, opened, view


def address(name: str, opened: Opened, view: View, **more: str) -> str:
    """Return the address of a register's page or file, as it is looked at."""
    pairs = [("area", opened.area), *((name, value) for name, value in sorted(view.filters.items()))]
    if view.order:
        pairs.append(("order", view.order))
    pairs += [("c", key) for key in view.columns]
    pairs += [(name, value) for name, value in more.items() if value]
    return reverse(name, args=[opened.register.key]) + "?" + urlencode(pairs)


@require_safe
def register(request: HttpRequest, register_key: str) -> HttpResponse:
    """One page of a register."""
    actor, opened, view = _open(request, register_key)
    cursor, wrong = request.GET.get("after", "")[:_LONGEST], ""
    try:
        lines = register_lines(actor, opened, cursor or None, _ROWS)
    except BadInput as error:
        wrong, cursor = " ".join(f"{one.why}{one.how}" for one in error.problems), ""
        lines = register_lines(actor, opened, None, _ROWS)
    kinds, titles = opened.kinds(), opened.titles()
    # On a phone a line is a card: its first facts, or those columns that somebody chose.
    labels = titles if view.columns else tuple(title if n <= _FACTS else "" for n, title in enumerate(titles))
    mine = views_of(actor, register_key, opened.area)
    here = _saved(request)
    context = {
        "opened": opened,
        "title": opened.register.spec.title.say(get_language() or ""),
        "note": opened.register.spec.note,
        "area_name": area_names([opened.area]).get(opened.area, opened.area),
        "heads": titles,
        "rows": [
            {
                "url": line.url,
                "cells": [
                    (_shown(cell), kind, label) for cell, kind, label in zip(line.cells, kinds, labels, strict=True)
                ],
            }
            for line in lines.rows
        ],
        "capped": lines.capped,
        "wrong": wrong,
        "selects": _selects(actor, opened, view),
        "columns": [
            {"key": column.key, "title": column.spec.title.say(get_language() or ""), "on": column in opened.columns}
            for column in opened.register.columns
        ],
        "views": [
            {
                "id": saved.pk,
                "name": saved.name,
                "url": address("desk:register", opened, View.of_json(saved.spec_json), saved=str(saved.pk)),
                "shared": saved.shared,
                "may_change": may_change(actor, saved),
                "here": saved.pk == here,
            }
            for saved in mine
        ],
        "saved": next((saved for saved in mine if saved.pk == here and may_change(actor, saved)), None),
        "view": view,
        "next_url": address("desk:register", opened, view, after=lines.next or "") if lines.next else "",
        "first_url": address("desk:register", opened, view) if cursor else "",
        "xlsx_url": address("desk:register_xlsx", opened, view),
        "csv_url": address("desk:register_csv", opened, view),
        "may_export": any(opened.area.startswith(root) for root in actor.areas_with(LEDGER_EXPORT)),
        "new_id": new_id(),
    }
    return render(request, "web/desk/registers/register.html", context)


def _saved(request: HttpRequest) -> UUID | None:
    """Return which saved view the address came from."""
    try:
        return UUID(request.GET.get("saved", "")[:36])
    except ValueError:
        return None


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{localtime(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    return str(cell)


def _selects(actor: Actor, opened: Opened, view: View) -> list[dict[str, Any]]:
    """Return what the list can be filtered by: of matters the ledger's own filters, place and order always."""
    roots = actor.areas_with(LEDGER_READ)
    found = [
        {
            "name": "area",
            "title": _("地点"),
            "options": choices.options_html(choices.area_options(roots, opened.area), opened.area),
        }
    ]
    if "category" in opened.source.filters:
        fixed = opened.register.spec.where
        for select in choices.filter_choices(opened.area):
            name, options = select[0], select[2]
            if options and name not in fixed and name in opened.source.filters:
                chosen = view.filters.get(name, "")
                found.append(
                    {
                        "name": name,
                        "title": select[1],
                        "options": choices.options_html([("", _("全部")), *options], chosen),
                    }
                )
    if "due" in opened.source.sorts:
        orders = [("new", _("最新登记在前")), ("due", _("时限最近在前"))]
        found.append({"name": "order", "title": _("排序"), "options": choices.options_html(orders, opened.order)})
    return found


@require_safe
def register_xlsx(request: HttpRequest, register_key: str) -> FileResponse:
    """The register as an Excel file: written row by row, to disk beyond some megabytes."""
    actor, opened, _view_ = _open(request, register_key)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - FileResponse closes it
    export_xlsx(actor, opened, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_filename(opened, "xlsx"), content_type=_XLSX)


@require_safe
def register_csv(request: HttpRequest, register_key: str) -> StreamingHttpResponse:
    """The register as CSV, streamed."""
    actor, opened, _view_ = _open(request, register_key)
    lines: Iterator[str] = export_csv(actor, opened)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    named = content_disposition_header(as_attachment=True, filename=_filename(opened, "csv"))
    response["Content-Disposition"] = named or "attachment"
    return response


def _filename(opened: Opened, suffix: str) -> str:
    title = opened.register.spec.title.say(get_language() or "")
    return f"{area_names([opened.area]).get(opened.area, opened.area)} {title} {clock.today():%Y-%m-%d}.{suffix}"


@require_POST
def register_view_save(request: HttpRequest, register_key: str) -> HttpResponse:
    """Keep what is looked at under a name."""
    actor, opened, view = _open(request, register_key)
    try:
        saved = save_view(
            actor=actor,
            id=parse_id(request.POST.get("id", "")),
            key=register_key,
            area=opened.area,
            name=request.POST.get("name", ""),
            view=view,
            shared=request.POST.get("shared") == "1",
        )
        messages.success(request, _("已保存视图“%s”。") % saved.name)
    except BadInput as error:
        messages.error(request, " ".join(f"{one.why}{one.how}" for one in error.problems))
    return HttpResponseRedirect(address("desk:register", opened, view))


@require_POST
def register_view_delete(request: HttpRequest, register_key: str, view_id: UUID) -> HttpResponse:
    """Delete one's own view, or one that is shared in one's area."""
    actor, opened, view = _open(request, register_key)
    try:
        delete_view(actor=actor, view_id=view_id)
    except NotFound as error:
        raise Http404 from error
    messages.success(request, _("视图已删除。"))
    return HttpResponseRedirect(address("desk:register", opened, View()))


urlpatterns = [
    path("registers/", registers, name="registers"),
    path("registers/<str:register_key>/", register, name="register"),
    path("registers/<str:register_key>/export.xlsx", register_xlsx, name="register_xlsx"),
    path("registers/<str:register_key>/export.csv", register_csv, name="register_csv"),
    path("registers/<str:register_key>/views/", register_view_save, name="register_view_save"),
    path(
        "registers/<str:register_key>/views/<uuid:view_id>/delete/", register_view_delete, name="register_view_delete"
    ),
]
