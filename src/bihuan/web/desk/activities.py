"""Desk pages: activities. The list, announcing one, running it, and the notice that is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.activities import api as activities
from bihuan.activities.api import ActivityPage
from bihuan.activities.duties import api as duties
from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, new_id, parse_id
from bihuan.matters.api import Photo
from bihuan.people.api import ACTIVITY_MANAGE, ACTIVITY_READ, Actor, actor_for, require
from bihuan.web.desk.activities_forms import AnnounceForm, ChangeForm, HoldForm, SomebodyForm, change_form
from bihuan.web.portal import kept
from bihuan.web.portal.forms import PortalForm
from bihuan.web.portal.report import qr
from bihuan.web.portal.secrets import form_id

TOLD = (BadInput, Refused, Conflict, NotFound)
BADGES = {
    "announced": "open", "held": "settled", "cancelled": "quiet",
    "coming": "open", "waiting": "doing", "came": "settled", "absent": "quiet",
}  # fmt: skip


@dataclass(slots=True)
class Forms:
    """The forms of an activity's page; the one that was refused holds what was typed."""

    change: ChangeForm
    hold: HoldForm
    somebody: SomebodyForm
    photos: list[kept.Kept]
    reason: str = ""
    came: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    open: str = ""


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is announced and what was held."""
    actor = actor_for(request)
    require(actor, ACTIVITY_READ)
    state = request.GET.get("state", "")
    try:
        listing = activities.activities(actor, state=state, cursor=request.GET.get("cursor") or None)
    except BadInput:
        return HttpResponseRedirect(reverse("desk:activities"))
    context = {
        "listing": listing,
        "state": state,
        "badges": BADGES,
        "tabs": [("", _("全部")), ("ahead", _("将要举办")), ("held", _("已举办")), ("cancelled", _("已取消"))],
        "may_announce": bool(actor.areas_with(ACTIVITY_MANAGE)),
        "next_url": "?" + urlencode({"state": state, "cursor": listing.next}) if listing.next else "",
    }
    return render(request, "web/desk/activities/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: HttpRequest) -> HttpResponse:
    """Announce an activity to everybody."""
    actor = actor_for(request)
    require(actor, ACTIVITY_MANAGE)
    kinds = activities.announceable(actor)
    teams = activities.teams_for(actor, kinds)
    key, status = form_id(request.POST.get("entry_id", "")), 200
    form = AnnounceForm(request.POST if request.method == "POST" else None, kinds=kinds, teams=teams)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _announce(actor, key, form)
            except TOLD as error:
                form.tell(error.problems)
            else:
                messages.success(request, _("已发布：%(title)s。") % {"title": made.title})
                return HttpResponseRedirect(reverse("desk:activity", args=[made.pk]))
    context = {"form": form, "entry_id": key, "kinds": kinds}
    return render(request, "web/desk/activities/announce.html", context, status=status)


def _announce(actor: Actor, key: UUID, form: AnnounceForm) -> Any:
    area, _bar, rest = form.cleaned_data["kind"].partition("|")
    kind, _bar, method = rest.partition("|")
    team = form.cleaned_data.get("team")
    return activities.announce(
        actor=actor,
        entry_id=key,
        area_code=area,
        kind=kind,
        method_key=method or None,
        team_id=UUID(team) if team else None,
        **form.given(),
    )


@never_cache
@require_safe
def activity(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """One activity: who comes, what is to be done with it, how it went."""
    page = activities.activity_page(actor_for(request), activity_id)
    return _show(request, page, _forms(page))


def _forms(page: ActivityPage) -> Forms:
    row = page.activity
    held = {"uncounted": row.came_uncounted or None, "summary": row.summary}
    came = frozenset(str(line.id) for line in page.sign_ups if line.state == "came")
    return Forms(change_form(page), HoldForm(initial=held), SomebodyForm(auto_id="id_for_%s"), [], came=came)


def _show(request: HttpRequest, page: ActivityPage, forms: Forms, status: int = 200) -> HttpResponse:
    context = {
        "page": page,
        "activity": page.activity,
        "forms": forms,
        "badge": BADGES[page.activity.state],
        "lines": [(line, BADGES[line.state], str(line.id) in forms.came) for line in page.sign_ups],
        "new_id": new_id,
        "public_url": reverse("portal:activity", args=[page.activity.pk]),
        "can": {name: refusal is None for name, refusal in page.may.items()},
        "held": page.activity.state == "held",
        "helpers": duties.helpers(page.activity) if page.activity.state == "held" and page.may["hold"] is None else (),
    }
    return render(request, "web/desk/activities/page.html", context, status=status)


@never_cache
@require_POST
def act(request: HttpRequest, activity_id: UUID, act: str) -> HttpResponse:
    """Do one thing with an activity. Refused: the page again with the reasons and what was typed."""
    actor = actor_for(request)
    page = activities.activity_page(actor, activity_id)  # 404 for who may not know of it, before anything is said
    require(actor, ACTIVITY_MANAGE, page.activity)
    handler = _ACTS.get(act)
    if handler is None:
        raise Http404
    forms = _forms(page)
    forms.open = act
    try:
        said = handler(request, actor, page, forms)
    except TOLD as error:
        forms.problems = tuple(error.problems)
        said = ""
    if not said:
        return _show(request, activities.activity_page(actor, activity_id), forms, 422)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:activity", args=[activity_id]))


def _common(request: HttpRequest, actor: Actor, page: ActivityPage) -> dict[str, Any]:
    return {"actor": actor, "entry_id": parse_id(request.POST.get("entry_id", "")), "activity_id": page.activity.pk}


def _told(form: PortalForm, run: Callable[[], object]) -> bool:
    """Run a use case; what it refuses stands beside the form's fields."""
    try:
        run()
    except TOLD as error:
        form.tell(error.problems)
        return False
    return True


