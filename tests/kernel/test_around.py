"""Throttle, notices, verbs, worker, errors, and what the models say of personal data."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps

from bihuan.kernel import worker
from bihuan.kernel.api import (
    EntryView,
    Notice,
    Problem,
    Refused,
    jobs,
    mark_read,
    new_id,
    notice_text,
    notices,
    notifications_of,
    notify,
    notify_many,
    register_job,
    register_notice,
    run_once,
    run_worker,
    sentence,
    unread_count,
    verbs,
)
from bihuan.kernel.models import Notification
from bihuan.kernel.notices import sweep_notices
from bihuan.kernel.verbs import _NAME, Registry

NOW = datetime(2024, 4, 3, 1, 0, 10, tzinfo=UTC)


register_notice("test.told", zh="{who}请你确认[（{n} 件）]", en="{who} asks you to confirm[ ({n})]")


@pytest.mark.django_db
def test_the_bell_tells_one_person_newest_first_page_by_page(django_assert_num_queries):
    me, other = new_id(), new_id()
    for n in range(5):
        notify(me, "test.told", {"n": n, "at": NOW}, "/m/1", created_at=NOW + timedelta(minutes=n // 2))
    notify(other, "test.told", {}, "/m/2")
    first = notifications_of(me, limit=2)
    rest = notifications_of(me, before=(first[-1].created_at, first[-1].pk), limit=9)
    assert [row.pk for row in first + rest] == [row.pk for row in notifications_of(me)]
    assert [row.params["n"] // 2 for row in first + rest] == [2, 1, 1, 0, 0]
    assert unread_count(me) == 5
    assert unread_count(me, most=3) == 3
    assert mark_read(me, [first[0].pk]) == 1
    assert mark_read(other, [first[1].pk]) == 0
    assert mark_read(me) == 4
    assert unread_count(me) == 0
    with django_assert_num_queries(1):
        notify_many([Notice(me, "test.told", {}, "/") for _n in range(10)])


@pytest.mark.django_db
def test_notices_older_than_their_term_are_deleted():
    notify(new_id(), "test.told", {}, "/", created_at=NOW)
    assert sweep_notices(NOW + timedelta(days=179)) == 0
    assert sweep_notices(NOW + timedelta(days=181)) == 1
    assert not Notification.objects.exists()


@pytest.mark.django_db
def test_a_notice_without_a_sentence_is_refused():
    with pytest.raises(LookupError):
        notify(new_id(), "nobody.registered", {}, "/")


def test_every_verb_and_notice_has_a_sentence_in_both_languages():
    for registry in (verbs, notices):
        for key, known in registry.all().items():
            assert known.zh.strip(), key
            assert known.en.strip(), key
            words = _NAME.sub("", known.zh).strip("[]")
            assert not re.search(r"\w", words) or any("\u4e00" <= letter <= "\u9fff" for letter in words), key
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in known.en), key
            assert registry.text(key, {}, "zh-hans") != key
            assert registry.text(key, {}, "en") != key


def test_a_sentence_leaves_out_what_was_not_given():
    assert notice_text("test.told", {"who": "张某", "n": 2}, "zh-hans") == "张某请你确认（2 件）"
    assert notice_text("test.told", {"who": "张某", "n": ""}, "zh-hans") == "张某请你确认"
    assert notice_text("test.told", {}, "en") == "(not given) asks you to confirm"
    assert notice_text("un.known", {}, "en") == "un.known"
    assert sentence(EntryView("un.known"), "zh") == "un.known"


def test_a_sentence_shows_values_as_they_are():
    assert notice_text("test.told", {"who": "{n} [x] {0.__class__}", "n": 1}, "zh").startswith("{n} [x] {0.__class__}")


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("Bad Key", "好", "good"),
        ("a.b", "", "good"),
        ("a.b", "好", " "),
        ("a.b", "好{", "good"),
        ("a.b", "好", "good {a.b}"),
        ("a.b", "好]", "good"),
        ("a." + "b" * 48, "好", "good"),
    ],
)
def test_a_broken_template_is_refused_when_it_is_registered(key, zh, en):
    with pytest.raises(ValueError, match="verb"):
        Registry("verb").register(key, zh=zh, en=en)


def test_one_key_has_one_text():
    registry = Registry("verb")
    assert registry.register("a.b", zh="好", en="good") == registry.register("a.b", zh="好", en="good")
    with pytest.raises(ValueError, match="another text"):
        registry.register("a.b", zh="不好", en="bad")


@pytest.fixture
def own_jobs(monkeypatch):
    monkeypatch.setattr(worker, "_jobs", {})


def test_a_job_that_fails_stops_no_other(own_jobs, caplog):
    ran = []
    register_job("bad", lambda: 1 / 0, 10)
    register_job("good", lambda: ran.append(1), 5)
    assert run_once(now=100) == ["bad"]
    assert "job bad failed" in caplog.text
    run_once(now=104)
    assert ran == [1]
    run_once(now=105)
    assert ran == [1, 1]
    run_once(now=106, everything=True)
    assert ran == [1, 1, 1]
    assert jobs() == {"bad": 10, "good": 5}


@pytest.mark.django_db(transaction=True)
def test_the_worker_runs_until_it_is_told_to_stop_and_wakes_at_once(own_jobs):
    ran, stop = threading.Semaphore(0), threading.Event()
    register_job("count", ran.release, 50)
    thread = threading.Thread(target=run_worker, args=(stop,), kwargs={"poll": 20})
    thread.start()
    assert ran.acquire(timeout=5)
    worker.wake()
    assert ran.acquire(timeout=5)
    stop.set()
    worker.wake()
    thread.join(5)
    assert not thread.is_alive()


def test_the_kernels_own_jobs_are_registered():
    assert {"outbox", "tasks", "day_roots", "erase_expired", "sweep"} <= set(jobs())


@pytest.mark.django_db
def test_the_kernels_own_jobs_run():
    for name in ("outbox", "tasks", "day_roots", "erase_expired", "sweep"):
        worker._jobs[name].fn()


def test_errors_carry_their_problems():
    error = Refused([Problem("a", "错了", "改一改")], Problem("", "也错了"))
    assert [problem.as_dict() for problem in error.problems] == [
        {"field": "a", "why": "错了", "how": "改一改"},
        {"field": "", "why": "也错了", "how": ""},
    ]
    assert str(error) == "a: 错了 改一改; 也错了"


def test_every_kernel_model_says_what_it_holds_of_persons():
    for model in apps.get_app_config("kernel").get_models():
        told = vars(model).get("PERSONAL_DATA")
        assert told is not None, model
        assert set(told) <= {field.attname for field in model._meta.concrete_fields}, model
