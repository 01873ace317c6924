"""Posts as people say them: a role with its places in words, never one line per building. The only home for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.areas.api import display_name, names, subtree_q
from bihuan.areas.models import Area
from bihuan.kernel.api import clock
from bihuan.people.api import PEOPLE_MANAGE, Actor, role_titles, visible
from bihuan.people.models import Person, Post
from bihuan.web.desk.choices import Choice, language

MOST_NAMED = 3
MOST_LISTED = 300
MOST_DEPUTISED = 1000


@dataclass(frozen=True)
class HeldPosts:
    """One person's posts of one role and one term, told together: ``area`` names the places in words."""

    person: Person
    posts: tuple[Post, ...]
    places: tuple[tuple[str, str], ...]  # (id of the post, name of its place), in the order of the codes
    role: str
    area: str
    unit: str
    deputy: bool
    future: bool
    ended: bool

    @property
    def post(self) -> Post:
        """The first of them: its days are the days of all."""
        return self.posts[0]


def places_in_words(codes: Iterable[str], called: Mapping[str, str]) -> str:
    """Return places as people say them: 9号楼、10号楼; 9号楼 至 16号楼，共 8 处 where none between is left out.

    Args:
        codes: Of the places.
        called: The name of each; a code without a name stands for itself.
    """
    ordered = sorted(set(codes))
    named = [called.get(code, code) for code in ordered]
    if len(ordered) <= MOST_NAMED:
        return _("、").join(named)
    if len(ordered[0]) == len(ordered[-1]) and int(ordered[-1]) - int(ordered[0]) == len(ordered) - 1:
        return _("%(first)s 至 %(last)s，共 %(n)s 处") % {"first": named[0], "last": named[-1], "n": len(named)}
    return _("%(some)s 等 %(n)s 处") % {"some": _("、").join(named[:MOST_NAMED]), "n": len(named)}


def posts_in_words(actor: Actor) -> str:
    """Return an actor's posts as people say them: 网格员（9号楼 至 16号楼，共 8 处）. Two statements."""
    if not actor.posts:
        return ""
    called = names(post.area_code for post in actor.posts)
    titles = role_titles(language())
    held: dict[str, list[str]] = {}
    for post in actor.posts:
        held.setdefault(post.role, []).append(post.area_code)
    return _("；").join(
        _("%(role)s（%(areas)s）") % {"role": titles.get(role, role), "areas": places_in_words(codes, called)}
        for role, codes in held.items()
    )


_Key = tuple[UUID, str, datetime.date, datetime.date | None, bool]


def _key(post: Post) -> _Key:
    return (post.person_id, post.role_id, post.since, post.until, post.deputy_of_id is not None)


def held_posts(posts: Iterable[Post], titles: dict[str, str]) -> list[HeldPosts]:
    """Return posts (with person and organisation loaded) as the pages list them, in the order they come. One statement.

    Args:
        posts: What to tell.
        titles: Each role's title in the reader's language.
    """
    groups: dict[_Key, list[Post]] = {}
    for post in posts:
        groups.setdefault(_key(post), []).append(post)
    called = names({post.area_code for group in groups.values() for post in group})
    return [_told(sorted(group, key=lambda post: post.area_code), called, titles) for group in groups.values()]


def _told(group: list[Post], called: dict[str, str], titles: dict[str, str]) -> HeldPosts:
    first, today = group[0], clock.today()
    places = tuple((str(post.pk), called.get(post.area_code, post.area_code)) for post in group)
    return HeldPosts(
        person=first.person,
        posts=tuple(group),
        places=places,
        role=titles.get(first.role_id, first.role_id),
        area=places_in_words([post.area_code for post in group], called),
        unit=first.person.organisation.name if first.person.organisation else "",
        deputy=first.deputy_of_id is not None,
        future=first.since > today,
        ended=first.until is not None and first.until < today,
    )


def places_to_appoint(actor: Actor) -> list[Choice]:
    """Return the areas in which an actor may appoint, from the top down; none where there are too many to list.

    One statement.
    """
    roots = actor.areas_with(PEOPLE_MANAGE)
    if not roots:
        return []
    inside = Q()
    for root in roots:
        inside |= subtree_q("code", root)
    rows = list(Area.objects.filter(inside, active=True).only("code", "name", "short_name")[: MOST_LISTED + 1])
    if len(rows) > MOST_LISTED:
        return []
    shallow = min(len(root) for root in roots)
    return [(row.code, "　" * max(0, (len(row.code) - shallow) // 3) + display_name(row)) for row in rows]


def only_area(actor: Actor) -> dict[str, str]:
    """Return the area to begin with where there is but one root to appoint in."""
    roots = actor.areas_with(PEOPLE_MANAGE)
    return {"area_code": roots[0]} if len(roots) == 1 else {}


def chiefs_for(actor: Actor, person: Person) -> QuerySet[Post]:
    """Return whose posts a person may be named deputy for: others' in the actor's area, those that grant something."""
    posts = visible(actor, PEOPLE_MANAGE, Post.objects.active(clock.today())).filter(deputy_of__isnull=True)
    posts = posts.exclude(person=person).exclude(role_id="resident")
    loaded = posts.select_related("person", "person__organisation").order_by("role__order", "area_code")
    return loaded[:MOST_DEPUTISED]
