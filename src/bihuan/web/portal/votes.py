"""Signing in and voting on a phone by a personal link, and objecting to published results. No account, no script."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, new_id, parse_id
from bihuan.meetings import api as meetings
from bihuan.meetings import guards
from bihuan.meetings.api import VotePage
from bihuan.meetings.models import AgendaItem
from bihuan.people.api import ANONYMOUS, actor_for
from bihuan.web import source
from bihuan.web.source import Pace

TOLD = (BadInput, Refused, Conflict, NotFound)
# Links carry 144 random bits: nobody guesses them, so a hall that votes from one address is not slowed down.
OBJECT = Pace("meeting-object", 20, 600)


def _page(token: str) -> VotePage:
    found = meetings.vote_page(token)
    if found is None:
        raise Http404(_("这个链接不能用了。请向主持人要新的表决码。"))
    return found


def _show(request: HttpRequest, token: str, page: VotePage, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "page": page,
        "token": token,
        "new_id": new_id,
        "choices": [(key, guards.choice_title(key)) for key in ("for", "against", "abstain")],
        "may_sign": page.meeting.state in {"called", "open"},
        "problems": (),
        "chosen": "",
        "done": {"in": _("已签到。"), "voted": _("票已投出。")}.get(request.GET.get("done", ""), ""),
        **more,
    }
    response = render(request, "web/portal/votes/page.html", context, status=status)
    # Not "no-referrer": browsers then send "Origin: null" with the form, which the CSRF check refuses.
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@never_cache
@require_safe
def vote_page(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a personal link: sign in, vote, read the result."""
    return _show(request, token, _page(token))


@login_not_required
@require_POST
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in to the meeting by the link."""
    page = _page(token)
    try:
        meetings.sign_in(
            actor=ANONYMOUS,
            entry_id=parse_id(request.POST.get("entry_id", "")),
            meeting_id=page.meeting.pk,
            token=token,
        )
    except TOLD as error:
        return _show(request, token, _page(token), 422, problems=error.problems)
    return HttpResponseRedirect(reverse("votes:page", args=[token]) + "?done=in")


@login_not_required
@require_POST
def cast(request: HttpRequest, token: str, item_id: UUID) -> HttpResponse:
    """Vote on an item. Refused: the page again, with the reason and the choice as it was."""
    page = _page(token)
    choice = request.POST.get("choice", "")
    try:
        meetings.must_be_on_agenda(page.meeting.pk, item_id)
        meetings.cast(
            actor=ANONYMOUS,
            entry_id=parse_id(request.POST.get("entry_id", "")),
            item_id=item_id,
            choice=choice,
            token=token,
        )
    except TOLD as error:
        return _show(request, token, _page(token), 422, problems=error.problems, chosen=choice)
    return HttpResponseRedirect(reverse("votes:page", args=[token]) + "?done=voted")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Object to published results."""
    published = meetings.published(meeting_id)
    if published is None:
        raise Http404
    problems: tuple[Problem, ...] = ()
    status = 200
    if request.method == "POST":
        if slow := source.too_fast(request, OBJECT):
            problems, status = (Problem("", slow),), 429
        else:
            try:
                meetings.object_to(
                    actor=actor_for(request),
                    entry_id=parse_id(request.POST.get("entry_id", "")),
                    meeting_id=meeting_id,
                    text=request.POST.get("text", ""),
                    name=request.POST.get("name", ""),
                    phone=request.POST.get("phone", ""),
                    item_id=_item(request.POST.get("item", "")),
                )
                return HttpResponseRedirect(reverse("votes:object", args=[meeting_id]) + "?done=1")
            except TOLD as error:
                problems, status = error.problems, 422
    public = {item.order: item.title for item in published.items if not item.private}
    rows = AgendaItem.objects.filter(meeting_id=meeting_id, order__in=public).order_by("order")
    context = {
        "published": published,
        "problems": problems,
        "items": [(str(key), public[order]) for key, order in rows.values_list("pk", "order")],
        "typed": {name: request.POST.get(name, "") for name in ("item", "text", "name", "phone")},
        "entry_id": request.POST.get("entry_id") or new_id(),
        "done": "done" in request.GET,
    }
    return render(request, "web/portal/votes/object.html", context, status=status)


def _item(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(Problem("item", _("没有这个议题。"), _("请重新选择。"))) from error


app_name = "votes"
urlpatterns = [
    path("o/<uuid:meeting_id>/", object_to, name="object"),
    path("<str:token>/", vote_page, name="page"),
    path("<str:token>/in/", sign_in, name="sign_in"),
    path("<str:token>/items/<uuid:item_id>/", cast, name="cast"),
]
