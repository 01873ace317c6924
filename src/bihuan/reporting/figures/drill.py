"""The list of matters behind a number: a page by key, counted and not yet counted ones alike."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import upper_bound
from bihuan.kernel.api import BadInput, Problem, sql
from bihuan.matters.api import LedgerRow, rows_of
from bihuan.people.api import Actor, require
from bihuan.people.permissions import FIGURE_READ
from bihuan.reporting.figures.definitions import Definition
from bihuan.reporting.figures.facts import DIMS, Values
from bihuan.reporting.figures.months import Period, months_of, period
from bihuan.reporting.figures.reading import wanted_definitions
from bihuan.reporting.figures.snapshot import pending_in, uncounted_matters

MOST = 200


class Mark(NamedTuple):
    """Where a matter stands in the list: newest month first, then by area, then as they came."""

    order: int  # minus the month
    area_code: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Drilled:
    """One page of the matters behind a number: those the reader may see, and how many of the page they may not."""

    title: str
    part_title: str
    rows: tuple[LedgerRow, ...]
    hidden: int
    next: str | None


@dataclass(frozen=True, slots=True)
class _Wanted:
    measure: str
    area_code: str
    months: Period
    splits: tuple[tuple[str, str], ...]
    here: bool = False  # in the area itself, in none below it

    @property
    def end(self) -> str:
        return self.area_code if self.here else upper_bound(self.area_code)

    def fits(self, values: Values) -> bool:
        return (
            values.month in self.months
            and self.area_code <= values.area_code <= self.end
            and all(values.split(dim) == value for dim, value in self.splits)
        )


def drill(
    actor: Actor,
    key: str,
    part: str,
    area_code: str,
    since: int | date,
    until: int | date,
    dim: str = "",
    value: str = "",
    cursor: str | None = None,
    method_key: str = "",
    limit: int = 50,
    dim2: str = "",
    value2: str = "",
) -> Drilled:
    """Return a page of the matters that a number counts. At most eight statements.

    Args:
        actor: needs FIGURE_READ in the area; of the matters only those that they may see are shown.
        key: the figure.
        part: "" of a count, sum or median; of a rate "n", "d" or "x.<key>".
        area_code: where.
        since: as in ``figures``.
        until: as in ``figures``.
        dim: the split the number stands in ("" for the whole), with its
        value: "" for what has none.
        cursor: of the next page.
        method_key: only matters of one method.
        limit: how many a page, at most 200.
        dim2: a second split that it stands in; "area": in the area itself, in none below it.
        value2: with its value.

    Raises:
        PermissionDenied, BadInput, Refused: as ``figures``.
    """
    require(actor, FIGURE_READ, area_code)
    one: Definition = wanted_definitions([key])[0]
    measure = one.measure_of(part)
    if measure is None or {dim, dim2} - {*DIMS, "area", ""}:
        raise BadInput(Problem("part", _("没有这一项。"), _("请从指标表里点开。")))
    given = ((dim, value), (dim2, value2), ("method" if method_key else "", method_key))
    splits = tuple((name, said) for name, said in given if name in DIMS)
    wanted = _Wanted(measure, area_code, period(since, until), splits, here="area" in {dim, dim2})
    size = max(1, min(limit, MOST))
    found = _marks(wanted, _opened(cursor), size + 1)
    page, more = found[:size], len(found) > size
    shown = rows_of(actor, [mark.id for mark in page])
    rows = tuple(shown[mark.id] for mark in page if mark.id in shown)
    language = get_language() or ""
    return Drilled(
        one.title.say(language),
        one.title_of(part).say(language) if part else "",
        rows,
        len(page) - len(rows),
        _packed(page[-1]) if more else None,
    )


def _marks(wanted: _Wanted, after: Mark | None, limit: int) -> list[Mark]:
    waiting = [
        Mark(-values.month, values.area_code, one.row.id)
        for one in pending_in(wanted.area_code)
        if (values := one.now.get(wanted.measure)) is not None and wanted.fits(values)
    ]
    found = [*_counted(wanted, after, limit), *(mark for mark in waiting if after is None or mark > after)]
    return sorted(found)[:limit]


def _counted(wanted: _Wanted, after: Mark | None, limit: int) -> list[Mark]:
    """Return the next of the facts of matters that are counted: of each month a range of one index."""
    code, end = wanted.area_code, wanted.end
    months = [
        month for month in reversed(months_of(wanted.months.since, wanted.months.until))
        if after is None or -month >= after.order
    ]  # fmt: skip
    where = "measure = %s AND month = %s AND area_code >= %s AND area_code <= %s"
    where += "".join(f" AND {'method_key' if dim == 'method' else dim} = %s" for dim, _value in wanted.splits)
    where += (
        f" AND matter_id NOT IN (SELECT id FROM {uncounted_matters()} WHERE NOT counted AND area_code >= %s "  # noqa: S608
        "AND area_code <= %s)"
    )
    parts: list[str] = []
    params: list[Any] = []
    for month in months:
        given = [wanted.measure, month, code, end, *(value for _dim, value in wanted.splits), code, end]
        more = ""
        if after is not None and -month == after.order:
            more = " AND (area_code, matter_id) > (%s, %s)"
            given += [after.area_code, after.id]
        parts.append(
            f"SELECT * FROM (SELECT month, area_code, matter_id FROM reporting_fact WHERE {where}{more} "  # noqa: S608
            f"ORDER BY area_code, matter_id LIMIT {limit:d}) AS part{month}"
        )
        params += given
    if not parts:
        return []
    rows = sql.rows(" UNION ALL ".join(parts), params)
    return [Mark(-month, area, sql.as_uuid(key)) for month, area, key in rows]


def _packed(mark: Mark) -> str:
    text = f"{-mark.order}.{mark.area_code}.{mark.id.hex}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _opened(cursor: str | None) -> Mark | None:
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        month, area, key = text.split(".")
        return Mark(-int(month), area, UUID(hex=key))
    except (ValueError, binascii.Error) as error:
        raise BadInput(Problem("cursor", _("翻页标记无效。"), _("请回到第一页重新翻。"))) from error
