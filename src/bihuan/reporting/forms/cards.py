"""Forms that are for one matter: labels with their values beside them, boxes to be ticked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bihuan.reporting.forms.heads import Blank
from bihuan.reporting.forms.shapes import LEAVE, Say, Slot
from bihuan.reporting.forms.words import Context, heading
from bihuan.reporting.sheets.grid import At, Range, Sheet
from bihuan.reporting.sheets.values import plain

if TYPE_CHECKING:
    from bihuan.reporting.forms.recognise import Reader

BOXES = "□☐◻○〇"
TICKED = "☑"
_OPTION = re.compile(rf"[{BOXES}]\s*([^\s{BOXES}:：,，、;；。]{{1,20}})")
_LEAST = 3  # labels that a matter answers: fewer may stand in the head of any form
_LONGEST = 300
_HAND = Say("由人手写或盖章，不代填。", "Signed or stamped by hand: not filled.")
_ABSENT = Say("系统里没有这一项。", "The record holds no such thing.")
_ASK = Say("不知道这里要填什么。", "It is not known what is wanted here.")
_WHOSE = Say("看不出是谁的电话。", "Whose telephone it is is not said.")
_TWICE = Say("同一张表里有两处看起来是同一项。", "Two places of the form seem to ask for the same.")
_SUBJECT = frozenset({"title", "text"})  # a name, a telephone and a number make a card of a person


@dataclass(frozen=True, slots=True)
class Spot:
    """A blank of a card with the headings that stand before it, the section's first."""

    blank: Blank
    path: tuple[str, ...]
    options: tuple[str, ...] = ()


def spots(sheet: Sheet, found: Sequence[Blank], outside: Sequence[Range]) -> list[Spot]:
    """Return the blanks of a sheet as those of a card, in reading order; boxes to be ticked are among them."""
    made = [Spot(blank, (*_section(sheet, blank), blank.label)) for blank in found]
    made += _ticks(sheet, outside, {blank.at for blank in found})
    return sorted(made, key=lambda spot: (spot.blank.at, spot.blank.start or 0))


def below(reader: Reader, sheet: Sheet, made: Sequence[Spot], outside: Sequence[Range]) -> list[Spot]:
    """Return the blanks of a card with those that stand under their labels: 牵头人 | 跟踪人 over one blank row.

    Only where one row is blank: labels over several are the head of a list within the card, which is not filled.
    """
    taken = {spot.blank.at for spot in made}
    found = list(made)
    for (row, column), cell in sorted(sheet.cells.items()):
        if not cell.text or not _is_label(reader, cell.text) or any((row, column) in span for span in outside):
            continue
        span = sheet.span(row, column)
        at = (span.bottom + 1, column)
        if at in taken or not _one_blank(sheet, span, at) or (row, span.right + 1) in taken:
            continue
        blank = Blank(at, cell.text)
        found.append(Spot(blank, (cell.text,)))
    return sorted(found, key=lambda spot: (spot.blank.at, spot.blank.start or 0))


def _is_label(reader: Reader, text: str) -> bool:
    word, words = heading(text), reader.words
    return word in words.items["matter"] or word in words.hand or word in words.absent


def _one_blank(sheet: Sheet, label: Range, at: At) -> bool:
    """Tell whether the cell under a label is blank, as wide as it, and the only one."""
    row, column = at
    under = sheet.span(row, column)
    if not sheet.empty(row, column) or not sheet.at(row, column).framed or under.top != row:
        return False
    if (under.left, under.right) != (label.left, label.right):
        return False
    further = sheet.span(under.bottom + 1, column)
    alike = (further.left, further.right) == (under.left, under.right)
    return not (alike and sheet.empty(further.top, column) and sheet.at(further.top, column).framed)


def is_card(reader: Reader, made: Sequence[Spot], context: Context | None) -> bool:
    """Tell whether a sheet asks about one matter: enough of its labels are a matter's, what it is about among them."""
    if context is not None and context.of != "matter":
        return False
    heads = reader.words.heads
    said = {
        meaning
        for spot in made
        if (meaning := reader.words.column(spot.path, "matter", context))
        and heads.get(heading(spot.blank.label), "") in {"", "filler_phone"}
    }
    about = said & _SUBJECT or any(meaning in said for meaning in ("field:item", "field:measure"))
    return bool(about) and len(said) >= _LEAST


