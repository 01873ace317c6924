"""Desk pages: people and posts within one's own area; one person's page is in ``person``."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.kernel.api import BadInput, Refused
from bihuan.people.api import (
    PEOPLE_MANAGE,
    PEOPLE_READ,
    actor_for,
    can,
    erasures_asked,
    import_people,
    posts_seen,
    record_person,
    require,
    role_titles,
)
from bihuan.web.desk.choices import language
from bihuan.web.desk.imports import Importer, import_page
from bihuan.web.desk.people_forms import PersonForm
from bihuan.web.desk.posts import held_posts, only_area, places_to_appoint


def told(form: forms.Form, error: BadInput | Refused) -> None:
    """Put what a use case found wrong beside the fields of a form."""
    for problem in error.problems:
        text = f"{problem.why}。{problem.how}。" if problem.how else f"{problem.why}。"
        form.add_error(problem.field if problem.field in form.fields else None, text)


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Who holds posts within one's area, a line per role and term; ``past=1`` shows the ended ones instead."""
    actor = actor_for(request)
    require(actor, PEOPLE_READ)
    text, role = request.GET.get("q", "")[:40], request.GET.get("role", "")[:40]
    titles = role_titles(language())
    past = request.GET.get("past") == "1"
    rows, more = posts_seen(actor, text=text, role=role if role in titles else "", past=past)
    context = {
        "q": text,
        "role": role,
        "past": past,
        "titles": titles.items(),
        "rows": held_posts(rows, titles),
        "more": more,
        "may_manage": bool(can(actor, PEOPLE_MANAGE)),
        "asked": erasures_asked(actor),
    }
    return render(request, "web/desk/people/list.html", context)


@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Record a person with a first post."""
    actor = actor_for(request)
    require(actor, PEOPLE_MANAGE)
    offered: dict[str, Any] = {"titles": role_titles(language()), "places": places_to_appoint(actor)}
    if request.method != "POST":
        form = PersonForm(**offered, initial=only_area(actor))
        return render(request, "web/desk/people/new.html", {"form": form})
    form = PersonForm(request.POST, **offered)
    if form.is_valid():
        try:
            person = record_person(actor=actor, **form.cleaned_data)
        except (BadInput, Refused) as error:
            told(form, error)
        else:
            messages.success(request, _("已登记 %(name)s") % {"name": person.name})
            return HttpResponseRedirect(reverse("desk:person", args=[person.pk]))
    return render(request, "web/desk/people/new.html", {"form": form}, status=422)


@require_http_methods(["GET", "POST"])
def people_import(request: HttpRequest) -> HttpResponse:
    """Import people and posts from a file, after its dry run."""
    importer = Importer(
        act=import_people,
        right=PEOPLE_MANAGE,
        here="desk:people_import",
        home="desk:people",
        title=_("导入人员"),
        home_title=_("人员"),
        columns=(
            (_("姓名 *"), _("号码相同算同一个人；没有号码的，同名、同岗位、同区域算同一个人")),
            (_("岗位 *"), "、".join(role_titles(language()).values())),
            (_("区域编码 *"), _("岗位所在区域的编码")),
            (_("手机"), _("加密保存")),
            (_("单位、任职日期、任期至、住址编码"), _("可不填；日期如 2024-04-01")),
        ),
        sample="",
    )
    return import_page(request, importer)


urlpatterns = [
    path("people/", people, name="people"),
    path("people/new/", person_new, name="person_new"),
    path("people/import/", people_import, name="people_import"),
]
