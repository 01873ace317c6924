"""Numbers of matters: one running count a community and year, given by one upsert."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bihuan.areas.api import subtree_q
from bihuan.kernel.api import BadInput, NotFound, Problem, clock, sql
from bihuan.matters.labels import area_names, spoken
from bihuan.matters.models import Matter
from bihuan.people.api import MATTER_READ, Actor, visible

_LONGEST = 40
_MANY = 200  # matters of one running number that are told apart by their community
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


def by_number(actor: Actor, matter: Matter, typed: str) -> UUID:
    """Return the id of another matter of the same community by its number as people write it.

    Raises:
        NotFound: where there is none that the actor may see, or it is this very matter.
    """
    rows = Matter.objects.filter(community_code=matter.community_code).exclude(pk=matter.pk)
    ids = ids_by_number(actor, rows, typed)
    if len(ids) != 1:
        raise NotFound(Problem("into", _("没有这个编号的事项。"), _("请照台账上的编号填写，如 电建-2024-0017。")))
    return ids[0]


def by_numbers(actor: Actor, area_code: str, typed: Sequence[str], most: int) -> list[UUID]:
    """Return the matters of some numbers as people write them, below an area, in their order, each once.

    Raises:
        BadInput: naming each number that is of none that one may see there, or of several; or more than ``most``.
    """
    rows = Matter.objects.filter(subtree_q("area_code", area_code))
    found: dict[UUID, None] = {}
    problems: list[Problem] = []
    for number in dict.fromkeys(filter(None, (one.strip()[:_LONGEST] for one in typed[: most * 2]))):
        ids = ids_by_number(actor, rows, number)
        if len(ids) == 1:
            found[ids[0]] = None
        elif ids:
            why = _("“%(number)s”不止一件。") % {"number": number}
            problems.append(Problem("matter", why, _("请写上社区，如 电建-2024-0017。")))
        else:
            why = _("没有编号是“%(number)s”的事项。") % {"number": number}
            problems.append(Problem("matter", why, _("请照台账上的编号填写，如 电建-2024-0017。")))
    if len(found) > most:
        problems.append(Problem("matter", _("一次最多填 %(n)s 件。") % {"n": most}, _("请分几次。")))
    if problems:
        raise BadInput(*problems)
    return list(found)


def ids_by_number(actor: Actor, rows: QuerySet[Matter], typed: str) -> list[UUID]:
    """Return which of some matters that one may see a number means: the whole one, 电建-2024-0017, or 2024-0017.

    None, one, or several where it does not say of which community. At most three statements.
    """
    number = typed.strip()[:_LONGEST]
    rows = visible(actor, MATTER_READ, rows)
    exact = list(rows.filter(number=number).values_list("pk", flat=True)[:2])
    tail = _NUMBER.search(number)
    if exact or tail is None:
        return exact
    found = list(rows.filter(number__endswith=f"-{tail[1]}").values_list("pk", "number", "community_code")[:_MANY])
    if tail.start() == 0 or not found:
        return [pk for pk, _whole, _community in found]
    names = area_names(code for _pk, _whole, code in found)
    return [pk for pk, whole, code in found if spoken(whole, names.get(code, "")) == number]
