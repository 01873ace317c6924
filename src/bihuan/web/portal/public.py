"""The public side of an area: what was settled, announced, met about and praised in a community or a district."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bihuan.activities.api import coming_up
from bihuan.areas.api import chain, display_name
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput
from bihuan.reporting.bulletins import api as bulletins
from bihuan.web.portal import queries, sharing, subjects
from bihuan.web.portal.counted import counts_of

FIRST = 5


@login_not_required
@require_safe
def home(request: HttpRequest, code: str) -> HttpResponse:
    """What an area shows to everybody, on one page."""
    area = subjects.area_of(code)
    told = bulletins.published_bulletins(code, limit=FIRST + 1)
    models = bulletins.published_bulletins(code, kind="model", limit=FIRST)
    words = {
        "area": area,
        "name": display_name(area),
        "above": chain(code)[:-1],
        "is_community": area.level == Area.Level.COMMUNITY,
        "counts": counts_of(code),
        "results": queries.results_of(code, limit=FIRST),
        "notices": [row for row in told.rows if row.kind != "model"][:FIRST],
        "models": models.rows,
        "meetings": queries.latest_meetings(code, limit=FIRST),
        "activities": coming_up(code, limit=FIRST),
        "share": sharing.share_of(subjects.of_area(area)),
    }
    return render(request, "web/portal/public/home.html", words)


@login_not_required
@require_safe
def results(request: HttpRequest, code: str) -> HttpResponse:
    """All that was settled in an area, a page at a time."""
    area = subjects.area_of(code)
    try:
        listing = queries.results_of(code, cursor=request.GET.get("after", "")[:80])
    except BadInput:
        return HttpResponseRedirect(reverse("portal:results", args=[code]))
    words = {"area": area, "name": display_name(area), "listing": listing}
    return render(request, "web/portal/public/results.html", words)


@login_not_required
@require_safe
def meetings(request: HttpRequest, code: str) -> HttpResponse:
    """All meetings of an area whose results are published, a page at a time."""
    area = subjects.area_of(code)
    try:
        rows, more = queries.meetings_of(code, cursor=request.GET.get("after", "")[:80])
    except BadInput:
        return HttpResponseRedirect(reverse("portal:meetings", args=[code]))
    words = {"area": area, "name": display_name(area), "meetings": rows, "next": more}
    return render(request, "web/portal/public/meetings.html", words)
