"""Asking to be erased, and being told who reset one's sign-in."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.kernel.api import BadInput, Refused, clock, mark_read, notice_outside, notice_text, verify
from bihuan.kernel.models import Entry, Notification
from bihuan.people.api import (
    SYSTEM,
    Actor,
    actor_of,
    ask_erasure,
    erase_person,
    erasures_asked,
    give_post,
    make_sign_in,
    record_person,
    refuse_erasure,
    take_back_erasure,
)
from bihuan.people.models import Person, User
from bihuan.people.residents import account_for_phone, phone_proven

pytestmark = pytest.mark.django_db
ELSEWHERE = "410802006001"


@pytest.fixture(autouse=True)
def _district() -> None:
    load_sample()


def _person(role: str, area: str = COMMUNITY, name: str = "孙某", **more: str) -> Person:
    return record_person(actor=SYSTEM, name=name, role=role, area_code=area, **more)


def _secretary(area: str = COMMUNITY) -> Actor:
    return actor_of(_person("secretary", area, "周书记"))


def _resident() -> Person:
    """Somebody who signed in by a code: no post, no home."""
    user = account_for_phone("13911112222")
    phone_proven(user)
    user.refresh_from_db()
    assert user.person is not None
    return user.person


def _client(person: Person) -> Client:
    client = Client()
    user = User.objects.filter(person=person).first()
    client.force_login(
        user or User.objects.create(username=str(person.pk), person=person),
        backend="bihuan.people.backends.PasswordBackend",
    )
    return client


def test_a_request_is_recorded_and_told_to_those_who_may_do_it_without_a_name() -> None:
    secretary, person = _secretary(), _person("grid_worker")
    far, above = _secretary(ELSEWHERE), actor_of(_person("administrator", "410802", "管某"))
    ask_erasure(actor=actor_of(person))
    last = Entry.objects.filter(subject_id=person.pk).latest("seq")
    assert (last.verb, last.actor_id) == ("person.erasure_asked", person.pk)
    told = {line.person_id: line for line in Notification.objects.filter(kind="person.told_erasure_asked")}
    assert set(told) == {secretary.person_id, above.person_id}
    line = told[secretary.person_id]
    assert "孙某" not in notice_text(line.kind, line.params, "zh")
    assert line.link == reverse("desk:person", args=[person.pk])
    assert [asked.pk for asked in erasures_asked(secretary)] == [person.pk]
    assert list(erasures_asked(far)) == []
    assert list(erasures_asked(actor_of(_person("grid_worker", name="李某")))) == []
    with pytest.raises(Refused):
        ask_erasure(actor=actor_of(person))


def test_the_secretarys_own_request_goes_above_them() -> None:
    person, above = _person("secretary"), _person("administrator", "410802", "管某")
    ask_erasure(actor=actor_of(person))
    told = Notification.objects.filter(kind="person.told_erasure_asked").values_list("person_id", flat=True)
    assert list(told) == [above.pk]
    assert list(erasures_asked(actor_of(person))) == []


def test_a_resident_without_a_home_names_the_community_which_may_then_erase_them() -> None:
    secretary, person = _secretary(), _resident()
    with pytest.raises(Http404):
        erase_person(actor=secretary, person_id=person.pk, reason="本人要求")
    with pytest.raises(BadInput):
        ask_erasure(actor=actor_of(person))
    with pytest.raises(BadInput):
        ask_erasure(actor=actor_of(person), area_code="410899999999")
    ask_erasure(actor=actor_of(person), area_code=COMMUNITY)
    with pytest.raises(Http404):
        erase_person(actor=_secretary(ELSEWHERE), person_id=person.pk, reason="本人要求")
    with pytest.raises((PermissionDenied, Refused)):
        make_sign_in(actor=secretary, person_id=person.pk)  # asking opens nothing else
    erase_person(actor=secretary, person_id=person.pk, reason="本人要求")
    person.refresh_from_db()
    assert (person.erased_at is not None, person.erasure_asked_at, person.erasure_area) == (True, None, "")
    assert not User.objects.filter(phone_masked="139****2222").exists()
    assert verify().ok


def test_a_named_community_counts_only_for_those_of_whom_nothing_else_is_known() -> None:
    person = _person("grid_worker")
    assert ask_erasure(actor=actor_of(person), area_code=ELSEWHERE).erasure_area == COMMUNITY


def test_a_refusal_gives_its_reason_to_the_person_and_they_may_ask_again() -> None:
    secretary, person = _secretary(), _person("grid_worker")
    ask_erasure(actor=actor_of(person))
    with pytest.raises(BadInput):
        refuse_erasure(actor=secretary, person_id=person.pk, reason=" ")
    refuse_erasure(actor=secretary, person_id=person.pk, reason="请先移交3号楼的事")
    line = Notification.objects.get(person_id=person.pk)
    assert notice_text(line.kind, line.params, "zh") == "周书记没有同意删除您的信息，理由：请先移交3号楼的事"
    assert "移交" not in notice_outside(line.kind, line.params, "zh")
    assert Entry.objects.filter(subject_id=person.pk).latest("seq").verb == "person.erasure_refused"
    with pytest.raises(Refused):
        refuse_erasure(actor=secretary, person_id=person.pk, reason="再来一次")
    ask_erasure(actor=actor_of(person))


def test_a_request_can_be_taken_back_once() -> None:
    secretary, person = _secretary(), _person("grid_worker")
    ask_erasure(actor=actor_of(person))
    take_back_erasure(actor=actor_of(person))
    assert list(erasures_asked(secretary)) == []
    with pytest.raises(Refused):
        take_back_erasure(actor=actor_of(person))


def test_a_request_is_asked_and_answered_on_the_pages() -> None:
    secretary, person = _person("secretary", name="周书记"), _resident()
    own, desk = _client(person), _client(secretary)
    page = own.get(reverse("desk:me")).content.decode()
    assert "请求删除" in page
    assert "您所在的社区" in page
    assert own.post(reverse("desk:me_erase"), {}).status_code == 422
    assert own.post(reverse("desk:me_erase"), {"area_code": COMMUNITY}).status_code == 302
    assert "收回请求" in own.get(reverse("desk:me")).content.decode()
    assert "1 人请求删除本人信息" in desk.get(reverse("desk:people")).content.decode()
    there = desk.get(reverse("desk:person", args=[person.pk])).content.decode()
    assert 'value="本人要求"' in there
    refuse = reverse("desk:erasure_refuse", args=[person.pk])
    assert desk.post(refuse, {}).status_code == 422
    assert desk.post(refuse, {"refuse-reason": "还有未办结的事"}).status_code == 302
    assert desk.get(reverse("desk:person", args=[person.pk])).status_code == 404
    own.post(reverse("desk:me_erase"), {"area_code": COMMUNITY})
    assert own.post(reverse("desk:me_erase"), {"do": "take_back"}).status_code == 302
    person.refresh_from_db()
    assert person.erasure_asked_at is None


def _signed_in(username: str, password: str) -> str:
    answer = Client().post(reverse("account_login"), {"login": username, "password": password}, follow=True)
    return answer.content.decode()


def test_a_reset_is_seen_by_the_person_however_soon_somebody_else_used_it() -> None:
    secretary, person = _secretary(), _person("resident", f"{COMMUNITY}012", "赵某")
    first = make_sign_in(actor=SYSTEM, person_id=person.pk)
    assert not Notification.objects.filter(person_id=person.pk).exists()
    assert "重设了您的登录密码" not in _signed_in(first.username, first.password)
    made = make_sign_in(actor=secretary, person_id=person.pk)
    line = Notification.objects.get(person_id=person.pk)
    assert notice_text(line.kind, line.params, "zh").startswith("周书记重设了您的登录密码")
    mark_read(person.pk)
    for _again in range(2):
        assert "周书记于 " in (page := _signed_in(made.username, made.password))
        assert "重设了您的登录密码" in page
    User.objects.filter(person=person).update(must_change_password=False)
    page = _client(person).get(reverse("desk:me")).content.decode()
    assert "谁重设过我的密码" in page
    assert "周书记" in page
    with clock.at(clock.now() + datetime.timedelta(days=31)):
        assert "重设了您的登录密码" not in _signed_in(made.username, made.password)


def test_a_reset_that_drops_the_second_factor_says_so() -> None:
    person = _person("grid_worker")
    make_sign_in(actor=SYSTEM, person_id=person.pk)
    make_sign_in(actor=_secretary(), person_id=person.pk, drop_second_factor=True)
    line = Notification.objects.get(person_id=person.pk)
    assert "取消了两步验证" in notice_text(line.kind, line.params, "zh")
    give_post(actor=SYSTEM, person_id=person.pk, role="police", area_code=COMMUNITY)
    User.objects.filter(person=person).update(must_change_password=False)
    assert "同时取消了两步验证" in _client(person).get(reverse("desk:me")).content.decode()
