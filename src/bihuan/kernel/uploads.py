"""Files that come ahead of what they belong to, and files that come with it: both end as rows of one entry.

A phone sends its photos and voice notes one by one, under ids it made, whenever the network allows; each waits under
whoever sent it until an entry names it (``keep_files``), in that entry's transaction. What nothing has named after
thirty days is deleted.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from . import clock, sql
from .errors import BadInput, Conflict, Problem
from .filestore import delete_unnamed, photo_path, sound_path, write_once
from .ids import new_id, parse_id
from .models import StoredFile
from .photos import TAGS, Encoded, encode_photo
from .sounds import MAX_BYTES as SOUND_MAX_BYTES
from .sounds import TAG as SOUND_TAG
from .sounds import EncodedSound, encode_sound

UNNAMED = "upload"  # subject_type of a file that nothing names yet
KEPT_UNNAMED = timedelta(days=30)
KINDS = ("photo", "sound")
_TAKE = (
    "UPDATE kernel_storedfile SET subject_type = %s, subject_id = %s, entry_id = %s, tag = %s "
    "WHERE id = %s AND kind = %s AND subject_type = 'upload' AND subject_id = %s"
)


class Readable(Protocol):
    """Something whose bytes can be read: a file, a request."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes."""


class Given(Protocol):
    """A file as a use case is given it: with its bytes, or by the id under which it was sent ahead (no upload)."""

    @property
    def upload(self) -> Any:
        """A file object, or None."""

    @property
    def tag(self) -> str:
        """What it shows."""

    @property
    def file_id(self) -> UUID | None:
        """The id that its client made."""


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """A file that may be kept; ``encoded`` is None where it was sent ahead and waits under its id."""

    encoded: Encoded | EncodedSound | None
    tag: str
    file_id: UUID
    kind: str = "photo"


def ready_files(files: Iterable[Given], *, kind: str = "photo") -> list[ReadyFile]:
    """Check and encode what was given, before the transaction; files sent ahead were, when they came.

    Raises:
        BadInput: what is no file of that kind, is too big, or has neither bytes nor an id.
    """
    field = f"{kind}s"
    ready = []
    for file in files:
        file_id = parse_id(file.file_id, field=field) if file.file_id is not None else None
        if file.upload is None:
            if file_id is None:
                raise BadInput(Problem(field, _("文件没有内容。"), _("请重新选择。")))
            ready.append(ReadyFile(None, file.tag, file_id, kind))
            continue
        encode = encode_photo if kind == "photo" else encode_sound
        encoded = encode(file.upload, name=str(getattr(file.upload, "name", "") or ""))
        ready.append(ReadyFile(encoded, file.tag, file_id or new_id(), kind))
    return ready


def keep_files(
    files: Sequence[ReadyFile], *, subject_type: str, subject_id: UUID, entry_id: UUID, person_id: UUID | None
) -> None:
    """Make the files those of an entry, in its transaction: one statement for each that came along, one for the rest.

    Args:
        files: from ``ready_files``.
        subject_type: of what the entry is about.
        subject_id: which.
        entry_id: the entry that names them.
        person_id: who acts; only their own uploads are taken.

    Raises:
        Conflict: one that was sent ahead is not there, is somebody else's, or another entry has it.
    """
    keep_many([(subject_id, entry_id, files)], subject_type=subject_type, person_id=person_id)


def keep_many(
    entries: Iterable[tuple[UUID, UUID, Sequence[ReadyFile]]], *, subject_type: str, person_id: UUID | None
) -> None:
    """Do as ``keep_files`` for many entries at once: (subject, entry, files). Uploads are taken by one statement."""
    taken: list[list[Any]] = []
    for subject_id, entry_id, files in entries:
        for file in files:
            if file.encoded is None:
                named = [subject_type, subject_id, entry_id, file.tag, file.file_id, file.kind, person_id]
                taken.append(sql.adapt(named))
                continue
            _write(file.encoded)
            _row(file.encoded, file.tag, file.file_id, subject_type, subject_id, entry_id).save(force_insert=True)
    if not taken:
        return
    with connection.cursor() as cursor:
        cursor.executemany(_TAKE, taken)
        if cursor.rowcount != len(taken):
            raise Conflict(None, _not_there())


def _not_there() -> Problem:
    return Problem("photos", _("有文件还没有传到，或者已经用在别处。"), _("请等文件传完再试，或重新选择。"))


