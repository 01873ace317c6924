"""The bell: what a person should know, inside the site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from . import clock, sql
from .canonical import plain
from .ids import new_id
from .models import Notification
from .verbs import notices

KEEP = timedelta(days=180)
_TABLE = "kernel_notification"
_COLUMNS = ("id", "person_id", "kind", "params", "link", "created_at", "read_at")


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
        rows.append((new_id(at), item.person_id, item.kind, plain(item.params), item.link[:200], at, None))
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
