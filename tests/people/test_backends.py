"""The account of a session comes with its person and posts, and they are the ones that the actor would hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.api import clock, new_id
from bihuan.people.api import Actor, actor_for, actor_of
from bihuan.people.backends import PasswordBackend
from bihuan.people.models import Person, Post, User

pytestmark = pytest.mark.django_db
PLACE = "410802004004"


@pytest.fixture
def account() -> User:
    person = Person.objects.create(id=new_id(), name="周某", created_at=clock.now())
    return User.objects.create(username="zhou", person=person)


def loaded(account: User) -> Actor:
    request = RequestFactory().get("/")
    user = PasswordBackend().get_user(account.pk)
    assert user is not None
    request.user = user
    return actor_for(request)


def give(account: User, role: str, since: int, until: int | None, *, deputy_of: Post | None = None) -> Post:
    today = clock.today()
    return Post.objects.create(
        person=account.person,
        role_id=role,
        area_code=PLACE,
        since=today + timedelta(days=since),
        until=None if until is None else today + timedelta(days=until),
        deputy_of=deputy_of,
    )


def test_the_posts_are_those_in_force_today_deputies_included(account: User) -> None:
    give(account, "secretary", -10, None)
    give(account, "grid_worker", -10, 0)
    give(account, "police", -10, -1)
    give(account, "property", 1, None)
    gone = give(account, "council_member", -10, -1)
    stays = give(account, "grid_leader", 0, 5)
    give(account, "committee_member", -5, None, deputy_of=gone)
    give(account, "volunteer", -5, None, deputy_of=stays)
    found = loaded(account)
    assert found == actor_of(account.person)
    assert {post.role for post in found.posts} == {"secretary", "grid_worker", "grid_leader", "volunteer"}


def test_an_account_comes_by_one_statement_whether_or_not_it_holds_a_post(
    account: User, django_assert_num_queries
) -> None:
    with django_assert_num_queries(1):
        assert loaded(account) == actor_of_without_posts(account)
    give(account, "secretary", -10, None)
    give(account, "grid_worker", -10, None)
    with django_assert_num_queries(1):
        assert len(loaded(account).posts) == 2


def actor_of_without_posts(account: User) -> Actor:
    return Actor(kind="person", person_id=account.person_id, name="周某", posts=(), language="zh")


def test_an_erased_person_is_a_stranger_and_a_closed_account_is_nobody(account: User) -> None:
    give(account, "secretary", -10, None)
    Person.objects.update(erased_at=clock.now())
    assert loaded(account).kind == "anonymous"
    User.objects.update(is_active=False)
    assert PasswordBackend().get_user(account.pk) is None


def test_an_account_without_a_person_is_a_stranger() -> None:
    account = User.objects.create(username="nobody")
    with CaptureQueriesContext(connection) as captured:
        assert loaded(account).kind == "anonymous"
    assert len(captured) == 1


def test_no_account_is_nobody() -> None:
    assert PasswordBackend().get_user(new_id()) is None
