"""What a method's page and the editor beside it draw: the picture and the text, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from bihuan.kernel.api import clock
from bihuan.methods import api
from bihuan.web.desk.choices import language
from bihuan.web.desk.method_limits import limits_of
from bihuan.web.desk.method_view import outcomes_of, parties_of, picture_of, steps_of, tables_of


def shown(method: api.Method | None) -> dict[str, Any]:
    """Return what the picture and the text of a method need; nothing to draw where the file does not read."""
    if method is None:
        return {
            "picture": None,
            "steps": [],
            "parties": [],
            "outcomes": [],
            "limits": [],
            "tables": [],
            "source_of": "",
            "picture_label": "",
        }
    lang = language()
    steps = steps_of(method, lang)
    return {
        "picture": picture_of(method, lang),
        "picture_label": _("路线图：%(steps)s") % {"steps": _(" → ").join(step.title for step in steps)},
        "steps": steps,
        "parties": parties_of(method, lang),
        "outcomes": outcomes_of(method, lang),
        "limits": limits_of(method, lang),
        "tables": tables_of(method, lang, clock.today()),
        "source_of": method.file.source,
    }
