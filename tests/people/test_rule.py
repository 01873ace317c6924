"""The permission rule: ``can`` and ``visible`` are one rule."""

from __future__ import annotations

import datetime
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import Http404
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bihuan.areas.models import Area
from bihuan.kernel.api import new_id
from bihuan.people import permissions as p
from bihuan.people.api import (
    ANONYMOUS,
    SYSTEM,
    Actor,
    PostRef,
    access,
    actor_of,
    can,
    register_scope,
    visible,
)
from bihuan.people.models import Organisation, Person, Post
from bihuan.people.roles import BY_KEY, sync_roles
from bihuan.people.rule import scope_of

CODES = [
    "410802",
    "410802004",
    "410802004004",
    "410802004004001",
    "410802004004002",
    "410802004005",
    "410802005",
    "410803",
    "410803001",
]
PEOPLE = [uuid4() for _ in range(4)]

posts = st.lists(st.tuples(st.sampled_from(sorted(BY_KEY)), st.sampled_from([*CODES, ""])), max_size=3).map(
    lambda rows: tuple(PostRef(role, code) for role, code in rows)
)
actors = st.one_of(
    st.just(SYSTEM),
    st.just(ANONYMOUS),
    st.builds(Actor, kind=st.just("person"), person_id=st.sampled_from(PEOPLE), posts=posts),
)


def _agree(actor: Actor, permission: str, model: type[Model]) -> None:
    rows = list(model._default_manager.all())
    shown = list(visible(actor, permission, model._default_manager.all()))
    assert len(shown) == len(set(shown)), "a row is listed twice"
    assert {row.pk for row in shown} == {row.pk for row in rows if can(actor, permission, row)}


