"""What the lines of a page of matters take their values from, read at once; and values in the words of the method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.utils.translation import get_language, gettext

from bihuan.matters.api import LedgerRow, info_of


class EntryRow(NamedTuple):
    """What is read of an entry: a hundred thousand of them go by in one export, so no more than that."""

    pk: UUID
    subject_id: UUID
    actor_id: UUID | None
    happened_at: datetime
    body: str


class MatterRow(NamedTuple):
    """What is read of a matter beside its line in the ledger."""

    pk: UUID
    version_ref_id: UUID
    community_code: str
    street_code: str
    text: str
    reporter_id: UUID | None
    state_json: dict[str, Any]


@dataclass(slots=True)
class Bundle:
    """All that the lines of one page take their values from."""

    rows: Mapping[UUID, LedgerRow]
    matters: Mapping[UUID, MatterRow]
    areas: Mapping[str, str]
    people: Mapping[UUID, str] = field(default_factory=dict)
    entries: Mapping[UUID, list[EntryRow]] = field(default_factory=dict)
    texts: Mapping[UUID, dict[str, str]] = field(default_factory=dict)  # entry → name → text
    masked: Mapping[UUID, dict[str, str]] = field(default_factory=dict)  # matter → name → masked
    meetings: Mapping[UUID, str] = field(default_factory=dict)  # matter → the meeting that carried it last
    units: Mapping[UUID, str] = field(default_factory=dict)  # person → the unit they belong to
    photos: Mapping[UUID, Mapping[str, int]] = field(default_factory=dict)  # matter → tag → how many

    def done(self, matter: MatterRow, action: str) -> EntryRow | None:
        """Return the entry by which an act was done last."""
        for entry in reversed(self.entries.get(matter.pk, ())):
            if body_of(entry).get("action") == action:
                return entry
        return None

    def given(self, matter: MatterRow, key: str) -> list[tuple[datetime, str]]:
        """Return everything given for a field, oldest first: texts that were erased are not there."""
        info, found = info_of(matter.version_ref_id), []
        for entry in self.entries.get(matter.pk, ()):
            value = self.texts.get(entry.pk, {}).get(key)
            if value is None and not info.sealed(key):
                value = (body_of(entry).get("data") or {}).get(key)
            if value not in (None, "", "*"):
                found.append((entry.happened_at, worded(info, key, value)))
        return found


def body_of(entry: EntryRow) -> dict[str, Any]:
    """Return what an entry says."""
    return dict(orjson.loads(entry.body))


def _english() -> bool:
    return (get_language() or "").startswith("en")


def in_language(pair: tuple[str, str]) -> str:
    """Return the words in the reader's language."""
    return pair[1] if _english() and pair[1] else pair[0]


def worded(info: Any, key: str, value: Any) -> str:
    """Return a field's value in words: options by their titles."""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if info.has_options(key):
        return in_language(info.option(key, str(value)))
    return str(value)
