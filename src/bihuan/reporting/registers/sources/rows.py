"""What the sources over plain tables share: a page of rows by key, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from bihuan.matters.api import keyset


def newest_first(rows: QuerySet[Any], at: str, cursor: str | None, limit: int) -> tuple[Sequence[Any], str | None]:
    """Return a page of rows in the order of an instant's column, newest first, and the cursor of the next one."""
    after = keyset.unpack_uuid(cursor)
    if after is not None:
        moment, key = after
        rows = rows.filter(**{f"{at}__lte": moment}).filter(Q(**{f"{at}__lt": moment}) | Q(pk__lt=key))
    found = list(rows.order_by(f"-{at}", "-pk")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return found, keyset.pack(getattr(found[-1], at), found[-1].pk) if more else None
