"""A document as data: what is said in it, not how it is set. No Django, no Word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Day = date  # a document has a field of that name
Form = Literal["gongwen", "xinhan", "jiyao"]
FORMS: dict[str, tuple[str, str]] = {
    "gongwen": ("公文", "official document"),
    "xinhan": ("信函", "letter"),
    "jiyao": ("纪要", "minutes"),
}
_NUMERALS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; its first line is indented by two characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4: 一、 （一） 1. （1）; it is numbered when the document is written."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list; each item is numbered and set as a paragraph."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head that is repeated on each page; ``widths`` are shares of the width of the text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """Where an attachment (附件) begins: what follows belongs to it, on a page of its own."""

    title: str


Block = Para | Heading | Items | Table | Annex


@dataclass(frozen=True, slots=True)
class People:
    """Who was there, in minutes: a label (出席, 请假, 列席) and names."""

    label: str
    names: str


@dataclass(frozen=True, slots=True)
class Document:
    """An official document.

    Attributes:
        form: gongwen (公文), xinhan (信函) or jiyao (纪要).
        issuer: 发文机关; the mark is its name and 文件, in minutes with 纪要 (unless ``mark`` says otherwise).
        number: 发文字号 as it is printed: 解民生〔2024〕1号; "" for a draft.
        title: set in 二号; a line break is kept.
        to: 主送机关, without colon.
        blocks: the text; what follows an ``Annex`` is that attachment.
        mark: 发文机关标志, where it is not the issuer's name and 文件.
        secrecy, urgency, copy_number: 密级和保密期限, 紧急程度, 份号.
        attachments: names of attachments that come apart; those that follow in the text are named by themselves.
        signature: 署名; the issuer's name where "" (minutes have none).
        date: 成文日期.
        people: who was there, in minutes.
        note: 附注, in brackets below the date.
        joint: of 联合行文 the other offices, in their order; ``issuer`` is the one in charge (主办).
        signers: 签发人 of a document to a superior (上行文), in the order of their offices.
        sealed: seals are stamped on the signatures; else names and date stand closer (不加盖印章的公文).
        both_sides: printed on both sides, so that the 版记 stands on an even page.
        copies: 抄送机关.
        printed_by, printed_on: 印发机关, 印发日期.
    """

    form: Form
    issuer: str
    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    to: str = ""
    mark: str = ""
    secrecy: str = ""
    urgency: str = ""
    copy_number: str = ""
    attachments: tuple[str, ...] = ()
    signature: str = ""
    date: Day | None = None
    people: tuple[People, ...] = field(default=())
    note: str = ""
    joint: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    sealed: bool = True
    both_sides: bool = True
    copies: str = ""
    printed_by: str = ""
    printed_on: Day | None = None

    @property
    def issuers(self) -> tuple[str, ...]:
        """All offices that issue it, the one in charge first."""
        return (self.issuer, *self.joint)

    @property
    def main(self) -> tuple[Block, ...]:
        """The text before the first attachment."""
        return self.blocks[: next((at for at, one in enumerate(self.blocks) if isinstance(one, Annex)), None)]

    @property
    def annexes(self) -> tuple[tuple[str, tuple[Block, ...]], ...]:
        """The attachments that follow the text: of each its title and its own text."""
        starts = [at for at, one in enumerate(self.blocks) if isinstance(one, Annex)]
        ends = [*starts[1:], len(self.blocks)]
        return tuple(
            (one.title, self.blocks[at + 1 : end])
            for at, end in zip(starts, ends, strict=False)
            if isinstance(one := self.blocks[at], Annex)
        )

    @property
    def masthead(self) -> str:
        """The 发文机关标志."""
        ending = {"gongwen": "文件", "xinhan": "", "jiyao": "纪要"}[self.form]
        return self.mark or (self.issuer if self.issuer.endswith(ending) else self.issuer + ending)


def said(day: date) -> str:
    """Return a date as a document gives it: 2024年4月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def numeral(number: int) -> str:
    """Return 1 to 99 in Chinese: 一, 十, 十二, 二十, 二十一.

    Raises:
        ValueError: for other numbers.
    """
    if not 1 <= number <= 99:
        raise ValueError(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else _NUMERALS[tens] + "十"
    return head + (_NUMERALS[ones] if ones else "")


def marked(level: int, count: int) -> str:
    """Return the number of a heading: 一、 （一） 1. （1）."""
    if level == 1:
        return f"{numeral(count)}、"
    if level == 2:
        return f"（{numeral(count)}）"
    return f"{count}. " if level == 3 else f"（{count}）"


def numbered(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks with their headings numbered, each level beginning again under the one above."""
    counts = [0, 0, 0, 0]
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            at = block.level - 1
            counts[at] += 1
            counts[at + 1 :] = [0] * (3 - at)
            out.append(Heading(block.level, marked(block.level, counts[at]) + block.text))
        else:
            counts = [0, 0, 0, 0] if isinstance(block, Annex) else counts
            out.append(block)
    return out


def to_json(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Return blocks as plain data, as they are stored."""
    return [_to_json(block) for block in blocks]


def _to_json(block: Block) -> dict[str, Any]:
    match block:
        case Para(text):
            return {"type": "para", "text": text}
        case Heading(level, text):
            return {"type": "heading", "level": level, "text": text}
        case Items(items):
            return {"type": "items", "items": list(items)}
        case Annex(title):
            return {"type": "annex", "text": title}
        case Table(head, rows, title, widths):
            rows_ = [list(row) for row in rows]
            return {"type": "table", "head": list(head), "rows": rows_, "title": title, "widths": list(widths)}


def from_json(rows: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Return stored blocks.

    Raises:
        ValueError: for a type that is none of ours.
        KeyError: for a block without its parts.
    """
    return tuple(_from_json(row) for row in rows)


def _from_json(row: Mapping[str, Any]) -> Block:
    match row["type"]:
        case "para":
            return Para(row["text"])
        case "heading":
            return Heading(int(row["level"]), row["text"])
        case "items":
            return Items(tuple(row["items"]))
        case "annex":
            return Annex(row["text"])
        case "table":
            lines = tuple(tuple(str(cell) for cell in line) for line in row["rows"])
            return Table(tuple(row["head"]), lines, row.get("title", ""), tuple(row.get("widths", ())))
        case other:
            raise ValueError(other)
