"""What goes in and out of the package's use cases: frozen data, no models, no behaviour.

Instants are aware. Every ``*_title`` is in the reader's language. A *target* is what a round goes to: the code of an
area, or the id of a place as 32 hex digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Sound:
    """A voice note as it arrives: an uploaded file and the id its client made for it (UUIDv7)."""

    upload: Any
    tag: str = "note"
    file_id: UUID | None = None


@dataclass(slots=True)
class NewVisit:
    """A visit as given, checked for shape; the rules are ``visiting``'s."""

    id: UUID
    area_code: str
    happened_at: datetime
    arrived_at: datetime
    place_id: UUID | None = None
    round: str = ""
    method_key: str | None = None
    level: int | None = None
    pairing_id: UUID | None = None
    help_kind: str = ""
    result: str = "nothing"
    checklist: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    text: str = ""
    together: tuple[dict[str, str], ...] = ()  # {"role", "name", "person": hex or ""}
    photos: Sequence[Any] = ()
    sounds: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class RecordedVisit:
    """A visit is in the record (``created``), or was there already: the same id gives the same answer.

    ``not_counted``: "" where it counts towards its round, else why not: "too_soon", "alone", "off_season",
    "after_level", "nobody", "no_round", "withdrawn". ``why`` says so in the reader's language.
    """

    visit_id: UUID
    created: bool
    counted: bool
    not_counted: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a visit found became a matter, or joined one (``joined``)."""

    finding_id: UUID
    matter_id: UUID
    number: str
    display_number: str
    joined: bool
    created: bool


@dataclass(frozen=True, slots=True)
class Corrected:
    """A visit was corrected, answered or withdrawn; or this very entry had been written before."""

    visit_id: UUID
    version: int
    created: bool
    counted: bool = True
    not_counted: str = ""


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """A place was registered or changed; or this very entry had been written before."""

    place_id: UUID
    version: int
    created: bool


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Row]):
    """One page of a list and the cursor of the next, none at the end.

    ``reached``: what was asked for is rare, and was looked for back to this day; the next page goes on there.
    """

    rows: tuple[Row, ...]
    next: str | None = None
    reached: date | None = None


# --- places -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place as lists and forms show it."""

    id: UUID
    area_code: str
    area_name: str
    kind: str
    kind_title: str
    name: str
    order: int
    lon: float | None
    lat: float | None
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class PlaceImport:
    """What an import of places did, or would do; ``problems`` names every bad row."""

    dry_run: bool
    rows: int
    created: int
    changed: int
    unchanged: int
    problems: tuple[Any, ...]  # areas.api.RowProblem
