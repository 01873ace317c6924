"""A form as its page shows it: the sheet itself, what each heading is taken for, what each cell would get."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

from bihuan.matters.api import LedgerFilters, LedgerRow, ledger
from bihuan.people.api import FORM_FILL, MATTER_PERSONAL, Actor, can
from bihuan.reporting.forms.actions import matters_of, mine, month_of, read_run
from bihuan.reporting.forms.filling import Done, Plan, said
from bihuan.reporting.forms.making import of_slots, planned
from bihuan.reporting.forms.matters import PLAIN
from bihuan.reporting.forms.meanings import Choice, Meanings
from bihuan.reporting.forms.shapes import Form, Say, Slot
from bihuan.reporting.models import FormRun
from bihuan.reporting.sheets.grid import At, Sheet
from bihuan.reporting.sheets.patch import Value, column_letters

SHOWN_ROWS, SHOWN_COLUMNS = 60, 40
OFFERED = 8  # matters to choose from


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """A heading, what it is taken for, and what may be answered. ``spot``: where it stands, "C4"."""

    slot: Slot
    spot: str
    meaning: str
    why: str
    choices: tuple[Choice, ...]
    likely: tuple[Choice, ...] = ()
    proposed: str = ""  # what the proposal is called, where there is one


@dataclass(frozen=True, slots=True)
class LeftBlank:
    """What stays blank, and why, in the reader's language."""

    sheet: str
    ref: str
    heading: str
    why: str


@dataclass(frozen=True, slots=True)
class Box:
    """One cell as shown. ``state``: "" (the form's own), "fill", "blank", "head", "ask"."""

    text: str
    wide: int
    high: int
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One sheet as shown: letters of its columns, rows with their number; ``more``: it goes on."""

    name: str
    letters: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Box, ...]], ...]
    more: bool


@dataclass(frozen=True, slots=True)
class FormPage:
    """All that is shown of a form that was looked at."""

    run: FormRun
    open: tuple[FormQuestion, ...]
    known: tuple[FormQuestion, ...]
    sheets: tuple[Drawn, ...]
    done: tuple[Done, ...]
    left: tuple[LeftBlank, ...]
    cells: int  # how many would be filled
    narrow: tuple[str, ...] = ()  # cells that would show ###: their columns are too narrow
    card: bool = False  # it is for one matter
    matters: tuple[LedgerRow, ...] = ()  # for which it is filled
    offered: tuple[LedgerRow, ...] = ()  # the newest ones, to choose from
    clear: bool = False  # names and telephones can be filled in the clear, for a reason


def asks_who(form: Form) -> bool:
    """Tell whether a card asks for a name, a telephone or another value of the matter that may be masked."""
    wanted = {form.slots[key].meaning for _sheet, key, _blank in form.cards}
    return any(one in PLAIN or one.startswith("field:") for one in wanted)


def forms_of(actor: Actor, limit: int = 20) -> list[FormRun]:
    """Return the forms that somebody looked at lately, newest first."""
    roots = actor.areas_with(FORM_FILL)
    rows = FormRun.objects.filter(person_id=actor.person_id or UUID(int=0)).order_by("-created_at")[:limit]
    return [run for run in rows if any(run.area_code.startswith(root) for root in roots)]


def form_page(actor: Actor, run_id: UUID) -> FormPage:
    """Return a form with what is known of it and what would be filled now.

    Raises:
        NotFound: no such form of the actor's, or its file was deleted. PermissionDenied: the right has ended.
    """
    run = mine(actor, run_id)
    read = read_run(run)
    matters = tuple(matters_of(actor, run)) if read.form.cards else ()
    first = matters[0].id if matters else None
    made = planned(actor, read, run.area_code, month_of(run.period_from), month_of(run.period_until), first)
    of = of_slots(read.form)
    meanings = Meanings(run.area_code, read.place)
    asked = [_question(slot, of.get(slot.key, ""), meanings) for slot in read.form.slots.values()]
    return FormPage(
        run=run,
        open=tuple(one for one in asked if not one.slot.meaning),
        known=tuple(one for one in asked if one.slot.meaning),
        sheets=tuple(_draw(sheet, asked, made) for sheet in read.form.grid.sheets if not sheet.hidden),
        done=tuple(made.done),
        left=tuple(LeftBlank(one.sheet, one.ref, one.heading, _said(one.why)) for one in made.left),
        cells=sum(len(cells) for cells in made.values.values()),
        narrow=tuple(f"{sheet} {cell}" for sheet, cell in made.narrow),
        card=bool(read.form.cards),
        matters=matters,
        offered=ledger(actor, LedgerFilters(area=run.area_code), None, OFFERED).rows if read.form.cards else (),
        clear=bool(matters and asks_who(read.form) and can(actor, MATTER_PERSONAL, run.area_code)),
    )


def _question(slot: Slot, of: str, meanings: Meanings) -> FormQuestion:
    known = meanings.choices(slot, of)
    likely = tuple(choice for choice in known if choice[0] in slot.options)
    spot = f"{column_letters(slot.where.left)}{slot.where.top}"
    return FormQuestion(
        slot,
        spot,
        meanings.title(slot.meaning, of),
        _said(slot.why),
        tuple(known),
        likely,
        meanings.title(slot.proposed, of),
    )


def _said(why: Say | None) -> str:
    if why is None:
        return ""
    return why.en if (get_language() or "").startswith("en") else why.zh


def _draw(sheet: Sheet, asked: Sequence[FormQuestion], made: Plan) -> Drawn:
    """Return a sheet as a table of cells: merged ones once, hidden rows and columns left out."""
    values = made.values.get(sheet.name, {})
    left = {one.ref: _said(one.why) for one in made.left if one.sheet == sheet.name}
    heads = {
        (one.slot.where.top, one.slot.where.left): one
        for one in asked
        if one.slot.sheet == sheet.name and one.slot.role in {"column", "above", "line"}
    }
    last = max([sheet.rows, *(row for row, _column in values)])
    columns = [c for c in range(1, min(sheet.columns, SHOWN_COLUMNS) + 1) if c not in sheet.hidden_columns]
    rows = [r for r in range(1, min(last, SHOWN_ROWS) + 1) if r not in sheet.hidden_rows]
    drawn: dict[int, list[Box]] = defaultdict(list)
    for row in rows:
        for column in columns:
            span = sheet.span(row, column)
            visible = [c for c in columns if span.left <= c <= span.right]
            if row != max(span.top, rows[0]) or column != visible[0]:
                continue
            high = sum(1 for number in rows if span.top <= number <= span.bottom)
            at = (span.top, span.left)
            size = (len(visible), high)
            drawn[row].append(_box(sheet, at, size, values.get(at), heads.get(at), left))
    letters = tuple(column_letters(column) for column in columns)
    more = last > SHOWN_ROWS or sheet.columns > SHOWN_COLUMNS
    return Drawn(sheet.name, letters, tuple((row, tuple(drawn[row])) for row in rows), more)


def _box(
    sheet: Sheet,
    at: At,
    size: tuple[int, int],
    value: Value | None,
    question: FormQuestion | None,
    left: Mapping[str, str],
) -> Box:
    wide, high = size
    if value is not None:
        return Box(said(value), wide, high, "fill")
    cell = sheet.at(*at)
    if question is not None:
        return Box(cell.text, wide, high, "head" if question.slot.meaning else "ask", question.meaning)
    name = f"{column_letters(at[1])}{at[0]}"
    if name in left and not cell.text:
        return Box("", wide, high, "blank", left[name])
    return Box(cell.text or ("ƒ" if cell.formula else ""), wide, high, "")
