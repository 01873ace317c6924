"""Checks a table of areas row by row and reports everything that is wrong with it at once.

Pure of writes: it reads what is in the database once, and returns what each row would make of it.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from bihuan.areas import codes
from bihuan.areas.coords import SYSTEMS, to_wgs84
from bihuan.areas.models import Area
from bihuan.areas.queries import level_name
from bihuan.areas.tables import Row, RowProblem, Table
from bihuan.people.api import AREA_IMPORT, Actor, can

SYNONYMS = {
    "code": "code",
    "编码": "code",
    "代码": "code",
    "区域编码": "code",
    "区域代码": "code",
    "网格编码": "code",
    "name": "name",
    "名称": "name",
    "区域名称": "name",
    "网格名称": "name",
    "short_name": "short_name",
    "简称": "short_name",
    "楼号": "short_name",
    "level": "level",
    "级别": "level",
    "层级": "level",
    "parent": "parent",
    "parent_code": "parent",
    "上级编码": "parent",
    "上级代码": "parent",
    "上级区域编码": "parent",
    "kind": "kind",
    "类型": "kind",
    "households": "households",
    "户数": "households",
    "在册户数": "households",
    "floor_area": "floor_area",
    "建筑面积": "floor_area",
    "lon": "lon",
    "longitude": "lon",
    "经度": "lon",
    "lat": "lat",
    "latitude": "lat",
    "纬度": "lat",
    "system": "system",
    "坐标系": "system",
    "坐标系统": "system",
    "shape": "shape",
    "图形": "shape",
    "边界": "shape",
    "范围": "shape",
    "shape_source": "shape_source",
    "图形来源": "shape_source",
    "边界来源": "shape_source",
}
LEVELS = {choice.value: choice.value for choice in Area.Level} | {
    "市": "city",
    "地级市": "city",
    "区": "district",
    "县": "district",
    "区县": "district",
    "街道": "street",
    "乡镇": "street",
    "镇": "street",
    "乡": "street",
    "社区": "community",
    "村": "community",
    "村居": "community",
    "网格": "grid",
    "微网格": "micro_grid",
    "楼栋": "micro_grid",
    "microgrid": "micro_grid",
}
_DEFAULT_LEVEL = {4: "city", 6: "district", 9: "street", 12: "community", 15: "micro_grid", 18: "micro_grid"}
_SLACK = 5e-5  # degrees, about five metres: drawings of parent and child never match exactly


@dataclass
class Plan:
    """What a file would do: values by code in file order, and everything wrong with it."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)


class _RowCheck:
    """Collects the problems of one row under the file's own headings."""

    def __init__(self, table: Table, row: Row, plan: Plan) -> None:
        self.table, self.row, self.plan = table, row, plan

    def text(self, key: str) -> str:
        return unicodedata.normalize("NFKC", self.row.get(key)).strip()

    def bad(self, key: str, default: str, why: str, how: str) -> None:
        self.plan.problems.append(
            RowProblem(self.row.line, self.table.heading(key, default), why, how, self.row.get(key)[:80])
        )


def check(table: Table, actor: Actor) -> Plan:
    """Check every row; see ``Plan``. Two statements: the areas named, and their parents."""
    plan = Plan()
    for row in table.rows:
        _read_row(_RowCheck(table, row, plan))
    wanted = set(plan.values) | {value["parent_code"] for value in plan.values.values()}
    known = Area.objects.in_bulk([code for code in wanted if code])
    for row in table.rows:
        code = codes.normalise(row.get("code"))
        if plan.lines.get(code) == row.line:
            checker = _RowCheck(table, row, plan)
            _check_place(checker, code, known, actor)
    plan.problems.sort(key=lambda problem: problem.line)
    return plan


