"""Who acts: a person with the posts held now, a stranger, or the system itself.

An ``Actor`` is a value made once per request, command or job and passed down explicitly; it never looks
anything up again, so that one action sees one set of rights.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import translation

from bihuan.areas.codes import within
from bihuan.kernel.api import ActorRef, clock
from bihuan.people.models import Person, Post, PostQuerySet, User
from bihuan.people.roles import BY_KEY, is_reserved

if TYPE_CHECKING:
    from collections.abc import Iterable

_CACHE = "_bihuan_actor"


@dataclass(frozen=True)
class PostRef:
    """A post as an actor holds it. ``granted`` left out means: what the shipped role of that key grants."""

    role: str
    area_code: str
    post_id: UUID | None = None
    deputy: bool = False
    granted: frozenset[str] | None = None

    @property
    def grants(self) -> frozenset[str]:
        """Permission keys held in ``area_code`` and below; none for a role that no post can be (``RESERVED``)."""
        if is_reserved(self.role):
            return frozenset()
        if self.granted is not None:
            return self.granted
        spec = BY_KEY.get(self.role)
        return spec.grants if spec else frozenset()


@dataclass(frozen=True)
class Actor:
    """Who acts. ``posts`` are the ones in force when the value was made; ``language`` is "zh" or "en".

    ``via``: the machine's key that acts in this person's name, whose rights are fewer; "" for the person.
    """

    kind: Literal["person", "anonymous", "system"]
    person_id: UUID | None = None
    name: str = ""
    posts: tuple[PostRef, ...] = ()
    language: str = "zh"
    via: str = ""

    def roles_in(self, area_code: str) -> frozenset[str]:
        """Return the roles held in an area: by a post there or anywhere above it."""
        held = frozenset(post.role for post in self.posts if within(area_code, post.area_code))
        return frozenset(role for role in held if not is_reserved(role))

    def areas_with(self, permission: str) -> tuple[str, ...]:
        """Return the roots of the areas in which ``permission`` is held, none inside another, in order."""
        roots: list[str] = []
        for code in sorted({post.area_code for post in self.posts if permission in post.grants}):
            if not any(within(code, root) for root in roots):
                roots.append(code)
        return tuple(root for root in roots if root)

    def holds(self, permission: str, area_code: str) -> bool:
        """Say whether a post gives ``permission`` in ``area_code``."""
        return any(within(area_code, root) for root in self.areas_with(permission))

    def ref(self, role: str = "") -> ActorRef:
        """Return what an entry keeps of the actor: the person, and the role acted in."""
        fallback = {"person": "resident", "anonymous": "anonymous", "system": "system"}[self.kind]
        return ActorRef(self.person_id, role or fallback, self.via)

    def role_for(self, permission: str, area_code: str) -> str:
        """Return the role by which ``permission`` is held in an area (the nearest post's), or ``""``."""
        held = [p for p in self.posts if permission in p.grants and within(area_code, p.area_code)]
        return max(held, key=lambda post: (len(post.area_code), post.role)).role if held else ""


SYSTEM = Actor(kind="system", name="系统")
ANONYMOUS = Actor(kind="anonymous")


def actor_of(person: Person, *, at: datetime.date | None = None, language: str = "") -> Actor:
    """Build the actor of a person with the posts in force on a day (default: today). One query."""
    rows = _posts_on(at or clock.today()).filter(person_id=person.pk).values_list(*_POST)
    return _actor(person.pk, person.name, tuple(_post_ref(row) for row in rows), language)


_POST = ("role_id", "area_code", "id", "deputy_of_id", "role__grants")


def _posts_on(day: datetime.date) -> PostQuerySet:
    return Post.objects.active(day).order_by("area_code", "role_id")


def _actor(person_id: UUID, name: str, posts: tuple[PostRef, ...], language: str = "") -> Actor:
    return Actor(kind="person", person_id=person_id, name=name, posts=posts, language=language or _language())


def _actor_of_user(user_pk: UUID) -> Actor | None:
    """Return the actor of an account: one query for who holds a post, two for who holds none."""
    office = _posts_on(clock.today()).filter(person__user__pk=user_pk, person__erased_at__isnull=True)
    rows = list(office.values_list(*_POST, "person_id", "person__name"))
    if rows:
        return _actor(rows[0][5], rows[0][6], tuple(_post_ref(row[:5]) for row in rows))
    person = Person.objects.filter(user__pk=user_pk, erased_at__isnull=True).first()
    return _actor(person.pk, person.name, ()) if person is not None else None


@dataclass(frozen=True)
class Held:
    """What an account's sign-in was loaded with: its person and the posts in force; nobody where it has none."""

    person_id: UUID | None
    name: str
    posts: tuple[PostRef, ...]


def _post_ref(row: tuple[str, str, UUID, UUID | None, Iterable[str]]) -> PostRef:
    role, area_code, post_id, deputy_of, grants = row
    return PostRef(role, area_code, post_id, deputy_of is not None, frozenset(grants))


def actor_for(request: HttpRequest) -> Actor:
    """Return the actor of a request; no query beside the account's own, which brings person and posts along.

    An account without a person (made but never verified) is a stranger: it holds nothing.
    """
    cached = getattr(request, _CACHE, None)
    if isinstance(cached, Actor):
        return cached
    user = getattr(request, "user", None)
    actor = Actor(kind="anonymous", language=_language())
    if isinstance(user, User) or (user is not None and user.is_authenticated):
        held = getattr(user, "held", None)  # not there in the very request that signs in
        if held is None:
            actor = _actor_of_user(user.pk) or actor
        elif held.person_id is not None:
            actor = _actor(held.person_id, held.name, held.posts)
    setattr(request, _CACHE, actor)
    return actor


def _language() -> str:
    return "en" if (translation.get_language() or "").startswith("en") else "zh"
