"""What other packages may use of reporting.

Registers (台账): ``registers_in(area_code) -> {key: Register}``, ``open_register(actor, key, area="", view=View())
-> Opened``, ``register_lines(actor, opened, cursor=None, limit=50) -> Lines``, ``export_xlsx(actor, opened, file) ->
int``, ``export_csv(actor, opened) -> Iterator[str]``; views: ``save_view``, ``delete_view``, ``views_of``.

Figures (指标): ``figures(actor, area_code, since, until, keys=None, split="", method_key="") -> list[FigureValue]``,
``drill(actor, key, part, area_code, since, until, dim="", value="", cursor=None, method_key="") -> Drilled``,
``check_figures(area_code="", progress=None) -> Check``, ``fold_pending() -> int`` (a job).
"""

from __future__ import annotations

from bihuan.reporting.figures.definitions import Definition, definitions
from bihuan.reporting.figures.drill import Drilled, drill
from bihuan.reporting.figures.folding import fold_pending
from bihuan.reporting.figures.months import Period, current, period
from bihuan.reporting.figures.reading import SPLITS, figures, wanted_definitions
from bihuan.reporting.figures.recount import check_figures
from bihuan.reporting.figures.shapes import Check, Difference, FigureValue, LeftOut, Place
from bihuan.reporting.registers.definitions import Register, registers_in
from bihuan.reporting.registers.listing import Opened, View, open_register
from bihuan.reporting.registers.listing import page as register_lines
from bihuan.reporting.registers.out import export_csv, export_xlsx
from bihuan.reporting.registers.sources import Line, Lines
from bihuan.reporting.registers.views import delete_view, save_view, views_of

__all__ = [
    "Check",
    "Definition",
    "Difference",
    "Drilled",
    "FigureValue",
    "LeftOut",
    "Line",
    "Lines",
    "Opened",
    "Period",
    "Place",
    "Register",
    "SPLITS",
    "View",
    "check_figures",
    "current",
    "definitions",
    "delete_view",
    "drill",
    "export_csv",
    "export_xlsx",
    "figures",
    "fold_pending",
    "open_register",
    "period",
    "register_lines",
    "registers_in",
    "save_view",
    "views_of",
    "wanted_definitions",
]
