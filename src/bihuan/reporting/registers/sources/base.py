"""The shape of a source: what a column may take, how the list is filtered, and pages of lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from bihuan.kernel.api import mask_numbers
from bihuan.people.api import Actor


class Ratio(Fraction):
    """A part of a whole, exact; written as offices write it: 45.2%."""

    def __str__(self) -> str:
        exact = Decimal(self.numerator * 100) / Decimal(self.denominator)
        return f"{exact.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP)}%"


Cell = str | int | float | Ratio | date | datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """A value that a column may take: its words, and the kind of its cells: text, number, percent, date or time."""

    zh: str
    en: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about, where it opens, and its cells in the order asked for.

    Whatever people wrote into a text, no telephone and no identity number leaves in a line: pages, files, filled forms
    and interfaces all take theirs from here. Names within a text cannot be known.
    """

    id: UUID
    url: str
    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        """Mask numbers within texts."""
        cells = tuple(mask_numbers(cell) if type(cell) is str else cell for cell in self.cells)
        object.__setattr__(self, "cells", cells)


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
