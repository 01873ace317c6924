"""Desk pages: people, posts and sign-ins within one's own area."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.areas import api as areas
from bihuan.kernel.api import BadInput, EntryView, Refused, clock, sentence
from bihuan.kernel.models import Entry
from bihuan.people import queries
from bihuan.people.api import (
    PEOPLE_MANAGE,
    PEOPLE_READ,
    Actor,
    access,
    actor_for,
    can,
    end_post,
    erase_person,
    give_post,
    import_people,
    make_sign_in,
    person_names,
    record_person,
    require,
    role_titles,
    visible,
)
from bihuan.people.models import Person, Post, User
from bihuan.web.desk.imports import Importer, import_page
from bihuan.web.desk.people_forms import DeputyForm, EndForm, EraseForm, PersonForm

_SHOWN = 200


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def _told(form: forms.Form, error: BadInput | Refused) -> None:
    for problem in error.problems:
        text = f"{problem.why}。{problem.how}。" if problem.how else f"{problem.why}。"
        form.add_error(problem.field if problem.field in form.fields else None, text)


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Posts in force within one's area, with who holds them; ``past=1`` shows the ended ones instead."""
    actor = actor_for(request)
    require(actor, PEOPLE_READ)
    text, role = request.GET.get("q", "")[:40], request.GET.get("role", "")[:40]
    titles = role_titles(_lang())
    past = request.GET.get("past") == "1"
    posts = visible(actor, PEOPLE_READ, Post.objects.filter(person__erased_at__isnull=True))
    today = clock.today()
    posts = posts.filter(until__lt=today) if past else posts.filter(Q(until__isnull=True) | Q(until__gte=today))
    if role in titles:
        posts = posts.filter(role_id=role)
    if text.strip():
        found = queries.search(visible(actor, PEOPLE_READ, Person.objects.all()), text)
        posts = posts.filter(person_id__in=found.values("pk"))
    rows = list(
        posts.select_related("person", "person__organisation").order_by("area_code", "role__order", "pk")[: _SHOWN + 1]
    )
    context = {
        "q": text,
        "role": role,
        "past": past,
        "titles": titles.items(),
        "rows": post_rows(rows[:_SHOWN], titles),
        "more": len(rows) > _SHOWN,
        "may_manage": bool(can(actor, PEOPLE_MANAGE)),
    }
    return render(request, "web/desk/people/list.html", context)


def post_rows(posts: list[Post], titles: dict[str, str]) -> list[dict[str, Any]]:
    """Return posts as the pages list them."""
    named = areas.names({post.area_code for post in posts})
    today = clock.today()
    return [
        {
            "post": post,
            "person": post.person,
            "role": titles.get(post.role_id, post.role_id),
            "area": named.get(post.area_code, post.area_code),
            "unit": post.person.organisation.name if post.person.organisation else "",
            "deputy": post.deputy_of_id is not None,
            "future": post.since > today,
            "ended": post.until is not None and post.until < today,
        }
        for post in posts
    ]


@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Record a person with a first post."""
    actor = actor_for(request)
    require(actor, PEOPLE_MANAGE)
    titles = role_titles(_lang())
    if request.method != "POST":
        form = PersonForm(titles=titles, initial=_only_area(actor))
        return render(request, "web/desk/people/new.html", {"form": form})
    form = PersonForm(request.POST, titles=titles)
    if form.is_valid():
        try:
            person = record_person(actor=actor, **form.cleaned_data)
        except (BadInput, Refused) as error:
            _told(form, error)
        else:
            messages.success(request, _("已登记 %(name)s") % {"name": person.name})
            return HttpResponseRedirect(reverse("desk:person", args=[person.pk]))
    return render(request, "web/desk/people/new.html", {"form": form}, status=422)


@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person: posts, account, what was done to the record."""
    actor = actor_for(request)
    found = access(actor, PEOPLE_READ, _persons(), pk=person_id)
    return _person_page(request, actor, found)


