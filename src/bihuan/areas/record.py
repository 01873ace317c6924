"""Writes what happened to the territory into the record: one chain of entries for all of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from bihuan.areas.codes import LENGTHS
from bihuan.areas.models import AreaStamp
from bihuan.kernel.api import ActorRef, append, clock, new_id

TERRITORY = uuid.uuid5(uuid.NAMESPACE_URL, "bihuan:territory")


def lock_head() -> AreaStamp:
    """Return the head of the territory's chain, locked until the transaction ends."""
    AreaStamp.objects.bulk_create([AreaStamp(pk=1)], ignore_conflicts=True)
    return AreaStamp.objects.select_for_update().get(pk=1)


def write(
    head: AreaStamp,
    *,
    verb: str,
    actor: ActorRef,
    area_code: str,
    body: Mapping[str, Any],
    entry_id: UUID | None,
) -> None:
    """Append one entry to the territory's chain and renew the stamp that other processes watch."""
    now = clock.now()
    entry = append(
        subject_type="area",
        subject_id=TERRITORY,
        seq=head.seq + 1,
        prev_hash=bytes(head.head_hash),
        verb=verb,
        actor=actor,
        area_code=area_code,
        happened_at=now,
        recorded_at=now,
        body=body,
        entry_id=entry_id or new_id(now),
    )
    AreaStamp.objects.filter(pk=1).update(seq=entry.seq, head_hash=entry.hash, stamp=uuid.uuid4())


def common_root(codes: Iterable[str]) -> str:
    """Return the lowest code that all codes lie in, or ``""`` where they share none."""
    wanted = list(codes)
    if not wanted:
        return ""
    for length in reversed(LENGTHS):
        heads = {code[:length] for code in wanted}
        if len(heads) == 1 and all(len(code) >= length for code in wanted):
            return heads.pop()
    return ""