def read_card(
    reader: Reader, sheet: Sheet, key: str, made: Sequence[Spot], context: Context | None
) -> Iterator[tuple[str, Spot, Slot]]:
    """Yield a card's blanks with what each asks for: ("card", …) of the matter, ("head", …) of who fills it in.

    Args:
        reader: what is known, and where slots are kept.
        sheet: the card.
        key: what the sheet is known by.
        made: its blanks.
        context: what its title says.
    """
    person, taken, filler = "", set[str](), False
    for spot in made:
        blank = spot.blank
        where = Range(*blank.at, *blank.at)
        slot = Slot(f"{key}|{plain('/'.join(spot.path)) or 'date'}", sheet.name, where, "/".join(spot.path), "card")
        head = reader.words.heads.get(heading(blank.label), "")
        meaning, why = _meaning(reader, spot, context)
        if meaning == "phone" and len(spot.path) == 1 and person != "reporter_name":
            meaning, why = (LEAVE, _ABSENT) if person else ("head:filler_phone", None) if filler else ("", _WHOSE)
        elif not meaning and head and head != "hand":
            meaning, why = f"head:{head}", None
        if meaning.startswith("head:"):
            slot = replace(slot, role="head")
            filler, person = filler or meaning == "head:filler", ""
        elif meaning in taken - {"", LEAVE}:
            meaning, why = "", _TWICE
        taken.add(meaning)
        options = () if meaning else reader.words.alike(spot.path, "matter")
        kept = reader.add(replace(slot, meaning=_by_boxes(spot, meaning), why=why, options=options))
        word = heading(blank.label)
        if word.endswith(("人", "员", "姓名", "领导", "名")) or meaning.startswith("party:"):
            person = meaning if meaning not in {"", LEAVE} else word
        yield kept.role, spot, kept


def _meaning(reader: Reader, spot: Spot, context: Context | None) -> tuple[str, Say | None]:
    """Return what a label of a card takes, or why that is not known."""
    words = reader.words
    parts = [heading(part) for part in spot.path]
    for word in ("".join(parts[-2:]), parts[-1]):
        if word in words.hand or words.heads.get(word) == "hand":
            return LEAVE, _HAND
    meaning = words.column(spot.path, "matter", context)
    if meaning:
        return meaning, None
    for word in ("".join(parts[-2:]), parts[-1]):
        if word in words.absent:
            return LEAVE, _ABSENT
    return "", _ASK


def _by_boxes(spot: Spot, meaning: str) -> str:
    """Let the boxes say which of two like things is meant: 实质性 is a class of outcomes, 已解决 one of them."""
    if meaning == "outcome" and {"实质性", "程序性"} <= set(spot.options):
        return "outcome_class"
    return meaning


def _section(sheet: Sheet, blank: Blank) -> tuple[str, ...]:
    """Return the heading on the left that several rows of labels belong to; nothing where there is none."""
    row, column = blank.at
    left = column
    while left >= 1:
        span = sheet.span(row, left)
        text = sheet.text(span.top, span.left)
        if span.high > 1 and text and span.left < column:
            beside = sheet.text(row, span.right + 1)
            own = plain(text) == plain(blank.label)
            # A tall label with its own tall blank beside it is no heading of others.
            return () if own or not beside or len(text) > 20 else (text,)
        left = span.left - 1
    return ()


def _ticks(sheet: Sheet, outside: Sequence[Range], known: set[At]) -> Iterator[Spot]:
    """Yield the cells with boxes: the label stands in the cell itself or left of it."""
    for (row, column), cell in sorted(sheet.cells.items()):
        if not isinstance(cell.value, str) or len(cell.value) > _LONGEST or not sheet.starts(row, column):
            continue
        if any((row, column) in span for span in outside) or row in sheet.hidden_rows or column in sheet.hidden_columns:
            continue
        options = tuple(found[1] for found in _OPTION.finditer(cell.value))
        if len(options) < 2:
            continue
        before = re.split(rf"[{BOXES}]", cell.value)[0].strip().rstrip(":：")
        label = before or _left(sheet, row, column)
        if label:
            blank = Blank((row, column), label, 0, len(cell.value), "tick")
            path = (*_section(sheet, blank), label)
            yield Spot(blank, path if path[0] != label else (label,), options)
    del known


def _left(sheet: Sheet, row: int, column: int) -> str:
    return sheet.text(row, column - 1) if column > 1 else ""


def ticked(text: str, value: str) -> str | None:
    """Return a text with the box before one of its options ticked; None where none of them is the value."""
    same = [found for found in _OPTION.finditer(text) if plain(found[1]) == plain(value)]
    if len(same) != 1:
        return None
    return text[: same[0].start()] + TICKED + text[same[0].start() + 1 :]


def values_of(slots: Mapping[str, Slot], keys: Sequence[str]) -> list[str]:
    """Return the values that a card takes of a matter, each once."""
    wanted = (slots[key].meaning for key in keys)
    return list(dict.fromkeys(one for one in wanted if one and one != LEAVE and not one.startswith("head:")))
