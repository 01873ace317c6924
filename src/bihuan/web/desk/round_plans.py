"""What the methods in use in an area say of rounds: the checklist of one, the kinds of places there are."""

from __future__ import annotations

from typing import Any

from bihuan.kernel.api import NotFound
from bihuan.methods import api as methods
from bihuan.web.desk.choices import Choice, language

SECTION = "rounds"


def looked_at(area_code: str, method_key: str, round_key: str) -> tuple[list[Choice], str]:
    """Return what is looked at on a round (key and title) and its note, as the method in use there says."""
    try:
        _version, method = methods.method_for(area_code, method_key)
    except NotFound:
        return [], ""
    section: Any = method.section(SECTION)
    plan = section.plans.get(round_key) if section is not None else None
    if plan is None:
        return [], ""
    items = [(key, item.title.say(language())) for key, item in plan.checklist.items()]
    return items, plan.note.say(language()) if plan.note else ""


def place_kinds(area_code: str) -> list[Choice]:
    """Return the kinds of places that the methods in use in an area know, key and title. One statement."""
    found: dict[str, str] = {}
    for use in methods.methods_in(area_code):
        section: Any = methods.get_method(use.version_id).section(SECTION)
        for key, title in (section.kinds if section is not None else {}).items():
            found.setdefault(key, title.say(language()))
    return list(found.items())
