"""Persons corrected, posts ended together, deputies named: by whom, and what the record keeps."""

from __future__ import annotations

import datetime
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.kernel.api import BadInput, Refused, clock, unseal, verify
from bihuan.kernel.models import Entry, Notification, Sealed
from bihuan.people.api import (
    SYSTEM,
    Actor,
    actor_of,
    correct_person,
    end_posts,
    give_post,
    import_people,
    make_sign_in,
    name_deputy,
    record_person,
)
from bihuan.people.models import Person, Post, Role, User
from bihuan.people.residents import account_for_phone, phone_proven

pytestmark = pytest.mark.django_db
ELSEWHERE = "410802006001"


@pytest.fixture(autouse=True)
def _district() -> None:
    load_sample()


def _person(role: str, area: str = COMMUNITY, name: str = "孙某", **more: str) -> Person:
    return record_person(actor=SYSTEM, name=name, role=role, area_code=area, **more)


def _actor(role: str = "secretary", area: str = COMMUNITY) -> Actor:
    return actor_of(_person(role, area, "周书记"))


def _worker(buildings: int, name: str = "孙某") -> Person:
    person = _person("grid_worker", f"{COMMUNITY}001", name)
    for number in range(2, buildings + 1):
        give_post(actor=SYSTEM, person_id=person.pk, role="grid_worker", area_code=f"{COMMUNITY}{number:03d}")
    return person


def _client(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.create(username=str(actor.person_id), person_id=actor.person_id))
    return client


def test_a_name_and_a_number_are_corrected_and_the_old_ones_stay_sealed() -> None:
    person, secretary = _person("grid_worker", phone="13800138000"), _actor()
    correct_person(actor=secretary, person_id=person.pk, name="孙 某某", phone="139 0000 1111")
    person.refresh_from_db()
    assert (person.name, person.phone_masked) == ("孙 某某", "139****1111")
    last = Entry.objects.filter(subject_id=person.pk).latest("seq")
    assert (last.verb, last.actor_id) == ("person.changed", secretary.person_id)
    assert "13900001111" not in last.body
    assert {unseal(row) for row in Sealed.objects.filter(entry_id=last.pk)} == {"孙 某某", "13900001111"}
    assert Notification.objects.get(person_id=person.pk).kind == "person.told_changed"
    assert verify().ok


def test_only_what_changed_is_sealed_anew_and_nothing_changed_is_refused() -> None:
    person, secretary = _person("grid_worker", phone="13800138000"), _actor()
    correct_person(actor=secretary, person_id=person.pk, name="孙某某")
    last = Entry.objects.filter(subject_id=person.pk).latest("seq")
    assert [row.name for row in Sealed.objects.filter(entry_id=last.pk)] == ["name"]
    with pytest.raises(Refused):
        correct_person(actor=secretary, person_id=person.pk, name="孙某某", phone="13800138000")


def test_what_is_wrong_with_a_correction_is_told() -> None:
    person, secretary = _person("grid_worker", phone="13800138000"), _actor()
    _person("police", phone="13900001111", name="李某")
    with pytest.raises(BadInput) as caught:
        correct_person(actor=secretary, person_id=person.pk, name=" ", phone="12")
    assert [problem.field for problem in caught.value.problems] == ["name", "phone"]
    with pytest.raises(BadInput):
        correct_person(actor=secretary, person_id=person.pk, name="孙某", phone="13900002222", drop_phone=True)
    with pytest.raises(Refused):
        correct_person(actor=secretary, person_id=person.pk, name="孙某", phone="13900001111")


def test_codes_go_to_the_new_number_of_a_worker_and_no_more_to_the_old_one() -> None:
    person, secretary = _person("grid_worker", phone="13800138000"), _actor()
    make_sign_in(actor=SYSTEM, person_id=person.pk)
    correct_person(actor=secretary, person_id=person.pk, name="孙某", phone="13900001111")
    assert User.objects.get(person=person).phone_masked == "139****1111"
    correct_person(actor=secretary, person_id=person.pk, name="孙某", drop_phone=True)
    user = User.objects.get(person=person)
    assert (user.phone_lookup, user.phone_verified_at, user.phone_masked) == (None, None, "")


