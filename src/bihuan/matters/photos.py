"""Photos on their way in: decoded and re-encoded before the transaction, written in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bihuan.kernel.api import encode_photo, keep_photo, new_id, parse_id
from bihuan.matters.shapes import Photo


@dataclass(frozen=True, slots=True)
class Ready:
    """A photo that may be kept."""

    encoded: Any
    tag: str
    file_id: UUID


def ready_photos(photos: Sequence[Photo], *, entry_id: UUID) -> list[Ready]:
    """Check and re-encode what was uploaded.

    Raises:
        BadInput: for what is no photo, is too big, or has an unknown tag.
    """
    ready = []
    for photo in photos:
        file_id = parse_id(photo.file_id, field="photos") if photo.file_id is not None else new_id()
        encoded = encode_photo(photo.upload, name=str(getattr(photo.upload, "name", "") or ""))
        ready.append(Ready(encoded, photo.tag, file_id))
    return ready


def photo_counts(ready: Sequence[Ready]) -> dict[str, int]:
    """Return how many photos there are by tag, as the engine counts them."""
    return dict(Counter(photo.tag for photo in ready))


def keep_photos(ready: Sequence[Ready], matter_id: UUID, entry_id: UUID) -> None:
    """Keep the photos of an entry: one statement each."""
    for photo in ready:
        keep_photo(
            photo.encoded,
            subject_type="matter",
            subject_id=matter_id,
            tag=photo.tag,
            entry_id=entry_id,
            file_id=photo.file_id,
        )
