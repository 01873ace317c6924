"""A blank form → what each of its headings, labels and cells asks for. Pure; what is not known asks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bihuan.reporting.forms.cards import below, is_card, read_card, spots
from bihuan.reporting.forms.heads import Blank, blanks
from bihuan.reporting.forms.scopes import notes_of, which
from bihuan.reporting.forms.shapes import LEAVE, Ask, Form, ItemTable, Say, Slot, SummaryTable
from bihuan.reporting.forms.summary import base_of, counted_in, read_summary, sheet_key
from bihuan.reporting.forms.words import Context, Place, Words, heading, unit
from bihuan.reporting.sheets.grid import Grid, Range, Sheet
from bihuan.reporting.sheets.layout import Table, find_tables
from bihuan.reporting.sheets.values import plain

_HAND = Say("由人手写或盖章，不代填。", "Signed or stamped by hand: not filled.")
_ABSENT = Say("系统里没有这一项。", "The record holds no such thing.")
_ASK = Say("不知道这里要填什么。", "It is not known what is wanted here.")
_TITLE = Say("从标题看不出要填哪些。", "The title does not say which ones are wanted.")
_NOT_HERE = Say("本区域在用的工作法里没有这一类。", "The methods in use here have no such kind.")
_SPLIT = Say("一个标题占了几个单元格，看不出填在哪一格。", "One heading over several cells: which one is not said.")
_TWICE = Say("同一张表里有两列看起来是同一项。", "Two columns of the table seem to ask for the same.")
_WHOSE = Say("看不出是谁的电话。", "Whose telephone it is is not said.")
_OF_FIGURES = frozenset({"measure", "category", "area", "span", "compare", "total", "none"})
_CARD = Say("像是一件事一张的表，不知道是哪一件。", "It seems to be for one matter: which one is not said.")


def fits_role(role: str, meaning: str) -> bool:
    """Tell whether what was said of one form's heading can be meant of another's that stands in another place."""
    kind = meaning.partition(":")[0]
    if not meaning:
        return False
    if meaning == LEAVE:
        return role != "table"
    if role in {"above", "line", "pair"}:
        return kind in _OF_FIGURES
    if role == "head":
        return kind == "head"
    return role in {"column", "card"} and kind not in {*_OF_FIGURES, "head", "rows"}


@dataclass
class Reader:
    """One reading of one form: the words, the place, what was answered, and the slots found so far."""

    words: Words
    place: Place
    answers: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    slots: dict[str, Slot] = field(default_factory=dict)

    def add(self, slot: Slot) -> Slot:
        """Keep a slot; what was answered or remembered of it goes before what is known."""
        word = f"{slot.role}:{heading(slot.heading)}"
        for source, by in ((self.answers, "answered"), (self.remembered, "remembered")):
            said = source.get(slot.key, "")
            if not said and fits_role(slot.role, source.get(word, "")):
                said = source[word]
            if said:
                slot = replace(slot, meaning=said, by=by, why=None)
                break
        else:
            slot = replace(slot, by="known" if slot.meaning else "")
        number, key = 2, slot.key
        while key in self.slots:
            key, number = f"{slot.key}#{number}", number + 1
        slot = replace(slot, key=key)
        self.slots[key] = slot
        return slot


def recognise(
    grid: Grid,
    words: Words,
    place: Place,
    *,
    answers: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    name: str = "",
) -> Form:
    """Read a blank form.

    Args:
        grid: The workbook as read.
        words: What forms call things.
        place: What the place calls its areas and kinds, and which figures there are.
        answers: What was said of this very form: slot's key (or ``role:heading``) → meaning.
        remembered: The same of earlier ones.
        name: The file's name, which may say what the form is about.
    """
    reader = Reader(words, place, answers or {}, remembered or {}, name)
    items: list[ItemTable] = []
    summaries: list[SummaryTable] = []
    found: list[tuple[str, str, Blank]] = []
    pairs: list[tuple[str, str, Ask]] = []
    cards: list[tuple[str, str, Blank]] = []
    notes = notes_of(grid)
    for sheet in grid.sheets:
        if sheet.hidden:
            continue
        tables = find_tables(sheet, words.known)
        outside = [_whole(table) for table in tables]
        if _card(reader, sheet, outside, found, cards):
            tables = ()
        for number, table in enumerate(tables, start=1):
            context = words.context(table.title, sheet.name, name)
            if table.labels:
                summaries.append(read_summary(reader, sheet, table, number, context))
            elif (read := _items(reader, sheet, table, number, context, notes)) is not None:
                items.append(read)
        if not any(name == sheet.name for name, _key, _blank in cards):
            _head(reader, sheet, outside, found, pairs)
    return Form(
        grid, reader.slots, tuple(found), tuple(items), tuple(summaries), tuple(pairs), _fingerprint(reader),
        tuple(cards),
    )  # fmt: skip


def _card(
    reader: Reader,
    sheet: Sheet,
    outside: list[Range],
    found: list[tuple[str, str, Blank]],
    cards: list[tuple[str, str, Blank]],
) -> bool:
    """Read a sheet as a card of one matter; False where it is none."""
    context = reader.words.context(*_titles(sheet), sheet.name, reader.name)
    # What looks like a heading of a table may be the labels of a card: it is read as one first.
    for taken in ([], outside) if outside else ([],):
        made = spots(sheet, list(blanks(sheet, taken, reader.words)), taken)
        if is_card(reader, made, context):
            made = below(reader, sheet, made, taken)
            for role, spot, slot in read_card(reader, sheet, sheet_key(sheet), made, context):
                (found if role == "head" else cards).append((sheet.name, slot.key, spot.blank))
            return True
    return False


def _whole(table: Table) -> Range:
    last = max(table.last_row, table.heading.bottom, *table.totals)
    return Range(table.heading.top, table.heading.left, last, table.heading.right)


def _fingerprint(reader: Reader) -> str:
    """Return what tells a form from others: its headings and where they stand, whatever fonts and months it has."""
    lines = sorted(f"{slot.key}@{slot.where.left}" for slot in reader.slots.values())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _items(
    reader: Reader, sheet: Sheet, table: Table, number: int, context: Context | None, notes: str
) -> ItemTable | None:
    """Read a table with a row for each subject."""
    of = context.of if context is not None else _likeliest(reader.words, table)
    rows = reader.add(which(reader, _rows(reader, sheet, table, number, context, of), notes))
    if rows.meaning.startswith("rows:"):
        of = rows.meaning.removeprefix("rows:").partition("?")[0]
    columns: list[tuple[int, str]] = []
    serial: list[int] = []
    taken: dict[str, str] = {}
    person = ""  # whose column stands nearest on the left
    for column in table.columns:
        word = heading(column.path[-1]) if column.path else ""
        if word in reader.words.serial:
            serial.append(column.left)
            continue
        if column.hidden or not column.path:
            continue
        where = sheet.span(table.heading.bottom, column.left)
        slot = Slot(f"{sheet_key(sheet)}|{number}|{plain(column.title)}", sheet.name, where, column.title, "column")
        meaning, why = _column(reader.words, column.path, of, context)
        if meaning == "phone" and len(column.path) == 1 and word in reader.words.generic and person != "reporter_name":
            meaning, why = "", _WHOSE
        if meaning in taken and meaning != LEAVE:
            meaning, why = "", _TWICE
        if column.split:
            meaning, why = "", _SPLIT
        meaning = _by_choice(sheet, table, column.left, meaning)
        options = () if meaning else reader.words.alike(column.path, of)
        kept = reader.add(replace(slot, meaning=meaning, why=why, options=options))
        columns.append((column.left, kept.key))
        taken[meaning or kept.key] = kept.key
        if word.endswith(("人", "员", "姓名", "领导", "名")) or meaning.startswith("party:"):
            person = meaning or word
    return ItemTable(table, rows.key, of, tuple(columns), tuple(serial)) if columns else None


def _column(words: Words, path: tuple[str, ...], of: str, context: Context | None) -> tuple[str, Say | None]:
    """Return what a column takes, or why that is not known; "-" for what is left to people."""
    meaning = words.column(path, of, context)
    if meaning:
        return meaning, None
    parts = [heading(part) for part in path]
    for word in ("".join(parts[-2:]), parts[-1]):
        if word in words.hand:
            return LEAVE, _HAND
        if word in words.absent:
            return LEAVE, _ABSENT
    return "", _ASK


def _by_choice(sheet: Sheet, table: Table, left: int, meaning: str) -> str:
    """Let a dropdown say which of two like things is meant: 实质性 is a class of outcomes, 实质办结 one of them."""
    choice = sheet.choice(table.first_row, left)
    if meaning == "outcome" and choice is not None and {"实质性", "程序性"} <= set(choice.options):
        return "outcome_class"
    return meaning


def _likeliest(words: Words, table: Table) -> str:
    """Return which subjects a table is for by its headings; "" where it is not clear."""
    scores = sorted(
        (sum(1 for column in table.columns if words.column(column.path, of, None)), of)
        for of in words.items
        if of != "measure"
    )
    best, second = scores[-1], scores[-2]
    return best[1] if best[0] >= 3 and best[0] > second[0] else "matter"


def _rows(reader: Reader, sheet: Sheet, table: Table, number: int, context: Context | None, of: str) -> Slot:
    """Return the question which rows a table wants."""
    title = table.title or sheet.name
    where = table.heading
    slot = Slot(f"{sheet_key(sheet)}|{number}|rows", sheet.name, where, title, "table", options=(f"rows:{of}",))
    if not _listed(reader.words, table, of, context):
        return replace(slot, why=_TITLE)
    if context is None or not context.sure:
        kind = _kind_in(reader, title) if of == "matter" else ""
        if kind:
            return replace(slot, meaning=f"rows:matter?category={kind}")
        return replace(slot, why=_TITLE)
    if not reader.place.fits(context):
        return replace(slot, why=_NOT_HERE)
    filters = "&".join(f"{key}={value}" for key, value in sorted(context.where.items()))
    return replace(slot, meaning=f"rows:{context.of}" + (f"?{filters}" if filters else ""))


def _listed(words: Words, table: Table, of: str, context: Context | None) -> bool:
    """Tell whether a table has the columns without which it is no list of these subjects, but of people, say."""
    found = {words.column(column.path, of, context) for column in table.columns if column.path}
    return all(found & one for one in words.needed.get(of, ()))


def _kind_in(reader: Reader, title: str) -> str:
    """Return the one kind that a title names in full; "" where it names none or several."""
    said = plain(title)
    found = {key for word, key in reader.place.categories.items() if len(word) >= 3 and word in said}
    return found.pop() if len(found) == 1 else ""


def _head(
    reader: Reader,
    sheet: Sheet,
    outside: list[Range],
    found: list[tuple[str, str, Blank]],
    pairs: list[tuple[str, str, Ask]],
) -> None:
    """Read the labels of a sheet's head and foot."""
    filler = False
    for blank in blanks(sheet, outside, reader.words):
        where = Range(*blank.at, *blank.at)
        slot = Slot(f"{sheet_key(sheet)}|{plain(blank.label) or 'date'}", sheet.name, where, blank.label, "head")
        meaning, why = _label(reader.words, blank)
        if meaning == "head:filler_phone" and not filler:
            meaning, why = "", _WHOSE
        filler = filler or meaning == "head:filler"
        if not meaning and blank.start is None:
            figure, span = reader.words.figure(heading(blank.label))
            if figure:
                _pair(reader, sheet, blank, (figure, span), pairs)
                continue
            if reader.words.column((blank.label,), "matter", None):
                why = _CARD
        kept = reader.add(replace(slot, meaning=meaning, why=why))
        found.append((sheet.name, kept.key, blank))


