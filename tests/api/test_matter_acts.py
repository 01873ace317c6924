"""What a matter's pages do besides its method's acts, by the machine interface."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import Client

from bihuan.kernel.api import new_id
from bihuan.kernel.models import PersonalRead, StoredFile
from bihuan.matters.api import party_secret
from bihuan.matters.models import Follow, Matter
from bihuan.people.models import User
from tests.api.fieldkit import jpeg, phone_of
from tests.api.keykit import by_key, key_text, post
from tests.matters.conftest import BUILDINGS, Town, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def session(town: Town, name: str) -> Client:
    if not User.objects.filter(person_id=town.id_of(name)).exists():
        return phone_of(town, name).client
    made = Client()
    made.force_login(User.objects.get(person_id=town.id_of(name)), backend="bihuan.people.backends.PasswordBackend")
    return made


def do(client: Client, path: str, status: int = 200, **body: Any) -> Any:
    answer = post(client, f"/api/v1/{path}", body)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def act(**more: Any) -> dict[str, Any]:
    return {"entry_id": str(new_id()), **more}


def test_one_matter_becomes_part_of_another_by_the_number_that_people_write(town: Town) -> None:
    first, second = town.report().matter_id, town.report(text="还是那盏灯不亮").matter_id
    number = Matter.objects.get(pk=first).number
    leader = session(town, "leader")
    do(leader, f"matters/{second}/merge", 404, **act(number="9999-0001", reason="同一件事"))
    do(leader, f"matters/{second}/merge", **act(number=number, reason="同一件事"))
    assert Matter.objects.get(pk=second).duplicate_of_id == first
    do(session(town, "stranger"), f"matters/{first}/merge", 404, **act(into_id=str(second), reason="x"))


def test_who_reports_the_same_again_is_heard_and_follows(town: Town) -> None:
    made = town.report().matter_id
    given = {"id": str(new_id()), "text": "我家这边的灯也不亮", "phone": "13900001234"}
    told = do(session(town, "worker"), f"matters/{made}/again", 201, **given)
    assert told["follow_token"]
    do(session(town, "worker"), f"matters/{made}/again", 200, **given)
    assert Follow.objects.filter(matter_id=made).count() == 1
    do(session(town, "stranger"), f"matters/{made}/again", 404, **given)
    do(Client(), f"matters/{made}/again", 401, **given)


def test_a_sealed_value_is_told_to_who_may_and_for_a_reason_and_never_through_a_key(town: Town) -> None:
    made = town.report(phone="13900001234", reporter_name="卫小民").matter_id
    office = session(town, "secretary")
    values = office.get(f"/api/v1/matters/{made}/sealed").json()["values"]
    phone = next(value for value in values if value["name"] == "phone")
    assert phone["masked"] != "13900001234"
    do(office, f"matters/{made}/reveal", 422, sealed_id=phone["id"], reason="")
    assert do(office, f"matters/{made}/reveal", sealed_id=phone["id"], reason="联系反映人")["value"] == "13900001234"
    assert PersonalRead.objects.count() == 1
    key = by_key(key_text(town, "matters:read", "matters:write"))
    assert key.get(f"/api/v1/matters/{made}/sealed").status_code == 403
    do(key, f"matters/{made}/reveal", 403, sealed_id=phone["id"], reason="x")
    do(session(town, "stranger"), f"matters/{made}/reveal", 404, sealed_id=phone["id"], reason="x")


def test_a_supervising_resident_signs_off_by_the_link_that_was_handed_to_them(town: Town) -> None:
    made = town.report().matter_id
    town.to_checking(made)
    person = str(town.id_of("neighbour"))
    do(session(town, "cadre"), f"matters/{made}/hand", 403, **act(person_id=person))
    token = do(session(town, "secretary"), f"matters/{made}/hand", **act(person_id=person))["party_token"]
    assert token == party_secret(made, town.id_of("neighbour"))
    other = town.report(text="另一件事情，路面坑洼").matter_id
    do(Client(), f"matters/{other}/advance", 404, **act(action="sign_off", party_token=token))
    do(Client(), f"matters/{made}/advance", 404, **act(action="sign_off", party_token=token[:-2] + "AA"))
    done = do(Client(), f"matters/{made}/advance", **act(action="sign_off", party_token=token))
    assert done["created"]


def test_a_reporter_is_forgotten_and_stops_following_by_their_link_and_by_no_other(town: Town) -> None:
    made = town.report(phone="13900001234").matter_id
    other = town.report(text="另一件事情，路面坑洼").matter_id
    token = town.tokens[made]
    do(Client(), f"matters/{made}/forget", 401, **act(what="contact"))
    do(Client(), f"matters/{made}/forget", 404, **act(what="contact", follow_token=town.tokens[other]))
    assert do(Client(), f"matters/{made}/forget", **act(what="contact", follow_token=token))["erased"]
    do(session(town, "stranger"), f"matters/{made}/forget", 404, **act(what="contact"))
    Matter.objects.filter(pk=other).update(public=True)
    number = Matter.objects.get(pk=other).number
    mine = do(Client(), f"matters/public/{number}/follow", id=str(new_id()))["follow_token"]
    assert do(Client(), f"matters/{other}/unfollow", follow_token=mine)["stopped"]
    do(Client(), f"matters/{other}/unfollow", 404, follow_token=mine)
    do(Client(), f"matters/{other}/unfollow", 401)


def test_a_report_and_an_act_bring_their_photos_along(town: Town) -> None:
    photo = {"data": base64.b64encode(jpeg()).decode(), "tag": "scene"}
    key = str(new_id())
    do(Client(), "reports", 201, id=key, area_code=BUILDINGS[0], text="楼道里的路灯不亮", photos=[photo])
    assert StoredFile.objects.filter(subject_type="matter", subject_id=key).count() == 1
    worker = session(town, "worker")
    data = {"category": "facility", "urgency": "normal", "level": "grid"}
    another = {"data": base64.b64encode(jpeg(2)).decode()}
    do(worker, f"matters/{key}/advance", **act(action="triage", data=data, photos=[another]))
    assert StoredFile.objects.filter(subject_type="matter", subject_id=key).count() == 2
    no_photo = [{"data": base64.b64encode(b"x").decode()}]
    do(Client(), "reports", 422, id=str(new_id()), area_code=BUILDINGS[0], text="楼道里的灯不亮", photos=no_photo)
    ahead = [{"file_id": str(new_id())}]
    do(Client(), "reports", 409, id=str(new_id()), area_code=BUILDINGS[0], text="楼道里的灯不亮", photos=ahead)
    batch = [{"id": str(new_id()), "area_code": BUILDINGS[0], "text": "楼道里的灯不亮", "photos": [{"tag": "scene"}]}]
    assert post(worker, "/api/v1/reports/batch", {"reports": batch}).status_code < 500
