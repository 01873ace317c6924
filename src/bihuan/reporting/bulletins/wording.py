"""What may stand in a template between braces, and how its lines are read. Pure.

A line is a paragraph. ``# `` and ``## `` before it make it a heading, ``- `` an item of a list, ``【附件】`` the
title of an attachment, to which all that follows belongs. In braces stands one
word and what it needs, in Chinese or English:

=============================  ==========================================================================
``{指标 collected}``            the figure of the period; ``{指标 collected 上期}`` of the one before
``{比上期 collected}``          比上期增加2件, 减少2件, 持平
``{区域} {期间} {年} {今天}``      the area, the period, the year, today
``{公示期}``                     how long objections are heard
``{填写 原因}``                  a blank: it must be filled in before the text is checked
``{若 late 为零}``               at the head of a line: only then is the line there; also ``不为零``
``{分列 collected 按 类别}``       alone on a line: a table of the figure by 类别, 渠道, 办结方式, 紧急程度
``{台账 livelihood 10}``         alone on a line: a table of the register's lines, at most so many; with ``本期`` of
                               matters recorded in the period alone
``{会议 时间}``                  of the meeting it is written of: 名称 时间 地点 主持 记录 应到 实到 法定人数
``{议题}``                       alone on a line: each item with its result, who answers for it, until when
=============================  ==========================================================================

What counts or lists matters may be narrowed: ``{指标 collected 类别:facility}``, ``{台账 livelihood_card 10
工作法:yinhuan-liuding}``, ``{若 late 不为零 区域:410802004004012}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bihuan.reporting.bulletins.slots import (
    ALL,
    ALONE,
    MOST_ARGUMENTS,
    NARROWED,
    WORDS,
    ZERO,
    Condition,
    Line,
    Mistake,
    Only,
    Slot,
    arguments,
    taken_off,
)

__all__ = [
    "ALL",
    "BLANK",
    "KEPT",
    "Condition",
    "Line",
    "Mistake",
    "Only",
    "Reading",
    "Slot",
    "kept",
    "parts",
    "plain",
    "read",
]

_BRACES = re.compile(r"\{([^{}\n]*)\}")
_HEADING = re.compile(r"^(#{1,4})\s*(.*)$")
_ANNEX = re.compile(r"^【附件】\s*(.*)$")
_ITEM = re.compile(r"^[-•]\s+(.*)$")


@dataclass(frozen=True, slots=True)
class Reading:
    """A template's lines, and every mistake in it."""

    lines: tuple[Line, ...]
    mistakes: tuple[Mistake, ...]

    def figures(self) -> dict[str, int]:
        """Return the figures that it asks for, each with the first line that does."""
        found: dict[str, int] = {}
        for line in self.lines:
            if line.condition:
                found.setdefault(line.condition.figure, line.number)
            for slot in line.slots():
                if slot.word in {"figure", "change", "split"}:
                    found.setdefault(slot.arguments[0], line.number)
        return found

    def asked(self) -> list[tuple[str, Only]]:
        """Return the figures that are read whole, each with what it is narrowed to."""
        found = [(line.condition.figure, line.condition.only) for line in self.lines if line.condition]
        for line in self.lines:
            found += [(slot.arguments[0], slot.only) for slot in line.slots() if slot.word in {"figure", "change"}]
        return list(dict.fromkeys(found))

    def narrowed(self) -> list[tuple[int, Only]]:
        """Return what is said of which matters count, each with its line."""
        found = [(line.number, line.condition.only) for line in self.lines if line.condition]
        found += [(line.number, slot.only) for line in self.lines for slot in line.slots()]
        return [(number, only) for number, only in found if only != ALL]

    def registers(self) -> dict[str, int]:
        """Return the registers that it asks for, each with the first line that does."""
        found: dict[str, int] = {}
        for line in self.lines:
            for slot in line.slots():
                if slot.word == "register":
                    found.setdefault(slot.arguments[0], line.number)
        return found


def read(text: str) -> Reading:
    """Read a template; every mistake is told, none stops the reading."""
    mistakes: list[Mistake] = []
    lines = []
    for number, raw in enumerate(text.splitlines(), start=1):
        if raw.strip():
            lines.append(_line(number, raw.strip(), mistakes))
    return Reading(tuple(lines), tuple(mistakes))


