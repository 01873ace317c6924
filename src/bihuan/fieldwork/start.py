"""What the layers below are told of visits and places, once at start."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from bihuan.fieldwork import acts, forgetting, scope, verbs
from bihuan.fieldwork.models import Place, Visit
from bihuan.kernel.api import register_heads, register_job
from bihuan.matters.api import register_acts

DAY = 24 * 3600


def register() -> None:
    """Register verbs, scope, erasing, what verifying compares chains with, and the daily job."""
    verbs.register()
    scope.register()
    forgetting.register()
    register_heads("visit", visit_heads)
    register_heads("place", place_heads)
    register_acts(acts.keep)
    register_job("fieldwork.forget", forgetting.erase_old_files, DAY)


def visit_heads(ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Return what each visit's row says its chain ends with."""
    rows = Visit.objects.filter(pk__in=list(ids)).values_list("pk", "version", "head_hash")
    return {key: (version, bytes(head)) for key, version, head in rows}


def place_heads(ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Return what each place's row says its chain ends with."""
    rows = Place.objects.filter(pk__in=list(ids)).values_list("pk", "version", "head_hash")
    return {key: (version, bytes(head)) for key, version, head in rows}
