"""Numbers of matters: one running count a community and year, given by one upsert."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.kernel.api import NotFound, Problem, clock, sql
from bihuan.matters.models import Matter

_NUMBER = re.compile(r"(\d{4}-\d{1,8})$")
_UPSERT = (
    'INSERT INTO matters_numbercounter ("key", last) VALUES (%s, %s) '
    'ON CONFLICT ("key") DO UPDATE SET last = matters_numbercounter.last + excluded.last RETURNING last'
)


def counter_key(area_code: str, at: datetime) -> str:
    """Return the counter's key: the community's code (or the coarser one's) and the year in Asia/Shanghai."""
    return f"{area_code[:12]}-{at.astimezone(clock.ZONE).year}"


def number_of(key: str, count: int) -> str:
    """Return ``410802004004-2024-0017``: at least four digits, more when a year needs them."""
    return f"{key}-{count:04d}"


def take(key: str) -> str:
    """Take the next number. One statement; holds the counter's row until the transaction ends."""
    return number_of(key, sql.rows(_UPSERT, (key, 1))[0][0])


def take_ranges(wanted: dict[str, int]) -> dict[str, int]:
    """Reserve ranges by one upsert a counter, in the order of the keys (so that two batches never wait in a circle).

    Returns the first number of each range.
    """
    return {key: sql.rows(_UPSERT, (key, wanted[key]))[0][0] - wanted[key] + 1 for key in sorted(wanted)}


def keys(numbers: Iterable[str]) -> set[str]:
    """Return the counters that gave these numbers."""
    return {number.rpartition("-")[0] for number in numbers}


def by_number(matter: Matter, typed: str) -> UUID:
    """Return the id of another matter of the same community by its number as people write it.

    Raises:
        NotFound: where there is none, or it is this very matter.
    """
    tail = _NUMBER.search(typed.strip())
    number = f"{matter.community_code}-{tail[1]}" if tail else typed.strip()
    found = Matter.objects.filter(number=number).exclude(pk=matter.pk).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(Problem("into", _("没有这个编号的事项。"), _("请照台账上的编号填写，如 电建-2024-0017。")))
    return found
