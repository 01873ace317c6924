"""Activities for everybody: what is held, signing up without account or JavaScript, withdrawing by one's own link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.activities import api as activities
from bihuan.activities.api import MySignUp, PublicActivity
from bihuan.areas.api import display_name, find
from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, id_from, new_id, visible
from bihuan.people.api import actor_for
from bihuan.web import source
from bihuan.web.portal import subjects
from bihuan.web.portal.forms import PortalForm
from bihuan.web.portal.report import qr
from bihuan.web.portal.secrets import form_id
from bihuan.web.portal.sharing import share_of, share_of_list
from bihuan.web.source import Pace

COMMUNITY = 12
MOST_TOGETHER = 10
TOLD = (BadInput, Refused, Conflict, NotFound)
# A whole building may sit behind one address; a flood of names may not.
SIGN_UP = Pace("activity-sign-up", 40, 600)


class SignUpForm(PortalForm):
    """How somebody wants to be called, and how many come."""

    name = forms.CharField(
        label=gettext_lazy("怎么称呼您"),
        help_text=gettext_lazy("姓氏加称呼就行，如“王阿姨”。不用电话，不用注册。"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("还没有写怎么称呼您。写姓氏加称呼就行，如“王阿姨”。")},
    )
    people = forms.TypedChoiceField(
        label=gettext_lazy("一共来几个人"),
        coerce=int,
        initial=1,
        choices=[(n, n) for n in range(1, MOST_TOGETHER + 1)],
        error_messages={"invalid_choice": gettext_lazy("没有这个选项。请在列出的选项中选一个。")},
    )


@login_not_required
@require_safe
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """What is coming up in and around a community, and what was held."""
    area = find(code)
    if area is None or len(code) != COMMUNITY:
        raise Http404
    try:
        past = activities.gone_by(code, cursor=request.GET.get("after") or None)
    except BadInput:
        return HttpResponseRedirect(request.path)
    words = {"community": area, "name": display_name(area), "ahead": activities.coming_up(code), "past": past}
    words["share"] = share_of_list(area, "activities", _("活动"), "activities")
    return render(request, "web/portal/activities/list.html", words)


def _activity(activity_id: UUID) -> PublicActivity:
    found = activities.public_activity(activity_id)
    if found is None:
        raise Http404
    return found


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """One activity; while sign-ups are taken, with the form for it."""
    page = _activity(activity_id)
    if request.method == "POST":
        return _take(request, page)
    actor = actor_for(request)
    return _show(request, page, SignUpForm(initial={"name": actor.name, "people": 1}), new_id())


def _show(
    request: HttpRequest, page: PublicActivity, form: SignUpForm, id_of_form: Any, status: int = 200
) -> HttpResponse:
    words = {
        "page": page,
        "form": form,
        "form_id": id_of_form,
        "share": share_of(subjects.shown_activity(page)),
        "community": page.area_code if len(page.area_code) >= COMMUNITY else "",
    }
    return render(request, "web/portal/activities/activity.html", words, status=status)


def _take(request: HttpRequest, page: PublicActivity) -> HttpResponse:
    slow_down = source.too_fast(request, SIGN_UP)
    given, form = form_id(request.POST.get("form_id", "")), SignUpForm(request.POST)
    if slow_down:
        form.tell([Problem("", slow_down)])
        return _show(request, page, form, given, status=429)
    if not form.is_valid():
        return _show(request, page, form, given, status=422)
    name, people = visible(form.cleaned_data["name"]), int(form.cleaned_data["people"])
    try:
        done = activities.sign_up(
            actor=actor_for(request),
            id=id_from(given, "sign-up", page.id.hex, name, str(people)),
            activity_id=page.id,
            name=name,
            people=people,
        )
    except TOLD as error:
        form.tell(error.problems)
        return _show(request, _activity(page.id), form, given, status=422)
    said = _("现在满了，您已排进候补。") if done.waiting else _("已报名。")
    messages.success(request, said + _("请收藏本页：这是您自己的链接。"))
    return HttpResponseRedirect(reverse("portal:sign_up", args=[done.token]))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@source.guessed_slowly
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """One's own sign-up, by its secret link: where it stands; and withdrawing it."""
    found = activities.sign_up_by(token)
    if found is None:
        raise Http404
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            activities.withdraw(actor=actor_for(request), entry_id=id_from(found.id, "withdraw"), token=token)
        except TOLD as error:
            problems = error.problems
        else:
            messages.success(request, _("已取消报名，您的称呼已经删除。"))
            return HttpResponseRedirect(reverse("portal:sign_up", args=[token]))
    return _show_mine(request, token, found, problems)


def _show_mine(request: HttpRequest, token: str, found: MySignUp, problems: tuple[Problem, ...]) -> HttpResponse:
    link = request.build_absolute_uri(reverse("portal:sign_up", args=[token]))
    words = {"mine": found, "page": found.activity, "problems": problems, "token": token, "link": link, "qr": qr(link)}
    response = render(request, "web/portal/activities/mine.html", words, status=422 if problems else 200)
    response["Referrer-Policy"] = "same-origin"
    return response
