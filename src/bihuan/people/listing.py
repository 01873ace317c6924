"""Who holds posts where somebody reads people: the list that the page and the machine interface show."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Min, Q, QuerySet

from bihuan.kernel.api import clock
from bihuan.people.actor import Actor
from bihuan.people.models import Person, Post
from bihuan.people.permissions import PEOPLE_READ
from bihuan.people.queries import search
from bihuan.people.rule import visible


def posts_seen(
    actor: Actor, *, text: str = "", role: str = "", past: bool = False, most: int = 200
) -> tuple[Sequence[Post], bool]:
    """Return the posts that an actor sees, person by person, and whether there are more persons than ``most``.

    Args:
        actor: who reads.
        text: part of a name, or a whole number; "" for everybody.
        role: one role only.
        past: those that have ended instead of those in force or to come.
        most: how many persons; nobody's posts are cut in two.
    """
    posts = visible(actor, PEOPLE_READ, Post.objects.filter(person__erased_at__isnull=True))
    today = clock.today()
    posts = posts.filter(until__lt=today) if past else posts.filter(Q(until__isnull=True) | Q(until__gte=today))
    if role:
        posts = posts.filter(role_id=role)
    if text.strip():
        found = search(visible(actor, PEOPLE_READ, Person.objects.all()), text)
        posts = posts.filter(person_id__in=found.values("pk"))
    return _of_first(posts, most)


def _of_first(posts: QuerySet[Post], most: int) -> tuple[Sequence[Post], bool]:
    ordered = posts.values("person_id").annotate(first=Min("area_code"), order=Min("role__order"))
    people = list(ordered.order_by("first", "order", "person_id").values_list("person_id", flat=True)[: most + 1])
    place = {person_id: index for index, person_id in enumerate(people[:most])}
    rows = list(
        posts.filter(person_id__in=place)
        .select_related("person", "person__organisation", "role")
        .order_by("area_code", "role__order", "pk")
    )
    return sorted(rows, key=lambda post: place[post.person_id]), len(people) > most
