"""Desk pages: paired households. The list, proposing, and one pairing with its consent, visits and who looked.

To whom a household is none of theirs, none of these pages exists (404).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.fieldwork import api as field
from bihuan.fieldwork.api import PairingPage, SchemeRef
from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, clock, new_id
from bihuan.people.api import Actor, actor_for, holders_within, role_titles
from bihuan.web.desk import choices
from bihuan.web.desk.pairings_forms import (
    ChangeForm,
    ConsentForm,
    EndForm,
    LookForm,
    ProposeForm,
    VisitForm,
    WithdrawForm,
    look_reasons,
)
from bihuan.web.desk.places import places_of

TOLD = (BadInput, Refused, Conflict, NotFound)
MOST_STAFF = 80
STATES = ("", "proposed", "active", "ended")


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The households that this reader may know of, masked."""
    actor = actor_for(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    try:
        listing = field.pairings(actor, state=state, cursor=request.GET.get("cursor") or None)
    except BadInput:
        return HttpResponseRedirect(reverse("desk:pairings"))
    context = {
        "listing": listing,
        "state": state,
        "tabs": list(zip(STATES, (_("全部"), _("待本人同意"), _("结对中"), _("已结束")), strict=True)),
        "may_propose": bool(field.schemes_for(actor)),
        "next_url": "?" + urlencode({"state": state, "cursor": listing.next}) if listing.next else "",
    }
    return _private(render(request, "web/desk/pairings/list.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose to pair a household; what is known is not typed again."""
    actor = actor_for(request)
    schemes = field.schemes_for(actor)
    if not schemes:
        raise Http404(_("没有找到，或者您没有查看的权限"))
    form = _propose_form(actor, schemes, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = _propose(actor, form)
        except TOLD as error:
            _beside(form, error.problems)
        else:
            messages.success(request, _("已提出结对。本人同意以后才开始，请登记同意的经过。"))
            return HttpResponseRedirect(reverse("desk:pairing", args=[done]))
    status = 422 if form.errors else 200
    context = {"form": form, "listed": form.places.listed, "days": field.PROPOSED_DAYS}
    return _private(render(request, "web/desk/pairings/new.html", context, status=status))


def _propose_form(
    actor: Actor, schemes: tuple[tuple[str, SchemeRef], ...], data: Mapping[str, Any] | None
) -> ProposeForm:
    area, ref = schemes[0]
    by_key = {f"{one.method.key}.{one.key}": one for _area, one in schemes}
    return ProposeForm(data, schemes=by_key, places=places_of(actor), people=field.unit_people(area, ref))


def _propose(actor: Actor, form: ProposeForm) -> UUID:
    given = form.cleaned_data
    assert form.found is not None  # noqa: S101 - clean_place() set it or refused
    done = field.propose_pairing(
        actor=actor,
        id=given["entry_id"],
        key=form.scheme.key,
        method_key=form.scheme.method.key,
        area_code=form.found.code,
        door=given["door"],
        name=given["name"],
        phone=given["phone"],
        needs=given["needs"],
        person_id=UUID(given["person_id"]),
    )
    return done.pairing_id


def _beside(form: forms.Form, problems: tuple[Problem, ...], instead: Mapping[str, str] | None = None) -> None:
    """Put what a use case found wrong beside the fields of a form."""
    for problem in problems:
        name = (instead or {"key": "scheme", "area_code": "place"}).get(problem.field, problem.field)
        form.add_error(name if name in form.fields else None, f"{problem.why}{problem.how}")


@never_cache
@require_safe
def pairing(request: HttpRequest, pairing_id: UUID) -> HttpResponse:
    """One pairing."""
    actor = actor_for(request)
    return _show(request, actor, field.pairing_page(actor, pairing_id))


def _show(
    request: HttpRequest,
    actor: Actor,
    page: PairingPage,
    failed: tuple[str, forms.Form] | None = None,
    status: int = 200,
    revealed: Mapping[str, str] | None = None,
) -> HttpResponse:
    context = {
        "page": page,
        "pairing": page.pairing,
        "row": page.row,
        "forms": {act: _form(actor, page, act, failed) for act in FORMS if page.may[act] is None},
        "open_form": failed[0] if failed else "",
        "values": _values(page, revealed or {}),
        "look_reasons": look_reasons(),
        "looked": failed[1] if failed and failed[0] == "look" else None,
        "reads": sorted(
            ((read, value.title) for value in page.values for read in value.reads),
            key=lambda pair: pair[0].at,
            reverse=True,
        ),
        "head_hash": bytes(page.pairing.head_hash).hex(),
    }
    return _private(render(request, "web/desk/pairings/page.html", context, status=status))


def _values(page: PairingPage, revealed: Mapping[str, str]) -> list[dict[str, Any]]:
    shown = (value for value in page.values if value.name != "door")  # that stands at the head of the page
    return [{"value": value, "shown": revealed.get(value.name, "")} for value in shown]


def _staff(page: PairingPage) -> list[tuple[str, str]]:
    """Return who of the community's posts may have witnessed it: never who goes there."""
    posts = holders_within(page.pairing.area_code[:12]).exclude(role_id="resident")
    posts = posts.exclude(person_id=page.pairing.person_id) if page.pairing.person_id else posts
    titles = role_titles(choices.language())
    found = {str(post.person_id): f"{titles.get(post.role_id, '')} {post.person.name}" for post in posts[:MOST_STAFF]}
    return list(found.items())


def _form(
    actor: Actor, page: PairingPage, act: str, failed: tuple[str, forms.Form] | None = None, data: Any = None
) -> forms.Form:
    if failed is not None and failed[0] == act:
        return failed[1]
    return FORMS[act](actor, page, data)


Make = Callable[[Actor, PairingPage, Any], forms.Form]


def _change_form(_actor: Actor, page: PairingPage, data: Any) -> forms.Form:
    return ChangeForm(data, page=page, people=field.unit_people(page.pairing.area_code, page.ref), auto_id="change_%s")


FORMS: dict[str, Make] = {
    "consent": lambda _actor, page, data: ConsentForm(data, page=page, staff=_staff(page), auto_id="consent_%s"),
    "visit": lambda _actor, page, data: VisitForm(
        data, page=page, ask=bool(data and data.get("asked")), auto_id="visit_%s"
    ),
    "change": _change_form,
    "end": lambda _actor, page, data: EndForm(data, page=page, auto_id="end_%s"),
    "withdraw": lambda _actor, page, data: WithdrawForm(data, page=page, auto_id="withdraw_%s"),
}


@never_cache
@require_POST
def act(request: HttpRequest, pairing_id: UUID, act: str) -> HttpResponse:
    """Do one thing. Refused: the page again with the reasons beside the form and what was typed."""
    actor = actor_for(request)
    page = field.pairing_page(actor, pairing_id)  # 404 for who may not know of it, before anything is said
    if act not in FORMS:
        raise Http404
    if (refusal := page.may[act]) is not None:
        messages.error(request, f"{refusal.why}{refusal.how}")
        return _show(request, actor, page, status=422)
    form = _form(actor, page, act, data=request.POST)
    if form.is_valid():
        try:
            said = DO[act](actor, page, form)
        except Conflict as error:
            _beside(form, error.problems)
            return _show(request, actor, field.pairing_page(actor, pairing_id), (act, form), 409)
        except TOLD as error:
            if act == "visit" and any(problem.field == "need" for problem in error.problems):
                form = VisitForm(request.POST, page=page, ask=True, auto_id="visit_%s")
                form.is_valid()
            _beside(form, error.problems)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("desk:pairing", args=[pairing_id]))
    return _show(request, actor, page, (act, form), 422)


def _consent(actor: Actor, page: PairingPage, form: forms.Form) -> str:
    given = form.cleaned_data
    field.consent_to_pairing(
        actor=actor,
        pairing_id=page.pairing.pk,
        entry_id=given["entry_id"],
        how=given["how"],
        happened_at=given["happened_at"],
        witness_id=UUID(given["witness_id"]) if given["witness_id"] else None,
        witness="" if given["witness_id"] else given["witness"],
        expected_version=given["version"],
    )
    return _("已登记本人同意，结对开始。已告诉上门的人。")


def _change(actor: Actor, page: PairingPage, form: forms.Form) -> str:
    given = form.cleaned_data
    field.change_pairing(
        actor=actor,
        pairing_id=page.pairing.pk,
        entry_id=given["entry_id"],
        person_id=UUID(given["person_id"]) if given["person_id"] else None,
        needs=given["needs"],
        name=given["name"],
        phone=given["phone"] or None,
        expected_version=given["version"],
    )
    return _("已保存。")


def _end(actor: Actor, page: PairingPage, form: forms.Form) -> str:
    given = form.cleaned_data
    field.end_pairing(
        actor=actor,
        pairing_id=page.pairing.pk,
        entry_id=given["entry_id"],
        reason=given["reason"],
        note=given["note"],
        happened_at=given["happened_at"],
        expected_version=given["version"],
    )
    return _("结对已结束。")


def _withdraw(actor: Actor, page: PairingPage, form: forms.Form) -> str:
    given = form.cleaned_data
    field.withdraw_consent(actor=actor, pairing_id=page.pairing.pk, entry_id=given["entry_id"], how=given["how"])
    return _("已登记本人收回同意，这户的信息已经删除。")


def _visit(actor: Actor, page: PairingPage, form: forms.Form) -> str:
    given = form.cleaned_data
    _visited, found = field.visit_household(
        actor=actor,
        page=page,
        id=given["entry_id"],
        finding_id=given["finding_id"],
        happened_at=given["happened_at"],
        met=given["met"] != "nobody",
        help_kind=given["help_kind"],
        text=given["text"],
        need=given["need"],
        checked=bool(given.get("checked")),
    )
    if found is None:
        return _("已记下这次走访。")
    return _("已记下这次走访，新的需要登记为 %(number)s。") % {"number": found.display_number}


DO: dict[str, Callable[[Actor, PairingPage, forms.Form], str]] = {
    "consent": _consent,
    "visit": _visit,
    "change": _change,
    "end": _end,
    "withdraw": _withdraw,
}


@never_cache
@require_POST
def look(request: HttpRequest, pairing_id: UUID) -> HttpResponse:
    """Show one value in the clear, once, for a reason that is kept and shown to whom it concerns."""
    actor = actor_for(request)
    page = field.pairing_page(actor, pairing_id)
    form = LookForm(request.POST)
    if form.is_valid():
        try:
            name = form.cleaned_data["name"]
            value = field.reveal_pairing(actor=actor, pairing_id=pairing_id, name=name, reason=form.reason())
        except TOLD as error:
            _beside(form, error.problems)
        else:
            return _show(request, actor, field.pairing_page(actor, pairing_id), revealed={name: value})
    return _show(request, actor, page, ("look", form), 422)


@never_cache
@require_safe
def sheet(request: HttpRequest, pairing_id: UUID) -> HttpResponse:
    """What is kept, for the household on paper: read to them or left with them when they are asked."""
    actor = actor_for(request)
    page = field.pairing_page(actor, pairing_id)
    kept = field.kept_in(page.pairing)
    context = {"page": page, "pairing": page.pairing, "kept": kept, "now": clock.now()}
    return _private(render(request, "web/desk/pairings/sheet.html", context))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The household's own page: what is kept about it, who looked, and taking its consent back."""
    actor = actor_for(request)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            wanted = UUID(request.POST.get("pairing", ""))
            field.withdraw_consent(actor=actor, pairing_id=wanted, entry_id=UUID(request.POST.get("entry_id", "")))
        except ValueError:
            raise Http404 from None
        except TOLD as error:
            problems = error.problems
        else:
            messages.success(request, _("已收回同意，您的信息已经删除。"))
            return HttpResponseRedirect(reverse("desk:my_pairings"))
    context = {"kept": field.kept_about(actor), "entry_id": new_id(), "problems": problems}
    return _private(render(request, "web/desk/pairings/mine.html", context, status=422 if problems else 200))


urlpatterns = [
    path("pairings/", index, name="pairings"),
    path("pairings/new/", propose, name="pairing_new"),
    path("pairings/<uuid:pairing_id>/", pairing, name="pairing"),
    path("pairings/<uuid:pairing_id>/do/<slug:act>/", act, name="pairing_act"),
    path("pairings/<uuid:pairing_id>/look/", look, name="pairing_look"),
    path("pairings/<uuid:pairing_id>/sheet/", sheet, name="pairing_sheet"),
    path("me/pairings/", mine, name="my_pairings"),
]
