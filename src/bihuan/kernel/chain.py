"""The hash of an entry.

``hash`` is SHA-256 over the canonical JSON (see ``kernel.canonical``) of this object, keys in this order::

    {"actor_id": uuid or null, "actor_role": …, "area_code": …, "body": the text of the body column,
     "happened_at": instant, "id": uuid, "method": …, "prev_hash": 64 hex digits, "recorded_at": instant,
     "seq": n, "subject_id": uuid, "subject_type": …, "verb": …}

The first entry of a subject has 32 zero bytes (``GENESIS``) before it. Every column but ``hash`` itself is in
it, so a changed byte in any of them shows; ``prev_hash`` in it makes the chain.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection

from .canonical import instant
from .models import Entry

GENESIS = bytes(32)
TABLE = "kernel_entry"
COLUMNS = (
    "id",
    "subject_type",
    "subject_id",
    "seq",
    "verb",
    "actor_id",
    "actor_role",
    "area_code",
    "happened_at",
    "recorded_at",
    "method",
    "body",
    "prev_hash",
    "hash",
)


class EntryRow(NamedTuple):
    """An entry as its columns, ready to be inserted; in the order of ``COLUMNS``."""

    id: UUID
    subject_type: str
    subject_id: UUID
    seq: int
    verb: str
    actor_id: UUID | None
    actor_role: str
    area_code: str
    happened_at: Any
    recorded_at: Any
    method: str
    body: str
    prev_hash: bytes
    hash: bytes

    def entry(self) -> Entry:
        """Return the model instance, as if read from the database."""
        return Entry.from_db(connection.alias, list(COLUMNS), list(self))


def digest(  # noqa: PLR0913
    id: str,  # noqa: A002
    subject_type: str,
    subject_id: str,
    seq: int,
    verb: str,
    actor_id: str | None,
    actor_role: str,
    area_code: str,
    happened_at: str,
    recorded_at: str,
    method: str,
    body: str,
    prev_hash: bytes,
) -> bytes:
    """Hash the columns in their canonical text forms. The keys below stand sorted: no need to sort again."""
    return hashlib.sha256(
        orjson.dumps(
            {
                "actor_id": actor_id,
                "actor_role": actor_role,
                "area_code": area_code,
                "body": body,
                "happened_at": happened_at,
                "id": id,
                "method": method,
                "prev_hash": prev_hash.hex(),
                "recorded_at": recorded_at,
                "seq": seq,
                "subject_id": subject_id,
                "subject_type": subject_type,
                "verb": verb,
            }
        )
    ).digest()


def entry_hash(row: Any) -> bytes:
    """Return what the hash of ``row`` must be: an ``Entry`` or an ``EntryRow``."""
    return digest(
        str(row.id),
        row.subject_type,
        str(row.subject_id),
        row.seq,
        row.verb,
        None if row.actor_id is None else str(row.actor_id),
        row.actor_role,
        row.area_code,
        instant(row.happened_at),
        instant(row.recorded_at),
        row.method,
        row.body,
        bytes(row.prev_hash),
    )
