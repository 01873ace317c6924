"""Desk pages: recording a visit and what it found by a plain form, at once or from paper later."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.api import Day, RecordedVisit
from bihuan.kernel.api import Problem, clock
from bihuan.people.api import actor_for, require
from bihuan.people.permissions import VISIT_RECORD
from bihuan.web.desk.kept import KeptPhotos, keep_photos
from bihuan.web.desk.places import places_of
from bihuan.web.desk.visits_correct import TOLD
from bihuan.web.desk.visits_form import (
    CHECK,
    FOUND_ID,
    NAME,
    OWN,
    WHAT,
    WITH,
    VisitForm,
    Wanted,
    wanted_of,
)
from bihuan.web.desk.visits_found import Likely, likely, likely_rows, record_findings, show_refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Record a visit: choose the round, see the places in walking order, press once where nothing was found."""
    actor = actor_for(request)
    require(actor, VISIT_RECORD)
    day = fieldwork.day(actor)
    given = request.POST if request.method == "POST" else request.GET
    key = given.get("plan", f"{day.plans[0].method_key}:{day.plans[0].round}" if day.plans else "")
    wanted = wanted_of(day, key[:101], given.get("level", "")[:2])
    more: dict[str, Any] = {
        "wanted": wanted,
        "places": places_of(actor, VISIT_RECORD),
        "asked": day.forms,
        "kept": keep_photos(request, actor) if request.method == "POST" else KeptPhotos(),
    }
    if request.method != "POST":
        return _show(request, day, VisitForm(initial=_kept(request, wanted), **more))
    form = VisitForm(request.POST, request.FILES, **more)
    if not form.is_valid():
        return _show(request, day, form, status=422)
    known = likely(form.area_code, form.findings())
    if known and request.POST.get("checked") != "1":
        return _show(request, day, form, known=known, status=422)
    try:
        visit = fieldwork.record_visit(actor=actor, **form.visit())
    except TOLD as error:
        _beside(form, error.problems)
        return _show(request, day, form, status=422)
    _tell(request, visit)
    findings = form.findings()
    photos = {findings[0].key: form.kept} if findings else {}
    refused = record_findings(request, actor, visit.visit_id, findings, photos)
    if refused:
        return show_refused(request, fieldwork.visit_page(actor, visit.visit_id), refused, day.forms)
    if request.POST.get("then") == "next":
        return HttpResponseRedirect(_next_address(form))
    return HttpResponseRedirect(reverse("desk:visit", args=[visit.visit_id]))


def _kept(request: HttpRequest, wanted: Wanted) -> dict[str, str]:
    """Return what the last record leaves for the next, or what a link names: the place, and the time of a paper."""
    kept = {name: request.GET[name][:80] for name in ("place", "happened_at") if request.GET.get(name)}
    target = request.GET.get("target", "")[:36]
    if any(line.target == target for line, _standing in wanted.targets):
        kept["target"] = target
    return kept


def _tell(request: HttpRequest, visit: RecordedVisit) -> None:
    said = _("已记下这次走访。")
    if not visit.counted and visit.why:
        said += _("%(why)s。") % {"why": visit.why}
    messages.success(request, said, extra_tags=request.POST.get("draft", "")[:120])


def _next_address(form: VisitForm) -> str:
    """Return the form for the next place on the way; the time stays where it was typed for another day."""
    wanted, values = form.wanted, {"plan": form.wanted.key}
    if wanted.level > 1:
        values["level"] = str(wanted.level)
    if form.cleaned_data["happened_at"].astimezone(clock.ZONE).date() != clock.today():  # paper is of one day
        values["happened_at"] = str(form.data["happened_at"])[:16]
    order = [line for line, _standing in wanted.targets]
    here = next((n for n, line in enumerate(order) if line.target == form.cleaned_data.get("target")), None)
    if here is not None:
        later = [line for line, standing in wanted.targets[here + 1 :] if standing.state == "due"]
        if following := later or order[here + 1 : here + 2]:
            values["target"] = following[0].target
    return f"{reverse('desk:visit_new')}?{urlencode(values)}"


def _draft(form: VisitForm) -> str:
    """Return the name under which a browser keeps what is typed: each place of each round has its own."""
    where = form["target" if form.wanted.plan else "place"].value() or ""
    return f"visit-{form.wanted.key}-{form.wanted.level}-{where}"


def _beside(form: VisitForm, problems: tuple[Problem, ...]) -> None:
    place = "target" if "target" in form.fields else "place"
    names = {"area_code": place, "place_id": place, "round": place, "level": place}
    for problem in problems:
        name = problem.field.rsplit(".", 1)[-1]
        name = names.get(name, name)
        where = next((key for key in (name, CHECK + name) if key in form.fields), None)
        form.add_error(where, f"{problem.why}{problem.how}")


def _show(
    request: HttpRequest, day: Day, form: VisitForm, *, known: Likely | None = None, status: int = 200
) -> HttpResponse:
    wanted, here = form.wanted, reverse("desk:visit_new")
    plan = wanted.plan
    tabs = [(f"{here}?{urlencode({'plan': f'{p.method_key}:{p.round}'})}", p.title, p == plan) for p in day.plans]
    context = {
        "form": form,
        "wanted": wanted,
        "plan": plan,
        "tabs": [*tabs, (f"{here}?plan=", _("随手走访"), plan is None)] if tabs else [],
        "levels": [
            (f"{here}?{urlencode({'plan': wanted.key, 'level': level})}", level, level == wanted.level)
            for level in (plan.levels if plan else ())
        ],
        "more_targets": day.more_targets,
        "where": form["target" if plan else "place"],
        "checks": [
            {"mark": form[CHECK + item.key], "what": form[WHAT + item.key], "id": form[FOUND_ID + item.key]}
            for item in (plan.checklist if plan else ())
        ],
        "company": [(form[WITH + role], form[NAME + role]) for role, _title in (plan.together if plan else ())],
        "found": form[WHAT + OWN],
        "found_id": form[FOUND_ID + OWN],
        "found_more": [form[name] for name in ("category", "urgency") if name in form.fields],
        "open_found": bool(form[WHAT + OWN].value() or form[WHAT + OWN].errors),
        "open_words": bool(form["text"].value() or form["text"].errors or form["photos"].errors or form.kept.files),
        "own": form.places.own,
        "listed": form.places.listed if plan is None else (),
        "likely": likely_rows(known),
        "kept": form.kept,
        "draft": form.data.get("draft") or _draft(form),
    }
    return render(request, "web/desk/visits/record.html", context, status=status)
