"""Desk pages: one person: name and number, posts begun and ended, deputies, the sign-in, erasure."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bihuan.areas import api as areas
from bihuan.kernel.api import BadInput, EntryView, Refused, clock, sentence
from bihuan.kernel.models import Entry
from bihuan.people.api import (
    PEOPLE_MANAGE,
    PEOPLE_READ,
    Actor,
    access,
    actor_for,
    answer_by,
    can,
    correct_person,
    end_posts,
    erase_person,
    give_post,
    make_sign_in,
    name_deputy,
    person_names,
    posts_left,
    refuse_erasure,
    require,
    role_titles,
    visible,
)
from bihuan.people.models import Person, Post, User
from bihuan.web.desk.choices import Choice, language
from bihuan.web.desk.people import told
from bihuan.web.desk.people_forms import CorrectForm, DeputyForm, EndForm, EraseForm, PostForm, RefuseForm
from bihuan.web.desk.posts import HeldPosts, chiefs_for, held_posts, only_area, places_to_appoint


@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person: posts, account, what was done to the record."""
    actor, found = _seen(request, person_id)
    return _page(request, actor, found)


def _persons() -> Any:
    return Person.objects.filter(erased_at__isnull=True).select_related("organisation")


def _seen(request: HttpRequest, person_id: UUID) -> tuple[Actor, Person]:
    actor = actor_for(request)
    return actor, access(actor, PEOPLE_READ, _persons(), pk=person_id)


def _managed(request: HttpRequest, person_id: UUID) -> tuple[Actor, Person]:
    """Load somebody for a change: 404 where they are not seen, 403 without the right to manage anybody."""
    actor, found = _seen(request, person_id)
    require(actor, PEOPLE_MANAGE)
    return actor, found


