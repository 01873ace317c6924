"""Desk page: the slip that gives the supervising resident their own link, so that they need no account to sign off."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.matters.api import MatterPage, matter_page
from bihuan.methods import api as methods
from bihuan.people.api import actor_for
from bihuan.web.desk.meetings_print import qr
from bihuan.web.portal.secrets import party_secret

SUPERVISOR = "supervisor"


def may_hand_over(page: MatterPage) -> bool:
    """Whether this reader may hold the supervisor's link: never who leads or tracks, or they could sign off themselves.

    It shows the resident's progress page, so it also needs the right to read personal data here.
    """
    method = methods.get_method(page.matter.version_ref_id)
    return page.may_see_personal and not page.roles & set(method.responsibility)


def hand_url(page: MatterPage) -> str:
    """Return the address of the slip; "" where there is nobody to give it to, or the reader may not hold it."""
    named = next((party for party in page.parties if party.role == SUPERVISOR), None)
    if named is None or not may_hand_over(page):
        return ""
    return reverse("desk:matter_hand", args=[page.matter.pk, named.person_id])


@never_cache
@require_safe
def hand(request: HttpRequest, matter_id: UUID, person_id: UUID) -> HttpResponse:
    """The slip: whose it is, what for, the code to scan. Printed, or shown across the table."""
    page = matter_page(actor_for(request), matter_id)
    named = next((p for p in page.parties if p.role == SUPERVISOR and p.person_id == person_id), None)
    if named is None:
        raise Http404
    if not may_hand_over(page):
        raise PermissionDenied(_("验收链接由不承办这件事的人交给监督群众。"))
    url = request.build_absolute_uri(reverse("portal:supervise", args=[party_secret(matter_id, person_id)]))
    context = {"page": page, "matter": page.matter, "named": named, "url": url, "qr": qr(url)}
    response = render(request, "web/desk/matter/hand.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [path("matters/<uuid:matter_id>/hand/<uuid:person_id>/", hand, name="matter_hand")]
