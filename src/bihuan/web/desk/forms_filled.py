"""Desk pages: a superior's blank form: sent, shown with what it is taken for, asked about once, given back filled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.areas.api import names as area_names
from bihuan.kernel.api import BadInput, NotFound, Refused, clock
from bihuan.matters.api import LedgerRow, rows_of
from bihuan.people.api import FORM_FILL, Actor, actor_for, require
from bihuan.reporting.api import (
    FormPage,
    FormQuestion,
    answer_form,
    choose_form_matters,
    fill_run,
    form_page,
    forms_of,
    look_at_form,
)
from bihuan.web.desk import choices
from bihuan.web.desk.forms import RevealForm, reveal_reasons
from bihuan.web.desk.months import month_options
from bihuan.web.portal.secrets import form_id

_MAX_BYTES = 5 * 1024 * 1024
CHOSEN = "chosen"  # the button under the matters of a card
_NUMBERS = re.compile(r"[\s,，、;；]+")
_SAY = "say:"  # before a slot's key in the names of the answers
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_XLSM = "application/vnd.ms-excel.sheet.macroEnabled.12"
_MONTH = re.compile(r"^\d{4}-\d{2}$")
_LATE_IN_MONTH = 20  # until then a form asks for the month before


class BlankForm(forms.Form):
    """A blank form, for where and when."""

    file = forms.FileField(
        label=gettext_lazy("空白表"),
        help_text=gettext_lazy("上级发来的 Excel 表（.xlsx），不超过 5 MB；格式、公式、下拉框都原样保留"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et"}),
    )
    area = forms.CharField(max_length=21)
    since = forms.RegexField(r"^\d{4}-\d{2}$", error_messages={"invalid": gettext_lazy("月份写成 2024-04 这样")})
    until = forms.RegexField(r"^\d{4}-\d{2}$", error_messages={"invalid": gettext_lazy("月份写成 2024-04 这样")})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its choices written out."""

    question: FormQuestion
    name: str
    options: SafeString


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def blank_forms(request: HttpRequest) -> HttpResponse:
    """Send a blank form; those sent lately."""
    actor = actor_for(request)
    require(actor, FORM_FILL)
    roots = actor.areas_with(FORM_FILL)
    month = _usual_month()
    initial = {"since": month, "until": month}
    form = BlankForm(request.POST, request.FILES) if request.method == "POST" else BlankForm(initial=initial)
    key = form_id(request.POST.get("id", ""))
    matter = _matter(request, actor)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            run = look_at_form(
                actor=actor,
                id=key,
                area_code=form.cleaned_data["area"],
                name=upload.name or "",
                data=upload.read(_MAX_BYTES + 1),
                since=_number(form.cleaned_data["since"]),
                until=_number(form.cleaned_data["until"]),
                matters=[matter.id] if matter is not None else [],
            )
        except (BadInput, NotFound, Refused) as error:
            for problem in error.problems:
                field = problem.field if problem.field in form.fields else "file"
                form.add_error(field, f"{problem.why}{problem.how}")
        else:
            return HttpResponseRedirect(reverse("desk:form", args=[run.pk]))
    area = request.POST.get("area", "") or _area_of(matter, roots)
    context = {
        "form": form,
        "id": key,
        "areas": choices.options_html(choices.area_options(roots, area), area),
        "since": _months(form["since"].value() or month),
        "until": _months(form["until"].value() or month),
        "runs": forms_of(actor),
        "matter": matter,
    }
    return render(request, "web/desk/forms/start.html", context, status=422 if form.errors else 200)


def _matter(request: HttpRequest, actor: Actor) -> LedgerRow | None:
    """Return the matter that the page was opened from: a card is filled for it."""
    try:
        wanted = UUID(request.POST.get("matter", "") or request.GET.get("matter", ""))
    except ValueError:
        return None
    return rows_of(actor, [wanted]).get(wanted)


def _area_of(matter: LedgerRow | None, roots: Sequence[str]) -> str:
    """Return the area that a form is likely filled for: of a matter's card the one it lies in."""
    if matter is not None:
        within = [root for root in roots if matter.area_code.startswith(root)]
        if within:
            return max(within, key=len)
    return roots[0] if roots else ""


def _usual_month() -> str:
    today = clock.today()
    month = today if today.day >= _LATE_IN_MONTH else today.replace(day=1) - timedelta(days=1)
    return month.strftime("%Y-%m")


def _months(month: str) -> SafeString:
    usual = _number(_usual_month())
    return month_options(_number(month) if _MONTH.match(month) and "01" <= month[5:] <= "12" else usual)


