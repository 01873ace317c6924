"""Registers going out: Excel and CSV, line by line. Names and numbers are masked in them; each leaves an entry."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from django.utils.timezone import localtime
from django.utils.translation import get_language

from bihuan.areas.api import names as area_names
from bihuan.kernel.api import clock
from bihuan.people.api import LEDGER_EXPORT, Actor, require
from bihuan.reporting.exports.actions import counted_export, note_export
from bihuan.reporting.registers import workbook
from bihuan.reporting.registers.listing import Opened, every_line
from bihuan.reporting.registers.sources.base import Cell

BOM = "\ufeff"  # without it Excel takes UTF-8 for GBK
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_SMALLEST_CSV_CHUNK = 32_768


def headings(opened: Opened) -> list[workbook.Heading]:
    """Return a register's columns as a sheet has them."""
    found = []
    for column, title, kind in zip(opened.columns, opened.titles(), opened.kinds(), strict=True):
        options = tuple(column.spec.options) or tuple(opened.source.choices(opened.area, column.spec.value))
        found.append(workbook.Heading(title, column.spec.width, kind, column.spec.required, options))
    return found


def export_xlsx(actor: Actor, opened: Opened, to: IO[bytes]) -> int:
    """Write a register as an Excel file and return how many lines it has.

    Raises:
        PermissionDenied: the actor may not export there.
    """
    require(actor, LEDGER_EXPORT, opened.area)
    spec, language = opened.register.spec, get_language() or ""
    unit = area_names([opened.area]).get(opened.area, opened.area)
    paper = workbook.Paper(spec.title.say(language), spec.note, spec.version, unit, f"{clock.today():%Y-%m-%d}")
    rows = workbook.write(to, paper, headings(opened), (line.cells for line in every_line(actor, opened)))
    note_export(actor=actor, form="xlsx", rows=rows, **_said(opened))
    return rows


def _said(opened: Opened) -> dict[str, Any]:
    key = opened.register.key
    return {"what": "register", "key": key, "area_code": opened.area, "filters": opened.filters}


def export_csv(actor: Actor, opened: Opened) -> Iterator[str]:
    """Yield a register as CSV, some lines at a time; refused before the first of them.

    The entry is there before the first line has gone out; another says at the end how many they were.

    Raises:
        PermissionDenied: the actor may not export there.
    """
    require(actor, LEDGER_EXPORT, opened.area)
    return _csv(actor, opened)


def _csv(actor: Actor, opened: Opened) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow(opened.titles())
    with counted_export(actor=actor, form="csv", **_said(opened)) as out:
        for line in out.over(every_line(actor, opened)):
            writer.writerow([_words(cell) for cell in line.cells])
            if buffer.tell() > _SMALLEST_CSV_CHUNK:
                yield buffer.getvalue()
                buffer.seek(0)
                buffer.truncate()
        yield buffer.getvalue()


def _words(cell: Cell) -> str:
    """Return a cell as text; what a spreadsheet would take for a formula is marked as text."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{localtime(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, str):
        return "'" + cell if cell.startswith(_DANGEROUS) else cell
    return str(cell)
