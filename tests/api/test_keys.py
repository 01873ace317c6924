"""A key acts as the person who answers for it, in its area, by its scopes, and no further."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.test import Client

from bihuan.api.keys import keys_for, make_key, revoke_key
from bihuan.api.models import ApiKey
from bihuan.api.rest.numbers import masked_for_keys
from bihuan.api.scopes import SCOPES
from bihuan.kernel.api import BadInput, Refused, clock, new_id, verify
from bihuan.kernel.models import Entry
from bihuan.matters.models import Matter
from bihuan.people.models import Post
from tests.api.keykit import by_key, key_text, post
from tests.matters.conftest import BUILDINGS, COMMUNITY, OTHER, Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def test_a_key_reads_with_its_scope_and_is_refused_without(town: Town) -> None:
    matter = town.report()
    client = by_key(key_text(town, "matters:read"))
    assert client.get("/api/v1/matters").json()["rows"][0]["number"] == matter.number
    assert client.get("/api/v1/meetings").status_code == 403
    told = client.get("/api/v1/meetings").json()
    assert "meetings:read" in told["problems"][0]["how"]


def test_no_key_opens_what_asks_for_a_session(town: Town) -> None:
    client = by_key(key_text(town, *SCOPES))
    assert client.get("/api/v1/field/day").status_code == 403
    assert client.get("/desk/").status_code == 302


def test_only_the_hash_of_a_key_is_kept(town: Town) -> None:
    text = key_text(town, "matters:read")
    row = ApiKey.objects.get()
    secret = text.removeprefix(row.prefix)
    assert secret.encode() not in bytes(row.secret_hash)
    assert all(secret not in str(value) for value in vars(row).values())
    assert all(secret not in entry.body for entry in Entry.objects.filter(subject_type="api_key"))


@pytest.mark.parametrize("text", ["", "bh_", "bh_aaaaaaaa_wrong", "x" * 500, "bh_\u0000", "bh_界"])
def test_a_wrong_key_is_nobody(town: Town, text: str) -> None:
    client = Client()
    headers = {"Authorization": f"Bearer {text}"} if text.isascii() and "\x00" not in text else {}
    assert client.get("/api/v1/matters", headers=headers).status_code == 401


def test_the_secret_must_be_right_to_the_last_letter(town: Town) -> None:
    text = key_text(town, "matters:read")
    assert by_key(text).get("/api/v1/matters").status_code == 200
    assert by_key(text[:-1]).get("/api/v1/matters").status_code == 401
    assert by_key(text[:-1] + ("A" if text[-1] != "A" else "B")).get("/api/v1/matters").status_code == 401


def test_who_calls_by_a_key_that_opens_nothing_is_told_that_it_is_the_key(town: Town) -> None:
    answer = by_key(key_text(town, "matters:read")[:-1]).get("/api/v1/matters")
    assert [problem["where"] for problem in answer.json()["problems"]] == ["Authorization"]
    assert Client().get("/api/v1/matters").json()["problems"] == []


def test_a_revoked_key_opens_nothing_at_once(town: Town) -> None:
    client = by_key(key_text(town, "matters:read"))
    assert client.get("/api/v1/matters").status_code == 200
    revoke_key(actor=town.secretary, key_id=ApiKey.objects.get().pk, reason="停用")
    assert client.get("/api/v1/matters").status_code == 401


def test_a_key_ends_with_its_term(town: Town) -> None:
    client = by_key(key_text(town, "matters:read", days=3))
    with clock.at(clock.now() + timedelta(days=2, hours=23)):
        assert client.get("/api/v1/matters").status_code == 200
    with clock.at(clock.now() + timedelta(days=3, minutes=1)):
        assert client.get("/api/v1/matters").status_code == 401


def test_a_key_over_its_limit_is_told_when_to_come_again(town: Town) -> None:
    client = by_key(key_text(town, "matters:read", per_minute=3))
    with clock.at(clock.now().replace(second=10)):
        codes = [client.get("/api/v1/matters").status_code for _n in range(4)]
        answer = client.get("/api/v1/matters")
    assert codes == [200, 200, 200, 429]
    assert 0 < int(answer["Retry-After"]) <= 60
    assert by_key(key_text(town, "matters:read")).get("/api/v1/matters").status_code == 200


def test_a_key_loses_what_its_person_loses(town: Town) -> None:
    town.report()
    client = by_key(key_text(town, "matters:read"))
    assert client.get("/api/v1/matters").json()["rows"]
    Post.objects.filter(person_id=town.id_of("secretary")).delete()
    assert client.get("/api/v1/matters").json()["rows"] == []


def test_a_key_of_a_community_reads_no_other_communitys_matters(town: Town) -> None:
    town.report(area_code=f"{OTHER}001")
    Post.objects.create(
        person_id=town.id_of("secretary"), role_id="district_staff", area_code="410802", since=town.now.date()
    )
    client = by_key(key_text(town, "matters:read"))
    assert client.get("/api/v1/matters").json()["rows"] == []
    assert client.get("/api/v1/matters", {"area": OTHER}).json()["rows"] == []


def test_a_key_never_opens_a_sealed_value(town: Town) -> None:
    done = town.report(phone="13812345678")
    client = by_key(key_text(town, *SCOPES))
    answer = client.get(f"/api/v1/matters/{done.matter_id}")
    assert answer.status_code == 200
    assert b"13812345678" not in answer.content
    assert b"5678" not in answer.content


def test_the_record_says_that_a_key_did_it_and_who_answers(town: Town) -> None:
    text = key_text(town, "matters:write")
    body = {"id": str(new_id()), "text": "楼道灯不亮", "area_code": BUILDINGS[0]}
    answer = post(by_key(text), "/api/v1/matters", body)
    assert answer.status_code == 201, answer.content
    entry = Entry.objects.get(subject_id=answer.json()["matter_id"])
    assert entry.actor_id == town.id_of("secretary")
    assert orjson.loads(entry.body)["via"] == text[:11]
    assert verify().ok


def test_the_timeline_says_that_a_key_did_it(town: Town) -> None:
    text = key_text(town, "matters:write", "matters:read")
    client = by_key(text)
    body = {"id": str(new_id()), "text": "楼道灯不亮", "area_code": BUILDINGS[0]}
    key = post(client, "/api/v1/matters", body).json()["matter_id"]
    entries = client.get(f"/api/v1/matters/{key}/timeline").json()["entries"]
    assert text[:11] in entries[0]["sentence"]


def test_who_reports_through_a_key_is_no_member_of_its_house(town: Town) -> None:
    text = key_text(town, "reports:write")
    body = {"id": str(new_id()), "text": "楼道灯不亮", "area_code": BUILDINGS[0]}
    answer = post(by_key(text), "/api/v1/reports", body)
    assert answer.status_code == 201, answer.content
    assert Matter.objects.get().reporter_id is None
    entry = Entry.objects.get(subject_id=answer.json()["matter_id"])
    assert (entry.actor_id, orjson.loads(entry.body)["via"]) == (None, text[:11])
    assert post(by_key(text), "/api/v1/matters", body).status_code == 403


def test_a_key_advances_a_matter_as_its_person_may(town: Town) -> None:
    done = town.report()
    body: dict[str, Any] = {
        "entry_id": str(new_id()),
        "action": "triage",
        "data": {"category": "facility", "urgency": "normal", "level": "grid"},
    }
    url = f"/api/v1/matters/{done.matter_id}/advance"
    assert post(by_key(key_text(town, "matters:read")), url, body).status_code == 403
    answer = post(by_key(key_text(town, "matters:write")), url, body)
    assert answer.status_code in {200, 409}, answer.content


def test_only_who_may_manage_interfaces_makes_a_key(town: Town) -> None:
    with pytest.raises(PermissionDenied):
        key_text(town, "matters:read", who=town.worker)
    with pytest.raises(PermissionDenied):
        key_text(town, "matters:read", area=OTHER)


def test_a_key_makes_no_key(town: Town) -> None:
    from dataclasses import replace

    with pytest.raises(Refused):
        key_text(town, "matters:read", who=replace(town.secretary, via="bh_x"))


def test_what_is_wrong_with_a_new_key_is_told_at_once(town: Town) -> None:
    with pytest.raises(BadInput) as told:
        make_key(actor=town.secretary, name="", area_code=COMMUNITY, scopes=["everything"], days=0, per_minute=0)
    assert {problem.field for problem in told.value.problems} == {"name", "scopes", "days", "per_minute"}


def test_a_misspelt_scope_is_told_and_no_key_is_made(town: Town) -> None:
    with pytest.raises(BadInput) as told:
        make_key(actor=town.secretary, name="甲", area_code=COMMUNITY, scopes=["areas:read", "matter:read"])
    assert [(one.field, "matter:read" in one.why) for one in told.value.problems] == [("scopes", True)]
    assert not ApiKey.objects.exists()


def test_the_same_form_twice_makes_one_key_and_shows_its_secret_once(town: Town) -> None:
    key_id = new_id()
    first = make_key(actor=town.secretary, name="甲", area_code=COMMUNITY, scopes=["areas:read"], key_id=key_id)
    again = make_key(actor=town.secretary, name="甲", area_code=COMMUNITY, scopes=["areas:read"], key_id=key_id)
    assert first.text
    assert again.text == ""
    assert ApiKey.objects.count() == 1


def test_nobody_revokes_another_communitys_key(town: Town) -> None:
    key_text(town, "areas:read")
    row = ApiKey.objects.get()
    with pytest.raises(Http404):
        revoke_key(actor=town.stranger, key_id=row.pk, reason="x")
    assert keys_for(town.stranger) == []


def test_a_key_remembers_the_day_it_was_last_used_and_no_more(town: Town) -> None:
    text = key_text(town, "areas:read")
    assert ApiKey.objects.get().used_on is None
    by_key(text).get("/api/v1/areas")
    assert ApiKey.objects.get().used_on == clock.today()


def test_every_scope_is_said_in_both_languages_and_leaves_no_personal_data() -> None:
    from bihuan.people import permissions as p

    for scope in SCOPES.values():
        assert scope.zh
        assert scope.en
        assert not scope.grants & {p.MATTER_PERSONAL, p.PAIRING_READ, p.PEOPLE_READ, p.PEOPLE_MANAGE}


def test_a_residents_own_link_acts_for_them_through_a_key_and_not_for_the_keys_person(town: Town) -> None:
    done = town.report()
    town.to_checking(done.matter_id)
    town.do("neighbour", done.matter_id, "sign_off")
    with clock.at(town.later(minutes=5)):
        text = key_text(town, "matters:write")
        act = {"entry_id": str(new_id()), "action": "confirm", "data": {"satisfaction": "satisfied"}}
        body = {**act, "follow_token": town.tokens[done.matter_id]}
        answer = post(by_key(text), f"/api/v1/matters/{done.matter_id}/advance", body)
    assert answer.status_code == 200, answer.content
    entry = Entry.objects.filter(subject_id=done.matter_id).order_by("-seq")[0]
    assert entry.actor_id is None
    assert orjson.loads(entry.body)["via"] == text[:11]


def test_who_follows_through_a_key_is_a_resident(town: Town) -> None:
    from bihuan.matters.models import Follow

    done = town.report()
    answer = post(by_key(key_text(town, "reports:write")), f"/api/v1/matters/public/{done.number}/follow", {})
    assert answer.status_code == 200, answer.content
    assert Follow.objects.get().person_id is None


def test_a_key_reads_no_number_that_stands_within_words(town: Town) -> None:
    """Its scope says: without phone numbers. Codes that only look like one stay what they are."""
    text = "张大爷 138 1234 5678 说灯不亮，身份证 410802195001011234"
    matter = town.report(text=text, title="13812345678 灯不亮")
    read = by_key(key_text(town, "matters:read", "figures:read", per_minute=600))
    here = f"/api/v1/matters/{matter.matter_id}"
    for path in (here, f"{here}/timeline", "/api/v1/matters", "/api/v1/ledger", "/api/v1/matters/search?text=灯不亮"):
        told = read.get(path)
        assert told.status_code == 200
        for number in ("138 1234 5678", "13812345678", "410802195001011234"):
            assert number not in told.content.decode(), path
    shown = read.get(here).json()
    assert (shown["text"], shown["number"]) == (
        "张大爷 138****5678 说灯不亮，身份证 4****************4",
        matter.number,
    )
    assert shown["area_code"] == BUILDINGS[0]


def test_a_code_that_looks_like_an_identity_number_is_none() -> None:
    request = HttpRequest()
    request.key_scope = "matters:read"  # type: ignore[attr-defined]
    answer = {"rows": [{"area_code": "410802001001012", "title": "410802001001012"}]}
    assert masked_for_keys(request, answer)["rows"][0]["area_code"] == "410802001001012"
    assert masked_for_keys(request, answer)["rows"][0]["title"] == "4****************2"
    assert masked_for_keys(HttpRequest(), answer) == answer
