"""Desk page: keys by which other systems come in, hooks by which they are told, and one's own calendar link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.api import api
from bihuan.api.api import EVENTS, SCOPES
from bihuan.api.models import ApiKey, Hook
from bihuan.areas import api as areas
from bihuan.kernel.api import BadInput, Refused, clock, new_id, parse_id
from bihuan.people.api import Actor, actor_for, person_names, require
from bihuan.people.permissions import INTERFACE_MANAGE
from bihuan.web.desk import choices
from bihuan.web.desk.area_form import AreaForm
from bihuan.web.portal.secrets import form_id

PAGE = 50


def _scopes() -> list[tuple[str, str]]:
    return [(key, f"{scope.words}（{key}）") for key, scope in SCOPES.items()]


def _events() -> list[tuple[str, str]]:
    return [(key, f"{event_words(key)}（{key}）") for key in EVENTS]


def event_words(key: str) -> str:
    """Return an event in the reader's language."""
    zh, en = EVENTS.get(key, (key, key))
    return en if (get_language() or "").startswith("en") else zh


class KeyForm(AreaForm):
    """A key: for which system, where, for what, how long, how often."""

    name = forms.CharField(
        label=gettext_lazy("给哪个系统用"), max_length=60, help_text=gettext_lazy("如“市 12345 平台”")
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("范围"),
        choices=_scopes,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("够用就好。不论选什么，都看不到封存的姓名和电话"),
    )
    days = forms.IntegerField(label=gettext_lazy("有效期（天）"), min_value=1, max_value=730, initial=365)
    per_minute = forms.IntegerField(label=gettext_lazy("每分钟最多几次"), min_value=1, max_value=6000, initial=60)


