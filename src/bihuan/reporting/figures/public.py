"""What an area tells everybody of itself: how many matters that residents can report it took up and settled.

Key projects and whatever else only offices enter are no problems of residents: they are in the figures of the desk, by
method, and in the open data, and do not swell these numbers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from bihuan.people.api import SYSTEM
from bihuan.reporting.figures.reading import figures, latest

KEYS = ("collected", "settled", "due", "due_settled")


@dataclass(frozen=True, slots=True)
class PublicCounts:
    """One period: ``rate`` is the rate settled, None where nothing was due."""

    collected: int
    settled: int
    rate: Fraction | None


def public_counts(area_code: str, since: int, until: int) -> PublicCounts:
    """Return the counts of a community or more. Two statements and one a method that has any.

    Args:
        area_code: of a community or more.
        since: the first month, 202401.
        until: the last month.

    Raises:
        Refused: the figures are being worked out anew.
    """
    sums: Counter[str] = Counter()
    told: dict[str, bool] = {}
    for part in figures(SYSTEM, area_code, since, until, KEYS, "method"):
        if not part.split or not part.split_value:
            continue
        if part.split_value not in told:
            told[part.split_value] = "report" in latest(part.split_value).file.opening
        if told[part.split_value]:
            sums[part.key] += int(part.value or 0)
    rate = Fraction(sums["due_settled"], sums["due"]) if sums["due"] else None
    return PublicCounts(sums["collected"], sums["settled"], rate)
