"""What leads to a public page from paper and from messages: its QR code, its picture, what a message says of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.areas.models import Area
from bihuan.kernel.api import clock, hit_lightly, source_of
from bihuan.web.portal import cards, subjects
from bihuan.web.portal.report import qr
from bihuan.web.portal.subjects import Subject

_PER_MINUTE = 120  # of one address: pictures cost time to draw
_CODE_SECONDS = 86_400
FEEDS = {  # which feeds the pages of a subject name
    "": ("results", "notices", "meetings", "activities", "models"),
    "matter": ("results",),
    "meeting": ("meetings",),
    "bulletin": ("notices", "models"),
    "activity": ("activities",),
}


@dataclass(frozen=True, slots=True)
class FeedLink:
    """One feed, as the head of a page names it."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Share:
    """What a page says of itself to messengers, to feed readers and on paper. ``image``: "" where it has no picture.

    ``check``: the path of the page where it is checked, with the ``code`` to type there, "" of an area.
    """

    title: str
    description: str
    url: str
    image: str
    qr: SafeString
    check: str
    code: str
    feeds: tuple[FeedLink, ...]


def feeds_of(area_code: str, kinds: Sequence[str], name: str = "") -> tuple[FeedLink, ...]:
    """Return feeds of the community that an area lies in, or of the area itself where it is above communities."""
    titles = {
        "results": _("办结的事项"),
        "notices": _("公开的简报和公示"),
        "meetings": _("会议结果"),
        "activities": _("活动"),
        "models": _("身边榜样"),
    }
    code = area_code[: subjects.COMMUNITY]
    return tuple(
        FeedLink(f"{titles[kind]} · {name}" if name else titles[kind], reverse(f"portal:{kind}_feed", args=[code]))
        for kind in kinds
    )


def share_of_list(area: Area, page: str, heading: str, *kinds: str) -> Share:
    """Return what a list of an area says of itself: its own address, the area's picture. No statement."""
    home, url = subjects.of_area(area), settings.PUBLIC_URL + reverse(f"portal:{page}", args=[area.code])
    return replace(
        share_of(home),
        title=f"{heading} · {home.title}",
        description=home.kind,
        url=url,
        qr=qr(url),
        feeds=feeds_of(area.code, kinds, home.title),
    )


def share_of(subject: Subject) -> Share:
    """Return what the page of a subject says of itself. No statement."""
    name = "" if subject.type else subject.title
    return Share(
        title=subject.title,
        description=" · ".join(part for part in (subject.place, subject.kind) if part),
        url=subject.url,
        image=settings.PUBLIC_URL + subject.address("card") if subject.sharable else "",
        qr=qr(subject.url),
        check=subject.address("check"),
        code=subject.code,
        feeds=feeds_of(subject.area_code, FEEDS[subject.type], name),
    )


def _code(subject: Subject) -> HttpResponse:
    out = io.BytesIO()
    segno.make(subject.url, error="m", micro=False).save(out, kind="svg", scale=8, border=4, dark="#000", light="#fff")
    response = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = f"public, max-age={_CODE_SECONDS}"
    return response


def _card(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Return the picture; asked for anew each time, so that none outlives what it shows."""
    decision = hit_lightly("portal-card", source_of(request), _PER_MINUTE, 60)
    if not decision.allowed:
        response = HttpResponse(_("请稍后再试。"), status=429, content_type="text/plain; charset=utf-8")
        response["Retry-After"] = str(decision.retry_after)
        return response
    if not subject.sharable:
        raise Http404
    day = f"{subject.at.astimezone(clock.ZONE):%Y-%m-%d}" if subject.at else f"{clock.today():%Y-%m-%d}"
    response = HttpResponse(
        cards.picture(subject.url, subject.title, subject.place, subject.kind, day), content_type="image/png"
    )
    response["Cache-Control"] = "no-cache"
    return response


def qr_code(find: Callable[[Any], Subject | None]) -> Callable[..., HttpResponse]:
    """Return the QR code of a kind of public page, as a drawing."""

    @login_not_required
    @require_safe
    def answer(request: HttpRequest, **key: Any) -> HttpResponse:
        return _code(_found(find, key))

    return answer


def card(find: Callable[[Any], Subject | None]) -> Callable[..., HttpResponse]:
    """Return the picture that stands beside the shared address of a kind of public page."""

    @login_not_required
    @require_safe
    def answer(request: HttpRequest, **key: Any) -> HttpResponse:
        return _card(request, _found(find, key))

    return answer


def _found(find: Callable[[Any], Subject | None], key: Mapping[str, Any]) -> Subject:
    subject = find(*key.values())
    if subject is None:
        raise Http404
    return subject
