"""Many write, some fold, one reads: no reading differs from a recount of the same moment."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from bihuan.kernel.api import BadInput, Conflict, Refused, clock, new_id
from bihuan.matters import api as matters
from bihuan.matters.models import Matter
from bihuan.people.api import SYSTEM
from bihuan.reporting.api import Check, definitions, figures
from bihuan.reporting.figures.folding import fold
from bihuan.reporting.figures.recount import one_moment, read, recount
from tests.matters.conftest import BUILDINGS, COMMUNITY, Town, make_town

APRIL = 202404
WRITERS = 5
ACTS = 14
READINGS = 12


@pytest.fixture
def busy(transactional_db: None) -> Town:
    made = make_town()
    for n in range(6):
        made.report(text=f"{n}号灯不亮", area_code=BUILDINGS[0])
    return made


def _writer(town: Town, seed: int) -> Callable[[], None]:
    rng = random.Random(seed)  # noqa: S311 - the same acts every time

    def write() -> None:
        for _n in range(ACTS):
            ids = list(Matter.objects.filter(area_code=BUILDINGS[0]).values_list("pk", "step"))
            matter, step = rng.choice(ids)
            act = {"recorded": "triage", "on_the_spot": "settle", "asking_reporter": "confirm"}.get(step)
            if act is None or rng.random() < 0.3:
                matters.report(
                    actor=town.resident, id=new_id(), text=f"{rng.random()}不亮", area_code=rng.choice(BUILDINGS),
                    people_affected=rng.randrange(9),
                )  # fmt: skip
                continue
            data = {
                "triage": {"category": "facility", "urgency": "normal", "level": "spot"},
                "settle": {"answer": "好了"},
                "confirm": {"satisfaction": "satisfied"},
            }[act]
            actor = town.resident if act == "confirm" else town.leader
            with contextlib.suppress(Conflict, Refused, BadInput):  # somebody else was faster
                matters.advance(actor=actor, matter_id=matter, action=act, entry_id=new_id(), data=data)

    return write


@pytest.mark.django_db(transaction=True)
def test_no_reading_differs_from_a_recount_while_many_write_and_fold(busy: Town) -> None:
    ended, done = threading.Event(), [0]
    wrong: list[Any] = []

    def run(work: Callable[[], None]) -> None:
        try:
            with clock.at(busy.now):
                work()
        except Exception as error:  # noqa: BLE001 - shown by the assertion that fails
            wrong.append(repr(error))
        finally:
            connections.close_all()

    def folds() -> None:
        rng = random.Random(7)  # noqa: S311 - as above
        while not ended.is_set():
            fold(rng.randrange(1, 6))

    def reads() -> None:
        while done[0] < READINGS and not wrong:
            _compare(wrong)
            done[0] += 1

    writers = [threading.Thread(target=run, args=(_writer(busy, seed),)) for seed in range(WRITERS)]
    folders = [threading.Thread(target=run, args=(folds,)) for _n in range(2)]
    reader = threading.Thread(target=run, args=(reads,))
    _run([*writers, reader], folders, ended)
    assert wrong == []
    assert done[0] == READINGS
    assert Matter.objects.count() > 6
    while fold(50):
        pass
    assert not Matter.objects.filter(counted=False).exists()
    _compare(wrong)
    assert wrong == []


def _run(awaited: list[threading.Thread], others: list[threading.Thread], ended: threading.Event) -> None:
    for thread in [*awaited, *others]:
        thread.start()
    for thread in awaited:
        thread.join(240)
    ended.set()
    for thread in others:
        thread.join(60)


def _compare(wrong: list[Any]) -> None:
    """Compare, in one snapshot, every sum and what the pages read with a recount of all the entries."""
    with one_moment():
        found = Check()
        want = {key: value for key, value in recount("", found).items() if any(value)}
        have = {key: value for key, value in read("").items() if any(value)}
        page = {one.key: one for one in figures(SYSTEM, COMMUNITY, APRIL, APRIL)}
    wrong += found.unfoldable
    wrong += [
        (key, have.get(key), want.get(key)) for key in have.keys() | want.keys() if have.get(key) != want.get(key)
    ]
    for key, one in definitions().items():
        if one.kind in {"count", "sum"}:
            total = want.get((one.measure, COMMUNITY, "", APRIL, ""), [0, 0])[1]
            if page[key].value != total:
                wrong.append((key, page[key].value, total))


def test_a_snapshot_is_one_moment_on_this_engine(transactional_db: None) -> None:
    """What the test above stands on: what is committed meanwhile is not seen within."""
    town = make_town()
    town.report()
    seen: list[int] = []

    def other() -> None:
        with clock.at(town.now):
            matters.report(actor=town.resident, id=new_id(), text="又一处", area_code=BUILDINGS[0])
        connections.close_all()

    with one_moment():
        seen.append(Matter.objects.count())
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(60)
        seen.append(Matter.objects.count())
    seen.append(Matter.objects.count())
    assert seen == [1, 1, 2], connection.vendor
