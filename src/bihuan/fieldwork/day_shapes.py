"""What one person takes along into the field: a day, read once and kept on the phone.

Frozen data, no models, no behaviour. Instants are aware. Every ``*_title`` is in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.methods.api import Offer


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One thing to look at, and what a finding of it becomes."""

    key: str
    title: str
    method_key: str  # whose matter a finding is; "" for the round's own method
    category: str
    urgency: str


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A round that I may go, or stand in for, as the phone needs it."""

    method_key: str
    round: str
    title: str
    note: str
    role: str  # as what I go
    role_title: str
    levels: tuple[int, ...]  # which I may do; (1,) where there are none
    stands_in: bool  # I go for the one whose round it is
    together: tuple[tuple[str, str], ...]  # (role, title) of who should come along
    together_rule: str  # "all", "any", "none"
    checklist: tuple[CheckItem, ...]
    every: str  # in words
    since: datetime | None  # the window that is open now
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """Where a target stands on one round and level: "due", "done", "too_soon", "off_season", "after_level"."""

    method_key: str
    round: str
    level: int
    state: str
    since: datetime | None
    until: datetime | None
    last_at: datetime | None
    never: bool
    order: int = 0  # from 1, as the targets of this round are walked


@dataclass(frozen=True, slots=True)
class DayTarget:
    """Something to go to today, in walking order."""

    target: str
    kind: str  # "area", or the place's kind
    kind_title: str
    area_code: str
    area_name: str
    place_id: UUID | None
    name: str
    lon: float | None
    lat: float | None
    order: int  # from 1, as they are walked
    standings: tuple[PlanStanding, ...]
    due: bool  # any of them is due


@dataclass(frozen=True, slots=True)
class DayMatter:
    """A matter that is open where I go, with what I may do on it. ``version`` is what I act upon."""

    matter_id: UUID
    version_id: UUID  # of the method that rules it
    number: str
    display_number: str
    title: str
    area_code: str
    area_name: str
    category: str
    urgency: str
    step: str
    step_title: str
    version: int
    due_at: datetime | None
    card: str
    created_at: datetime
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class DayPairing:
    """A household that I go to for my unit; masked."""

    pairing_id: UUID
    method_key: str
    key: str
    title: str
    area_code: str
    area_name: str
    place_id: UUID | None
    place_name: str
    masked_name: str
    help: tuple[tuple[str, str], ...]  # (kind, title) that may be given
    last_visit_at: datetime | None
    every: str = ""  # in words; "" where it is visited as needed
    state: str = ""  # as of a round's target: "due", "done", "off_season"; "" where it is visited as needed
    due: bool = False
    since: datetime | None = None  # the window that is open now
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that may be chosen."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class DayForm:
    """What a new matter of a method asks for."""

    method_key: str
    title: str
    default: bool  # the one for residents' reports
    categories: tuple[Choice, ...]
    urgencies: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class DayArea:
    """An area that I work in: for choosing where, without a network."""

    code: str
    name: str
    level: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """All that one person needs in the field today; read once, kept on the phone."""

    at: datetime
    person_id: UUID
    person_name: str
    plans: tuple[DayPlan, ...]
    targets: tuple[DayTarget, ...]
    matters: tuple[DayMatter, ...]
    pairings: tuple[DayPairing, ...]
    areas: tuple[DayArea, ...]
    forms: tuple[DayForm, ...]
    more_matters: bool = False  # there are more open than the phone takes along
    more_targets: int = 0  # gone to as well, and not taken along: the least pressing
    more_areas: int = 0
