"""Hooks: told once, in order, signed, retried; never to a door of the site's own house; nobody's data in them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bihuan.api import hooks, outgoing
from bihuan.api.events import EVENTS
from bihuan.api.models import Hook, HookMessage
from bihuan.kernel.api import BadInput, Refused, clock, deliver_due, new_id, verify
from bihuan.kernel.models import OutboxItem
from bihuan.matters.models import Matter
from bihuan.people.models import Post
from tests.api.keykit import by_key, key_text, post
from tests.matters.conftest import COMMUNITY, OTHER, Town, make_town

ALL = list(EVENTS)


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


class Receiver:
    """A little server that keeps what it is sent and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
                self.send_response(outer.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/told"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    made = Receiver()
    settings.HOOK_HOSTS = ["127.0.0.1"]
    yield made
    made.server.shutdown()
    made.server.server_close()


def a_hook(town: Town, url: str, *, events: Any = ALL, who: Any = None, area: str = COMMUNITY) -> hooks.Made:
    with clock.at(town.now - timedelta(minutes=1)):
        return hooks.make_hook(actor=who or town.secretary, area_code=area, url=url, events=events)


def test_a_hook_is_told_of_what_happens_once_and_in_order(town: Town, receiver: Receiver) -> None:
    made = a_hook(town, receiver.url)
    first, second = town.report(), town.report()
    town.triage(first.matter_id)
    later = town.later(minutes=1)
    assert hooks.feed(later) == 3
    assert hooks.feed(later + timedelta(minutes=1)) == 0
    rows = list(HookMessage.objects.filter(hook=made.row).order_by("id"))
    assert [row.event for row in rows] == ["matter.opened", "matter.opened", "matter.changed"]
    assert [row.subject_id for row in rows] == [first.matter_id, second.matter_id, first.matter_id]
    assert rows[0].payload_json["data"]["number"] == first.number


def test_a_message_is_signed_as_the_specification_says(town: Town, receiver: Receiver) -> None:
    made = a_hook(town, receiver.url)
    town.report()
    later = town.later(minutes=1)
    hooks.feed(later)
    with clock.at(later):
        assert deliver_due(clock.now() + timedelta(days=3650)).sent >= 1
    (headers, body), *_rest = receiver.got
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    assert len(key) == 32
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    row = HookMessage.objects.get()
    assert headers["webhook-id"] == str(row.pk)
    assert (row.status, row.sent) == (200, 1)
    assert sorted(json.loads(body)) == ["data", "timestamp", "type"]


def test_no_word_of_anybody_is_in_a_message(town: Town, receiver: Receiver) -> None:
    a_hook(town, receiver.url)
    done = town.report(title="王大妈家的灯", text="王大妈家门口的灯坏了", phone="13812345678")
    town.to_acting(done.matter_id)
    hooks.feed(town.later(minutes=1))
    told = json.dumps([row.payload_json for row in HookMessage.objects.all()], ensure_ascii=False)
    assert HookMessage.objects.count() > 2
    names = [actor.name for actor in town.actors.values()]
    assert not [word for word in ("王大妈", "1381234", *names) if word in told]


def test_what_is_not_public_is_told_by_number_and_community_to_who_may_read_it_alone(
    town: Town, receiver: Receiver
) -> None:
    reads = a_hook(town, receiver.url).row
    blind = a_hook(town, receiver.url, who=town.admin).row
    town.report()
    Matter.objects.update(public=False)
    hooks.feed(town.later(minutes=1))
    assert not blind.messages.exists()
    data = reads.messages.get().payload_json["data"]
    assert data["area_code"] == COMMUNITY
    assert not {"action", "to", "outcome", "url"} & set(data)


def test_only_what_was_asked_for_and_only_from_its_area_is_told(town: Town, receiver: Receiver) -> None:
    opened = a_hook(town, receiver.url, events=["matter.opened"]).row
    done = town.report()
    town.report(area_code=f"{OTHER}001")
    town.triage(done.matter_id)
    hooks.feed(town.later(minutes=1))
    assert [row.event for row in opened.messages.all()] == ["matter.opened"]


def test_what_does_not_arrive_is_tried_again(town: Town, receiver: Receiver) -> None:
    a_hook(town, receiver.url)
    town.report()
    hooks.feed(town.later(minutes=1))
    receiver.status = 503
    far = clock.now() + timedelta(days=3650)
    assert deliver_due(far).retried == 1
    assert HookMessage.objects.get().status == 503
    receiver.status = 204
    assert deliver_due(far + timedelta(hours=1)).sent == 1
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    assert len(receiver.got) == 2


@pytest.mark.parametrize(("status", "failed"), [(400, 1), (410, 1), (301, 0), (429, 0)])
def test_what_will_not_change_is_given_up_and_no_redirect_is_followed(
    town: Town, receiver: Receiver, status: int, failed: int
) -> None:
    a_hook(town, receiver.url)
    town.report()
    hooks.feed(town.later(minutes=1))
    receiver.status = status
    done = deliver_due(clock.now() + timedelta(days=3650))
    assert (done.failed, done.retried) == (failed, 1 - failed)
    assert len(receiver.got) == 1


def test_messages_are_sent_again_under_their_ids(town: Town, receiver: Receiver) -> None:
    made = a_hook(town, receiver.url)
    town.report()
    town.report()
    hooks.feed(town.later(minutes=1))
    far = clock.now() + timedelta(days=3650)
    deliver_due(far)
    assert len(receiver.got) == 2
    ids = list(made.row.messages.order_by("id").values_list("pk", flat=True))
    assert hooks.replay(actor=town.secretary, hook_id=made.row.pk, message_ids=ids[:1]) == 1
    deliver_due(far + timedelta(hours=1))
    assert receiver.got[2][0]["webhook-id"] == str(ids[0])
    assert receiver.got[2][1] in {body for _headers, body in receiver.got[:2]}
    assert hooks.replay(actor=town.secretary, hook_id=made.row.pk, since=town.now - timedelta(days=1)) == 2
    assert verify().ok


def test_a_key_reads_messages_and_has_them_sent_again(town: Town, receiver: Receiver) -> None:
    made = a_hook(town, receiver.url)
    town.report()
    hooks.feed(town.later(minutes=1))
    client = by_key(key_text(town, "hooks:read"))
    assert client.get("/api/v1/hooks").json()["hooks"][0]["id"] == str(made.row.pk)
    (one,) = client.get(f"/api/v1/hooks/{made.row.pk}/messages").json()["messages"]
    assert post(client, f"/api/v1/hooks/{made.row.pk}/replay", {"ids": [one["id"]]}).status_code == 403
    client = by_key(key_text(town, "hooks:write"))
    assert client.get("/api/v1/hooks").status_code == 403
    assert post(client, f"/api/v1/hooks/{made.row.pk}/replay", {"ids": [one["id"]]}).json() == {"replayed": 1}
    other = by_key(key_text(town, "matters:read"))
    assert other.get(f"/api/v1/hooks/{made.row.pk}/messages").status_code == 403


def test_a_hook_pauses_when_who_answers_loses_the_right(town: Town, receiver: Receiver) -> None:
    row = a_hook(town, receiver.url).row
    Post.objects.filter(person_id=town.id_of("secretary")).delete()
    town.report()
    assert hooks.feed(town.later(minutes=1)) == 0
    row.refresh_from_db()
    assert (row.paused_at is not None, row.paused_why) == (True, "person")


def test_a_paused_hook_is_told_nothing_of_the_meantime(town: Town, receiver: Receiver) -> None:
    row = a_hook(town, receiver.url).row
    with clock.at(town.now):
        hooks.set_paused(actor=town.secretary, hook_id=row.pk, paused=True)
    town.report()
    assert hooks.feed(town.later(minutes=1)) == 0
    with clock.at(town.later(minutes=1)):
        hooks.set_paused(actor=town.secretary, hook_id=row.pk, paused=False)
    assert hooks.feed(town.later(minutes=1)) == 0
    again = town.report()
    hooks.feed(town.later(minutes=1))
    assert [message.subject_id for message in row.messages.all()] == [again.matter_id]


def test_many_entries_that_are_not_wanted_keep_none_back(
    town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bihuan.api.events.MOST", 3)
    row = a_hook(town, receiver.url, events=["matter.closed"]).row
    for _n in range(5):
        town.report()
        town.later(minutes=3)
    done = town.report()
    town.to_settled(done.matter_id)
    for _n in range(8):
        hooks.feed(town.later(minutes=1))
    assert [message.subject_id for message in row.messages.all()] == [done.matter_id]


def test_an_ended_hook_sends_nothing_any_more(town: Town, receiver: Receiver) -> None:
    row = a_hook(town, receiver.url).row
    town.report()
    hooks.feed(town.later(minutes=1))
    with pytest.raises(BadInput):
        hooks.end_hook(actor=town.secretary, hook_id=row.pk, reason=" ")
    hooks.end_hook(actor=town.secretary, hook_id=row.pk, reason="停用")
    assert deliver_due(clock.now() + timedelta(days=3650)).failed == 1
    assert receiver.got == []
    with pytest.raises(Refused):
        hooks.replay(actor=town.secretary, hook_id=row.pk, since=town.now)


def test_nobody_elses_hook_is_seen_or_touched(town: Town, receiver: Receiver) -> None:
    row = a_hook(town, receiver.url).row
    with pytest.raises(PermissionDenied):
        a_hook(town, receiver.url, who=town.worker)
    with pytest.raises(Http404):
        hooks.messages_of(town.stranger, row.pk)
    assert hooks.hooks_for(town.stranger) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "https://example.org:8443/", "ftp://example.org/", "https://u:p@example.org/",
        "https:///x", "https://exa mple.org/", "javascript:alert(1)", "https://例子.cn/", "https://example.org:99999/",
        "http://127.0.0.1/",
    ],
)  # fmt: skip
def test_an_address_that_is_no_plain_https_one_is_refused(town: Town, url: str) -> None:
    with pytest.raises(BadInput) as told:
        a_hook(town, url)
    assert [problem.field for problem in told.value.problems] == ["url"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
        "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "255.255.255.255",
        "nonsense",
    ],
)  # fmt: skip
def test_no_address_of_a_private_network_is_public(address: str) -> None:
    assert not outgoing.is_public(address)


