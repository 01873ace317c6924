"""Reads of persons and posts, for the packages above; rights are the caller's to check with the rule."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from bihuan.areas.codes import ancestors, subtree_q
from bihuan.kernel.api import clock, lookup_hash
from bihuan.people.models import Person, Post, Role


def person_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the name of each person that exists. One statement."""
    return dict(Person.objects.filter(pk__in=set(ids)).values_list("id", "name"))


def role_titles(language: str = "zh") -> dict[str, str]:
    """Return every role's title in "zh" or "en", in the order of the table. One statement."""
    return {
        key: (title_en or title) if language.startswith("en") else title
        for key, title, title_en in Role.objects.values_list("key", "title", "title_en")
    }


def holders(area_code: str, role: str, at: datetime.date | None = None) -> list[Person]:
    """Return who holds a role for an area, by a post there or above it; the nearest post's holders first."""
    posts = (
        Post.objects.active(at or clock.today())
        .filter(role_id=role, area_code__in=ancestors(area_code))
        .select_related("person")
    )
    ordered = sorted(posts, key=lambda post: (-len(post.area_code), post.since, str(post.pk)))
    return list({post.person_id: post.person for post in ordered}.values())


def holders_within(
    area_code: str, roles: Collection[str] | None = None, at: datetime.date | None = None
) -> QuerySet[Post]:
    """Return the posts in force in an area or below it, of these roles when given, with their persons."""
    posts = Post.objects.active(at or clock.today()).filter(subtree_q("area_code", area_code))
    if roles is not None:
        posts = posts.filter(role_id__in=list(roles))
    return posts.select_related("person", "person__organisation", "role").order_by(
        "area_code", "role__order", "since", "pk"
    )


def person_by_phone(number: str) -> Person | None:
    """Return the person to whom a number (as typed) belongs, or None."""
    return Person.objects.filter(phone_lookup=lookup_hash(number)).first() if number.strip() else None


def search(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Narrow persons to those whose name contains a text, or whose number is exactly it."""
    wanted = text.replace("\x00", "").strip()
    if not wanted:
        return people
    return people.filter(Q(name__contains=wanted) | Q(phone_lookup=lookup_hash(wanted)))
