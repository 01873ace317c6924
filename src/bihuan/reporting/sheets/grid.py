"""A spreadsheet as a person sees it: cells, what is merged, what is hidden, what may be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

At = tuple[int, int]  # (row, column), both from 1


class Unreadable(Exception):
    """A file that cannot be read or filled; says why and how to mend it in both languages."""

    def __init__(self, why: str, how: str, why_en: str, how_en: str) -> None:
        super().__init__(f"{why}{how}")
        self.why, self.how, self.why_en, self.how_en = why, how, why_en, how_en


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells, borders included."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, at: At) -> bool:
        return self.top <= at[0] <= self.bottom and self.left <= at[1] <= self.right

    @property
    def wide(self) -> int:
        """How many columns it covers."""
        return self.right - self.left + 1

    @property
    def high(self) -> int:
        """How many rows it covers."""
        return self.bottom - self.top + 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``value`` as stored (str, int, float, bool, date, datetime, time), ``text`` as shown."""

    value: Any = None
    text: str = ""
    formula: str = ""
    number_format: str = "General"
    framed: bool = False  # has a border: a form's blank that wants to be filled
    locked: bool = False  # the sheet is protected and this cell is


@dataclass(frozen=True, slots=True)
class Choices:
    """A data validation: which cells, and what may stand in them."""

    ranges: tuple[Range, ...]
    kind: str  # "list", "whole", "decimal", "date", "textLength", "custom"
    options: tuple[str, ...] = ()  # of a list, where they could be read
    source: str = ""  # the formula they come from, where they could not
    operator: str = "between"
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. Cells that hold nothing and have no border are absent."""

    name: str
    cells: Mapping[At, Cell]
    merged: tuple[Range, ...] = ()
    hidden: bool = False
    protected: bool = False
    printed: bool = False  # a print area is set: what stands outside of it would not be printed
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    choices: tuple[Choices, ...] = ()
    widths: Mapping[int, float] = field(default_factory=dict)  # of columns that have one of their own, in digits
    width: float = 8.43  # of the others
    rows: int = 0
    columns: int = 0
    _merged_at: Mapping[At, Range] = field(default_factory=dict)

    def at(self, row: int, column: int) -> Cell:
        """Return the cell itself; an empty one where there is none."""
        return self.cells.get((row, column), _NONE)

    def span(self, row: int, column: int) -> Range:
        """Return the merged range that a cell belongs to, or the cell alone."""
        return self._merged_at.get((row, column)) or Range(row, column, row, column)

    def text(self, row: int, column: int) -> str:
        """Return what is shown at a place: of a merged range its first cell's text."""
        span = self.span(row, column)
        return self.at(span.top, span.left).text

    def starts(self, row: int, column: int) -> bool:
        """Tell whether a place is the first cell of what it belongs to."""
        span = self.span(row, column)
        return (span.top, span.left) == (row, column)

    def empty(self, row: int, column: int) -> bool:
        """Tell whether nothing stands there: neither a value nor a formula."""
        cell = self.at(row, column)
        return not cell.text and not cell.formula

    def spans(self, row: int) -> Iterator[Range]:
        """Yield what one row shows from left to right: each merged range once."""
        column = 1
        while column <= self.columns:
            span = self.span(row, column)
            yield span
            column = span.right + 1

    def locked(self, row: int, column: int) -> bool:
        """Tell whether the sheet's protection keeps people from typing there."""
        cell = self.cells.get((row, column))
        return self.protected and (cell is None or cell.locked)

    def room(self, row: int, column: int) -> float:
        """Return how many digits fit side by side into a cell, merged or not."""
        span = self.span(row, column)
        return sum(self.widths.get(number, self.width) for number in range(span.left, span.right + 1))

    def choice(self, row: int, column: int) -> Choices | None:
        """Return the validation that holds for a cell."""
        for choice in self.choices:
            if any((row, column) in span for span in choice.ranges):
                return choice
        return None


@dataclass(frozen=True, slots=True)
class Grid:
    """A workbook as read."""

    sheets: tuple[Sheet, ...]
    writable: bool = True  # a zip of parts that can be patched; False: an old format that can only be read

    def sheet(self, name: str) -> Sheet:
        """Return the sheet of that name.

        Raises:
            KeyError: there is none.
        """
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)


_NONE = Cell()


def make_sheet(name: str, cells: Mapping[At, Cell], merged: Sequence[Range] = (), **rest: Any) -> Sheet:
    """Return a sheet with its size and its index of merged ranges worked out."""
    rows = max((row for row, _column in cells), default=0)
    columns = max((column for _row, column in cells), default=0)
    index: dict[At, Range] = {}
    for span in merged:
        for row in range(span.top, min(span.bottom, rows) + 1):
            for column in range(span.left, min(span.right, columns) + 1):
                index[row, column] = span
    return Sheet(name, cells, tuple(merged), rows=rows, columns=columns, _merged_at=index, **rest)
