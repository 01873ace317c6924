"""Signing in: who gets in, what a stranger can learn, and what is limited."""

from __future__ import annotations

import datetime
import re

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.kernel.api import clock
from bihuan.kernel.models import Entry, OutboxItem
from bihuan.people.api import SYSTEM, Actor, actor_for, actor_of, give_post, make_sign_in, record_person
from bihuan.people.models import CacheRow, Person, User
from bihuan.people.residents import sweep_unproven

pytestmark = pytest.mark.django_db
PHONE = "13800138000"


@pytest.fixture(autouse=True)
def _district() -> None:
    load_sample()


def _staff(role: str = "grid_worker", **more: object) -> tuple[Person, str, str]:
    person = record_person(actor=SYSTEM, name="张某", role=role, area_code=COMMUNITY, **more)
    made = make_sign_in(actor=SYSTEM, person_id=person.pk, username="zhang", must_change=False)
    return person, made.username, made.password


def _login(client: Client, name: str, password: str, **more: str):
    return client.post(reverse("account_login"), {"login": name, "password": password, **more})


def _ask_code(client: Client, phone: str = PHONE):
    return client.post(reverse("account_request_login_code"), {"phone": phone})


def _sent_code(phone: str = PHONE) -> str:
    text = OutboxItem.objects.filter(channel="sms", target=phone).latest("due_at").payload["text"]
    return re.search(r"\d{6}", text)[0]


def _type_code(client: Client, code: str):
    return client.post(reverse("account_confirm_login_code"), {"code": code})


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_request_login_code",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_inactive",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_for_strangers_are_shown_without_signing_in(client: Client, name: str, language: str) -> None:
    client.cookies["django_language"] = language
    response = client.get(reverse(name))
    assert response.status_code == 200
    text = response.content.decode()
    assert " style=" not in text
    assert "onclick" not in text


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password",
        "account_logout",
        "account_email",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "account_reauthenticate",
        "desk:me",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_of_an_account_are_shown_to_its_owner_and_ask_a_stranger_to_sign_in(
    client: Client, name: str, language: str
) -> None:
    assert client.get(reverse(name)).status_code == 302
    _, username, password = _staff()
    _login(client, username, password)
    client.cookies["django_language"] = language
    if name.startswith("mfa_"):  # what changes how one signs in asks for the password again
        client.post(reverse("account_reauthenticate"), {"password": password})
    response = client.get(reverse(name))
    assert response.status_code == 200, response
    assert " style=" not in response.content.decode()


def test_a_password_signs_in_and_the_session_gets_a_new_key(client: Client) -> None:
    _, username, password = _staff()
    client.get(reverse("account_login"))
    client.session["before"] = 1
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    response = _login(client, username, password)
    assert response.headers["Location"] == "/desk/"
    assert client.session.session_key != session.session_key


def test_who_signed_in_is_greeted_by_name_and_not_by_the_account(client: Client) -> None:
    _, username, password = _staff()
    _login(client, username, password)
    assert [str(message) for message in get_messages(client.get(reverse("desk:me")).wsgi_request)] == ["已登录：张某"]


def test_an_account_without_a_person_is_told_only_that_it_signed_in(client: Client) -> None:
    User.objects.create_user(username="nobody", password="a long one 4 you")
    _login(client, "nobody", "a long one 4 you")
    assert [str(message) for message in get_messages(client.get(reverse("desk:me")).wsgi_request)] == ["已登录"]


def test_a_wrong_password_and_an_unknown_name_look_alike(client: Client) -> None:
    _, username, _password = _staff()
    wrong = _login(client, username, "wrong-wrong").content.decode()
    unknown = _login(client, "nobody-here", "wrong-wrong").content.decode()
    token = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+')
    assert token.sub("", wrong).replace(username, "") == token.sub("", unknown).replace("nobody-here", "")


def test_the_next_page_is_never_on_another_site(client: Client) -> None:
    _, username, password = _staff()
    response = _login(client, username, password, next="https://evil.example/")
    assert "evil" not in response.headers["Location"]


def test_guessing_a_password_is_stopped_for_all_workers(client: Client) -> None:
    _, username, password = _staff()
    for _ in range(5):
        _login(client, username, "wrong-wrong")
    assert _login(Client(), username, password).status_code == 200, "even the right one waits now"
    assert CacheRow.objects.exists(), "counted in the database, not in one process"
    assert not CacheRow.objects.filter(cache_key__contains=username).exists()


def test_many_counts_cannot_push_one_out(settings) -> None:
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 1_000_000
    cache.set("first", 1, 300)
    cache.set_many({f"k{i}": i for i in range(400)}, 300)
    assert cache.get("first") == 1


def test_a_resident_signs_in_by_a_code_and_holds_no_right(client: Client) -> None:
    assert _ask_code(client, "138 0013 8000").status_code == 302
    response = _type_code(client, _sent_code())
    assert response.status_code == 302
    user = User.objects.get(phone_masked="138****8000")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.phone_verified_at is not None
    assert not user.has_usable_password()
    assert actor_of(user.person).posts == ()
    assert client.get(reverse("desk:people")).status_code == 403
    verbs = Entry.objects.filter(subject_id=user.person_id).order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["person.recorded", "person.phone_verified"]


def test_the_second_sign_in_by_code_finds_the_same_person(client: Client) -> None:
    _ask_code(client)
    _type_code(client, _sent_code())
    CacheRow.objects.all().delete()
    again = Client()
    _ask_code(again)
    _type_code(again, _sent_code())
    assert Person.objects.count() == 1
    assert again.session["_auth_user_id"] == client.session["_auth_user_id"]