def test_a_number_that_a_resident_proved_is_theirs() -> None:
    user = account_for_phone("13911112222")
    phone_proven(user)
    user.refresh_from_db()
    assert user.person_id is not None
    give_post(actor=SYSTEM, person_id=user.person_id, role="resident", area_code=f"{COMMUNITY}012")
    with pytest.raises(Refused):
        correct_person(actor=_actor(), person_id=user.person_id, name="居民2222", phone="13900001111")


def test_a_correction_needs_the_right_everywhere_and_somebody_else() -> None:
    person, secretary = _person("grid_worker"), _actor()
    with pytest.raises(PermissionDenied):
        correct_person(actor=_actor("grid_worker"), person_id=person.pk, name="李某")
    with pytest.raises(Refused):
        correct_person(actor=secretary, person_id=secretary.person_id, name="李某")
    with pytest.raises(Http404):
        correct_person(actor=secretary, person_id=_person("police", ELSEWHERE).pk, name="李某")
    give_post(actor=SYSTEM, person_id=person.pk, role="police", area_code=ELSEWHERE)
    with pytest.raises(PermissionDenied):
        correct_person(actor=secretary, person_id=person.pk, name="李某")


def _manager_of_people() -> Actor:
    grants = ["people.read", "people.manage"]
    Role.objects.create(key="personnel", title="人事", grants=grants, customised=True)
    return _actor("personnel")


def test_nobody_gives_a_right_that_they_do_not_hold() -> None:
    manager, person = _manager_of_people(), _person("volunteer")
    with pytest.raises(BadInput, match="权限比您自己的大"):
        give_post(actor=manager, person_id=person.pk, role="secretary", area_code=COMMUNITY)
    with pytest.raises(BadInput, match="权限比您自己的大"):
        record_person(actor=manager, name="新人", role="secretary", area_code=COMMUNITY)
    chief = Post.objects.get(person=_person("secretary", name="周某"))
    with pytest.raises(BadInput, match="权限比您自己的大"):
        name_deputy(actor=manager, person_id=person.pk, post_ids=[chief.pk])
    give_post(actor=manager, person_id=person.pk, role="personnel", area_code=COMMUNITY)


def test_an_import_gives_no_right_that_its_author_does_not_hold() -> None:
    data = f"姓名,岗位,区域编码\n新人,社区党委书记,{COMMUNITY}\n".encode()
    report = import_people(actor=_manager_of_people(), data=data, filename="x.csv", dry_run=False)
    assert [(problem.line, problem.column) for problem in report.problems] == [(2, "岗位")]
    assert not Person.objects.filter(name="新人").exists()


def test_the_administrator_installs_the_first_secretary() -> None:
    person = record_person(
        actor=_actor("administrator", "410802"), name="新书记", role="secretary", area_code=COMMUNITY
    )
    assert actor_of(person).holds("people.manage", COMMUNITY)


def test_a_deputy_stands_in_for_all_that_somebody_holds_and_only_as_long() -> None:
    secretary, chief, deputy = _actor(), _worker(8), _person("volunteer", name="李某")
    posts = list(Post.objects.filter(person=chief))
    name_deputy(actor=secretary, person_id=deputy.pk, post_ids=[post.pk for post in posts])
    assert actor_of(deputy).roles_in(f"{COMMUNITY}008") == {"grid_worker", "volunteer"}
    assert Entry.objects.filter(subject_id=deputy.pk, verb="person.post_given").count() == 9
    end_posts(actor=secretary, post_ids=[post.pk for post in posts], until=clock.today())
    with clock.at(clock.now() + datetime.timedelta(days=1)):
        assert actor_of(deputy).roles_in(f"{COMMUNITY}008") == {"volunteer"}


