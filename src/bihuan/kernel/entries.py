"""Appending to the record: one INSERT for the entry, one for all that is sealed in it; or many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from . import sql
from .canonical import canonical, instant
from .chain import COLUMNS, GENESIS, TABLE, EntryRow, digest
from .errors import Conflict, Problem
from .models import Entry
from .refs import ActorRef
from .sealing import SEALED_COLUMNS, SEALED_TABLE, SealedValue
from .verbs import require_verb


class AlreadyRecorded(Exception):
    """The same entry came again (a resend); nothing was written. ``entry`` is the first one."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        super().__init__(f"entry {entry.id} is already recorded")


@dataclass(slots=True)
class EntryDraft:
    """What ``append`` takes, for batches. ``prev_hash`` None: chain to the draft before of the same subject."""

    subject_type: str
    subject_id: UUID
    seq: int
    verb: str
    actor: ActorRef
    area_code: str
    happened_at: datetime
    recorded_at: datetime
    body: Mapping[str, Any]
    entry_id: UUID
    prev_hash: bytes | None = None
    method: str = ""
    sealed: Sequence[SealedValue] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Entries and their sealed values, ready for ``insert_entries``."""

    entries: list[EntryRow]
    sealed: list[tuple[Any, ...]]


def append(  # noqa: PLR0913
    *,
    subject_type: str,
    subject_id: UUID,
    seq: int,
    prev_hash: bytes,
    verb: str,
    actor: ActorRef,
    area_code: str,
    happened_at: datetime,
    recorded_at: datetime,
    body: Mapping[str, Any],
    entry_id: UUID,
    method: str = "",
    sealed: Sequence[SealedValue] = (),
) -> Entry:
    """Append one entry to its subject's chain, inside the caller's transaction.

    Exactly one INSERT, and one more if anything is sealed. A conflict does not break the transaction: nothing is
    written and one of these is raised.

    Args:
        subject_type: "matter", "meeting" …: with ``subject_id`` it names the chain.
        subject_id: what the entry is about.
        seq: the last entry's seq plus 1; the first is 1.
        prev_hash: the last entry's hash; ``GENESIS`` before the first.
        verb: a registered one.
        actor: who acted, in which role.
        area_code: where.
        happened_at: when it happened; aware.
        recorded_at: when it was typed; aware, the use case's one reading of the clock.
        body: what canonical JSON can hold; no personal text, that goes to ``sealed``.
        entry_id: UUIDv7 made by the client.
        method: "key@number" of the method that ruled, if one did.
        sealed: personal and free-text values.

    Raises:
        AlreadyRecorded: this ``entry_id`` is in the record. Whether it is the same write is the caller's to judge.
        Conflict: the subject has an entry with this seq already.
        NotCanonical: the body holds floats or other things without a canonical form.
        LookupError: the verb is not registered.
    """
    draft = EntryDraft(
        subject_type,
        subject_id,
        seq,
        verb,
        actor,
        area_code,
        happened_at,
        recorded_at,
        body,
        entry_id,
        prev_hash,
        method,
        sealed,
    )
    row = build_entry(draft, prev_hash)
    if not sql.insert(TABLE, COLUMNS, row, "ON CONFLICT DO NOTHING"):
        raise _why_not(row)
    if draft.sealed:
        sql.insert_rows(SEALED_TABLE, SEALED_COLUMNS, _sealed_rows(draft))
    return row.entry()


def first_inserts(draft: EntryDraft) -> tuple[EntryRow, list[sql.Insert]]:
    """Return the first entry of a chain and what to insert for it, for ``sql.insert_together``."""
    row = build_entry(draft, GENESIS)
    return row, [sql.Insert(TABLE, COLUMNS, [row]), sql.Insert(SEALED_TABLE, SEALED_COLUMNS, _sealed_rows(draft))]


def _why_not(row: EntryRow) -> Exception:
    if (entry := already(row.id)) is not None:
        return AlreadyRecorded(entry)
    seq = Entry.objects.filter(subject_type=row.subject_type, subject_id=row.subject_id).aggregate(Max("seq"))
    return Conflict(
        seq["seq__max"], Problem("", _("别人刚刚办理了这一事项。"), _("请刷新后查看最新情况，再决定是否继续。"))
    )


def already(entry_id: UUID) -> Entry | None:
    """Return the entry with this id, if it is in the record: a resend gets the first one's answer."""
    return Entry.objects.filter(pk=entry_id).first()


