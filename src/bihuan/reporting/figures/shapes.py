"""What readings of figures give: frozen, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a rate leaves out, and how many."""

    part: str  # for drilling: "x.<key>"
    title: str
    n: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the numbers of a figure open: what ``drill`` is asked with.

    ``dim2`` and ``value2``: of two splits at once the second. A split by "area" means what is in no area below.
    """

    key: str
    area_code: str
    since: int
    until: int
    dim: str = ""
    value: str = ""
    method_key: str = ""
    dim2: str = ""
    value2: str = ""


@dataclass(frozen=True, slots=True)
class FigureValue:
    """One figure of an area and a period: whole, or one part of a split.

    ``value``: a whole number; of a rate a fraction of 1; of a median a number of its unit; None where there is nothing
    to be said (nothing below the line, no matter to take the middle of, a median within a split). ``before``: the same
    of the period before. ``unit``: matters, people, number, times, percent, workdays, work_hours, hours, days, minutes.
    ``split_value`` is "" for the whole; in a split also for what has no value, with ``split_rest``.
    """

    key: str
    title: str
    kind: str
    unit: str
    value: int | Fraction | None
    before: int | Fraction | None
    numerator: int | None
    denominator: int | None
    numerator_title: str
    denominator_title: str
    excluded: tuple[LeftOut, ...]
    n: int  # how many matters the value is of
    note: str
    drill: Place
    split: str = ""
    split_value: str = ""
    split_title: str = ""
    split_rest: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that does not follow from the entries."""

    measure: str
    area_code: str
    month: int
    dim: str
    value: str
    read: tuple[int, int]  # how many, how much: as read
    recounted: tuple[int, int]  # as the entries make it

    def __str__(self) -> str:
        where = (
            f"{self.area_code} {self.month} {self.dim}={self.value}" if self.dim else f"{self.area_code} {self.month}"
        )
        return f"{self.measure} {where}: {self.read} ≠ {self.recounted}"


@dataclass(slots=True)
class Check:
    """What a recount found: how many matters, what differs, which matters' entries make no state."""

    matters: int = 0
    numbers: int = 0
    differences: list[Difference] = field(default_factory=list)
    unfoldable: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every number is what the entries say."""
        return not self.differences and not self.unfoldable
