"""Desk pages: an old ledger brought in: uploaded, its columns put right once, tried, brought in whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bihuan.areas.api import names as area_names
from bihuan.kernel.api import BadInput, NotFound, clock, new_id, parse_id
from bihuan.people.api import LEDGER_IMPORT, Actor, actor_for, require
from bihuan.reporting.api import Looked, bring_in, check_ledger, choose_columns, give_up, look, start_run
from bihuan.web.desk import choices

_MAX_BYTES = 5 * 1024 * 1024
_SHOWN = 200
_YEARS = 15
_DIGITS = 4


class LedgerForm(forms.Form):
    """An old ledger and where it belongs."""

    id = forms.CharField(widget=forms.HiddenInput)
    area = forms.CharField(max_length=21)
    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("Excel、WPS 表格或 CSV，不超过 5 MB；表头什么样都行，先看一遍再写入"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.et,.csv"}),
    )


@require_http_methods(["GET", "POST"])
def bring_in_start(request: HttpRequest) -> HttpResponse:
    """Choose a file."""
    actor = actor_for(request)
    require(actor, LEDGER_IMPORT)
    roots = actor.areas_with(LEDGER_IMPORT)
    area = request.POST.get("area", "") or roots[0]
    posted = request.method == "POST"
    form = LedgerForm(request.POST, request.FILES) if posted else LedgerForm(initial={"id": new_id()})
    if posted and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            run = start_run(
                actor=actor,
                id=parse_id(form.cleaned_data["id"]),
                area=form.cleaned_data["area"],
                name=upload.name or "",
                data=upload.read(_MAX_BYTES + 1),
            )
        except BadInput as error:
            for problem in error.problems:
                form.add_error("file", f"{problem.why}{problem.how}")
        else:
            return HttpResponseRedirect(reverse("desk:bring_in_run", args=[run.pk]))
    context = {
        "form": form,
        "id": form["id"].value() or new_id(),
        "areas": choices.options_html(choices.area_options(roots, area), area),
    }
    return render(request, "web/desk/bringin/start.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def bring_in_run(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Look at a file: its columns, what would go in, what would not and why; put columns right; bring it in."""
    actor = actor_for(request)
    require(actor, LEDGER_IMPORT)
    try:
        looked = look(actor, import_id)
        if request.method == "POST":
            act = request.POST.get("act", "")
            if act == "give_up":
                give_up(actor=actor, run_id=import_id)
                messages.success(request, _("文件已删除，什么也没有导入。"))
                return HttpResponseRedirect(reverse("desk:bring_in"))
            if act == "bring_in" and not _changed(request, looked):
                return _brought(request, actor, looked)
            try:
                _chosen(request, actor, looked)
                if act == "bring_in":
                    messages.info(request, _("您改过的已经记下，还没有导入：请看一看改后的结果，再导入。"))
            except BadInput as error:
                messages.error(request, "".join(f"{problem.why}{problem.how}" for problem in error.problems))
            return HttpResponseRedirect(reverse("desk:bring_in_run", args=[import_id]))
    except NotFound as error:
        raise Http404(_("这个文件已经导入、已放弃，或者放了一天没有动，已经删除。")) from error
    return _show(request, actor, looked)


def _chosen(request: HttpRequest, actor: Actor, looked: Looked) -> Looked:
    columns = {
        left: str(value)
        for name, value in request.POST.items()
        if name.startswith("column-") and (left := _whole(name.removeprefix("column-"))) is not None
    }
    index = _whole(request.POST.get("table", ""))
    if index is None:
        index = looked.source.index
    method = request.POST.get("method", "")
    return choose_columns(
        actor=actor,
        run_id=looked.run.pk,
        table=index,
        # what another table's, or another method's, columns are is guessed anew
        columns=columns if index == looked.source.index and method in {"", looked.kind.key} else {},
        method=method if method != looked.kind.key or looked.run.plan_json.get("method") else "",
        year=_whole(request.POST.get("year", "")),
    )


def _changed(request: HttpRequest, looked: Looked) -> bool:
    """Tell whether the page was changed since the file was tried: what goes in must be what was looked at."""
    shown = {f"column-{left}": name for left, name in looked.fields.items()}
    shown |= {"table": str(looked.source.index), "method": looked.kind.key, "year": str(looked.year or "")}
    return any(request.POST.get(name, value) != value for name, value in shown.items())


def _whole(text: str) -> int | None:
    """Read a number that the page itself wrote; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def _brought(request: HttpRequest, actor: Actor, looked: Looked) -> HttpResponse:
    brought = bring_in(actor=actor, run_id=looked.run.pk)
    if brought.stops:
        messages.error(request, _("有几行不能导入，所以一行也没有写入。请看下面的说明。"))
        return HttpResponseRedirect(reverse("desk:bring_in_run", args=[looked.run.pk]))
    said = _("已导入 %(added)s 件") % {"added": brought.added}
    if brought.already:
        said += _("；%(already)s 行以前已经导入过，没有重复写入") % {"already": brought.already}
    messages.success(request, said + _("。"))
    if looked.others:
        names = "、".join(f"{one.sheet}（{_('%(n)s 行') % {'n': len(one.rows)}}）" for one in looked.others)
        messages.info(request, _("文件里还有别的表，没有导入：%s。要导入的话，再传一次这个文件，选那个表。") % names)
    return HttpResponseRedirect(reverse("desk:ledger") + f"?area={looked.run.area_code}")


def _show(request: HttpRequest, actor: Actor, looked: Looked) -> HttpResponse:
    tried = check_ledger(actor, looked)
    titles, samples = looked.choices, looked.source.samples()
    this_year = clock.today().year
    year = str(looked.year or "")
    years = [str(one) for one in range(this_year, this_year - _YEARS, -1)]
    years += [year] if year and year not in years else []
    context: dict[str, Any] = {
        "looked": looked,
        "area_name": area_names([looked.run.area_code]).get(looked.run.area_code, ""),
        "tables": [
            {
                "index": one.index,
                "name": f"{one.sheet}{' · ' + one.title if one.title else ''}",
                "rows": len(one.rows),
                "chosen": one.index == looked.source.index,
            }
            for one in looked.sources
        ],
        "methods": [(key, kind.title) for key, kind in looked.kinds.items()],
        "columns": [
            {
                "left": column.left,
                "title": column.title or _("（没有表头）"),
                "samples": " / ".join(text[:20] for text in samples[column.left]),
                "options": choices.options_html(titles, looked.fields.get(column.left, "")),
            }
            for column in looked.source.columns
        ],
        "years": choices.options_html([("", _("日期里都有年份")), *((one, one) for one in years)], year),
        "tried": tried,
        "stopping": [problem for problem in tried.problems if problem.stops][:_SHOWN],
        "telling": [problem for problem in tried.problems if not problem.stops][:_SHOWN],
    }
    return render(request, "web/desk/bringin/run.html", context)


urlpatterns = [
    path("bring-in/", bring_in_start, name="bring_in"),
    path("bring-in/<uuid:import_id>/", bring_in_run, name="bring_in_run"),
]
