"""What the worker does for activities: it reminds the organiser, once, to record what is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from bihuan.activities.models import Activity, Roster, Team
from bihuan.activities.places import stamp
from bihuan.kernel.api import Notice, clock, notify_many, register_heads, register_job

AFTER = timedelta(hours=12)  # most record it the same evening, untold
TOO_LATE = timedelta(days=14)
_BATCH = 200


def register() -> None:
    """Hand the job to the worker, and say where each chain ends; called once at start."""
    register_job("activities.to_record", remind, 3600)
    register_heads("activity", activity_heads)
    register_heads("team", team_heads)
    register_heads("roster", roster_heads)


def remind(now: datetime | None = None) -> int:
    """Put a line into the bell of who announced an activity that is over and not recorded; returns how many."""
    now = now or clock.now()
    over = Activity.objects.filter(
        state=Activity.State.ANNOUNCED, ends_at__lte=now - AFTER, ends_at__gt=now - TOO_LATE, reminded_at__isnull=True
    ).order_by("ends_at")
    return sum(_remind(activity, now) for activity in over[:_BATCH])


@transaction.atomic
def _remind(activity: Activity, now: datetime) -> int:
    mine = Activity.objects.filter(pk=activity.pk, state=Activity.State.ANNOUNCED, reminded_at__isnull=True)
    if not mine.update(reminded_at=now):  # another worker was faster
        return 0
    params = {"title": activity.title, "when": stamp(activity.starts_at)}
    link = f"/desk/activities/{activity.pk}/"
    notify_many([Notice(activity.organiser_id, "activity.to_record", params, link)], created_at=now)
    return 1


def activity_heads(ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Return the last entry's number and hash of each activity."""
    rows = Activity.objects.filter(pk__in=list(ids)).values_list("pk", "version", "head_hash")
    return {key: (version, bytes(head)) for key, version, head in rows}


def team_heads(ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Return the last entry's number and hash of each team."""
    rows = Team.objects.filter(pk__in=list(ids)).values_list("pk", "version", "head_hash")
    return {key: (version, bytes(head)) for key, version, head in rows}


def roster_heads(ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Return the last entry's number and hash of each duty roster."""
    rows = Roster.objects.filter(pk__in=list(ids)).values_list("pk", "version", "head_hash")
    return {key: (version, bytes(head)) for key, version, head in rows}
