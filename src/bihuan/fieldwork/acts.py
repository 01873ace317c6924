"""Acts on matters that a round counts as a visit: kept one by one, in the act's own transaction.

Which round counts which act is looked up at reading; kept is only that it was done. A method no round of which names
the action costs nothing.
"""

from __future__ import annotations

from bihuan.fieldwork.models import EquivalentAct
from bihuan.fieldwork.plans import rounds_of
from bihuan.matters.api import Acted
from bihuan.methods.api import get_method


def keep(acted: Acted) -> None:
    """Keep an act that a round of the matter's method counts: one statement, none for any other."""
    method = get_method(acted.version_id)
    section = rounds_of(method)
    if section is None or not section.covered_by(f"act.{acted.action}"):
        return
    EquivalentAct(
        id=acted.entry_id,
        community_code=acted.area_code[:12],
        method_key=method.key,
        action=acted.action,
        area_code=acted.area_code,
        happened_at=acted.happened_at,
    ).save(force_insert=True)
