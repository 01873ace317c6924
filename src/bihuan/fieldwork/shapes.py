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

from bihuan.methods.api import Offer

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


# --- today ---------------------------------------------------------------------------------------------------------


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


# --- coverage ------------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class RoundRef:
    """A round in use in an area: for choosing one."""

    method_key: str
    round: str
    title: str
    levels: int
    every: str
    who: tuple[str, ...]


# --- diary ---------------------------------------------------------------------------------------------------------


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


# --- findings ------------------------------------------------------------------------------------------------------


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


# --- places --------------------------------------------------------------------------------------------------------


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


Checklist = Mapping[str, str]
People = Sequence[Mapping[str, Any]]
