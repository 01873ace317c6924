"""Calendars as addresses to subscribe to: what reads them has no session, so a link itself is the right."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.api.calendars import own_calendar, public_calendar
from bihuan.areas.api import find, is_code
from bihuan.kernel.api import hit_lightly, source_of

_PER_MINUTE = 120  # of one address: a house of people who subscribe


@login_not_required
@require_safe
def public(request: HttpRequest, code: str) -> HttpResponse:
    """Give what is public in an area: its activities, and the meetings whose results are published."""
    if (slow := _slow(request)) is not None:
        return slow
    area = find(code) if is_code(code) else None
    if area is None:
        raise Http404
    return _calendar(public_calendar(area), f"{area.code}.ics", shared=True)


@login_not_required
@require_safe
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Give a person's own calendar to whoever holds its secret link."""
    if (slow := _slow(request)) is not None:
        return slow
    made = own_calendar(token)
    if made is None:
        raise Http404
    return _calendar(made, "bihuan.ics", shared=False)


def _calendar(body: bytes, name: str, *, shared: bool) -> HttpResponse:
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "public, max-age=600" if shared else "private, no-store"
    if not shared:
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
    return response


def _slow(request: HttpRequest) -> HttpResponse | None:
    decision = hit_lightly("api-calendar", source_of(request), _PER_MINUTE, 60)
    if decision.allowed:
        return None
    response = HttpResponse(_("请稍后再试。"), status=429, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(decision.retry_after)
    return response