def _number(month: str) -> int:
    return int(month[:4]) * 100 + int(month[5:])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def blank_form(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """One form: the sheet itself, what its headings are taken for, what is asked; POST answers."""
    actor = actor_for(request)
    require(actor, FORM_FILL)
    try:
        page = form_page(actor, form_id)
        if request.method != "POST":
            return _show(request, page)
        if CHOSEN in request.POST:
            return _choose(request, actor, page)
        said = _said(request, page)
        if said:
            answer_form(actor=actor, run_id=form_id, answers=said)
    except NotFound as error:
        raise Http404(error.problems[0].why) from error
    except BadInput as error:
        messages.error(request, "".join(f"{problem.why}{problem.how}" for problem in error.problems[:3]))
    else:
        messages.success(request, _("已记住，下次同样的表不用再答。") if said else _("没有新的回答。"))
    return HttpResponseRedirect(reverse("desk:form", args=[form_id]))


def _choose(request: HttpRequest, actor: Actor, page: FormPage) -> HttpResponse:
    """Take the matters that a card is filled for: those ticked, and those whose numbers were typed."""
    numbers = [*request.POST.getlist("pick"), *_NUMBERS.split(request.POST.get("numbers", "")[:4000])]
    try:
        choose_form_matters(actor=actor, run_id=page.run.pk, numbers=[one for one in numbers if one.strip()])
    except BadInput as error:
        said = "".join(f"{problem.why}{problem.how}" for problem in error.problems[:3])
        return _show(request, page, wrong=said, status=422)
    return HttpResponseRedirect(reverse("desk:form", args=[page.run.pk]))


def _said(request: HttpRequest, page: FormPage) -> dict[str, str]:
    """Return the answers that differ from what the form is taken for."""
    known = {question.slot.key: question.slot.meaning for question in (*page.open, *page.known)}
    given = {name.removeprefix(_SAY): value for name, value in request.POST.items() if name.startswith(_SAY)}
    return {key: str(value) for key, value in given.items() if str(value) != known.get(key, "")}


def _show(
    request: HttpRequest, page: FormPage, *, wrong: str = "", reason_form: RevealForm | None = None, status: int = 200
) -> HttpResponse:
    run = page.run
    period = run.period_from, run.period_until
    context = {
        "page": page,
        "run": run,
        "area_name": area_names([run.area_code]).get(run.area_code, run.area_code),
        "months": " – ".join(dict.fromkeys(day.strftime("%Y-%m") for day in period)),
        "open": [_asked(question, _("请选择")) for question in page.open],
        "known": [_asked(question, _("按表头自动认")) for question in page.known],
        "chosen": {row.id for row in page.matters},
        "numbers": "\n".join(row.display_number for row in page.matters if row not in page.offered),
        "typed": request.POST.get("numbers", ""),
        "wrong": wrong,
        "reasons": reveal_reasons(),
        "reason_form": reason_form,
        "proposed": sum(1 for question in page.open if question.slot.proposed),
    }
    return render(request, "web/desk/forms/page.html", context, status=status)


def _asked(question: FormQuestion, nothing: str) -> Asked:
    likely = set(question.likely)
    ordered = [*question.likely, *(choice for choice in question.choices if choice not in likely)]
    known = {meaning for meaning, _title in ordered}
    meaning = question.slot.meaning
    if meaning and meaning not in known:
        ordered.insert(0, (meaning, question.meaning))
    if question.slot.proposed and question.slot.proposed not in known:
        ordered.insert(0, (question.slot.proposed, question.proposed))
    options = choices.options_html([("", nothing), *ordered], meaning or question.slot.proposed)
    return Asked(question, f"{_SAY}{question.slot.key}", options)


@never_cache
@require_POST
def filled_form(request: HttpRequest, form_id: UUID) -> HttpResponseBase:
    """Give the form back filled, with what is true now."""
    actor = actor_for(request)
    require(actor, FORM_FILL)
    try:
        name = next((run.name for run in forms_of(actor) if run.pk == form_id), "")
        reason = ""
        if request.POST.get("clear"):
            said = RevealForm({**request.POST.dict(), "sealed_id": "0"})
            if not said.is_valid():
                return _show(request, form_page(actor, form_id), reason_form=said, status=422)
            reason = said.reason()
        filled = fill_run(actor=actor, run_id=form_id, reason=reason)
    except NotFound as error:
        raise Http404(error.problems[0].why) from error
    except BadInput as error:
        messages.error(request, "".join(f"{problem.why}{problem.how}" for problem in error.problems[:3]))
        return HttpResponseRedirect(reverse("desk:form", args=[form_id]))
    if filled.copies:
        stem = name.rpartition(".")[0] or name or "form"
        zipped = _("%(name)s（已填%(n)s件）") % {"name": stem, "n": len(filled.copies)}
        return FileResponse(
            BytesIO(filled.data), as_attachment=True, filename=f"{zipped}.zip", content_type="application/zip"
        )
    macros = name.lower().endswith(".xlsm")
    stem = name.rpartition(".")[0] or name or "form"
    return FileResponse(
        BytesIO(filled.data),
        as_attachment=True,
        filename=_("%(name)s（已填）") % {"name": stem} + (".xlsm" if macros else ".xlsx"),
        content_type=_XLSM if macros else _XLSX,
    )


urlpatterns = [
    path("forms/", blank_forms, name="forms"),
    path("forms/<uuid:form_id>/", blank_form, name="form"),
    path("forms/<uuid:form_id>/filled/", filled_form, name="form_filled"),
]
