"""Where a report belongs and what it follows there: by door code, area code or point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.areas.api import locate_code, to_wgs84
from bihuan.areas.codes import LENGTHS
from bihuan.kernel.api import BadInput, NotFound, Problem, sql


class Place(NamedTuple):
    """Where a report belongs."""

    area_code: str
    area_name: str
    community_name: str
    version_id: UUID
    method_tag: str


def find_place(given: Mapping[str, Any]) -> Place:
    """Return where a report belongs and which version of a method it follows there. One statement.

    The door's code, the area's code or the point say where; the nearest use of a method in the areas above it says
    what it follows. Nothing of it is cached but the parsed version, which never changes: an import of areas or a new
    version is in force with the next report, in every process.

    Raises:
        BadInput: where none of them names an active area. NotFound: where no method is in use.
    """
    token, code = str(given.get("door_token") or ""), str(given.get("area_code") or "").strip()
    if not token and not code:
        code = _by_point(given)
    key = str(given.get("method_key") or "").replace("\x00", "")
    if token:
        found = _place("a.door_token = %s", token, key) if len(token) <= 24 and "\x00" not in token else None
        why, how = _("这个楼门码已失效。"), _("请重新扫码，或从楼栋名单中选择。")
    else:
        known = code.isascii() and code.isdigit() and len(code) <= 21
        found = _place("a.code = %s", code, key) if known else None
        why, how = _("没有找到这个地点。"), _("请扫楼门码，或从楼栋名单中选择。")
    if found is None:
        raise BadInput(Problem("door_token" if token else "area_code", why, how))
    return found


_ABOVE = ", ".join(f"substr(a.code, 1, {length})" for length in LENGTHS)
_PLACE = (
    "SELECT a.code, a.short_name, a.name, c.name, v.id, v.key, v.number FROM areas_area a "  # noqa: S608
    "LEFT JOIN areas_area c ON c.code = substr(a.code, 1, 12) "
    f"LEFT JOIN methods_methoduse u ON u.area_code IN ({_ABOVE}) AND %s "
    "LEFT JOIN methods_methodversion v ON v.id = u.version_id "
    "WHERE %s AND a.active ORDER BY length(u.area_code) DESC, u.key"
)


def find_places(codes: Iterable[str], key: str = "") -> dict[str, Place]:
    """Return the places of many area codes, as ``find_place`` would, by two statements for every 800."""
    use, first = ("u.key = %s", [key]) if key else ("u.default_for_reports", [])
    wanted = sorted(set(codes))
    above = {code[:length] for code in wanted for length in LENGTHS if length <= len(code)}
    names: dict[str, tuple[str, str]] = {}
    active: set[str] = set()
    uses: dict[str, tuple[UUID, str]] = {}
    for chunk in sql.batched(sorted({*wanted, *(code[:12] for code in wanted)}), 800):
        for code, short, name, is_active in sql.rows(
            f"SELECT code, short_name, name, active FROM areas_area WHERE code IN ({_marks(chunk)})",  # noqa: S608
            chunk,
        ):
            names[code] = (short or name, name)
            if is_active:
                active.add(code)
    for chunk in sql.batched(sorted(above), 800):
        for code, version, version_key, number in sql.rows(
            "SELECT u.area_code, v.id, v.key, v.number FROM methods_methoduse u "  # noqa: S608
            f"JOIN methods_methodversion v ON v.id = u.version_id WHERE {use} AND u.area_code IN ({_marks(chunk)}) "
            "ORDER BY u.key",
            [*first, *chunk],
        ):
            uses.setdefault(code, (_version(version), f"{version_key}@{number}"))
    found: dict[str, Place] = {}
    for code in wanted:
        if code in active and (follows := _nearest(code, uses)) is not None:
            short, full = names[code]
            community = names.get(code[:12])
            found[code] = Place(code, short, community[1] if community else full, *follows)
    return found


def _nearest(code: str, uses: Mapping[str, tuple[UUID, str]]) -> tuple[UUID, str] | None:
    for length in reversed(LENGTHS):
        if length <= len(code) and (found := uses.get(code[:length])) is not None:
            return found
    return None


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _statement(use: str, where: str) -> str:
    return _PLACE.replace("%s", use, 1).replace("%s AND a.active", f"{where} AND a.active", 1)


@lru_cache(maxsize=64)
def _version(value: UUID | str) -> UUID:
    return sql.as_uuid(value)


def _as_place(row: tuple[Any, ...]) -> Place:
    code, short, name, community, version, version_key, number = row
    return Place(code, short or name, community or name, _version(version), f"{version_key}@{number}")


def _place(where: str, value: str, key: str) -> Place | None:
    use, params = ("u.key = %s", [key, value]) if key else ("u.default_for_reports", [value])
    rows = sql.rows(f"{_statement(use, where)} LIMIT 1", params)
    if not rows:
        return None
    if rows[0][4] is None:
        raise NotFound(Problem("method_key" if key else "", _("这里还没有启用工作法。"), _("请联系社区工作人员。")))
    return _as_place(rows[0])


def _by_point(given: Mapping[str, Any]) -> str:
    try:
        lon, lat = float(given["lon"]), float(given["lat"])
    except (KeyError, TypeError, ValueError):
        return ""
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return ""
    system = str(given.get("system") or "")
    if system:
        try:
            lon, lat = to_wgs84(lon, lat, system)
        except ValueError as error:
            raise BadInput(
                Problem("system", _("位置坐标不对。"), _("可用：%(all)s。") % {"all": "wgs84、gcj02、bd09"})
            ) from error
    return locate_code(lon, lat) or ""
