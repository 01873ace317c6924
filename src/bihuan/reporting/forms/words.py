"""What forms call things (``standard/headings.yaml``) and what a place calls its kinds and areas. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bihuan.reporting.sheets.values import bare, bracketed, plain

_FILE = Path(__file__).resolve().parent.parent / "standard" / "headings.yaml"
_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|\d{1,2}[.、)](?!\d))")
_NUMBERED = re.compile(r"(?<=[\u4e00-\u9fff])\d{1,2}$")  # 协办单位1
_LONGEST = 200  # characters of a heading that are looked at
_GROUP = re.compile(r"(基本情况|基本信息|情况|信息)$")
_OPTIONAL = re.compile(r"[,，;；]?(如有|若有|可选|选填|没有填“?无”?|没有的填“?无”?|可另附|必填|下拉选择)$")


@dataclass(frozen=True, slots=True)
class Context:
    """What a table is about by its title: which subjects stand in its rows, and what its columns are called there."""

    key: str
    of: str
    words: tuple[str, ...]
    where: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)  # heading → value
    unless: tuple[str, ...] = ()
    sure: bool = True  # the title alone tells which subjects are listed; else it is asked
    counted: bool = True  # it tells which are counted
    unsure: frozenset[str] = frozenset()  # headings that are asked here, though elsewhere known


@dataclass(frozen=True, slots=True)
class Words:
    """Headings → meanings. Every key is ``heading(text)``."""

    heads: Mapping[str, str]
    contexts: tuple[Context, ...]
    items: Mapping[str, Mapping[str, str]]
    needed: Mapping[str, tuple[frozenset[str], ...]]
    generic: frozenset[str]
    serial: frozenset[str]
    hand: frozenset[str]
    absent: frozenset[str]
    figures: Mapping[str, str]
    units: Mapping[str, frozenset[str]]
    amounts: frozenset[str]
    groups: frozenset[str]
    spans: Mapping[str, str]
    compare: Mapping[str, str]
    compare_either: Mapping[str, str]  # told by the unit in brackets alone
    totals: frozenset[str]
    scopes: Mapping[str, tuple[str, ...]]
    unit_columns: frozenset[str]

    def known(self, text: str) -> bool:
        """Tell whether a text is a heading that some form uses."""
        word = heading(text)
        return (
            word in self.serial or word in self.hand or word in self.absent or word in self.figures
            or any(word in columns for columns in self.items.values())
        )  # fmt: skip

    def context(self, *texts: str) -> Context | None:
        """Return what a table with these titles is about; the first title that says something decides."""
        for text in texts:
            said = plain(text)
            for context in self.contexts:
                if any(word in said for word in context.words) and not any(word in said for word in context.unless):
                    return context
        return None

    def column(self, path: tuple[str, ...], of: str, context: Context | None) -> str:
        """Return what a column of a table with one row for each subject takes; "" where it is not known."""
        columns = {**self.items.get(of, {}), **(context.columns if context and context.of == of else {})}
        parts = [word for word in map(heading, path) if word]
        if not parts or (context and parts[-1] in context.unsure):
            return ""
        if len(parts) > 1:
            joined = _GROUP.sub("", parts[-2]) + parts[-1]
            if joined in columns or parts[-1] in self.generic:
                return columns.get(joined, "")
        return columns.get(parts[-1], "")

    def figure(self, word: str) -> tuple[str, str]:
        """Return (figure, span) that a heading names: "本月办结数" is (settled, month); empty where it names none."""
        if word in self.figures:
            return self.figures[word], ""
        for said, span in sorted(self.spans.items(), key=lambda pair: -len(pair[0])):
            for rest in (word.removeprefix(said), word.removesuffix(said)):
                if rest != word and rest.removeprefix("的") in self.figures:
                    return self.figures[rest.removeprefix("的")], span
        return "", ""

    def compared(self, text: str) -> str:
        """Return what 同比, 环比 or 占比 in a heading asks for: "yoy", "mom_n", "share" …; "" where it is none."""
        word, said = heading(text), unit(text)
        if word in self.compare_either:
            counted = any(said in units for kind, units in self.units.items() if kind != "percent")
            percent = said in self.units["percent"]
            return self.compare_either[word] + ("_n" if counted else "") if counted or percent else ""
        found = self.compare.get(word, "")
        if found and not found.endswith("_n") and said and said not in self.units["percent"]:
            return f"{found}_n" if found != "share" and any(said in units for units in self.units.values()) else ""
        return found

    def alike(self, path: tuple[str, ...], of: str) -> tuple[str, ...]:
        """Return the values that a heading reminds of, likeliest first: proposals, never filled by themselves."""
        word = heading(path[-1]) if path else ""
        return _alike(word, self.items.get(of, {}))

    def alike_figures(self, text: str) -> tuple[str, ...]:
        """Return the figures that a heading reminds of, likeliest first."""
        return _alike(heading(text), self.figures)


@dataclass(frozen=True, slots=True)
class Place:
    """What is called how where the form is filled.

    ``categories``: title → key; one title of several kinds is no name of any. ``owners``: kind → methods that have it.
    ``areas``: name → code, of the area itself and what lies directly below it; ``methods``: the keys of those in use.
    """

    areas: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, frozenset[str]] = field(default_factory=dict)
    likely: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # title → kinds that some method calls so
    figures: Mapping[str, str] = field(default_factory=dict)  # key → what it is counted in ("matters", "percent" …)
    methods: frozenset[str] = frozenset()

    def fits(self, context: Context) -> bool:
        """Tell whether what a context narrows to exists here."""
        kind, method = context.where.get("category"), context.where.get("method")
        return (kind is None or kind in self.owners) and (method is None or method in self.methods)

    def category(self, text: str) -> str:
        """Return the kind that a heading names; "" where none or several are called so."""
        return self.categories.get(heading(text), "")

    def area(self, text: str) -> str:
        """Return the code of the area that a heading names; "" where there is none."""
        return self.areas.get(heading(text), "")


def place(
    *,
    areas: Iterable[tuple[str, str]],
    categories: Iterable[tuple[str, str, str]],
    figures: Mapping[str, str],
    methods: Iterable[str],
) -> Place:
    """Return a place's names. A name of two different things is no name of either.

    Args:
        areas: (name, code).
        categories: (title, key, key of the method that has this kind).
        figures: key → what it is counted in.
        methods: the keys of those in use.
    """
    kinds = list(categories)
    titles: dict[str, set[str]] = {}
    owners: dict[str, set[str]] = {}
    for title, key, method in kinds:
        titles.setdefault(key, set()).add(heading(title))
        owners.setdefault(key, set()).add(method)
    # Kinds are counted by their keys: one that two methods call differently has no number of its own.
    named = _unique((title, key) for title, key, _method in kinds if len(titles[key]) == 1)
    likely: dict[str, tuple[str, ...]] = {}
    for title, key, _method in kinds:
        likely[heading(title)] = tuple(dict.fromkeys((*likely.get(heading(title), ()), key)))
    return Place(
        _unique(areas),
        named,
        {key: frozenset(some) for key, some in owners.items()},
        likely,
        figures,
        frozenset(methods),
    )


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for name, key in pairs:
        if heading(name):
            found.setdefault(heading(name), set()).add(key)
    return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}


def heading(text: str) -> str:
    """Return a heading made comparable: without numbering, unit, hints, blanks and signs."""
    word = _ORDINAL.sub("", _OPTIONAL.sub("", bare(text[:_LONGEST])))
    word = word.removeprefix("其中").lstrip(":").rstrip(":、,，。.")
    return _NUMBERED.sub("", word)


def unit(text: str) -> str:
    """Return the unit that stands in a heading's brackets, "" where none does."""
    return bracketed(text[:_LONGEST])


