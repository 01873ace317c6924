"""What is open at the end of a month: all that was collected until then, less what was settled. One statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.people.api import Actor, require
from bihuan.people.permissions import FIGURE_READ
from bihuan.reporting.figures.snapshot import Answer, Question, ask

_FIRST = 197001  # no record is older


@dataclass(frozen=True, slots=True)
class Balance:
    """The months of an area from the beginning on. ``begun``: the first one in which a matter counts; 0: none does."""

    area_code: str
    begun: int
    _answer: Answer

    def open_at(self, month: int, kinds: Sequence[str] = (), method_key: str = "") -> int:
        """Return how many matters were open at the end of a month: of some kinds, or of one method, or of all."""
        total = 0
        for (measure, area, dim, value, at), (_n, amount) in self._answer.cells.items():
            if area != self.area_code or at > month:
                continue
            if kinds:
                wanted = dim == "category" and value in kinds
            elif method_key:
                wanted = dim == "method" and value == method_key
            else:
                wanted = dim == ""
            if wanted:
                total += amount if measure == "collected" else -amount
        return total


def balance(actor: Actor, area_code: str, until: int, split: str = "") -> Balance:
    """Read an area's months up to one of them.

    What was merged into another matter or is void counts neither as collected nor as settled, so it is never open.

    Args:
        actor: needs FIGURE_READ in the area.
        area_code: of any level.
        until: the last month, 202404.
        split: "", "category" or "method": by what ``open_at`` is asked.

    Raises:
        PermissionDenied: no right to figures there. Refused: the figures are being worked out anew.
    """
    require(actor, FIGURE_READ, area_code)
    dims = ("", split) if split else ("",)
    answer = ask(Question(frozenset({"collected", "settled"}), area_code, (area_code,), dims, _FIRST, until))
    months = [
        month
        for (measure, _a, dim, _v, month), (n, _s) in answer.cells.items()
        if measure == "collected" and n and not dim
    ]
    return Balance(area_code, min(months, default=0), answer)
