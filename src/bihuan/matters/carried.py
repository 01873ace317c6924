"""Open matters to take along where there is no network: where they stand, and what one may do on them there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bihuan.kernel.api import clock
from bihuan.matters.labels import area_names, spoken, titled
from bihuan.matters.methodinfo import info_of
from bihuan.matters.models import Matter
from bihuan.matters.roles import by_for
from bihuan.matters.scope import area_q
from bihuan.methods.api import Offer, offers, state_from_json
from bihuan.people.api import MATTER_READ, Actor, visible

MOST_CARRIED = 200


@dataclass(frozen=True, slots=True)
class Carried:
    """One open matter as it is taken along; ``offers``: what this actor may do on it now."""

    matter_id: UUID
    version_id: UUID
    number: str
    display_number: str
    title: str
    area_code: str
    area_name: str
    category: str
    urgency: str
    step: str
    step_title: str
    version: int
    due_at: datetime | None
    card: str
    created_at: datetime
    offers: tuple[Offer, ...]


def carried(actor: Actor, roots: Sequence[str], limit: int = MOST_CARRIED) -> tuple[tuple[Carried, ...], bool]:
    """Return the open matters in some areas that an actor may see, newest first, and whether there are more.

    Two statements.
    """
    where = Q(pk__in=[])
    for code in roots:
        where |= area_q(code)
    rows = visible(actor, MATTER_READ, Matter.objects.filter(where, is_open=True)).defer("text")
    found = list(rows.order_by("-created_at", "-id")[: limit + 1])
    names = area_names(row.area_code for row in found)
    return tuple(_carried(actor, row, names) for row in found[:limit]), len(found) > limit


def _carried(actor: Actor, row: Matter, names: dict[str, str]) -> Carried:
    info = info_of(row.version_ref_id)
    offered = offers(info.method, state_from_json(row.state_json), by_for(actor, row), clock.now(), mine=True)
    return Carried(
        matter_id=row.pk,
        version_id=row.version_ref_id,
        number=row.number,
        display_number=spoken(row.number, names.get(row.community_code, "")),
        title=row.title,
        area_code=row.area_code,
        area_name=names.get(row.area_code, row.area_code),
        category=row.category,
        urgency=row.urgency,
        step=row.step,
        step_title=titled(*info.step(row.step)),
        version=row.version,
        due_at=row.due_at,
        card=row.card,
        created_at=row.created_at,
        offers=tuple(offer for offer in offered if not offer.refusals),
    )
