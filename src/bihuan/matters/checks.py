"""The shape of what comes in: pure, quick, every problem at once, in words that say how to mend."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, visible
from bihuan.matters.models import Matter
from bihuan.matters.shapes import Earlier, NewReport

LONGEST_TITLE = 60
LONGEST_TEXT = 2000
SHORTEST_TEXT = 2
MOST_PEOPLE = 1_000_000
CHANNELS = frozenset(Matter.Channel.values)
_ALL_CHANNELS = "、".join(sorted(CHANNELS))
_PHONE = re.compile(r"^(?:\+?86)?1[3-9]\d{9}$|^0\d{9,11}$")
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{22,64}$")
_STOP = re.compile(r"[。！？!?\n；;]")
_WORD = re.compile(r"^[\w.-]{0,40}$")
_NUMBER = re.compile(r"\d{7,}[\dXx]?")


def first_words(text: str) -> str:
    """Return a title made of a text: its first sentence, at most thirty characters.

    A title may be public: telephone and identity numbers that stand in the sentence are masked in it.
    """
    first = _STOP.split(text, maxsplit=1)[0].strip() or text.strip()
    if _NUMBER.search(first):
        first = _NUMBER.sub(lambda found: f"{found[0][:3]}****", first)
    return first if len(first) <= 30 else first[:29] + "…"


def phone_digits(text: str) -> str:
    """Return a telephone number without blanks, hyphens and width, as it is sealed."""
    return re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))


def check(given: Mapping[str, Any], now: datetime) -> NewReport:
    """Return the report, cleaned.

    Args:
        given: the parameters of ``actions.report``; ``id`` a UUIDv7 already, ``area_code`` known to exist.
        now: nothing can have happened later.

    Raises:
        BadInput: with every problem found.
    """
    problems: list[Problem] = []
    text, title = visible(given.get("text")), " ".join(visible(given.get("title")).split())
    if len(text) < SHORTEST_TEXT:
        problems.append(Problem("text", _("没有写明是什么问题。"), _("请写一两句：哪里、什么问题。")))
    elif len(text) > LONGEST_TEXT:
        problems.append(
            Problem(
                "text",
                _long(_("内容有 %(n)s 字，最多 %(most)s 字。"), text, LONGEST_TEXT),
                _("请删减一些。"),
            )
        )
    if len(title) > LONGEST_TITLE:
        problems.append(
            Problem(
                "title",
                _long(_("标题有 %(n)s 字，最多 %(most)s 字。"), title, LONGEST_TITLE),
                _("请写短一些。"),
            )
        )
    channel = str(given.get("channel") or "web")
    if channel not in CHANNELS:
        problems.append(Problem("channel", _("来源方式不对。"), _("可用：%(all)s。") % {"all": _ALL_CHANNELS}))
    phone = visible(given.get("phone"))
    phone = phone_digits(phone) if phone else ""
    if phone and not _PHONE.match(phone):
        problems.append(Problem("phone", _("电话号码不对。"), _("请填 11 位手机号，或带区号的座机号；也可以不留。")))
    name = visible(given.get("reporter_name"))
    if len(name) > 40:
        problems.append(Problem("reporter_name", _("姓名太长。"), _("请填 40 字以内。")))
    _short_words(given, problems)
    people = _people(given.get("people_affected"), problems)
    lon, lat = _point(given.get("lon"), given.get("lat"), problems)
    happened = _happened(given.get("happened_at"), now, problems)
    token = given.get("follow_token") or None
    if token is not None and not _TOKEN.match(str(token)):
        problems.append(Problem("follow_token", _("查询码格式不对。"), _("请用 22 到 64 位字母、数字、- 或 _。")))
    extra = _extra(given.get("extra"), problems)
    earlier = _earlier(given.get("earlier"), now, problems)
    photos = tuple(given.get("photos") or ())
    if photos and len(photos) > settings.PHOTO_MAX_COUNT:
        problems.append(Problem("photos", _("照片太多。"), _("一次最多 %(n)s 张。") % {"n": settings.PHOTO_MAX_COUNT}))
    if problems:
        raise BadInput(problems)
    anonymous = bool(given.get("anonymous"))
    return NewReport(
        id=given["id"],
        area_code=str(given["area_code"]),
        title=title or first_words(text),
        text=text,
        channel=channel,
        titled=bool(title),
        category=visible(given.get("category")),
        urgency=visible(given.get("urgency")),
        people_affected=people,
        phone=phone,
        reporter_name=name,
        anonymous=anonymous,
        lon=lon,
        lat=lat,
        happened_at=happened,
        method_key=given.get("method_key") or None,
        follow_token=token,
        extra=extra,
        photos=photos,
        earlier=earlier,
    )


def _long(words: str, text: str, most: int) -> str:
    return words % {"n": len(text), "most": most}


def _short_words(given: Mapping[str, Any], problems: list[Problem]) -> None:
    for field, longest in (("category", 40), ("urgency", 12)):
        given_word = given.get(field)
        value = visible(given_word) if given_word else ""
        if not value:
            continue
        if len(value) > longest or not _WORD.match(value):
            problems.append(Problem(field, _("选项不对。"), _("请从所列的选项中选一个。")))


def _earlier(value: Any, now: datetime, problems: list[Problem]) -> Earlier | None:
    """Check what an old ledger says of a matter: neither registered nor closed in the future."""
    if not isinstance(value, Earlier):
        return None
    if value.registered > now:
        problems.append(Problem("registered", _("登记时间在将来。"), _("请核对年份。")))
    if value.closed is not None and value.closed > now:
        problems.append(Problem("closed", _("办结时间在将来。"), _("请核对年份。")))
    return value


def _extra(value: Any, problems: list[Problem]) -> dict[str, Any]:
    if isinstance(value, Mapping) or not value:
        return dict(value or {})
    problems.append(Problem("extra", _("选项不对。"), _("请从所列的选项中选一个。")))
    return {}


def _people(value: Any, problems: list[Problem]) -> int | None:
    if value is None or value == "":
        return None
    try:
        people = int(str(value).strip())
    except ValueError:
        people = -1
    if not 0 <= people <= MOST_PEOPLE:
        problems.append(Problem("people_affected", _("人数不对。"), _("请填整数，例如 30。")))
        return None
    return people


def _point(lon: Any, lat: Any, problems: list[Problem]) -> tuple[float | None, float | None]:
    if (lon is None or lon == "") and (lat is None or lat == ""):
        return None, None
    try:
        x, y = float(lon), float(lat)
    except (TypeError, ValueError):
        x = y = math.nan
    if not (math.isfinite(x) and math.isfinite(y) and -180 <= x <= 180 and -90 <= y <= 90):
        problems.append(Problem("lon", _("位置坐标不对。"), _("请重新定位，或不填坐标、直接选楼栋。")))
        return None, None
    return x, y


def _happened(value: Any, now: datetime, problems: list[Problem]) -> datetime | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime) or value.tzinfo is None:
        problems.append(Problem("happened_at", _("时间格式不对。"), _("请写成 2024-04-01T09:30+08:00。")))
        return None
    if value > now + timedelta(minutes=5):
        problems.append(Problem("happened_at", _("发生时间在将来。"), _("请检查日期和钟点。")))
        return None
    if value.year < 1990:
        problems.append(Problem("happened_at", _("发生时间太早。"), _("请检查年份。")))
        return None
    return min(value, now)


def v7(value: Any, field: str = "id") -> UUID:
    """Return a client-made id.

    Raises:
        BadInput: unless it is a UUIDv7.
    """
    from bihuan.kernel.api import parse_id

    return parse_id(value, field=field)
