"""What was found, by kind, place and week; what was found twice; how many acts there were of each round and pairing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncWeek
from django.utils.translation import gettext as _

from bihuan.areas.api import names as area_names
from bihuan.fieldwork import diary
from bihuan.fieldwork.models import Finding, Visit
from bihuan.fieldwork.plans import language
from bihuan.fieldwork.read_shapes import FindingCount, FoundTwice
from bihuan.fieldwork.scope import area_q, readable
from bihuan.kernel.api import clock
from bihuan.matters.api import spoken
from bihuan.matters.models import Matter
from bihuan.methods.api import get_method
from bihuan.people.api import MATTER_READ, Actor, can, visible
from bihuan.people.permissions import VISIT_READ

Row = dict[str, Any]


def _findings(actor: Actor, area_code: str, since: date, until: date) -> Any:
    """Return the findings of the visits that an actor may read."""
    allowed = can(actor, VISIT_READ, area_code)
    if not allowed:
        raise PermissionDenied(allowed.reason)
    visits = diary.within_days(readable(actor, Visit.objects.filter(area_q(area_code), withdrawn=False)), since, until)
    return Finding.objects.filter(visit__in=visits)


def by(
    actor: Actor, area_code: str, since: date, until: date, how: Literal["kind", "place", "period"]
) -> tuple[FindingCount, ...]:
    """Return how much was found; see ``queries.findings_by``. At most five statements."""
    found = _findings(actor, area_code, since, until).order_by()
    if how == "kind":
        rows = _counted(found, "matter__category", "matter__version_ref")
        return _summed(rows, lambda row: row["matter__category"], _kinds(rows))
    if how == "place":
        rows = _counted(found, "visit__target", "visit__area_code", "visit__place__name")
        return _summed(rows, lambda row: row["visit__target"], _places(rows))
    rows = _counted(found.annotate(week=TruncWeek("visit__happened_at", tzinfo=clock.ZONE)), "week")
    weeks = {_week(row): _week(row) for row in rows}
    return tuple(sorted(_summed(rows, _week, weeks), key=lambda one: one.key))


def _counted(found: Any, *by: str) -> list[Row]:
    """Return the sums by some columns: the database adds up, and sends a row for each group."""
    sums = found.values(*by).annotate(
        times=Count("pk"), joins=Count("pk", filter=Q(joined=True)), opens=Count("pk", filter=Q(matter__is_open=True))
    )
    return list(sums)


def _summed(rows: Iterable[Row], key: Callable[[Row], str], titles: dict[str, str]) -> tuple[FindingCount, ...]:
    sums: dict[str, list[int]] = {}
    for row in rows:
        found = sums.setdefault(key(row), [0, 0, 0])
        for index, name in enumerate(("times", "joins", "opens")):
            found[index] += row[name]
    counted = [FindingCount(name, titles.get(name, name), *found) for name, found in sums.items()]
    return tuple(sorted(counted, key=lambda one: (-one.found, one.title)))


def _kinds(rows: Iterable[Row]) -> dict[str, str]:
    titles = {"": _("未分类")}
    for row in rows:
        name = row["matter__category"]
        if name not in titles:
            spec = get_method(row["matter__version_ref"]).fields.get("category")
            option = spec.options.get(name) if spec is not None else None
            titles[name] = option.say(language()) if option is not None else name
    return titles


def _places(rows: Iterable[Row]) -> dict[str, str]:
    areas = area_names({row["visit__area_code"] for row in rows})
    named: dict[str, str] = {}
    for row in rows:
        area = str(areas.get(row["visit__area_code"], row["visit__area_code"]))
        place = row["visit__place__name"]
        named[row["visit__target"]] = f"{area} {place}" if place else area
    return named


def _week(row: Row) -> str:
    week: datetime = row["week"]
    return week.astimezone(clock.ZONE).date().isoformat()


def twice(actor: Actor, area_code: str, since: date, until: date) -> tuple[FoundTwice, ...]:
    """Return the matters that more than one visit met; see ``queries.found_twice``. At most four statements."""
    rows = (
        _findings(actor, area_code, since, until)
        .filter(matter__in=visible(actor, MATTER_READ, Matter.objects.all()))
        .values("matter_id", "matter__number", "matter__title", "matter__area_code", "matter__is_open")
        .annotate(
            times=Count("visit_id", distinct=True), first=Min("visit__happened_at"), last=Max("visit__happened_at")
        )
        .filter(times__gt=1)
        .order_by("-times", "-last", "matter_id")
    )
    listed = list(rows)
    called = area_names({code for row in listed for code in (row["matter__area_code"], row["matter__area_code"][:12])})
    return tuple(
        FoundTwice(
            matter_id=row["matter_id"],
            number=row["matter__number"],
            display_number=spoken(row["matter__number"], called.get(row["matter__area_code"][:12], "")),
            title=row["matter__title"],
            area_code=row["matter__area_code"],
            area_name=called.get(row["matter__area_code"], row["matter__area_code"]),
            is_open=row["matter__is_open"],
            times=row["times"],
            first_at=row["first"],
            last_at=row["last"],
        )
        for row in listed
    )


def acts(area_code: str, since: date, until: date) -> dict[str, int]:
    """Return how many visits each round and pairing had; see ``queries.acts_by_plan``. One statement."""
    visits = diary.within_days(Visit.objects.filter(area_q(area_code), counted=True, withdrawn=False), since, until)
    sums: dict[str, int] = {}
    rows = visits.order_by().values_list("round", "pairing__key").annotate(times=Count("pk"))
    for name, pairing, times in rows:
        key = f"pairings.{pairing}" if pairing else f"rounds.{name}" if name else ""
        if key:
            sums[key] = sums.get(key, 0) + times
    return sums
