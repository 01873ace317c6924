"""Serves stored voice notes to whom may read what they belong to, in parts where a player asks for them."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from bihuan.kernel.api import open_sound
from bihuan.kernel.models import StoredFile
from bihuan.web.photos import may_see

_HOUR = 3600
_RANGE = re.compile(r"^bytes=(\d{0,15})-(\d{0,15})$")


@login_not_required
@require_safe
def sound(request: HttpRequest, sound_id: UUID) -> HttpResponseBase:
    """Serve one voice note. Who may not hear it is told that there is none."""
    stored = StoredFile.objects.filter(pk=sound_id, kind=StoredFile.Kind.SOUND).first()
    if stored is None or not may_see(request, stored):
        raise Http404
    return played(request, stored)


def played(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """Return a voice note, or the part of it that ``Range`` asks for (RFC 9110 §14): Safari plays nothing without.

    Raises:
        Http404: its file is gone.
    """
    try:
        file = open_sound(stored)
    except FileNotFoundError:
        raise Http404 from None
    size = stored.bytes
    part = _part(request.headers.get("Range", ""), size)
    response: HttpResponseBase
    if part == (0, 0):
        file.close()
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
    elif part is None:
        response = FileResponse(file)
    else:
        with file:
            file.seek(part[0])
            response = HttpResponse(file.read(part[1] - part[0]), status=206)
        response["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{size}"
    response["Content-Type"] = stored.mime
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"private, max-age={_HOUR}"
    response["Content-Disposition"] = "inline"
    response["X-Robots-Tag"] = "noindex"
    return response


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """Return what is asked for as (begin, end); None for all of it, (0, 0) for what is not there."""
    found = _RANGE.match(asked)
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    begin = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    return (begin, end) if begin < end else (0, 0)
