"""Desk pages: one matter, and what may be done with it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.fieldwork.api import visits_that_found
from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, clock
from bihuan.matters.api import MatterPage, advance, by_number, matter_page, merge, reveal_contact
from bihuan.meetings.api import deliberations
from bihuan.meetings.models import Resolution
from bihuan.methods import api as methods
from bihuan.methods.api import Offer
from bihuan.people.api import MATTER_PERSONAL, Actor, actor_for, require
from bihuan.web import chain
from bihuan.web.desk import choices, matter_view
from bihuan.web.desk.forms import GIVEN, PARTY, PHOTO, ActionForm, RevealForm, sets_limit


@never_cache
@require_safe
def matter(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """One matter: what it is, what comes next and why, everything that happened, who answers for it."""
    actor = actor_for(request)
    page = matter_page(actor, matter_id)
    offer = chosen_offer(page, request.GET.get("do", ""))
    form = make_form(page, offer) if offer is not None and not offer.refusals else None
    return _show(request, page, offer=offer, form=form)


@never_cache
@require_POST
def act(request: HttpRequest, matter_id: UUID, action: str) -> HttpResponse:
    """Do one act. Refused or overtaken: the page again with the reasons, and with everything that was typed."""
    actor = actor_for(request)
    page = matter_page(actor, matter_id)
    offer = next((offer for offer in page.offers if offer.action == action), None)
    if offer is None:
        return _gone(request, page)
    form = make_form(page, offer, request)
    if not form.is_valid():
        return _show(request, page, offer=offer, form=form, status=422)
    try:
        _advance(actor, page, form)
    except Conflict:
        return _overtaken(request, actor, page, action)
    except (Refused, BadInput, NotFound) as error:
        return _refused(request, actor, page, action, error.problems)
    draft = f"matter-{matter_id}-{action}"
    messages.success(request, _("已记下：%(act)s。") % {"act": said(offer)}, extra_tags=draft)
    return HttpResponseRedirect(reverse("desk:matter", args=[matter_id]))


def _advance(actor: Actor, page: MatterPage, form: ActionForm) -> None:
    given, data = form.cleaned_data, form.event_data()
    if form.offer.does == "merge":
        merge(
            actor=actor,
            matter_id=page.matter.pk,
            into_id=by_number(actor, page.matter, given["into"]),
            entry_id=given["entry_id"],
            reason=given.get("reason", ""),
        )
        return
    advance(
        actor=actor,
        matter_id=page.matter.pk,
        action=form.offer.action,
        data=data,
        photos=form.photos(),
        entry_id=given["entry_id"],
        expected_version=given["version"],
    )


def said(offer: Offer) -> str:
    """Return an offer's title in the reader's language."""
    return offer.title_en if choices.language() == "en" and offer.title_en else offer.title


def chosen_offer(page: MatterPage, wanted: str) -> Offer | None:
    """Return the act that the page opens with: the one asked for, else the primary one, else what is owed."""
    by_key = {offer.action: offer for offer in page.offers}
    if wanted in by_key:
        return by_key[wanted]
    if page.primary is not None and not page.primary.refusals:
        return page.primary
    return next((offer for offer in page.offers if offer.must and not offer.refusals), None)


def make_form(
    page: MatterPage, offer: Offer, request: HttpRequest | None = None, data: Mapping[str, Any] | None = None
) -> ActionForm:
    """Return the form of one offer, bound to the request's input where there is one."""
    method = methods.get_method(page.matter.version_ref_id)
    people = {}
    for role in offer.assigns:
        rule = method.responsibility.get(role)
        people[role] = choices.eligible(page.matter, rule.from_) if rule else []
    values = data if data is not None else (request.POST if request else None)
    return ActionForm(
        values,
        request.FILES if request else None,
        offer=offer,
        method=method,
        language=choices.language(),
        people=people,
        fields_now=page.matter.state_json.get("fields") or {},
        parties_now=page.matter.state_json.get("parties") or {},
        version=page.matter.version,
        initial={"until": until} if (until := _resolved_until(page, offer, method)) else None,
    )


def _resolved_until(page: MatterPage, offer: Offer, method: Any) -> date | None:
    """Return the day that the meeting set, where who assigns may give one: nobody types it again."""
    if not offer.assigns or offer.does == "extend" or not sets_limit(method, offer.action):
        return None
    found = Resolution.objects.filter(item__matter_id=page.matter.pk, carried=True, due_on__gte=clock.today())
    return found.order_by("-decided_at").values_list("due_on", flat=True).first()


