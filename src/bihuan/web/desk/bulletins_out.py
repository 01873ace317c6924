"""A bulletin taken out of the desk: as an official document, and printed for the wall."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.kernel.api import Refused
from bihuan.people.api import actor_for
from bihuan.reporting.bulletins import api as bulletins
from bihuan.web.portal.report import qr

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@never_cache
@require_safe
def document(request: HttpRequest, bulletin_id: UUID, form: str) -> HttpResponse:
    """One as an official document, .docx or .pdf."""
    try:
        row, content = bulletins.hand_out(actor_for(request), bulletin_id, form)
    except Refused as error:
        for problem in error.problems:
            messages.error(request, f"{problem.why}{problem.how}")
        return HttpResponseRedirect(reverse("desk:bulletin", args=[bulletin_id]))
    name = f"{row.number or row.title}.{form}"
    answer = HttpResponse(content, content_type=_DOCX if form == "docx" else "application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return answer


@never_cache
@require_safe
def printed(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """A page to print for the wall: the text, and the code of its public page."""
    page = bulletins.bulletin_page(actor_for(request), bulletin_id)
    url = request.build_absolute_uri(reverse("portal:notice", args=[bulletin_id])) if page.row.published_at else ""
    row = page.row
    photo = row.kind == row.Kind.NOTICE or (row.kind == row.Kind.MODEL and bulletins.pictures_agreed(row))
    context = {
        "page": page,
        "row": row,
        "url": url,
        "qr": qr(url) if url else "",
        "blocks": page.blocks,
        "photo": photo,
    }
    return render(request, "web/desk/bulletins/print.html", context)
