"""How much an area took up and settled, for everybody: counts of this month and this year, nothing else.

Of what residents can report: projects that offices enter are not among them (``public_counts``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from bihuan.kernel.api import Refused, clock
from bihuan.reporting.api import public_counts

KEEP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Counts:
    """One period: ``rate`` in percent with one decimal, "" where nothing was due."""

    title: str
    collected: int
    settled: int
    rate: str


def counts_of(area_code: str) -> tuple[Counts, ...]:
    """Return the counts of this month and of this year; none while the figures are being worked out anew.

    They are kept for a minute, so that the page costs one statement however often it is opened.
    """
    month = clock.today().year * 100 + clock.today().month
    key = f"portal-counts:{area_code}:{month}"
    found: list[list[Any]] | None = cache.get(key)
    if found is None:
        try:
            found = [_read(area_code, since, month) for since in (month, month // 100 * 100 + 1)]
        except Refused:
            return ()
        cache.set(key, found, KEEP_SECONDS)
    return tuple(Counts(title, *values) for title, values in zip((_("本月"), _("今年")), found, strict=True))


def _read(area_code: str, since: int, until: int) -> list[Any]:
    counts = public_counts(area_code, since, until)
    percent = "" if counts.rate is None else f"{float(counts.rate * 100):.1f}".removesuffix(".0")
    return [counts.collected, counts.settled, percent]