def _change(request: HttpRequest, actor: Actor, page: ActivityPage, forms: Forms) -> str:
    forms.change = form = change_form(page, request.POST)
    common = _common(request, actor, page)
    if form.is_valid() and _told(
        form, lambda: activities.change(**common, reason=form.cleaned_data["reason"], **form.given())
    ):
        return _("已修改。时间地点变了的，已通知有账号的报名人；没有账号的请口头转告。")
    return ""


def _call_off(request: HttpRequest, actor: Actor, page: ActivityPage, forms: Forms) -> str:
    forms.reason = request.POST.get("reason", "")
    activities.call_off(**_common(request, actor, page), reason=forms.reason)
    return _("已取消。已通知有账号的报名人；没有账号的请口头转告。")


def _sign_up(request: HttpRequest, actor: Actor, page: ActivityPage, forms: Forms) -> str:
    forms.somebody = form = SomebodyForm(request.POST, auto_id="id_for_%s")
    common = _common(request, actor, page)
    common["id"] = common.pop("entry_id")
    if form.is_valid() and _told(form, lambda: activities.sign_up_for(**common, **form.cleaned_data)):
        return _("已代为报名。")
    return ""


def _withdraw(request: HttpRequest, actor: Actor, page: ActivityPage, forms: Forms) -> str:
    wanted = request.POST.get("sign_up", "")
    line = next((line for line in page.sign_ups if str(line.id) == wanted), None)
    if line is None:
        raise NotFound(Problem("sign_up", _("名单上没有这个人。"), _("请刷新页面。")))
    key = parse_id(request.POST.get("entry_id", ""))
    activities.withdraw(actor=actor, entry_id=key, sign_up_id=line.id)
    return _("已取消这个报名，称呼已经删除。")


def _hold(request: HttpRequest, actor: Actor, page: ActivityPage, forms: Forms) -> str:
    forms.photos, wrong = kept.gather(request)
    forms.hold = form = HoldForm(request.POST)
    forms.came = frozenset(request.POST.getlist("came"))
    form.tell(wrong)
    common = _common(request, actor, page)
    if not form.is_valid():
        return ""
    opened = [(photo, photo.open()) for photo in forms.photos]
    try:
        done = _told(
            form,
            lambda: activities.hold(
                **common,
                came=_ticked(request, forms.came),
                uncounted=form.cleaned_data["uncounted"] or 0,
                summary=form.cleaned_data["summary"],
                photos=[Photo(upload=file, tag="scene", file_id=photo.file_id) for photo, file in opened],
            ),
        )
    finally:
        for _photo, file in opened:
            file.close()
    return _("已登记活动情况。") if done else ""


def _helped(request: HttpRequest, actor: Actor, page: ActivityPage, _forms: Forms) -> str:
    known = {str(key): key for key, _name, noted in duties.helpers(page.activity) if not noted}
    chosen = [known[key] for key in request.POST.getlist("member") if key in known]
    minutes = request.POST.get("minutes", "")
    given = int(minutes) if minutes.isdecimal() and len(minutes) < 6 else 0
    duties.note_helpers(**_common(request, actor, page), members=chosen, minutes=given)
    return _("已登记谁来帮忙，时长待公示。")


def _ticked(request: HttpRequest, came: Iterable[str]) -> list[UUID] | None:
    """Return who was ticked off; None where nobody is ticked and it was not said that nobody of the list came."""
    try:
        found = [UUID(key) for key in came]
    except ValueError as error:
        raise NotFound(Problem("came", _("名单上没有这个人。"), _("请刷新页面。"))) from error
    return found if found or request.POST.get("nobody") else None


_ACTS: dict[str, Callable[[HttpRequest, Actor, ActivityPage, Forms], str]] = {
    "change": _change,
    "call_off": _call_off,
    "sign_up": _sign_up,
    "withdraw": _withdraw,
    "hold": _hold,
    "helped": _helped,
}


@never_cache
@require_safe
def printed(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """The notice for the stairwell: what, when, where, and the code that opens its page."""
    page = activities.activity_page(actor_for(request), activity_id)
    url = request.build_absolute_uri(reverse("portal:activity", args=[activity_id]))
    context = {"page": page, "activity": page.activity, "url": url, "qr": qr(url)}
    return render(request, "web/desk/activities/print.html", context)


urlpatterns = [
    path("activities/", index, name="activities"),
    path("activities/announce/", announce, name="announce"),
    path("activities/<uuid:activity_id>/", activity, name="activity"),
    path("activities/<uuid:activity_id>/do/<slug:act>/", act, name="activity_act"),
    path("activities/<uuid:activity_id>/print/", printed, name="activity_print"),
]