def _line(number: int, raw: str, mistakes: list[Mistake]) -> Line:
    rest, condition = _condition(number, raw, mistakes)
    if heading := _HEADING.match(rest):
        return Line(number, "heading", _pieces(number, heading[2], mistakes), len(heading[1]), condition)
    if annex := _ANNEX.match(rest):
        return Line(number, "annex", _pieces(number, annex[1], mistakes), 0, condition)
    if item := _ITEM.match(rest):
        return Line(number, "item", _pieces(number, item[1], mistakes), 0, condition)
    pieces = _pieces(number, rest, mistakes)
    alone = [piece for piece in pieces if isinstance(piece, Slot) and piece.word in ALONE]
    if alone and len(pieces) > 1:
        mistakes.append(
            Mistake(number, "not-alone", f"{{{alone[0].said}}}要单独占一行。", f"{{{alone[0].said}}} stands alone.",
                    "把它和别的字分成两行。", "Give it a line of its own.")
        )  # fmt: skip
    return Line(number, "alone" if alone else "para", pieces, 0, condition)


def _condition(number: int, raw: str, mistakes: list[Mistake]) -> tuple[str, Condition | None]:
    """Take ``{若 late 为零}`` off the head of a line."""
    found = _BRACES.match(raw)
    words = found[1].split() if found else []
    if found is None or not words or WORDS.get(words[0]) != "if":
        return raw, None
    rest = raw[found.end() :].strip()
    words, only = taken_off(words)
    if len(words) != 3 or words[2] not in ZERO or only is None:
        mistakes.append(
            Mistake(number, "bad-condition", f"看不懂{{{found[1]}}}。", f"{{{found[1]}}} cannot be read.",
                    "写成 {若 指标代号 为零} 或 {若 指标代号 不为零}。",
                    "Write {if <figure> zero} or {if <figure> some}.")
        )  # fmt: skip
        return rest, None
    return rest, Condition(words[1], ZERO[words[2]], only)


def _pieces(number: int, text: str, mistakes: list[Mistake]) -> tuple[str | Slot, ...]:
    pieces: list[str | Slot] = []
    at = 0
    for found in _BRACES.finditer(text):
        if found.start() > at:
            pieces.append(text[at : found.start()])
        if slot := _slot(number, found[1].strip(), mistakes):
            pieces.append(slot)
        at = found.end()
    if at < len(text):
        pieces.append(text[at:])
    if any(isinstance(piece, str) and ("{" in piece or "}" in piece) for piece in pieces):
        mistakes.append(
            Mistake(number, "open-brace", "花括号没有成对。", "A brace has no partner.",
                    "每个 { 都要有一个 }，中间不换行。", "Each { needs its } on the same line.")
        )  # fmt: skip
    return tuple(pieces)


def _slot(number: int, said: str, mistakes: list[Mistake]) -> Slot | None:
    words = said.split()
    key = WORDS.get(words[0]) if words else None
    if key is None:
        names = "、".join(word for word in WORDS if word > "一")
        english = ", ".join(word for word in WORDS if word < "一")
        mistakes.append(
            Mistake(number, "unknown-word", f"花括号里的“{said}”看不懂。", f"'{said}' in braces is not known.",
                    f"可写：{names}。", f"There are: {english}.")
        )  # fmt: skip
        return None
    words, only = taken_off(words) if key in NARROWED else (words, ALL)
    slot, wrong = arguments(key, tuple(words[1 : 1 + MOST_ARGUMENTS]), said)
    if only is None:
        slot, wrong = None, ("写成 工作法:代号、类别:代号、区域:编号，各写一次。",
                             "Write method:<key>, category:<key>, area:<code>, each once.")  # fmt: skip
    if wrong:
        mend, mend_en = wrong
        mistakes.append(
            Mistake(number, "bad-words", f"{{{said}}}写得不完整。", f"{{{said}}} is not complete.", mend, mend_en)
        )
        return None
    return replace(slot, only=only) if slot is not None and only else slot


# In a draft a number stands as {名称=值}: it keeps its question, and is read again when the text is checked.
KEPT = re.compile(r"\{([^{}=\n]{1,40})=([^{}=\n]{0,40})\}")
BLANK = re.compile(r"【请填写[^】]*】")


def kept(name: str, value: str) -> str:
    """Return how a number stands in a draft."""
    return f"{{{name}={value}}}"


def plain(text: str) -> str:
    """Return a text as it is read: of each number its value alone."""
    return KEPT.sub(lambda found: found[2], text)


def parts(text: str, known: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return a text in parts: words with "", numbers with the name of their question."""
    found: list[tuple[str, str]] = []
    at = 0
    for match in KEPT.finditer(text):
        if match.start() > at:
            found.append((text[at : match.start()], ""))
        found.append((match[2], match[1] if match[1] in known else ""))
        at = match.end()
    if at < len(text):
        found.append((text[at:], ""))
    return found