def test_nobody_is_their_own_deputy_a_deputys_or_one_of_two() -> None:
    secretary, one, other = _actor(), _worker(1), _person("police", name="李某")
    deputy = _person("volunteer", name="王某")
    [mine], [theirs] = list(Post.objects.filter(person=one)), list(Post.objects.filter(person=other))
    with pytest.raises(BadInput):
        name_deputy(actor=secretary, person_id=one.pk, post_ids=[mine.pk])
    with pytest.raises(BadInput):
        name_deputy(actor=secretary, person_id=deputy.pk, post_ids=[mine.pk, theirs.pk])
    [standing_in] = name_deputy(actor=secretary, person_id=deputy.pk, post_ids=[mine.pk])
    with pytest.raises(BadInput):
        name_deputy(actor=secretary, person_id=other.pk, post_ids=[standing_in.pk])
    with pytest.raises(Refused):
        name_deputy(actor=secretary, person_id=secretary.person_id, post_ids=[mine.pk])


def test_posts_end_together_or_not_at_all() -> None:
    secretary, person = _actor(), _worker(3)
    elsewhere = give_post(actor=SYSTEM, person_id=person.pk, role="grid_worker", area_code=ELSEWHERE)
    posts = [post.pk for post in Post.objects.filter(person=person)]
    with pytest.raises(Http404):
        end_posts(actor=secretary, post_ids=[], until=clock.today())
    with pytest.raises(PermissionDenied):
        end_posts(actor=_actor("committee_member"), post_ids=posts, until=clock.today())
    with pytest.raises(Http404):
        end_posts(actor=secretary, post_ids=posts, until=clock.today())
    assert not Post.objects.filter(person=person, until__isnull=False).exists()
    posts.remove(elsewhere.pk)
    end_posts(actor=secretary, post_ids=posts, until=clock.today(), reason="调离")
    assert Post.objects.filter(person=person, until=clock.today()).count() == 3
    bodies = [
        json.loads(body) for body in Entry.objects.filter(verb="person.post_ended").values_list("body", flat=True)
    ]
    assert {body["reason"] for body in bodies} == {"调离"}


def test_a_worker_of_48_buildings_is_one_line_in_the_list_and_on_their_own_page() -> None:
    person = _worker(48)
    listed = _client(_actor()).get(reverse("desk:people")).content.decode()
    assert listed.count("孙某") == 1
    assert "1号楼 至 48号楼，共 48 处" in listed
    own = _client(actor_of(person)).get(reverse("desk:me")).content.decode()
    assert own.count("网格员 ·") == 1
    assert "共 48 处" in own


def test_places_with_gaps_are_not_told_as_a_row() -> None:
    person = _worker(3)
    give_post(actor=SYSTEM, person_id=person.pk, role="grid_worker", area_code=f"{COMMUNITY}009")
    assert "1号楼、2号楼、3号楼 等 4 处" in _client(_actor()).get(reverse("desk:people")).content.decode()


def test_one_of_many_places_is_given_up_on_the_page_and_the_last_post_is_told() -> None:
    person, client = _worker(4), _client(_actor())
    posts = list(Post.objects.filter(person=person).order_by("area_code"))
    page = client.get(reverse("desk:person", args=[person.pk])).content.decode()
    assert page.count("结束这个岗位") == 1
    assert "最后的岗位" in page
    first, day = posts[0].pk, clock.today().isoformat()
    url = reverse("desk:post_end", args=[first])
    assert client.post(url, {f"{first}-until": day}).status_code == 422  # no place chosen
    answer = client.post(url, {f"{first}-until": day, f"{first}-places": [str(posts[1].pk)]}, follow=True)
    assert "之后不再有任何权限" not in answer.content.decode()
    assert list(Post.objects.filter(person=person, until__isnull=False)) == [posts[1]]
    rest = [str(post.pk) for post in (posts[0], *posts[2:])]
    answer = client.post(url, {f"{first}-until": day, f"{first}-places": rest}, follow=True)
    assert "岗位任至" in answer.content.decode()


def test_ending_the_last_post_says_that_no_right_is_left() -> None:
    post = Post.objects.get(person=_person("police", name="李某"))
    day = (clock.today()).isoformat()
    url = reverse("desk:post_end", args=[post.pk])
    answer = _client(_actor()).post(url, {f"{post.pk}-until": day}, follow=True)
    assert "这是 李某 最后的岗位：之后不再有任何权限" in answer.content.decode()
