"""Desk pages: teams. The list, founding one, its members with their talents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.activities import api as activities
from bihuan.activities.api import TeamPage
from bihuan.kernel.api import NotFound, Problem, new_id, parse_id
from bihuan.people.api import ACTIVITY_MANAGE, ACTIVITY_READ, Actor, actor_for, require
from bihuan.web.desk.activities import BADGES, TOLD
from bihuan.web.desk.activities_forms import FoundForm, MemberForm
from bihuan.web.portal.secrets import form_id


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The teams, and founding one."""
    actor = actor_for(request)
    rows = activities.teams(actor)
    if not rows:
        require(actor, ACTIVITY_READ)
    kinds = activities.foundable(actor)
    key, status = form_id(request.POST.get("entry_id", "")), 200
    form = FoundForm(request.POST if request.method == "POST" else None, kinds=kinds)
    if request.method == "POST":
        require(actor, ACTIVITY_MANAGE)
        status = 422
        if form.is_valid():
            try:
                team = _found(actor, key, form)
            except TOLD as error:
                form.tell(error.problems)
            else:
                messages.success(request, _("已建队：%(name)s。") % {"name": team.name})
                return HttpResponseRedirect(reverse("desk:team", args=[team.pk]))
    context = {"rows": rows, "form": form, "entry_id": key, "kinds": kinds}
    return render(request, "web/desk/teams/list.html", context, status=status)


def _found(actor: Actor, key: UUID, form: FoundForm) -> Any:
    area, _bar, rest = form.cleaned_data["kind"].partition("|")
    kind, _bar, method = rest.partition("|")
    return activities.found_team(
        actor=actor,
        entry_id=key,
        area_code=area,
        kind=kind,
        method_key=method or None,
        name=form.cleaned_data["name"],
    )


@never_cache
@require_safe
def team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """One team: who is in it with which talent, what it held."""
    return _show(request, activities.team_page(actor_for(request), team_id), MemberForm())


def _show(
    request: HttpRequest, page: TeamPage, form: MemberForm, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    own = any(line.mine for line in page.members)
    context = {
        "page": page,
        "team": page.team,
        "form": form,
        "problems": problems,
        "new_id": new_id,
        "badges": BADGES,
        "may_keep": page.may["keep"] is None,
        "leaders": activities.next_leaders(actor_for(request), page) if page.may["keep"] is None else [],
        "may_end": page.may["end"] is None,
        "may_join": page.team.ended_at is None and not own,
    }
    return render(request, "web/desk/teams/page.html", context, status=status)


@never_cache
@require_POST
def act(request: HttpRequest, team_id: UUID, act: str) -> HttpResponse:
    """Do one thing with a team. Refused: the page again with the reasons and what was typed."""
    actor = actor_for(request)
    page = activities.team_page(actor, team_id)  # 404 for who may not know of it, before anything is said
    handler = _ACTS.get(act)
    if handler is None:
        raise Http404
    form = MemberForm(request.POST) if act == "join" else MemberForm()
    if act == "join" and not form.is_valid():
        return _show(request, page, form, status=422)
    try:
        said = handler(request, actor, page)
    except TOLD as error:
        return _show(request, activities.team_page(actor, team_id), form, tuple(error.problems), 422)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:team", args=[team_id]))


def _common(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return {"actor": actor, "entry_id": parse_id(request.POST.get("entry_id", ""))}


def _join(request: HttpRequest, actor: Actor, page: TeamPage) -> str:
    name, talent = request.POST.get("name", ""), request.POST.get("talent", "")
    activities.join_team(**_common(request, actor), team_id=page.team.pk, name=name, talent=talent)
    return _("已加入。")


def _join_myself(request: HttpRequest, actor: Actor, page: TeamPage) -> str:
    talent = request.POST.get("talent", "")
    activities.join_team(**_common(request, actor), team_id=page.team.pk, talent=talent, person_id=actor.person_id)
    return _("您已加入。")


def _leave(request: HttpRequest, actor: Actor, page: TeamPage) -> str:
    wanted = request.POST.get("member", "")
    line = next((line for line in page.members if str(line.id) == wanted), None)
    if line is None:
        raise NotFound(Problem("member", _("队里没有这个人。"), _("请刷新页面。")))
    activities.leave_team(**_common(request, actor), member_id=line.id)
    return _("已离队，称呼过些天自动删除。")


def _end(request: HttpRequest, actor: Actor, page: TeamPage) -> str:
    activities.end_team(**_common(request, actor), team_id=page.team.pk, reason=request.POST.get("reason", ""))
    return _("队伍已解散。")


def _hand(request: HttpRequest, actor: Actor, page: TeamPage) -> str:
    chosen = request.POST.get("leader", "")
    leader = activities.must_be_next(actor, page, chosen) if chosen else None
    activities.hand_team(**_common(request, actor), team_id=page.team.pk, leader_id=leader)
    return _("已交给新队长，系统会告诉他。") if leader else _("已记下：暂时没有队长。")


_ACTS: dict[str, Callable[[HttpRequest, Actor, TeamPage], str]] = {
    "join": _join,
    "join_myself": _join_myself,
    "leave": _leave,
    "end": _end,
    "hand": _hand,
}

urlpatterns = [
    path("teams/", index, name="teams"),
    path("teams/<uuid:team_id>/", team, name="team"),
    path("teams/<uuid:team_id>/do/<slug:act>/", act, name="team_act"),
]
