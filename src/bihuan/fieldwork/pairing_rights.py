"""Who may know of a pairing: the unit's person who goes there while it runs, and who manages it. Nobody else.

A post counts only where it grants ``pairing.read`` *and* the method names its role under ``managed_by``; being of the
unit counts only while the pairing is active and the post that the method asks for is held. To everybody else a
pairing does not exist (404).
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.areas.api import subtree_q, within
from bihuan.fieldwork.models import Pairing
from bihuan.fieldwork.schemes import SchemeRef, in_area, of_version, scheme_of
from bihuan.kernel.api import sql
from bihuan.people.api import Actor, register_scope, visible
from bihuan.people.permissions import PAIRING_MANAGE, PAIRING_READ


def seen_by(actor: Actor) -> QuerySet[Pairing]:
    """Return the pairings that somebody may know of. One statement of its own, besides the queryset's."""
    rows = Pairing.objects.all()
    if actor.kind == "system":
        return rows
    if actor.person_id is None:
        return rows.none()
    found = Q()
    for version_id in _pinned():
        for ref in of_version(version_id):
            found |= Q(version_ref_id=version_id, key=ref.key) & _reach(actor, ref)
    return visible(actor, PAIRING_READ, rows).filter(found) if found else rows.none()


_PINNED = """
WITH RECURSIVE pinned(version) AS (
    SELECT (SELECT version_ref_id FROM fieldwork_pairing ORDER BY version_ref_id LIMIT 1)
    UNION ALL
    SELECT (SELECT p.version_ref_id FROM fieldwork_pairing p WHERE p.version_ref_id > pinned.version
            ORDER BY p.version_ref_id LIMIT 1)
    FROM pinned WHERE pinned.version IS NOT NULL
)
SELECT version FROM pinned WHERE version IS NOT NULL
"""


def _pinned() -> list[UUID]:
    """Return the versions that pairings are pinned to: from one to the next by the index, not by reading them all."""
    return [sql.as_uuid(row[0]) for row in sql.rows(_PINNED)]


def _reach(actor: Actor, ref: SchemeRef) -> Q:
    """Return the condition on the pairings of one scheme."""
    found = Q(pk__in=[])
    for post in actor.posts:
        if PAIRING_READ in post.grants and post.role in ref.spec.managed_by:
            found |= subtree_q("area_code", post.area_code)
        if post.role in ref.spec.units:
            mine = Q(person_id=actor.person_id, state=Pairing.State.ACTIVE)
            found |= mine & subtree_q("area_code", post.area_code)
    return found


def reads(actor: Actor, pairing: Pairing, ref: SchemeRef) -> bool:
    """Say of one pairing what ``seen_by`` says of all."""
    if actor.kind == "system" or goes(actor, pairing, ref):
        return True
    return any(
        PAIRING_READ in post.grants and post.role in ref.spec.managed_by and within(pairing.area_code, post.area_code)
        for post in actor.posts
    )


def goes(actor: Actor, pairing: Pairing, ref: SchemeRef) -> bool:
    """Whether this is the unit's person who goes to the household now."""
    return (
        actor.person_id is not None
        and actor.person_id == pairing.person_id
        and pairing.state == Pairing.State.ACTIVE
        and bool(actor.roles_in(pairing.area_code) & set(ref.spec.units))
    )


def manages(actor: Actor, area_code: str, ref: SchemeRef) -> bool:
    """Whether somebody pairs households in an area under a scheme."""
    if actor.kind == "system":
        return True
    return any(
        PAIRING_MANAGE in post.grants and post.role in ref.spec.managed_by and within(area_code, post.area_code)
        for post in actor.posts
    )


def manager_role(actor: Actor, area_code: str, ref: SchemeRef) -> str:
    """Return the role in which somebody manages; the unit's where they only go; "" for neither."""
    held = actor.roles_in(area_code)
    return next((role for role in (*ref.spec.managed_by, *ref.spec.units) if role in held), "")


def may_enter(actor: Actor) -> bool:
    """Whether the list of pairings is a room for this person: they manage some, or are of a unit that may be paired."""
    if actor.kind == "system":
        return True
    for post in actor.posts:
        for ref in in_area(post.area_code):
            manager = PAIRING_READ in post.grants and post.role in ref.spec.managed_by
            if manager or post.role in ref.spec.units:
                return True
    return False


def open_pairing(actor: Actor, pairing_id: UUID, rows: QuerySet[Pairing] | None = None) -> tuple[Pairing, SchemeRef]:
    """Load one pairing for whoever may know of it.

    Raises:
        Http404: there is none, or it is none of theirs: both look alike from outside.
    """
    found = (Pairing.objects.all() if rows is None else rows).filter(pk=pairing_id).first()
    if found is not None:
        ref = scheme_of(found.version_ref_id, found.key)
        if reads(actor, found, ref):
            return found, ref
    raise Http404(_("没有找到，或者您没有查看的权限"))


def register() -> None:
    """Tell the permission rule; called once at start."""
    register_scope(
        Pairing,
        read=PAIRING_READ,
        area_field="area_code",
        party_q=lambda person: Q(person_id=person, state=Pairing.State.ACTIVE),
        party_ids=lambda row: {row.person_id} if row.person_id and row.state == Pairing.State.ACTIVE else set(),
    )
