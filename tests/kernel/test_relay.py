"""Lines of the bell are handed outside once each; codes leave no trace in the outbox."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from bihuan.kernel import notices, outbox
from bihuan.kernel.api import (
    PermanentFailure,
    clock,
    deliver_due,
    enqueue,
    expire_outbox,
    new_id,
    notice_group,
    notice_outside,
    notify,
    register_channel,
    register_notice,
    relay_notices,
    robot_address,
    withdraw,
)
from bihuan.kernel.models import Notification, OutboxItem

NOW = datetime(2024, 4, 3, 1, tzinfo=UTC)


@pytest.fixture
def kind():
    return register_notice(
        "test.waits", zh="“{title}”等您[：{reason}]", en="“{title}” waits[: {reason}]", group="turn",
        private={"title": ("一件事项", "a matter"), "reason": ("", "")},
    )  # fmt: skip


@pytest.fixture
def relayed(monkeypatch):
    """Lines as a relay got them, enqueued under a key of their own."""
    got = []

    def relay(lines):
        got.extend(line.pk for line in lines)
        for line in lines:
            enqueue("test", line.person_id.hex, {}, f"line:{line.pk.hex}")

    monkeypatch.setattr(notices, "_relays", [relay])
    return got


@pytest.mark.django_db
def test_a_line_is_written_by_one_statement_and_relayed_once(kind, relayed, django_assert_num_queries):
    with django_assert_num_queries(1):
        line = notify(new_id(), kind, {"title": "路灯"}, "/x/")
    assert relay_notices() == 1
    assert relay_notices() == 0
    assert relayed == [line]
    assert OutboxItem.objects.count() == 1


@pytest.mark.django_db
def test_an_idle_round_is_one_read(kind, relayed, django_assert_num_queries):
    notify(new_id(), kind, {"title": "路灯"}, "/x/")
    relay_notices()
    with django_assert_num_queries(1):
        assert relay_notices() == 0


@pytest.mark.django_db(transaction=True)
def test_a_crash_in_the_middle_of_a_batch_leaves_all_of_it_to_be_done(kind, relayed, monkeypatch):
    for _n in range(3):
        notify(new_id(), kind, {"title": "路灯"}, "/x/")
    relay = notices._relays[0]

    def crash(lines):
        relay(lines)
        raise RuntimeError("power cut")

    monkeypatch.setattr(notices, "_relays", [crash])
    with pytest.raises(RuntimeError):
        relay_notices()
    assert OutboxItem.objects.count() == 0
    assert Notification.objects.filter(relayed=False).count() == 3
    monkeypatch.setattr(notices, "_relays", [relay])
    assert relay_notices() == 3
    assert OutboxItem.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_relay_each_line_exactly_once(kind, relayed, monkeypatch):
    monkeypatch.setattr(notices, "RELAY_BATCH", 7)
    ids = {notify(new_id(), kind, {"title": "路灯"}, "/x/") for _n in range(60)}
    start, errors, counts = threading.Barrier(2), [], []

    def work():
        try:
            start.wait()
            done = 0
            while Notification.objects.filter(relayed=False).exists():
                done += relay_notices()
            counts.append(done)
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
    assert sum(counts) == len(relayed) == 60
    assert set(relayed) == ids
    assert OutboxItem.objects.count() == 60


@pytest.mark.django_db
def test_new_lines_are_found_by_a_partial_index(kind, relayed):
    query = Notification.objects.filter(relayed=False).order_by("id")[:200]
    if connection.vendor == "sqlite":
        assert "notification_unrelayed" in query.explain()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "notification_unrelayed" in query.explain()


def test_what_residents_wrote_stays_in_the_house(kind):
    params = {"title": "张三家漏水", "reason": "李四说的"}
    assert notice_outside(kind, params, "zh") == "“一件事项”等您"
    assert notice_outside(kind, params, "en") == "“a matter” waits"
    assert notice_group(kind) == "turn"
    assert notice_group("nobody.knows") == ""
    with pytest.raises(ValueError, match="group"):
        register_notice("test.odd", zh="x", en="x", group="gossip")


@pytest.fixture
def sent(monkeypatch):
    got = []
    monkeypatch.setattr(outbox, "_channels", dict(outbox._channels))
    monkeypatch.setattr(outbox, "_blanked", set(outbox._blanked))
    register_channel("sms", got.append)
    return got


@pytest.mark.django_db
def test_a_code_that_was_sent_is_blank_but_stays_sent(sent):
    enqueue(
        "sms", "13812345678", {"text": "验证码 123456"}, "code:1", due_at=NOW, expires_at=NOW + timedelta(minutes=3)
    )
    assert deliver_due(NOW).sent == 1
    assert sent[0].payload == {"text": "验证码 123456"}
    item = OutboxItem.objects.get()
    assert (item.target, item.payload, item.state, item.expires_at) == ("", {}, "sent", None)
    assert not enqueue("sms", "13812345678", {"text": "x"}, "code:1")


@pytest.mark.django_db
def test_a_code_that_expired_is_blanked_and_never_sent(sent):
    enqueue(
        "sms", "13812345678", {"text": "验证码 123456"}, "code:1", due_at=NOW, expires_at=NOW + timedelta(minutes=3)
    )
    late = NOW + timedelta(minutes=3)
    assert deliver_due(late).sent == 0
    assert expire_outbox(late - timedelta(seconds=1)) == 0
    assert expire_outbox(late) == 1
    assert sent == []
    item = OutboxItem.objects.get()
    assert (item.target, item.payload, item.state, item.last_error) == ("", {}, "failed", "expired")
    assert not outbox.retry(item.pk)


@pytest.mark.django_db
def test_a_code_that_a_dead_gateway_never_took_is_blanked_too(sent):
    def dead(_item):
        raise OSError("no route")

    register_channel("sms", dead)
    enqueue(
        "sms", "13812345678", {"text": "验证码 123456"}, "code:1", due_at=NOW, expires_at=NOW + timedelta(minutes=3)
    )
    assert deliver_due(NOW).retried == 1
    assert OutboxItem.objects.get().target == "13812345678"
    assert expire_outbox(NOW + timedelta(minutes=4)) == 1
    assert OutboxItem.objects.get().payload == {}


@pytest.mark.django_db
def test_messages_to_somebody_are_withdrawn(sent):
    enqueue("sms", "a", {"text": "x"}, "1", due_at=NOW)
    enqueue("sms", "b", {"text": "y"}, "2", due_at=NOW)
    with clock.at(NOW):
        assert withdraw("sms", "a") == 1
    assert deliver_due(NOW).sent == 1
    assert [item.target for item in sent] == ["b"]


@pytest.mark.parametrize(
    "address",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "https://example.org/",
        "https://qyapi.weixin.qq.com.example.org/",
        "https://qyapi.weixin.qq.com@example.org/",
        "https://user@qyapi.weixin.qq.com/",
        "https://qyapi.weixin.qq.com:8443/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest",
        "https://[::ffff:127.0.0.1]/",
        "https://qyapi.weixin.qq.com:x/",
        "ftp://127.0.0.1/",
        "",
    ],
)
def test_the_site_knocks_at_no_other_door(address):
    with pytest.raises(PermanentFailure):
        robot_address(address)


def test_only_the_named_hosts_are_robots_and_this_machine_only_for_trying_out(settings):
    assert robot_address("https://oapi.dingtalk.com/robot/send?access_token=1").hostname == "oapi.dingtalk.com"
    assert robot_address("http://127.0.0.1:9/x").port == 9
    settings.PRODUCTION = True
    with pytest.raises(PermanentFailure):
        robot_address("http://127.0.0.1:9/x")
    settings.ROBOT_HOSTS = ["hooks.example.gov.cn"]
    with pytest.raises(PermanentFailure):
        robot_address("https://oapi.dingtalk.com/robot/send")
    assert robot_address("https://hooks.example.gov.cn/x")
