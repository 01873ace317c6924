"""Many people at once: numbers without gaps, chains without forks, and of two who move one matter the first wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from bihuan.kernel.api import Conflict, Refused, clock, new_id, verify
from bihuan.kernel.models import Entry
from bihuan.matters import api as matters
from bihuan.matters.models import AreaTally, Matter, NumberCounter, Todo

from .conftest import BUILDINGS, COMMUNITY, Town, make_town

THREADS = 8
EACH = 6


@pytest.fixture
def busy(transactional_db: None) -> Town:
    return make_town()


def at_once(moment: Any, acts: list[Callable[[], Any]]) -> list[Any]:
    """Run every act in a thread of its own, all starting together; returns results or what was raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)  # type: ignore[var-annotated]

    def run(place: int) -> None:
        try:
            with clock.at(moment):
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
def test_eight_who_report_at_once_get_numbers_without_a_gap(busy: Town) -> None:
    def reports() -> list[str]:
        return [
            matters.report(
                actor=busy.resident, id=new_id(), text=f"{n}层路灯不亮", area_code=BUILDINGS[n % 3], phone="13900001234"
            ).number
            for n in range(EACH)
        ]

    results = at_once(busy.now, [reports] * THREADS)
    assert all(isinstance(result, list) for result in results), results
    numbers = sorted(number for result in results for number in result)
    assert [int(number.rpartition("-")[2]) for number in numbers] == list(range(1, THREADS * EACH + 1))
    assert NumberCounter.objects.get(key__startswith=COMMUNITY).last == THREADS * EACH
    assert sum(AreaTally.objects.values_list("open", flat=True)) == Matter.objects.count() == THREADS * EACH
    assert verify().ok


@pytest.mark.django_db(transaction=True)
def test_batches_and_single_reports_at_once_share_one_count(busy: Town) -> None:
    def batch() -> list[Any]:
        given = [
            {"id": str(new_id()), "area_code": BUILDINGS[n % 3], "text": f"{n}单元积水", "channel": "phone"}
            for n in range(50)
        ]
        return matters.report_batch(actor=busy.secretary, reports=given)

    def single() -> list[Any]:
        return [matters.report(actor=busy.resident, id=new_id(), text="路灯不亮", area_code=BUILDINGS[0])]

    results = at_once(busy.now, [batch, batch, single, single])
    numbers = sorted(done.number for result in results for done in result)
    assert [int(number.rpartition("-")[2]) for number in numbers] == list(range(1, 103))
    assert verify().ok


@pytest.mark.django_db(transaction=True)
def test_the_same_report_sent_eight_times_at_once_is_one(busy: Town) -> None:
    key = new_id()

    def send() -> matters.Reported:
        return matters.report(actor=busy.resident, id=key, text="路灯不亮", area_code=BUILDINGS[0])

    results = at_once(busy.now, [send] * THREADS)
    assert all(isinstance(result, matters.Reported) for result in results), results
    assert sum(result.created for result in results) == 1
    assert len({result.number for result in results}) == 1
    assert Matter.objects.count() == Entry.objects.filter(subject_type="matter").count() == 1
    assert NumberCounter.objects.get(key__startswith=COMMUNITY).last == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_a_matter_at_once_one_wins_and_the_other_is_told(busy: Town) -> None:
    done = busy.report()
    later = busy.later(minutes=5)

    def triage(who: str, category: str) -> Callable[[], matters.Advanced]:
        return lambda: matters.advance(
            actor=busy.actors[who],
            matter_id=done.matter_id,
            action="triage",
            entry_id=new_id(),
            data={"category": category, "urgency": "normal", "level": "grid"},
            expected_version=1,
        )

    results = at_once(later, [triage("worker", "facility"), triage("leader", "safety")])
    won = [result for result in results if isinstance(result, matters.Advanced)]
    lost = [result for result in results if isinstance(result, Conflict)]
    assert len(won) == len(lost) == 1, results
    assert lost[0].current_version == 2
    matter = Matter.objects.get()
    assert matter.version == won[0].version == 2
    assert list(Entry.objects.filter(subject_id=matter.pk).order_by("seq").values_list("seq", flat=True)) == [1, 2]
    assert Todo.objects.filter(matter=matter).exists()
    assert verify().ok


@pytest.mark.django_db(transaction=True)
def test_without_a_version_the_second_mover_is_judged_by_where_the_matter_stands_then(busy: Town) -> None:
    done = busy.report()
    later = busy.later(minutes=5)

    def triage() -> matters.Advanced:
        return matters.advance(
            actor=busy.worker,
            matter_id=done.matter_id,
            action="triage",
            entry_id=new_id(),
            data={"category": "facility", "urgency": "normal", "level": "grid"},
        )

    results = at_once(later, [triage, triage])
    assert sum(isinstance(result, matters.Advanced) for result in results) == 1, results
    assert sum(isinstance(result, (Refused, Conflict)) for result in results) == 1, results
    assert Matter.objects.get().version == 2
