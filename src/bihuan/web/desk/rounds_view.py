"""What the pages of rounds show, worked out before the template: shapes, words, sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.areas.api import display_name, subtree_q, within
from bihuan.areas.models import Area
from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.api import CoverageRow, CoverageView, RoundRef
from bihuan.kernel.api import clock
from bihuan.people.api import Actor
from bihuan.web import dates
from bihuan.web.desk import map as maps
from bihuan.web.desk import round_plans

NEVER, DONE, DUE, REST = "never", "done", "due", "rest"
_BADGE = {NEVER: "quiet", DONE: "settled", DUE: "open", REST: "closed"}
_ORDER = (NEVER, DUE, REST, DONE)


@dataclass(frozen=True, slots=True)
class Line:
    """One target as the list shows it."""

    row: CoverageRow
    look: str  # "never", "done", "due", "rest": the shape and the class
    word: str
    badge: str
    starts: date | None  # from when it may be gone to, where that is not now
    act: str  # what covered it last, where that was no visit
    visit_url: str


def look_of(row: CoverageRow) -> str:
    """Return how a target is drawn: one never covered stands out, whatever the season."""
    if row.never:
        return NEVER
    return {"done": DONE, "due": DUE}.get(row.standing.state, REST)


def word_of(row: CoverageRow) -> str:
    """Return in words how a target stands."""
    said = fieldwork.state_title(row.standing.state)
    if row.never:
        more = {"off_season": said, "after_level": said}.get(row.standing.state, "")
        return fieldwork.never_title() + (_("，") + more if more else "")
    return said


def drawn(community: Area, view: CoverageView, *, may_read: bool) -> dict[str, Any]:
    """Return the list, and the map of the same targets where their areas have shapes. One statement."""
    lines = [_line(row, may_read=may_read) for row in view.rows]
    areas = list(Area.objects.filter(subtree_q("code", community.code), active=True))
    by_area: dict[str, list[Line]] = {}
    for line in lines:
        by_area.setdefault(line.row.area_code, []).append(line)
    drawable = [(area, _inside(area.code, by_area)) for area in areas if area.code != community.code and area.shape]
    drawable.sort(key=lambda one: (one[1][0].row.order if one[1] else len(lines) + 1, one[0].code))  # as the list
    leaves = [area for area, _inside_it in drawable]
    figures = [_figure(area, inside) for area, inside in drawable]
    return {
        "lines": lines,
        "days": days_of(view),
        "map": maps.picture(community, leaves, figures) if any(figure["mine"] for figure in figures) else None,
        "source": _("、").join(sorted({_(area.shape_source) for area in leaves if area.shape_source})),
        "kinds": len({row.kind for row in view.rows}) > 1,
        "rest": view.total - view.done - view.due,
        "several": any(len(found) > 1 for found in by_area.values()),
    }


def _inside(code: str, by_area: dict[str, list[Line]]) -> list[Line]:
    return [line for area, lines in by_area.items() if within(area, code) for line in lines]


def _line(row: CoverageRow, *, may_read: bool) -> Line:
    look = look_of(row)
    seen = may_read and row.last_visit_id is not None
    return Line(
        row,
        look,
        word_of(row),
        _BADGE[look],
        first_day(row.standing.since) if look == REST else None,
        "" if row.last_act in {"", "visit"} else _("等效的走访或办理"),
        reverse("desk:visit", args=[row.last_visit_id]) if seen else "",
    )


def _figure(area: Area, lines: Sequence[Line]) -> dict[str, Any]:
    """Return what one shape shows: the worst of its targets, and how many of several are covered."""
    name = display_name(area)
    looks = [line.look for line in lines]
    look = next((look for look in _ORDER if look in looks), "")
    done = looks.count(DONE)
    if len(lines) > 1:
        said = _("%(name)s：%(n)s 处，已到 %(done)s 处") % {"name": name, "n": len(lines), "done": done}
        if never := looks.count(NEVER):
            said += _("，") + _("从未去过 %(n)s 处") % {"n": never}
        word = f"{done}/{len(lines)}"
    else:
        said = _("%(name)s：%(word)s") % {"name": name, "word": lines[0].word} if lines else name
        word = {NEVER: _("从未"), DONE: "✓", DUE: "○", REST: "–"}.get(look, "")
    return {
        "code": area.code,
        "number": "".join(mark for mark in name if mark.isdigit()) or name[:4],
        "look": look,
        "word": word,
        "said": said,
        "mine": bool(lines),
        "url": f"#t-{lines[0].row.target}" if lines else "",
    }


By = Literal["kind", "place", "period"]


def found(actor: Actor, code: str, since: date, until: date) -> dict[str, Any]:
    """Return what was found in an area between two days, three ways, and what more than one visit met."""
    groups: list[tuple[By, str, str]] = [
        ("kind", _("按类别"), _("类别")),
        ("place", _("按地点"), _("地点")),
        ("period", _("按周"), _("周（从周一起）")),
    ]
    tables = []
    for by, title, head in groups:
        rows = fieldwork.findings_by(actor, code, since, until, by)
        if by == "period":
            rows = tuple(replace(row, title=dates.moment(date.fromisoformat(row.key))) for row in rows)
        tables.append({"key": by, "title": title, "head": head, "rows": rows})
    return {
        "groups": tables,
        "any": any(table["rows"] for table in tables),
        "twice": fieldwork.found_twice(actor, code, since, until),
    }


def sheet(community: Area, ref: RoundRef, view: CoverageView) -> dict[str, Any]:
    """Return what a blank sheet of a round is made of besides its places: the days it is for, what is looked at."""
    items, note = round_plans.looked_at(community.code, ref.method_key, ref.round)
    return {"items": items, "note": note, "blank": range(2), "every": ref.every, "days": days_of(view)}


def days_of(view: CoverageView) -> tuple[date, date] | None:
    """Return the first and last day of the window that is open, where one is."""
    for row in view.rows:
        if row.standing.state in {"due", "done", "after_level"}:
            first, last = first_day(row.standing.since), last_day(row.standing.until)
            return (first, last) if first and last else None
    return None


def first_day(since: datetime | None) -> date | None:
    """Return the day on which a window begins."""
    return since.astimezone(clock.ZONE).date() if since else None


def last_day(until: datetime | None) -> date | None:
    """Return the last day of a window that ends with an instant."""
    return (until - timedelta(microseconds=1)).astimezone(clock.ZONE).date() if until else None
