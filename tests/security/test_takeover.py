"""Nobody becomes somebody else: residents supervise the work of those who administer their accounts."""

from __future__ import annotations

import pytest

from bihuan.kernel.api import Refused
from bihuan.people.api import SYSTEM, actor_of, give_post, make_sign_in
from bihuan.people.models import Person, User
from bihuan.people.residents import account_for_phone, phone_proven
from tests.security.conftest import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident(town: Town) -> User:
    """Somebody of building 12 who signed in by a code."""
    user = account_for_phone("13911112222")
    phone_proven(user)
    user.refresh_from_db()
    assert user.person_id is not None
    give_post(actor=SYSTEM, person_id=user.person_id, role="resident", area_code="410802004004012")
    return user


def test_a_secretary_does_not_take_over_a_residents_account(resident: User) -> None:
    secretary = actor_of(Person.objects.get(user__username="shuji"))
    assert resident.person_id is not None
    with pytest.raises(Refused):
        make_sign_in(actor=secretary, person_id=resident.person_id)
    before = resident.password
    resident.refresh_from_db()
    assert resident.password == before


def test_a_secretary_still_resets_the_sign_in_of_a_grid_worker(town: Town) -> None:
    secretary = actor_of(Person.objects.get(user__username="shuji"))
    worker = User.objects.get(username="wanggeyuan")
    assert worker.person_id is not None
    assert not make_sign_in(actor=secretary, person_id=worker.person_id).made


def test_nobody_resets_their_own_sign_in_this_way(town: Town) -> None:
    person = Person.objects.get(user__username="shuji")
    with pytest.raises(Refused):
        make_sign_in(actor=actor_of(person), person_id=person.pk)
