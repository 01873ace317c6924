"""The bell: what a person should know, inside the site; and what is told of it outside.

A line is written in the transaction that caused it, by one statement, and that is all the cause pays. The worker's
``relay`` then hands new lines to whoever takes them outside (``people.mailing``), in batches: taking a batch, what
they enqueue and the mark that the batch is done are one transaction. A crash leaves all of it or none, and two workers
never hold the same lines (``SKIP LOCKED``; on SQLite one writer at a time).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from . import clock, sql
from .canonical import plain
from .ids import new_id
from .models import Notification
from .verbs import notices

KEEP = timedelta(days=180)
RELAY_BATCH = 200
_TABLE = "kernel_notification"
_COLUMNS = ("id", "person_id", "kind", "params", "link", "created_at", "read_at", "relayed")


@dataclass(frozen=True, slots=True)
class Notice:
    """One line for one person's bell."""

    person_id: UUID
    kind: str
    params: Mapping[str, Any]
    link: str


def notify(
    person_id: UUID, kind: str, params: Mapping[str, Any], link: str, *, created_at: datetime | None = None
) -> UUID:
    """Put a line into a person's bell, inside the caller's transaction; returns its id.

    Raises:
        LookupError: where ``kind`` is not registered and would have no sentence.
    """
    return notify_many([Notice(person_id, kind, params, link)], created_at=created_at)[0]


def notify_many(items: Iterable[Notice], *, created_at: datetime | None = None) -> list[UUID]:
    """Put lines into several bells by one statement; returns their ids."""
    at = created_at or clock.now()
    rows = []
    for item in items:
        notices.require(item.kind)
        rows.append((new_id(at), item.person_id, item.kind, plain(item.params), item.link[:200], at, None, False))
    sql.insert_rows(_TABLE, _COLUMNS, rows)
    return [row[0] for row in rows]


def notifications_of(
    person_id: UUID, *, before: tuple[datetime, UUID] | None = None, limit: int = 30
) -> list[Notification]:
    """Return a person's lines, newest first; ``before`` is (created_at, id) of the last one seen."""
    found = Notification.objects.filter(person_id=person_id)
    if before is not None:
        found = found.filter(created_at__lte=before[0]).exclude(created_at=before[0], id__gte=before[1])
    return list(found.order_by("-created_at", "-id")[:limit])


def unread_count(person_id: UUID, *, most: int = 100) -> int:
    """Return how many lines are unread, counting no further than ``most``."""
    return Notification.objects.filter(person_id=person_id, read_at__isnull=True)[:most].count()


def mark_read(person_id: UUID, ids: Iterable[UUID] | None = None) -> int:
    """Mark a person's lines (all, or these) as read; returns how many were unread."""
    found = Notification.objects.filter(person_id=person_id, read_at__isnull=True)
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    return found.update(read_at=clock.now())


def sweep_notices(now: datetime | None = None) -> int:
    """Delete lines older than 180 days."""
    return Notification.objects.filter(created_at__lt=(now or clock.now()) - KEEP).delete()[0]


Relay = Callable[[Sequence[Notification]], None]
_relays: list[Relay] = []


def register_relay(fn: Relay) -> None:
    """Have ``fn(lines)`` called with each new line once, inside a transaction; it enqueues and does nothing else."""
    if fn not in _relays:
        _relays.append(fn)


def relay_notices(limit: int = 5000) -> int:
    """Hand new lines to the relays, in batches of one transaction each; returns how many. Safe beside other workers."""
    done = 0
    while done < limit:
        if not Notification.objects.filter(relayed=False).exists():  # an idle round takes no write lock
            break
        count = _relay_batch()
        done += count
        if count < RELAY_BATCH:
            break
    return done


def _relay_batch() -> int:
    with transaction.atomic():
        fresh = Notification.objects.filter(relayed=False).order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            fresh = fresh.select_for_update(skip_locked=True)
        lines = list(fresh[:RELAY_BATCH])
        if lines:
            for fn in _relays:
                fn(lines)
            Notification.objects.filter(pk__in=[line.pk for line in lines]).update(relayed=True)
    return len(lines)
