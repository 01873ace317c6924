"""Desk pages: what I must and may do next, and my bell."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.activities.duties.api import my_duties
from bihuan.areas.api import subtree_q
from bihuan.kernel.api import BadInput, clock, notice_text
from bihuan.kernel.models import Notification
from bihuan.matters.api import Listing, TodoRow, todo
from bihuan.matters.models import Matter
from bihuan.meetings.models import AgendaItem
from bihuan.people.api import MEETING_CALL, Actor, actor_for
from bihuan.web.dates import moment
from bihuan.web.desk import choices
from bihuan.web.desk.posts import posts_in_words

_ROWS = 50
_NOTICES = 100
_MOST = 99
_PENDING = (AgendaItem.State.WAITING, AgendaItem.State.VOTING, AgendaItem.State.COUNTED)


@require_safe
def todo_page(request: HttpRequest) -> HttpResponse:
    """My to-do list: what I owe first, nearest limit first, each line a link to the act itself."""
    actor = actor_for(request)
    cursor, wrong = request.GET.get("after", "")[:100], ""
    try:
        listing = todo(actor, cursor or None, _ROWS)
    except BadInput as error:
        wrong = " ".join(f"{problem.why}{problem.how}" for problem in error.problems)
        cursor, listing = "", todo(actor, None, _ROWS)
    home = reverse("desk:todo")
    context = {
        "name": actor.name or request.user.get_username(),
        "posts": posts_in_words(actor),
        "groups": groups(listing),
        "deliberations": [] if cursor else deliberations(actor),
        "duties": () if cursor else my_duties(actor),
        "next_url": f"{home}?after={quote(listing.next)}" if listing.next else "",
        "first_url": home if cursor else "",
        "wrong": wrong,
    }
    return render(request, "web/desk/todo/page.html", context)


def groups(listing: Listing[TodoRow]) -> list[dict[str, Any]]:
    """Return the rows as 该办 and 可办, each act with its link; a group without rows is left out."""
    rows = [{**asdict(row), "links": links(row)} for row in listing.rows]
    found = [
        {
            "key": "must",
            "title": _("该办"),
            "note": _("工作法等着您做，按时限先后"),
            "rows": [row for row in rows if row["must"]],
        },
        {
            "key": "may",
            "title": _("可办"),
            "note": _("不是必须做，需要时再做"),
            "rows": [row for row in rows if not row["must"]],
        },
    ]
    return [group for group in found if group["rows"]]


def links(row: TodoRow) -> list[dict[str, str]]:
    """Return the acts of a row, each with the address where it is done."""
    matter = reverse("desk:matter", args=[row.matter_id])
    return [{"title": title, "url": f"{matter}?do={quote(act)}#do"} for act, title in row.acts]


def deliberations(actor: Actor) -> list[dict[str, Any]]:
    """Return what waits for a meeting that ``actor`` may call: body, how many (at most 99 are counted).

    Only for posts at a community with the right to call, for bodies they convene, and for what is on no agenda yet;
    two statements each, none for anybody else.
    """
    codes = {post.area_code for post in actor.posts if len(post.area_code) == 12 and MEETING_CALL in post.grants}
    found = []
    for code in sorted(codes):
        method = choices.method_at(code)
        if method is None:
            continue
        section, mine = method.section("deliberation"), actor.roles_in(code)
        convened = {key for key, body in section.bodies.items() if mine & set(body.convener)} if section else set()
        bodies = {key: step.deliberated_by for key, step in method.steps.items() if step.deliberated_by in convened}
        on_agenda = AgendaItem.objects.filter(matter__isnull=False, state__in=_PENDING).values("matter_id")
        waiting = Matter.objects.filter(subtree_q("area_code", code), is_open=True, step__in=bodies)
        waiting = waiting.exclude(pk__in=on_agenda).order_by()
        counts = Counter(bodies[step] for step in waiting.values_list("step", flat=True)[: _MOST + 1])
        found += [
            {
                "title": method.role_title(f"meeting:{body}").say(choices.language()),
                "n": min(count, _MOST),
                "url": reverse("desk:meetings"),
            }
            for body, count in sorted(counts.items())
        ]
    return found


def _mine(actor: Actor) -> QuerySet[Notification]:
    if actor.person_id is None:
        return Notification.objects.none()
    return Notification.objects.filter(person_id=actor.person_id)


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """My bell: what happened to what I answer for or follow."""
    actor = actor_for(request)
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    rows = _mine(actor).order_by("-created_at")[:_NOTICES]
    told = [
        {
            "text": notice_text(row.kind, _said(row.params), lang),
            "at": row.created_at,
            "link": reverse("desk:notice", args=[row.pk]),
            "new": row.read_at is None,
        }
        for row in rows
    ]
    return render(
        request,
        "web/desk/todo/notices.html",
        {"notices": told, "unread": any(notice["new"] for notice in told)},
    )


def _said(params: dict[str, Any]) -> dict[str, Any]:
    """Return a notice's parameters with its moment as people say it: 11月26日 周四 15:00."""
    try:
        at = datetime.strptime(str(params["when"]), "%Y-%m-%d %H:%M").replace(tzinfo=clock.ZONE)
    except (KeyError, ValueError):
        return params
    return {**params, "when": moment(at)}


@require_safe
def notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Open one line of the bell: it counts as read, and leads to where it can be acted on."""
    actor = actor_for(request)
    mine = _mine(actor).filter(pk=notice_id)
    row = mine.first()
    if row is None:
        return HttpResponseRedirect(reverse("desk:notices"))
    if row.read_at is None:
        mine.update(read_at=clock.now())
    link = row.link
    if not url_has_allowed_host_and_scheme(link, None):
        link = reverse("desk:notices")
    return HttpResponseRedirect(link)


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Count all of my bell as read."""
    actor = actor_for(request)
    _mine(actor).filter(read_at=None).update(read_at=clock.now())
    messages.success(request, _("都标为已读了。"))
    return HttpResponseRedirect(reverse("desk:notices"))


urlpatterns = [
    path("", todo_page, name="todo"),
    path("bell/", notices, name="notices"),
    path("bell/read/", notices_read, name="notices_read"),
    path("bell/<uuid:notice_id>/", notice, name="notice"),
]
