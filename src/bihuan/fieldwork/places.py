"""Places that rounds go to and that are no areas: walls, roads, facilities, fire exits, households' doors.

A household is named by its door, never by its people.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.areas.api import names as area_names
from bihuan.areas.api import subtree_q
from bihuan.areas.models import Area
from bihuan.fieldwork import chain
from bihuan.fieldwork.models import Place
from bihuan.fieldwork.plans import Use, kind_title, rounds_of, uses_in
from bihuan.fieldwork.section import Rounds
from bihuan.fieldwork.shapes import KeptPlace, ListPage, PlaceRow
from bihuan.fieldwork.verbs import PLACE_CHANGED, PLACE_REGISTERED
from bihuan.kernel.api import (
    GENESIS,
    AlreadyRecorded,
    BadInput,
    Conflict,
    Problem,
    already,
    append,
    clock,
    parse_id,
    plain,
    visible,
)
from bihuan.people.api import Actor, access, require
from bihuan.people.permissions import PLACE_EDIT, ROUND_READ

SUBJECT = "place"
LONGEST = 60
MOST_ORDER = 100_000
CHANGEABLE = ("kind", "name", "order", "lon", "lat", "active")
MOST = 500


def register(actor: Actor, key: UUID, given: Mapping[str, Any], source: str = "") -> KeptPlace:
    """Add a place; see ``actions.register_place``."""
    key, now = parse_id(key), clock.now()
    area_code = str(given.get("area_code") or "").strip()
    if not Area.objects.filter(code=area_code, active=True).exists():
        raise BadInput(Problem("area_code", _("没有找到这个地点。"), _("请从名单中选择。")))
    require(actor, PLACE_EDIT, area_code)
    values = checked(given, kinds_in(uses_in([area_code])[area_code]))
    try:
        with transaction.atomic():
            return _insert(actor, key, area_code, values, source, now)
    except AlreadyRecorded as error:
        return _again(error.entry.subject_id, key, area_code)
    except IntegrityError as error:
        if already(key) is not None:
            return _again(key, key, area_code)
        raise BadInput(there_already()) from error


def there_already() -> Problem:
    """Return what is wrong with a second place of one kind and name."""
    return Problem("name", _("这里已经有同名的地点。"), _("请换一个名称，如加上方位。"))


def _again(subject_id: UUID, key: UUID, area_code: str) -> KeptPlace:
    place = Place.objects.filter(pk=key, area_code=area_code).first()
    if place is None or subject_id != key:
        raise Conflict(None, Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面重试。")))
    return KeptPlace(place.pk, place.version, created=False)


def _insert(
    actor: Actor, key: UUID, area_code: str, values: Mapping[str, Any], source: str, now: datetime
) -> KeptPlace:
    entry = append(
        subject_type=SUBJECT,
        subject_id=key,
        seq=1,
        prev_hash=GENESIS,
        verb=PLACE_REGISTERED,
        actor=actor.ref(actor.role_for(PLACE_EDIT, area_code)),
        area_code=area_code,
        happened_at=now,
        recorded_at=now,
        body={"area": area_code, **plain_values(values), **({"source": source} if source else {})},
        entry_id=key,
    )
    Place(id=key, area_code=area_code, source=source, version=1, head_hash=bytes(entry.hash), **values).save(
        force_insert=True
    )
    return KeptPlace(key, 1, created=True)


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as an entry keeps them: coordinates as text, six decimals."""
    return {
        name: f"{value:.6f}" if isinstance(value, float) else plain(value)
        for name, value in values.items()
        if value is not None
    }


def kinds_in(uses: Mapping[str, Use]) -> dict[str, str]:
    """Return the kinds of places that the methods in use know: key → name in the reader's language."""
    found: dict[str, str] = {}
    for use in uses.values():
        section = rounds_of(use.method)
        if isinstance(section, Rounds):
            for kind in section.kinds:
                found.setdefault(kind, kind_title(section, kind))
    return found


