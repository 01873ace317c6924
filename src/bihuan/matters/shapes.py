"""What goes in and out of the package's use cases: frozen data, no models, no behaviour.

Instants are aware. Every ``*_title`` is in the reader's language. Persons are named as the reader may see them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from bihuan.methods.api import Offer

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it arrives: an uploaded file, what it shows, and the id its client made for it (UUIDv7).

    Without a file (``upload`` None) it is one that the same person sent ahead under ``file_id``.
    """

    upload: Any
    tag: str = "scene"  # "scene", "before", "after", "paper"
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """A report was accepted (``created``), or had been already: the same id gives the same answer.

    ``follow_token`` is the secret of the reporter's own link. Only its hash is kept: a resend gets it back
    only when the client made it and sent it along both times.
    """

    matter_id: UUID
    number: str  # "410802004004-2024-0017"
    display_number: str  # "电建-2024-0017"
    follow_token: str
    created: bool


@dataclass(frozen=True, slots=True)
class Advanced:
    """A matter moved; or this very entry had been written before (``created`` false)."""

    matter_id: UUID
    version: int
    step: str
    is_open: bool
    outcome: str
    created: bool


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """One page of a list: rows, the cursor of the next page (none at the end).

    ``capped``: a search or a filter met its limit of effort; what lies beyond was not looked at (``next``, where there
    is one, goes on there; the page may be empty then).
    """

    rows: tuple[Row, ...]
    next: str | None = None
    capped: bool = False


@dataclass(frozen=True, slots=True)
class TodoRow:
    """One act that the reader owes (``must``), or all they may do besides, on one open matter."""

    id: int
    matter_id: UUID
    number: str
    display_number: str
    title: str
    area_code: str
    area_name: str
    action: str
    action_title: str
    acts: tuple[tuple[str, str], ...]  # (action, title): one that is owed; every one that is only allowed
    step_title: str
    must: bool
    role: str
    role_title: str
    due_at: datetime | None
    card: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LedgerFilters:
    """What a ledger shows. Empty means any. ``area``: a code, with everything below it.

    ``state``: "open", "closed" or "". ``sort``: "new" (newest first) or "due" (nearest limit first: only what is
    open and has a limit). ``method``: a method's key. ``text`` searches titles and texts.
    """

    area: str = ""
    step: str = ""
    state: str = ""
    category: str = ""
    urgency: str = ""
    channel: str = ""
    card: str = ""
    outcome: str = ""
    method: str = ""
    text: str = ""
    sort: str = "new"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of the ledger."""

    id: UUID
    number: str
    display_number: str
    title: str
    area_code: str
    area_name: str
    step: str
    step_title: str
    is_open: bool
    outcome: str
    outcome_title: str
    channel: str
    channel_title: str
    category: str
    category_title: str
    urgency: str
    urgency_title: str
    due_at: datetime | None
    card: str
    parties: tuple[tuple[str, str], ...]  # (role title, name), as the method orders them
    happened_at: datetime
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """An exact change: what, from, to. Either side may be empty."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One entry as a sentence."""

    entry_id: UUID
    seq: int
    verb: str
    action: str
    action_title: str
    sentence: str
    who: str
    role_title: str
    happened_at: datetime
    recorded_at: datetime
    reason: str
    changes: tuple[Change, ...]
    photos: tuple[UUID, ...]
    hash: str  # hex


@dataclass(frozen=True, slots=True)
class PartyLine:
    """Who answers for the matter."""

    role: str
    role_title: str
    person_id: UUID
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One limit: running, paused or stopped."""

    key: str
    title: str
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None
    stopped_at: datetime | None
    late: bool
    card: str
    extensions: int


@dataclass(frozen=True, slots=True)
class StepLine:
    """One station of the method: ``state`` is "done", "now" or "ahead"."""

    key: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class SealedLine:
    """A personal value, masked. ``id`` is for ``reveal_contact``; none once erased."""

    id: int | None
    name: str
    title: str
    masked: str
    purpose: str


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """A stored photo."""

    id: UUID
    tag: str
    width: int
    height: int
    public: bool


@dataclass(frozen=True, slots=True)
class Related:
    """Another matter this one is tied to: "duplicate_of", "duplicate", "parent", "child"."""

    kind: str
    matter_id: UUID
    display_number: str
    title: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class MatterPage:
    """All that one reader sees of one matter. ``via_link``: read by the reporter's secret link."""

    matter: Any  # the Matter row
    number: str
    display_number: str
    area_name: str
    method_title: str
    step_title: str
    outcome_title: str
    steps: tuple[StepLine, ...]
    offers: tuple[Offer, ...]
    primary: Offer | None
    parties: tuple[PartyLine, ...]
    timeline: tuple[TimelineLine, ...]
    photos: tuple[PhotoLine, ...]
    clocks: tuple[ClockLine, ...]
    sealed: tuple[SealedLine, ...]
    related: tuple[Related, ...]
    fields: tuple[tuple[str, str], ...]  # (title, value) as the method names them
    public_words: str
    roles: frozenset[str]
    may_act: bool
    may_see_personal: bool
    via_link: bool = False


@dataclass(frozen=True, slots=True)
class PublicPage:
    """What anybody may see of a matter: what the step shows to the public, no resident's name, no text."""

    number: str
    display_number: str
    title: str
    area_name: str
    is_open: bool
    step_title: str
    public_words: str
    outcome_title: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    follower_count: int
    steps: tuple[StepLine, ...]
    timeline: tuple[TimelineLine, ...]
    photos: tuple[PhotoLine, ...]
    fields: tuple[tuple[str, str], ...] = ()  # (title, value) of the fields that the method makes public
    duplicate_of: str = ""  # display number


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier matter that may be the same: enough to judge by."""

    matter_id: UUID
    number: str
    display_number: str
    title: str
    area_name: str
    public_words: str
    step_title: str
    is_open: bool
    created_at: datetime
    metres: int | None
    likeness: float  # 0 … 1
    photo_id: UUID | None
    follower_count: int


@dataclass(frozen=True, slots=True)
class AreaCount:
    """One area on the map."""

    area_code: str
    name: str
    total: int
    open: int
    yellow: int
    red: int


@dataclass(frozen=True, slots=True)
class Moved:
    """One matter in a migration to another version: moved, or why not."""

    matter_id: UUID
    display_number: str
    step: str
    moved: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Migration:
    """What a migration did, or would do (``dry_run``)."""

    dry_run: bool
    moved: tuple[Moved, ...]
    kept: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Of a matter from an old ledger: when it was registered there; how it ended and when, where it had ended."""

    registered: datetime
    outcome: str = ""
    closed: datetime | None = None

    def as_json(self) -> dict[str, str]:
        """Return it as the entry keeps it."""
        ended = {"outcome": self.outcome, "closed": self.closed.isoformat()} if self.closed is not None else {}
        return {"registered": self.registered.isoformat(), **ended}


@dataclass(slots=True)
class NewReport:
    """A report as given, checked for shape; the rules are ``intake``'s."""

    id: UUID
    area_code: str
    title: str
    text: str
    channel: str
    titled: bool = True  # the title was given; else it was made of the text, and goes with it
    category: str = ""
    urgency: str = ""
    people_affected: int | None = None
    phone: str = ""
    reporter_name: str = ""
    anonymous: bool = False
    lon: float | None = None
    lat: float | None = None
    happened_at: datetime | None = None
    method_key: str | None = None
    follow_token: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    photos: Sequence[Photo] = ()
    earlier: Earlier | None = None
