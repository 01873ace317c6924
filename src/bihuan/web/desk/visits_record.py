"""Desk pages: recording a visit and what it found by a plain form, at once or from paper later."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
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
from bihuan.fieldwork.api import Day, Found, RecordedVisit
from bihuan.kernel.api import Problem, clock
from bihuan.matters.api import Alike, Photo, duplicates
from bihuan.people.api import Actor, actor_for, require
from bihuan.people.permissions import VISIT_RECORD
from bihuan.web.desk.places import places_of
from bihuan.web.desk.visits_correct import TOLD
from bihuan.web.desk.visits_form import (
    CHECK,
    FOUND_ID,
    JOIN,
    NAME,
    OWN,
    WHAT,
    WITH,
    Finding,
    FindingForm,
    VisitForm,
    Wanted,
    joined,
    wanted_of,
)

LIKELY = 0.4
Likely = list[tuple[Finding, tuple[Alike, ...]]]


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
    asked = next((form for form in day.forms if form.default), None)
    more: dict[str, Any] = {"wanted": wanted, "places": places_of(actor, VISIT_RECORD), "asked": asked}
    if request.method != "POST":
        return _show(request, day, VisitForm(initial=_kept(request, wanted), **more))
    form = VisitForm(request.POST, request.FILES, **more)
    if not form.is_valid():
        return _show(request, day, form, status=422)
    likely = _likely(form)
    if likely and request.POST.get("checked") != "1":
        return _show(request, day, form, likely=likely, status=422)
    try:
        visit = fieldwork.record_visit(actor=actor, **form.visit())
    except TOLD as error:
        _beside(form, error.problems)
        return _show(request, day, form, status=422)
    failed = _record_findings(request, actor, form, visit)
    if failed is not None:
        return failed
    _tell(request, visit)
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


def _likely(form: VisitForm) -> Likely:
    """Return the findings that seem known already, with what they may be."""
    likely = []
    for finding in form.findings():
        found = tuple(alike for alike in duplicates(form.area_code, finding.text) if alike.likeness >= LIKELY)
        if found:
            likely.append((finding, found))
    return likely


def _record_findings(request: HttpRequest, actor: Actor, form: VisitForm, visit: RecordedVisit) -> HttpResponse | None:
    """Make each finding a matter; one that is refused is shown with its words, on a form of its own."""
    findings = form.findings()
    answers = joined(request.POST, [finding.key for finding in findings])
    photos = form.photos()
    for finding in findings:
        try:
            _record_one(actor, visit.visit_id, finding, answers[finding.key], photos)
        except (*TOLD, PermissionDenied) as error:
            problems = getattr(error, "problems", None) or (Problem("text", str(error), ""),)
            return _half_done(request, actor, visit, finding, problems)
        photos = []
    return None


def _record_one(actor: Actor, visit_id: UUID, finding: Finding, join: UUID | None, photos: list[Any]) -> Found:
    return fieldwork.record_finding(
        actor=actor,
        id=finding.id,
        visit_id=visit_id,
        item=finding.item,
        text=finding.text,
        category=finding.category,
        urgency=finding.urgency,
        join=join,
        photos=photos,
    )


def _half_done(
    request: HttpRequest, actor: Actor, visit: RecordedVisit, finding: Finding, problems: tuple[Problem, ...]
) -> HttpResponse:
    """The visit is in the record, a finding was refused: nothing typed is lost, and only that is sent again."""
    page = fieldwork.visit_page(actor, visit.visit_id)
    items = [(line.key, line.title) for line in page.checklist]
    form = FindingForm({"id": finding.id, "item": finding.item, "text": finding.text}, items=items)
    form.is_valid()
    for problem in problems:
        form.add_error(None, f"{problem.why}{problem.how}")
    messages.success(request, _("走访已记下；下面这一条还没有登记。"))
    return _show_finding(request, page, form, status=422)


def _tell(request: HttpRequest, visit: RecordedVisit) -> None:
    said = _("已记下这次走访。")
    if not visit.counted and visit.why:
        said += _("这次不计入巡访覆盖：%(why)s") % {"why": visit.why}
    messages.success(request, said)


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


def _beside(form: VisitForm, problems: tuple[Problem, ...]) -> None:
    place = "target" if "target" in form.fields else "place"
    names = {"area_code": place, "place_id": place, "round": place, "level": place}
    for problem in problems:
        name = problem.field.rsplit(".", 1)[-1]
        name = names.get(name, name)
        where = next((key for key in (name, CHECK + name) if key in form.fields), None)
        form.add_error(where, f"{problem.why}{problem.how}")


def _show(
    request: HttpRequest, day: Day, form: VisitForm, *, likely: Likely | None = None, status: int = 200
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
        "open_words": bool(form["text"].value() or form["text"].errors or form["photos"].errors or request.FILES),
        "own": form.places.own,
        "listed": form.places.listed if plan is None else (),
        "likely": [(JOIN + finding.key, finding, found) for finding, found in likely or ()],
        "photos_again": bool(likely and request.FILES),
    }
    return render(request, "web/desk/visits/record.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """One more finding of a visit that is in the record."""
    actor = actor_for(request)
    page = fieldwork.visit_page(actor, visit_id)
    if not page.may_correct:
        raise PermissionDenied(_("只有记下这次走访的人能补记发现。"))
    items = [(line.key, line.title) for line in page.checklist]
    if request.method != "POST":
        return _show_finding(request, page, FindingForm(items=items))
    form = FindingForm(request.POST, request.FILES, items=items)
    if not form.is_valid():
        return _show_finding(request, page, form, status=422)
    given = form.cleaned_data
    one = Finding(OWN, given["id"], given.get("item", ""), given["text"])
    alike = tuple(a for a in duplicates(page.row.area_code, one.text) if a.likeness >= LIKELY)
    if alike and request.POST.get("checked") != "1":
        return _show_finding(request, page, form, likely=[(JOIN + OWN, one, alike)], status=422)
    photos = [Photo(upload, "scene") for upload in given["photos"]]
    try:
        found = _record_one(actor, visit_id, one, joined(request.POST, [OWN])[OWN], photos)
    except TOLD as error:
        for problem in error.problems:
            form.add_error(None, f"{problem.why}{problem.how}")
        return _show_finding(request, page, form, status=422)
    said = _("已并入 %(number)s。") if found.joined else _("已登记，编号 %(number)s。")
    messages.success(request, said % {"number": found.display_number})
    return HttpResponseRedirect(reverse("desk:visit", args=[visit_id]))


def _show_finding(
    request: HttpRequest, page: Any, form: forms.Form, *, likely: Any = (), status: int = 200
) -> HttpResponse:
    context = {
        "page": page,
        "row": page.row,
        "form": form,
        "likely": likely,
        "photos_again": bool(likely and request.FILES),
    }
    return render(request, "web/desk/visits/finding.html", context, status=status)
