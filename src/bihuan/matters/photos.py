"""Photos on their way in: decoded and re-encoded before the transaction, written in it; or sent ahead and taken."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from bihuan.kernel.api import ReadyFile, counts_by_tag, keep_files, ready_files
from bihuan.matters.shapes import Photo

Ready = ReadyFile


def ready_photos(photos: Sequence[Photo]) -> list[Ready]:
    """Check and re-encode what was uploaded; what was sent ahead waits under its id.

    Raises:
        BadInput: for what is no photo, is too big, or has neither bytes nor an id.
    """
    return ready_files(photos)


def photo_counts(ready: Sequence[Ready]) -> dict[str, int]:
    """Return how many photos there are by tag, as the engine counts them."""
    return dict(counts_by_tag(ready))


def keep_photos(ready: Sequence[Ready], matter_id: UUID, entry_id: UUID, person_id: UUID | None) -> None:
    """Keep the photos of an entry: one statement each, and one for those sent ahead by this person.

    Raises:
        Conflict: one that was sent ahead is not there, or another entry has it.
    """
    keep_files(ready, subject_type="matter", subject_id=matter_id, entry_id=entry_id, person_id=person_id)
