"""What is done at the desk is done by REST: by a session with its rights, by a key with its scopes and no further."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bihuan.areas.models import Area
from bihuan.kernel.api import clock, new_id, verify
from bihuan.matters.models import Matter
from bihuan.methods.models import MethodVersion
from bihuan.people.api import SYSTEM, add_robot
from bihuan.people.models import Person, Post, User
from bihuan.reporting.models import Export
from tests.api.keykit import by_key, key_text, post
from tests.matters.conftest import BUILDINGS, COMMUNITY, Town, make_town
from tests.reporting.blank_forms import blank

OCTETS = "application/octet-stream"
LEDGER = "登记日期,楼号,反映问题,联系电话\n2023-03-05,1号楼,路灯不亮,13812345678\n".encode()


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def session(town: Town, name: str) -> Client:
    user = User.objects.create(username=f"{name}-{new_id()}", person_id=town.id_of(name))
    client = Client()
    client.force_login(user, backend="bihuan.people.backends.PasswordBackend")
    return client


def send(client: Client, path: str, data: bytes, **asked: Any) -> Any:
    query = "&".join(f"{name}={said}" for name, said in asked.items())
    return client.post(f"/api/v1/{path}?{query}", data, content_type=OCTETS)


def act(**more: Any) -> dict[str, Any]:
    return {"entry_id": str(new_id()), **more}


def test_a_key_drafts_publishes_and_moves_matters_over_and_back(town: Town) -> None:
    matter = Matter.objects.get(pk=town.report().matter_id)
    old = MethodVersion.objects.get(pk=matter.version_ref_id)
    person = town.id_of("secretary")
    Post.objects.create(person_id=person, role_id="administrator", area_code=COMMUNITY, since=town.now.date())
    client = by_key(key_text(town, "methods:write", "methods:read"))
    drafted = post(client, f"/api/v1/methods/{old.pk}/copy", {"area_code": COMMUNITY})
    assert drafted.status_code == 200, drafted.content
    draft = drafted.json()
    changed = old.source.replace("3 个工作日", "4 个工作日")
    saved = post(client, f"/api/v1/methods/{draft['id']}/save", {"source": changed, "expected_sha256": draft["sha256"]})
    assert not [one for one in saved.json()["problems"] if one["severity"] == "error"]
    again = {"source": changed + "\n", "expected_sha256": draft["sha256"]}
    assert post(client, f"/api/v1/methods/{draft['id']}/save", again).status_code == 409
    published = post(client, f"/api/v1/methods/{draft['id']}/publish", {"expected_sha256": saved.json()["sha256"]})
    assert published.json()["state"] == "published"
    assert client.get(f"/api/v1/methods/{old.pk}/diff/{draft['id']}").json()["changes"]
    there, back = f"/api/v1/methods/{old.pk}/migrate/{draft['id']}", f"/api/v1/methods/{draft['id']}/migrate/{old.pk}"
    tried = post(client, there, {})
    assert [row["matter_id"] for row in tried.json()["moved"]] == [str(matter.pk)]
    matter.refresh_from_db()
    assert matter.version_ref_id == old.pk
    for path, version in ((there, draft["id"]), (back, str(old.pk))):
        assert post(client, path, {"dry_run": False, "reason": "试用"}).status_code == 200
        matter.refresh_from_db()
        assert str(matter.version_ref_id) == version
    assert verify().ok


def test_a_method_file_is_played_without_being_kept(town: Town) -> None:
    source = MethodVersion.objects.first().source
    client = by_key(key_text(town, "methods:read"))
    bad = post(client, "/api/v1/methods/simulate", {"source": "工作法: x", "scenario": "x"})
    assert bad.status_code == 422
    played = post(client, "/api/v1/methods/simulate", {"source": source, "scenario": "标题: {zh: 空, en: empty}"})
    assert played.status_code == 200
    assert played.json()["lines"] == [] or played.json()["problems"]


def _written(town: Town, writer: Client) -> str:
    made = post(writer, "/api/v1/bulletins", act(area_code=COMMUNITY, template="notice"))
    assert made.status_code == 200, made.content
    key = made.json()["id"]
    edit = act(title="关于补植树木的公示", text="在北侧补植三棵树。", expected_version=made.json()["version"])
    shown = post(writer, f"/api/v1/bulletins/{key}/edit", edit | {"head": {"urgency": "urgent", "joint": ["派出所"]}})
    assert shown.status_code == 200
    head = shown.json()["head"]
    assert (head["urgency"], head["joint"], head["sealed"]) == ("urgent", ["派出所"], True)
    assert post(writer, f"/api/v1/bulletins/{key}/check", act()).json()["state"] == "checked"
    return str(key)


def test_a_key_writes_a_notice_and_a_person_signs_it_off(town: Town) -> None:
    colleague = Person.objects.create(id=new_id(), name="委某", created_at=town.now)
    role = {"role_id": "secretary", "area_code": COMMUNITY, "since": town.now.date()}
    Post.objects.create(person=colleague, **role)
    writer = by_key(key_text(town, "notices:write", "notices:read"))
    key = _written(town, writer)
    assert post(writer, f"/api/v1/bulletins/{key}/sign", act()).status_code == 403
    own = session(town, "secretary")
    assert post(own, f"/api/v1/bulletins/{key}/sign", act()).status_code == 409  # by another than its author
    signer = Client()
    signer.force_login(
        User.objects.create(username="wei", person=colleague), backend="bihuan.people.backends.PasswordBackend"
    )
    assert post(signer, f"/api/v1/bulletins/{key}/sign", act()).json()["number"]
    assert Client().get(f"/api/v1/notices/{key}").status_code == 404
    assert post(signer, f"/api/v1/bulletins/{key}/publish", act()).json()["state"] == "published"
    shown = Client().get(f"/api/v1/notices/{key}").json()
    assert "在北侧补植三棵树。" in shown["blocks"]
    assert writer.get(f"/api/v1/bulletins/{key}/document.docx").content[:2] == b"PK"
    assert Export.objects.filter(what="bulletin", via__startswith="bh_").exists()
    _objected_and_answered(key, signer, writer)
    assert verify().ok


def _objected_and_answered(key: str, signer: Client, writer: Client) -> None:
    said = {"id": str(new_id()), "text": "树会挡光", "contact": "13812345678"}
    done = post(Client(), f"/api/v1/notices/{key}/objections", said)
    assert done.status_code == 201
    assert post(Client(), f"/api/v1/notices/{key}/objections", said).json() == done.json()
    assert writer.get(f"/api/v1/bulletins/{key}/objections").status_code == 403
    assert "树会挡光".encode() not in writer.get(f"/api/v1/bulletins/{key}").content
    (line,) = signer.get(f"/api/v1/bulletins/{key}/objections").json()["objections"]
    assert (line["text"], line["contact"]) == ("树会挡光", "138****5678")
    # Who reads an objection knows its id: by that they do not come to the link of whoever objected.
    guess = post(Client(), f"/api/v1/notices/{key}/objections", {**said, "id": line["id"]})
    assert guess.json().get("token") != done.json()["token"]
    answer = f"/api/v1/bulletins/{key}/objections/{line['id']}"
    assert post(signer, f"{answer}/contact", {"reason": ""}).status_code == 422
    assert post(signer, f"{answer}/contact", {"reason": "回电"}).json() == {"contact": "13812345678"}
    assert post(signer, f"{answer}/answer", act(text="改种灌木", upheld=True)).status_code == 200
    mine = post(Client(), "/api/v1/notices/objections/mine", {"token": done.json()["token"]}).json()
    assert (mine["answer"], mine["upheld"]) == ("改种灌木", True)


def test_a_key_has_a_superiors_form_filled(town: Town) -> None:
    client, key = by_key(key_text(town, "forms:write")), str(new_id())
    asked = {"id": key, "area": COMMUNITY, "name": "月报.xlsx", "since": 202404, "until": 202404}
    looked = send(client, "forms", blank("key_figures"), **asked)
    assert looked.status_code == 200, looked.content
    assert looked.json()["cells"] > 0
    assert send(client, "forms", blank("key_figures"), **asked).json()["id"] == key
    for one in looked.json()["open"]:
        answered = post(client, f"/api/v1/forms/{key}/answers", {"answers": {one["key"]: "-"}})
        assert answered.status_code == 200, answered.content
    filled = post(client, f"/api/v1/forms/{key}/filled", {})
    assert zipfile.ZipFile(io.BytesIO(filled.content)).testzip() is None
    assert post(client, f"/api/v1/forms/{key}/filled", {"reason": "核对"}).status_code in {200, 403}
    assert [row["id"] for row in client.get("/api/v1/forms").json()["forms"]] == [key]
    assert send(client, "forms", b"x", **(asked | {"id": str(new_id())})).status_code == 422


def test_a_file_in_a_form_is_told_how_it_is_sent(town: Town) -> None:
    address = f"/api/v1/bring-in?id={new_id()}&area={COMMUNITY}&name=2023.csv"
    answer = by_key(key_text(town, "ledgers:write")).post(address, {"file": io.BytesIO(b"1,2")})
    assert answer.status_code == 422
    problem = answer.json()["problems"][0]
    assert problem["where"] == "file"
    assert "application/octet-stream" in problem["how"]


def test_a_key_brings_an_old_ledger_in_and_sees_nobodys_number(town: Town) -> None:
    client, key = by_key(key_text(town, "ledgers:write")), str(new_id())
    looked = send(client, "bring-in", LEDGER, id=key, area=COMMUNITY, name="2023.csv")
    assert looked.status_code == 200, looked.content
    assert b"13812345678" not in looked.content
    assert (looked.json()["tried"]["added"], Matter.objects.count()) == (1, 0)
    own = session(town, "secretary").get(f"/api/v1/bring-in/{key}").json()
    assert any(column["samples"] for column in own["columns"])
    done = post(client, f"/api/v1/bring-in/{key}/go", {})
    assert done.json()["added"] == len(done.json()["numbers"]) == 1
    again = str(new_id())
    assert send(client, "bring-in", LEDGER, id=again, area=COMMUNITY, name="2023.csv").json()["tried"]["added"] == 0
    assert post(client, f"/api/v1/bring-in/{again}/give-up", {}).status_code == 200
    assert client.get(f"/api/v1/bring-in/{again}").status_code == 404


def test_a_registers_lines_are_filtered_and_leave_an_entry(town: Town) -> None:
    first, second = town.report(phone="13812345678"), town.report()
    town.triage(first.matter_id)
    client = by_key(key_text(town, "registers:read"))
    path = f"/api/v1/registers/livelihood_card?area={COMMUNITY}"
    whole = client.get(path).json()
    assert {row["id"] for row in whole["rows"]} == {str(first.matter_id), str(second.matter_id)}
    assert "13812345678" not in str(whole)
    keys = [one["key"] for one in whole["columns"]][:2]
    some = client.get(f"{path}&filters=step:recorded&columns={','.join(keys)}").json()
    assert [(row["id"], len(row["cells"])) for row in some["rows"]] == [(str(second.matter_id), 2)]
    page = client.get(f"{path}&limit=1").json()
    rest = client.get(f"{path}&limit=1&cursor={page['next']}").json()
    assert {page["rows"][0]["id"], rest["rows"][0]["id"]} == {row["id"] for row in whole["rows"]}
    assert Export.objects.filter(what="register", form="json").exists()
    sheet = client.get(f"/api/v1/registers/livelihood_card/xlsx?area={COMMUNITY}")
    assert b"".join(sheet.streaming_content)[:2] == b"PK"


def test_views_are_kept_by_people_alone(town: Town) -> None:
    view = {"id": str(new_id()), "area": COMMUNITY, "name": "未办结", "filters": {"state": "open"}}
    path = "/api/v1/registers/livelihood_card/views"
    assert post(by_key(key_text(town, "registers:read")), path, view).status_code == 403
    client = session(town, "secretary")
    assert post(client, path, view).json()["filters"] == {"state": "open"}
    (kept,) = client.get(f"{path}?area={COMMUNITY}").json()["views"]
    assert post(client, f"/api/v1/registers/views/{kept['id']}/delete", {}).status_code == 200
    assert client.get(f"{path}?area={COMMUNITY}").json()["views"] == []


def test_a_session_makes_a_key_whose_secret_is_told_once_and_no_key_makes_one(town: Town) -> None:
    from bihuan.api.scopes import SCOPES

    body = {"id": str(new_id()), "name": "市平台", "area_code": COMMUNITY, "scopes": ["areas:read"]}
    assert post(by_key(key_text(town, *SCOPES)), "/api/v1/keys", body).status_code == 403
    client = session(town, "secretary")
    made = post(client, "/api/v1/keys", body)
    assert (made.status_code, made.json()["secret"][:3]) == (201, "bh_")
    again = post(client, "/api/v1/keys", body)
    assert (again.status_code, again.json()["secret"]) == (200, "")
    assert post(session(town, "admin"), "/api/v1/keys", body).status_code == 422  # somebody else's id
    opened = by_key(made.json()["secret"])
    assert opened.get("/api/v1/areas").status_code == 200
    assert post(client, f"/api/v1/keys/{body['id']}/revoke", {"reason": "停用"}).json()["good"] is False
    assert opened.get("/api/v1/areas").status_code == 401


def test_a_hook_is_made_paused_and_ended_by_a_session(town: Town) -> None:
    client = session(town, "secretary")
    body = {"id": str(new_id()), "area_code": COMMUNITY, "url": "https://example.org/x", "events": ["matter.opened"]}
    made = post(client, "/api/v1/hooks", body)
    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_")
    path = f"/api/v1/hooks/{body['id']}"
    assert post(client, f"{path}/pause", {"paused": True}).json()["paused_at"]
    assert post(client, f"{path}/end", {"reason": ""}).status_code == 422
    assert post(client, f"{path}/end", {"reason": "停用"}).json()["ended_at"]
    assert post(by_key(key_text(town, "hooks:write")), f"{path}/end", {"reason": "停用"}).status_code == 403


def test_people_are_recorded_appointed_and_erased_by_sessions(town: Town) -> None:
    from bihuan.api.scopes import SCOPES

    assert by_key(key_text(town, *SCOPES)).get("/api/v1/people").status_code == 403
    client, key = session(town, "secretary"), str(new_id())
    body = {"id": key, "name": "新某", "phone": "13912340000", "role": "volunteer", "area_code": COMMUNITY}
    made = post(client, "/api/v1/people", body)
    assert made.status_code == 200, made.content
    assert (made.json()["phone"], post(client, "/api/v1/people", body).json()["id"]) == ("139****0000", key)
    given = post(client, f"/api/v1/people/{key}/posts", {"role": "grid_worker", "area_code": BUILDINGS[0]})
    assert given.status_code == 200, given.content
    until = (clock.today() + timedelta(days=1)).isoformat()
    ended = post(client, "/api/v1/people/posts/end", {"post_ids": [given.json()["id"]], "until": until})
    assert ended.status_code == 200, ended.content
    assert ended.json()["left"] == 1
    made = post(client, f"/api/v1/people/{key}/sign-in", {})
    assert made.json()["password"]
    assert made["Cache-Control"].find("no-store") >= 0
    assert any(one["person_id"] == key for one in client.get("/api/v1/people").json()["posts"])
    assert post(client, f"/api/v1/people/{key}/erase", {"reason": "登记有误"}).status_code == 200
    assert client.get(f"/api/v1/people/{key}").status_code == 404


def test_areas_are_tried_then_brought_in_and_renamed_by_a_key(town: Town) -> None:
    client = by_key(key_text(town, "areas:write", "areas:read"))
    data = f"编码,名称,级别\n{COMMUNITY}099,新楼,微网格\n".encode()
    assert send(client, "areas/import", data, name="x.csv").json()["created"] == 1
    assert not Area.objects.filter(code=f"{COMMUNITY}099").exists()
    assert send(client, "areas/import", data, name="x.csv", dry_run="false").json()["applied"] is True
    named = post(client, f"/api/v1/areas/{COMMUNITY}099/name", {"name": "电建社区99号楼", "short_name": "99号楼"})
    assert named.json()["short_name"] == "99号楼"
    assert post(client, f"/api/v1/areas/{COMMUNITY}/doors", {}).json()["made"] >= 1
    doors = client.get(f"/api/v1/areas/{COMMUNITY}/doors").json()["doors"]
    assert all(one["url"] for one in doors)
    assert post(client, f"/api/v1/areas/{COMMUNITY}099/use", {"active": False, "reason": "已拆除"}).status_code == 200
    assert verify().ok


def test_a_robot_is_paused_and_deleted_by_a_session(town: Town) -> None:
    robot = add_robot(
        actor=SYSTEM, area_code=COMMUNITY, name="工作群", address="http://127.0.0.1:1/send?key=x", kinds=["card"]
    )
    client = session(town, "secretary")
    (row,) = client.get("/api/v1/robots").json()["robots"]
    assert "key=x" not in row["address"]
    assert post(client, f"/api/v1/robots/{robot.pk}/pause", {"active": False}).json()["active"] is False
    assert post(client, f"/api/v1/robots/{robot.pk}/delete", {"reason": "群已解散"}).json() == {"done": True}
    assert client.get("/api/v1/robots").json()["robots"] == []


def test_what_is_ones_own_is_read_and_changed_by_oneself(town: Town) -> None:
    client = session(town, "worker")
    assert client.get("/api/v1/me").json()["person_id"] == str(town.id_of("worker"))
    town.report()
    bell = client.get("/api/v1/bell").json()
    new = [row for row in bell["rows"] if row["new"]]
    assert post(client, "/api/v1/bell/read", {}).json() == {"read": len(new)}
    assert post(client, "/api/v1/me/erasure", {"do": "ask"}).json()["answer_by"]
    assert post(client, "/api/v1/me/erasure", {"do": "take_back"}).json()["answer_by"] is None
    assert post(client, "/api/v1/me/mail/ask", {"address": "zhang@example.org"}).json()["mail"]["asked"]
    link = post(client, "/api/v1/calendar/link", {}).json()["url"]
    assert client.get("/" + link.split("/", 3)[3]).status_code == 200
    assert post(client, "/api/v1/calendar/link/end", {}).json()["since"] is None


def test_the_cockpit_tells_what_stands_open(town: Town) -> None:
    town.report()
    told = by_key(key_text(town, "figures:read")).get(f"/api/v1/cockpit?area={COMMUNITY}").json()
    assert told["standing"]["open"] == 1
    assert len(told["months"]) == 12


def test_a_file_too_long_or_of_who_may_not_is_refused_before_it_is_read(town: Town) -> None:
    class Untouched(io.BytesIO):
        def read(self, *args: Any) -> bytes:
            raise AssertionError("the body was read")

    def sent(client: Client, length: int) -> int:
        more: dict[str, Any] = {"wsgi.input": Untouched(), "CONTENT_LENGTH": str(length), "CONTENT_TYPE": OCTETS}
        path = f"/api/v1/bring-in?id={new_id()}&area={COMMUNITY}&name=x.csv"
        return int(client.generic("POST", path, **more).status_code)

    assert sent(Client(), 100) == 401
    assert sent(session(town, "worker"), 100) == 403
    assert sent(by_key(key_text(town, "matters:write")), 100) == 403
    assert sent(session(town, "secretary"), 6 * 1024 * 1024) == 413
