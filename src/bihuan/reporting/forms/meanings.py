"""What may be answered for a heading, and what each meaning is called. An answer that is none of these is refused."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import names as area_names
from bihuan.matters.api import MethodInfo, info_of
from bihuan.methods.api import methods_in
from bihuan.reporting.figures.definitions import definitions
from bihuan.reporting.forms.shapes import LEAVE, Slot
from bihuan.reporting.forms.words import Place, words
from bihuan.reporting.registers.sources import SOURCES

Choice = tuple[str, str]  # (meaning, what it is called)
OF = ("matter", "measure", "visit", "meeting", "activity")


class Meanings:
    """All that can be meant in a form of an area, in the reader's language. Three statements, however often asked."""

    def __init__(self, area_code: str, place: Place) -> None:
        """Make it for an area; nothing is read before something is asked."""
        self.area_code = area_code
        self.place = place
        self._columns: dict[str, list[Choice]] = {}

    def choices(self, slot: Slot, of: str) -> list[Choice]:
        """Return what may be answered for a slot; "left blank" is always among it, last."""
        if slot.role == "head":
            found = _heads()
        elif slot.role == "table":
            figures = any(option.startswith("figures:") for option in slot.options)
            found = self.figures if figures else self.rows
        else:
            found = self.columns(of) if slot.role in {"column", "card"} else self.summary
        return [*found, (LEAVE, _("留空，不填"))]

    def title(self, meaning: str, of: str) -> str:
        """Return what a meaning is called."""
        if meaning in {"", LEAVE}:
            return _("留空，不填") if meaning else ""
        known = {**self.titles, **dict(self.columns(of))}
        return known.get(meaning) or " · ".join(self._piece(known, part) for part in meaning.split("&"))

    @staticmethod
    def _piece(known: dict[str, str], part: str) -> str:
        kind, _colon, value = part.partition(":")
        return known.get(part) or "＋".join(known.get(f"{kind}:{one}", one) for one in value.split("+"))

    def allowed(self, slot: Slot, meaning: str, of: str) -> bool:
        """Tell whether a meaning is one that may be answered for a slot."""
        known = {key for key, _title in self.choices(slot, of)}
        if meaning in known:
            return True
        if slot.role in {"above", "line", "pair"}:
            parts = meaning.split("&")
            pieces = [f"{part.partition(':')[0]}:{one}" for part in parts for one in part.partition(":")[2].split("+")]
            return len(pieces) > 1 and all(piece in known and piece != LEAVE for piece in pieces)
        # What standard forms take, though no method here has it: it stays empty.
        return slot.role in {"column", "card"} and of in {"matter", "measure"} and meaning in _standard()

    @cached_property
    def titles(self) -> dict[str, str]:
        """Every meaning but those of columns, by its key."""
        return dict([*_heads(), *self.summary, *self.rows, *self.figures])

    @cached_property
    def methods(self) -> list[tuple[str, MethodInfo]]:
        """The methods in use there."""
        return [(use.key, info_of(use.version_id)) for use in methods_in(self.area_code)]

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kinds of matters there: key → title; one that methods call differently has all its titles."""
        found: dict[str, dict[str, None]] = {}
        for _key, info in self.methods:
            field = info.file.fields.get("category")
            for key in field.options if field else ():
                found.setdefault(key, {})[_pair(*info.option("category", key))] = None
        return {key: " / ".join(titles) for key, titles in found.items()}

    @cached_property
    def rows(self) -> list[Choice]:
        """What a table with a row for each subject may list."""
        called = {
            "matter": _("所有事项，一件一行"),
            "measure": _("每项措施一行"),
            "visit": _("每次走访一行"),
            "meeting": _("每次会议一行"),
            "activity": _("每次活动一行"),
        }
        found = [(f"rows:{of}", called[of]) for of in OF]
        when = {
            "open": _("期末还没办结的"), "closed": _("这段时间办结的"), "carried": _("上期结转、期初还没办结的"),
            "all": _("这段时间登记的，加上期结转的"),
        }  # fmt: skip
        found += [(f"rows:matter?when={scope}", _("事项：%(which)s") % {"which": said}) for scope, said in when.items()]
        narrow = list(self._narrow())
        found += [(f"rows:matter?{where}", _("只填%(kind)s") % {"kind": name}) for where, name in narrow]
        return found + [
            (f"rows:matter?{where}&when={scope}", _("只填%(kind)s") % {"kind": f"{name}（{said}）"})
            for where, name in narrow
            for scope, said in when.items()
        ]

    @cached_property
    def figures(self) -> list[Choice]:
        """What a table of figures may count."""
        found = [("figures:", _("所有事项的数字"))]
        return found + [(f"figures:{where}", _("只数%(kind)s") % {"kind": name}) for where, name in self._narrow()]

    def _narrow(self) -> Iterator[Choice]:
        """Yield what rows or figures can be narrowed to: the matters of one method, or of one kind."""
        for key, info in self.methods:
            yield f"method={key}", _("“%(name)s”的事项") % {"name": _pair(*info.title)}
        for key, name in self.kinds.items():
            yield f"category={key}", _("类别“%(name)s”的事项") % {"name": name}

    def columns(self, of: str) -> list[Choice]:
        """Return what a column of a table of such subjects may take."""
        if of not in self._columns:
            self._columns[of] = self._columns_of(of)
        return self._columns[of]

    def _columns_of(self, of: str) -> list[Choice]:
        source = SOURCES.get(of)
        if source is None:
            return []
        found = [(key, _pair(one.zh, one.en)) for key, one in source.known.items()]
        if of in {"matter", "visit"}:
            found.append(("where", _("区域和具体位置")))
        return found + (self._fields() if of in {"matter", "measure"} else [])

    def _fields(self) -> list[Choice]:
        found: dict[str, str] = {}
        for _key, info in self.methods:
            for key in info.fields:
                if key not in {"title", "text", "category", "urgency"}:
                    found.setdefault(f"field:{key}", _pair(*info.fields[key]))
            if "measure" in info.fields:
                found.setdefault("all:measure", _("历次措施"))
            for role in info.responsible:
                found.setdefault(f"party:{role}", _pair(*info.role(role)))
        return list(found.items())

    @cached_property
    def summary(self) -> list[Choice]:
        """What a line or column of a summary may say."""
        found = [(f"measure:{key}", one.title.say(get_language() or "")) for key, one in definitions().items()]
        found += [
            ("measure:open", _("期末在办（未办结）")),
            ("measure:carried", _("期初在办（上期结转）")),
            ("measure:ratio:settled/collected", _("办结数 ÷ 收集数")),
            ("measure:ratio:solved/settled", _("解决数 ÷ 办结数")),
            ("span:month", _("本月")),
            ("span:quarter", _("本季度")),
            ("span:year", _("本年累计")),
            ("span:before", _("上月")),
            ("span:prior", _("上一期")),
            ("span:last_year", _("去年同期")),
            ("compare:yoy", _("同比（增减百分比）")),
            ("compare:yoy_n", _("比去年同期增减多少")),
            ("compare:mom", _("环比（增减百分比）")),
            ("compare:mom_n", _("比上一期增减多少")),
            ("compare:share", _("占合计的比重")),
            ("total:", _("合计")),
            ("total:part", _("小计")),
            ("none:", _("只是分组，不影响填什么")),
        ]
        found += [(f"category:{key}", name) for key, name in self.kinds.items()]
        codes = list(dict.fromkeys(self.place.areas.values()))
        called = area_names(codes) if codes else {}
        return found + [(f"area:{code}", called.get(code, code)) for code in codes]


def _pair(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") and en else zh


def _heads() -> list[Choice]:
    return [
        ("head:unit", _("填报单位")),
        ("head:filler", _("填报人")),
        ("head:date", _("填报日期（今天）")),
        ("head:until", _("截至日期")),
        ("head:since", _("开始日期")),
        ("head:period", _("时段（年月）")),
    ]


@cache
def _standard() -> frozenset[str]:
    known = words()
    return frozenset(value for columns in known.items.values() for value in columns.values()) | frozenset(
        value for context in known.contexts for value in context.columns.values()
    )
