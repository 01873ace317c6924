"""The shape of a source: what a column may take, how the list is filtered, and pages of lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from bihuan.people.api import Actor

Cell = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """A value that a column may take: its words, and what kind of cell it makes ("text", "number", "date", "time")."""

    zh: str
    en: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about, where it opens, and its cells in the order asked for."""

    id: UUID
    url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of lines. ``capped``: filters met the length of one walk; the next page goes on there."""

    rows: tuple[Line, ...]
    next: str | None = None
    capped: bool = False


class Page(Protocol):
    """Reads one page: of what the actor may see in an area, filtered and sorted, the wanted values of each line."""

    def __call__(
        self,
        actor: Actor,
        area: str,
        filters: Mapping[str, str],
        sort: str,
        wanted: Sequence[str],
        cursor: str | None,
        limit: int,
    ) -> Lines:
        """Read it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of subject that registers list.

    ``known``: the values it has by name; a name with a colon (``field:measure``) is one of ``prefixes``.
    ``filters``: the names it can be filtered by; ``sorts``: the orders it keeps, the first one its own.
    ``choices(area, value)``: what a cell of a value may be chosen from in Excel, empty for anything.
    """

    known: Mapping[str, Known]
    page: Page
    prefixes: Mapping[str, Known] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ("new",)
    choices: Callable[[str, str], list[str]] = lambda _area, _value: []

    def of(self, value: str) -> Known | None:
        """Return what is known of a value's name; None where there is no such value."""
        prefix, colon, rest = value.partition(":")
        return self.known.get(value) or (self.prefixes.get(prefix) if colon and rest else None)