def _read_row(check: _RowCheck) -> None:
    code = codes.normalise(check.row.get("code"))
    if not code:
        return check.bad("code", "编码", _("没有填编码"), _("请填写区域的编码"))
    if not codes.is_code(code):
        why = _("编码“%(code)s”不是 6、9、12 或 15 位数字") % {"code": code[:30]}
        return check.bad("code", "编码", why, _("请按“6 位区县 + 3 位街道 + 3 位社区 + 3 位网格”填写"))
    if code in check.plan.lines:
        why = _("编码与第 %(line)d 行重复") % {"line": check.plan.lines[code]}
        return check.bad("code", "编码", why, _("请改正编码，或删去其中一行"))
    check.plan.lines[code] = check.row.line
    values: dict[str, Any] = {"parent_code": codes.parent_of(code)}
    _read_names(check, values)
    _read_level(check, code, values)
    _read_numbers(check, values)
    _read_geometry(check, values)
    check.plan.values[code] = values
    return None


def _read_names(check: _RowCheck, values: dict[str, Any]) -> None:
    name = check.row.get("name")
    if not name:
        check.bad("name", "名称", _("没有填名称"), _("请填写区域的名称"))
    for key, title, limit in (
        ("name", "名称", 80),
        ("short_name", "简称", 40),
        ("kind", "类型", 40),
        ("shape_source", "图形来源", 80),
    ):
        text = check.row.get(key).replace("\x00", "")
        if len(text) > limit:
            why = _("超过 %(limit)d 个字") % {"limit": limit}
            check.bad(key, title, why, _("请缩短"))
        elif text:
            values[key] = text


def _read_level(check: _RowCheck, code: str, values: dict[str, Any]) -> None:
    typed = "".join(check.text("level").split()).lower()
    level = LEVELS.get(typed) if typed else _DEFAULT_LEVEL.get(len(code), "micro_grid")
    if level is None:
        known = "、".join(["市", "区县", "街道", "社区", "网格", "微网格"])
        why = _("不认识的级别“%(level)s”") % {"level": typed[:20]}
        check.bad("level", "级别", why, _("请填写：%(known)s") % {"known": known})
    elif level not in codes.LEVELS_BY_LENGTH[len(code)]:
        why = _("%(length)d 位编码不可能是“%(level)s”") % {
            "length": len(code),
            "level": level_name(level),
        }
        check.bad("level", "级别", why, _("请核对编码和级别：区县 6 位，街道 9 位，社区 12 位，网格 15 位"))
    else:
        values["level"] = level
    parent = codes.normalise(check.row.get("parent"))
    if parent and not (codes.is_code(parent) and code.startswith(parent) and parent != code):
        why = _("上级编码“%(parent)s”不是本编码的开头部分") % {"parent": parent[:21]}
        check.bad("parent", "上级编码", why, _("下级编码必须以上级编码开头，请改正其中一个"))
    elif parent and level != "city":
        values["parent_code"] = parent


def _read_numbers(check: _RowCheck, values: dict[str, Any]) -> None:
    if text := check.text("households").replace(",", ""):
        if text.isdigit() and int(text) <= 100_000:
            values["households"] = int(text)
        else:
            check.bad("households", "户数", _("户数不是整数"), _("请填写 0 到 100000 之间的整数"))
    if text := check.text("floor_area").replace(",", ""):
        number = _number(text)
        if number is not None and 0 <= number <= 1e8:
            values["floor_area"] = number
        else:
            check.bad("floor_area", "建筑面积", _("建筑面积不是数字"), _("请填写平方米数，不带单位"))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _read_geometry(check: _RowCheck, values: dict[str, Any]) -> None:
    system = check.text("system").lower()
    if system not in SYSTEMS:
        why = _("不认识的坐标系“%(system)s”") % {"system": system[:20]}
        check.bad("system", "坐标系", why, _("请填写 WGS84、CGCS2000、GCJ02（高德、腾讯）或 BD09（百度）"))
        return
    lon, lat = check.text("lon"), check.text("lat")
    if lon or lat:
        point = _read_point(check, lon, lat)
        if point is not None:
            values["lon"], values["lat"] = (round(n, 7) for n in to_wgs84(*point, system))
    if text := check.row.get("shape"):
        shape = _read_shape(text, system)
        if shape is None:
            check.bad("shape", "图形", _("图形无法识别，或边线自相交"), _("请填写 WKT 或 GeoJSON 的多边形"))
        else:
            values["shape"] = shape
            centre = shapely.geometry.shape(shape).representative_point()
            values.setdefault("lon", round(centre.x, 7))
            values.setdefault("lat", round(centre.y, 7))


