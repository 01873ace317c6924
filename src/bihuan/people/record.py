"""Writes what happened to a person's record into their chain of entries."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from bihuan.kernel.api import ActorRef, SealedValue, append, new_id, seal
from bihuan.people.models import Person

_PURPOSE = "联系和称呼工作人员、居民"


def write(
    person: Person,
    *,
    verb: str,
    actor: ActorRef,
    area_code: str,
    now: datetime.datetime,
    body: Mapping[str, Any],
    sealed: Sequence[SealedValue] = (),
    entry_id: UUID | None = None,
) -> None:
    """Append one entry to a person's chain and move the head kept on the row.

    The row must be locked or new: two writers with one head would be refused by the chain.
    """
    entry = append(
        subject_type="person",
        subject_id=person.pk,
        seq=person.version + 1,
        prev_hash=bytes(person.head_hash),
        verb=verb,
        actor=actor,
        area_code=area_code,
        happened_at=now,
        recorded_at=now,
        body=body,
        sealed=sealed,
        entry_id=entry_id or new_id(now),
    )
    person.version, person.head_hash = entry.seq, entry.hash
    Person.objects.filter(pk=person.pk).update(version=entry.seq, head_hash=entry.hash)


def sealed_identity(name: str, phone: str) -> list[SealedValue]:
    """Return name and phone (those that are given) sealed for an entry."""
    values = [seal("name", name, purpose=_PURPOSE, encrypted=True, keep_until=None, mask="name")]
    if phone:
        values.append(
            seal(
                "phone",
                phone,
                purpose=_PURPOSE,
                encrypted=True,
                keep_until=None,
                lookup=True,
                mask="phone",
            )
        )
    return values
