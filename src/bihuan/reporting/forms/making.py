"""A blank form read where it is filled, and filled: for an area and a period, or a card once for each matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import translation
from django.utils.translation import get_language

from bihuan.areas.api import find
from bihuan.kernel.api import BadInput, Problem, clock
from bihuan.matters.api import LedgerRow
from bihuan.people.api import Actor
from bihuan.reporting.forms import store
from bihuan.reporting.forms.facts import Record, first_day, last_day, place_of
from bihuan.reporting.forms.filling import Frame, Plan, plan
from bihuan.reporting.forms.matters import copy_name, in_the_clear, zipped
from bihuan.reporting.forms.recognise import recognise
from bihuan.reporting.forms.shapes import Form
from bihuan.reporting.forms.words import Place, words
from bihuan.reporting.sheets.grid import Unreadable
from bihuan.reporting.sheets.patch import fill, old_format
from bihuan.reporting.sheets.reading import read_grid
from bihuan.reporting.sheets.safety import Limits

LIMITS = Limits(packed=5 * 1024 * 1024, unpacked=40 * 1024 * 1024, sheet=8 * 1024 * 1024, cells=120_000)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form given back: its bytes, as what it was understood, what was filled and what was left (of several, all)."""

    data: bytes
    form: Form
    plan: Plan
    copies: tuple[
        tuple[str, bytes], ...
    ] = ()  # of a card for several matters: name and file of each; data is their zip


@dataclass(frozen=True, slots=True)
class Asked:
    """For where and when a form is filled, what its file is called, and why personal values are read if they are."""

    area_code: str
    since: int
    until: int
    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A blank form as it is understood where it is filled."""

    form: Form
    place: Place


def understand(*, data: bytes, name: str, area_code: str, answers: Mapping[str, str] | None = None) -> Read:
    """Read a blank form with all that an area remembers. Writes nothing.

    Raises:
        BadInput: it is no workbook, damaged, too large, or of an old format that cannot be filled in place.
    """
    try:
        grid = read_grid(data, LIMITS)
        if not grid.writable:
            raise old_format()
    except Unreadable as error:
        raise BadInput(problem_of(error)) from error
    place = place_of(area_code)
    said = {"answers": answers or {}, "name": name}
    common = store.remembered(area_code)
    form = recognise(grid, words(), place, remembered=common, **said)  # type: ignore[arg-type]
    known = store.remembered(area_code, form.fingerprint)
    if known != common:
        form = recognise(grid, words(), place, remembered=known, **said)  # type: ignore[arg-type]
    return Read(form, place)


def problem_of(error: Unreadable) -> Problem:
    """Return why a file cannot be taken, in the reader's language."""
    english = (get_language() or "").startswith("en")
    return Problem("file", error.why_en if english else error.why, error.how_en if english else error.how)


def planned(
    actor: Actor, read: Read, area_code: str, since: int, until: int, matter_id: UUID | None = None, reason: str = ""
) -> Plan:
    """Work out what a form would be filled with. What goes into a form is Chinese, whatever the reader's language."""
    area = find(area_code)
    today = clock.today()
    frame = Frame(
        unit=area.name if area is not None else area_code,
        person=actor.name if actor.kind == "person" else "",
        today=today,
        since=first_day(since),
        until=max(min(last_day(until), today), first_day(until)),
    )
    with translation.override("zh-hans"):
        clear = in_the_clear(actor, matter_id, reason) if matter_id is not None else None
        return plan(read.form, Record(actor, area_code, since, until, matter_id, clear), frame)


def make(actor: Actor, data: bytes, read: Read, asked: Asked, matters: Sequence[LedgerRow]) -> Filled:
    """Fill a form once, or a card once for each matter."""
    rows: list[LedgerRow | None] = list(matters) if read.form.cards and matters else [None]
    copies: list[tuple[str, bytes]] = []
    whole: Plan | None = None
    for row in rows:
        matter_id = row.id if row is not None else None
        made = planned(actor, read, asked.area_code, asked.since, asked.until, matter_id, asked.reason)
        try:
            filled = fill(data, made.values, made.like, LIMITS)
        except Unreadable as error:
            raise BadInput(problem_of(error)) from error
        copies.append((copy_name(asked.name, row.display_number) if row is not None else asked.name, filled))
        if whole is None:
            whole = made
        else:
            whole.done += made.done
            whole.narrow += [one for one in made.narrow if one not in whole.narrow]
            whole.left += [one for one in made.left if one not in whole.left]
    if len(copies) == 1:
        return Filled(copies[0][1], read.form, whole or Plan())
    return Filled(zipped(copies), read.form, whole or Plan(), tuple(copies))


def of_slots(form: Form) -> dict[str, str]:
    """Return of what each column and each label of a card is: slot's key → "matter", "visit" …."""
    of = {key: items.of for items in form.items for _left, key in items.columns}
    return of | {key: "matter" for _sheet, key, _blank in form.cards}