def checked(given: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """Return a place's values, cleaned.

    Raises:
        BadInput: with every problem found.
    """
    problems: list[Problem] = []
    name = " ".join(visible(given.get("name")).split())
    if not 1 <= len(name) <= LONGEST:
        problems.append(Problem("name", _("请写名称，60 字以内。"), _("如“东围墙”“3单元501”，不写人的姓名。")))
    kind = str(given.get("kind") or "")
    if kind not in kinds:
        known = "、".join(kinds.values()) or _("（工作法里还没有地点种类）")
        problems.append(Problem("kind", _("没有这一种地点。"), _("可用：%(all)s。") % {"all": known}))
    order = _order(given.get("order"), problems)
    lon, lat = _point(given.get("lon"), given.get("lat"), problems)
    if problems:
        raise BadInput(problems)
    return {"kind": kind, "name": name, "order": order, "lon": lon, "lat": lat}


def _order(value: Any, problems: list[Problem]) -> int:
    text = str(value or 0).strip()
    if text.isascii() and text.isdigit() and int(text[:9]) <= MOST_ORDER:
        return int(text)
    problems.append(Problem("order", _("顺序应当是整数。"), _("填 1、2、3……；不填即按远近。")))
    return 0


def _point(lon: Any, lat: Any, problems: list[Problem]) -> tuple[float | None, float | None]:
    if lon in (None, "") and lat in (None, ""):
        return None, None
    try:
        x, y = round(float(lon), 6), round(float(lat), 6)
    except (TypeError, ValueError):
        x = y = math.nan
    if math.isfinite(x) and math.isfinite(y) and -180 <= x <= 180 and -90 <= y <= 90:
        return x, y
    problems.append(Problem("lon", _("位置坐标不对。"), _("经度、纬度都填，或都不填。")))
    return None, None


def change(
    actor: Actor, place_id: UUID, entry_id: UUID, changes: Mapping[str, Any], expected_version: int | None
) -> KeptPlace:
    """Change a place; see ``actions.change_place``."""
    key, now = parse_id(entry_id, field="entry_id"), clock.now()
    strange = sorted(set(changes) - set(CHANGEABLE))
    if strange:
        raise BadInput(Problem(strange[0], _("这一项不能修改。"), _("可停用后另登记一个。")))
    try:
        with transaction.atomic():
            rows = Place.objects.select_for_update(of=("self",))
            place = access(actor, PLACE_EDIT, rows, pk=place_id)
            work = chain.work_on(place, SUBJECT, actor, key, now)
            if work.resent:
                return KeptPlace(place.pk, place.version, created=False)
            if expected_version is not None and expected_version != place.version:
                why = _("别人刚刚改过这个地点。")
                raise Conflict(place.version, Problem("", why, _("请刷新后查看最新情况，再决定是否继续。")))
            return _change(work, place, changes)
    except IntegrityError as error:
        raise BadInput(there_already()) from error


def _change(work: chain.Work, place: Place, changes: Mapping[str, Any]) -> KeptPlace:
    kinds = kinds_in(uses_in([place.area_code])[place.area_code])
    kinds.setdefault(place.kind, place.kind)  # what the method has no more may stay as it is
    now = {name: getattr(place, name) for name in CHANGEABLE}
    values = {**checked({**now, **changes}, kinds), "active": bool(changes.get("active", place.active))}
    differing = [name for name in CHANGEABLE if values[name] != now[name]]
    if not differing:
        return KeptPlace(place.pk, place.version, created=False)
    old, new = plain_values(now), plain_values(values)
    work.set(**{name: values[name] for name in differing})
    body = {"name": values["name"], "changes": [[name, old.get(name), new.get(name)] for name in differing]}
    work.record(PLACE_CHANGED, body, role=work.actor.role_for(PLACE_EDIT, place.area_code))
    return KeptPlace(place.pk, place.version, created=True)


# --- reading -------------------------------------------------------------------------------------------------------


def page(
    actor: Actor, area_code: str, kind: str, *, inactive: bool, cursor: str | None, limit: int
) -> ListPage[PlaceRow]:
    """Return places in the order they are listed; see ``queries.places``. Three statements."""
    require(actor, ROUND_READ, area_code)
    limit = max(1, min(limit, MOST))
    rows = Place.objects.filter(subtree_q("area_code", area_code))
    rows = rows if inactive else rows.filter(active=True)
    rows = rows.filter(kind=kind) if kind else rows
    after = Place.objects.filter(pk=_cursor(cursor)).first() if cursor else None
    if after is not None:
        a, k, o, n = after.area_code, after.kind, after.order, after.name
        rows = rows.filter(
            Q(area_code__gt=a)
            | Q(area_code=a, kind__gt=k)
            | Q(area_code=a, kind=k, order__gt=o)
            | Q(area_code=a, kind=k, order=o, name__gt=n)
        )
    found = list(rows.order_by("area_code", "kind", "order", "name")[: limit + 1])
    shown = found[:limit]
    called = area_names({place.area_code for place in shown})
    kinds = kinds_in(uses_in([area_code])[area_code])
    listed = tuple(
        PlaceRow(
            id=place.pk,
            area_code=place.area_code,
            area_name=called.get(place.area_code, place.area_code),
            kind=place.kind,
            kind_title=kinds.get(place.kind, place.kind),
            name=place.name,
            order=place.order,
            lon=place.lon,
            lat=place.lat,
            active=place.active,
            version=place.version,
        )
        for place in shown
    )
    return ListPage(listed, shown[-1].pk.hex if len(found) > limit else None)


def _cursor(cursor: str) -> UUID:
    try:
        return UUID(hex=cursor)
    except ValueError as error:
        raise BadInput(Problem("cursor", _("翻页标记无效。"), _("请回到第一页重新翻。"))) from error
