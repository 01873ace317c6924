"""What is made of a blank form: what it asks for, what was filled, what was left. Frozen data, pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bihuan.reporting.forms.heads import Blank
from bihuan.reporting.sheets.grid import At, Grid, Range
from bihuan.reporting.sheets.layout import Table

Role = Literal["head", "pair", "table", "column", "above", "line", "card"]
LEAVE = "-"  # the meaning of what is left blank on purpose


@dataclass(frozen=True, slots=True)
class Say:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One question that a form puts, where it stands, and what is meant by it.

    ``role``: a label of the head; a label with a cell for a figure beside it; a whole table (which rows, which figure);
    a column of a table with a row for each subject; a label on a card of one matter; what stands above a column, or
    left of a line, of a summary.
    ``meaning`` is "" where it is not known, "-" where it is left blank; ``by``: "known" (of what forms call things),
    "remembered" (said for an earlier form), "answered" (said now).
    """

    key: str
    sheet: str
    where: Range
    heading: str
    role: Role
    meaning: str = ""
    by: str = ""
    why: Say | None = None
    options: tuple[str, ...] = ()
    proposed: str = ""  # the one of them that is shown as chosen until somebody says so


@dataclass(frozen=True, slots=True)
class Ask:
    """A figure that one cell asks for, summed over areas and kinds. ``span``: "" is the period of the form.

    ``compare``: "yoy" and "mom" (by how much it changed against the year and the period before, as a rate), "yoy_n"
    and "mom_n" (as a difference), "share" (of the total over ``of``: areas and kinds).
    """

    at: At
    figure: str
    areas: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    span: str = ""
    method: str = ""
    in_percent: bool = False
    compare: str = ""
    of: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True, slots=True)
class ItemTable:
    """A table with a row for each subject. ``columns``: (column's left, slot's key)."""

    table: Table
    slot: str
    of: str
    columns: tuple[tuple[int, str], ...]
    serial: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """A table with a cell for each figure. ``asks``: what is known; ``unknown``: cells whose question is not."""

    table: Table
    slot: str
    asks: tuple[Ask, ...]
    unknown: tuple[tuple[At, Say], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A blank form as it is understood."""

    grid: Grid
    slots: Mapping[str, Slot]
    blanks: tuple[tuple[str, str, Blank], ...]  # (sheet, slot's key, blank)
    items: tuple[ItemTable, ...]
    summaries: tuple[SummaryTable, ...]
    pairs: tuple[tuple[str, str, Ask], ...]  # (sheet, slot's key, ask)
    fingerprint: str
    cards: tuple[tuple[str, str, Blank], ...] = ()  # of sheets that are for one matter: (sheet, slot's key, blank)

    @property
    def open(self) -> tuple[Slot, ...]:
        """What is not known and can be asked."""
        return tuple(slot for slot in self.slots.values() if not slot.meaning)
