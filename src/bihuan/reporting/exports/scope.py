"""Whose exports are, for the permission rule; the heads of their chains."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from bihuan.kernel.api import register_heads
from bihuan.people.api import EXPORT_READ, register_scope
from bihuan.reporting.exports.actions import SUBJECT
from bihuan.reporting.models import Export


def register() -> None:
    """Tell the layers below; called once at start."""
    register_scope(Export, read=EXPORT_READ, area_field="area_code")
    register_heads(SUBJECT, heads)


def heads(ids: Collection[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Return what the rows say the last entry of each is."""
    rows = Export.objects.filter(pk__in=ids).values_list("pk", "version", "head_hash")
    return {key: (version, bytes(head)) for key, version, head in rows}
