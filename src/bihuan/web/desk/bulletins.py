"""Desk pages: bulletins, notices, minutes, role models. The list, and beginning one."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.areas.api import names as area_names
from bihuan.kernel.api import BadInput
from bihuan.people.api import BULLETIN_READ, BULLETIN_WRITE, Actor, actor_for, can, require
from bihuan.reporting.bulletins import api as bulletins
from bihuan.reporting.models import Bulletin
from bihuan.web.desk.bulletins_acts import TOLD, act
from bihuan.web.desk.bulletins_forms import DraftForm
from bihuan.web.desk.bulletins_out import document, printed
from bihuan.web.desk.bulletins_view import BADGES, bulletin
from bihuan.web.desk.choices import area_options
from bihuan.web.portal.secrets import form_id

_COMMUNITY = 12  # digits of a code: what is smaller writes no bulletins


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is being written and what was published."""
    actor = actor_for(request)
    require(actor, BULLETIN_READ)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    try:
        listing = bulletins.bulletins(actor, kind=kind, state=state, cursor=request.GET.get("cursor") or None)
    except BadInput:
        return HttpResponseRedirect(reverse("desk:bulletins"))
    context = {
        "lines": [(row, BADGES[row.state]) for row in listing.rows],
        "kind": kind,
        "tabs": [("", _("全部")), ("bulletin", _("简报")), ("notice", _("公示")), ("document", _("公文")),
                 ("model", _("身边榜样"))],
        "may_write": bool(actor.areas_with(BULLETIN_WRITE)),
        "next_url": "?" + urlencode({"kind": kind, "state": state, "cursor": listing.next}) if listing.next else "",
    }  # fmt: skip
    return render(request, "web/desk/bulletins/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a text from a template; from a meeting, with what is known of it typed in already."""
    actor = actor_for(request)
    require(actor, BULLETIN_WRITE)
    key, status = form_id(request.POST.get("entry_id", "")), 200
    form = _draft_form(request, actor)
    meeting = _meeting(request)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _draft(actor, key, form, meeting)
            except TOLD as error:
                form.tell(error.problems)
            else:
                messages.success(request, _("已起草。数字都带着出处，点开能看到是哪几件。"))
                return HttpResponseRedirect(reverse("desk:bulletin", args=[made.pk]))
    context = {"form": form, "entry_id": key, "meeting": meeting or ""}
    return render(request, "web/desk/bulletins/new.html", context, status=status)


def _meeting(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("meeting", "") or request.GET.get("meeting", ""))
    except ValueError:
        return None


def _draft_form(request: HttpRequest, actor: Actor) -> DraftForm:
    roots = actor.areas_with(BULLETIN_WRITE)
    asked = (request.POST if request.method == "POST" else request.GET).get("area", "")
    area = asked if asked and can(actor, BULLETIN_WRITE, asked[:21]).allowed else roots[0]
    wanted = bool(_meeting(request))
    found = [one for one in bulletins.templates_in(area) if (one.spec.of == "meeting") is wanted]
    areas = [(code, title) for code, title in area_options(roots, area) if len(code) <= _COMMUNITY]
    if area not in {code for code, _title in areas}:
        areas.append((area, area_names([area]).get(area, area)))
    return DraftForm(
        request.POST if request.method == "POST" else None,
        areas=areas,
        templates=[(one.key, one.title) for one in found],
        **bulletins.narrowings(area),
        initial={"area": area, "template": request.GET.get("template", "")},
    )


def _draft(actor: Actor, key: UUID, form: DraftForm, meeting: UUID | None) -> Bulletin:
    period = form.cleaned_data["period"]
    since, until = bulletins.periods.read(period) if period else (None, None)
    return bulletins.draft(
        actor=actor,
        entry_id=key,
        area_code=form.cleaned_data["area"],
        template=form.cleaned_data["template"],
        since=since,
        until=until,
        meeting_id=meeting,
        method=form.cleaned_data["method"],
        category=form.cleaned_data["category"],
    )


urlpatterns = [
    path("bulletins/", index, name="bulletins"),
    path("bulletins/new/", new, name="bulletin_new"),
    path("bulletins/<uuid:bulletin_id>/", bulletin, name="bulletin"),
    path("bulletins/<uuid:bulletin_id>/do/<slug:act>/", act, name="bulletin_act"),
    path("bulletins/<uuid:bulletin_id>/document.docx", document, {"form": "docx"}, name="bulletin_docx"),
    path("bulletins/<uuid:bulletin_id>/document.pdf", document, {"form": "pdf"}, name="bulletin_pdf"),
    path("bulletins/<uuid:bulletin_id>/print/", printed, name="bulletin_print"),
]
