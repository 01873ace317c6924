"""The outbox: enqueued once, never lost, never sent twice by two; and its channels."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail
from django.db import connection, transaction

from bihuan.kernel import outbox
from bihuan.kernel.api import BadInput, PermanentFailure, clock, deliver_due, enqueue, new_id, register_channel, retry
from bihuan.kernel.channels import print_sms, robot_message, send_email, send_webhook
from bihuan.kernel.models import Notification, OutboxItem
from bihuan.kernel.outbox import Delivery, backoff, claim, sweep_outbox

NOW = datetime(2024, 4, 3, 1, tzinfo=UTC)


@pytest.fixture
def sent(monkeypatch):
    got = []
    monkeypatch.setattr(outbox, "_channels", dict(outbox._channels))
    register_channel("test", got.append)
    return got


def put(key="k", channel="test", **more):
    return enqueue(channel, "someone", {"text": "路灯修好了"}, key, due_at=NOW, **more)


def item():
    return OutboxItem.objects.get()


@pytest.mark.django_db
def test_a_message_is_enqueued_once_and_delivered_once(sent, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert put()
    assert not put()
    assert deliver_due(NOW).sent == 1
    assert deliver_due(NOW + timedelta(days=1)).sent == 0
    assert [(got.id, got.target, got.payload) for got in sent] == [(item().pk, "someone", {"text": "路灯修好了"})]
    assert item().state == "sent"
    assert item().sent_at >= NOW
    assert not put()


@pytest.mark.django_db(transaction=True)
def test_a_message_of_a_transaction_that_failed_does_not_exist(sent):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put(str(1 // (1 - int(put()))))
    assert deliver_due(NOW).sent == 0
    assert sent == []


@pytest.mark.django_db
def test_what_is_not_due_waits(sent):
    enqueue("test", "x", {}, "later", due_at=NOW + timedelta(minutes=5))
    assert deliver_due(NOW).sent == 0
    assert deliver_due(NOW + timedelta(minutes=5)).sent == 1


@pytest.mark.django_db
def test_a_failure_is_tried_again_after_longer_and_longer_pauses_and_is_never_lost(monkeypatch, sent):
    def broken(_item):
        raise OSError("connection refused")

    register_channel("test", broken)
    put()
    at, tries = NOW, 0
    while item().state != "failed":
        done = deliver_due(at)
        tries += 1
        assert done.retried + done.failed == 1
        assert item().last_error == "connection refused"
        assert deliver_due(at + timedelta(seconds=1)) == outbox.Delivered()
        at = item().due_at + timedelta(seconds=1)
    assert tries == outbox.MAX_ATTEMPTS
    assert deliver_due(at + timedelta(days=9)) == outbox.Delivered()
    register_channel("test", sent.append)
    with clock.at(at):
        assert retry(item().pk)
        assert not retry(item().pk)
    assert deliver_due(at).sent == 1


def test_pauses_double_from_half_a_minute_to_six_hours():
    assert [backoff(n).total_seconds() for n in (1, 2, 3, 10, 60)] == [30, 60, 120, 15360, 21600]


@pytest.mark.django_db
def test_what_cannot_succeed_is_not_tried_again(sent):
    def refuse(_item):
        raise PermanentFailure("no such address")

    register_channel("test", refuse)
    put()
    put("unknown", channel="pigeon")
    assert deliver_due(NOW).failed == 2
    assert set(OutboxItem.objects.values_list("last_error", flat=True)) == {"no such address", "no channel 'pigeon'"}


@pytest.mark.django_db
def test_a_crash_between_claim_and_send_loses_nothing(sent):
    put()
    taken = claim(NOW)  # … and the process dies here
    assert taken is not None
    assert deliver_due(NOW + outbox.LEASE - timedelta(seconds=5)).sent == 0
    assert sent == []
    assert deliver_due(NOW + outbox.LEASE).sent == 1
    assert [got.id for got in sent] == [taken.id]  # the receiver can tell that it is the same


@pytest.mark.django_db
def test_a_deliverer_that_lost_its_lease_does_not_overwrite_the_result(sent):
    put()
    slow = claim(NOW)
    assert deliver_due(NOW + outbox.LEASE).sent == 1
    assert outbox._settle(slow, "waiting", NOW, "too late") == 0
    assert item().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_two_deliverers_at_once_send_each_message_exactly_once(monkeypatch):
    got, lock, start = [], threading.Lock(), threading.Barrier(2)
    monkeypatch.setattr(outbox, "_channels", {})

    def slow(message):
        with lock:
            got.append(message.id)

    register_channel("test", slow)
    for n in range(60):
        put(f"k{n}")
    counts, errors = [], []

    def deliver():
        try:
            start.wait()
            counts.append(deliver_due(NOW, limit=100).sent)
        except Exception as error:  # noqa: BLE001 - shown below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(got) == len(set(got)) == sum(counts) == 60
    assert not OutboxItem.objects.exclude(state="sent", attempts=1).exists()


@pytest.mark.django_db
def test_an_empty_or_overlong_address_is_bad_input():
    for target, key in (("", "k"), ("x" * 301, "k"), ("x", ""), ("x", "k" * 161)):
        with pytest.raises(BadInput):
            enqueue("test", target, {}, key)


@pytest.mark.django_db
def test_old_messages_lose_their_content_but_stay_sent(sent):
    put()
    deliver_due(NOW)
    assert sweep_outbox(NOW + timedelta(days=29)) == 0
    assert sweep_outbox(NOW + timedelta(days=31)) == 1
    assert (item().target, item().payload) == ("", {})
    assert not put()


def delivery(target, **payload):
    return Delivery(new_id(), "x", target, payload, 1)


def test_email_keeps_its_message_id_over_attempts():
    message = delivery("zhang@example.org", subject="问题\n已办结", text="路灯修好了")
    send_email(message)
    send_email(message)
    first, second = (sent.message() for sent in mail.outbox)
    assert first["Message-ID"] == second["Message-ID"]
    assert str(message.id) in first["Message-ID"]
    assert mail.outbox[0].subject == "问题 已办结"
    with pytest.raises(PermanentFailure):
        send_email(delivery("not an address"))


def test_sms_goes_to_the_console_by_default(capsys):
    print_sms(delivery("13812345678", text="验证码 123456"))
    assert "13812345678: 验证码 123456" in capsys.readouterr().out


@pytest.fixture
def robot():
    """A robot on this machine that answers what the test says."""
    answers, calls = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            calls.append((self.path, self.headers["Idempotency-Key"], json.loads(body)))
            status, answer = answers.pop(0)
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/send?key=1", answers, calls
    server.shutdown()
    server.server_close()


def test_a_robot_gets_the_text_in_its_shape_with_an_idempotency_key(robot):
    url, answers, calls = robot
    answers.append((200, b'{"errcode":0,"errmsg":"ok"}'))
    message = delivery(url, text="本周议题：12号楼路灯")
    send_webhook(message)
    assert calls == [("/send?key=1", str(message.id), {"msgtype": "text", "text": {"content": "本周议题：12号楼路灯"}})]
    assert robot_message({}) == {"msgtype": "text", "text": {"content": ""}}


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (200, b'{"errcode":45009,"errmsg":"too fast"}', RuntimeError),
        (500, b"", RuntimeError),
        (429, b"", RuntimeError),
        (302, b"", RuntimeError),
        (404, b"", PermanentFailure),
    ],
)
def test_a_robot_that_refuses_is_not_taken_for_one_that_accepts(robot, status, answer, error):
    url, answers, _calls = robot
    answers.append((status, answer))
    with pytest.raises(error):
        send_webhook(delivery(url, text="x"))


@pytest.mark.parametrize("url", ["http://example.org/x", "ftp://example.org", "file:///etc/passwd", "https://"])
def test_a_webhook_without_https_is_refused_for_good(url):
    with pytest.raises(PermanentFailure):
        send_webhook(delivery(url, text="x"))


@pytest.mark.django_db
def test_what_an_erasure_deletes_of_the_bells_is_found_by_an_index() -> None:
    if connection.vendor == "postgresql":  # which reads a table of few rows whole, if it may
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "notification_link" in Notification.objects.filter(link="/desk/matters/1/").explain()
