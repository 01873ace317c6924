"""Whose bulletins are, for the permission rule; the heads of their chains; what goes with an erasure."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from bihuan.kernel.api import register_erasure, register_heads
from bihuan.people.api import BULLETIN_READ, register_scope
from bihuan.reporting.bulletins.store import SUBJECT
from bihuan.reporting.models import Bulletin


def register() -> None:
    """Tell the layers below; called once at start. What is published anybody reads, by its own page."""
    register_scope(Bulletin, read=BULLETIN_READ, area_field="area_code")
    register_heads(SUBJECT, heads)
    register_erasure(SUBJECT, wipe)


def heads(ids: Collection[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Return what the rows say the last entry of each is."""
    rows = Bulletin.objects.filter(pk__in=ids).values_list("pk", "version", "head_hash")
    return {key: (version, bytes(head)) for key, version, head in rows}


def wipe(subject_id: UUID, names: frozenset[str]) -> None:
    """When its text is erased, nothing of it stays in the row."""
    if "text" in names:
        Bulletin.objects.filter(pk=subject_id).update(
            title="（内容已删除）", blocks_json=[], figures_json={}, consents_json=[], outcome=""
        )
