"""A template becomes a draft: words, numbers with their questions, tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bihuan.reporting.bulletins import values, wording
from bihuan.reporting.bulletins.reader import Reader
from bihuan.reporting.bulletins.section import BulletinSpec
from bihuan.reporting.bulletins.wording import ALL, Condition, Line, Only, Slot, kept
from bihuan.reporting.documents import Annex, Block, Heading, Items, Para, Table
from bihuan.reporting.figures.shapes import FigureValue

_SPLIT_HEADS = {"category": "类别", "channel": "渠道", "outcome": "办结方式", "urgency": "紧急程度"}


@dataclass(slots=True)
class Filled:
    """A filled template; ``questions`` says of each number, by its name, what it answers."""

    title: str
    issuer: str
    code: str
    to: str
    copies: str
    blocks: list[Block]
    questions: dict[str, dict[str, Any]] = field(default_factory=dict)


def fill(spec: BulletinSpec, reader: Reader) -> Filled:
    """Fill a template by what a reader tells."""
    questions: dict[str, dict[str, Any]] = {}
    heads = {
        name: _one(getattr(spec, name), reader, questions) for name in ("heading", "issuer", "code", "to", "copies")
    }
    blocks = fill_text(spec.text, reader, questions)
    plain = {name: wording.plain(text) for name, text in heads.items()}
    return Filled(
        plain["heading"], plain["issuer"], plain["code"], plain["to"], plain["copies"], blocks, questions
    )  # fmt: skip


def fill_text(text: str, reader: Reader, questions: dict[str, dict[str, Any]]) -> list[Block]:
    """Fill a text; what its numbers answer is added to ``questions``."""
    reading = wording.read(text)
    reader.want(reading.asked())
    blocks: list[Block] = []
    items: list[str] = []
    for line in reading.lines:
        if line.condition and not _holds(line.condition, reader):
            continue
        if line.kind == "item":
            items.append(_words(line, reader, questions))
            continue
        if items:
            blocks.append(Items(tuple(items)))
            items = []
        blocks += _blocks(line, reader, questions)
    return [*blocks, Items(tuple(items))] if items else blocks


def _holds(condition: Condition, reader: Reader) -> bool:
    return (not reader.figure(condition.figure, condition.only).value) is condition.zero


def _blocks(line: Line, reader: Reader, questions: dict[str, dict[str, Any]]) -> list[Block]:
    if line.kind == "alone":
        return _alone(next(iter(line.slots())), reader, questions)
    words = _words(line, reader, questions)
    if line.kind == "annex":
        return [Annex(words)]
    return [Heading(line.level, words)] if line.kind == "heading" else [Para(words)]


def _one(text: str, reader: Reader, questions: dict[str, dict[str, Any]]) -> str:
    return "".join(_words(line, reader, questions) for line in wording.read(text).lines)


def _words(line: Line, reader: Reader, questions: dict[str, dict[str, Any]]) -> str:
    return "".join(
        piece if isinstance(piece, str) else _slot(piece, reader, questions) for piece in line.pieces
    )  # fmt: skip


def _slot(slot: Slot, reader: Reader, questions: dict[str, dict[str, Any]]) -> str:
    if slot.word in {"figure", "change"}:
        question = {
            "word": slot.word,
            "key": slot.arguments[0],
            "when": (*slot.arguments[1:], "")[0],
            **_only(slot.only),
        }
        name, value = answer(question, reader)
        return kept(_named(name, question, questions), value)
    if slot.word == "blank":
        return f"【请填写：{slot.arguments[0]}】" if slot.arguments[0] else "【请填写】"
    return reader.meeting(slot.arguments[0]) if slot.word == "meeting" else reader.word(slot.word)


def _only(only: Only) -> dict[str, Any]:
    return {"only": only.as_json()} if only != ALL else {}


def only_of(question: Mapping[str, Any]) -> Only:
    """Return what a stored question is narrowed to."""
    return Only(**question.get("only", {}))


def answer(question: dict[str, Any], reader: Reader) -> tuple[str, str]:
    """Return what a number is called and what it is now."""
    only = only_of(question)
    if question["word"] == "split":
        parts = reader.split(question["key"], question["dim"], only)
        found = [one for one in parts if one.split_value == question["value"]]
        if not found:
            return question.get("name", question["key"]), "0"
        return f"{found[0].title}·{found[0].split_title}", values.written(found[0].value, found[0].unit)
    one = reader.figure(question["key"], only)
    if question["word"] == "change":
        return f"{one.title}·比上期", values.change(one.value, one.before, one.unit)
    if question.get("when") == "before":
        return f"{one.title}·上期", values.written(one.before, one.unit)
    return one.title, values.written(one.value, one.unit)


def _named(name: str, question: dict[str, Any], questions: dict[str, dict[str, Any]]) -> str:
    """Return a name under which the question stands: two questions never share one."""
    name = "".join(sign for sign in name if sign not in "{}=\n|")[:36]
    free, count = name, 1
    while free in questions and _same(questions[free]) != _same(question):
        count += 1
        free = f"{name}{count}"
    questions[free] = question
    return free


def _same(question: dict[str, Any]) -> tuple[Any, ...]:
    return (*(question.get(key, "") for key in ("word", "key", "when", "dim", "value")), only_of(question))


def _alone(slot: Slot, reader: Reader, questions: dict[str, dict[str, Any]]) -> list[Block]:
    if slot.word == "items":
        return reader.items()
    if slot.word == "register":
        key, most, *more = slot.arguments
        table = reader.register(key, int(most), slot.only, during=bool(more))
        return [table] if table.rows else [Para("本期没有。")]
    key, dim = slot.arguments
    rows = [_row(one, slot, questions) for one in reader.split(key, dim, slot.only)]
    return [Table((_SPLIT_HEADS[dim], "件数"), tuple(rows))] if rows else []


def _row(one: FigureValue, slot: Slot, questions: dict[str, dict[str, Any]]) -> tuple[str, str]:
    key, dim = slot.arguments
    title = one.split_title.replace("|", "／")
    question = {"word": "split", "key": key, "dim": dim, "value": one.split_value, "name": title, **_only(slot.only)}
    name = _named(f"{one.title}·{title}", question, questions)
    return title, kept(name, values.written(one.value, one.unit))
