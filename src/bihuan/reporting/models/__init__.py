"""Tables of what is derived: figures, registers, what is brought in, forms, bulletins."""

from bihuan.reporting.models.bringin import ImportedRow, ImportLayout, ImportRun
from bihuan.reporting.models.bulletins import Bulletin, Objection
from bihuan.reporting.models.figures import Fact, FigureRules, Tally
from bihuan.reporting.models.forms import FormLayout, FormRun
from bihuan.reporting.models.registers import SavedView

__all__ = [
    "Bulletin",
    "Fact",
    "FigureRules",
    "FormLayout",
    "FormRun",
    "ImportLayout",
    "ImportRun",
    "ImportedRow",
    "Objection",
    "SavedView",
    "Tally",
]