def _titles(sheet: Sheet) -> list[str]:
    return [sheet.text(row, column) for row in range(1, 4) for column in range(1, 4) if sheet.text(row, column)]


def _label(words: Words, blank: Blank) -> tuple[str, Say | None]:
    word = heading(blank.label)
    if blank.form == "text":
        meaning = words.heads.get(word, "")
        if meaning == "hand":
            return LEAVE, _HAND
        return (f"head:{meaning}", None) if meaning else ("", _ASK)
    if blank.since:
        return "head:since", None
    meaning = words.heads.get(word, "")
    if meaning in {"until", "date", "period"}:
        return f"head:{meaning}", None
    if word.endswith(("截至", "截止", "截止到", "至", "到")):
        return "head:until", None
    if blank.title:
        return "head:period", None
    return "", _ASK


def _pair(
    reader: Reader, sheet: Sheet, blank: Blank, known: tuple[str, str], pairs: list[tuple[str, str, Ask]]
) -> None:
    """Read a label with a cell for a figure beside it."""
    where, (figure, span) = Range(*blank.at, *blank.at), known
    base, wrong = base_of(reader, reader.words.context(*_titles(sheet), sheet.name, reader.name))
    wrong = wrong or counted_in(reader, figure, unit(blank.label))
    filters = dict(part.partition("=")[::2] for part in base.removeprefix("figures:").split("&") if part)
    parts = [f"measure:{figure}", *([f"span:{span}"] if span else []), *(f"{k}:{v}" for k, v in filters.items())]
    meaning = "" if wrong else "&".join(parts)
    slot = Slot(f"{sheet_key(sheet)}|{plain(blank.label)}", sheet.name, where, blank.label, "pair", meaning, why=wrong)
    kept = reader.add(slot)
    said = dict(part.partition(":")[::2] for part in kept.meaning.split("&"))
    if said.get("measure"):
        kinds = (said["category"],) if said.get("category") else ()
        percent = "%" in unit(blank.label)
        ask = Ask(blank.at, said["measure"], (), kinds, said.get("span", ""), said.get("method", ""), percent)
        pairs.append((sheet.name, kept.key, ask))
