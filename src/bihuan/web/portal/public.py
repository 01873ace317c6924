"""The public side of an area: what was settled, announced, met about and praised in a community or a district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.activities.api import ActivityRow, coming_up
from bihuan.areas.api import chain, display_name
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput
from bihuan.reporting.bulletins import api as bulletins
from bihuan.web.portal import queries, sharing, subjects
from bihuan.web.portal.counted import counts_of
from bihuan.web.portal.subjects import Subject

FIRST = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """What an area's home shows, the newest of each kind."""

    results: queries.Listing
    notices: list[bulletins.Row]
    models: Sequence[bulletins.Row]
    meetings: list[queries.MeetingRow]
    activities: Sequence[ActivityRow]


def newest_of(code: str) -> Shown:
    """Read what an area's home shows."""
    told = bulletins.published_bulletins(code, limit=FIRST + 1)
    return Shown(
        results=queries.results_of(code, limit=FIRST),
        notices=[row for row in told.rows if row.kind != "model"][:FIRST],
        models=bulletins.published_bulletins(code, kind="model", limit=FIRST).rows,
        meetings=queries.latest_meetings(code, limit=FIRST),
        activities=coming_up(code, limit=FIRST),
    )


def shown_at(code: str) -> list[Subject]:
    """Return the subjects that an area's home shows: at most five of each kind."""
    shown = newest_of(code)
    found: list[Subject | None] = [subjects.of_matter(row.number) for row in shown.results.rows]
    found += [subjects.of_bulletin(row.id) for row in (*shown.notices, *shown.models)]
    found += [subjects.of_meeting(row.id) for row in shown.meetings]
    found += [subjects.of_activity(row.id) for row in shown.activities]
    return [one for one in found if one is not None]


@login_not_required
@require_safe
def home(request: HttpRequest, code: str) -> HttpResponse:
    """What an area shows to everybody, on one page."""
    area = subjects.area_of(code)
    shown = newest_of(code)
    words = {
        "area": area,
        "name": display_name(area),
        "above": chain(code)[:-1],
        "is_community": area.level == Area.Level.COMMUNITY,
        "counts": counts_of(code),
        **{field.name: getattr(shown, field.name) for field in fields(shown)},
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
    words["share"] = sharing.share_of_list(area, "results", _("办结的事项"), "results")
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
    words["share"] = sharing.share_of_list(area, "meetings", _("会议结果"), "meetings")
    return render(request, "web/portal/public/meetings.html", words)
