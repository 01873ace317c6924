"""Whose matters are whose to see: the permission rule's scope, and the same rule as index-friendly branches.

One condition "in area A or in area B or party to it" defeats every index. A list therefore asks once per
branch, each an ordered walk of one index with a limit, and merges: ``branches`` names them. A property test
holds them equal to ``people.api.visible``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from bihuan.areas.codes import subtree_q, upper_bound, within
from bihuan.matters.models import Matter, Party
from bihuan.people.api import MATTER_READ, Actor, register_scope

COLUMNS = {6: "district_code", 9: "street_code", 12: "community_code"}


def area_q(code: str) -> Q:
    """Return the condition "lies in ``code``" by the column that holds that level."""
    column = COLUMNS.get(len(code))
    return Q(**{column: code}) if column else subtree_q("area_code", code)


def party_ids(matter: Matter) -> frozenset[UUID]:
    """Return who is party to a matter now, from its state: no query."""
    parties = matter.state_json.get("parties") or {}
    found = {UUID(person) for persons in parties.values() for person in persons}
    if matter.reporter_id:
        found.add(matter.reporter_id)
    return frozenset(found)


def register() -> None:
    """Tell the permission rule how matters lie; called once at start."""
    register_scope(
        Matter,
        read=MATTER_READ,
        area_q=area_q,
        area_codes=lambda matter: (matter.area_code,),
        party_q=lambda person: Q(pk__in=Party.objects.filter(person_id=person, until__isnull=True).values("matter_id")),
        party_ids=party_ids,
    )


@dataclass(frozen=True, slots=True)
class Branch:
    """One part of what an actor sees: a condition on ``m`` (matters_matter) that one index answers."""

    sql: str
    params: tuple[Any, ...]
    root: str = ""  # the area's code; "" where the branch is the party's


def branches(actor: Actor, permission: str, area: str = "") -> list[Branch]:
    """Return the parts of what ``actor`` sees by ``permission``, within ``area`` where one is given.

    The parts may overlap (party to a matter in one's own area): who merges them drops doubles.
    """
    found: list[Branch] = []
    for root in roots(actor, permission, area):
        found.extend(Branch(sql, params, root) for sql, params in area_conditions(root))
    if actor.person_id is not None and permission == MATTER_READ:
        party = "m.id IN (SELECT p.matter_id FROM matters_party p WHERE p.person_id = %s AND p.until IS NULL)"
        params: tuple[Any, ...] = (actor.person_id,)
        if area:
            party += " AND m.area_code >= %s AND m.area_code <= %s"
            params += (area, upper_bound(area))
        found.append(Branch(party, params))
    return found


def roots(actor: Actor, permission: str, area: str = "") -> list[str]:
    """Return the codes of the areas an actor may read in, cut to ``area``; ``[""]`` means everywhere."""
    if actor.kind == "system":
        return [area]
    held = actor.areas_with(permission)
    if not area:
        return list(held)
    if any(within(area, root) for root in held):
        return [area]
    return [root for root in held if within(root, area)]


def area_conditions(root: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the conditions that together mean "in ``root``", each in the order of one index."""
    if not root:
        yield "1 = 1", ()
    elif column := COLUMNS.get(len(root)):
        yield f"m.{column} = %s", (root,)
    elif len(root) > 12:  # the place itself in index order; what lies below it is seldom there at all
        yield "m.area_code = %s", (root,)
        yield "m.area_code > %s AND m.area_code <= %s", (root, upper_bound(root))
    else:
        yield "m.area_code >= %s AND m.area_code <= %s", (root, upper_bound(root))


def union(parts: Sequence[str]) -> str:
    """Join limited selects: each in brackets of its own, as SQLite allows no LIMIT inside a compound."""
    return " UNION ALL ".join(f"SELECT * FROM ({part}) AS part{index}" for index, part in enumerate(parts))  # noqa: S608
