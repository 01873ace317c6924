"""How many problems an area took up and settled, for everybody: counts of this month and this year, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from bihuan.kernel.api import Refused, clock
from bihuan.people.api import SYSTEM
from bihuan.reporting.api import figures

KEYS = ("collected", "settled", "settlement_rate")
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
    values = {one.key: one.value for one in figures(SYSTEM, area_code, since, until, KEYS)}
    rate = values["settlement_rate"]
    percent = "" if rate is None else f"{float(Fraction(rate) * 100):.1f}".removesuffix(".0")
    return [int(values["collected"] or 0), int(values["settled"] or 0), percent]
