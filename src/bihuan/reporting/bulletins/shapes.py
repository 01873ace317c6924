"""What the reads of bulletins hand out: frozen, words in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kernel.api import Problem
from bihuan.reporting.bulletins.actions.checking import Difference
from bihuan.reporting.bulletins.heads import Head
from bihuan.reporting.models import Bulletin


@dataclass(frozen=True, slots=True)
class Row:
    """One in a list."""

    id: UUID
    kind: str
    kind_title: str
    title: str
    number: str
    area_name: str
    state: str
    state_title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list. ``next``: the cursor of the next one."""

    rows: tuple[Row, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or a number that opens what is behind it (``question`` its name, ``ask`` what is asked, ``url`` where)."""

    text: str
    question: str = ""
    ask: Mapping[str, Any] | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A block as a page shows it: kind para, heading, items, table or annex (where an attachment begins)."""

    kind: str
    level: int = 0
    pieces: tuple[Piece, ...] = ()
    items: tuple[tuple[Piece, ...], ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """An objection as who answers it reads it; ``contact`` is masked."""

    id: UUID
    text: str
    contact: str
    created_at: datetime
    answer: str
    answered_at: datetime | None
    upheld: bool | None


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One entry in words."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page of one. ``may`` names each act with its refusal, None where it may be done."""

    row: Bulletin
    area_name: str
    kind_title: str
    state_title: str
    template_title: str
    period: str
    only: str  # which matters count, in words; "" where all do
    author: str
    signer: str
    blocks: tuple[Shown, ...]
    text: str
    head: Head
    differences: tuple[Difference, ...]
    objections: tuple[ObjectionLine, ...]
    timeline: tuple[TimelineLine, ...]
    may: Mapping[str, Problem | None]


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """What was answered to an objection, without whose it was."""

    text: str
    at: datetime
    upheld: bool


@dataclass(frozen=True, slots=True)
class PublicPage:
    """What anybody may read of one that is published. ``unchanged``: it says what it said when it was published."""

    row: Bulletin
    area_name: str
    kind_title: str
    state_title: str
    blocks: tuple[Shown, ...]
    window_open: bool
    waiting: int
    answers: tuple[PublicAnswer, ...]
    unchanged: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class MyObjection:
    """What somebody reads by the link of their objection."""

    bulletin: Bulletin
    text: str
    created_at: datetime
    answer: str
    answered_at: datetime | None
    upheld: bool | None
