"""What was done with what was said: a public matter, the published results of a meeting."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bihuan.areas.api import find
from bihuan.kernel.api import new_id
from bihuan.matters.api import public_page
from bihuan.matters.models import Matter
from bihuan.meetings.api import published, published_deliberations
from bihuan.web import chain
from bihuan.web.portal import subjects
from bihuan.web.portal.follow import lines_of
from bihuan.web.portal.method import is_solved
from bihuan.web.portal.sharing import share_of
from bihuan.web.stages import progress_of


@login_not_required
@require_safe
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """A matter as anybody may see it."""
    sheet = public_page(number)
    row = Matter.objects.filter(number=number).first()
    if sheet is None or row is None:
        raise Http404
    words = {
        "page": sheet,
        "community": find(number.partition("-")[0]),
        "form_id": new_id(),
        "progress": progress_of(row.version_ref_id, sheet.steps, is_open=sheet.is_open),
        "solved": is_solved(row.version_ref_id, row.outcome),
        "timeline": lines_of(sheet),
        "deliberated": chain.shown(published_deliberations(row.pk)),
        "share": share_of(subjects.shown_matter(row, sheet)),
    }
    return render(request, "web/portal/matter.html", words)


@login_not_required
@require_safe
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """What a meeting decided, as published; while the window is open, with the way to object."""
    sheet = published(meeting_id)
    if sheet is None:
        raise Http404
    words = {"page": sheet, "share": share_of(subjects.shown_meeting(sheet))}
    return render(request, "web/portal/meeting.html", words)