def _page(
    request: HttpRequest,
    actor: Actor,
    found: Person,
    *,
    wrong: dict[str, forms.Form] | None = None,
    end: tuple[UUID, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page; ``wrong`` holds refused forms by their name in the template, ``end`` the one of a post."""
    titles = role_titles(language())
    oneself = actor.person_id == found.pk
    may_manage = not oneself and bool(can(actor, PEOPLE_MANAGE))
    told_together = held_posts([*_own(actor, found), *(chiefs_for(actor, found) if may_manage else ())], titles)
    chiefs = [row for row in told_together if row.person.pk != found.pk]
    left = _left(found)
    context = {
        "person": found,
        "unit": found.organisation.name if found.organisation else "",
        "rows": [
            _row(actor, row, left, oneself=oneself, end=end) for row in told_together if row.person.pk == found.pk
        ],
        "account": User.objects.filter(person=found).first(),
        "oneself": oneself,
        "may_manage": may_manage,
        "asked_by": answer_by(found),
        "history": _history(actor, found, titles),
        **(_forms(actor, found, titles, chiefs) if may_manage else {}),
        **(wrong or {}),
    }
    return render(request, "web/desk/people/person.html", context, status=status)


def _forms(actor: Actor, found: Person, titles: dict[str, str], chiefs: list[HeldPosts]) -> dict[str, forms.Form]:
    asked = {"reason": _("本人要求")} if found.erasure_asked_at else {}
    return {
        "form": PostForm(titles=titles, places=places_to_appoint(actor), initial=only_area(actor)),
        "deputy_form": DeputyForm(chiefs=_choices(chiefs), prefix="deputy"),
        "correct_form": CorrectForm(initial={"name": found.name}, prefix="correct"),
        "erase_form": EraseForm(prefix="erase", initial=asked),
        "refuse_form": RefuseForm(prefix="refuse"),
    }


def _own(actor: Actor, found: Person) -> QuerySet[Post]:
    posts = visible(actor, PEOPLE_READ, Post.objects.filter(person=found))
    return posts.select_related("person__organisation").order_by("-since", "area_code", "pk")


def _left(found: Person) -> set[UUID]:
    """Return the posts that somebody holds or will hold, those too that the reader does not see."""
    return set(Post.objects.filter(person=found).exclude(until__lt=clock.today()).values_list("pk", flat=True))


def _row(
    actor: Actor, row: HeldPosts, left: set[UUID], *, oneself: bool, end: tuple[UUID, forms.Form] | None
) -> dict[str, Any]:
    mine = _mine(actor, row)
    if oneself or row.ended or not mine:
        return {"held": row, "form": None, "last": False}
    form = end[1] if end is not None and end[0] == mine[0] else None
    return {
        "held": row,
        "end_id": mine[0],
        "form": form or _end_form(row, mine, initial={"until": clock.today()}),
        "last": left <= set(mine),
    }


def _mine(actor: Actor, row: HeldPosts) -> list[UUID]:
    """Return those of the posts told together that the actor may end."""
    return [post.pk for post in row.posts if can(actor, PEOPLE_MANAGE, post)]


def _end_form(row: HeldPosts, mine: list[UUID], *args: Any, **more: Any) -> EndForm:
    places = [(key, name) for key, name in row.places if UUID(key) in mine]
    return EndForm(*args, places=places, prefix=str(mine[0]), **more)


def _choices(rows: list[HeldPosts]) -> list[Choice]:
    return [(str(row.post.pk), f"{row.person.name} · {row.role} · {row.area}") for row in rows]


def _history(actor: Actor, found: Person, titles: dict[str, str]) -> list[dict[str, Any]]:
    entries = list(Entry.objects.filter(subject_type="person", subject_id=found.pk).order_by("-seq")[:50])
    # Entries about posts elsewhere are told to those who may see that place.
    entries = [e for e in entries if actor.person_id == found.pk or can(actor, PEOPLE_READ, e.area_code)]
    people_named = person_names(entry.actor_id for entry in entries if entry.actor_id)
    bodies = [json.loads(entry.body) for entry in entries]
    named = areas.names({str(body.get("area", "")) for body in bodies})
    told_ = []
    for entry, body in zip(entries, bodies, strict=True):
        by = people_named.get(entry.actor_id) if entry.actor_id else None
        params = {
            **body,
            "actor": by or _("系统"),
            "role": titles.get(str(body.get("role", "")), str(body.get("role", ""))),
            "area": named.get(str(body.get("area", "")), str(body.get("area", ""))),
        }
        told_.append({"at": entry.recorded_at, "text": sentence(EntryView(entry.verb, params), language())})
    return told_


def _back(found: Person) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:person", args=[found.pk]))


@require_POST
def person_correct(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Correct a name or a number."""
    actor, found = _managed(request, person_id)
    form = CorrectForm(request.POST, prefix="correct")
    if form.is_valid():
        try:
            correct_person(actor=actor, person_id=person_id, **form.cleaned_data)
        except (BadInput, Refused) as error:
            told(form, error)
        else:
            messages.success(request, _("已更正，并已告诉本人"))
            return _back(found)
    return _page(request, actor, found, wrong={"correct_form": form}, status=422)


@require_POST
def post_give(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Give a person a post."""
    actor, found = _managed(request, person_id)
    form = PostForm(request.POST, titles=role_titles(language()), places=places_to_appoint(actor))
    if form.is_valid():
        try:
            give_post(actor=actor, person_id=person_id, **form.cleaned_data)
        except (BadInput, Refused) as error:
            told(form, error)
        else:
            messages.success(request, _("已任命"))
            return _back(found)
    return _page(request, actor, found, wrong={"form": form}, status=422)


@require_POST
def post_deputy(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Name a person deputy of somebody, for all that these hold in one role."""
    actor, found = _managed(request, person_id)
    rows = held_posts(chiefs_for(actor, found), role_titles(language()))
    form = DeputyForm(request.POST, chiefs=_choices(rows), prefix="deputy")
    if form.is_valid():
        given = dict(form.cleaned_data)
        row = next(row for row in rows if str(row.post.pk) == given.pop("stands_for"))
        try:
            name_deputy(actor=actor, person_id=person_id, post_ids=[post.pk for post in row.posts], **given)
        except (BadInput, Refused) as error:
            told(form, error)
        else:
            messages.success(request, _("已指定代理：%(role)s（%(areas)s）") % {"role": row.role, "areas": row.area})
            return _back(found)
    return _page(request, actor, found, wrong={"deputy_form": form}, status=422)


@require_POST
def post_end(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """End a post, or those told together with it, with its last day; says so when no post is left."""
    actor = actor_for(request)
    post = access(actor, PEOPLE_MANAGE, Post.objects.all(), pk=post_id)
    found = access(actor, PEOPLE_READ, _persons(), pk=post.person_id)
    row = next(row for row in held_posts(_own(actor, found), role_titles(language())) if post in row.posts)
    mine = _mine(actor, row) if _mine(actor, row)[0] == post_id else [post_id]
    form = _end_form(row, mine, request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data)
        chosen = [UUID(key) for key in given.pop("places", None) or [str(post_id)]]
        try:
            ended = end_posts(actor=actor, post_ids=chosen, **given)
        except (BadInput, Refused) as error:
            told(form, error)
        else:
            messages.success(request, _("岗位任至 %(day)s") % {"day": given["until"]})
            if posts_left(ended) == 0:
                messages.warning(request, _("这是 %(name)s 最后的岗位：之后不再有任何权限") % {"name": found.name})
            return _back(found)
    return _page(request, actor, found, end=(mine[0], form), status=422)


@never_cache
@require_POST
def sign_in(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Make or reset a person's sign-in, and show its first password this once."""
    actor, found = _managed(request, person_id)
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
        return _page(request, actor, found, status=422)
    return render(request, "web/desk/people/sign_in.html", {"person": found, "made": made})


@require_POST
def person_erase(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Erase a person: name, numbers, account; with a reason, and not while they answer for something."""
    actor, found = _managed(request, person_id)
    form = EraseForm(request.POST, prefix="erase")
    if form.is_valid():
        try:
            erase_person(actor=actor, person_id=person_id, reason=form.cleaned_data["reason"])
        except (BadInput, Refused) as error:
            told(form, error)
        else:
            messages.success(request, _("已删除个人信息和账号。办过的事仍在记录里，不再有姓名。"))
            return HttpResponseRedirect(reverse("desk:people"))
    return _page(request, actor, found, wrong={"erase_form": form}, status=422)


@require_POST
def erasure_refuse(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Refuse somebody's request to be erased, with the reason that they are told."""
    actor, found = _managed(request, person_id)
    form = RefuseForm(request.POST, prefix="refuse")
    if form.is_valid():
        try:
            refuse_erasure(actor=actor, person_id=person_id, reason=form.cleaned_data["reason"])
        except (BadInput, Refused) as error:
            told(form, error)
        else:
            messages.success(request, _("已答复本人"))
            return _back(found)
    return _page(request, actor, found, wrong={"refuse_form": form}, status=422)


urlpatterns = [
    path("people/<uuid:person_id>/", person, name="person"),
    path("people/<uuid:person_id>/correct/", person_correct, name="person_correct"),
    path("people/<uuid:person_id>/posts/", post_give, name="post_give"),
    path("people/<uuid:person_id>/deputy/", post_deputy, name="post_deputy"),
    path("people/<uuid:person_id>/sign-in/", sign_in, name="sign_in"),
    path("people/<uuid:person_id>/erase/", person_erase, name="person_erase"),
    path("people/<uuid:person_id>/erase/refuse/", erasure_refuse, name="erasure_refuse"),
    path("people/posts/<uuid:post_id>/end/", post_end, name="post_end"),
]
