"""Who may be named for a matter: the one rule behind what forms offer and what ``advance`` takes.

A post counts where it lies at the matter's place or above it. Anybody may be named as a resident; who reported, and
who answers for the matter already, may be named by that.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from bihuan.areas.api import ancestors, subtree_q
from bihuan.kernel.api import clock
from bihuan.people.models import Person, Post


def posts_at(area_code: str) -> QuerySet[Post]:
    """Return the posts in office at a place or above it."""
    return Post.objects.active(clock.today()).filter(area_code__in=ancestors(area_code), person__erased_at=None)


def roles_held(people: Collection[str], area_code: str) -> dict[str, set[str]]:
    """Return which roles each of these persons (hex) holds for a place; who is not there is left out. One statement."""
    there = Person.objects.filter(pk__in=people, erased_at=None)
    rows = there.values_list("pk", Value("resident", output_field=CharField())).union(
        posts_at(area_code).filter(person_id__in=people).order_by().values_list("person_id", "role_id")
    )
    held: dict[str, set[str]] = {}
    for key, role in rows:
        held.setdefault(key.hex, {"resident", "anyone"}).add(role)
    return held


def candidates(area_code: str, community_code: str, roles: Collection[str]) -> QuerySet[Post]:
    """Return the posts by which somebody may be named among ``roles``, the nearest to the place first.

    Residents are offered from the whole community, though any may be named.
    """
    found = Q(pk__in=posts_at(area_code).filter(role_id__in=list(roles)).values("pk"))
    if "resident" in roles:
        near = Post.objects.active(clock.today()).filter(subtree_q("area_code", community_code), role_id="resident")
        found |= Q(pk__in=near.filter(person__erased_at=None).values("pk"))
    distance = Case(When(area_code=area_code, then=0), When(area_code__in=ancestors(area_code), then=1), default=2)
    posts = Post.objects.filter(found).select_related("person", "role")
    return posts.order_by(distance, Length("area_code").desc(), "role__order", "area_code", "person__name")
