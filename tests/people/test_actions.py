"""People, posts and sign-ins: who may change what, and what the record keeps."""

from __future__ import annotations

import datetime
import json

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.kernel.api import BadInput, Refused, clock
from bihuan.kernel.models import Entry, Sealed
from bihuan.people import phones
from bihuan.people.api import (
    SYSTEM,
    Actor,
    actor_of,
    end_post,
    give_post,
    holders,
    holders_within,
    make_sign_in,
    record_person,
)
from bihuan.people.models import Organisation, Person, Post, User

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2024, 4, 3, 2, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _district():
    load_sample()
    with clock.at(NOW):
        yield


def _person(role: str, area: str = COMMUNITY, name: str = "王某", **more: object) -> Person:
    return record_person(actor=SYSTEM, name=name, role=role, area_code=area, **more)


def _actor(role: str, area: str = COMMUNITY) -> Actor:
    return actor_of(_person(role, area, name="办事人"))


def test_a_person_is_recorded_with_a_post_and_the_number_nowhere_in_the_clear() -> None:
    person = _person("grid_worker", phone="１３８ 0013 8000", organisation="电建社区居委会")
    row = Person.objects.get(pk=person.pk)
    assert (row.phone_masked, row.organisation.area_code) == ("138****8000", COMMUNITY)
    assert b"13800138000" not in bytes(row.phone_cipher)
    assert phones.decrypt(bytes(row.phone_cipher)) == "13800138000"
    entries = list(Entry.objects.filter(subject_type="person", subject_id=person.pk).order_by("seq"))
    assert [entry.verb for entry in entries] == ["person.recorded", "person.post_given"]
    assert all("王某" not in entry.body and "13800138000" not in entry.body for entry in entries)
    assert json.loads(entries[1].body)["role"] == "grid_worker"
    assert (row.version, bytes(row.head_hash)) == (2, bytes(entries[1].hash))
    assert set(Sealed.objects.filter(subject_id=person.pk).values_list("name", flat=True)) == {
        "name",
        "phone",
    }


def test_the_same_number_is_not_given_to_two_people() -> None:
    _person("resident", phone="13800138000")
    with pytest.raises(Refused) as caught:
        _person("resident", phone="+86 138-0013-8000")
    assert caught.value.problems[0].field == "phone"


def test_everything_wrong_is_told_at_once_and_nothing_is_kept() -> None:
    with pytest.raises(BadInput) as caught:
        record_person(
            actor=SYSTEM,
            name=" ",
            role="king",
            area_code="410899",
            phone="123",
            home_code="410802009999",
            until=datetime.date(2020, 1, 1),
        )
    assert [p.field for p in caught.value.problems] == [
        "role",
        "area_code",
        "until",
        "name",
        "home_code",
        "phone",
    ]
    assert Person.objects.count() == 0


@pytest.mark.parametrize("text", ["1380013800", "23800138000", "abc", "+8613800", "138001380001", "+0123456789"])
def test_what_is_no_mobile_number_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        phones.normalise(text)


def test_people_are_managed_only_in_ones_own_area_and_only_with_the_permission() -> None:
    secretary, worker = _actor("secretary"), _actor("grid_worker")
    record_person(actor=secretary, name="新人", role="volunteer", area_code=COMMUNITY)
    with pytest.raises(PermissionDenied):
        record_person(actor=secretary, name="新人", role="volunteer", area_code="410802004001")
    with pytest.raises(PermissionDenied):
        record_person(actor=worker, name="新人", role="volunteer", area_code=COMMUNITY)


def test_nobody_gives_ends_or_resets_their_own() -> None:
    person = _person("secretary")
    actor = actor_of(person)
    with pytest.raises(Refused):
        give_post(actor=actor, person_id=person.pk, role="street_staff", area_code=COMMUNITY)
    with pytest.raises(Refused):
        end_post(actor=actor, post_id=Post.objects.get(person=person).pk, until=NOW.date())
    with pytest.raises(Refused):
        make_sign_in(actor=actor, person_id=person.pk)


def test_somebody_elsewhere_is_not_there_for_one_who_may_not_see_them() -> None:
    elsewhere = _person("grid_worker", "410802005001")
    with pytest.raises(Http404):
        give_post(actor=_actor("secretary"), person_id=elsewhere.pk, role="volunteer", area_code=COMMUNITY)


