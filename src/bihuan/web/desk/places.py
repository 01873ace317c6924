"""Finding a place as people type it: "12" is 12号楼, one's own micro-grids come first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from bihuan.areas.api import display_name, subtree_q, within
from bihuan.areas.models import Area
from bihuan.people.api import MATTER_RECORD, Actor

MOST_LISTED = 400
MOST_OWN = 12
_LEADING = re.compile(r"^(\d+)(?:\D|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place one may record for: its code, the name people use, the name that tells it from others alike."""

    code: str
    name: str
    full: str


@dataclass(frozen=True, slots=True)
class Places:
    """All places of one actor: ``own`` micro-grids, all ``listed`` ones, the ``roots`` they lie in."""

    own: tuple[Place, ...]
    listed: tuple[Place, ...]
    roots: tuple[str, ...]

    @property
    def only(self) -> Place | None:
        """The one place there is, or None."""
        return self.listed[0] if len(self.listed) == 1 else None


def places_of(actor: Actor, permission: str = MATTER_RECORD) -> Places:
    """Return where ``actor`` may record. Two statements at most."""
    roots = actor.areas_with(permission)
    if not roots:
        return Places((), (), ())
    inside = Q()
    for root in roots:
        inside |= subtree_q("code", root)
    communities = {
        area.code: display_name(area)
        for area in Area.objects.filter(
            inside | Q(code__in={root[:12] for root in roots}), level="community", active=True
        )
    }
    leaves = Area.objects.filter(inside, active=True).exclude(level__in=["city", "district", "street"])
    rows = list(leaves.only("code", "name", "short_name", "level", "parent_code")[: MOST_LISTED + 1])
    if len(rows) > MOST_LISTED:
        rows = [row for row in rows if row.level == "community"]
    several = len(communities) > 1
    listed = tuple(_place(row, communities, several=several) for row in rows)
    posts = {post.area_code for post in actor.posts if len(post.area_code) > 12}
    own = tuple(place for place in listed if any(within(place.code, code) for code in posts) and len(place.code) > 12)
    return Places(own[:MOST_OWN], listed, roots)


def _place(area: Area, communities: dict[str, str], *, several: bool) -> Place:
    name = display_name(area)
    community = communities.get(area.code[:12], "")
    full = f"{community} {name}" if several and community and community != name else name
    return Place(area.code, name, full)


def resolve(places: Places, typed: str) -> list[Place]:
    """Return the places that ``typed`` means, best first: one is an answer, several are a question.

    A code, a full name and a short name count exactly; then the number that a name begins with ("12" is 12号楼 and
    never 112号楼); then names that begin with the text, then those that contain it.
    """
    wanted = " ".join(typed.replace("\x00", "").split())
    if not wanted:
        return []
    for rule in (_exact, _number, _begins, _contains):
        if found := [place for place in places.listed if rule(place, wanted)]:
            return found
    return list(_elsewhere(places.roots, wanted)) if len(places.listed) > 1 else []


def _exact(place: Place, wanted: str) -> bool:
    return wanted in {place.code, place.name, place.full}


def _number(place: Place, wanted: str) -> bool:
    return (
        wanted.isascii()
        and wanted.isdigit()
        and (found := _LEADING.match(place.name)) is not None
        and (found[1].lstrip("0") == wanted.lstrip("0"))
    )


def _begins(place: Place, wanted: str) -> bool:
    return place.name.startswith(wanted) or place.full.startswith(wanted)


def _contains(place: Place, wanted: str) -> bool:
    return wanted in place.name or all(part in place.full for part in wanted.split(" "))


def _elsewhere(roots: Sequence[str], wanted: str) -> Iterable[Place]:
    """Look below communities that are too many to list."""
    from bihuan.areas.api import by_name

    for root in roots:
        for area in by_name(wanted, root):
            if area.level not in {"city", "district", "street"}:
                yield Place(area.code, display_name(area), f"{display_name(area)} {area.code}")
