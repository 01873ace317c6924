"""Desk pages: the community's micro-grids as a map that needs neither tiles nor JavaScript."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.areas.api import display_name, subtree_q, to_wgs84, within
from bihuan.areas.models import Area
from bihuan.matters.api import AreaCount, map_counts
from bihuan.people.api import MAP_READ, Actor, actor_for, require
from bihuan.web.desk import shapes

_NONE = AreaCount("", "", 0, 0, 0, 0)


@require_safe
def area_map(request: HttpRequest) -> HttpResponse:
    """The map of one community: each micro-grid with what is open in it, and the list in the same order."""
    actor = actor_for(request)
    require(actor, MAP_READ)
    communities = communities_of(actor)
    code = request.GET.get("community", "")[:12]
    chosen = next((area for area in communities if area.code == code), None)
    if code and chosen is None:
        raise Http404
    if chosen is None and communities:
        chosen = _first_drawn(communities)
    context: dict[str, Any] = {"communities": communities, "chosen": chosen, "map": None, "rows": []}
    context |= {"title": "", "others": 0}
    if chosen is not None:
        context["title"] = display_name(chosen)
        counts = {count.area_code: count for count in map_counts(actor, chosen.code)}
        areas = list(Area.objects.filter(subtree_q("code", chosen.code), active=True))
        context |= drawn(actor, chosen, areas, counts)
    return render(request, "web/desk/map/page.html", context)


def communities_of(actor: Actor) -> list[Area]:
    """Return the communities that hold or lie in the areas an actor may see on a map. One statement."""
    return communities_with(actor, MAP_READ)


def communities_with(actor: Actor, permission: str) -> list[Area]:
    """Return the communities that hold or lie in the areas where an actor has a permission. One statement."""
    roots = actor.areas_with(permission)
    wanted = Q(pk__in=[])
    for root in roots:
        wanted |= Q(code=root[:12]) if len(root) >= 12 else subtree_q("code", root)
    return list(Area.objects.filter(wanted, level="community", active=True).defer("shape").order_by("code"))


def _first_drawn(communities: list[Area]) -> Area:
    """Return the first community whose micro-grids have shapes: a district opens on a map, not on a blank."""
    if len(communities) == 1:
        return communities[0]
    wanted = Q(parent_code__in=[area.code for area in communities[:400]], shape__isnull=False)
    first = Area.objects.filter(wanted, active=True).order_by("code").values_list("parent_code", flat=True).first()
    return next((area for area in communities if area.code == first), communities[0])


def drawn(actor: Actor, chosen: Area, areas: list[Area], counts: dict[str, AreaCount]) -> dict[str, Any]:
    """Return the map and the list beside it, in the order of codes: west to east, north to south.

    Who answers for one grid sees the whole community's shapes, and counts only in their own.
    """
    leaves = [area for area in areas if area.code != chosen.code]
    roots = actor.areas_with(MAP_READ)
    rows = [
        _row(area, counts.get(area.code, _NONE), mine=any(within(area.code, root) for root in roots)) for area in leaves
    ]
    return {
        "rows": sorted(rows, key=lambda row: not row["mine"]),
        "mine_total": sum(row["mine"] for row in rows),
        "others": sum(not row["mine"] for row in rows),
        "open_total": sum(row["open"] for row in rows),
        "map": picture(chosen, leaves, rows),
        "source": _("、").join(sorted({_(area.shape_source) for area in leaves if area.shape_source})),
    }


def _row(area: Area, count: AreaCount, *, mine: bool) -> dict[str, Any]:
    name = display_name(area)
    cards = [{"colour": colour, "n": n} for colour, n in (("red", count.red), ("yellow", count.yellow)) if mine and n]
    return {
        "code": area.code,
        "name": name,
        "number": "".join(mark for mark in name if mark.isdigit()) or name[:4],
        "open": count.open if mine else 0,
        "total": count.total if mine else 0,
        "cards": cards,
        "card": cards[0]["colour"] if cards else "",
        "mine": mine,
        "url": f"{reverse('desk:ledger')}?area={area.code}&state=open" if mine else "",
        "said": _said(name, count) if mine else name,
    }


def _said(name: str, count: AreaCount) -> str:
    said = _("%(name)s：未办结 %(n)s 件") % {"name": name, "n": count.open}
    for n, words in ((count.red, _("红牌 %(n)s 张")), (count.yellow, _("黄牌 %(n)s 张"))):
        if n:
            said += _("，") + words % {"n": n}
    return said


def picture(chosen: Area, leaves: list[Area], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the SVG's numbers, or None where nothing has a shape.

    Args:
        chosen: the community.
        leaves: the areas to draw.
        rows: what each of them shows, in the same order; ``mine``: whether it is the reader's own.
    """
    move = _shift(chosen)
    outline = _moved(shapes.rings_of(chosen.shape), move)
    rings = [_moved(shapes.rings_of(area.shape), move) for area in leaves]
    own = [found for found, row in zip(rings, rows, strict=True) if row["mine"]]
    seen = own if any(own) and len(own) < len(rings) else [outline, *rings]  # opens on the reader's own grids
    frame = shapes.frame_of([ring for found in seen for ring in found])
    if frame is None or not any(rings):
        return None
    size = max(shapes.label_size(rings), min(frame.width, frame.height) / 36)
    figures = []
    for found, row in zip(rings, rows, strict=True):
        if found:
            x, y = shapes.centre_of(found[0], frame)
            low = max(point[1] for point in found[0]) - frame.top
            figures.append(
                {
                    **row,
                    "d": shapes.path_of(found, frame),
                    "x": round(x, 1),
                    "y": round(y, 1),
                    "text_y": round(y + size * 0.36, 1),
                    "name_y": round(low + size * 0.95, 1),
                    "card_x": round(x + size * 0.8, 1),
                    "card_y": round(y - size * 0.8, 1),
                }
            )
    return {
        "view_box": frame.view_box,
        "width": round(frame.width),
        "height": round(frame.height),
        "left": round(frame.left, 1),
        "top": round(frame.top, 1),
        "outline": shapes.path_of(outline, frame) if outline else "",
        "figures": figures,
        "size": round(size, 1),
        "small": round(size * 0.72, 1),
        "radius": round(size * 0.92, 1),
        "half": round(size * 0.6, 1),
        "tiles": shapes.tiles_under(frame, settings.TILE_URL),
        "tile_url": settings.TILE_URL,
        "tile_words": settings.TILE_WORDS,
    }


def _shift(chosen: Area) -> tuple[float, float]:
    """Return by how many world pixels shapes move to lie right on tiles drawn in GCJ-02.

    GCJ-02 is WGS-84 bent by a slowly changing amount: over one community it is a shift. The bend is known only in
    the other direction; taking it at the same point is wrong by centimetres.
    """
    if not settings.TILE_URL or settings.TILE_SYSTEM != "gcj02" or chosen.lon is None or chosen.lat is None:
        return 0.0, 0.0
    lon, lat = to_wgs84(chosen.lon, chosen.lat, "gcj02")
    here, there = shapes.project(chosen.lon, chosen.lat), shapes.project(lon, lat)
    return here[0] - there[0], here[1] - there[1]


def _moved(rings: list[shapes.Ring], move: tuple[float, float]) -> list[shapes.Ring]:
    if move == (0.0, 0.0):
        return rings
    return [[(x + move[0], y + move[1]) for x, y in ring] for ring in rings]


urlpatterns = [path("map/", area_map, name="map")]
