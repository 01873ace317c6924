"""What is to be written into a form, what is told of it, and where the values come from. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Protocol

from bihuan.reporting.forms.heads import Blank
from bihuan.reporting.forms.shapes import Ask, Say, Slot
from bihuan.reporting.sheets.grid import At, Sheet
from bihuan.reporting.sheets.patch import Rate, Value, column_letters

Cell = str | int | float | Fraction | date | datetime | None

UNKNOWN = Say("不知道这里要填什么。", "It is not known what is wanted here.")
AGREED = Say("按说明留空。", "Left blank, as was said.")
LOCKED = Say("表格锁定了这一格。", "The form keeps this cell locked.")


@dataclass(frozen=True, slots=True)
class Frame:
    """Who fills in, for where and when. ``until`` is the last day that is counted."""

    unit: str
    person: str
    today: date
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Found:
    """A figure: its value, or why there is none. A rate is a fraction of 1."""

    value: int | Fraction | None
    rate: bool = False
    why: Say | None = None


class Facts(Protocol):
    """Where the values come from."""

    def figure(self, ask: Ask) -> Found:
        """Return one figure."""

    def card(self, wanted: Sequence[str]) -> Sequence[Cell] | Say:
        """Return the wanted values of the one matter that a card is filled for; or why there are none."""

    def items(self, of: str, where: Mapping[str, str], wanted: Sequence[str]) -> Sequence[Sequence[Cell]] | Say:
        """Return the subjects of the period, oldest first, each with the wanted values; or why there are none."""


@dataclass(frozen=True, slots=True)
class Done:
    """A cell or column that was filled: where, under which heading, with what (one value of a column)."""

    sheet: str
    ref: str
    heading: str
    meaning: str
    value: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Left:
    """What stays blank, and why."""

    sheet: str
    ref: str
    heading: str
    why: Say
    asked: str = ""  # the slot's key, where an answer would help


@dataclass
class Plan:
    """What to write where, and what to tell. ``like``: (sheet, row) → the row above that a new one is made like."""

    values: dict[str, dict[At, Value]] = field(default_factory=dict)
    like: dict[str, dict[int, int]] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    narrow: list[tuple[str, str]] = field(
        default_factory=list
    )  # (sheet, cell): too narrow for the number or date in it
    within: dict[tuple[str, At], list[tuple[Blank, str | date]]] = field(default_factory=dict)  # written together, last

    def put(self, sheet: Sheet, at: At, value: Value, slot: Slot) -> None:
        """Fill one cell."""
        self.values.setdefault(sheet.name, {})[at] = value
        self.done.append(Done(sheet.name, ref(at), slot.heading, slot.meaning, said(value)))

    def put_within(self, sheet: str, blank: Blank, value: str | date, slot: Slot) -> None:
        """Fill a blank within a cell's own text."""
        self.within.setdefault((sheet, blank.at), []).append((blank, value))
        shown = value.isoformat() if isinstance(value, date) else value
        self.done.append(Done(sheet, ref(blank.at), slot.heading, slot.meaning, shown))

    def leave(self, sheet: str, at: At | str, heading_: str, why: Say, asked: str = "") -> None:
        """Leave something blank."""
        self.left.append(Left(sheet, at if isinstance(at, str) else ref(at), heading_, why, asked))


def ref(at: At) -> str:
    """Return a cell's name: (5, 2) → "B5"."""
    return f"{column_letters(at[1])}{at[0]}"


def said(value: Value) -> str:
    """Return a value as it is told."""
    if isinstance(value, Rate):
        return f"{float(value.value):.2%}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Fraction):
        return f"{float(value):g}"
    return str(value)
