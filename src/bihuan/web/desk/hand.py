"""Desk page: the slip that gives the supervising resident their own link, so that they need no account to sign off.

Opening the page shows whose it is; asking for the slip is what is recorded, and only then does the secret appear.
"""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.kernel.api import BadInput, Conflict, Problem, new_id
from bihuan.matters.api import SUPERVISOR, MatterPage, hand_over, matter_page, party_secret
from bihuan.methods import api as methods
from bihuan.people.api import actor_for
from bihuan.web.desk.meetings_print import qr


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
@require_http_methods(["GET", "HEAD", "POST"])
def hand(request: HttpRequest, matter_id: UUID, person_id: UUID) -> HttpResponse:
    """The slip: whose it is, what for, and once asked for (and recorded) the code to scan, printed or shown."""
    actor = actor_for(request)
    page = matter_page(actor, matter_id)
    named = next((p for p in page.parties if p.role == SUPERVISOR and p.person_id == person_id), None)
    if named is None:
        raise Http404
    if not may_hand_over(page):
        raise PermissionDenied(_("验收链接由不承办这件事的人交给监督群众。"))
    context = {"page": page, "matter": page.matter, "named": named, "url": "", "qr": "", "entry_id": new_id()}
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            hand_over(
                actor=actor,
                matter_id=matter_id,
                person_id=person_id,
                role=SUPERVISOR,
                entry_id=request.POST.get("entry_id", ""),
            )
        except (BadInput, Conflict) as error:
            problems = error.problems
        else:
            url = request.build_absolute_uri(reverse("portal:supervise", args=[party_secret(matter_id, person_id)]))
            context |= {"url": url, "qr": qr(url)}
    status = 422 if problems else 200
    response = render(request, "web/desk/matter/hand.html", context | {"problems": problems}, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [path("matters/<uuid:matter_id>/hand/<uuid:person_id>/", hand, name="matter_hand")]
