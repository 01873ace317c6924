"""What leads to a public page from paper and from messages: its QR code, its picture, what a message says of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.kernel.api import clock, hit_lightly, source_of
from bihuan.web.portal import cards, subjects
from bihuan.web.portal.report import qr
from bihuan.web.portal.subjects import Subject

_PER_MINUTE = 120  # of one address: pictures cost time to draw
_CODE_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Share:
    """What a page says of itself to messengers and on paper. ``image``: "" where it has no picture.

    ``check``: the path of the page where it is checked, with the ``code`` to type there; "" of an area.
    """

    title: str
    description: str
    url: str
    image: str
    qr: SafeString
    check: str
    code: str


def share_of(subject: Subject) -> Share:
    """Return what the page of a subject says of itself. No statement."""
    return Share(
        title=subject.title,
        description=" · ".join(part for part in (subject.place, subject.kind) if part),
        url=subject.url,
        image=settings.PUBLIC_URL + subject.address("card") if subject.sharable else "",
        qr=qr(subject.url),
        check=subject.address("check") if subject.type else "",
        code=subject.code,
    )


def _found(find: Callable[[Any], Subject | None], key: Any) -> Subject:
    subject = find(key)
    if subject is None:
        raise Http404
    return subject


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


@login_not_required
@require_safe
def area_qr(request: HttpRequest, code: str) -> HttpResponse:
    """The QR code of an area's public home."""
    return _code(subjects.of_area(subjects.area_of(code)))


@login_not_required
@require_safe
def area_card(request: HttpRequest, code: str) -> HttpResponse:
    """The picture of an area's public home."""
    return _card(request, subjects.of_area(subjects.area_of(code)))


@login_not_required
@require_safe
def matter_qr(request: HttpRequest, number: str) -> HttpResponse:
    """The QR code of a matter's page."""
    return _code(_found(subjects.of_matter, number))


@login_not_required
@require_safe
def matter_card(request: HttpRequest, number: str) -> HttpResponse:
    """The picture of a matter."""
    return _card(request, _found(subjects.of_matter, number))


@login_not_required
@require_safe
def meeting_qr(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The QR code of a meeting's results."""
    return _code(_found(subjects.of_meeting, meeting_id))


@login_not_required
@require_safe
def meeting_card(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The picture of a meeting's results."""
    return _card(request, _found(subjects.of_meeting, meeting_id))


@login_not_required
@require_safe
def notice_qr(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """The QR code of a bulletin's page."""
    return _code(_found(subjects.of_bulletin, bulletin_id))


@login_not_required
@require_safe
def notice_card(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """The picture of a bulletin."""
    return _card(request, _found(subjects.of_bulletin, bulletin_id))