def keep_upload(
    *, kind: str, upload: Readable, tag: str, file_id: UUID | str, person_id: UUID
) -> tuple[StoredFile, bool]:
    """Keep a file that is sent ahead, under the id that its client made; the same again is the same file.

    Args:
        kind: "photo" or "sound".
        upload: its bytes.
        tag: what a photo shows: "scene", "before", "after", "paper".
        file_id: UUIDv7.
        person_id: who sends it, and alone may name it.

    Returns:
        The row, and whether it is new.

    Raises:
        BadInput: no file of that kind, too big, an unknown tag. Conflict: the id is another file's or somebody else's.
    """
    if kind not in KINDS:
        raise BadInput(Problem("kind", _("文件的种类不对。"), _("可用：%(kinds)s。") % {"kinds": "photo, sound"}))
    if kind == "photo" and tag not in TAGS:
        raise BadInput(Problem("tag", _("照片的标签不对。"), _("可用：%(tags)s。") % {"tags": ", ".join(sorted(TAGS))}))
    key = parse_id(file_id)
    encode, most = (encode_photo, settings.PHOTO_MAX_BYTES) if kind == "photo" else (encode_sound, SOUND_MAX_BYTES)
    data = upload.read(most + 1)
    sent = hashlib.sha256(data).hexdigest()
    if (kept := StoredFile.objects.filter(pk=key).first()) is not None:
        return _again(kept, sent, person_id), False
    encoded = encode(io.BytesIO(data), field="")
    _write(encoded)
    row = _row(encoded, tag if kind == "photo" else SOUND_TAG, key, UNNAMED, person_id, key)
    row.sent_sha256 = sent
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same, at the same time
        return _again(StoredFile.objects.get(pk=key), sent, person_id), False
    return row, True


def _again(kept: StoredFile, sent: str, person_id: UUID) -> StoredFile:
    elsewhere = kept.subject_type == UNNAMED and kept.subject_id != person_id
    if elsewhere or kept.sent_sha256 != sent:
        raise Conflict(None, Problem("id", _("这个编号已用于另一个文件。"), _("请重新选择文件。")))
    return kept


def find_files(ids: Collection[UUID]) -> dict[UUID, StoredFile]:
    """Return the files that have come under these ids, whoever sent them, whatever names them. One statement."""
    return StoredFile.objects.in_bulk(list(ids)) if ids else {}


def _write(encoded: Encoded | EncodedSound) -> None:
    name = encoded.sha256
    if isinstance(encoded, EncodedSound):
        write_once(sound_path(name), encoded.data)
        return
    write_once(photo_path(name), encoded.data)
    write_once(photo_path(name, thumb=True), encoded.thumb)


def _row(
    encoded: Encoded | EncodedSound, tag: str, file_id: UUID, subject_type: str, subject_id: UUID, entry_id: UUID
) -> StoredFile:
    sound = isinstance(encoded, EncodedSound)
    return StoredFile(
        id=file_id,
        kind="sound" if sound else "photo",
        subject_type=subject_type,
        subject_id=subject_id,
        entry_id=entry_id,
        tag=tag,
        sha256=encoded.sha256,
        mime=encoded.mime,
        bytes=len(encoded.data),
        width=0 if isinstance(encoded, EncodedSound) else encoded.width,
        height=0 if isinstance(encoded, EncodedSound) else encoded.height,
        seconds=encoded.seconds if isinstance(encoded, EncodedSound) else None,
        created_at=clock.now(),
    )


def sweep_uploads(now: datetime | None = None) -> int:
    """Delete what nothing has named for thirty days; returns how many files. Run daily by the worker."""
    old = (now or clock.now()) - KEPT_UNNAMED
    rows = list(StoredFile.objects.filter(subject_type=UNNAMED, created_at__lt=old)[:1000])
    if not rows:
        return 0
    with transaction.atomic():
        # Asked again in the statement: an entry may have named one meanwhile.
        gone = StoredFile.objects.filter(pk__in=[row.pk for row in rows], subject_type=UNNAMED)
        count = gone.delete()[0]
        names = {(str(row.kind), row.sha256) for row in rows}
        transaction.on_commit(lambda: delete_unnamed(names))
    return count


def counts_by_tag(files: Iterable[ReadyFile]) -> Mapping[str, int]:
    """Return how many files there are by tag, as a method counts them."""
    counts: dict[str, int] = {}
    for file in files:
        counts[file.tag] = counts.get(file.tag, 0) + 1
    return counts
