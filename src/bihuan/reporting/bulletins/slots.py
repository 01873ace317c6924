"""The words that may stand in braces, what each needs, and what is read of a template. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

MOST_ARGUMENTS = 4

WORDS: dict[str, str] = {
    "指标": "figure", "figure": "figure",
    "比上期": "change", "change": "change",
    "区域": "area", "area": "area",
    "期间": "period", "period": "period",
    "年": "year", "year": "year",
    "今天": "today", "today": "today",
    "公示期": "window", "window": "window",
    "填写": "blank", "blank": "blank",
    "若": "if", "if": "if",
    "分列": "split", "split": "split",
    "台账": "register", "register": "register",
    "会议": "meeting", "meeting": "meeting",
    "议题": "items", "items": "items",
}  # fmt: skip
ALONE = frozenset({"split", "register", "items"})  # words that are a line of their own
SPLITS = {
    "类别": "category", "category": "category",
    "渠道": "channel", "channel": "channel",
    "办结方式": "outcome", "outcome": "outcome",
    "紧急程度": "urgency", "urgency": "urgency",
}  # fmt: skip
MEETING = {
    "名称": "title", "title": "title",
    "时间": "when", "when": "when",
    "地点": "place", "place": "place",
    "主持": "chair", "chair": "chair",
    "记录": "keeper", "keeper": "keeper",
    "应到": "due", "due": "due",
    "实到": "came", "came": "came",
    "法定人数": "quorum", "quorum": "quorum",
}  # fmt: skip
ONLY = {
    "工作法": "method", "method": "method",
    "类别": "category", "category": "category",
    "区域": "area", "area": "area",
}  # fmt: skip
NARROWED = frozenset({"figure", "change", "split", "register", "if"})  # words that count or list matters
DURING = frozenset({"本期", "during"})  # of a register: only what was recorded in the period
BEFORE = frozenset({"上期", "before"})
ZERO = {"为零": True, "zero": True, "不为零": False, "some": False}


@dataclass(frozen=True, slots=True)
class Only:
    """Which matters are counted or listed: of one method, of one kind, of one area; "" leaves it open."""

    method: str = ""
    category: str = ""
    area: str = ""

    def as_json(self) -> dict[str, str]:
        """Return what is said, by name."""
        said = {"method": self.method, "category": self.category, "area": self.area}
        return {name: value for name, value in said.items() if value}

    def under(self, other: Only) -> Only:
        """Return both together; what this one says goes first."""
        return Only(self.method or other.method, self.category or other.category, self.area or other.area)


ALL = Only()


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands in braces: a word and what it needs, in canonical words."""

    word: str
    arguments: tuple[str, ...] = ()
    said: str = ""  # as it was written
    only: Only = ALL


@dataclass(frozen=True, slots=True)
class Condition:
    """Only where a figure is zero (or is not)."""

    figure: str
    zero: bool
    only: Only = ALL


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a template."""

    number: int
    kind: Literal["para", "heading", "item", "alone", "annex"]
    pieces: tuple[str | Slot, ...]
    level: int = 0
    condition: Condition | None = None

    def slots(self) -> Iterable[Slot]:
        """Yield what stands in braces."""
        return (piece for piece in self.pieces if isinstance(piece, Slot))


@dataclass(frozen=True, slots=True)
class Mistake:
    """What cannot be read of a template: where, why and how to mend it, in both languages."""

    line: int
    code: str
    zh: str
    en: str
    mend: str
    mend_en: str


def taken_off(words: list[str]) -> tuple[list[str], Only | None]:
    """Take 类别:facility and the like from the words; None where one of them says nothing, or the same twice."""
    said: dict[str, str] = {}
    rest: list[str] = []
    good = True
    for word in words:
        name, colon, value = word.replace("：", ":").partition(":")
        if colon and name in ONLY:
            good = good and bool(value) and ONLY[name] not in said
            said[ONLY[name]] = value
        else:
            rest.append(word)
    return rest, Only(**said) if good else None


Args = tuple[str, ...]


def _figure(given: Args) -> Args | None:
    if len(given) == 2 and given[1] in BEFORE:
        return given[0], "before"
    return given if len(given) == 1 else None


def _split(given: Args) -> Args | None:
    return (given[0], SPLITS[given[-1]]) if len(given) > 1 and given[-1] in SPLITS else None


def _register(given: Args) -> Args | None:
    if not given:
        return None
    most = next((word for word in given[1:] if word.isdecimal()), "20")
    return (given[0], most, "during") if DURING & set(given[1:]) else (given[0], most)


def _meeting(given: Args) -> Args | None:
    return (MEETING[given[0]],) if len(given) == 1 and given[0] in MEETING else None


_SHAPES: dict[str, tuple[Callable[[Args], Args | None], str, str]] = {
    "figure": (_figure, "写成 {指标 代号} 或 {指标 代号 上期}。", "Write {figure <key>} or {figure <key> before}."),
    "change": (lambda given: given if len(given) == 1 else None, "写成 {比上期 代号}。", "Write {change <key>}."),
    "split": (
        _split,
        "写成 {分列 代号 按 类别}（或渠道、办结方式、紧急程度）。",
        "Write {split <key> by category} (or channel, outcome, urgency).",
    ),
    "register": (
        _register,
        "写成 {台账 代号 10} 或 {台账 代号 10 本期}。",
        "Write {register <key> 10} or {register <key> 10 during}.",
    ),
    "meeting": (
        _meeting,
        "写成 {会议 时间}；可写：名称、时间、地点、主持、记录、应到、实到、法定人数。",
        "Write {meeting when}; there are: title, when, place, chair, keeper, due, came, quorum.",
    ),
    "blank": (lambda given: (" ".join(given),), "", ""),
    "if": (lambda given: None, "{若 …} 要写在一行的开头。", "{if …} stands at the head of a line."),  # noqa: ARG005
}


def arguments(key: str, given: Args, said: str) -> tuple[Slot | None, tuple[str, str] | None]:
    """Return a slot with canonical words, or how it should be written."""
    if key not in _SHAPES:
        return Slot(key, given, said), None
    shape, zh, en = _SHAPES[key]
    found = shape(given)
    return (None, (zh, en)) if found is None else (Slot(key, found, said), None)
