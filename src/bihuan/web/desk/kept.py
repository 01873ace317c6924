"""Photos chosen before a form could be accepted: kept as files sent ahead are, so that nobody chooses them twice.

A browser never sends a chosen file back into a form. So a photo is stored as soon as it arrives, under an id that
follows from the form and from the photo: the same form sent again stores it once. It waits under whoever sent it,
seen by nobody else, until a record names it; what nothing names goes after thirty days.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Conflict, find_files, id_from, keep_upload, new_id, parse_id
from bihuan.kernel.models import StoredFile
from bihuan.kernel.uploads import UNNAMED
from bihuan.matters.api import Photo
from bihuan.people.api import Actor
from bihuan.web.uploads import dropped

KEPT = "kept"


@dataclass(frozen=True, slots=True)
class KeptPhotos:
    """The photos of a form that are on the server, and what is wrong with those that are not."""

    name: str = KEPT
    files: tuple[StoredFile, ...] = ()
    problems: tuple[str, ...] = ()

    def given(self, tag: str = "scene") -> list[Photo]:
        """Return them as a use case takes them; ``tag``: what they show."""
        return [Photo(None, tag, file.pk) for file in self.files]


def keep_photos(request: HttpRequest, actor: Actor, *, prefix: str = "", form_id: str = "id") -> KeptPhotos:
    """Return what a form has now: kept before and still ticked, and newly chosen.

    Args:
        request: a form with files under ``photos`` and ticked ids under ``kept``.
        actor: who is signed in.
        prefix: of the form's names.
        form_id: the field that holds the id made with the form.
    """
    before = _before(request.POST.getlist(prefix + KEPT), actor)
    found = {file.pk: file for file in before}
    problems = [_("%(name)s：照片太大。") % {"name": name} for name in ([] if prefix else dropped(request))]
    for upload in request.FILES.getlist(prefix + "photos"):
        if len(found) >= settings.PHOTO_MAX_COUNT:
            problems.append(_("照片太多了，最多 %(most)s 张，已留下前面的。") % {"most": settings.PHOTO_MAX_COUNT})
            break
        try:
            file = _keep(upload, actor, _form_id(request.POST.get(prefix + form_id, "")))
        except (BadInput, Conflict) as error:
            problems += [f"{upload.name}：{problem.why}{problem.how}" for problem in error.problems]
        else:
            found[file.pk] = file
    return KeptPhotos(prefix + KEPT, tuple(found.values()), tuple(problems))


def _before(lines: list[str], actor: Actor) -> list[StoredFile]:
    ids = []
    for line in lines[: settings.PHOTO_MAX_COUNT]:
        try:
            ids.append(UUID(line))
        except ValueError:
            continue
    rows = find_files(ids)
    return [rows[key] for key in ids if key in rows and _waits(rows[key], actor)]


def _waits(file: StoredFile, actor: Actor) -> bool:
    return file.kind == "photo" and (file.subject_type, file.subject_id) == (UNNAMED, actor.person_id)


def _form_id(text: str) -> UUID:
    try:
        return parse_id(text)
    except BadInput:
        return new_id()


def _keep(upload: Any, actor: Actor, form_id: UUID) -> StoredFile:
    assert actor.person_id is not None  # noqa: S101 - the desk asks for the right to record first
    digest = hashlib.file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    key = id_from(form_id, "photo", digest)
    return keep_upload(kind="photo", upload=upload, tag="scene", file_id=key, person_id=actor.person_id)[0]