def test_a_community_cannot_take_over_the_account_of_one_who_also_serves_the_district() -> None:
    both = _person("volunteer")
    give_post(actor=SYSTEM, person_id=both.pk, role="district_staff", area_code="410802")
    with pytest.raises(PermissionDenied):
        make_sign_in(actor=_actor("secretary"), person_id=both.pk)
    assert make_sign_in(actor=_actor("administrator", "410802"), person_id=both.pk).made


def test_an_ended_post_gives_nothing_from_the_next_day() -> None:
    person = _person("grid_worker")
    post = Post.objects.get(person=person)
    end_post(actor=_actor("secretary"), post_id=post.pk, until=NOW.date(), reason="调离")
    assert actor_of(person).roles_in(COMMUNITY) == {"grid_worker"}
    with clock.at(NOW + datetime.timedelta(days=1)):
        assert actor_of(person).roles_in(COMMUNITY) == frozenset()
        with pytest.raises(Refused):
            end_post(actor=SYSTEM, post_id=post.pk, until=NOW.date() + datetime.timedelta(days=9))
    with pytest.raises(BadInput):
        end_post(actor=SYSTEM, post_id=post.pk, until=datetime.date(2020, 1, 1))


def test_a_post_is_not_given_twice_but_again_after_it_ended() -> None:
    person = _person("grid_worker")
    with pytest.raises(Refused):
        give_post(actor=SYSTEM, person_id=person.pk, role="grid_worker", area_code=COMMUNITY)
    end_post(actor=SYSTEM, post_id=Post.objects.get(person=person).pk, until=NOW.date())
    give_post(actor=SYSTEM, person_id=person.pk, role="grid_worker", area_code=COMMUNITY)


def test_a_deputy_stands_in_for_the_same_role_in_the_same_area_only() -> None:
    chief = Post.objects.get(person=_person("secretary"))
    deputy = _person("committee_member")
    give_post(actor=SYSTEM, person_id=deputy.pk, role="secretary", area_code=COMMUNITY, deputy_of=chief.pk)
    assert "secretary" in actor_of(deputy).roles_in(COMMUNITY)
    with pytest.raises(BadInput):
        give_post(actor=SYSTEM, person_id=deputy.pk, role="police", area_code=COMMUNITY, deputy_of=chief.pk)
    end_post(actor=SYSTEM, post_id=chief.pk, until=NOW.date())
    with clock.at(NOW + datetime.timedelta(days=1)):
        assert "secretary" not in actor_of(deputy).roles_in(COMMUNITY)


def test_a_first_password_works_once_shown_and_must_be_changed() -> None:
    person = _person("grid_worker", phone="13800138000")
    sign_in = make_sign_in(actor=_actor("secretary"), person_id=person.pk, username="张网格")
    assert sign_in.made
    assert len(sign_in.password) == 17
    user = User.objects.get(username="张网格")
    assert user.must_change_password
    assert authenticate(None, username="张网格", password=sign_in.password) == user
    again = make_sign_in(actor=SYSTEM, person_id=person.pk)
    assert (again.made, again.username) == (False, "张网格")
    assert authenticate(None, username="张网格", password=sign_in.password) is None
    assert sign_in.password not in "".join(Entry.objects.values_list("body", flat=True))


def test_a_sign_in_name_that_is_taken_or_malformed_is_told() -> None:
    make_sign_in(actor=SYSTEM, person_id=_person("grid_worker").pk, username="same")
    other = _person("grid_worker")
    for name in ("SAME", "a b", "x" * 41):
        with pytest.raises(BadInput):
            make_sign_in(actor=SYSTEM, person_id=other.pk, username=name)
    assert make_sign_in(actor=SYSTEM, person_id=other.pk).username == "王某"


def test_the_nearest_holder_of_a_role_comes_first() -> None:
    street = _person("committee_member", "410802004", name="远")
    near = _person("committee_member", f"{COMMUNITY}012", name="近")
    _person("committee_member", f"{COMMUNITY}013", name="旁")
    assert holders(f"{COMMUNITY}012", "committee_member") == [near, street]
    assert {post.person.name for post in holders_within(COMMUNITY, ["committee_member"])} == {"近", "旁"}


def test_a_unit_of_one_name_is_one_unit_in_its_community() -> None:
    _person("property", organisation="电建物业")
    _person("property", f"{COMMUNITY}001", organisation="电建 物业".replace(" ", ""))
    assert Organisation.objects.count() == 1
