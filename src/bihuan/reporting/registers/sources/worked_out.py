"""Values of matters that are worked out: ratios, the latest of an act, units, limits of one clock, photos.

Each is asked for by a prefix: ``ratio:done/plan``, ``last:monthly/problem``, ``at:monthly``, ``due:complete``,
``unit:lead``, ``photos:after``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count

from bihuan.kernel.models import StoredFile
from bihuan.matters.api import info_of
from bihuan.people.models import Person
from bihuan.reporting.registers.sources.base import Cell, Known, Ratio
from bihuan.reporting.registers.sources.bundle import Bundle, MatterRow, body_of, worded

ANY = "any"  # photos of every tag
OR = "|"  # between parties: the first of them that a matter has
PREFIXES: dict[str, Known] = {
    "ratio": Known("比率：分子字段/分母字段", "a ratio: field above/field below the line", "percent"),
    "last": Known("动作/字段：最近一次做这个动作时填的", "act/field: what was given when it was done last"),
    "at": Known("最近一次做这个动作的时间", "when an act was done last", "time"),
    "due": Known("某个时限的到期时间", "when one clock falls due", "time"),
    "unit": Known("责任人所在单位：角色代号", "the unit of who answers, by the party's key"),
    "photos": Known("照片张数：类别，any 为全部", "how many photos, by tag; any: all", "number"),
}


def number(value: float | Decimal) -> int | float:
    """Return a number as people write it: 24000 and not 24000.0."""
    return int(value) if value == int(value) else float(value)


def typed(kind: str, value: Any) -> Cell:
    """Return a field's value as a cell: dates are dates, so that Excel can sort them."""
    if kind == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return value
    return number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _ratio(_bundle: Bundle, matter: MatterRow, rest: str) -> Cell:
    above, below = (_amount(matter, key) for key in (*rest.split("/", 1), "")[:2])
    return Ratio(above / below) if above is not None and below else None


def _amount(matter: MatterRow, key: str) -> Fraction | None:
    """Return a number field exactly as it was typed; an act's name in "count:<act>" says how often it was done."""
    if key.startswith("count:"):
        return Fraction(int((matter.state_json.get("counts") or {}).get(key[6:], 0)))
    value = (matter.state_json.get("fields") or {}).get(key)
    return Fraction(Decimal(str(value))) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _last(bundle: Bundle, matter: MatterRow, rest: str) -> Cell:
    action, _slash, key = rest.partition("/")
    entry, info = bundle.done(matter, action), info_of(matter.version_ref_id)
    spec = info.file.fields.get(key)
    if entry is None or spec is None or info.personal(key):
        return ""
    value = bundle.texts.get(entry.pk, {}).get(key)
    if value is None and not info.sealed(key):
        value = info.typed(key, (body_of(entry).get("data") or {}).get(key))
    if value is None or value == "":
        return ""
    return typed(spec.type, value) if spec.type in {"number", "amount", "date"} else worded(info, key, value)


def _at(bundle: Bundle, matter: MatterRow, action: str) -> Cell:
    entry = bundle.done(matter, action)
    return entry.happened_at if entry is not None else None


def _due(_bundle: Bundle, matter: MatterRow, key: str) -> Cell:
    found = (matter.state_json.get("clocks") or {}).get(key) or {}
    at = found.get("due")
    return datetime.fromisoformat(at) if at else None


def persons_of(matter: MatterRow, roles: str) -> Sequence[str]:
    """Return the ids of who holds a role in a matter; of several roles ("lead|unit_lead") the first that is held."""
    parties = matter.state_json.get("parties") or {}
    return next((found for role in roles.split(OR) if (found := parties.get(role))), ())


def asked_persons(matters: Iterable[MatterRow], prefix: str, wanted: Iterable[str]) -> set[UUID]:
    """Return whom the values of a prefix name in some matters: ``party:lead``, ``unit:lead|unit_lead``."""
    asked = [rest for value in wanted if (rest := value.removeprefix(f"{prefix}:")) != value]
    return {UUID(person) for matter in matters for roles in asked for person in persons_of(matter, roles)}


def _unit(bundle: Bundle, matter: MatterRow, roles: str) -> str:
    people = persons_of(matter, roles)
    return "、".join(dict.fromkeys(filter(None, (bundle.units.get(UUID(person), "") for person in people))))


def _photos(bundle: Bundle, matter: MatterRow, tag: str) -> int:
    tags = bundle.photos.get(matter.pk, {})
    return sum(tags.values()) if tag == ANY else tags.get(tag, 0)


PREFIXED: Mapping[str, Callable[[Bundle, MatterRow, str], Cell]] = {
    "ratio": _ratio,
    "last": _last,
    "at": _at,
    "due": _due,
    "unit": _unit,
    "photos": _photos,
}


def read(bundle: Bundle, ids: Collection[UUID], wanted: Sequence[str]) -> None:
    """Read what these values need beside the entries: two statements at most."""
    asked = [value for value in wanted if ":" in value]
    people = asked_persons(bundle.matters.values(), "unit", wanted)
    if "measure_unit" in wanted:
        people |= {entry.actor_id for listed in bundle.entries.values() for entry in listed if entry.actor_id}
    if people:
        belonging = Person.objects.filter(pk__in=people, organisation__isnull=False)
        bundle.units = dict(belonging.values_list("id", "organisation__name"))
    if any(value.startswith("photos:") for value in asked):
        found: dict[UUID, dict[str, int]] = {}
        kept = StoredFile.objects.filter(subject_type="matter", subject_id__in=ids, kind=StoredFile.Kind.PHOTO)
        for subject, tag, n in kept.order_by().values_list("subject_id", "tag").annotate(n=Count("pk")):
            found.setdefault(subject, {})[tag] = n
        bundle.photos = found