def _overtaken(request: HttpRequest, actor: Actor, before: MatterPage, action: str) -> HttpResponse:
    """Show what somebody else did meanwhile beside what this person typed; nothing typed is lost."""
    seen = int(request.POST.get("version") or before.matter.version)
    page = matter_page(actor, before.matter.pk)
    meanwhile = [line for line in page.timeline if line.seq > seen]
    offer = next((offer for offer in page.offers if offer.action == action), None)
    form = None
    if offer is not None and not offer.refusals:
        fresh = request.POST.copy()
        fresh["version"] = str(page.matter.version)
        form = make_form(page, offer, request, fresh)
        form.is_valid()
    typed = matter_view.typed_text(request.POST, before)
    return _show(request, page, offer=offer, form=form, meanwhile=meanwhile, typed=typed, status=409)


def _refused(
    request: HttpRequest, actor: Actor, before: MatterPage, action: str, problems: Sequence[Problem]
) -> HttpResponse:
    page = matter_page(actor, before.matter.pk)
    offer = next((offer for offer in page.offers if offer.action == action), None)
    if offer is None:
        return _gone(request, page)
    if offer.refusals:  # not this person's to do, or not now: the reasons stand on the disabled act
        typed = matter_view.typed_text(request.POST, page)
        return _show(request, page, offer=offer, form=None, typed=typed, status=422)
    form = make_form(page, offer, request)
    form.is_valid()
    for problem in problems:
        form.add_error(_beside(form, problem.field), f"{problem.why}{problem.how}")
    return _show(request, page, offer=offer, form=form, status=422)


def _beside(form: ActionForm, where: str) -> str | None:
    """Return the form field that a problem stands beside; None for the head of the form."""
    name = where.rsplit(".", 1)[-1]
    for candidate in (name, GIVEN + name, PARTY + name, PHOTO + name):
        if candidate in form.fields and not form.fields[candidate].widget.is_hidden:
            return candidate
    return None


def _gone(request: HttpRequest, page: MatterPage) -> HttpResponse:
    """The act is no longer offered: say so, and give back what was typed."""
    return _show(
        request,
        page,
        offer=None,
        form=None,
        meanwhile=page.timeline[-1:],
        typed=matter_view.typed_text(request.POST, page),
        status=409,
    )


def _show(
    request: HttpRequest,
    page: MatterPage,
    *,
    offer: Offer | None,
    form: ActionForm | None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = matter_view.context(page, offer=offer, form=form)
    names = {party.person_id: party.name for party in page.parties}
    context["found_by"] = visits_that_found(actor_for(request), page.matter.pk)
    context["deliberated"] = chain.shown(deliberations(actor_for(request), page.matter.pk, names))
    more = {"meanwhile": [], "typed": [], "reveal_form": None, "revealed": None} | more
    asking = more["reveal_form"].data.get("sealed_id", "") if more["reveal_form"] else ""
    context |= more | {"sealed": matter_view.sealed(page, more["revealed"], asking)}
    return render(request, "web/desk/matter/page.html", context, status=status)


@never_cache
@require_POST
def reveal(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """Show one personal value in the clear, once, for a reason that is kept and shown to whom it concerns."""
    actor = actor_for(request)
    page = matter_page(actor, matter_id)
    require(actor, MATTER_PERSONAL, page.matter)
    form = RevealForm(request.POST)
    revealed, status = None, 200
    if form.is_valid():
        try:
            value = reveal_contact(
                actor=actor,
                matter_id=matter_id,
                sealed_id=form.cleaned_data["sealed_id"],
                reason=form.reason(),
            )
            revealed = {"id": form.cleaned_data["sealed_id"], "value": value}
        except (Refused, BadInput, NotFound) as error:
            for problem in error.problems:
                form.add_error(None, f"{problem.why}{problem.how}")
    if revealed is None:
        status = 422
    return _show(
        request,
        page,
        offer=None,
        form=None,
        status=status,
        reveal_form=None if revealed else form,
        revealed=revealed,
    )


def link_to(matter_id: UUID, action: str = "") -> str:
    """Return the address of a matter, or of one act on it."""
    url = reverse("desk:matter", args=[matter_id])
    return f"{url}?do={quote(action)}#do" if action else url


urlpatterns = [
    path("matters/<uuid:matter_id>/", matter, name="matter"),
    path("matters/<uuid:matter_id>/do/<str:action>/", act, name="matter_act"),
    path("matters/<uuid:matter_id>/reveal/", reveal, name="matter_reveal"),
]
