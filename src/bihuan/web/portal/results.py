"""What was done with what was said: a public matter, the published results of a meeting."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.areas.api import find
from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, new_id
from bihuan.matters.api import public_page
from bihuan.matters.models import Matter
from bihuan.meetings.api import Published, object_to, published
from bihuan.people.api import actor_for
from bihuan.web import source
from bihuan.web.portal.follow import lines_of
from bihuan.web.portal.forms import ObjectionForm
from bihuan.web.portal.method import is_solved
from bihuan.web.portal.progress import progress_of
from bihuan.web.portal.secrets import form_id, id_from


@login_not_required
@require_safe
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """A matter as anybody may see it."""
    sheet = public_page(number)
    row = Matter.objects.filter(number=number).only("version_ref_id", "outcome").first()
    if sheet is None or row is None:
        raise Http404
    words = {
        "page": sheet,
        "community": find(number.partition("-")[0]),
        "form_id": new_id(),
        "progress": progress_of(row.version_ref_id, sheet.steps, is_open=sheet.is_open),
        "solved": is_solved(row.version_ref_id, row.outcome),
        "timeline": lines_of(sheet),
    }
    return render(request, "web/portal/matter.html", words)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """What a meeting decided, as published; while the window is open, anybody may object here."""
    sheet = published(meeting_id)
    if sheet is None:
        raise Http404
    if request.method == "POST":
        return _object(request, sheet)
    return _show_meeting(request, sheet, ObjectionForm())


def _show_meeting(request: HttpRequest, sheet: Published, form: ObjectionForm, status: int = 200) -> HttpResponse:
    words = {
        "page": sheet,
        "form": form,
        "form_id": form_id(request.POST.get("form_id", "")),
    }
    return render(request, "web/portal/meeting.html", words, status=status)


def _object(request: HttpRequest, sheet: Published) -> HttpResponse:
    form = ObjectionForm(request.POST)
    if slow_down := source.too_fast(request, source.ACT):
        form.tell([Problem("", slow_down)])
        return _show_meeting(request, sheet, form, status=429)
    if form.is_valid():
        data = form.cleaned_data
        given = form_id(request.POST.get("form_id", ""))
        try:
            object_to(
                actor=actor_for(request),
                entry_id=id_from(given, "objection", str(sheet.id), data["text"]),
                meeting_id=sheet.id,
                text=data["text"],
                name=data["name"],
                phone=data["phone"],
            )
        except (BadInput, Refused, Conflict, NotFound) as error:
            form.tell(error.problems)
        else:
            messages.success(request, _("您的异议已收到，会在公示期内答复，答复公布在本页。"))
            return HttpResponseRedirect(reverse("portal:meeting", args=[sheet.id]))
    return _show_meeting(request, sheet, form, status=422)
