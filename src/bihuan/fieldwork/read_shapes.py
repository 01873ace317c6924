"""What is read of rounds and visits: coverage, the diary, one visit, what was found.

Frozen data, no models, no behaviour. Instants are aware. Every ``*_title`` is in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bihuan.fieldwork.day_shapes import PlanStanding

# --- coverage ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One target of a round: where it stands now, and how often it was covered in the period asked for."""

    target: str
    kind: str
    kind_title: str
    area_code: str
    area_name: str
    place_id: UUID | None
    name: str
    order: int
    standing: PlanStanding
    last_at: datetime | None  # of what covered it last, an equivalent act too
    last_act: str  # "visit", "plans.…", "act.…", "" for never
    last_visit_id: UUID | None
    visits: int  # that counted, in the period
    uncounted: int  # recorded in the period without counting
    never: bool


@dataclass(frozen=True, slots=True)
class CoverageView:
    """What a round covers in an area. The sums are over the targets."""

    method_key: str
    round: str
    title: str
    level: int
    levels: int  # how many the round has
    area_code: str
    since: date
    until: date
    rows: tuple[CoverageRow, ...]
    due: int
    done: int
    never: int
    more: int = 0  # targets that are summed up and not among the rows: the least pressing

    @property
    def total(self) -> int:
        """How many targets there are."""
        return len(self.rows) + self.more


@dataclass(frozen=True, slots=True)
class RoundRef:
    """A round in use in an area: for choosing one."""

    method_key: str
    round: str
    title: str
    levels: int
    every: str
    who: tuple[str, ...]


# --- diary ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DiaryFilters:
    """What a diary list shows. Empty means any. ``area``: a code, with all below it; ``person``: whose.

    ``round``: a round's key; ``result``: "nothing", "found", "nobody"; ``answered``: "yes", "no" or "".
    ``pairings``: leave them in (those of one's own, or by PAIRING_READ).
    """

    area: str = ""
    person: UUID | None = None
    round: str = ""
    result: str = ""
    answered: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class DiaryRow:
    """One visit in a list."""

    id: UUID
    area_code: str
    area_name: str
    place_name: str
    round: str
    round_title: str
    level: int
    person_id: UUID
    person_name: str
    role_title: str
    title: str
    text: str  # shortened to 80 characters; "" once erased
    result: str
    result_title: str
    findings_count: int
    counted: bool
    not_counted: str
    why: str
    answered: bool
    withdrawn: bool
    happened_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One item of the checklist as it was answered: "ok", "bad", "na"."""

    key: str
    title: str
    mark: str
    mark_title: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """What was found, and what became of it. No link where the reader may not see the matter."""

    id: UUID
    matter_id: UUID | None
    display_number: str
    title: str
    item_title: str
    joined: bool
    is_open: bool | None


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One entry of the visit's record as a sentence."""

    entry_id: UUID
    verb: str
    sentence: str
    who: str
    happened_at: datetime
    recorded_at: datetime
    hash: str


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One visit as one reader sees it."""

    visit: Any  # the Visit row
    row: DiaryRow
    text: str
    method_title: str
    together: tuple[tuple[str, str], ...]  # (role title, name)
    checklist: tuple[CheckLine, ...]
    findings: tuple[FindingLine, ...]
    photos: tuple[UUID, ...]
    sounds: tuple[UUID, ...]
    lines: tuple[VisitLine, ...]
    review: str
    reviewed_by: str
    reviewed_at: datetime | None
    stood_in: bool
    arrived_at: datetime
    help_title: str
    kept_until: date | None  # the last day on which the text is kept
    erased: bool
    may_correct: bool
    may_review: bool


# --- findings ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How much was found of one kind, at one place, or in one week."""

    key: str  # the category; the target; the week's Monday, ISO
    title: str
    found: int
    joined: int
    open: int


@dataclass(frozen=True, slots=True)
class FoundTwice:
    """A matter that more than one visit met."""

    matter_id: UUID
    number: str
    display_number: str
    title: str
    area_code: str
    area_name: str
    is_open: bool
    times: int
    first_at: datetime
    last_at: datetime
