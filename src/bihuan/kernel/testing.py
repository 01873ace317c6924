"""For tests: short ways to write entries, and a way to empty a database that refuses to be emptied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, connections
from django.test import TransactionTestCase

from . import clock
from .chain import GENESIS
from .entries import append
from .guards import lifted
from .ids import new_id
from .models import Entry
from .refs import SYSTEM_REF, ActorRef
from .sealing import SealedValue
from .verbs import register_verb, verbs

TEST_VERB = "test.happened"


@contextmanager
def tampering() -> Iterator[None]:
    """Lift the database's refusal within the block, as somebody with the database's password could."""
    with lifted(connection):
        yield


def make_entry(
    subject_id: UUID | None = None,
    *,
    after: Entry | None = None,
    body: dict[str, Any] | None = None,
    sealed: Sequence[SealedValue] = (),
    at: datetime | None = None,
    actor: ActorRef = SYSTEM_REF,
    subject_type: str = "matter",
) -> Entry:
    """Append an entry with a verb for tests; after ``after``, or as the first of its subject."""
    if TEST_VERB not in verbs.all():
        register_verb(TEST_VERB, zh="{actor}做了试验", en="{actor} made a test")
    moment = at or clock.now()
    return append(
        subject_type=subject_type,
        subject_id=after.subject_id if after else subject_id or new_id(),
        seq=after.seq + 1 if after else 1,
        prev_hash=bytes(after.hash) if after else GENESIS,
        verb=TEST_VERB,
        actor=actor,
        area_code="410802004004012",
        happened_at=moment,
        recorded_at=moment,
        body=body if body is not None else {"n": 1},
        sealed=sealed,
        entry_id=new_id(),
    )


def let_tests_empty_the_record() -> None:
    """Lift the refusal while Django empties the database after a transactional test. Call once, in conftest."""
    case: Any = TransactionTestCase
    teardown = case._fixture_teardown
    if getattr(teardown, "lifts_record", False):
        return

    def emptied(self: TransactionTestCase) -> None:
        if connections["default"].in_atomic_block:
            teardown(self)
            return
        with lifted(connections["default"]):
            teardown(self)

    emptied.lifts_record = True  # type: ignore[attr-defined]
    case._fixture_teardown = emptied
