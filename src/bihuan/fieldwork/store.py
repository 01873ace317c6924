"""Writing visits and what is derived from them, in the caller's transaction: a statement for each table."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection

from bihuan.fieldwork.shapes import NewVisit
from bihuan.kernel.api import GENESIS, ActorRef, EntryDraft, Rows, SealedValue, insert_entries, sql
from bihuan.kernel.entries import inserts

FEW = 8  # visits written together; more go a table at a time

VISIT = "fieldwork_visit"
VISIT_COLUMNS = (
    "id",
    "version_ref_id",
    "method_key",
    "round",
    "level",
    "pairing_id",
    "help_kind",
    "area_code",
    "community_code",
    "street_code",
    "district_code",
    "place_id",
    "target",
    "person_id",
    "role",
    "stood_in",
    "together",
    "arrived_at",
    "happened_at",
    "recorded_at",
    "result",
    "checklist",
    "title",
    "text",
    "findings_count",
    "counted",
    "not_counted",
    "withdrawn",
    "review",
    "reviewed_by",
    "reviewed_at",
    "version",
    "head_hash",
)
COVERAGE = "fieldwork_coverage"
COVERAGE_COLUMNS = (
    "community_code",
    "method_key",
    "round",
    "level",
    "area_code",
    "place_id",
    "target",
    "last_at",
    "last_visit_id",
    "last_person_id",
)
_NEWER = "excluded.last_at >= fieldwork_coverage.last_at"
_FOLD = (
    "ON CONFLICT (method_key, round, level, target) DO UPDATE SET "
    f"last_visit_id = CASE WHEN {_NEWER} THEN excluded.last_visit_id ELSE fieldwork_coverage.last_visit_id END, "
    f"last_person_id = CASE WHEN {_NEWER} THEN excluded.last_person_id ELSE fieldwork_coverage.last_person_id END, "
    f"last_at = CASE WHEN {_NEWER} THEN excluded.last_at ELSE fieldwork_coverage.last_at END"
)
_LOCK = "SELECT pg_advisory_xact_lock(8102, (n - 2147483648)::int) FROM unnest(%s::bigint[]) AS n"
Key = tuple[str, str, str]  # method, round, target


@dataclass(slots=True)
class Ready:
    """A visit that stands: everything its rows need."""

    new: NewVisit
    version_id: UUID
    method_key: str
    method_tag: str
    area_code: str
    target: str
    level: int
    role: str
    stood_in: bool
    actor: ActorRef
    body: dict[str, Any]
    sealed: list[SealedValue]
    counted: bool = False
    not_counted: str = ""

    @property
    def key(self) -> Key:
        """What its coverage is kept under, but for the level."""
        return self.method_key, self.new.round, self.target

    def draft(self, verb: str, now: datetime) -> EntryDraft:
        """Return the first entry's draft."""
        return EntryDraft(
            subject_type="visit",
            subject_id=self.new.id,
            seq=1,
            verb=verb,
            actor=self.actor,
            area_code=self.area_code,
            happened_at=self.new.happened_at,
            recorded_at=now,
            body=self.body,
            entry_id=self.new.id,
            prev_hash=GENESIS,
            method=self.method_tag,
            sealed=self.sealed,
        )

    def values(self, head: bytes, now: datetime) -> tuple[Any, ...]:
        """Return the visit's row in the order of ``VISIT_COLUMNS``."""
        new, code = self.new, self.area_code
        return (
            new.id,
            self.version_id,
            self.method_key,
            new.round,
            self.level,
            new.pairing_id,
            new.help_kind,
            code,
            code[:12],
            code[:9],
            code[:6],
            new.place_id,
            self.target,
            self.actor.person_id,
            self.role,
            self.stood_in,
            list(new.together),
            new.arrived_at,
            new.happened_at,
            now,
            new.result,
            dict(new.checklist),
            new.title,
            new.text,
            0,
            self.counted,
            self.not_counted,
            False,
            "",
            None,
            None,
            1,
            head,
        )


def insert(rows: Rows, visits: Sequence[Sequence[Any]]) -> None:
    """Insert visits with their first entries: a statement for each table, one for all where a few come (PostgreSQL)."""
    if len(visits) > FEW:
        insert_entries(rows)
        sql.insert_rows(VISIT, VISIT_COLUMNS, visits)
        return
    sql.insert_together([*inserts(rows), sql.Insert(VISIT, VISIT_COLUMNS, visits)])


def lock(targets: Iterable[str]) -> None:
    """Let one transaction at a time judge the visits of a target (PostgreSQL; SQLite has one writer).

    Of all its rounds, as one opens another. Whoever judges may change every visit there: the order everywhere is the
    matter, the targets, the household, the visits.
    """
    if connection.vendor == "sqlite":
        return
    numbers = sorted({zlib.crc32(target.encode()) for target in targets})
    if numbers:
        # The function runs in the order of the array, so that two batches never wait for each other.
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [numbers])


def fold(ready: Sequence[Ready]) -> None:
    """Add visits that count to the coverage: one statement for every 40 targets."""
    rows: dict[tuple[str, str, int, str], list[Any]] = {}
    for one in sorted(ready, key=lambda one: one.new.happened_at):
        new, key = one.new, (one.method_key, one.new.round, one.level, one.target)
        rows[key] = [
            one.area_code[:12],
            *key[:3],
            one.area_code,
            new.place_id,
            one.target,
            new.happened_at,
            new.id,
            one.actor.person_id,
        ]
    upsert([rows[key] for key in sorted(rows)])


def upsert(rows: Sequence[Sequence[Any]]) -> None:
    """Fold rows in the order of ``COVERAGE_COLUMNS`` into the coverage."""
    for some in sql.batched(rows, 40):
        statement = sql.insert_statement(COVERAGE, COVERAGE_COLUMNS, len(some), _FOLD)
        sql.execute(statement, list(chain.from_iterable(some)))


def visited_pairings(latest: Mapping[UUID, datetime]) -> None:
    """Note when a paired household was last visited: one statement each, as there are few."""
    for pairing, at in latest.items():
        sql.execute(
            "UPDATE fieldwork_pairing SET last_visit_at = %s WHERE id = %s "
            "AND (last_visit_at IS NULL OR last_visit_at < %s)",
            [at, pairing, at],
        )
