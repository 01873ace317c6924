"""Phones that send at once: the same visit is one, two visits to one place are judged one after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connections

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Coverage, Visit
from bihuan.kernel.api import clock, new_id, verify
from bihuan.kernel.models import Entry
from bihuan.matters.models import Matter
from tests.fieldwork.rounds import BUILDINGS, Town, build


@pytest.fixture
def town(transactional_db: None) -> Town:
    return build()


def at_once(town: Town, acts: list[Callable[[], Any]]) -> list[Any]:
    """Run every act in a thread of its own, all starting together; returns results or what was raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)  # type: ignore[var-annotated]

    def run(place: int) -> None:
        try:
            with clock.at(town.now):
                barrier.wait(20)
                results[place] = acts[place]()
        except Exception as error:  # noqa: BLE001 - shown by the assertion that fails
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.django_db(transaction=True)
def test_the_same_visit_sent_by_six_phones_at_once_is_one(town: Town) -> None:
    actor, given = town.actor(), town.given(text="都好")
    results = at_once(town, [lambda: fieldwork.record_visit(actor=actor, **given)] * 6)
    assert all(isinstance(result, fieldwork.RecordedVisit) for result in results), results
    assert sum(result.created for result in results) == 1
    assert all(result.counted for result in results)
    assert Visit.objects.count() == Entry.objects.filter(subject_type="visit").count() == 1
    assert Coverage.objects.get().last_visit_id == Visit.objects.get().pk
    assert verify().ok


@pytest.mark.django_db(transaction=True)
def test_two_visits_to_one_place_at_once_count_once(town: Town) -> None:
    actor = town.actor()
    given = [town.given(id=new_id(), happened_at=town.now - timedelta(minutes=n)) for n in range(6)]
    acts = [partial(fieldwork.record_visit, actor=actor, **one) for one in given]
    results = at_once(town, acts)
    assert all(isinstance(result, fieldwork.RecordedVisit) for result in results), results
    assert Visit.objects.filter(counted=True).count() == 1
    assert Visit.objects.get(counted=True).happened_at == town.now - timedelta(minutes=5)
    assert Coverage.objects.get().last_at == town.now - timedelta(minutes=5)


@pytest.mark.django_db(transaction=True)
def test_two_batches_that_overlap_arrive_once(town: Town) -> None:
    actor = town.actor()
    given = [
        town.given(id=new_id(), area_code=BUILDINGS[n % 6], happened_at=town.now - timedelta(minutes=n))
        for n in range(60)
    ]

    def send(first: int, last: int) -> Callable[[], Any]:
        return lambda: fieldwork.record_visits(actor=actor, visits=given[first:last])

    results = at_once(town, [send(0, 40), send(20, 60), send(0, 60)])
    assert all(isinstance(result, list) for result in results), results
    assert all(isinstance(one, fieldwork.RecordedVisit) for result in results for one in result), results
    assert sum(one.created for result in results for one in result) == 60
    assert Visit.objects.count() == 60
    assert Visit.objects.filter(counted=True).count() == 6
    assert Coverage.objects.count() == 6
    assert verify().ok


@pytest.mark.django_db(transaction=True)
def test_the_same_finding_sent_at_once_is_one_matter(town: Town) -> None:
    actor = town.actor()
    with town.at():
        visit = town.visit()
    key = new_id()

    def find() -> Any:
        return fieldwork.record_finding(actor=actor, id=key, visit_id=visit.visit_id, text="安全出口堵了")

    results = at_once(town, [find] * 4)
    assert all(isinstance(result, fieldwork.Found) for result in results), results
    assert sum(result.created for result in results) == 1
    assert Matter.objects.count() == 1
    assert Visit.objects.get().findings_count == 1
    assert verify().ok