def test_a_known_and_an_unknown_number_get_the_same_answer(client: Client) -> None:
    _staff(phone=PHONE)
    known = _ask_code(client)
    unknown = _ask_code(Client(), "13900139000")
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert OutboxItem.objects.filter(channel="sms").count() == 2


def test_three_wrong_codes_end_it_and_the_right_one_comes_too_late(client: Client) -> None:
    _ask_code(client)
    code = _sent_code()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(3):
        _type_code(client, wrong)
    _type_code(client, code)
    assert "_auth_user_id" not in client.session


def test_one_number_is_sent_few_codes(client: Client) -> None:
    _ask_code(client)
    assert _ask_code(Client()).status_code == 200, "within half a minute there is no second code"
    assert OutboxItem.objects.filter(channel="sms").count() == 1


def test_a_number_recorded_for_a_resident_becomes_the_accounts_person(client: Client) -> None:
    person = record_person(actor=SYSTEM, name="李某", role="resident", area_code=f"{COMMUNITY}012", phone=PHONE)
    _ask_code(client)
    _type_code(client, _sent_code())
    assert User.objects.get(phone_verified_at__isnull=False).person == person


def test_rights_are_not_picked_up_by_a_number_without_an_account(client: Client) -> None:
    person = record_person(actor=SYSTEM, name="李某", role="secretary", area_code=COMMUNITY, phone=PHONE)
    _ask_code(client)
    _type_code(client, _sent_code())
    user = User.objects.get(phone_verified_at__isnull=False)
    assert user.person != person
    assert actor_of(user.person).posts == ()


def test_staff_with_an_account_may_sign_in_by_a_code(client: Client) -> None:
    person, _name, _password = _staff(phone=PHONE)
    _ask_code(client)
    _type_code(client, _sent_code())
    assert User.objects.get(pk=client.session["_auth_user_id"]).person == person


def test_what_is_no_number_is_told_and_kept(client: Client) -> None:
    response = _ask_code(client, "12345")
    assert "不是有效的手机号" in response.content.decode()
    assert 'value="12345"' in response.content.decode()
    assert User.objects.count() == 0


def test_accounts_of_numbers_that_never_proved_themselves_are_swept(client: Client) -> None:
    _ask_code(client)
    _staff()
    assert sweep_unproven() == 0
    assert sweep_unproven(clock.now() + datetime.timedelta(days=2)) == 1
    assert list(User.objects.values_list("username", flat=True)) == ["zhang"]


def test_a_first_password_opens_nothing_but_its_change(client: Client) -> None:
    person = record_person(actor=SYSTEM, name="张某", role="secretary", area_code=COMMUNITY)
    made = make_sign_in(actor=SYSTEM, person_id=person.pk)
    _login(client, made.username, made.password)
    for url in (reverse("desk:people"), reverse("desk:me"), reverse("mfa_index"), "/"):
        assert client.get(url).headers["Location"] == reverse("account_change_password")
    new = "一个-很长的-新密码-2024"
    page = client.post(
        reverse("account_change_password"), {"oldpassword": made.password, "password1": new, "password2": new}
    )
    assert page.status_code == 302
    assert client.get(reverse("desk:people")).status_code == 200


def test_nobody_signs_up(client: Client) -> None:
    client.post(
        reverse("account_signup"),
        {"username": "intruder", "password1": "a-long-one-2024", "password2": "a-long-one-2024"},
    )
    assert User.objects.count() == 0


def test_an_authenticator_app_is_asked_for_after_the_password(client: Client) -> None:
    from allauth.mfa.totp.internal import auth

    person, username, password = _staff()
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(User.objects.get(person=person), secret)
    assert _login(client, username, password).headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    assert "_auth_user_id" not in client.session
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    code = auth.format_hotp_value(auth.hotp_value(secret, counter))
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.session["_auth_user_id"] == str(User.objects.get(person=person).pk)
    assert client.get(reverse("mfa_activate_totp")).status_code == 302, "one is enough"


def test_a_second_factor_is_set_up_and_its_pages_are_shown(client: Client) -> None:
    from allauth.mfa.totp.internal import auth

    person, username, password = _staff()
    _login(client, username, password)
    client.post(reverse("account_reauthenticate"), {"password": password})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    code = auth.format_hotp_value(auth.hotp_value(secret, counter))
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        response = client.get(reverse(name))
        assert response.status_code == 200, name
        assert " style=" not in response.content.decode()


def test_an_actor_costs_one_statement_once(rf, django_assert_num_queries) -> None:
    person, _name, _password = _staff()
    request = rf.get("/")
    request.user = User.objects.get(person=person)
    with django_assert_num_queries(1):
        actor = actor_for(request)
        assert actor_for(request) is actor
    assert actor.roles_in(f"{COMMUNITY}001") == {"grid_worker"}


def test_an_account_without_a_person_is_a_stranger(rf) -> None:
    request = rf.get("/")
    request.user = User.objects.create(username="u1")
    assert actor_for(request).kind == "anonymous"


def test_a_deputy_loses_the_right_with_the_next_request() -> None:
    person, _name, _password = _staff()
    give_post(actor=SYSTEM, person_id=person.pk, role="police", area_code=COMMUNITY)
    assert isinstance(actor_of(person), Actor)
    assert actor_of(person).roles_in(COMMUNITY) == {"grid_worker", "police"}
