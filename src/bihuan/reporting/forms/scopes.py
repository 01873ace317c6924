"""Which matters of a period a list wants: registered, closed or open in it, carried over from before. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bihuan.reporting.forms.shapes import Say, Slot
from bihuan.reporting.sheets.grid import Grid
from bihuan.reporting.sheets.layout import is_note
from bihuan.reporting.sheets.values import plain

if TYPE_CHECKING:
    from bihuan.reporting.forms.recognise import Reader

# "": registered in the period; "all": these and what was open when it began
SCOPES = ("open", "closed", "carried", "all")
_NOTED = Say("说明里的话像是要这些，请确认一次。", "The notes seem to ask for these: please confirm it once.")
_BOTH = Say("标题里的话不止一个意思，请选一次。", "The title may mean several of these: please choose once.")
_LONGEST = 400


def which(reader: Reader, rows: Slot, notes: str) -> Slot:
    """Return the question of a list with what its title says of the period; what the notes say is proposed alone."""
    if not rows.meaning.startswith("rows:matter"):
        return rows
    said = _said(reader, plain(rows.heading)) or _said(reader, plain(reader.name))
    if len(said) == 1:
        return replace(rows, meaning=_with(rows.meaning, said[0]))
    noted = said or _said(reader, notes)
    if not noted:
        return rows
    options = tuple(_with(rows.meaning, scope) for scope in noted) + (rows.meaning,)
    return replace(rows, meaning="", why=_BOTH if said else _NOTED, options=options, proposed=options[0])


def notes_of(grid: Grid) -> str:
    """Return what the notes of a workbook say: 填写说明, and sheets that hold nothing else."""
    found = [
        plain(cell.text)
        for sheet in grid.sheets
        for cell in sheet.cells.values()
        if not sheet.hidden and len(cell.text) <= _LONGEST and ("说明" in sheet.name or is_note(cell.text))
    ]
    return "\n".join(found)


def _with(meaning: str, scope: str) -> str:
    return f"{meaning}{'&' if '?' in meaning else '?'}when={scope}"


def _said(reader: Reader, text: str) -> tuple[str, ...]:
    """Return what a text says; what holds another word goes before it: 含上期未结, 上期未结, 未办结清单, 办结清单."""
    found: dict[str, None] = {}
    order = ("all", "carried", "open", "closed")
    pairs = [(word, scope) for scope in order for word in sorted(reader.words.scopes[scope], key=len, reverse=True)]
    for word, scope in pairs:
        if word in text:
            found[scope] = None
            text = text.replace(word, " ")
    return tuple(found)
