"""How an account is loaded for a request: with its person and posts, by one statement.

Everything else about signing in is Django's and allauth's.
"""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import orjson
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend

from bihuan.kernel.api import clock, sql
from bihuan.people.actor import Held, PostRef
from bihuan.people.models import User, in_office

_STATEMENT = (
    "SELECT u.*, p.id AS held_by, p.name AS held_name, p.erased_at AS held_erased, o.role_id AS held_role, "
    "o.area_code AS held_area, o.id AS held_post, o.deputy_of_id AS held_for, o.since AS held_since, "
    "o.until AS held_until, d.since AS held_for_since, d.until AS held_for_until, r.grants AS held_grants "
    "FROM people_user u LEFT JOIN people_person p ON p.id = u.person_id "
    "LEFT JOIN people_post o ON o.person_id = p.id LEFT JOIN people_role r ON r.key = o.role_id "
    "LEFT JOIN people_post d ON d.id = o.deputy_of_id WHERE u.id = %s ORDER BY o.area_code, o.role_id"
)


class _WithPosts:
    """Loads the account of a session with what ``actor_for`` needs, instead of asking three times."""

    def get_user(self, user_id: UUID) -> User | None:
        """Return the account with ``held`` set, or None where it is gone or must not sign in."""
        rows: list[Any] = list(User.objects.raw(_STATEMENT, sql.adapt([user_id])))
        if not rows or not rows[0].is_active:
            return None
        first, today = rows[0], clock.today()
        posts = tuple(
            PostRef(row.held_role, row.held_area, sql.as_uuid(row.held_post), row.held_for is not None, _set(row))
            for row in rows
            if row.held_post is not None
            and in_office(today, _day(row.held_since), _day(row.held_until))
            and (row.held_for is None or in_office(today, _day(row.held_for_since), _day(row.held_for_until)))
        )
        known = first.held_by is not None and first.held_erased is None
        first.held = Held(sql.as_uuid(first.held_by), first.held_name, posts) if known else Held(None, "", ())
        user: User = first
        return user


def _set(row: Any) -> frozenset[str]:
    grants = row.held_grants
    return frozenset(orjson.loads(grants) if isinstance(grants, (str, bytes)) else grants or ())


def _day(value: Any) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


class PasswordBackend(_WithPosts, ModelBackend):
    """User name and password."""


class SignInBackend(_WithPosts, AuthenticationBackend):  # type: ignore[misc]
    """A code sent to a phone, a passkey, and what else allauth knows."""
