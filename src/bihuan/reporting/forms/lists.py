"""The lines that a list asks for: of the period, or closed in it, open at its end, carried over from before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localtime

from bihuan.areas.api import subtree_q
from bihuan.kernel.clock import ZONE
from bihuan.matters.models import Matter
from bihuan.methods.api import get_method
from bihuan.people.api import LEDGER_READ, MATTER_READ, Actor, can, visible
from bihuan.reporting.figures.months import Period, shifted
from bihuan.reporting.forms.plans import Cell
from bihuan.reporting.forms.scopes import SCOPES
from bihuan.reporting.forms.shapes import Say
from bihuan.reporting.registers.sources import SOURCES
from bihuan.reporting.registers.sources.matters import lines_of

MOST = 2000  # lines of one form
_STRIDE = 200
_MARGIN = timedelta(days=60)  # lists run by when things were written down, not by when they happened
_AT = {"matter": "created", "measure": "measure_at", "visit": "happened", "meeting": "starts", "activity": "starts"}
_COMPOSED = {("matter", "where"): ("area", "field:place"), ("visit", "where"): ("area", "place")}
_NOT_COUNTED = frozenset({"merged", "void"})  # as in figures: no matter of its own

NO_RIGHT = Say("您看不到那个区域的数据。", "You may not see the data of that area.")
_NO_SOURCE = Say("没有这一种台账。", "There is no such register.")
_MANY = Say(f"这段时间超过 {MOST} 条，请缩短时段。", f"More than {MOST} lines: choose a shorter period.")
_TOO_MUCH = Say("要翻的记录太多，没有翻完。", "Too much would have to be looked through.")

Lines = Sequence[Sequence[Cell]] | Say


def listed(
    actor: Actor, area_code: str, period: Period, of: str, where: Mapping[str, str], wanted: Sequence[str]
) -> Lines:
    """Return the lines of a register that fall in a period, oldest first, or why there are none.

    Args:
        actor: sees what their posts let them see.
        area_code: where.
        period: the months.
        of: "matter", "measure", "visit" …
        where: filters of the register; "when" says which of a period's matters are meant (``scopes.SCOPES``).
        wanted: the values of each line.
    """
    source = SOURCES.get(of)
    if source is None or of not in _AT:
        return _NO_SOURCE
    if of in {"matter", "measure"} and not can(actor, LEDGER_READ, area_code):
        return NO_RIGHT
    if "when" in where:
        return _scoped(actor, area_code, period, where, wanted) if of == "matter" else _NO_SOURCE
    asked = [_AT[of], *(part for part in parts_of(of, wanted) if part != _AT[of])]
    filters = {name: said for name, said in where.items() if name in source.filters}
    if len(filters) < len(where):
        return _NO_SOURCE
    found: list[Mapping[str, Any]] = []
    cursor: str | None = None
    for _page in range(MOST * 5 // _STRIDE):
        lines = source.page(actor, area_code, filters, source.sorts[0], asked, cursor, _STRIDE)
        rows = [dict(zip(asked, line.cells, strict=True)) for line in lines.rows]
        found += [row for row in rows if _within(period, row[_AT[of]])]
        if len(found) > MOST:
            return _MANY
        cursor = lines.next
        if not cursor or (of != "measure" and rows and _past(period, rows[-1][_AT[of]])):
            break
    else:
        return _TOO_MUCH
    found.sort(key=lambda row: _day(row[_AT[of]]) or date.min)
    return [[cell_of(of, value, row) for value in wanted] for row in found]


def _scoped(actor: Actor, area_code: str, period: Period, where: Mapping[str, str], wanted: Sequence[str]) -> Lines:
    """Return the matters that were closed in a period, open at its end, or open when it began; oldest first."""
    if set(where) - {"when", "category", "method"} or where["when"] not in SCOPES:
        return _NO_SOURCE
    rows = visible(actor, MATTER_READ, Matter.objects.filter(subtree_q("area_code", area_code)))
    rows = rows.filter(scope_q(where["when"], period))
    if where.get("category"):
        rows = rows.filter(category=where["category"])
    if where.get("method"):
        rows = rows.filter(version_ref__key=where["method"])
    found = list(rows.order_by("created_at", "pk").values_list("pk", "version_ref_id", "outcome")[: MOST + 1])
    if len(found) > MOST:
        return _MANY
    ids = [pk for pk, version, outcome in found if _result(version, outcome) not in _NOT_COUNTED]
    asked = parts_of("matter", wanted)
    lines = (
        line for start in range(0, len(ids), _STRIDE) for line in lines_of(actor, ids[start : start + _STRIDE], asked)
    )
    dicts = (dict(zip(asked, line.cells, strict=True)) for line in lines)
    return [[cell_of("matter", value, row) for value in wanted] for row in dicts]


def scope_q(scope: str, period: Period) -> Q:
    """Return the condition of a scope over matters."""
    start, end = _instant(period.since), _instant(shifted(period.until, 1))
    open_then = Q(closed_at__isnull=True) | Q(closed_at__gte=start)
    return {
        "open": Q(created_at__lt=end) & (Q(closed_at__isnull=True) | Q(closed_at__gte=end)),
        "closed": Q(closed_at__gte=start, closed_at__lt=end),
        "carried": Q(created_at__lt=start) & open_then,
        "all": Q(created_at__lt=end) & (Q(created_at__gte=start) | open_then),
    }[scope]


def _result(version: UUID, outcome: str) -> str:
    found = get_method(version).outcomes.get(outcome)
    return found.result if found is not None else ""


def _instant(month: int) -> datetime:
    return datetime(month // 100, month % 100, 1, tzinfo=ZONE)


def parts_of(of: str, wanted: Sequence[str]) -> list[str]:
    """Return the values that are read for those that are wanted, each once."""
    return list(dict.fromkeys(part for value in wanted for part in _COMPOSED.get((of, value), (value,))))


def cell_of(of: str, value: str, row: Mapping[str, Any]) -> Cell:
    """Return a value of a line: as it was read, or put together of several."""
    parts = _COMPOSED.get((of, value))
    if parts:
        said = dict.fromkeys(str(row[part]).strip() for part in parts if row[part])
        return "，".join(said)
    found = row[value]
    if isinstance(found, datetime) and found.tzinfo is not None:
        return localtime(found).replace(tzinfo=None, second=0, microsecond=0)
    return found if not isinstance(found, bool) else str(found)


def _within(period: Period, value: Cell) -> bool:
    day = _day(value)
    return day is not None and period.since <= day.year * 100 + day.month <= period.until


def _past(period: Period, value: Cell) -> bool:
    day = _day(value)
    return day is not None and day + _MARGIN < date(period.since // 100, period.since % 100, 1)


def _day(value: Cell) -> date | None:
    if isinstance(value, datetime):
        return (localtime(value) if value.tzinfo else value).date()
    return value if isinstance(value, date) else None
