"""What may be answered for a heading, and what each meaning is called. An answer that is none of these is refused."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import names as area_names
from bihuan.matters.api import info_of
from bihuan.methods.api import methods_in
from bihuan.reporting.figures.definitions import definitions
from bihuan.reporting.forms.shapes import LEAVE, Slot
from bihuan.reporting.forms.words import Place, words
from bihuan.reporting.registers.sources import SOURCES

Choice = tuple[str, str]  # (meaning, what it is called)
OF = ("matter", "measure", "visit", "meeting", "activity")


def _pair(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") and en else zh


def choices(slot: Slot, of: str, area_code: str, place: Place) -> list[Choice]:
    """Return what may be answered for a slot; "left blank" is always among it, last."""
    found = {
        "head": lambda: _heads(),
        "table": lambda: _tables(slot, area_code),
        "column": lambda: _columns(of, area_code),
    }.get(slot.role, lambda: _summary(area_code, place))()
    return [*found, (LEAVE, _("留空，不填"))]


def title(meaning: str, of: str, area_code: str) -> str:
    """Return what a meaning is called."""
    if meaning in {"", LEAVE}:
        return _("留空，不填") if meaning else ""
    known = dict(_all(of, area_code))
    parts = [known.get(part) or _area(part) for part in meaning.split("&")] if meaning.startswith("measure") else []
    return known.get(meaning) or " · ".join(filter(None, parts)) or _area(meaning) or meaning


def _area(part: str) -> str:
    kind, _bar, code = part.partition(":")
    return area_names([code]).get(code, code) if kind == "area" else ""


def _all(of: str, area_code: str) -> Iterator[Choice]:
    yield from _heads()
    yield from _columns(of, area_code)
    yield from _summary(area_code, Place())
    yield from _rows(area_code)
    yield from _figures(area_code)


def _heads() -> list[Choice]:
    return [
        ("head:unit", _("填报单位")),
        ("head:filler", _("填报人")),
        ("head:date", _("填报日期（今天）")),
        ("head:until", _("截至日期")),
        ("head:since", _("开始日期")),
        ("head:period", _("时段（年月）")),
    ]


def _tables(slot: Slot, area_code: str) -> list[Choice]:
    if any(option.startswith("figures:") for option in slot.options):
        return _figures(area_code)
    return _rows(area_code)


def _rows(area_code: str) -> list[Choice]:
    called = {
        "matter": _("所有事项，一件一行"),
        "measure": _("每项措施一行"),
        "visit": _("每次走访一行"),
        "meeting": _("每次会议一行"),
        "activity": _("每次活动一行"),
    }
    found = [(f"rows:{of}", called[of]) for of in OF]
    return found + [(f"rows:matter?{where}", _("只填%(kind)s") % {"kind": name}) for where, name in _narrow(area_code)]


def _figures(area_code: str) -> list[Choice]:
    found = [("figures:", _("所有事项的数字"))]
    return found + [(f"figures:{where}", _("只数%(kind)s") % {"kind": name}) for where, name in _narrow(area_code)]


def _narrow(area_code: str) -> Iterator[Choice]:
    """Yield what rows or figures can be narrowed to: a kind of matter, or those of one method."""
    seen: set[str] = set()
    for use in methods_in(area_code):
        info = info_of(use.version_id)
        yield f"method={use.key}", _("“%(name)s”的事项") % {"name": _pair(*info.title)}
        field = info.file.fields.get("category")
        for key in field.options if field else ():
            if key not in seen:
                seen.add(key)
                yield f"category={key}", _("类别“%(name)s”的事项") % {"name": _pair(*info.option("category", key))}


def _columns(of: str, area_code: str) -> list[Choice]:
    source = SOURCES.get(of)
    if source is None:
        return []
    found = [(key, _pair(one.zh, one.en)) for key, one in source.known.items()]
    if of in {"matter", "visit"}:
        found.append(("where", _("区域和具体位置")))
    if of in {"matter", "measure"}:
        found += _fields(area_code)
    return found


def _fields(area_code: str) -> list[Choice]:
    found: dict[str, str] = {}
    for use in methods_in(area_code):
        info = info_of(use.version_id)
        for key in info.fields:
            if key not in {"title", "text", "category", "urgency"}:
                found.setdefault(f"field:{key}", _pair(*info.fields[key]))
        if "measure" in info.fields:
            found.setdefault("all:measure", _("历次措施"))
        for role in info.responsible:
            found.setdefault(f"party:{role}", _pair(*info.role(role)))
    return list(found.items())


def _summary(area_code: str, place: Place) -> list[Choice]:
    found = [(f"measure:{key}", one.title.say(get_language() or "")) for key, one in definitions().items()]
    found += [
        ("measure:ratio:settled/collected", _("办结数 ÷ 收集数")),
        ("measure:ratio:solved/settled", _("解决数 ÷ 办结数")),
        ("span:month", _("本月")),
        ("span:quarter", _("本季度")),
        ("span:year", _("本年累计")),
        ("span:before", _("上月")),
        ("span:prior", _("上一期")),
        ("span:last_year", _("去年同期")),
        ("total:", _("合计")),
        ("total:part", _("小计")),
        ("none:", _("只是分组，不影响填什么")),
    ]
    found += [(f"category:{key}", name) for key, name in _kinds(area_code)]
    codes = list(dict.fromkeys(place.areas.values()))
    called = area_names(codes) if codes else {}
    return found + [(f"area:{code}", called.get(code, code)) for code in codes]


def _kinds(area_code: str) -> list[Choice]:
    found: dict[str, str] = {}
    for use in methods_in(area_code):
        info = info_of(use.version_id)
        field = info.file.fields.get("category")
        for key in field.options if field else ():
            found.setdefault(key, _pair(*info.option("category", key)))
    return list(found.items())


def allowed(slot: Slot, meaning: str, of: str, area_code: str, place: Place) -> bool:
    """Tell whether a meaning is one that may be answered for a slot."""
    known = {key for key, _title in choices(slot, of, area_code, place)}
    if meaning in known:
        return True
    parts = meaning.split("&")
    if slot.role in {"above", "line", "pair"}:
        return len(parts) > 1 and all(part in known for part in parts)
    if slot.role == "column" and of in {"matter", "measure"}:  # what standard forms take, though no method here has it
        return meaning in _standard()
    return False


@cache
def _standard() -> frozenset[str]:
    known = words()
    return frozenset(value for columns in known.items.values() for value in columns.values()) | frozenset(
        value for context in known.contexts for value in context.columns.values()
    )
