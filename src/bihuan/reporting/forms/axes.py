"""The rows and columns of a table of figures: what each says, what its totals take in, what is compared. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bihuan.reporting.forms.shapes import Say

TOTAL = Say("合计里有不认识的项。", "The total takes in what is not known.")
OF_WHAT = Say("看不出是和哪一格比。", "With which cell it is to be compared is not said.")
_PAST = frozenset({"before", "prior", "last_year"})


@dataclass
class Axis:
    """One row or column of a summary: what its headings say, piece by piece."""

    slots: list[str]
    said: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    unknown: bool = False
    leave: bool = False
    clash: bool = False
    part: bool = False  # 其中：a part of the line above
    compared_in: str = ""  # the unit in brackets after 同比, 环比, 占比
    why: Say | None = None  # why it is not known, where that is more than that its words are not

    @property
    def total(self) -> bool:
        """Whether it is a sum of others."""
        return "total" in self.said

    @property
    def compare(self) -> str:
        """What it compares: "yoy", "mom", "share" …; "" where it does not."""
        return self.said.get("compare", "")


def spread(axes: Iterable[Axis]) -> bool:
    """Tell whether some rows or columns stand for areas or kinds."""
    return any("area" in axis.said or "category" in axis.said for axis in axes)


def over(kind: str, said: Mapping[str, str], *sides: tuple[Axis, Mapping[int, Axis], int]) -> tuple[str, ...] | Say:
    """Return the areas or kinds that a cell sums up: the one that is named, or all that its total takes in."""
    if said.get(kind):
        return tuple(said[kind].split("+"))
    for axis, others, at in sides:
        if not any(kind in other.said for other in others.values()):
            continue
        among = _among(axis, others, at)
        if any(other.unknown for other in among):
            return TOTAL
        found = tuple(
            dict.fromkeys(one for other in among if kind in other.said for one in other.said[kind].split("+"))
        )
        if any(one != two and one.startswith(two) for one in found for two in found if kind == "area"):
            return TOTAL  # a part and the whole: they would be counted twice
        return found or TOTAL
    return ()


def _among(axis: Axis, others: Mapping[int, Axis], at: int) -> list[Axis]:
    """Return the rows or columns that a total sums up: 小计 those since the total before it, 合计 all."""
    before = [other for place, other in sorted(others.items()) if place < at]
    if axis.said.get("total") == "part" and before:
        start = max((index + 1 for index, other in enumerate(before) if other.total), default=0)
        among = before[start:]
    else:
        among = list(others.values())
    among = [other for other in among if not other.part or _opens(other, others)]
    return [other for other in among if not other.total and not other.leave]


def _opens(part: Axis, others: Mapping[int, Axis]) -> bool:
    """Tell whether 其中 stands right after the total: then it is what the total is made of, not a part of a part."""
    ordered = [other for _place, other in sorted(others.items())]
    index = next(place for place, other in enumerate(ordered) if other is part)
    return index > 0 and ordered[index - 1].total


def subject(axis: Axis, others: Mapping[int, Axis], at: int) -> Axis | Say:
    """Return the row or column that 同比, 环比 or 占比 is about: the one before it, where that is one alone.

    本月 | 上月 | 环比 is about 本月; 受理数 | 办结数 | 同比 may be about either and is not known.
    """
    own = axis.said.get("measure")
    found: list[Axis] = []
    for _place, other in sorted(((place, other) for place, other in others.items() if place < at), reverse=True):
        if other.leave or other.said.get("span") in _PAST or (own and other.said.get("measure") != own):
            continue
        if other.compare:
            if found:
                break
            continue
        if other.unknown or other.clash:
            return OF_WHAT
        found.append(other)
    if len(found) > 1 and "span" not in axis.said:
        return OF_WHAT
    return found[0] if len(found) == 1 else Axis([])


def whole(others: Mapping[int, Axis]) -> int | None:
    """Return where the one total of all stands; None where there is none, or several."""
    found = [place for place, other in others.items() if other.total and other.said["total"] != "part"]
    return found[0] if len(found) == 1 else None
