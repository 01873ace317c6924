"""Rows of lists, and the cursors by which they page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from bihuan.activities import guards, kinds
from bihuan.activities.models import Activity, SignUp
from bihuan.activities.shapes import ActivityRow, Listing
from bihuan.areas.api import names as area_names
from bihuan.kernel.api import BadInput, Problem


def counted(found: QuerySet[Activity]) -> QuerySet[Activity]:
    """Add to each activity how many people are coming, wait, and came of those who signed up."""
    return found.annotate(
        n_coming=Sum("sign_ups__people", filter=Q(sign_ups__state=SignUp.State.COMING)),
        n_waiting=Sum("sign_ups__people", filter=Q(sign_ups__state=SignUp.State.WAITING)),
        n_came=Sum("sign_ups__people", filter=Q(sign_ups__state=SignUp.State.CAME)),
    )


def page(found: QuerySet[Activity], cursor: str | None, limit: int) -> Listing[ActivityRow]:
    """Return one page of activities, the latest first.

    Raises:
        BadInput: for a bent cursor.
    """
    if cursor:
        at, key = _unpack(cursor)
        found = found.filter(Q(starts_at__lt=at) | Q(starts_at=at, pk__lt=key))
    got = list(counted(found).order_by("-starts_at", "-pk")[: limit + 1])
    following = _pack(got[limit - 1]) if len(got) > limit else None
    return Listing(activity_rows(got[:limit]), following)


def activity_rows(found: Iterable[Activity]) -> tuple[ActivityRow, ...]:
    """Return activities that were ``counted`` as rows of a list. One statement more, for the names of areas."""
    got: list[Any] = list(found)
    called = area_names({row.area_code for row in got}) if got else {}
    return tuple(
        ActivityRow(
            id=row.pk,
            title=row.title,
            kind_title=kinds.kind_of(row.version_ref_id, row.kind).title,
            area_name=called.get(row.area_code, row.area_code),
            place=row.place,
            festival=row.festival,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            state=row.state,
            state_title=guards.state_title(row),
            coming=row.n_coming or 0,
            waiting=row.n_waiting or 0,
            came=(row.n_came or 0) + row.came_uncounted,
            capacity=row.capacity,
        )
        for row in got
    )


def _pack(row: Activity) -> str:
    return base64.urlsafe_b64encode(f"{row.starts_at.isoformat()}|{row.pk}".encode()).decode()


def _unpack(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, key = base64.urlsafe_b64decode(cursor.encode()).decode().split("|")
        found = datetime.fromisoformat(at)
        if found.tzinfo is None:
            raise ValueError("no zone")
        return found, UUID(key)
    except (ValueError, binascii.Error) as error:
        raise BadInput(Problem("cursor", _("翻页地址不完整。"), _("回到第一页。"))) from error
