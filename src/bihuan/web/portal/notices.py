"""Bulletins, notices and role models for everybody: what is published, objecting, following one's own objection."""

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

from bihuan.areas.api import display_name, find
from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, id_from, new_id, visible
from bihuan.people.api import actor_for
from bihuan.reporting.bulletins import api as bulletins
from bihuan.reporting.bulletins.api import PublicPage
from bihuan.web import source
from bihuan.web.portal import subjects
from bihuan.web.portal.forms import PortalForm
from bihuan.web.portal.report import qr
from bihuan.web.portal.secrets import form_id
from bihuan.web.portal.sharing import share_of, share_of_list
from bihuan.web.source import Pace

COMMUNITY = 12
TOLD = (BadInput, Refused, Conflict, NotFound)
OBJECT = Pace("notice-object", 30, 600)


class ObjectForm(PortalForm):
    """What somebody says against a notice; how to reach them only where they want."""

    text = forms.CharField(
        label=gettext_lazy("对哪一项、为什么"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("只有答复的人看得到。请不要写别人的姓名和电话。"),
        error_messages={"required": gettext_lazy("没有写异议。请写明对哪一项、为什么。")},
    )
    contact = forms.CharField(
        label=gettext_lazy("联系电话"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("可以不写。公示结束 180 天后删除。"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )


@login_not_required
@require_safe
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """What an area has published, the newest first."""
    area = find(code)
    if area is None or len(code) > COMMUNITY:
        raise Http404
    kind = request.GET.get("kind", "")
    try:
        found = bulletins.published_bulletins(code, kind=kind, cursor=request.GET.get("after") or None)
    except BadInput:
        return HttpResponseRedirect(request.path)
    tabs = [
        ("", _("全部")),
        ("notice", _("公示")),
        ("bulletin", _("简报")),
        ("document", _("公文")),
        ("model", _("身边榜样")),
    ]
    words = {"area": area, "name": display_name(area), "listing": found, "kind": kind, "tabs": tabs}
    words["share"] = share_of_list(area, "notices", _("公开的简报和公示"), "notices", "models")
    return render(request, "web/portal/notices/list.html", words)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """One that is published; while objections are heard, with the form for it."""
    page = bulletins.published_bulletin(bulletin_id)
    if page is None:
        raise Http404
    if request.method == "POST":
        return _object(request, page)
    return _show(request, page, ObjectForm(), new_id())


def _show(request: HttpRequest, page: PublicPage, form: ObjectForm, key: Any, status: int = 200) -> HttpResponse:
    share = share_of(subjects.shown_bulletin(page.row, page.area_name))
    words = {"page": page, "row": page.row, "form": form, "form_id": key, "share": share, "blocks": page.blocks}
    return render(request, "web/portal/notices/notice.html", words, status=status)


def _object(request: HttpRequest, page: PublicPage) -> HttpResponse:
    given, form = form_id(request.POST.get("form_id", "")), ObjectForm(request.POST)
    if slow_down := source.too_fast(request, OBJECT):
        form.tell([Problem("", slow_down)])
        return _show(request, page, form, given, status=429)
    if not form.is_valid():
        return _show(request, page, form, given, status=422)
    text, contact = visible(form.cleaned_data["text"]), form.cleaned_data["contact"]
    try:
        done = bulletins.object_to(
            actor=actor_for(request),
            entry_id=id_from(given, "objection", page.row.pk.hex, text, contact),
            bulletin_id=page.row.pk,
            text=text,
            contact=contact,
        )
    except TOLD as error:
        form.tell(error.problems)
        return _show(request, page, form, given, status=422)
    said = _("已收到。请收藏本页：这是您自己的链接，答复会写在这里。")
    messages.success(request, said, extra_tags=f"object-{page.row.pk}")
    return HttpResponseRedirect(reverse("portal:objection", args=[done.token]))


@login_not_required
@never_cache
@require_safe
@source.guessed_slowly
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """One's own objection, by its secret link: where it stands, and the answer."""
    found = bulletins.objection_by(token)
    if found is None:
        raise Http404
    link = request.build_absolute_uri(request.path)
    return render(request, "web/portal/notices/mine.html", {"mine": found, "link": link, "qr": qr(link)})
