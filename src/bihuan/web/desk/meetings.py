"""Desk pages: meetings. The list with the sessions ahead, calling one, running it live, and what is printed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, clock, new_id
from bihuan.meetings import api as meetings
from bihuan.people.api import MEETING_READ, actor_for, require
from bihuan.web.desk import meetings_acts, meetings_print, meetings_view
from bihuan.web.desk.meetings_acts import Failed

TOLD = (BadInput, Refused, Conflict, NotFound)
KEPT = frozenset({"opinion", "resolve", "correct"})  # forms whose words the device keeps until they have come


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The sessions ahead, each called by one button, and the meetings so far."""
    actor = actor_for(request)
    state = request.GET.get("state", "")
    try:
        listing = meetings.meetings(actor, state=state, cursor=request.GET.get("cursor") or None)
    except BadInput:
        return HttpResponseRedirect(reverse("desk:meetings"))
    if not listing.rows and not actor.posts:
        require(actor, MEETING_READ)
    context = {
        "ahead": [(one, new_id()) for one in meetings.ahead(actor)] if not request.GET.get("cursor") else [],
        "listing": listing,
        "state": state,
        "tabs": [
            ("", _("全部")),
            ("ahead", _("将要召开")),
            ("held", _("已召开")),
            ("cancelled", _("已取消")),
        ],
        "next_url": "?" + urlencode({"state": state, "cursor": listing.next}) if listing.next else "",
    }
    return render(request, "web/desk/meetings/list.html", context)


@never_cache
def call(request: HttpRequest) -> HttpResponse:
    """Call a session: prefilled from the standing dates; one button on the list posts here at once."""
    actor = actor_for(request)
    given = request.POST if request.method == "POST" else request.GET
    bodies = list(meetings.ahead(actor))
    if not bodies:
        require(actor, "meeting.call")
        raise Http404(_("您没有可以召集的会议"))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            meeting = meetings_acts.call(actor, given)
        except TOLD as error:
            problems = error.problems
        else:
            messages.success(
                request, _("已召集：%(title)s。已通知应到会的人。") % {"title": meetings.shown_title(meeting)}
            )
            return HttpResponseRedirect(reverse("desk:meeting", args=[meeting.pk]))
    context = meetings_view.call_form(bodies, given, problems)
    return render(request, "web/desk/meetings/call.html", context, status=422 if problems else 200)


@never_cache
@require_safe
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """One meeting, to prepare, to run and to read."""
    return _show(request, meeting_id)


def _show(request: HttpRequest, meeting_id: UUID, failed: Failed | None = None, status: int = 200) -> HttpResponse:
    actor = actor_for(request)
    page = meetings.meeting_page(actor, meeting_id)
    context = meetings_view.page(request, actor, page, failed)
    return render(request, "web/desk/meetings/page.html", context, status=status)


@never_cache
@require_POST
def act(request: HttpRequest, meeting_id: UUID, act: str, item_id: UUID | None = None) -> HttpResponse:
    """Do one thing at a meeting. Refused: the page again with the reasons beside the form and what was typed."""
    actor = actor_for(request)
    meetings.meeting_page(actor, meeting_id)  # 404 for who may not know of it, before anything is said
    try:
        if act == "paper":
            anchor = _paper(request, meeting_id)
        else:
            at = str(request.session.get(meetings_view.PAPER % meeting_id, ""))
            anchor = meetings_acts.perform(actor, meeting_id, act, item_id, request.POST, at)
    except TOLD as error:
        failed = Failed(act, item_id, tuple(error.problems), request.POST)
        return _show(request, meeting_id, failed, 409 if isinstance(error, Conflict) else 422)
    if act in KEPT:
        messages.success(request, _("已记下。"), extra_tags=f"{act}-{item_id or meeting_id}")
    return HttpResponseRedirect(reverse("desk:meeting", args=[meeting_id]) + anchor)


def _paper(request: HttpRequest, meeting_id: UUID) -> str:
    """Keep, for this browser, the time at which what is typed next happened on paper; nothing typed: now again."""
    text, key = request.POST.get("happened_at", "").strip(), meetings_view.PAPER % meeting_id
    if not text or request.POST.get("stop"):
        request.session.pop(key, None)
        return ""
    request.session[key] = meetings_acts.instant(text).isoformat()
    return "#agenda"


@never_cache
@require_safe
def live(request: HttpRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    """How many have voted on an item: polled while the vote is open. Never what they voted."""
    page = meetings.meeting_page(actor_for(request), meeting_id)
    item = next((item for item in page.items if item.row.pk == item_id), None)
    if item is None:
        raise Http404
    status = 286 if item.row.state != "voting" else 200  # htmx stops polling at 286
    context = {"item": item, "page": page}
    return render(request, "web/desk/meetings/_turnout.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def printed(request: HttpRequest, meeting_id: UUID, what: str) -> HttpResponse:
    """What is printed: notice, sign-in sheet, vote links (by POST: it is recorded), ballots, minutes, results."""
    if request.method == "POST" and what != meetings_print.GIVEN_OUT:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    actor = actor_for(request)
    page = meetings.meeting_page(actor, meeting_id)
    context: dict[str, Any] = {"page": page, "meeting": page.meeting, "now": clock.now(), "what": what}
    try:
        context |= meetings_print.context(request, actor, page, what)
    except TOLD as error:
        return _show(request, meeting_id, Failed(what, None, tuple(error.problems), request.POST), 422)
    return render(request, f"web/desk/meetings/print_{what}.html", context)


urlpatterns = [
    path("meetings/", index, name="meetings"),
    path("meetings/call/", call, name="meeting_call"),
    path("meetings/<uuid:meeting_id>/", meeting, name="meeting"),
    path("meetings/<uuid:meeting_id>/do/<slug:act>/", act, name="meeting_act"),
    path("meetings/<uuid:meeting_id>/items/<uuid:item_id>/do/<slug:act>/", act, name="meeting_item_act"),
    path("meetings/<uuid:meeting_id>/items/<uuid:item_id>/live/", live, name="meeting_live"),
    path("meetings/<uuid:meeting_id>/print/<slug:what>/", printed, name="meeting_print"),
]
