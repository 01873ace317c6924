"""Tables of what is derived: figures, registers, what is brought in, forms, bulletins, what was taken out."""

from bihuan.reporting.models.bringin import ImportedRow, ImportLayout, ImportRun
from bihuan.reporting.models.bulletins import Bulletin, Objection
from bihuan.reporting.models.exports import Export
from bihuan.reporting.models.figures import Fact, FigureRules, Tally
from bihuan.reporting.models.forms import FormLayout, FormRun
from bihuan.reporting.models.registers import SavedView

__all__ = [
    "Bulletin",
    "Export",
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
