"""Small reads for pages of other packages: may this visit be read, which visits met this matter."""

from __future__ import annotations

from uuid import UUID

from bihuan.fieldwork.models import Finding, Visit
from bihuan.fieldwork.scope import may_read
from bihuan.people.api import Actor


def may_read_visit(actor: Actor, visit_id: UUID) -> bool:
    """Say whether there is such a visit and an actor may read it. One statement."""
    visit = Visit.objects.filter(pk=visit_id).first()
    return visit is not None and may_read(actor, visit)


def visits_that_found(actor: Actor, matter_id: UUID) -> list[Visit]:
    """Return the visits that met a matter and that an actor may read, the first first. One statement for most."""
    met = Visit.objects.filter(pk__in=Finding.objects.filter(matter_id=matter_id).values("visit_id"), withdrawn=False)
    rows = met.defer("text", "checklist", "together", "review").order_by("happened_at", "id")
    return [visit for visit in rows if may_read(actor, visit)]
