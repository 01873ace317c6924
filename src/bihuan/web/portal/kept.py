"""Photos that were chosen before a report could be accepted: kept for a day, so that nobody chooses them twice.

A browser never sends a chosen file back to the form. So each photo is checked and re-encoded at once (nothing but
pixels is kept), laid into ``provisional/`` of the storage, and the form carries a signed line for it.
Whoever holds no signed line can neither see nor use it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, clock, encode_photo, new_id, photo_limits
from bihuan.web import source
from bihuan.web.uploads import dropped

FOLDER = "provisional"
KEPT_SECONDS = 24 * 3600
_SALT = "bihuan.portal.kept"


@dataclass(frozen=True, slots=True)
class Kept:
    """One provisional photo: the id it will have, its file's name, and the signed line of the form."""

    file_id: UUID
    name: str
    line: str

    def open(self, *, thumb: bool = False) -> Any:
        """Open the bytes (JPEG) for reading."""
        return default_storage.open(f"{FOLDER}/{self.name}{'.thumb' if thumb else ''}.jpg", "rb")


def keep(upload: Any) -> Kept:
    """Check, re-encode and lay away one upload.

    Raises:
        BadInput: what ``encode_photo`` finds wrong, beside the field ``photos``.
    """
    encoded = encode_photo(upload, name=str(getattr(upload, "name", "") or ""), field="photos")
    name = secrets.token_hex(16)
    default_storage.save(f"{FOLDER}/{name}.jpg", ContentFile(encoded.data))
    default_storage.save(f"{FOLDER}/{name}.thumb.jpg", ContentFile(encoded.thumb))
    file_id = new_id()
    return Kept(file_id, name, signing.dumps([str(file_id), name], salt=_SALT))


def find(line: str) -> Kept | None:
    """Return the photo of a signed line; none when it was tampered with, is too old, or was swept."""
    try:
        file_id, name = signing.loads(line, salt=_SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return None
    return Kept(UUID(file_id), name, line) if default_storage.exists(f"{FOLDER}/{name}.jpg") else None


def gather(request: HttpRequest) -> tuple[list[Kept], list[Problem]]:
    """Return the photos a form has now (kept before, less those taken out, plus new ones) and what is wrong.

    What a throttled form carried is kept too, so that it can be sent later; but not without end.
    """
    most = settings.PHOTO_MAX_COUNT
    away = set(request.POST.getlist("drop"))
    lines = request.POST.getlist("kept")[:most]
    kept = [photo for line in lines if line not in away and (photo := find(line))]
    problems = [
        Problem("photos", _("%(name)s：照片太大。") % {"name": name}, photo_limits()) for name in dropped(request)
    ]
    uploads = request.FILES.getlist("photos")
    if uploads and (slow_down := source.too_fast(request, source.PHOTOS)):
        return kept, [*problems, Problem("photos", slow_down)]
    for upload in uploads:
        if len(kept) >= most:
            how = _("最多 %(most)s 张，已留下前面的。") % {"most": most}
            problems.append(Problem("photos", _("照片太多了。"), how))
            break
        try:
            kept.append(keep(upload))
        except BadInput as error:
            problems.extend(error.problems)
    return kept, problems


def sweep() -> int:
    """Delete what is older than a day; return how many files. Run by the worker."""
    if not default_storage.exists(FOLDER):
        return 0
    count = 0
    old = clock.now() - timedelta(seconds=KEPT_SECONDS)
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if default_storage.get_modified_time(path) < old:
            default_storage.delete(path)
            count += 1
    return count
