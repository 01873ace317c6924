"""Serves stored photos to whom may see them: everybody, who may read the matter, or who holds its link."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from bihuan.fieldwork.api import may_read_visit
from bihuan.kernel.api import open_photo
from bihuan.kernel.models import StoredFile
from bihuan.matters.api import is_reporters_link, read_party_secret
from bihuan.matters.models import Matter, Party
from bihuan.meetings.models import Meeting
from bihuan.people.api import MATTER_READ, MEETING_READ, actor_for, can

_HOUR = 3600


@login_not_required
@require_safe
def photo(request: HttpRequest, file_id: UUID) -> FileResponse:
    """Serve one photo, or its thumbnail (``?size=small``). Who may not see it is told that there is none."""
    stored = StoredFile.objects.filter(pk=file_id, kind=StoredFile.Kind.PHOTO).first()
    if stored is None:
        raise Http404
    open_to_all = _is_public(stored)
    if not open_to_all and not may_see(request, stored):
        raise Http404
    try:
        file = open_photo(stored, thumb=request.GET.get("size") == "small")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=stored.mime)
    response["Cache-Control"] = f"{'public' if open_to_all else 'private'}, max-age={_HOUR}"
    response["Content-Disposition"] = "inline"
    response["X-Robots-Tag"] = "noindex"
    return response


def _is_public(stored: StoredFile) -> bool:
    if not stored.public:
        return False
    if stored.subject_type == "matter":
        return Matter.objects.filter(pk=stored.subject_id, public=True).exists()
    if stored.subject_type == "meeting":
        return Meeting.objects.filter(pk=stored.subject_id, state=Meeting.State.PUBLISHED).exists()
    return stored.subject_type == "activity"  # announced to everybody, and so is what it was like


def _is_partys(matter: Matter, token: str) -> bool:
    """Tell whether the token is that of a party's own link to this matter, while they are one."""
    ids = read_party_secret(token)
    return (
        ids is not None
        and ids[0] == matter.pk
        and Party.objects.filter(matter=matter, person_id=ids[1], until__isnull=True).exists()
    )


def may_see(request: HttpRequest, stored: StoredFile) -> bool:
    """Tell whether the caller may see a file: who may read what it belongs to; until then, who sent it."""
    actor = actor_for(request)
    if stored.subject_type == "matter":
        matter = Matter.objects.filter(pk=stored.subject_id).first()
        if matter is None:
            return False
        token = request.GET.get("t", "")
        if token and (is_reporters_link(matter, token) or _is_partys(matter, token)):
            return True
        return actor.kind == "person" and can(actor, MATTER_READ, matter).allowed
    if stored.subject_type == "meeting":
        meeting = Meeting.objects.filter(pk=stored.subject_id).first()
        return meeting is not None and actor.kind == "person" and can(actor, MEETING_READ, meeting).allowed
    if stored.subject_type == "upload":
        return actor.person_id is not None and actor.person_id == stored.subject_id
    if stored.subject_type == "visit":
        return actor.kind == "person" and may_read_visit(actor, stored.subject_id)
    return False
