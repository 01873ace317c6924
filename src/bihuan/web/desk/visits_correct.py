"""Desk pages: a visit corrected by who recorded it, or taken back; what was written first stays in the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.api import VisitPage
from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, clock, new_id
from bihuan.people.api import Actor, actor_for

TOLD = (BadInput, Refused, Conflict, NotFound)


def tell(form: forms.Form, problems: Sequence[Problem], names: dict[str, str] | None = None) -> None:
    """Put what a use case found wrong beside the fields of a form."""
    for problem in problems:
        name = problem.field.rsplit(".", 1)[-1]
        name = (names or {}).get(name, name)
        where = name if name in form.fields and not form.fields[name].widget.is_hidden else None
        form.add_error(where, f"{problem.why}{problem.how}")


class CorrectionForm(forms.Form):
    """What was written down wrong, as it should be; only what differs is sent on."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, page: VisitPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.page = page
        self.initial.setdefault("entry_id", new_id())
        at = page.row.happened_at.astimezone(clock.ZONE)
        self.fields["happened_at"] = forms.DateTimeField(
            label=_("什么时候"),
            input_formats=["%Y-%m-%dT%H:%M"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            initial=at.strftime("%Y-%m-%dT%H:%M"),
        )
        self.fields["result"] = forms.ChoiceField(
            label=_("怎么样"),
            choices=[("nothing", _("一切正常")), ("found", _("发现问题")), ("nobody", _("家中无人"))],
            widget=forms.RadioSelect,
            initial=page.row.result,
        )
        for line in page.checklist:
            self.fields["c_" + line.key] = forms.ChoiceField(
                label=line.title,
                choices=fieldwork.marks(),
                widget=forms.RadioSelect,
                initial=line.mark,
            )
        self.fields["title"] = forms.CharField(label=_("标题"), max_length=60, required=False, initial=page.visit.title)
        if not page.erased:
            self.fields["text"] = forms.CharField(
                label=_("记几句"),
                max_length=2000,
                required=False,
                initial=page.text,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.fields["reason"] = forms.CharField(
            label=_("为什么更正"), max_length=200, help_text=_("写进记录，原来写的也留着。")
        )

    def changes(self) -> dict[str, Any]:
        """Return what differs from what is recorded."""
        data = self.cleaned_data
        given: dict[str, Any] = {}
        minute = self.page.row.happened_at.replace(second=0, microsecond=0)
        if data["happened_at"] != minute:
            given["happened_at"] = data["happened_at"]
        for name, now in (("result", self.page.row.result), ("title", self.page.visit.title), ("text", self.page.text)):
            if name in data and data[name].strip() != now:
                given[name] = data[name].strip()
        marks = {line.key: data["c_" + line.key] for line in self.page.checklist}
        if marks != {line.key: line.mark for line in self.page.checklist}:
            given["checklist"] = marks
        return given


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Correct one's own visit, or take it back; what was written first stays in the record."""
    actor = actor_for(request)
    page = fieldwork.visit_page(actor, visit_id)
    if not page.may_correct:
        raise PermissionDenied(_("走访由记下它的人更正。"))
    form = CorrectionForm(request.POST if request.method == "POST" else None, page=page)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            changes = {"withdrawn": True} if request.POST.get("withdraw") == "1" else form.changes()
            if not changes:
                form.add_error(None, _("没有改动。请改正写错的地方，或者撤回这次走访。"))
            elif _corrected(request, actor, visit_id, form, changes):
                return HttpResponseRedirect(reverse("desk:visit", args=[visit_id]))
    context = {
        "page": page,
        "row": page.row,
        "form": form,
        "checks": [form["c_" + line.key] for line in page.checklist],
    }
    return render(request, "web/desk/visits/correct.html", context, status=status)


def _corrected(
    request: HttpRequest, actor: Actor, visit_id: UUID, form: CorrectionForm, changes: dict[str, Any]
) -> bool:
    given = form.cleaned_data
    try:
        fieldwork.correct_visit(
            actor=actor, visit_id=visit_id, entry_id=given["entry_id"], reason=given["reason"], changes=changes
        )
    except TOLD as error:
        tell(form, error.problems)
        return False
    messages.success(request, _("已撤回，记录留着。") if "withdrawn" in changes else _("已更正，原来写的也留着。"))
    return True
