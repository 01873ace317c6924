"""Finding one's building: the home page, the lists, and what a community shows to everybody."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.activities.api import coming_up
from bihuan.areas.api import by_name, chain, display_name, find, is_code
from bihuan.areas.models import Area
from bihuan.web.desk.shapes import centre_of, frame_of, label_size, path_of, rings_of
from bihuan.web.portal import queries
from bihuan.web.portal.sharing import FEEDS, share_of_list

COMMUNITY = 12
LONGEST_QUERY = 40


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Find your building; what the door code is; what was settled last."""
    asked = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    found = _found(asked)
    if len(found) == 1 and found[0]["exact"]:
        return HttpResponseRedirect(str(found[0]["url"]))
    words = {
        "asked": asked,
        "found": found,
        "directory": queries.directory(_inside(request)),
        "results": queries.latest_results(),
        "meetings": queries.latest_meetings(),
    }
    return render(request, "web/portal/home.html", words)


def _inside(request: HttpRequest) -> str:
    code = request.GET.get("in", "")
    return code if is_code(code) else ""


def _found(asked: str) -> list[dict[str, object]]:
    """Return the communities and buildings that a text names, with the names above them."""
    areas = [area for area in by_name(asked) if len(area.code) >= COMMUNITY] if asked else []
    # A building is named after its community: whoever asks for the community is not asking for all its buildings.
    areas = [area for area in areas if len(area.code) == COMMUNITY or asked in area.short_name or asked == area.name]
    above = dict(_communities(areas))
    return [
        {
            "area": area,
            "above": above.get(area.code[:COMMUNITY], "") if len(area.code) > COMMUNITY else "",
            "url": reverse("portal:community", args=[area.code])
            if len(area.code) == COMMUNITY
            else reverse("portal:report_area", args=[area.code]),
            "exact": asked in {area.name, area.short_name, area.code},
        }
        for area in areas
    ]


def _communities(areas: list[Area]) -> list[tuple[str, str]]:
    codes = {area.code[:COMMUNITY] for area in areas}
    return [(area.code, display_name(area)) for area in Area.objects.filter(code__in=codes)]


@login_not_required
@require_safe
def choose_community(request: HttpRequest) -> HttpResponse:
    """Report without a door code: first the community."""
    return render(request, "web/portal/choose_community.html", {"directory": queries.directory(_inside(request))})


def _community(code: str) -> Area:
    area = find(code)
    if area is None or area.level != Area.Level.COMMUNITY:
        raise Http404
    return area


@login_not_required
@require_safe
def choose_building(request: HttpRequest, code: str) -> HttpResponse:
    """Report without a door code: then the building, by list or on the map."""
    area = _community(code)
    rows = queries.buildings(area)
    words = {"community": area, "name": display_name(area), "buildings": rows, "plan": plan_of(rows)}
    return render(request, "web/portal/choose_building.html", words)


@login_not_required
@require_safe
def community(request: HttpRequest, code: str) -> HttpResponse:
    """What a community shows to everybody: results, meetings, open matters, the map."""
    area = _community(code)
    state = request.GET.get("state", "")
    state = state if state in {"open", "closed"} else ""
    rows = queries.buildings(area)
    words = {
        "community": area,
        "above": chain(code)[:-1],
        "state": state,
        "listing": queries.matters_of(code, state=state, cursor=request.GET.get("after", "")),
        "meetings": queries.latest_meetings(code),
        "activities": coming_up(code, limit=3),
        "buildings": rows,
        "plan": plan_of(rows),
        "open": sum(row.open for row in rows),
        "share": share_of_list(area, "community", _("公开的事项"), *FEEDS[""]),
    }
    return render(request, "web/portal/community.html", words)


def plan_of(rows: list[queries.Building]) -> dict[str, object] | None:
    """Return the buildings' footprints as SVG paths, or nothing where none was drawn."""
    shapes = [(row, rings_of(row.area.shape)) for row in rows]
    shapes = [(row, rings) for row, rings in shapes if rings]
    frame = frame_of(ring for _row, rings in shapes for ring in rings)
    if frame is None:
        return None
    # Numbers stay readable on a phone, where a building is a few pixels high.
    size = max(label_size([rings for _row, rings in shapes]), frame.width / 26)
    drawn = []
    for row, rings in shapes:
        x, y = centre_of(rings[0], frame)
        drawn.append({"row": row, "path": path_of(rings, frame), "x": f"{x:.1f}", "y": f"{y:.1f}"})
    sources = sorted({_(row.area.shape_source) for row, _rings in shapes if row.area.shape_source})
    return {"box": frame.view_box, "shapes": drawn, "size": f"{size:.1f}", "source": _("、").join(sources)}