@pytest.mark.parametrize("host", ["a..b", ".example.com", "a" * 70 + ".com"])
def test_what_is_no_name_is_refused_before_anybody_is_asked(host: str) -> None:
    with pytest.raises(outgoing.Forbidden):
        outgoing.address_of(host, 443)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is(address: str) -> None:
    assert outgoing.is_public(address)


def test_a_name_that_leads_home_is_not_followed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.8", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_more: found)
    a_hook(town, "https://rebinding.example/")
    town.report()
    hooks.feed(town.later(minutes=1))
    assert deliver_due(clock.now() + timedelta(days=3650)).failed == 1
    item = OutboxItem.objects.get(channel="hook")
    assert "10.0.0.8" in item.last_error


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_more: [(2, 1, 6, "", ("93.184.216.34", 443))])

    def connect(address: Any, *_args: Any, **_more: Any) -> Any:
        asked.append(address)
        raise OSError("stop here")

    monkeypatch.setattr("socket.create_connection", connect)
    with pytest.raises(OSError, match="stop here"):
        outgoing.post("https://example.org/x", b"{}", {})
    assert asked == [("93.184.216.34", 443)]


def test_old_messages_are_swept(town: Town, receiver: Receiver) -> None:
    a_hook(town, receiver.url)
    town.report()
    hooks.feed(town.later(minutes=1))
    assert hooks.sweep(town.now + timedelta(days=29)) == 0
    assert hooks.sweep(town.now + timedelta(days=31)) == 1
    assert new_id()


def test_a_misspelt_event_is_told_and_nothing_is_made(town: Town, receiver: Receiver) -> None:
    with pytest.raises(BadInput) as told:
        a_hook(town, receiver.url, events=["matter.opened", "matter.opend"])
    assert [(one.field, "matter.opend" in one.why) for one in told.value.problems] == [("events", True)]
    assert "matter.closed" in told.value.problems[0].how
    assert not Hook.objects.exists()
