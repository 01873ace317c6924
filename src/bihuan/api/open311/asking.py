"""What GET requests asks for, as rows of matters; and public matters as GeoReport v2 writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.api import publicly
from bihuan.areas.api import display_name
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Problem, clock
from bihuan.matters.api import keyset
from bihuan.matters.models import Matter
from bihuan.methods.models import MethodVersion

MOST = 1000
SPAN = timedelta(days=90)
MOST_CODES = 50
_LONG_AGO = datetime(1900, 1, 1, tzinfo=clock.ZONE)
DEEPEST = 50_000  # rows that ``page`` may pass over: whoever needs more follows the link, or narrows the dates
KEPT_SECONDS = 600  # how long it is known where the page after one that was read begins


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
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What was asked for. ``next``: the arguments of the page after it, "" at the end."""

    rows: tuple[Matter, ...]
    next: str


def page_of(area: Area, asked: Asked) -> Page:
    """Return what was asked for, the newest first: at most 1,000 rows of at most 90 days.

    A page begins after a key. Whoever follows ``next`` brings the key along; whoever counts pages, as stock clients
    do, is let go on after the last row that they saw, so that a report that came meanwhile shifts nothing.

    Raises:
        BadInput: with every argument that cannot be read.
    """
    if asked.service_request_id:
        numbers = _listed("service_request_id", asked.service_request_id, MOST)
        rows = Matter.objects.filter(public=True, number__in=[number[:32] for number in numbers])
        return Page(tuple(publicly.newest(_within(rows, area), area.code)), "")
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
    size, number = _number("page_size", asked.page_size, MOST, MOST), _number("page", asked.page, 1, DEEPEST)
    rows = publicly.newest(rows, area.code)
    begins = keyset.unpack_uuid(asked.cursor) if asked.cursor else _begins(rows, area, asked, number, size)
    if begins is not None:
        rows = keyset.older(rows, *begins)
    found = list(rows.only(*publicly.LIGHT)[: size + 1])
    if len(found) <= size:
        return Page(tuple(found), "")
    cursor = keyset.pack(found[size - 1].created_at, found[size - 1].pk)
    if not asked.cursor:
        cache.set(_kept(area, asked, number + 1, size), cursor, KEPT_SECONDS)
    return Page(tuple(found[:size]), _arguments(area, asked, since, until, size, cursor))


def _begins(rows: QuerySet[Matter], area: Area, asked: Asked, number: int, size: int) -> tuple[datetime, UUID] | None:
    """Return the key after which a page begins: None of the first.

    It is known where the page before was read lately; else that many keys are passed over, within a limit.
    """
    passed = (number - 1) * size
    if passed > DEEPEST:
        raise BadInput(Problem("page", _("页数太大。"), _("请按应答头 Link 里的下一页继续，或者缩小日期范围。")))
    if not passed:
        return None
    if kept := cache.get(_kept(area, asked, number, size)):
        return keyset.unpack_uuid(kept)
    last = rows.values_list("created_at", "pk")[passed - 1 : passed].first()
    return last or (_LONG_AGO, UUID(int=0))  # past the end: nothing is older


def _kept(area: Area, asked: Asked, number: int, size: int) -> str:
    """Return under which name it is kept where a page begins: of the same arguments alone."""
    told = "\n".join((area.code, asked.service_code, asked.start_date, asked.end_date, asked.status))
    return f"open311-page:{sha256(told.encode()).hexdigest()[:32]}:{size}:{number}"


def _arguments(area: Area, asked: Asked, since: datetime, until: datetime, size: int, cursor: str) -> str:
    """Return the arguments of the page after: the span written out, so that it is the same span a minute later."""
    told = {
        "jurisdiction_id": area.code,
        "service_code": asked.service_code,
        "start_date": since.isoformat(),
        "end_date": until.isoformat(),
        "status": asked.status,
        "page_size": str(size),
        "cursor": cursor,
    }
    return urlencode({name: value for name, value in told.items() if value})


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


def told(rows: Sequence[Matter]) -> list[dict[str, Any]]:
    """Return matters as GeoReport v2 writes requests, only with what the method shows to the public."""
    found = list(publicly.present(rows))
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