def _read_point(check: _RowCheck, lon: str, lat: str) -> tuple[float, float] | None:
    if not (lon and lat):
        missing = ("lat", "纬度") if lon else ("lon", "经度")
        check.bad(*missing, _("经度和纬度只填了一个"), _("请两个都填，或两个都不填"))
        return None
    x, y = _number(lon), _number(lat)
    for key, title, value in (("lon", "经度", x), ("lat", "纬度", y)):
        if value is None:
            check.bad(key, title, _("坐标不是数字"), _("请填写十进制度数，例如 113.2043"))
    if x is None or y is None:
        return None
    if 73 <= y <= 136 and 3 <= x <= 54:
        check.bad("lon", "经度", _("经度和纬度可能填反了"), _("经度约 113，纬度约 35，请对调"))
        return None
    if not (73 <= x <= 136 and 3 <= y <= 54):
        check.bad("lon", "经度", _("坐标不在中国境内"), _("请核对经度（73–136）和纬度（3–54）"))
        return None
    return x, y


def _read_shape(text: str, system: str) -> dict[str, Any] | None:
    try:
        written_as_json = text.lstrip().startswith("{")
        geometry = shapely.geometry.shape(json.loads(text)) if written_as_json else shapely.from_wkt(text)
        if geometry.geom_type not in {"Polygon", "MultiPolygon"} or geometry.is_empty or not geometry.is_valid:
            return None
        geometry = shapely.transform(
            shapely.force_2d(geometry), lambda points: np.array([_convert(x, y, system) for x, y in points])
        )
        west, south, east, north = geometry.bounds
    except (ValueError, TypeError, AttributeError, KeyError, shapely.errors.ShapelyError):
        return None
    if not (west >= 73 and east <= 136 and south >= 3 and north <= 54):
        return None
    plain: dict[str, Any] = json.loads(shapely.to_geojson(geometry))
    return plain


def _convert(x: float, y: float, system: str) -> tuple[float, float]:
    lon, lat = to_wgs84(x, y, system)
    return round(lon, 7), round(lat, 7)


def _check_place(check: _RowCheck, code: str, known: Mapping[str, Area], actor: Actor) -> None:
    values = check.plan.values[code]
    if not can(actor, AREA_IMPORT, code):
        why = _("这个区域不在您的管理范围内")
        check.bad("code", "编码", why, _("请删去这一行，或请上级管理员导入"))
        return
    parent = values["parent_code"]
    if parent and parent not in known and parent not in check.plan.values:
        if values.get("level") in {"city", "district"}:
            values["parent_code"] = ""  # the top of the tree kept here
        else:
            why = _("上级“%(parent)s”既不在系统中，也不在本文件中") % {"parent": parent}
            check.bad("parent", "上级编码", why, _("请先导入上级，或把上级写进同一文件"))
            return
    _check_inside(check, values, known.get(values["parent_code"]))


def _check_inside(check: _RowCheck, values: dict[str, Any], parent: Area | None) -> None:
    planned = check.plan.values.get(values["parent_code"], {})
    outline = planned.get("shape") or (parent.shape if parent else None)
    if not outline:
        return
    room = shapely.geometry.shape(outline).buffer(_SLACK)
    name = planned.get("name") or (parent.name if parent else "")
    if "shape" in values and not room.covers(shapely.geometry.shape(values["shape"])):
        check.bad("shape", "图形", _("图形超出上级“%(name)s”的范围") % {"name": name}, _("请核对图形和坐标系"))
    elif "lon" in values and not room.covers(shapely.Point(values["lon"], values["lat"])):
        check.bad("lon", "经度", _("位置在上级“%(name)s”的范围之外") % {"name": name}, _("请核对坐标和坐标系"))
