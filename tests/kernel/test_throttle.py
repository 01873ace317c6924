"""How often somebody may do something: exactly, by one statement; or lightly, by hardly any."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.kernel import throttle
from bihuan.kernel.api import hit, hit_lightly
from bihuan.kernel.models import RateCount
from bihuan.kernel.throttle import sweep_throttle

NOW = datetime(2024, 4, 3, 1, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def another_process() -> None:
    """Each test begins as a process that has seen nobody."""
    throttle._seen.clear()


@pytest.mark.django_db
def test_the_throttle_counts_by_source_bucket_and_window(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert hit("report", "1.2.3.4", 2, 60, now=NOW).allowed
    assert hit("report", "1.2.3.4", 2, 60, now=NOW).allowed
    refused = hit("report", "1.2.3.4", 2, 60, now=NOW)
    assert (refused.allowed, refused.retry_after, refused.count) == (False, 50, 3)
    assert hit("report", "1.2.3.5", 2, 60, now=NOW).allowed
    assert hit("sign-in", "1.2.3.4", 2, 60, now=NOW).allowed
    assert hit("report", "1.2.3.4", 2, 60, now=NOW + timedelta(seconds=50)).allowed


@pytest.mark.django_db
def test_the_throttle_keeps_no_addresses_and_nothing_for_long() -> None:
    hit("report", "1.2.3.4", 2, 60, now=NOW)
    assert "1.2.3.4" not in RateCount.objects.get().key
    assert sweep_throttle(NOW) == 0
    assert sweep_throttle(NOW + timedelta(seconds=60)) == 1
    assert not RateCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_throttle_counts_right_under_concurrency() -> None:
    counts: list[int] = []

    def many() -> None:
        counts.extend(hit("report", "x", 5, 60, now=NOW).count for _n in range(20))
        connection.close()

    threads = [threading.Thread(target=many) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == list(range(1, 61))


@pytest.mark.django_db
def test_a_light_count_refuses_at_its_limit_and_costs_next_to_nothing() -> None:
    with CaptureQueriesContext(connection) as caught:
        decisions = [hit_lightly("person", "a", 800, 3600, now=NOW) for _n in range(801)]
    assert [decision.allowed for decision in decisions] == [True] * 800 + [False]
    assert decisions[-1].retry_after == 3590
    assert len(caught.captured_queries) == 800 // 50
    assert hit_lightly("person", "b", 800, 3600, now=NOW).allowed
    assert hit_lightly("person", "a", 800, 3600, now=NOW + timedelta(hours=1)).allowed


@pytest.mark.django_db
def test_what_one_process_counted_lightly_another_learns() -> None:
    assert hit_lightly("person", "a", 1000, 3600, times=700, now=NOW).allowed
    throttle._seen.clear()
    refused = hit_lightly("person", "a", 1000, 3600, times=400, now=NOW)
    assert (refused.allowed, refused.count) == (False, 1100)


@pytest.mark.django_db
def test_what_does_not_fit_is_not_counted(django_assert_num_queries: Any) -> None:
    assert hit_lightly("person", "a", 1000, 3600, times=700, now=NOW).allowed
    with django_assert_num_queries(0):
        assert not hit_lightly("person", "a", 1000, 3600, times=301, now=NOW).allowed
    assert hit_lightly("person", "a", 1000, 3600, times=300, now=NOW).allowed
    assert RateCount.objects.get().count == 1000


@pytest.mark.django_db
def test_a_process_remembers_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_MOST_KEPT", 10)
    for n in range(30):
        hit_lightly("person", str(n), 1000, 3600, now=NOW)
    assert len(throttle._seen) == 10


@pytest.mark.django_db(transaction=True)
def test_a_light_count_is_right_under_concurrency() -> None:
    allowed: list[bool] = []

    def many() -> None:
        allowed.extend(hit_lightly("person", "x", 100, 3600, now=NOW).allowed for _n in range(50))
        connection.close()

    threads = [threading.Thread(target=many) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 100
