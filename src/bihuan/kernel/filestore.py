"""Where the bytes of photos and voice notes lie in the storage, named by their hash; written once, deleted unnamed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from .ids import new_id
from .models import StoredFile

PHOTOS, SOUNDS = "photos", "sounds"
FOLDERS = (PHOTOS, SOUNDS)


def photo_path(sha256: str, *, thumb: bool = False) -> str:
    """Return where a photo's bytes lie in the storage."""
    return f"{PHOTOS}/{sha256[:2]}/{sha256[2:4]}/{sha256}{'.thumb' if thumb else ''}.jpg"


def sound_path(sha256: str) -> str:
    """Return where a voice note's bytes lie in the storage."""
    return f"{SOUNDS}/{sha256[:2]}/{sha256[2:4]}/{sha256}.sound"


def paths_of(kind: str, sha256: str) -> tuple[str, ...]:
    """Return every path of a kept file: of a photo itself and its thumbnail."""
    if kind == StoredFile.Kind.SOUND:
        return (sound_path(sha256),)
    return photo_path(sha256), photo_path(sha256, thumb=True)


def write_once(path: str, data: bytes) -> None:
    """Lay bytes down unless they are there: before the row, so that a failure leaves a file without one, never a row.

    A path is named by the hash of what lies there, so what is there is the same. It appears whole or not at all,
    however many write it at once: under a name of its own first, which is swept should the writing fail.
    """
    if default_storage.exists(path):
        return
    try:
        final = Path(default_storage.path(path))
    except NotImplementedError:  # a storage that is no folder
        default_storage.save(path, ContentFile(data))
        return
    final.parent.mkdir(parents=True, exist_ok=True)
    draft = final.with_name(f"{new_id().hex}.part")
    draft.write_bytes(data)
    if settings.FILE_UPLOAD_PERMISSIONS is not None:
        draft.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    draft.replace(final)


def delete_unnamed(names: Iterable[tuple[str, str]]) -> None:
    """Delete the files (kind, hash) that no row names any more."""
    wanted = {(str(kind), sha256) for kind, sha256 in names}
    named = StoredFile.objects.filter(sha256__in={sha256 for _kind, sha256 in wanted}).values_list("kind", "sha256")
    for kind, sha256 in wanted - set(named):
        for path in paths_of(kind, sha256):
            default_storage.delete(path)
