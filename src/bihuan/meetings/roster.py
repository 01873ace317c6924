"""Who is due at a meeting, with what weight: from posts alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from bihuan.areas.api import ancestors, subtree_q
from bihuan.areas.models import Area
from bihuan.meetings.models import Attendance
from bihuan.meetings.rules import Mandate, Measures
from bihuan.meetings.section import AREA_FACTS, Body
from bihuan.people.models import Post


@dataclass(frozen=True, slots=True)
class Seat:
    """One person due or invited: the role they come in and the weight of their vote, as exact text."""

    person_id: UUID
    name: str
    role: str
    area_code: str = ""
    weights: Mapping[str, str] = field(default_factory=dict)


def holders(area_code: str, roles: Iterable[str], on: date) -> dict[str, list[Post]]:
    """Return the posts of each role that count for an area: in and below it, or else the nearest above.

    Deputies are not due themselves: they come for somebody.
    """
    wanted = list(dict.fromkeys(roles))
    posts = Post.objects.active(on).filter(role_id__in=wanted, deputy_of__isnull=True).select_related("person")
    below = posts.filter(subtree_q("area_code", area_code)).order_by("area_code", "since", "id")
    found: dict[str, list[Post]] = {role: [] for role in wanted}
    for post in below:
        found[post.role_id].append(post)
    missing = [role for role in wanted if not found[role]]
    if missing:
        above = posts.filter(role_id__in=missing, area_code__in=ancestors(area_code))
        for post in above.order_by("area_code", "since", "id"):
            held = found[post.role_id]
            if held and held[0].area_code != post.area_code:
                held.clear()  # a nearer level: codes grow longer as the list goes on
            held.append(post)
    return found


def due(area_code: str, body: Body, on: date) -> list[Seat]:
    """Return who is due at a session of ``body`` in an area on a day. Somebody with two posts is due once."""
    found = holders(area_code, [member.role for member in body.members], on)
    facts = _facts({post.area_code for posts in found.values() for post in posts})
    seats: dict[UUID, Seat] = {}
    for member in body.members:
        for post in found[member.role]:
            if post.person_id not in seats:
                weights = {name: _weight(value, facts.get(post.area_code)) for name, value in member.measures.items()}
                seats[post.person_id] = Seat(post.person_id, post.person.name, member.role, post.area_code, weights)
    return list(seats.values())


def sitting_in(area_code: str, body: Body, on: date, most: int = 30) -> list[Seat]:
    """Return whom the method lets sit in, as far as they are few: the rest are invited by name."""
    found = holders(area_code, body.sitting_in, on)
    seats: dict[UUID, Seat] = {}
    for role, posts in found.items():
        if len(posts) <= most:
            for post in posts:
                seats.setdefault(post.person_id, Seat(post.person_id, post.person.name, role, post.area_code))
    return list(seats.values())


def mandates(attendances: Iterable[Attendance]) -> list[Mandate]:
    """Return the mandates of a meeting as the counting takes them."""
    here = {Attendance.Presence.PRESENT, Attendance.Presence.DEPUTY}
    return [
        Mandate(
            str(row.person_id),
            row.presence in here,
            {name: Fraction(value) for name, value in row.weights.items()},
        )
        for row in attendances
        if row.kind == Attendance.Kind.DUE
    ]


def register(area_code: str) -> Measures:
    """Return what the register says of an area: households and floor area, nought where nothing is known."""
    area = Area.objects.filter(pk=area_code).only("households", "floor_area").first()
    return {
        "households": Fraction(area.households or 0 if area else 0),
        "floor_area": Fraction(Decimal(str(area.floor_area or 0 if area else 0))),
    }


def _facts(codes: set[str]) -> dict[str, Area]:
    return {area.code: area for area in Area.objects.filter(pk__in=codes).only("code", "households", "floor_area")}


def _weight(value: float | str, area: Area | None) -> str:
    if isinstance(value, str):
        value = (getattr(area, AREA_FACTS[value]) if area else 0) or 0
    return str(Fraction(Decimal(str(value))))
