"""Desk pages: the hours that the members of a team gave, published before they count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.activities.duties import api as duties
from bihuan.activities.duties.api import HoursLine
from bihuan.kernel.api import NotFound, Problem, new_id
from bihuan.people.api import Actor, actor_for
from bihuan.web.desk.activities import TOLD
from bihuan.web.desk.duties import chosen, common

BADGES = {"new": "quiet", "published": "open", "disputed": "doing", "counted": "settled"}


@never_cache
@require_safe
def hours(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """The hours that the members of a team gave: new, published, counted."""
    return _show_hours(request, duties.hours_page(actor_for(request), team_id))


def _show_hours(
    request: HttpRequest,
    page: tuple[Any, tuple[HoursLine, ...], Any],
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    team, lines, may = page
    context = {
        "team": team,
        "lines": [(line, BADGES[line.state], _long(line.minutes)) for line in lines],
        "may": may,
        "can": {name: refusal is None for name, refusal in may.items()},
        "problems": problems,
        "new_id": new_id,
    }
    return render(request, "web/desk/duties/hours.html", context, status=status)


def _long(minutes: int) -> str:
    """Return 2 小时 30 分钟."""
    whole, rest = divmod(minutes, 60)
    parts = [ngettext("%(n)s 小时", "%(n)s 小时", whole) % {"n": whole}] if whole else []
    if rest or not whole:
        parts.append(ngettext("%(n)s 分钟", "%(n)s 分钟", rest) % {"n": rest})
    return " ".join(parts)


@never_cache
@require_POST
def hours_act(request: HttpRequest, team_id: UUID, act: str) -> HttpResponse:
    """Publish hours, object to some, answer an objection. Refused: the page again with the reasons."""
    actor = actor_for(request)
    page = duties.hours_page(actor, team_id)
    handler = _HOURS_ACTS.get(act)
    if handler is None:
        raise Http404
    try:
        said = handler(request, actor, page)
    except TOLD as error:
        return _show_hours(request, page, tuple(error.problems), 422)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:hours", args=[team_id]))


def _publish_hours(request: HttpRequest, actor: Actor, page: Any) -> str:
    n = duties.publish_hours(**common(request, actor), team_id=page[0].pk)
    return _("已公示 %(n)s 条，满 3 个工作日没有异议就计入。") % {"n": n}


def _hours_key(request: HttpRequest, page: Any) -> UUID:
    key = chosen(request, "hours")
    if key not in {line.id for line in page[1]}:
        raise NotFound(Problem("hours", _("没有这条时长。"), _("请刷新页面。")))
    return key


def _object(request: HttpRequest, actor: Actor, page: Any) -> str:
    key = _hours_key(request, page)
    duties.object_to_hours(**common(request, actor), service_id=key, text=request.POST.get("text", ""))
    return _("异议已记下，答复以前这条不计入。")


def _answer(request: HttpRequest, actor: Actor, page: Any) -> str:
    minutes = request.POST.get("minutes", "")
    duties.answer_objection(
        **common(request, actor),
        service_id=_hours_key(request, page),
        text=request.POST.get("text", ""),
        minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 6 else 0,
    )
    return _("已答复。")


_HOURS_ACTS: dict[str, Callable[[HttpRequest, Actor, Any], str]] = {
    "publish": _publish_hours,
    "object": _object,
    "answer": _answer,
}


urlpatterns = [
    path("teams/<uuid:team_id>/hours/", hours, name="hours"),
    path("teams/<uuid:team_id>/hours/do/<slug:act>/", hours_act, name="hours_act"),
]
