"""Places from the lists that people keep: whole, or not at all; every bad row is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.areas.api import MAX_BYTES, Row, RowProblem, Table, normalise, read_table
from bihuan.areas.models import Area
from bihuan.fieldwork import places
from bihuan.fieldwork.models import Place
from bihuan.fieldwork.plans import Use, uses_in
from bihuan.fieldwork.shapes import PlaceImport
from bihuan.kernel.api import BadInput, new_id
from bihuan.people.api import Actor, can, require
from bihuan.people.permissions import PLACE_EDIT

SYNONYMS = {
    "区域": "area", "区域编码": "area", "区域代码": "area", "网格编码": "area", "楼号": "area", "楼栋": "area",
    "编码": "area", "area": "area", "area_code": "area",
    "种类": "kind", "地点种类": "kind", "类型": "kind", "类别": "kind", "kind": "kind",
    "名称": "name", "地点": "name", "地点名称": "name", "name": "name",
    "顺序": "order", "序号": "order", "order": "order",
    "经度": "lon", "lon": "lon", "longitude": "lon", "纬度": "lat", "lat": "lat", "latitude": "lat",
}  # fmt: skip
HEADINGS = {"area": "区域", "kind": "种类", "name": "名称", "order": "顺序", "lon": "经度", "lat": "纬度"}
_SAID = ("order", "lon", "lat")


@dataclass(slots=True)
class _Read:
    """What a file is checked against, and what is wrong with it so far."""

    actor: Actor
    table: Table
    by_code: Mapping[str, str]  # code → code
    by_name: Mapping[str, list[str]]
    uses: Mapping[str, Mapping[str, Use]]
    problems: list[RowProblem] = field(default_factory=list)
    seen: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def bad(self, row: Row, key: str, why: str, how: str) -> None:
        heading = self.table.heading(key, HEADINGS.get(key, key))
        self.problems.append(RowProblem(row.line, heading, why, how, row.get(key)[:40]))


def load(actor: Actor, file: BinaryIO, name: str, *, dry_run: bool, source: str) -> PlaceImport:
    """Import places; see ``actions.import_places``."""
    require(actor, PLACE_EDIT)
    table = read_table(file.read(MAX_BYTES + 1), name, SYNONYMS, ("area", "kind", "name"))
    read = _begin(actor, table)
    wanted = [found for row in table.rows if (found := _row(read, row)) is not None]
    new, changed, same = _compare(wanted)
    if not dry_run and not read.problems:
        with transaction.atomic():
            for area, values in new:
                places.register(actor, new_id(), {**values, "area_code": area}, source)
            for place, values in changed:
                places.change(actor, place.pk, new_id(), {**values, "active": True}, None)
    return PlaceImport(
        dry_run=dry_run,
        rows=len(table.rows),
        created=len(new),
        changed=len(changed),
        unchanged=same,
        problems=tuple(sorted(read.problems, key=lambda problem: problem.line)),
    )


def _begin(actor: Actor, table: Table) -> _Read:
    """Read the areas that a file names, by code or by name within the actor's own. Two statements."""
    by_name: dict[str, list[str]] = {}
    codes: dict[str, str] = {}
    wanted = {row.get("area") for row in table.rows}
    coded = {normalise(one) for one in wanted}
    for area in Area.objects.filter(active=True).only("code", "name", "short_name").order_by("code"):
        if area.code in coded:
            codes[area.code] = area.code
        if {area.name, area.short_name} & wanted and can(actor, PLACE_EDIT, area.code):
            for called in {area.name, area.short_name} - {""}:
                by_name.setdefault(called, []).append(area.code)
    known = {*codes, *(code for found in by_name.values() for code in found)}
    return _Read(actor, table, codes, by_name, uses_in(known))


def _row(read: _Read, row: Row) -> tuple[str, dict[str, Any]] | None:
    """Return a row's area and values; what is wrong with it goes to the problems."""
    area = _area(read, row)
    kinds = places.kinds_in(read.uses.get(area, {})) if area else {}
    words = {title: key for key, title in kinds.items()} | {key: key for key in kinds}
    given = {key: row.get(key) for key in ("name", *_SAID) if row.get(key)}
    if not area:
        return None
    try:
        values = places.checked({**given, "kind": words.get(row.get("kind"), "")}, kinds)
    except BadInput as error:
        for problem in error.problems:
            read.bad(row, problem.field, problem.why, problem.how)
        return None
    key = (area, values["kind"], values["name"])
    if key in read.seen:
        why = _("与第 %(line)d 行重复") % {"line": read.seen[key]}
        read.bad(row, "name", why, _("请删去其中一行"))
        return None
    read.seen[key] = row.line
    kept = {name: value for name, value in values.items() if name in {"kind", "name"} or row.get(name)}
    return area, kept


def _area(read: _Read, row: Row) -> str:
    """Return the code of a row's area, given as a code or as a name that only one area has; "" where it is wrong."""
    given = row.get("area")
    code = read.by_code.get(normalise(given), "")
    named = read.by_name.get(given, [])
    if not code and len(named) > 1:
        read.bad(row, "area", _("有几个区域叫这个名字"), _("请填写编码：%(codes)s") % {"codes": "、".join(named[:5])})
        return ""
    code = code or next(iter(named), "")
    if not code:
        read.bad(row, "area", _("没有找到这个区域"), _("请填写区域编码，或楼栋的名称"))
    elif not can(read.actor, PLACE_EDIT, code):
        read.bad(row, "area", _("这个区域不在您的管理范围内"), _("请删去这一行，或请上级导入"))
        return ""
    return code


def _compare(
    wanted: list[tuple[str, dict[str, Any]]],
) -> tuple[list[tuple[str, dict[str, Any]]], list[tuple[Place, dict[str, Any]]], int]:
    """Return what is new, what differs, and how many are as the file says. One statement."""
    there = {
        (place.area_code, place.kind, place.name): place
        for place in Place.objects.filter(area_code__in={area for area, _values in wanted})
    }
    new, changed, same = [], [], 0
    for area, values in wanted:
        place = there.get((area, values["kind"], values["name"]))
        if place is None:
            new.append((area, values))
        elif not place.active or any(getattr(place, name) != value for name, value in values.items()):
            changed.append((place, values))
        else:
            same += 1
    return new, changed, same
