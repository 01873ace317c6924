"""A message or a list (接龙) pasted from a chat, as drafts of records: who, where, what, telephone, when. Pure.

What was pasted is cut into pieces, line by line: a draft, or what is none (the list's heading, "收到", "谢谢").
Nothing is dropped: the pieces joined are the text again, the parts of a piece joined are the piece. A draft is to be
confirmed by a person, so a doubt costs a look and never a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bihuan.fieldwork.paste_lines import EDGE, Block, blocks_of, courtesy, labels_in, nick_pieces
from bihuan.fieldwork.paste_names import find_said, is_name
from bihuan.fieldwork.paste_words import Door, Span, find_door, find_phone, find_time, narrow

MOST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of what was pasted. ``kind``: who, where, phone, at, what, or mark (numbering, labels, signs)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One record to confirm. Empty where nothing was said.

    ``what`` is what remains without who, telephone and time; a door at its beginning or end stands in ``where`` alone.
    ``line``: of the text, from 1. ``parts`` joined are exactly what was pasted.
    """

    who: str
    where: str
    what: str
    phone: str
    at: datetime | None
    line: int
    door: Door = Door()
    parts: tuple[Part, ...] = ()

    @property
    def raw(self) -> str:
        """What was pasted, to the character."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Rest:
    """What was pasted and is no record: a heading, an acknowledgement, a line of a day."""

    raw: str
    line: int


@dataclass(frozen=True, slots=True)
class Pasted:
    """All that was pasted, in order."""

    pieces: tuple[Draft | Rest, ...]

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """The records to confirm."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Draft))

    @property
    def rest(self) -> tuple[Rest, ...]:
        """What was taken for no record and has words in it."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Rest) and piece.raw.strip())


_BARE_PHONE = re.compile(r"(?:联系电话|联系方式|手机号码?|手机|电话)(?:号码)?(?:是|为)?\s?[:：]?\s?\Z")
_OPENING = {"(": ")", "（": "）", "[": "]", "【": "】", "“": "”"}
_SIGNS = "".join(sign for sign in EDGE if sign not in "()（）[]【】“”")
_VALUE = re.compile(r"[^\s,，;；。|]{1,30}")
# Possessive: of a long row of signs there is one reading, not as many as it has signs.
_LEAD = re.compile(r"[\W_]*+(?:我是|我家住|我家在|我家|我住在|我住|我们|住在|住|家住|家在|位于|在)?[\W_]*+\Z")


def parse(text: str, *, now: datetime) -> Pasted:
    """Return what was pasted as drafts and the rest.

    Args:
        text: at most ``MOST_CHARACTERS`` are sensible; any text is taken.
        now: aware, in the zone of the place; times without a day lie before it.
    """
    blocks = blocks_of(text, now)
    heading = _heading(blocks, now)
    return Pasted(tuple(_piece(block, now, heading) for block in blocks))


def _heading(blocks: list[Block], now: datetime) -> Draft | None:
    """Return what the line over a numbered list says of all its items: a door, a name, a telephone."""
    first = next((index for index, block in enumerate(blocks) if block.numbered), 0)
    over = blocks[first - 1] if first else None
    if over is None or find_door(narrow(over.body)) is None:
        return None
    if narrow(over.text).rstrip().endswith(":"):
        over.draft = False
    return _draft(over, now)


def _piece(block: Block, now: datetime, heading: Draft | None) -> Draft | Rest:
    if not block.draft or courtesy(block.body):
        return Rest(block.text, block.line)
    draft = _draft(block, now)
    if not block.numbered or heading is None:
        return draft
    if not draft.where:
        draft = replace(draft, where=heading.where, door=heading.door)
    return replace(draft, who=draft.who or heading.who, phone=draft.phone or heading.phone)


def _draft(block: Block, now: datetime) -> Draft:
    """Find who, where, telephone and time in one block; what is left is what it is about."""
    line = narrow(block.text)
    kinds = block.kinds()
    phone = find_phone(_free(line, kinds))
    if phone:
        if label := _BARE_PHONE.search(_free(line, kinds)[: phone.start]):
            _set(kinds, label.start(), phone.start, "mark")
        _set(kinds, phone.start, phone.end, "phone")
    labels = labels_in(line)
    for start, end, _kind in labels:
        _set(kinds, start, end, "mark")
    at = block.at or _own_time(line, kinds, now)
    span = find_door(_free(line, kinds))
    who = _labelled(line, kinds, labels, "who")
    if not who and (block.numbered or not block.nick):
        who = _own_name(line, kinds, span, numbered=block.numbered)
    where, door = _own_door(line, kinds, span)
    where = where or _labelled(line, kinds, labels, "where")
    if block.nick:
        sender, home = " ".join(nick_pieces(block.nick)), find_door(narrow(block.nick))
        if home and where and home.value != where:
            sender = block.nick  # speaks of somewhere else: the sender's own door says who that is
        who = who if who and block.numbered else f"{who} {sender}".strip()
        if not where and home:
            where, door = home.value, home.door
    parts = tuple(_parts(block.text, kinds))
    return Draft(who, where, _what(parts), phone.value if phone else "", at, block.line, door, parts)


def _set(kinds: list[str], start: int, end: int, kind: str) -> None:
    for index in range(start, end):
        if kinds[index] == "what":
            kinds[index] = kind


def _free(line: str, kinds: list[str]) -> str:
    """Return the line with breaks in place of what is taken already."""
    return "".join(char if kind == "what" else "\n" for char, kind in zip(line, kinds, strict=True))


def _own_time(line: str, kinds: list[str], now: datetime) -> datetime | None:
    """Return a time that stands by itself at the beginning or the end; one in a sentence is part of the sentence."""
    free = _free(line, kinds)
    span = find_time(free, now)
    if span is None:
        return None
    before, after = free[: span.start], free[span.end :]
    first = not before.strip(EDGE) and (not after or after[0] in EDGE)
    last = not after.strip(EDGE) and (not before or before[-1] in EDGE)
    if not first and not last:
        return None
    _set(kinds, span.start, span.end, "at")
    return span.at


def _own_door(line: str, kinds: list[str], span: Span | None) -> tuple[str, Door]:
    """Return the door; where it stands by itself, or at the beginning, it is taken out of the text."""
    if span is None:
        return "", Door()
    free = _free(line, kinds)
    before, after = free[: span.start], free[span.end :]
    leads = _leads(before) and after[:1] not in set("和与及到至~、")
    apart = (not before or before[-1] in EDGE) and (not after or after[0] in EDGE)
    if leads or apart:
        _set(kinds, span.start, span.end, "where")
        if leads:
            _set(kinds, 0, span.start, "mark")
        if after[:1] == "的":
            _set(kinds, span.end, span.end + 1, "mark")
    return span.value, span.door


def _leads(before: str) -> bool:
    """Return whether nothing but a greeting and "我是" stands before the door."""
    cut = max(before.rfind(sign) for sign in "\n:,，。! ") + 1
    return courtesy(before[:cut]) and _LEAD.match(before[cut:]) is not None


def _labelled(line: str, kinds: list[str], labels: list[tuple[int, int, str]], kind: str) -> str:
    """Return what stands behind the first label of a kind, up to the next sign."""
    for _start, end, of in labels:
        if of == kind and (found := _VALUE.match(_free(line, kinds), end)):
            _set(kinds, found.start(), found.end(), kind)
            return found[0].strip()
    return ""


def _own_name(line: str, kinds: list[str], door: Span | None, *, numbered: bool) -> str:
    """Return a name that stands by itself among the first or last words, else one that a sentence tells."""
    free = _free(line, kinds)
    if door is not None:
        free = free[: door.start] + "\n" * (door.end - door.start) + free[door.end :]
    words = list(re.finditer(r"[^\s,，、;；:：|/()（）。.!！?？\[\]【】]+", free))
    for found in [*words[:3], *words[-2:]]:
        word = found[0]
        mention = numbered and word.startswith("@") and 1 < len(word) <= 12
        of = word.startswith("的") and door is not None and found.start() == door.end  # 501的王阿姨
        plain = word[1:] if mention or of else word
        if mention or is_name(plain):
            _set(kinds, found.start() + of, found.end(), "who")
            return plain
    span = find_said(free)
    return span.value if span else ""


def _parts(text: str, kinds: list[str]) -> Iterator[Part]:
    start = 0
    for index in range(1, len(kinds) + 1):
        if index == len(kinds) or kinds[index] != kinds[start]:
            yield Part(kinds[start], text[start:index])
            start = index


def _what(parts: tuple[Part, ...]) -> str:
    """Return what is left, without the signs and blanks at the seams; line breaks within it stay."""
    left = [_trimmed(part.text) for part in parts if part.kind == "what"]
    return " ".join(text for text in left if text)


def _trimmed(text: str) -> str:
    """Return a piece without the signs at its ends; a bracket stays with its other half."""
    while True:
        text = text.strip(_SIGNS)
        begins, ends = text[:1], text[-1:]
        if begins in _OPENING and begins and _OPENING[begins] not in text:
            text = text[1:]
        elif ends in _OPENING.values() and not any(sign in text for sign, end in _OPENING.items() if end == ends):
            text = text[:-1]
        elif begins in _OPENING.values() and begins:
            text = text[1:]
        elif ends in _OPENING and ends:
            text = text[:-1]
        elif len(text) == 2 and _OPENING.get(begins) == ends:
            return ""
        else:
            return text
