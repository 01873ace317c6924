"""Phones that send at once: the same visit is one, two visits to one place are judged one after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connections

from bihuan.fieldwork import acts, correcting, findings, judging
from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Coverage, Visit
from bihuan.kernel.api import clock, new_id, verify
from bihuan.kernel.models import Entry
from bihuan.matters import api as matters
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


def meet(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, other: Any, then: str) -> threading.Event:
    """Let one act stop inside until the other is where it would take the same things in another order.

    Returns:
        Set as soon as the first act is inside. It goes on by itself where the other has to wait for it.
    """
    inside, beside = threading.Event(), threading.Event()
    stops, goes = getattr(module, name), getattr(other, then)

    def stopped(*args: Any, **more: Any) -> Any:
        inside.set()
        beside.wait(2)
        return stops(*args, **more)

    def going(*args: Any, **more: Any) -> Any:
        if inside.is_set():
            beside.set()
        return goes(*args, **more)

    monkeypatch.setattr(module, name, stopped)
    monkeypatch.setattr(other, then, going)
    return inside


@pytest.mark.django_db(transaction=True)
def test_a_correction_and_a_late_visit_to_the_same_place_do_not_wait_for_each_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = town.actor()
    with town.at():
        first = town.visit()
    late = town.given(id=new_id(), happened_at=town.now - timedelta(days=1))
    inside = meet(monkeypatch, correcting, "_settle", judging, "judge")

    def correct() -> Any:
        changes = {"happened_at": town.now - timedelta(minutes=5)}
        return fieldwork.correct_visit(
            actor=actor, visit_id=first.visit_id, entry_id=new_id(), reason="写错了钟点", changes=changes
        )

    def record() -> Any:
        inside.wait(20)
        return fieldwork.record_visit(actor=actor, **late)

    results = at_once(town, [correct, record])
    assert isinstance(results[0], fieldwork.Corrected), results
    assert isinstance(results[1], fieldwork.RecordedVisit), results
    assert Visit.objects.get(pk=first.visit_id).not_counted == "too_soon"
    assert Coverage.objects.get().last_visit_id == late["id"]
    assert verify().ok


@pytest.mark.django_db(transaction=True)
def test_a_finding_that_joins_a_matter_and_an_act_on_it_do_not_wait_for_each_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, leader = town.actor(), town.actor("leader")
    given = {"round": "census", "level": 2, "together": ()}
    with town.at():
        visit = town.visit("leader", **given)
        assert not visit.counted  # nobody of the first level has been there
        where = {"area_code": BUILDINGS[0], "channel": "visit", "text": "单元门口的路灯不亮"}
        done = matters.record(actor=worker, id=new_id(), **where)
    inside = meet(monkeypatch, findings, "_join", acts, "keep")

    def find() -> Any:
        return fieldwork.record_finding(
            actor=leader, id=new_id(), visit_id=visit.visit_id, join=done.matter_id, text="还没有修"
        )

    def sort() -> Any:
        inside.wait(20)
        sorted_so = {"category": "facility", "urgency": "normal", "level": "grid"}
        earlier = town.now - timedelta(minutes=5)
        return matters.advance(
            actor=worker,
            matter_id=done.matter_id,
            action="triage",
            data=sorted_so,
            entry_id=new_id(),
            happened_at=earlier,
        )

    results = at_once(town, [find, sort])
    assert isinstance(results[0], fieldwork.Found), results
    assert isinstance(results[1], matters.Advanced), results
    assert Visit.objects.get(pk=visit.visit_id).counted
    assert verify().ok
