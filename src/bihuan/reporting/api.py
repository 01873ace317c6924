"""What other packages may use of reporting.

Registers (台账): ``registers_in(area_code) -> {key: Register}``, ``open_register(actor, key, area="", view=View())
-> Opened``, ``register_lines(actor, opened, cursor=None, limit=50) -> Lines``, ``export_xlsx(actor, opened, file) ->
int``, ``export_csv(actor, opened) -> Iterator[str]``; views: ``save_view``, ``delete_view``, ``views_of``.

Old ledgers (旧台账): ``start_run(actor, id, area, name, data) -> ImportRun``, ``look(actor, run_id) -> Looked``,
``choose_columns(actor, run_id, table, columns, year)``, ``check_ledger(actor, looked) -> Brought`` (writes nothing),
``bring_in(actor, run_id) -> Brought`` (whole or not at all), ``give_up(actor, run_id)``.

Figures (指标): ``figures(actor, area_code, since, until, keys=None, split="", method_key="") -> list[FigureValue]``,
``drill(actor, key, part, area_code, since, until, dim="", value="", cursor=None, method_key="") -> Drilled``,
``grid(actor, area_code, since, until, key, rows, columns, method_key="") -> Grid`` (two splits at once),
``check_figures(area_code="", progress=None) -> Check``, ``fold_pending() -> int`` (a job).

Cockpit (看板): ``cockpit(actor, area_code) -> Cockpit``: what stands now, this month, places below, a year.

Superiors' forms: ``look_at_form(*, actor, id, area_code, name, data, since, until) -> FormRun``,
``answer_form(*, actor, run_id, answers)``, ``fill_run(*, actor, run_id, reason="") -> Filled``; at once ``fill_form(*,
actor, area_code, name, data, since, until, answers=None, numbers=(), reason="") -> Filled``; a card of one matter:
``choose_form_matters(*, actor, run_id, numbers)``; ``form_page(actor, run_id) -> FormPage``,
``forms_of(actor) -> list[FormRun]``.

Exports (导出记录): whatever hands lines out calls ``note_export(*, actor, what, form, area_code, rows, key="",
filters=None, daily=False)``, or ``with counted_export(*, actor, what, form, area_code, key, filters) as out`` around a
stream; ``export_xlsx``, ``export_csv``, ``fill_run`` and ``fill_form`` do it themselves.
``exports_in(actor, area="", what="", cursor="", limit=50) -> TakenPage`` for who may EXPORT_READ.
"""

from __future__ import annotations

from bihuan.reporting.bringin.runs import Brought, Looked, bring_in, forget_files, give_up, look, start_run
from bihuan.reporting.bringin.runs import check as check_ledger
from bihuan.reporting.bringin.runs import choose as choose_columns
from bihuan.reporting.cockpit import DONE, DRAGGED, SAID, Below, Cockpit, Standing, cockpit
from bihuan.reporting.exports.actions import counted_export, note_export
from bihuan.reporting.exports.queries import EXPORT_KINDS, Taken, TakenPage, exports_in
from bihuan.reporting.figures.definitions import Definition, definitions
from bihuan.reporting.figures.drill import Drilled, drill
from bihuan.reporting.figures.folding import fold_pending
from bihuan.reporting.figures.grid import Grid, GridCell, grid
from bihuan.reporting.figures.months import Period, current, period, shifted
from bihuan.reporting.figures.public import public_counts
from bihuan.reporting.figures.reading import SPLITS, figures, wanted_definitions
from bihuan.reporting.figures.recount import check_figures
from bihuan.reporting.figures.shapes import Check, Difference, FigureValue, LeftOut, Place
from bihuan.reporting.forms.actions import answer as answer_form
from bihuan.reporting.forms.actions import choose as choose_form_matters
from bihuan.reporting.forms.actions import fill_form, fill_run
from bihuan.reporting.forms.actions import look as look_at_form
from bihuan.reporting.forms.making import Filled
from bihuan.reporting.forms.pages import FormPage, FormQuestion, form_page, forms_of
from bihuan.reporting.registers.definitions import Register, registers_in
from bihuan.reporting.registers.listing import Opened, View, open_register
from bihuan.reporting.registers.listing import page as register_lines
from bihuan.reporting.registers.out import export_csv, export_xlsx
from bihuan.reporting.registers.sources import Line, Lines
from bihuan.reporting.registers.sources.base import Cell as SheetCell
from bihuan.reporting.registers.sources.base import Ratio
from bihuan.reporting.registers.views import delete_view, may_change, save_view, views_of
from bihuan.reporting.registers.workbook import Heading as SheetHeading
from bihuan.reporting.registers.workbook import Paper as SheetPaper
from bihuan.reporting.registers.workbook import write as write_sheet

__all__ = [
    "public_counts",
    "cockpit",
    "Standing",
    "Cockpit",
    "DONE",
    "DRAGGED",
    "SAID",
    "Below",
    "shifted",
    "start_run",
    "look",
    "give_up",
    "forget_files",
    "choose_columns",
    "choose_form_matters",
    "check_ledger",
    "bring_in",
    "Looked",
    "Brought",
    "Check",
    "Definition",
    "Difference",
    "Drilled",
    "FigureValue",
    "Filled",
    "FormPage",
    "FormQuestion",
    "Grid",
    "GridCell",
    "LeftOut",
    "Line",
    "Lines",
    "Opened",
    "Period",
    "Place",
    "Ratio",
    "Register",
    "SPLITS",
    "SheetCell",
    "SheetHeading",
    "SheetPaper",
    "View",
    "answer_form",
    "check_figures",
    "counted_export",
    "current",
    "definitions",
    "delete_view",
    "drill",
    "EXPORT_KINDS",
    "Taken",
    "TakenPage",
    "export_csv",
    "export_xlsx",
    "exports_in",
    "figures",
    "fill_form",
    "fill_run",
    "fold_pending",
    "grid",
    "form_page",
    "forms_of",
    "look_at_form",
    "may_change",
    "note_export",
    "open_register",
    "period",
    "register_lines",
    "registers_in",
    "save_view",
    "views_of",
    "wanted_definitions",
    "write_sheet",
]
