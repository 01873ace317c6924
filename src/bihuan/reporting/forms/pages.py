"""A form as its page shows it: the sheet itself, what each heading is taken for, what each cell would get."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from bihuan.people.api import FORM_FILL, Actor
from bihuan.reporting.forms.actions import mine, month_of, planned, read_run
from bihuan.reporting.forms.filling import Done, Left, Plan, said
from bihuan.reporting.forms.meanings import Choice, choices, title
from bihuan.reporting.forms.shapes import Form, Slot
from bihuan.reporting.models import FormRun
from bihuan.reporting.sheets.grid import At, Sheet
from bihuan.reporting.sheets.patch import column_letters

SHOWN_ROWS, SHOWN_COLUMNS = 60, 40


@dataclass(frozen=True, slots=True)
class Question:
    """A heading, what it is taken for, and what may be answered. ``spot``: where it stands, "C4"."""

    slot: Slot
    spot: str
    meaning: str
    choices: tuple[Choice, ...]
    likely: tuple[Choice, ...] = ()


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
    open: tuple[Question, ...]
    known: tuple[Question, ...]
    sheets: tuple[Drawn, ...]
    done: tuple[Done, ...]
    left: tuple[Left, ...]
    cells: int  # how many would be filled


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
    made = planned(actor, read, run.area_code, month_of(run.period_from), month_of(run.period_until))
    of = {key: items.of for items in read.form.items for _left, key in items.columns}
    asked = [_question(slot, of.get(slot.key, ""), run, read.place) for slot in read.form.slots.values()]
    return FormPage(
        run=run,
        open=tuple(one for one in asked if not one.slot.meaning),
        known=tuple(one for one in asked if one.slot.meaning),
        sheets=tuple(draw(sheet, read.form, made) for sheet in read.form.grid.sheets if not sheet.hidden),
        done=tuple(made.done),
        left=tuple(made.left),
        cells=sum(len(cells) for cells in made.values.values()),
    )


def _question(slot: Slot, of: str, run: FormRun, place: object) -> Question:
    from bihuan.reporting.forms.words import Place

    known = choices(slot, of, run.area_code, place if isinstance(place, Place) else Place())
    likely = tuple(choice for choice in known if choice[0] in slot.options)
    spot = f"{column_letters(slot.where.left)}{slot.where.top}"
    return Question(slot, spot, title(slot.meaning, of, run.area_code), tuple(known), likely)


def draw(sheet: Sheet, form: Form, made: Plan) -> Drawn:
    """Return a sheet as a table of cells: merged ones once, hidden rows and columns left out."""
    values = made.values.get(sheet.name, {})
    left = {one.ref: one.why for one in made.left if one.sheet == sheet.name}
    heads: dict[At, Slot] = {}
    for slot in form.slots.values():
        if slot.sheet == sheet.name and slot.role in {"column", "above", "line"}:
            heads[slot.where.top, slot.where.left] = slot
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
            drawn[row].append(_box(sheet, at, len(visible), high, values.get(at), heads.get(at), left))
    letters = tuple(column_letters(column) for column in columns)
    more = last > SHOWN_ROWS or sheet.columns > SHOWN_COLUMNS
    return Drawn(sheet.name, letters, tuple((row, tuple(drawn[row])) for row in rows), more)


def _box(sheet: Sheet, at: At, wide: int, high: int, value: object, slot: Slot | None, left: dict[str, object]) -> Box:
    if value is not None:
        return Box(said(value), wide, high, "fill")  # type: ignore[arg-type]
    cell = sheet.at(*at)
    if slot is not None:
        return Box(cell.text, wide, high, "head" if slot.meaning else "ask")
    name = f"{column_letters(at[1])}{at[0]}"
    if name in left:
        return Box(cell.text, wide, high, "blank", getattr(left[name], "zh", ""))
    return Box(cell.text or ("ƒ" if cell.formula else ""), wide, high, "")