@cache
def words() -> Words:
    """Return what ships."""
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    items = {of: _turned(columns) for of, columns in data["items"].items()}
    items["measure"] = {**items["matter"], **items["measure"]}
    ratios = {f"ratio:{key}": said for key, said in data["ratios"].items()}
    return Words(
        heads=_turned(data["heads"]),
        contexts=tuple(_context(item) for item in data["contexts"]),
        items=items,
        needed={of: tuple(frozenset(one) for one in several) for of, several in data["needed"].items()},
        generic=_set(data["generic"]),
        serial=_set(data["serial"]),
        hand=_set(data["hand"]),
        absent=_set(data["absent"]),
        figures=_turned({**data["figures"], **ratios}),
        units={kind: frozenset(plain(one) for one in said) for kind, said in data["units"].items()},
        amounts=_set(data["amounts"]),
        groups=_set(data["groups"]),
        spans=_turned(data["spans"]),
        compare=_turned(data["compare"]),
        compare_either=_turned(data["compare_either"]),
        totals=_set(data["totals"]),
        scopes={scope: tuple(map(plain, said)) for scope, said in data["scopes"].items()},
        unit_columns=_set(data["unit_columns"]),
    )


def _context(item: Mapping[str, Any]) -> Context:
    columns = _turned(item.get("columns", {}))
    return Context(
        item["key"],
        item["of"],
        tuple(map(str, item["words"])),
        item.get("where", {}),
        columns,
        tuple(map(str, item.get("unless", ()))),
        item.get("sure", True) is True,
        bool(item.get("sure", True)),
        _set(item.get("unsure", ())),
    )


def _turned(said: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {heading(str(word)): key for key, several in said.items() for word in several}


def _set(several: Iterable[str]) -> frozenset[str]:
    return frozenset(heading(str(word)) for word in several)


def _alike(word: str, known: Mapping[str, str]) -> tuple[str, ...]:
    if len(word) < 2:
        return ()
    scored = sorted(
        ((_score(word, other), key) for other, key in known.items() if len(other) > 1), key=lambda pair: -pair[0]
    )
    return tuple(dict.fromkeys(key for score, key in scored if score >= 0.6))[:3]


def _score(word: str, other: str) -> float:
    return max(SequenceMatcher(None, word, other).ratio(), 0.75 if other in word or word in other else 0)
