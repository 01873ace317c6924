"""Group robots: who may, where to, once each, and never personal data."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bihuan.areas.sample import COMMUNITY, load_sample
from bihuan.kernel.api import BadInput, clock, deliver_due, new_id, verify
from bihuan.kernel.models import Entry, OutboxItem
from bihuan.people import robotlines
from bihuan.people.api import (
    SYSTEM,
    Actor,
    RobotLine,
    actor_of,
    add_robot,
    delete_robot,
    failed_deliveries,
    feed_robots,
    record_person,
    retry_delivery,
    robots_for,
    set_robot_active,
    try_robot,
)
from bihuan.people.models import Robot, User

pytestmark = pytest.mark.django_db
ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123-secret-abcd"


def staff(role: str, area: str = COMMUNITY) -> Actor:
    return actor_of(record_person(actor=SYSTEM, name="办事人", role=role, area_code=area))


@pytest.fixture
def secretary() -> Actor:
    load_sample()
    return staff("secretary")


def robot_of(actor: Actor, **more: Any) -> Robot:
    given = {"area_code": COMMUNITY, "name": "电建社区工作群", "address": ADDRESS, "kinds": ["card", "new"], **more}
    return add_robot(actor=actor, **given)


@pytest.fixture
def server() -> Iterator[tuple[str, list[Any], list[Any]]]:
    """A robot on this machine that answers what the test says."""
    answers: list[Any] = []
    calls: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, answer = answers.pop(0) if answers else (200, b'{"errcode":0}')
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: Any) -> None:
            pass

    made = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}/send?key=local-key", answers, calls
    made.shutdown()
    made.server_close()


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, RobotLine]]:
    """What happens, as (instant, line); in place of the real source."""
    happened: list[tuple[Any, RobotLine]] = []

    def source(_area: str, after: Any, until: Any) -> list[RobotLine]:
        return [line for at, line in happened if after < at <= until]

    def fresh(_area: str, after: Any, until: Any) -> str:
        count = sum(after < at <= until for at, _line in happened)
        return f"新反映 {count} 件" if count else ""

    monkeypatch.setattr(robotlines, "_sources", [(source, fresh)])
    return happened


def test_a_robot_is_added_with_its_address_hidden(secretary: Actor) -> None:
    robot = robot_of(secretary)
    assert b"secret" not in bytes(robot.address_cipher)
    assert robot.address_masked == "qyapi.weixin.qq.com …abcd"
    entry = Entry.objects.get(subject_type="robot", subject_id=robot.pk)
    assert "secret" not in entry.body
    assert [found.pk for found in robots_for(secretary)] == [robot.pk]


def test_the_same_form_sent_twice_is_one_robot(secretary: Actor) -> None:
    key = new_id()
    assert robot_of(secretary, robot_id=key).pk == robot_of(secretary, robot_id=key).pk == key
    assert Entry.objects.filter(subject_type="robot").count() == 1


def test_only_who_manages_people_there_may(secretary: Actor) -> None:
    robot = robot_of(secretary)
    worker, elsewhere = staff("grid_worker"), staff("secretary", "410802006001")
    for other in (worker, elsewhere):
        with pytest.raises(PermissionDenied):
            robot_of(other)
        for act in (try_robot, set_robot_active, delete_robot):
            more = {"active": False} if act is set_robot_active else {"reason": "x"} if act is delete_robot else {}
            with pytest.raises(Http404):
                act(actor=other, robot_id=robot.pk, **more)
        assert robots_for(other) == []


@pytest.mark.parametrize("address", ["https://example.org/x", "http://qyapi.weixin.qq.com/x", "https://10.0.0.1/", ""])
def test_an_address_elsewhere_is_refused_beside_its_field(secretary: Actor, address: str) -> None:
    with pytest.raises(BadInput) as told:
        robot_of(secretary, address=address, name="", kinds=["gossip"], every_minutes=1)
    assert {problem.field for problem in told.value.problems} == {"address", "name", "kinds", "every_minutes"}


def test_a_test_message_shows_what_the_other_side_answered(secretary: Actor, server: Any) -> None:
    url, answers, calls = server
    robot = robot_of(secretary, address=url)
    with translation.override("zh-hans"):
        assert try_robot(actor=secretary, robot_id=robot.pk).ok
    assert "【闭环】" in calls[0]["text"]["content"]
    answers.append((200, b'{"errcode":93000,"errmsg":"invalid webhook url"}'))
    tried = try_robot(actor=secretary, robot_id=robot.pk)
    assert not tried.ok
    assert "invalid webhook url" in tried.said
    assert "local-key" not in tried.said


def test_each_event_is_told_once_however_often_it_is_looked_at(
    secretary: Actor, server: Any, events: list[Any]
) -> None:
    url, _answers, calls = server
    robot = robot_of(secretary, address=url, kinds=["card"])
    start = robot.created_at
    events.append((start + timedelta(seconds=5), RobotLine("one", "card", "【闭环】黄牌：电建-2024-0017")))
    assert feed_robots(start + timedelta(seconds=20)) == 1
    # committed late: its instant lies before what was looked at already
    events.append((start + timedelta(seconds=6), RobotLine("two", "card", "【闭环】红牌：电建-2024-0018")))
    assert feed_robots(start + timedelta(seconds=40)) == 1
    assert feed_robots(start + timedelta(seconds=60)) == 0
    deliver_due(clock.now() + timedelta(minutes=2))
    assert [call["text"]["content"] for call in calls] == [
        "【闭环】黄牌：电建-2024-0017",
        "【闭环】红牌：电建-2024-0018",
    ]


def test_what_happened_before_the_robot_or_while_it_was_paused_is_not_told(secretary: Actor, events: list[Any]) -> None:
    robot = robot_of(secretary, kinds=["card"])
    start = robot.created_at
    events.append((start - timedelta(seconds=5), RobotLine("before", "card", "x")))
    with clock.at(start + timedelta(minutes=1)):
        set_robot_active(actor=secretary, robot_id=robot.pk, active=False, reason="夜里不发")
    assert feed_robots(start + timedelta(minutes=5)) == 0
    events.append((start + timedelta(minutes=5), RobotLine("paused", "card", "x")))
    with clock.at(start + timedelta(hours=1)):
        set_robot_active(actor=secretary, robot_id=robot.pk, active=True)
    assert feed_robots(start + timedelta(hours=1, seconds=30)) == 0


def test_new_reports_are_summed_up_at_intervals(secretary: Actor, events: list[Any]) -> None:
    robot = robot_of(secretary, kinds=["new"], every_minutes=30)
    start = robot.created_at
    events.extend((start + timedelta(minutes=minute), RobotLine(str(minute), "new", "")) for minute in (1, 2, 40))
    assert feed_robots(start + timedelta(minutes=20)) == 0
    assert feed_robots(start + timedelta(minutes=32)) == 1
    assert feed_robots(start + timedelta(minutes=33)) == 0
    assert feed_robots(start + timedelta(minutes=65)) == 1
    assert feed_robots(start + timedelta(minutes=99)) == 0  # nothing new: no message
    texts = OutboxItem.objects.filter(channel="robot").order_by("due_at", "id").values_list("payload", flat=True)
    assert sorted(payload["text"] for payload in texts) == ["新反映 1 件", "新反映 2 件"]


def test_a_deleted_robots_address_is_wiped_and_nothing_more_is_sent(secretary: Actor, server: Any, events: Any) -> None:
    url, _answers, calls = server
    robot = robot_of(secretary, address=url)
    events.append((robot.created_at + timedelta(seconds=1), RobotLine("one", "card", "x")))
    feed_robots(robot.created_at + timedelta(seconds=30))
    with pytest.raises(BadInput):
        delete_robot(actor=secretary, robot_id=robot.pk, reason=" ")
    delete_robot(actor=secretary, robot_id=robot.pk, reason="群已解散")
    deliver_due(clock.now() + timedelta(minutes=2))
    assert calls == []
    robot.refresh_from_db()
    assert (robot.address_cipher, robot.address_masked) == (None, "")
    assert feed_robots(clock.now() + timedelta(hours=1)) == 0
    assert robots_for(secretary) == []
    assert verify().ok


def test_what_was_given_up_is_listed_and_retried(secretary: Actor, server: Any, events: list[Any]) -> None:
    url, answers, calls = server
    robot = robot_of(secretary, address=url)
    events.append((robot.created_at + timedelta(seconds=1), RobotLine("one", "card", "【闭环】黄牌")))
    feed_robots(robot.created_at + timedelta(seconds=30))
    answers.append((404, b""))
    later = clock.now() + timedelta(minutes=2)
    deliver_due(later)
    failed = failed_deliveries(robots_for(secretary))
    assert [item.last_error for item in failed] == ["HTTP 404"]
    with pytest.raises(Http404):
        retry_delivery(actor=staff("secretary", "410802006001"), item_id=failed[0].pk)
    assert retry_delivery(actor=secretary, item_id=failed[0].pk)
    assert not retry_delivery(actor=secretary, item_id=failed[0].pk)  # it waits already
    with pytest.raises(Http404):
        retry_delivery(actor=secretary, item_id=new_id())
    deliver_due(later)
    assert len(calls) == 2
    assert failed_deliveries(robots_for(secretary)) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_each_event_once(secretary: Actor, events: list[Any]) -> None:
    robot = robot_of(secretary, kinds=["card"])
    start = robot.created_at
    events.extend((start + timedelta(seconds=n), RobotLine(f"e{n}", "card", "x")) for n in range(1, 20))
    barrier, counts, errors = threading.Barrier(2), [], []

    def work() -> None:
        try:
            barrier.wait()
            counts.append(feed_robots(start + timedelta(seconds=30)))
        except Exception as error:  # noqa: BLE001 - shown below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sum(counts) == OutboxItem.objects.filter(channel="robot").count() == 19


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_adds_tries_pauses_and_deletes(secretary: Actor, server: Any, language: str) -> None:
    url, answers, _calls = server
    client = Client(headers={"accept-language": language})
    client.force_login(User.objects.create(username="shuji", person_id=secretary.person_id))
    page = reverse("desk:robots")
    given = {"name": "工作群", "area_code": COMMUNITY, "address": url, "kinds": ["card"], "every_minutes": "30"}
    wrong = client.post(page, {**given, "address": "https://example.org/"})
    assert wrong.status_code == 422
    assert 'value="工作群"' in wrong.content.decode()
    assert client.post(page, given).status_code == 302
    robot = Robot.objects.get()
    assert "local-key" not in client.get(page).content.decode()
    answers.append((500, b""))
    tried = client.post(reverse("desk:robot_try", args=[robot.pk]), follow=True).content.decode()
    assert "HTTP 500" in tried
    client.post(reverse("desk:robot_pause", args=[robot.pk]), {"active": "0"})
    robot.refresh_from_db()
    assert not robot.active
    delete = reverse("desk:robot_delete", args=[robot.pk])
    assert client.post(delete).status_code == 422
    assert client.post(delete, {"reason": "群已解散"}).status_code == 302
    assert client.get(page).status_code == 200


def test_somebody_without_the_right_gets_no_page(secretary: Actor) -> None:
    client = Client()
    client.force_login(User.objects.create(username="wgy", person_id=staff("grid_worker").person_id))
    assert client.get(reverse("desk:robots")).status_code == 403
    assert client.post(reverse("desk:robots"), {}).status_code == 403
