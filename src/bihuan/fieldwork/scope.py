"""Who may see a visit or a place.

Others' visits are read by VISIT_READ in their area, one's own always. A visit to a paired household says that the
household is helped: it is read by who made it and by who may know of the pairing. ``may_read`` and ``readable`` are
that rule in its two shapes; a test holds them equal.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.areas.api import subtree_q, within
from bihuan.fieldwork.models import Place, Visit
from bihuan.fieldwork.pairing_rights import reads, seen_by
from bihuan.fieldwork.schemes import scheme_of
from bihuan.people.api import Actor, can, register_scope, visible
from bihuan.people.permissions import PAIRING_READ, ROUND_READ, VISIT_READ, VISIT_RECORD

COLUMNS = {6: "district_code", 9: "street_code", 12: "community_code"}


def area_q(code: str) -> Q:
    """Return the condition "lies in ``code``" by the column that holds that level."""
    column = COLUMNS.get(len(code))
    return Q(**{column: code}) if column else subtree_q("area_code", code)


def _open_q(code: str) -> Q:
    return Q(pairing__isnull=True) & area_q(code)


def _codes(visit: Visit) -> tuple[str, ...]:
    return () if visit.pairing_id is not None else (visit.area_code,)


def _of_person(person: UUID) -> Q:
    return Q(person_id=person)


def readable(actor: Actor, visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Keep the visits that an actor may read; one statement of its own, none for who has to do with no household."""
    if actor.kind == "system":
        return visits
    kept = visible(actor, VISIT_READ, visits)
    if not (actor.areas_with(PAIRING_READ) or actor.areas_with(VISIT_RECORD)):
        return kept
    return kept | visits.filter(pairing__in=seen_by(actor))


def branches(actor: Actor, area: str = "") -> list[Q]:
    """Return what an actor may read in an area ("" anywhere) as conditions, any of which is one range of an index.

    To a key neither its person's own visits stand open, wherever they were, nor those to households.
    """
    inside = area_q(area) if area else Q()
    if actor.kind == "system":
        return [inside]
    if actor.person_id is None:
        return []
    found = [] if actor.via else [Q(person_id=actor.person_id) & inside]
    roots = actor.areas_with(VISIT_READ)
    if area and any(within(area, root) for root in roots):
        found.append(_open_q(area))
    else:
        found += [_open_q(root) for root in roots if not area or within(root, area)]
    if not actor.via and (actor.areas_with(PAIRING_READ) or actor.areas_with(VISIT_RECORD)):
        found.append(Q(pairing__in=seen_by(actor)) & inside)
    return found


def may_read(actor: Actor, visit: Visit) -> bool:
    """Say whether an actor may read a visit."""
    if can(actor, VISIT_READ, visit):
        return True
    if visit.pairing is None or actor.kind != "person":
        return False
    return reads(actor, visit.pairing, scheme_of(visit.pairing.version_ref_id, visit.pairing.key))


def visit_for(actor: Actor, visit_id: UUID, visits: QuerySet[Visit] | None = None) -> Visit:
    """Load one visit that an actor may read.

    Raises:
        Http404: there is none, or they may not know of it.
    """
    rows = visits if visits is not None else Visit.objects.all()
    visit = rows.filter(pk=visit_id).first()
    if visit is None or not may_read(actor, visit):
        raise Http404(_("没有找到，或者您没有查看的权限"))
    return visit


def register() -> None:
    """Tell the permission rule; called once at start."""
    register_scope(
        Visit,
        read=VISIT_READ,
        area_q=_open_q,
        area_codes=_codes,
        party_q=_of_person,
        party_ids=lambda visit: (visit.person_id,),
    )
    register_scope(Place, read=ROUND_READ, area_field="area_code")
