"""A meeting from the call to the published results by the machine interface alone: the pages' use cases and rules."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bihuan.api.keys import make_key
from bihuan.api.scopes import SCOPES
from bihuan.kernel.api import new_id
from bihuan.kernel.models import Entry
from bihuan.matters.models import Matter
from bihuan.meetings.api import ballot_link_token
from bihuan.meetings.models import Meeting, Objection, Vote
from bihuan.people.models import User
from tests.api.keykit import by_key, post
from tests.meetings.world import COMMUNITY, World, build

pytestmark = pytest.mark.django_db
BASE = "/api/v1/meetings"


@pytest.fixture
def world(db: None) -> Any:
    made = build()
    with made.at():
        yield made


def session(world: World, key: str) -> Client:
    user, _new = User.objects.get_or_create(username=key, person_id=world.id(key))
    made = Client()
    made.force_login(user, backend="bihuan.people.backends.PasswordBackend")
    return made


def machine(world: World, *scopes: str, area: str = COMMUNITY) -> Client:
    made = make_key(actor=world.actor("secretary"), name="会务系统", area_code=area, scopes=scopes, per_minute=6000)
    return by_key(made.text)


def do(client: Client, path: str, status: int = 200, **body: Any) -> Any:
    answer = post(client, f"{BASE}{path}", {"entry_id": str(new_id()), **body})
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def call(client: Client, world: World, status: int = 201, **more: Any) -> str:
    starts = (world.now + timedelta(days=4)).isoformat()
    given = {"area_code": COMMUNITY, "body": "grid_meeting", "starts_at": starts, "place": "居民会客厅", **more}
    return str(do(client, "", status, **given).get("meeting_id", ""))


def come(client: Client, path: str, choose: Any = lambda line: line["due"]) -> None:
    lines = client.get(f"{BASE}{path}/attendance").json()["lines"]
    marks = [{"attendance_id": line["attendance_id"], "presence": "present"} for line in lines if choose(line)]
    do(client, f"{path}/attendance", marks=marks)


def opened(client: Client, world: World) -> tuple[str, str]:
    world.waiting_matter()
    path = f"/{call(client, world)}"
    come(client, path)
    do(client, f"{path}/open")
    return path, client.get(f"{BASE}{path}").json()["items"][0]["id"]


def test_a_meeting_is_held_from_the_call_to_the_objections_answer(world: World) -> None:
    leader = session(world, "leader")
    matter = world.waiting_matter()
    path = f"/{call(leader, world)}"
    come(leader, path)
    topic = do(leader, f"{path}/items", title="通报消防检查")["item_id"]
    do(leader, f"{path}/open")
    first = leader.get(f"{BASE}{path}").json()["items"][0]["id"]
    item = f"{path}/items/{first}"
    do(leader, f"{item}/opinions", text="先换灯泡", name="蒋居民")
    assert do(leader, f"{item}/ballot", kind="hands")["state"] == "voting"
    sheet = leader.get(f"{BASE}{path}/attendance").json()["lines"]
    votes = [{"person_id": line["person_id"], "choice": "for"} for line in sheet if line["due"]]
    do(leader, f"{item}/votes", channel="hands", votes=votes)
    counted = do(leader, f"{item}/count")
    assert (counted["in_favour"], counted["carried"]) == (len(votes), True)
    parties = {"lead": "cadre", "tracker": "worker", "supervisor": "resident"}
    named = {role: [str(world.id(key))] for role, key in parties.items()}
    resolved = do(leader, f"{item}/resolution", text="三天内换好路灯", parties=named)
    assert (resolved["state"], resolved["carried"]) == ("carried", True)
    assert do(leader, f"{path}/items/{topic}/note")["state"] == "noted"
    assert do(leader, f"{path}/end")["state"] == "ended"
    assert do(leader, f"{path}/publish")["state"] == "published"
    matter.refresh_from_db()
    assert matter.step == "acting"
    objected = do(Client(), f"{path}/objections", text="路灯太亮", name="王阿姨", phone="13900001234")
    listed = leader.get(f"{BASE}{path}/objections").json()["objections"]
    assert [(line["id"], line["name"]) for line in listed] == [(objected["id"], "王阿姨")]
    Meeting.objects.update(called_by=world.id("secretary"))
    by_machine = machine(world, "meetings:write").get(f"{BASE}{path}/objections").json()["objections"]
    assert [(line["id"], line["name"]) for line in by_machine] == [(objected["id"], "")]
    do(leader, f"/objections/{objected['id']}/answer", answer="加装灯罩")
    assert Objection.objects.get().answer == "加装灯罩"


def test_the_same_call_again_is_the_same_meeting(world: World) -> None:
    leader, key = session(world, "leader"), str(new_id())
    assert call(leader, world, entry_id=key) == key
    assert call(leader, world, 200, entry_id=key) == key
    assert Meeting.objects.count() == 1


def test_a_key_runs_a_meeting_by_its_persons_posts_and_the_record_says_so(world: World) -> None:
    office = machine(world, "meetings:write")
    world.waiting_matter(level="joint")
    made = call(office, world, body="joint_meeting", reason="临时召集")
    come(office, f"/{made}")
    do(office, f"/{made}/open")
    assert all(json.loads(entry.body)["via"] for entry in Entry.objects.filter(subject_id=made))
    assert do(machine(world, "meetings:read"), f"/{made}/end", 403)["problems"]


def test_no_key_signs_in_votes_or_takes_out_vote_links(world: World) -> None:
    path, item = opened(session(world, "leader"), world)
    do(session(world, "leader"), f"{path}/items/{item}/ballot", kind="secret")
    every = machine(world, *SCOPES)
    do(every, f"{path}/sign-in", 403)
    do(every, f"{path}/items/{item}/vote", 403, choice="for")
    do(every, f"{path}/links", 403)
    assert not Vote.objects.exists()


def test_a_key_of_one_community_reaches_no_meeting_that_its_person_sits_in_elsewhere(world: World) -> None:
    meeting = world.call(body="grid_meeting")
    elsewhere = make_key(
        actor=world.actor("outsider"), name="别处", area_code="410802006001", scopes=["meetings:read", "meetings:write"]
    )
    sitting = str(world.id("outsider"))
    do(session(world, "leader"), f"/{meeting.pk}/invitations", person_id=sitting)
    assert session(world, "outsider").get(f"{BASE}/{meeting.pk}").status_code == 200
    assert by_key(elsewhere.text).get(f"{BASE}/{meeting.pk}").status_code == 404
    do(by_key(elsewhere.text), f"/{meeting.pk}/cancel", 404, reason="不开了")


def test_one_signs_in_and_votes_by_ones_own_link_and_nobody_is_told_how(world: World) -> None:
    leader = session(world, "leader")
    path, item = opened(leader, world)
    row = Meeting.objects.get().attendances.get(person_id=world.id("council"))
    token, other = ballot_link_token(row), "x" * 24
    assert do(Client(), f"{path}/sign-in", token=token)["done"]
    do(Client(), f"{path}/sign-in", 404, token=other)
    do(Client(), f"{path}/sign-in", 401)
    do(leader, f"{path}/items/{item}/ballot", kind="secret")
    key = str(new_id())
    for _again in range(2):
        told = do(Client(), f"{path}/items/{item}/vote", token=token, choice="against", entry_id=key)
        assert told == {"meeting_id": path[1:], "done": True}
    do(session(world, "council2"), f"{path}/items/{item}/vote", choice="for")
    do(session(world, "council2"), f"{path}/items/{item}/vote", 409, choice="for")
    assert Vote.objects.count() == 2


def test_a_link_of_one_meeting_opens_no_other(world: World) -> None:
    first = world.call()
    second = world.call(days=9)
    token = ballot_link_token(first.attendances.get(person_id=world.id("council")))
    do(Client(), f"/{second.pk}/sign-in", 404, token=token)


def test_what_was_on_paper_is_typed_later_with_its_own_time(world: World) -> None:
    leader = session(world, "leader")
    past = (world.now - timedelta(days=2)).isoformat()
    world.waiting_matter()
    path = f"/{call(leader, world, starts_at=past, reason='补录')}"
    come(leader, path)
    do(leader, f"{path}/open", happened_at=past)
    do(leader, f"{path}/end", 422, happened_at=(world.now + timedelta(days=1)).isoformat())
    do(leader, f"{path}/end", happened_at=(world.now - timedelta(days=2, hours=-1)).isoformat())
    meeting = Meeting.objects.get()
    assert meeting.opened_at == world.now - timedelta(days=2)
    corrected = do(leader, f"{path}/corrections", what="place", words="活动室", why="写错了")
    assert (corrected["was"], corrected["words"]) == ("居民会客厅", "活动室")


def test_secret_papers_are_entered_as_a_bundle_and_must_add_up(world: World) -> None:
    leader = session(world, "leader")
    path, item = opened(leader, world)
    do(leader, f"{path}/items/{item}/ballot", kind="secret")
    voters = [str(world.id(key)) for key in ("council", "council2", "worker")]
    do(leader, f"{path}/items/{item}/bundle", 422, voters=voters, in_favour=2)
    do(leader, f"{path}/items/{item}/bundle", voters=voters, in_favour=2, against=1)
    assert do(leader, f"{path}/items/{item}/count")["against"] == 1


def test_who_may_not_know_of_a_meeting_can_do_nothing_with_it(world: World) -> None:
    path, item = opened(session(world, "leader"), world)
    outsider, cadre = session(world, "outsider"), session(world, "cadre")
    bodies = {"cancel": {"reason": "x"}, "items": {"title": "x"}, f"items/{item}/vote": {"choice": "for"}}
    for act in ("end", "cancel", "items", "links", f"items/{item}/note", f"items/{item}/vote", "sign-in"):
        do(outsider, f"{path}/{act}", 404, **bodies.get(act, {}))
    assert outsider.get(f"{BASE}{path}/attendance").status_code == 404
    assert cadre.get(f"{BASE}{path}/attendance").status_code == 403
    do(cadre, f"{path}/end", 409)


def test_an_item_of_another_meeting_is_none_of_this_ones(world: World) -> None:
    leader = session(world, "leader")
    path, item = opened(leader, world)
    other = world.call(days=9)
    do(leader, f"/{other.pk}/items/{item}/defer", 404, reason="x")


def test_an_id_that_stood_for_another_act_is_told_and_nothing_is_written(world: World) -> None:
    leader = session(world, "leader")
    path, _item = opened(leader, world)
    used = str(Entry.objects.filter(subject_id=path[1:]).order_by("seq").last().pk)  # type: ignore[union-attr]
    before = Entry.objects.count()
    assert do(leader, f"{path}/items", 422, title="x", entry_id=used)["problems"]
    assert Entry.objects.count() == before


def test_every_wrong_shape_is_told_with_where_why_and_how(world: World) -> None:
    leader = session(world, "leader")
    told = do(leader, "", 422, area_code="4108", body="网格", starts_at="9999-12-31T23:59:00Z", nonsense=1)
    wheres = {problem["where"] for problem in told["problems"]}
    assert wheres == {"body", "starts_at", "nonsense"}
    answer = post(leader, BASE, {"entry_id": "018ea0c1-0000-4000-8000-000000000001"})
    assert answer.status_code == 422


def test_a_body_that_is_none_is_answered_with_those_there_are(world: World) -> None:
    starts = (world.now + timedelta(days=4)).isoformat()
    told = do(session(world, "leader"), "", 404, area_code=COMMUNITY, body="council", starts_at=starts)["problems"]
    assert [problem["where"] for problem in told] == ["body"]
    assert "grid_meeting" in told[0]["how"]


def test_a_null_in_words_is_left_out(world: World) -> None:
    leader = session(world, "leader")
    path = "/" + call(leader, world, place="会客厅\x00二楼")
    assert Meeting.objects.get().place == "会客厅二楼"
    assert do(leader, f"{path}/cancel", reason="下\x00雨")["state"] == "cancelled"
    assert not Matter.objects.exists()
