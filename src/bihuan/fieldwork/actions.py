"""Use cases of work in the field: each one transaction, keyword-only, ``actor`` first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from bihuan.fieldwork.shapes import Corrected, Found, KeptPlace, PlaceImport, RecordedVisit
from bihuan.kernel.api import Problem
from bihuan.people.api import Actor


def record_visit(
    *,
    actor: Actor,
    id: UUID,  # noqa: A002
    area_code: str,
    happened_at: datetime,
    place_id: UUID | None = None,
    round: str = "",  # noqa: A002
    method_key: str | None = None,
    level: int | None = None,
    pairing_id: UUID | None = None,
    help_kind: str = "",
    arrived_at: datetime | None = None,
    result: str = "nothing",
    checklist: Mapping[str, str] | None = None,
    title: str = "",
    text: str = "",
    together: Iterable[Mapping[str, str]] = (),
    photos: Sequence[Any] = (),
    sounds: Sequence[Any] = (),
) -> RecordedVisit:
    """Record one visit."""
    raise NotImplementedError


def record_visits(*, actor: Actor, visits: Sequence[Mapping[str, Any]]) -> list[RecordedVisit | Problem]:
    """Record up to 500 visits in one transaction."""
    raise NotImplementedError


def record_finding(
    *,
    actor: Actor,
    id: UUID,  # noqa: A002
    visit_id: UUID,
    text: str,
    item: str = "",
    title: str = "",
    category: str = "",
    urgency: str = "",
    method_key: str | None = None,
    join: UUID | None = None,
    expected_version: int | None = None,
    photos: Sequence[Any] = (),
) -> Found:
    """Make a matter of what a visit found, or join one that is open there."""
    raise NotImplementedError


def correct_visit(
    *, actor: Actor, visit_id: UUID, entry_id: UUID, reason: str, changes: Mapping[str, Any]
) -> Corrected:
    """Correct one's own visit; ``changes`` {"withdrawn": True} takes it back."""
    raise NotImplementedError


def review_visit(*, actor: Actor, visit_id: UUID, entry_id: UUID, text: str) -> Corrected:
    """Answer a diary entry."""
    raise NotImplementedError


def register_place(
    *,
    actor: Actor,
    id: UUID,  # noqa: A002
    area_code: str,
    kind: str,
    name: str,
    order: int = 0,
    lon: float | None = None,
    lat: float | None = None,
    source: str = "",
) -> KeptPlace:
    """Add a place that rounds go to."""
    raise NotImplementedError


def change_place(
    *, actor: Actor, place_id: UUID, entry_id: UUID, changes: Mapping[str, Any], expected_version: int | None = None
) -> KeptPlace:
    """Change a place's name, kind, order, point, or take it out of use (``active``)."""
    raise NotImplementedError


def import_places(*, actor: Actor, file: BinaryIO, name: str, dry_run: bool = True, source: str = "") -> PlaceImport:
    """Read places from an Excel or CSV file."""
    raise NotImplementedError
