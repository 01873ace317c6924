"""Who has a place and who waits for one: in the order of signing up, whoever fits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Sum

from bihuan.activities.kinds import keep_days
from bihuan.activities.models import Activity, SignUp
from bihuan.kernel.api import Notice, clock, notify_many
from bihuan.kernel.models import Sealed


def people_in(activity: Activity, *states: str) -> int:
    """Return how many people the sign-ups in these states stand for."""
    found = activity.sign_ups.filter(state__in=states).aggregate(n=Sum("people"))["n"]
    return int(found or 0)


def free_places(activity: Activity) -> int | None:
    """Return how many places are free; None where as many may come as like."""
    if activity.capacity is None:
        return None
    return max(0, activity.capacity - people_in(activity, SignUp.State.COMING))


def fill_places(activity: Activity) -> list[SignUp]:
    """Give free places to those who wait, in the order they came; who does not fit keeps waiting.

    Nobody's place stays empty because a larger household stands before them.
    """
    free, up = free_places(activity), []
    for row in activity.sign_ups.filter(state=SignUp.State.WAITING).order_by("number"):
        if free is not None and row.people > free:
            continue
        free = None if free is None else free - row.people
        row.state = SignUp.State.COMING
        up.append(row)
    SignUp.objects.bulk_update(up, ["state"])
    return up


def tell(activity: Activity, rows: Iterable[SignUp], kind: str, reason: str = "") -> None:
    """Put a line into the bell of each of those who signed up with an account."""
    params = {
        "title": activity.title,
        "when": stamp(activity.starts_at),
        "place": activity.place,
        "reason": reason,
    }
    link = f"/activities/{activity.pk}/"
    notify_many(Notice(row.person_id, kind, params, link) for row in rows if row.person_id is not None)


def stamp(at: datetime) -> str:
    """Return 2024-04-03 14:20, as notices carry it to be put into either language."""
    return f"{at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}"


def keep_until(version_id: UUID, over: datetime) -> date:
    """Return the last day on which names are kept of what was over at an instant."""
    return over.astimezone(clock.ZONE).date() + timedelta(days=keep_days(version_id))


def set_terms(activity: Activity, over: datetime) -> None:
    """Set until when the names of an activity's sign-ups are kept, after it was moved or called off."""
    names = Sealed.objects.filter(subject_type="activity", subject_id=activity.pk, name="name", erased_at__isnull=True)
    names.update(expires_on=keep_until(activity.version_ref_id, over))
