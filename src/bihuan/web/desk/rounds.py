"""Desk pages: what the rounds cover and what they found. No figure here is about a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.areas.api import display_name
from bihuan.areas.models import Area
from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.api import CoverageView, RoundRef
from bihuan.kernel.api import BadInput, clock
from bihuan.people.api import Actor, actor_for, can, require
from bihuan.people.permissions import ROUND_READ, VISIT_READ, VISIT_RECORD
from bihuan.web.desk import rounds_view
from bihuan.web.desk.map import communities_with

LONGEST = 400  # days of one look


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for: the community, the round, its level, and the period (none: the open window)."""

    communities: list[Area]
    community: Area | None
    rounds: tuple[RoundRef, ...]
    ref: RoundRef | None
    level: int
    since: date | None
    until: date | None
    wrong: str

    def address(self, page: str, **changes: str) -> str:
        """Return the address of a page about the same round."""
        values = {
            "community": self.community.code if self.community else "",
            "round": key_of(self.ref) if self.ref else "",
            "level": str(self.level) if self.level > 1 else "",
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        } | changes
        query = urlencode({name: value for name, value in values.items() if value})
        return reverse(page) + (f"?{query}" if query else "")


def key_of(ref: RoundRef) -> str:
    """Return how addresses name a round."""
    return f"{ref.method_key}:{ref.round}"


def chosen_round(request: HttpRequest, actor: Actor) -> Chosen:
    """Read the address.

    Raises:
        Http404: for a community that is not the reader's, or a round that is not in use there.
    """
    communities = communities_with(actor, ROUND_READ)
    code = request.GET.get("community", "")[:12]
    community = next((area for area in communities if area.code == code), None)
    if code and community is None:
        raise Http404
    community = community or (communities[0] if communities else None)
    rounds = fieldwork.rounds_in(actor, community.code) if community else ()
    wanted = request.GET.get("round", "")[:101]
    ref = next((ref for ref in rounds if key_of(ref) == wanted), None)
    if wanted and ref is None:
        raise Http404
    ref = ref or (rounds[0] if rounds else None)
    level = request.GET.get("level", "1")
    levels = ref.levels if ref else 1
    level_no = int(level) if level.isascii() and level.isdigit() and 1 <= int(level[:2]) <= levels else 1
    since, until, wrong = period(request)
    return Chosen(communities, community, rounds, ref, level_no, since, until, wrong)


def period(request: HttpRequest) -> tuple[date | None, date | None, str]:
    """Return the period that the address asks for, and what is wrong with it."""
    days: list[date | None] = []
    for name in ("since", "until"):
        text = request.GET.get(name, "").strip()[:10]
        try:
            day = parse_date(text) if text else None
        except ValueError:
            day = None
        if text and day is None:
            return None, None, _("日期写成 2024-04-03 这样。")
        days.append(day)
    since, until = days
    if since and until and since > until:
        return None, None, _("开始的日期在结束之后，请对调。")
    if since and until and (until - since).days > LONGEST:
        return None, None, _("一次最多看 %(n)s 天，请分段看。") % {"n": LONGEST}
    return since, until, ""


def _read(actor: Actor, chosen: Chosen) -> tuple[CoverageView | None, str]:
    if chosen.community is None or chosen.ref is None:
        return None, chosen.wrong
    ref, code = chosen.ref, chosen.community.code
    given = {"since": chosen.since, "until": chosen.until}
    try:
        return fieldwork.coverage(actor, code, ref.method_key, ref.round, chosen.level, **given), chosen.wrong
    except BadInput as error:
        said = " ".join(f"{problem.why}{problem.how}" for problem in error.problems)
        return fieldwork.coverage(actor, code, ref.method_key, ref.round, chosen.level), said


@never_cache
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """What a round covers: the map, and the list in the same order."""
    actor = actor_for(request)
    require(actor, ROUND_READ)
    chosen = chosen_round(request, actor)
    view, wrong = _read(actor, chosen)
    context = _frame(actor, chosen) | {"wrong": wrong, "view": view, "map": None}
    if view is not None and chosen.community is not None:
        may_read = bool(can(actor, VISIT_READ, chosen.community.code))
        context |= rounds_view.drawn(chosen.community, view, may_read=may_read)
        context |= {"record": can(actor, VISIT_RECORD).allowed}
    return render(request, "web/desk/rounds/page.html", context)


def _frame(actor: Actor, chosen: Chosen) -> dict[str, Any]:
    """Return what the pages of a round share: which it is, and the ways to others."""
    ref = chosen.ref
    here = chosen.community.code if chosen.community else ""
    return {
        "chosen": chosen,
        "community": chosen.community,
        "title": display_name(chosen.community) if chosen.community else "",
        "ref": ref,
        "tabs": [
            (
                chosen.address("desk:rounds", round=key_of(other), level="", since="", until=""),
                other.title,
                other == ref,
            )
            for other in chosen.rounds
        ],
        "level_tabs": [
            (chosen.address("desk:rounds", level=str(level) if level > 1 else ""), level, level == chosen.level)
            for level in range(1, (ref.levels if ref else 1) + 1)
        ],
        "sheet_url": chosen.address("desk:round_sheet"),
        "findings_url": chosen.address("desk:round_findings", round="", level="", since="", until="")
        if here and can(actor, VISIT_READ, here)
        else "",
        "places_url": chosen.address("desk:round_places", round="", level="", since="", until="")
        if here and can(actor, ROUND_READ, here)
        else "",
        "now_url": chosen.address("desk:rounds", since="", until=""),
        "now": clock.now(),
        "record": False,
        "lines": [],
        "days": None,
        "rest": 0,
        "source": "",
        "kinds": False,
        "several": False,
    }


@never_cache
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """A blank sheet of a round, to be filled in by hand and typed later with the time of the visit."""
    actor = actor_for(request)
    require(actor, ROUND_READ)
    chosen = chosen_round(request, actor)
    view, _wrong = _read(actor, chosen)
    if view is None or chosen.ref is None or chosen.community is None:
        raise Http404
    context = _frame(actor, chosen) | {"view": view} | rounds_view.sheet(chosen.community, chosen.ref, view)
    context["back"] = chosen.address("desk:rounds")
    return render(request, "web/desk/rounds/sheet.html", context)


@never_cache
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """What was found, by kind, place and week, and what more than one visit met."""
    actor = actor_for(request)
    require(actor, VISIT_READ)
    communities = communities_with(actor, VISIT_READ)
    code = request.GET.get("community", "")[:12]
    community = next((area for area in communities if area.code == code), None)
    if code and community is None:
        raise Http404
    community = community or (communities[0] if communities else None)
    since, until, wrong = period(request)
    today = clock.today()
    until = until or today
    since = since or date(until.year, (until.month - 1) // 3 * 3 + 1, 1)
    if since > until:
        since, wrong = until, wrong or _("开始的日期在结束之后，请对调。")
    context: dict[str, Any] = {
        "communities": communities,
        "community": community,
        "title": display_name(community) if community else "",
        "since": since,
        "until": until,
        "wrong": wrong,
        "groups": [],
        "any": False,
        "twice": (),
    }
    if community is not None:
        context |= rounds_view.found(actor, community.code, since, until)
    return render(request, "web/desk/rounds/findings.html", context)


urlpatterns = [
    path("rounds/", rounds, name="rounds"),
    path("rounds/sheet/", sheet, name="round_sheet"),
    path("rounds/findings/", findings, name="round_findings"),
]
