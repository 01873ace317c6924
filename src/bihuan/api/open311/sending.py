"""A report that came by GeoReport v2: where it is, what it is, who told it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from bihuan.api.open311.services import Service, find_service, jurisdiction
from bihuan.areas.api import by_name, find, is_code, locate_code, within
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Problem, new_id
from bihuan.matters.api import Reported, report
from bihuan.people.api import Actor

LONGEST = 4000  # the specification's; the method's own limit on the text may be lower
MOST_ATTRIBUTES = 60
_ATTRIBUTE = re.compile(r"^attribute\[([A-Za-z0-9_-]{1,60})\](\[\])?$")
_OWN = frozenset({"urgency", "people_affected"})  # the report's own names for them


@dataclass(frozen=True, slots=True)
class Sent:
    """What POST requests takes. Of what is not here (email, device_id, account_id) nothing is kept."""

    jurisdiction_id: str = ""
    service_code: str = ""
    lat: str = ""
    long: str = ""
    address_string: str = ""
    address_id: str = ""
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    description: str = ""
    media_url: str = ""


NAMES = frozenset(field.name for field in fields(Sent))


def send(actor: Actor, sent: Sent, attributes: Mapping[str, list[str]]) -> Reported:
    """Report what was sent.

    Raises:
        BadInput, NotFound: with every argument that is wrong. Refused: what the method says.
    """
    area = jurisdiction(sent.jurisdiction_id)
    if not sent.service_code:
        raise BadInput(Problem("service_code", _("没有写 service_code。"), _("请先取服务清单 services。")))
    service = find_service(area, sent.service_code)
    own, extra = _given(service, attributes)
    place = _place(area, sent)
    return report(
        actor=actor,
        id=new_id(),
        method_key=service.words.key,
        category=service.category,
        text=_text(sent, place),
        channel="api",
        anonymous=True,
        reporter_name=f"{sent.last_name} {sent.first_name}".strip()[:80] if _ascii(sent) else _name(sent),
        phone=sent.phone[:40],
        extra=extra,
        **own,
        **{name: value for name, value in place.items() if name != "noted"},
    )


def _ascii(sent: Sent) -> bool:
    return (sent.first_name + sent.last_name).isascii()


def _name(sent: Sent) -> str:
    """Return a Chinese name as it is said: the family's name first, no blank."""
    return (sent.last_name + sent.first_name).strip()[:80]


def _text(sent: Sent, place: Mapping[str, Any]) -> str:
    """Return the words of the report; an address that names no place of ours and a picture's address stand below."""
    if not sent.description.strip():
        raise BadInput(Problem("description", _("没有写 description。"), _("请写明是什么问题。")))
    if len(sent.description) > LONGEST:
        raise BadInput(Problem("description", _("description 太长。"), _("最多 4000 字。")))
    lines = [sent.description.strip()]
    if place.get("noted"):
        lines.append(_("地址：%(address)s") % {"address": place["noted"]})
    if sent.media_url:
        lines.append(_("图片链接（未核对）：%(url)s") % {"url": sent.media_url[:300]})
    return "\n".join(lines)


def _place(area: Area, sent: Sent) -> dict[str, Any]:
    """Return where it is: by the point, the address's id, or a name that only one area has."""
    if sent.lat or sent.long:
        return _by_point(area, sent)
    if sent.address_id:
        found = find(sent.address_id) if is_code(sent.address_id) else None
        if found is None or not within(found.code, area.code):
            raise BadInput(Problem("address_id", _("没有这个 address_id。"), _("请写本辖区内区域的编码。")))
        return {"area_code": found.code}
    if sent.address_string.strip():
        return _by_words(area, sent.address_string.strip()[:200])
    how = _("写 lat 和 long，或 address_string，或 address_id。")
    raise BadInput(Problem("lat", _("没有写地点。"), how))


def _by_point(area: Area, sent: Sent) -> dict[str, Any]:
    try:
        lat, lon = float(sent.lat), float(sent.long)
    except ValueError:
        lat = lon = math.nan
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004 - NaN fails, too
        raise BadInput(Problem("lat", _("坐标读不懂。"), _("lat、long 写成 WGS-84 的度数，如 35.24、113.24。")))
    code = locate_code(lon, lat)
    if code is None or not within(code, area.code):
        raise BadInput(Problem("lat", _("这个坐标不在本辖区内。"), _("请核对坐标，或改写 address_id。")))
    return {"area_code": code, "lon": lon, "lat": lat, "noted": sent.address_string.strip()[:200]}


def _by_words(area: Area, words: str) -> dict[str, Any]:
    """Return the one area that a text names, whole or by its parts from the most specific to the most general."""
    found = by_name(words, within=area.code)
    exact = [one for one in found if words in {one.name, one.short_name}]
    if len(exact) == 1 or len(found) == 1:
        return {"area_code": (exact or found)[0].code}
    parts = [part for part in re.split(r"[\s,，、]+", words) if part]
    for part in parts:
        near = [one for one in by_name(part, within=area.code) if part in {one.name, one.short_name}]
        if len(near) > 1:  # “12号楼 电建社区”: the rest says which
            near = [one for one in near if any(_named_above(one, rest) for rest in parts if rest != part)]
        if len(near) == 1:
            return {"area_code": near[0].code, "noted": words if near[0].name != words else ""}
    why = _("不知道这个地址是哪里。") if not found else _("这个地址不止一处。")
    raise BadInput(Problem("address_string", why, _("请写 address_id（区域编码），或 lat 和 long。")))


def _named_above(area: Area, name: str) -> bool:
    from bihuan.areas.api import chain

    return any(name in {one.name, one.short_name} for one in chain(area.code))


def attributes_of(form: QueryDict) -> dict[str, list[str]]:
    """Return ``attribute[code]`` (and ``attribute[code][]``) of a form, by code."""
    found: dict[str, list[str]] = {}
    for name in form:
        if match := _ATTRIBUTE.match(name):
            found.setdefault(match[1], []).extend(value for value in form.getlist(name) if isinstance(value, str))
    return found


def _given(service: Service, attributes: Mapping[str, list[str]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the attributes say: the report's own arguments, and the method's other fields."""
    known = {one["code"]: one for one in service.attributes()}
    how = _("请先取服务定义 services/%(code)s。") % {"code": service.code}
    problems = [
        Problem(f"attribute[{code}]", _("这项服务没有这一项。"), how) for code in attributes if code not in known
    ]
    own: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for code, one in known.items():
        values = [value for value in attributes.get(code, ()) if value != ""]
        if not values:
            if one["required"]:
                problems.append(Problem(f"attribute[{code}]", _("这一项必须填。"), one["description"]))
            continue
        value: Any = values if one["datatype"] == "multivaluelist" else values[0]
        if code == "people_affected":
            if not (values[0].isascii() and values[0].isdigit() and len(values[0]) < 8):  # noqa: PLR2004
                problems.append(Problem(f"attribute[{code}]", _("数不对。"), _("写整数。")))
                continue
            value = int(values[0])
        (own if code in _OWN else extra)[code] = value
    if problems:
        raise BadInput(problems[:MOST_ATTRIBUTES])
    return own, extra
