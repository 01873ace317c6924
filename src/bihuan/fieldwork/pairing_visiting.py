"""A visit to a paired household as one form tells it: when, what help, a note; and a need that becomes a matter."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bihuan.fieldwork.actions import record_finding, record_visit
from bihuan.fieldwork.pairing_reads import PairingPage
from bihuan.fieldwork.pairing_words import must_not_name
from bihuan.fieldwork.shapes import Found, RecordedVisit
from bihuan.kernel.api import Refused
from bihuan.people.api import Actor


def visit_household(
    *,
    actor: Actor,
    page: PairingPage,
    id: UUID,  # noqa: A002 - the name every use case has for what its client made
    finding_id: UUID,
    happened_at: datetime,
    met: bool,
    help_kind: str = "",
    text: str = "",
    need: str = "",
    checked: bool = False,
) -> tuple[RecordedVisit, Found | None]:
    """Record the visit, then the need: both ids come with the form, so sending it again adds nothing.

    Args:
        actor: who goes there.
        page: the pairing as the actor sees it.
        id: of the visit; UUIDv7 made by the client.
        finding_id: of the need, likewise.
        happened_at: when; aware.
        met: somebody was at home.
        help_kind: a key of the scheme's help, "" for a visit alone.
        text: what is noted; kept with the household's data.
        need: what is needed; it becomes a matter, which more people see.
        checked: the actor looked and nobody can tell by it which household it is.

    Raises:
        As ``record_visit`` and ``record_finding``. Refused: the need names the household.
    """
    pairing, need = page.pairing, need.strip()
    if need and (problem := must_not_name(pairing, need, checked=checked, field="need")):
        raise Refused(problem)
    visit = record_visit(
        actor=actor,
        id=id,
        area_code=pairing.area_code,
        pairing_id=pairing.pk,
        method_key=page.ref.method.key,
        help_kind=help_kind,
        happened_at=happened_at,
        result="nobody" if not met else "found" if need else "nothing",
        text=text,
    )
    if not need:
        return visit, None
    return visit, record_finding(actor=actor, id=finding_id, visit_id=visit.visit_id, text=need)