def build_entry(draft: EntryDraft, prev_hash: bytes) -> EntryRow:
    """Return the row of one draft, hashed."""
    require_verb(draft.verb)
    content: Mapping[str, Any] = draft.body
    if draft.sealed:
        commitments = {value.name: value.commitment for value in draft.sealed}
        if "sealed" in content or len(commitments) != len(draft.sealed):
            raise ValueError("names of sealed values must differ, and body['sealed'] is theirs")
        content = {**content, "sealed": commitments}
    actor_id, role, via = draft.actor
    if via:  # a key did it: the person answers for what they did not type
        content = {**content, "via": via}
    body = canonical(content if type(content) is dict else dict(content)).decode()
    entry_id = str(draft.entry_id)
    hashed = digest(
        entry_id,
        draft.subject_type,
        entry_id if draft.subject_id is draft.entry_id else str(draft.subject_id),
        draft.seq,
        draft.verb,
        None if actor_id is None else str(actor_id),
        role,
        draft.area_code,
        instant(draft.happened_at),
        instant(draft.recorded_at),
        draft.method,
        body,
        prev_hash,
    )
    return EntryRow(
        draft.entry_id,
        draft.subject_type,
        draft.subject_id,
        draft.seq,
        draft.verb,
        actor_id,
        role,
        draft.area_code,
        draft.happened_at,
        draft.recorded_at,
        draft.method,
        body,
        prev_hash,
        hashed,
    )


def build_entries(drafts: Iterable[EntryDraft]) -> Rows:
    """Build the rows of many drafts. Drafts of one subject stand in the order of their seq.

    Raises:
        ValueError: a draft without ``prev_hash`` that is neither first (seq 1) nor follows one of its subject.
    """
    entries: list[EntryRow] = []
    sealed: list[tuple[Any, ...]] = []
    heads: dict[tuple[str, UUID], bytes] = {}
    for draft in drafts:
        key = (draft.subject_type, draft.subject_id)
        prev = draft.prev_hash
        if prev is None:
            prev = GENESIS if draft.seq == 1 else heads.get(key)
        if prev is None:
            raise ValueError(f"entry {draft.entry_id}: no hash to chain to")
        row = build_entry(draft, prev)
        heads[key] = row.hash
        entries.append(row)
        if draft.sealed:
            sealed.extend(_sealed_rows(draft))
    return Rows(entries, sealed)


def insert_entries(rows: Rows) -> None:
    """Insert built rows by as few statements as the engine needs, inside the caller's transaction.

    Raises:
        IntegrityError: when one is there already; the transaction is lost then. Check with ``already_many`` first.
    """
    sql.insert_rows(TABLE, COLUMNS, rows.entries)
    sql.insert_rows(SEALED_TABLE, SEALED_COLUMNS, rows.sealed)


def inserts(rows: Rows) -> list[sql.Insert]:
    """Return what to insert for built rows, for ``sql.insert_together``: a few entries beside what they are about."""
    return [sql.Insert(TABLE, COLUMNS, rows.entries), sql.Insert(SEALED_TABLE, SEALED_COLUMNS, rows.sealed)]


def already_many(entry_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these ids are in the record."""
    found: set[UUID] = set()
    for chunk in sql.batched(entry_ids, 500):
        marks = ", ".join(["%s"] * len(chunk))
        rows = sql.rows(f"SELECT id FROM {TABLE} WHERE id IN ({marks})", chunk)  # noqa: S608
        found.update(sql.as_uuid(row[0]) for row in rows)
    return found


def _sealed_rows(draft: EntryDraft) -> list[tuple[Any, ...]]:
    return [
        (
            draft.entry_id,
            draft.subject_type,
            draft.subject_id,
            value.name,
            value.purpose,
            value.encrypted,
            value.content,
            value.salt,
            value.masked,
            value.lookup,
            value.keep_until,
            None,
        )
        for value in draft.sealed
    ]


def as_dict(value: SealedValue) -> dict[str, Any]:
    """Return a sealed value's fields, for tests and tools."""
    return value._asdict()
