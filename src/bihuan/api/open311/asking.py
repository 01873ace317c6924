"""What GET requests asks for, as rows of matters; and public matters as GeoReport v2 writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.api import publicly
from bihuan.areas.api import display_name
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Problem, clock
from bihuan.matters.models import Matter
from bihuan.methods.models import MethodVersion

MOST = 1000
SPAN = timedelta(days=90)
MOST_CODES = 50
DEEPEST = 50_000  # rows that may be passed over: whoever needs more narrows the dates


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of GET requests; an empty one is as one that was not given."""

    service_request_id: str = ""
    service_code: str = ""
    start_date: str = ""
    end_date: str = ""
    status: str = ""
    page: str = ""
    page_size: str = ""


def rows_of(area: Area, asked: Asked) -> QuerySet[Matter]:
    """Return what was asked for, the newest first: at most 1,000 rows of at most 90 days.

    Raises:
        BadInput: with every argument that cannot be read.
    """
    if asked.service_request_id:
        numbers = _listed("service_request_id", asked.service_request_id, MOST)
        rows = Matter.objects.filter(public=True, number__in=[number[:32] for number in numbers])
        return _within(rows, area).order_by("-created_at", "-id")
    since, until = _dates(asked)
    rows = publicly.matters(area=area.code, since=since, until=until)
    if asked.status:
        states = set(_listed("status", asked.status, 10))
        if not states <= {"open", "closed"}:
            raise BadInput(Problem("status", _("没有这个状态。"), _("写 open、closed，或两个都写。")))
        if len(states) == 1:
            rows = rows.filter(is_open="open" in states)
    if asked.service_code:
        rows = rows.filter(_of_services(_listed("service_code", asked.service_code, MOST_CODES)))
    size = _number("page_size", asked.page_size, MOST, MOST)
    first = (_number("page", asked.page, 1, DEEPEST) - 1) * size
    if first > DEEPEST:
        raise BadInput(Problem("page", _("页数太大。"), _("请把日期范围缩小。")))
    return rows.order_by("-created_at", "-id")[first : first + size]


def _within(rows: QuerySet[Matter], area: Area) -> QuerySet[Matter]:
    level = {"district": "district_code", "street": "street_code", "community": "community_code"}[area.level]
    return rows.filter(**{level: area.code})


def _listed(name: str, text: str, most: int) -> list[str]:
    found = [part.strip() for part in text.replace("\x00", "").split(",") if part.strip()]
    if len(found) > most:
        raise BadInput(Problem(name, _("一次写得太多。"), _("最多 %(n)s 个。") % {"n": most}))
    return found


def _number(name: str, text: str, default: int, most: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):  # noqa: PLR2004
        raise BadInput(Problem(name, _("数不对。"), _("写 1 到 %(n)s 的整数。") % {"n": most}))
    return int(text)


def _dates(asked: Asked) -> tuple[datetime, datetime]:
    """Return the span asked for: of one end the ninety days on its other side, of none the last ninety."""
    since, until = _instant("start_date", asked.start_date), _instant("end_date", asked.end_date)
    if since is not None and until is not None:
        if until < since:
            raise BadInput(Problem("end_date", _("结束早于开始。"), _("请对调 start_date 和 end_date。")))
        return max(since, until - SPAN), until
    if since is not None:
        return since, since + SPAN
    until = until or clock.now()
    return until - SPAN, until


def _instant(name: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        # A plus sign that was not escaped arrives as a blank.
        at = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text.strip())
    except ValueError as error:
        problem = Problem(name, _("时间读不懂。"), _("写成 2024-01-01T00:00:00Z 或 2024-01-01T00:00:00+08:00。"))
        raise BadInput(problem) from error
    at = at if at.tzinfo else at.replace(tzinfo=clock.ZONE)
    if not 1990 <= at.year <= 2200:  # noqa: PLR2004
        raise BadInput(Problem(name, _("年份不对。"), _("写 1990 到 2200 年之间的时间。")))
    return at


def _of_services(codes: Sequence[str]) -> Q:
    wanted: dict[str, set[str]] = {}
    for code in codes:
        key, _dot, category = code.partition(".")
        wanted.setdefault(key, set()).add(category)
    versions = MethodVersion.objects.filter(key__in=list(wanted)).values_list("pk", "key")
    found = Q(pk__in=[])
    for version, key in versions:
        found |= Q(version_ref_id=version, category__in=wanted[key])
    return found


def told(rows: QuerySet[Matter]) -> list[dict[str, Any]]:
    """Return matters as GeoReport v2 writes requests, only with what the method shows to the public."""
    found = publicly.shown(rows, MOST)
    communities = _communities({one.area_code for one in found})
    return [_request(one, communities.get(one.area_code[:12], "")) for one in found]


def _request(one: publicly.PublicMatter, community: str) -> dict[str, Any]:
    place = one.area_name if one.area_code[12:] else ""
    return {
        "service_request_id": one.number,
        "status": "open" if one.is_open else "closed",
        "status_notes": one.words or None,
        "service_name": one.category_title or one.method_title,
        "service_code": f"{one.method_key}.{one.category}" if one.category else one.method_key,
        "description": one.title,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": publicly.local(one.created_at),
        "updated_datetime": publicly.local(one.closed_at or one.updated_at),
        "expected_datetime": None,
        "address": " ".join(part for part in (place, community) if part) or None,
        "address_id": one.area_code,
        "zipcode": None,
        "lat": one.lat,
        "long": one.lon,
        "media_url": None,
    }


def _communities(codes: set[str]) -> dict[str, str]:
    areas = Area.objects.filter(code__in={code[:12] for code in codes}).only("code", "name", "short_name")
    return {area.code: display_name(area) for area in areas}