def _persons() -> Any:
    return Person.objects.filter(erased_at__isnull=True).select_related("organisation")


def _person_page(
    request: HttpRequest,
    actor: Actor,
    found: Person,
    *,
    form: forms.Form | None = None,
    end: tuple[UUID, forms.Form] | None = None,
    erase: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    titles = role_titles(_lang())
    posts = list(
        visible(actor, PEOPLE_READ, Post.objects.filter(person=found))
        .select_related("person__organisation")
        .order_by("-since", "pk")
    )
    rows = post_rows(posts, titles)
    oneself = actor.person_id == found.pk
    for row in rows:
        post = row["post"]
        row["may_end"] = not oneself and not row["ended"] and bool(can(actor, PEOPLE_MANAGE, post))
        row["end_form"] = (
            end[1]
            if end is not None and end[0] == post.pk
            else EndForm(initial={"until": clock.today()}, prefix=str(post.pk))
        )
    account = User.objects.filter(person=found).first()
    context = {
        "person": found,
        "unit": found.organisation.name if found.organisation else "",
        "rows": rows,
        "account": account,
        "oneself": oneself,
        "may_manage": not oneself and bool(can(actor, PEOPLE_MANAGE)),
        "form": form or DeputyForm(posts=_chiefs(actor), titles=titles, initial=_only_area(actor)),
        "erase_form": erase or EraseForm(prefix="erase"),
        "history": _history(actor, found, titles),
    }
    return render(request, "web/desk/people/person.html", context, status=status)


def _only_area(actor: Actor) -> dict[str, str]:
    roots = actor.areas_with(PEOPLE_MANAGE)
    return {"area_code": roots[0]} if len(roots) == 1 else {}


def _chiefs(actor: Actor) -> list[Post]:
    posts = visible(actor, PEOPLE_READ, Post.objects.active(clock.today())).filter(
        role_id__in=["secretary", "committee_member", "grid_leader", "street_staff"], deputy_of__isnull=True
    )
    return list(posts.select_related("person").order_by("area_code")[:_SHOWN])


def _history(actor: Actor, found: Person, titles: dict[str, str]) -> list[dict[str, Any]]:
    entries = list(Entry.objects.filter(subject_type="person", subject_id=found.pk).order_by("-seq")[:50])
    # Entries about posts elsewhere are told to those who may see that place.
    entries = [e for e in entries if actor.person_id == found.pk or can(actor, PEOPLE_READ, e.area_code)]
    people_named = person_names(entry.actor_id for entry in entries if entry.actor_id)
    bodies = [json.loads(entry.body) for entry in entries]
    named = areas.names({str(body.get("area", "")) for body in bodies})
    told = []
    for entry, body in zip(entries, bodies, strict=True):
        by = people_named.get(entry.actor_id) if entry.actor_id else None
        params = {
            **body,
            "actor": by or _("系统"),
            "role": titles.get(str(body.get("role", "")), str(body.get("role", ""))),
            "area": named.get(str(body.get("area", "")), str(body.get("area", ""))),
        }
        told.append({"at": entry.recorded_at, "text": sentence(EntryView(entry.verb, params), _lang())})
    return told


@require_POST
def post_give(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Give a person a post."""
    actor = actor_for(request)
    found = access(actor, PEOPLE_READ, _persons(), pk=person_id)
    require(actor, PEOPLE_MANAGE)
    form = DeputyForm(request.POST, posts=_chiefs(actor), titles=role_titles(_lang()))
    if form.is_valid():
        given = dict(form.cleaned_data)
        chief = given.pop("deputy_of")
        deputy_of = UUID(chief) if chief else None
        try:
            give_post(actor=actor, person_id=person_id, deputy_of=deputy_of, **given)
        except (BadInput, Refused) as error:
            _told(form, error)
        else:
            messages.success(request, _("已任命"))
            return HttpResponseRedirect(reverse("desk:person", args=[person_id]))
    return _person_page(request, actor, found, form=form, status=422)


@require_POST
def post_end(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """End a post with its last day."""
    actor = actor_for(request)
    post = access(actor, PEOPLE_MANAGE, Post.objects.all(), pk=post_id)
    form = EndForm(request.POST, prefix=str(post_id))
    if form.is_valid():
        try:
            end_post(actor=actor, post_id=post_id, **form.cleaned_data)
        except (BadInput, Refused) as error:
            _told(form, error)
        else:
            messages.success(request, _("岗位任至 %(day)s") % {"day": form.cleaned_data["until"]})
            return HttpResponseRedirect(reverse("desk:person", args=[post.person_id]))
    found = access(actor, PEOPLE_READ, _persons(), pk=post.person_id)
    return _person_page(request, actor, found, end=(post_id, form), status=422)


@never_cache
@require_POST
def sign_in(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Make or reset a person's sign-in, and show its first password this once."""
    actor = actor_for(request)
    found = access(actor, PEOPLE_READ, _persons(), pk=person_id)
    require(actor, PEOPLE_MANAGE)
    try:
        made = make_sign_in(
            actor=actor,
            person_id=person_id,
            username=request.POST.get("username", "")[:60],
            drop_second_factor=request.POST.get("second_factor") == "drop",
        )
    except (BadInput, Refused) as error:
        for problem in error.problems:
            messages.error(request, f"{problem.why}。{problem.how}。")
        return _person_page(request, actor, found, status=422)
    return render(request, "web/desk/people/sign_in.html", {"person": found, "made": made})


@require_POST
def person_erase(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Erase a person: name, numbers, account; with a reason, and not while they answer for something."""
    actor = actor_for(request)
    found = access(actor, PEOPLE_READ, _persons(), pk=person_id)
    require(actor, PEOPLE_MANAGE)
    form = EraseForm(request.POST, prefix="erase")
    if form.is_valid():
        try:
            erase_person(actor=actor, person_id=person_id, reason=form.cleaned_data["reason"])
        except (BadInput, Refused) as error:
            _told(form, error)
        else:
            messages.success(request, _("已删除个人信息和账号。办过的事仍在记录里，不再有姓名。"))
            return HttpResponseRedirect(reverse("desk:people"))
    return _person_page(request, actor, found, erase=form, status=422)


@require_http_methods(["GET", "POST"])
def people_import(request: HttpRequest) -> HttpResponse:
    """Import people and posts from a file, after its dry run."""
    actor = actor_for(request)
    decision = can(actor, PEOPLE_MANAGE)
    if not decision:
        raise PermissionDenied(decision.reason)
    importer = Importer(
        act=import_people,
        here="desk:people_import",
        home="desk:people",
        title=_("导入人员"),
        home_title=_("人员"),
        columns=(
            (_("姓名 *"), _("号码相同算同一个人；没有号码的，同名、同岗位、同区域算同一个人")),
            (_("岗位 *"), "、".join(role_titles(_lang()).values())),
            (_("区域编码 *"), _("岗位所在区域的编码")),
            (_("手机"), _("加密保存")),
            (_("单位、任职日期、任期至、住址编码"), _("可不填；日期如 2024-04-01")),
        ),
        sample="",
    )
    return import_page(request, actor, importer)


urlpatterns = [
    path("people/", people, name="people"),
    path("people/new/", person_new, name="person_new"),
    path("people/import/", people_import, name="people_import"),
    path("people/<uuid:person_id>/", person, name="person"),
    path("people/<uuid:person_id>/posts/", post_give, name="post_give"),
    path("people/<uuid:person_id>/sign-in/", sign_in, name="sign_in"),
    path("people/<uuid:person_id>/erase/", person_erase, name="person_erase"),
    path("people/posts/<uuid:post_id>/end/", post_end, name="post_end"),
]