class HookForm(AreaForm):
    """A hook: where to, of what."""

    url = forms.CharField(
        label=gettext_lazy("推送到的地址"),
        max_length=300,
        help_text=gettext_lazy("以 https:// 开头；每条消息都有签名，收不到会再发"),
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("推送什么"),
        choices=_events,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只有编号和状态，没有姓名、电话和原话"),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def interfaces(request: HttpRequest) -> HttpResponse:
    """List keys and hooks; make one, whose secret is shown this once."""
    actor = actor_for(request)
    require(actor, INTERFACE_MANAGE)
    if request.method != "POST":
        return _show(request, actor)
    wants_hook = request.POST.get("do") == "hook"
    places = choices.place_options(actor.areas_with(INTERFACE_MANAGE))
    form: KeyForm | HookForm
    form = HookForm(places, request.POST, prefix="hook") if wants_hook else KeyForm(places, request.POST)
    secret = ""
    if form.is_valid():
        key = form_id(request.POST.get("form_id", ""))
        try:
            if wants_hook:
                secret = api.make_hook(actor=actor, hook_id=key, **form.cleaned_data).secret
            else:
                secret = api.make_key(actor=actor, key_id=key, **form.cleaned_data).text
        except (BadInput, Refused) as error:
            _add(form, error)
        else:
            if not secret:
                messages.info(request, _("这一个刚才已经建好，密钥只显示一次。"))
                return HttpResponseRedirect(reverse("desk:interfaces"))
            return _show(request, actor, secret=secret, of_hook=wants_hook)
    if wants_hook:
        return _show(request, actor, hook_form=form, status=422)
    return _show(request, actor, key_form=form, status=422)


def _add(form: forms.Form, error: BadInput | Refused) -> None:
    for problem in error.problems:
        form.add_error(problem.field if problem.field in form.fields else None, f"{problem.why}。{problem.how}。")


def _show(
    request: HttpRequest,
    actor: Actor,
    *,
    key_form: Any = None,
    hook_form: Any = None,
    secret: str = "",
    of_hook: bool = False,
    wrong: tuple[UUID, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    key_rows, hook_rows = api.keys_for(actor), api.hooks_for(actor)
    every: list[ApiKey | Hook] = [*key_rows, *hook_rows]
    named = areas.names({row.area_code for row in every})
    people = person_names({row.person_id for row in every})
    places = choices.place_options(actor.areas_with(INTERFACE_MANAGE))
    now = clock.now()
    context = {
        "keys": [
            {
                "row": row,
                "area": named.get(row.area_code, row.area_code),
                "who": people.get(row.person_id, ""),
                "scopes": [SCOPES[scope].words for scope in row.scopes_json if scope in SCOPES],
                "good": api.in_force(row, now),
                "wrong": _wrong(row.pk, wrong),
            }
            for row in key_rows
        ],
        "hooks": [
            {
                "row": row,
                "area": named.get(row.area_code, row.area_code),
                "who": people.get(row.person_id, ""),
                "events": [event_words(event) for event in row.events_json],
                "wrong": _wrong(row.pk, wrong),
            }
            for row in hook_rows
        ],
        "key_form": key_form or KeyForm(places),
        "hook_form": hook_form or HookForm(places, prefix="hook"),
        "form_id": new_id(),
        "secret": secret,
        "of_hook": of_hook,
        "openapi": f"{settings.PUBLIC_URL}/api/v1/openapi.json",
        "open311": f"{settings.PUBLIC_URL}/open311/v2/discovery.xml",
    }
    return render(request, "web/desk/interfaces/page.html", context, status=status)


def _wrong(key: UUID, wrong: tuple[UUID, str] | None) -> str:
    return wrong[1] if wrong is not None and wrong[0] == key else ""


def _words(error: BadInput | Refused) -> str:
    return "".join(f"{problem.why}。{problem.how}。" for problem in error.problems)


@require_POST
def key_revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Revoke a key, with a reason."""
    actor = actor_for(request)
    try:
        row = api.revoke_key(actor=actor, key_id=key_id, reason=request.POST.get("reason", ""))
    except BadInput as error:
        return _show(request, actor, wrong=(key_id, _words(error)), status=422)
    messages.success(request, _("“%(name)s”已作废，马上不能再用。") % {"name": row.name})
    return HttpResponseRedirect(reverse("desk:interfaces"))


@require_POST
def hook_pause(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """Pause a hook, or let it go on."""
    paused = request.POST.get("paused") == "1"
    api.set_paused(actor=actor_for(request), hook_id=hook_id, paused=paused)
    messages.success(request, _("推送已暂停。") if paused else _("推送已恢复。暂停期间的事不会补发。"))
    return HttpResponseRedirect(reverse("desk:interfaces"))


@require_POST
def hook_end(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """End a hook for good, with a reason."""
    actor = actor_for(request)
    try:
        api.end_hook(actor=actor, hook_id=hook_id, reason=request.POST.get("reason", ""))
    except BadInput as error:
        return _show(request, actor, wrong=(hook_id, _words(error)), status=422)
    messages.success(request, _("推送已停止。"))
    return HttpResponseRedirect(reverse("desk:interfaces"))


@require_http_methods(["GET", "HEAD", "POST"])
def hook_messages(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """List what a hook was told; have some of it sent again."""
    actor = actor_for(request)
    before = _id(request.GET.get("before", ""))
    rows = api.messages_of(actor, hook_id, before=before, limit=PAGE + 1)
    wrong = ""
    if request.method == "POST":
        wanted = [key for text in request.POST.getlist("message")[:PAGE] if (key := _id(text)) is not None]
        try:
            done = api.replay(actor=actor, hook_id=hook_id, message_ids=wanted)
        except (BadInput, Refused) as error:
            wrong = _words(error)
        else:
            messages.success(request, _("%(n)s 条消息会在几秒内重发，编号不变。") % {"n": done})
            return HttpResponseRedirect(reverse("desk:hook_messages", args=[hook_id]))
    context = {
        "hook": Hook.objects.get(pk=hook_id),
        "rows": [
            {"row": row, "event": event_words(row.event), "number": _number(row.payload_json)} for row in rows[:PAGE]
        ],
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else "",
        "wrong": wrong,
    }
    return render(request, "web/desk/interfaces/messages.html", context, status=422 if wrong else 200)


def _number(payload: dict[str, Any]) -> str:
    return str(payload.get("data", {}).get("number", ""))


def _id(text: str) -> UUID | None:
    try:
        return parse_id(text)
    except BadInput:
        return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """One's own calendar link: made, shown this once, ended. It needs no permission."""
    actor = actor_for(request)
    link = ""
    if request.method == "POST":
        if request.POST.get("do") == "end":
            api.end_link(actor=actor)
            messages.success(request, _("日历链接已停用。"))
            return HttpResponseRedirect(reverse("desk:calendar"))
        try:
            token = api.make_link(actor=actor)
        except Refused as error:
            messages.warning(request, _words(error))
            return HttpResponseRedirect(reverse("desk:calendar"))
        link = f"{settings.PUBLIC_URL}{reverse('calendar_own', args=[token])}"
    return render(request, "web/desk/interfaces/calendar.html", {"link": link, "since": api.link_since(actor)})


urlpatterns = [
    path("interfaces/", interfaces, name="interfaces"),
    path("interfaces/keys/<uuid:key_id>/revoke/", key_revoke, name="key_revoke"),
    path("interfaces/hooks/<uuid:hook_id>/", hook_messages, name="hook_messages"),
    path("interfaces/hooks/<uuid:hook_id>/pause/", hook_pause, name="hook_pause"),
    path("interfaces/hooks/<uuid:hook_id>/end/", hook_end, name="hook_end"),
    path("calendar/", calendar, name="calendar"),
]
