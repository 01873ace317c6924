"""What needs no account: the activities of a community, one activity, and what a sign-up's link opens.

Nobody's name leaves here but their own, to the holder of its link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from bihuan.activities import guards, kinds, rows
from bihuan.activities.models import Activity, SignUp
from bihuan.activities.shapes import ActivityRow, Listing, MySignUp, PublicActivity
from bihuan.activities.tokens import LONGEST, hash_of
from bihuan.areas.api import ancestors, subtree_q
from bihuan.areas.api import names as area_names
from bihuan.kernel.api import clock, photos_of

MOST_AHEAD = 50


def _around(area_code: str) -> QuerySet[Activity]:
    """Return the activities of an area, of what lies in it and of what it lies in: a street's are everybody's."""
    return Activity.objects.filter(subtree_q("area_code", area_code) | Q(area_code__in=ancestors(area_code)))


def coming_up(area_code: str, limit: int = MOST_AHEAD) -> tuple[ActivityRow, ...]:
    """Return what is still to come in and around an area, soonest first; what was called off stands there, too."""
    found = _around(area_code).filter(ends_at__gte=clock.now()).exclude(state=Activity.State.HELD)
    return rows.activity_rows(rows.counted(found).order_by("starts_at", "pk")[:limit])


def gone_by(area_code: str, *, cursor: str | None = None, limit: int = 20) -> Listing[ActivityRow]:
    """Return one page of what was held in and around an area, the latest first.

    Raises:
        BadInput: for a bent cursor.
    """
    return rows.page(_around(area_code).filter(state=Activity.State.HELD), cursor, limit)


def public_activity(activity_id: UUID) -> PublicActivity | None:
    """Return an activity as anybody may read it; None where there is none."""
    row = Activity.objects.select_related("team").filter(pk=activity_id).first()
    return _public(row) if row is not None else None


def _public(row: Activity) -> PublicActivity:
    kind = kinds.kind_of(row.version_ref_id, row.kind)
    counts = _counts(row)
    return PublicActivity(
        id=row.pk,
        title=row.title,
        kind_title=kind.title,
        area_code=row.area_code,
        area_name=area_names([row.area_code]).get(row.area_code, row.area_code),
        place=row.place,
        festival=row.festival,
        text=row.text,
        team_name=row.team.name if row.team else "",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        sign_up_until=row.sign_up_until,
        state=row.state,
        state_title=guards.state_title(row),
        reason=row.reason,
        capacity=row.capacity,
        coming=counts.get(SignUp.State.COMING, 0),
        waiting=counts.get(SignUp.State.WAITING, 0),
        free=None if row.capacity is None else max(0, row.capacity - counts.get(SignUp.State.COMING, 0)),
        came=counts.get(SignUp.State.CAME, 0) + row.came_uncounted,
        summary=row.summary,
        keep_days=kinds.keep_days(row.version_ref_id),
        photos=tuple(photos_of("activity", row.pk, public_only=True)),
        closed=guards.takes_sign_ups(row, clock.now()),
    )


def _counts(row: Activity) -> Mapping[str, int]:
    found: Iterable[tuple[str, int]] = row.sign_ups.order_by().values_list("state").annotate(n=Sum("people"))
    return dict(found)


def sign_up_by(token: str) -> MySignUp | None:
    """Return what a sign-up's link opens; None where the link is none of ours."""
    if not token or len(token) > LONGEST:
        return None
    row = SignUp.objects.select_related("activity__team").filter(follow_hash=hash_of(token)).first()
    if row is None:
        return None
    waits = row.state == SignUp.State.WAITING
    earlier = row.activity.sign_ups.filter(number__lt=row.number, state=SignUp.State.WAITING)
    return MySignUp(
        activity=_public(row.activity),
        id=row.pk,
        name=row.name,
        people=row.people,
        state=row.state,
        state_title=guards.sign_up_title(row.state),
        ahead=int(earlier.aggregate(n=Sum("people"))["n"] or 0) if waits else 0,
        final=guards.may_withdraw(row.activity, row, clock.now()),
    )
