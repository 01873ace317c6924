"""Desk pages: the cockpit (看板): one page for a leader, live, every number opening what is behind it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.areas.api import display_name, find, parent_of
from bihuan.areas.models import Area
from bihuan.kernel.api import Refused, clock
from bihuan.people.api import FIGURE_READ, Actor, actor_for, can, require
from bihuan.reporting.api import DONE, DRAGGED, SAID, Below, Cockpit, FigureValue, Standing, cockpit
from bihuan.web.desk.figures import list_address, said
from bihuan.web.desk.map import picture
from bihuan.web.desk.months import month_words, said_month


@dataclass(frozen=True, slots=True)
class Tile:
    """A number at the top: its words, where it opens, the period before beside it, a plate's colour."""

    title: str
    text: str
    url: str = ""
    before: str = ""
    plate: str = ""


@never_cache
@require_safe
def cockpit_page(request: HttpRequest) -> HttpResponse:
    """The page; or, where htmx asks again, only what may have changed (nothing at all where nothing has)."""
    actor = actor_for(request)
    require(actor, FIGURE_READ)
    area = _area(request, actor)
    context: dict[str, Any] = {"area": area, "title": display_name(area), "here": _address(area.code)}
    try:
        context |= _shown(cockpit(actor, area.code), area)
    except Refused as error:
        context["wrong"] = " ".join(f"{one.why}{one.how}" for one in error.problems)
    if request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers:
        return _fragment(request, context)
    up = parent_of(area.code)
    context["up_url"] = _address(up) if up and can(actor, FIGURE_READ, up) else ""
    context["etag"] = _etag(_live(request, context))
    return render(request, "web/desk/cockpit/page.html", context | {"at": clock.now()})


def _area(request: HttpRequest, actor: Actor) -> Area:
    roots = actor.areas_with(FIGURE_READ)
    code = request.GET.get("area", "")[:21] or (min(roots, key=len) if roots else "")
    area = find(code) if code and can(actor, FIGURE_READ, code) else None
    if area is None:
        raise Http404
    return area


def _live(request: HttpRequest, context: dict[str, Any]) -> str:
    return render_to_string("web/desk/cockpit/_live.html", context, request)


def _etag(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _fragment(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Answer 204 where nothing has changed since the page that asks: htmx then leaves it alone."""
    text = _live(request, context)
    etag = _etag(text)
    if request.GET.get("seen") == etag:
        return HttpResponse(status=204)
    whole = render_to_string("web/desk/cockpit/_whole.html", context | {"live": text, "etag": etag}, request)
    return HttpResponse(whole)


def _address(code: str) -> str:
    return reverse("desk:cockpit") + "?" + urlencode({"area": code})


def _ledger(code: str, **filters: str) -> str:
    return reverse("desk:ledger") + "?" + urlencode({"area": code, **filters})


def _shown(page: Cockpit, area: Area) -> dict[str, Any]:
    rows = [_row(one) for one in page.below]
    busy = [row for row in rows if row["busy"]]
    values = {value.key: value for value in page.values}
    asked = ((_("办得怎样"), DONE), (_("拖没拖、反复没反复"), DRAGGED), (_("群众怎么说"), SAID))
    return {
        "now": _now(page.standing, area.code),
        "zero": not page.standing.open and not values["collected"].value,
        "groups": [(words, [_tile(values[key]) for key in keys]) for words, keys in asked],
        "rows": busy,
        "quiet": len(rows) - len(busy),
        "below": bool(rows),
        "heads": [value.title for value in page.below[0].values] if page.below else [],
        "more_below": page.more_below,
        "map": picture(area, [one.area for one in page.below], rows) if page.below else None,
        "months": [(said_month(one.month), one.collected, one.settled) for one in page.months],
        "month_heads": (values["collected"].title, values["settled"].title),
        "kinds": [(value.split_title, value.value, _open(value)) for value in page.kinds],
        "month": month_words(page.month),
        "figures_url": reverse("desk:figures") + "?" + urlencode({"area": area.code}),
        "methods_url": reverse("desk:figures") + "?" + urlencode({"area": area.code, "split": "method"}),
        "below_url": reverse("desk:figures") + "?" + urlencode({"area": area.code, "split": "area"}),
    }


def _now(standing: Standing, code: str) -> list[Tile]:
    return [
        Tile(_("未办结"), f"{standing.open:,}", _ledger(code, state="open")),
        Tile(_("红牌"), f"{standing.red:,}", _ledger(code, card="red"), plate="red" if standing.red else ""),
        Tile(
            _("黄牌"), f"{standing.yellow:,}", _ledger(code, card="yellow"), plate="yellow" if standing.yellow else ""
        ),
        Tile(_("历来登记"), f"{standing.total:,}", _ledger(code)),
    ]


def _tile(value: FigureValue) -> Tile:
    return Tile(value.title, said(value.value, value.unit), _open(value), said(value.before, value.unit))


def _open(value: FigureValue) -> str:
    return list_address(value.drill, "d" if value.kind == "rate" else "") if value.n > 0 else ""


def _row(one: Below) -> dict[str, Any]:
    """Return an area below as the table and the map show it."""
    code, standing = one.area.code, one.standing
    cards = [{"colour": colour, "n": n} for colour, n in (("red", standing.red), ("yellow", standing.yellow)) if n]
    return {
        "code": code,
        "name": one.name,
        "number": "".join(mark for mark in one.name if mark.isdigit()) or one.name[:4],
        "open": standing.open,
        "total": standing.total,
        "busy": bool(standing.open or any(value.n for value in one.values)),
        "open_url": _ledger(code, state="open"),
        "red": standing.red,
        "red_url": _ledger(code, card="red"),
        "yellow": standing.yellow,
        "yellow_url": _ledger(code, card="yellow"),
        "cards": cards,
        "card": cards[0]["colour"] if cards else "",
        "mine": True,
        "url": _address(code) if len(code) < 12 or one.values else _ledger(code, state="open"),
        "said": _("%(name)s：未办结 %(n)s 件") % {"name": one.name, "n": standing.open},
        "values": [(said(value.value, value.unit), _open(value)) for value in one.values],
    }


urlpatterns = [path("cockpit/", cockpit_page, name="cockpit")]