class TheTwoShapesAgree(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(
        actor=actors,
        permission=st.sampled_from(sorted(p.ALL)),
        codes=st.sets(st.sampled_from(CODES), max_size=6),
    )
    def test_for_random_posts_and_areas(self, actor: Actor, permission: str, codes: set[str]) -> None:
        Area.objects.bulk_create([Area(code=code, name=code, level="grid") for code in codes])
        _agree(actor, permission, Area)

    @settings(max_examples=60, deadline=None)
    @given(
        actor=actors,
        permission=st.sampled_from(sorted(p.ALL)),
        held=st.lists(
            st.tuples(st.integers(0, 3), st.sampled_from(sorted(BY_KEY)), st.sampled_from(CODES)),
            max_size=6,
            unique=True,
        ),
        homes=st.lists(st.sampled_from([*CODES, ""]), min_size=4, max_size=4),
    )
    def test_for_random_people_and_their_posts(
        self, actor: Actor, permission: str, held: list[tuple[int, str, str]], homes: list[str]
    ) -> None:
        sync_roles()
        now = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
        Person.objects.bulk_create(
            [
                Person(id=key, name="某人", home_code=home, created_at=now)
                for key, home in zip(PEOPLE, homes, strict=True)
            ]
        )
        Post.objects.bulk_create(
            [Post(person_id=PEOPLE[who], role_id=role, area_code=code, since=now.date()) for who, role, code in held]
        )
        _agree(actor, permission, Person)
        _agree(actor, permission, Post)


def _worker(*posts: PostRef) -> Actor:
    return Actor(kind="person", person_id=new_id(), name="张某", posts=posts)


def test_nobody_holds_anything_by_default() -> None:
    for permission in p.ALL:
        assert not can(ANONYMOUS, permission, "410802")
        assert not can(_worker(), permission, "410802")
        assert can(SYSTEM, permission, "410802")


def test_an_unknown_permission_is_an_error_and_not_a_yes_or_a_no() -> None:
    with pytest.raises(LookupError):
        can(SYSTEM, "matter.everything", "410802")


def test_a_post_counts_in_its_area_and_below_but_not_beside_or_above() -> None:
    worker = _worker(PostRef("grid_worker", "410802004004"))
    assert can(worker, p.MATTER_READ, "410802004004")
    assert can(worker, p.MATTER_READ, "410802004004012")
    assert not can(worker, p.MATTER_READ, "410802004")
    assert not can(worker, p.MATTER_READ, "410802004005001")


def test_a_post_without_an_area_gives_nothing() -> None:
    assert not can(_worker(PostRef("secretary", "")), p.MATTER_READ, "410802004004")
    assert not can(_worker(PostRef("secretary", "")), p.MATTER_READ)


def test_a_refusal_names_the_missing_permission_in_the_readers_language() -> None:
    from django.utils import translation

    worker = _worker(PostRef("volunteer", "410802004004"))
    assert "查看台账" in can(worker, p.LEDGER_READ, "410802004004").reason
    with translation.override("en"):
        assert "see ledgers" in can(worker, p.LEDGER_READ, "410802004004").reason


def test_the_administrator_does_not_read_what_residents_wrote() -> None:
    admin = _worker(PostRef("administrator", "410802"))
    assert can(admin, p.PEOPLE_MANAGE, "410802004004")
    assert not can(admin, p.MATTER_READ, "410802004004")
    assert not can(admin, p.MATTER_PERSONAL, "410802004004")


@pytest.mark.django_db
def test_what_one_may_not_see_is_not_there_and_what_one_may_not_do_is_forbidden() -> None:
    Area.objects.create(code="410802004004", name="电建社区", level="community")
    inside = _worker(PostRef("volunteer", "410802"))
    outside = _worker(PostRef("secretary", "410803"))
    assert access(inside, p.AREA_READ, Area.objects.all(), code="410802004004").name == "电建社区"
    with pytest.raises(PermissionDenied):
        access(inside, p.AREA_IMPORT, Area.objects.all(), code="410802004004")
    with pytest.raises(Http404):
        access(outside, p.AREA_IMPORT, Area.objects.all(), code="410802004004")
    with pytest.raises(Http404):
        access(inside, p.AREA_READ, Area.objects.all(), code="410802004999")


def test_a_model_that_nobody_registered_opens_nothing() -> None:
    from bihuan.people.models import CacheRow

    with pytest.raises(LookupError):
        scope_of(CacheRow)
    with pytest.raises(ValueError, match="half described"):
        register_scope(CacheRow, read=p.AREA_READ)


@pytest.mark.django_db
def test_a_post_counts_on_its_first_and_last_day_and_not_outside() -> None:
    person = _person()
    Post.objects.create(
        person=person,
        role_id="grid_worker",
        area_code="410802004004",
        since=datetime.date(2024, 4, 1),
        until=datetime.date(2024, 4, 30),
    )

    def roles(day: int, month: int = 4) -> frozenset[str]:
        return actor_of(person, at=datetime.date(2024, month, day)).roles_in("410802004004001")

    assert roles(1) == roles(30) == {"grid_worker"}
    assert roles(31, 3) == roles(1, 5) == frozenset()


@pytest.mark.django_db
def test_a_deputy_counts_while_the_one_stood_in_for_is_in_office() -> None:
    chief = Post.objects.create(
        person=_person(),
        role_id="secretary",
        area_code="410802004004",
        since=datetime.date(2024, 1, 1),
        until=datetime.date(2024, 6, 30),
    )
    deputy = _person()
    Post.objects.create(
        person=deputy,
        role_id="secretary",
        area_code="410802004004",
        since=datetime.date(2024, 4, 1),
        deputy_of=chief,
    )
    in_may = actor_of(deputy, at=datetime.date(2024, 5, 1))
    assert in_may.roles_in("410802004004") == {"secretary"}
    assert in_may.posts[0].deputy
    assert can(in_may, p.MEETING_CALL, "410802004004")
    assert not actor_of(deputy, at=datetime.date(2024, 3, 1)).posts
    assert not actor_of(deputy, at=datetime.date(2024, 7, 1)).posts


@pytest.mark.django_db
def test_a_district_may_change_what_a_role_grants_and_an_upgrade_leaves_it_alone() -> None:
    from bihuan.people.models import Role

    Role.objects.filter(pk="volunteer").update(grants=[p.MAP_READ], customised=True)
    sync_roles()
    person = _person()
    Post.objects.create(person=person, role_id="volunteer", area_code="410802", since=datetime.date(2024, 1, 1))
    actor = actor_of(person, at=datetime.date(2024, 2, 1))
    assert can(actor, p.MAP_READ, "410802")
    assert not can(actor, p.AREA_READ, "410802")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key", ["system", "anyone", "reporter", "lead", "tracker", "supervisor", "follower", "escalated", "lead_deputy",
            "meeting:grid_meeting"],
)  # fmt: skip
def test_no_role_is_called_like_a_party_a_body_or_the_system(key: str) -> None:
    from bihuan.people.models import Role

    with pytest.raises(IntegrityError), transaction.atomic():
        Role.objects.create(key=key, title="督办员")


@pytest.mark.parametrize("key", ["system", "lead", "supervisor", "meeting:grid_meeting", "lead_deputy"])
def test_a_post_called_like_a_party_a_body_or_the_system_counts_for_nothing(key: str) -> None:
    post = PostRef(key, "410802", granted=frozenset({p.MATTER_READ}))
    actor = Actor(kind="person", person_id=UUID(int=1), posts=(post,))
    assert actor.roles_in("410802004004") == frozenset()
    assert actor.areas_with(p.MATTER_READ) == ()
    assert not can(actor, p.MATTER_READ, "410802004004")


@pytest.mark.django_db
def test_somebody_sees_their_own_record_and_posts_without_any_permission() -> None:
    person = _person()
    actor = Actor(kind="person", person_id=person.pk)
    assert list(visible(actor, p.PEOPLE_READ, Person.objects.all())) == [person]
    assert not can(actor, p.PEOPLE_MANAGE, person)


@pytest.mark.django_db
def test_organisations_are_seen_by_area() -> None:
    Organisation.objects.create(name="电建物业", kind="property", area_code="410802004004")
    assert visible(_worker(PostRef("secretary", "410802004")), p.PEOPLE_READ, Organisation.objects.all()).count() == 1
    assert visible(_worker(PostRef("secretary", "410802005")), p.PEOPLE_READ, Organisation.objects.all()).count() == 0


def _person(key: UUID | None = None) -> Person:
    now = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    return Person.objects.create(id=key or new_id(), name="李某", created_at=now)
