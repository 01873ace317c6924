"""In which roles somebody acts on one matter: by posts, by being party to it, by holding the reporter's link."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from bihuan.matters.methodinfo import info_of
from bihuan.matters.models import Matter
from bihuan.methods.api import By
from bihuan.people.api import Actor


def by_of(
    actor: Actor,
    area_code: str,
    parties: Mapping[str, Sequence[str]],
    *,
    reporter_id: UUID | None = None,
    holds_link: bool = False,
    meeting: str | None = None,
    party_roles: Collection[str] = (),
) -> By:
    """Return who acts with every role that counts.

    Args:
        actor: who acts.
        area_code: where the matter lies: posts there and above it count.
        parties: role → persons (hex), from the matter's state.
        reporter_id: who reported it, where known.
        holds_link: the reporter's secret link was shown.
        meeting: "meeting:<body>" when a meeting decides.
        party_roles: the method's, held on one matter by an entry: a post of the same name gives none of them.
    """
    if meeting:
        return By(_hex(actor.person_id), frozenset({meeting}))
    if actor.kind == "system":
        return By(None, frozenset({"system"}))
    roles = set(actor.roles_in(area_code)).difference(party_roles) | {"anyone"}
    me = _hex(actor.person_id)
    if me:
        roles |= {role for role, persons in parties.items() if me in persons}
    if holds_link or (actor.person_id is not None and actor.person_id == reporter_id):
        roles.add("reporter")
    return By(me, frozenset(roles))


def by_for(actor: Actor, matter: Matter, *, holds_link: bool = False, meeting: str | None = None) -> By:
    """Return ``by_of`` for a matter's row."""
    return by_of(
        actor,
        matter.area_code,
        matter.state_json.get("parties") or {},
        reporter_id=matter.reporter_id,
        holds_link=holds_link,
        meeting=meeting,
        party_roles=info_of(matter.version_ref_id).method.party_roles,
    )


def acting_role(by: By, allowed: Sequence[str]) -> str:
    """Return the one role an act is recorded under: the first of the method's that the actor holds."""
    for role in allowed:
        if role in by.roles:
            return role
    rest = sorted(by.roles - {"anyone"})
    return rest[0] if rest else ("resident" if by.person else "anonymous")


def _hex(person: UUID | None) -> str | None:
    return person.hex if person is not None else None
