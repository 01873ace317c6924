"""What is read does not grow with how long there have been rounds: ten times the history, the same work.

The work is what SQLite counts itself: the instructions of its machine, by its progress handler.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.models import Coverage, EquivalentAct, Finding, Pairing, Visit
from bihuan.fieldwork.schemes import find
from bihuan.kernel.api import new_id
from bihuan.matters import api as matters
from bihuan.people.models import Organisation
from tests.fieldwork.rounds import BOTH, BUILDINGS, COMMUNITY, METHOD, MONDAY, OTHER, Town, build

pytestmark = pytest.mark.sqlite  # whose machine counts its instructions
NOW = MONDAY + timedelta(days=400)
WEEKS = 15  # of history at first; ten times as many then
_times = itertools.count(1)
STEP = 10  # instructions of the machine between two counts


@pytest.fixture
def town(db: None) -> Town:
    return build()


def work(fn: Callable[[], Any]) -> int:
    """Return how many instructions the database's machine runs for ``fn``, in steps of ten."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    fn()  # what is kept in the process is there now
    connection.connection.set_progress_handler(count, STEP)
    try:
        fn()
    finally:
        connection.connection.set_progress_handler(None, STEP)
    return steps


def age(town: Town, first: int, last: int) -> None:
    """Let there have been rounds for some weeks more, longer and longer ago."""
    matter = matters.report(actor=town.actor("resident"), id=new_id(), text="路灯不亮", area_code=BUILDINGS[0])
    places = [(code, code, None) for code in BUILDINGS] + [(w.area_code, w.pk.hex, w.pk) for w in town.walls]
    visits, acts = [], []
    for week in range(first, last):
        at = MONDAY - timedelta(weeks=week)
        for code, target, place in places:
            for name, level in (("patrol", 1), ("census", 1), ("census", 2)) if place is None else (("walls", 1),):
                visits.append(_visit(town, code, target, place, name, level, at))
            if place is None:
                acts.append(
                    EquivalentAct(
                        id=new_id(), matter_id=matter.matter_id, community_code=COMMUNITY, method_key=METHOD,
                        action="triage", area_code=code, happened_at=at,
                    )
                )  # fmt: skip
    Visit.objects.bulk_create(visits)
    EquivalentAct.objects.bulk_create(acts)
    Finding.objects.bulk_create(Finding(id=new_id(), visit=one, matter_id=matter.matter_id) for one in visits[::5])
    if first == 0:
        _fold(town, visits, acts)


def _visit(town: Town, code: str, target: str, place: Any, name: str, level: int, at: Any) -> Visit:
    return Visit(
        id=new_id(), version_ref=town.version, method_key=METHOD, round=name, level=level, area_code=code,
        community_code=code[:12], street_code=code[:9], district_code=code[:6], place_id=place, target=target,
        person_id=town.id("worker"), role="grid_worker", arrived_at=at, happened_at=at, recorded_at=at,
        head_hash=bytes(32), result="found", reviewed_at=at,
    )  # fmt: skip


def _fold(town: Town, visits: list[Visit], acts: list[EquivalentAct]) -> None:
    rows: dict[Any, Coverage] = {}
    for one in visits:
        rows.setdefault(
            (one.round, one.level, one.target),
            Coverage(
                community_code=COMMUNITY, method_key=METHOD, round=one.round, level=one.level,
                area_code=one.area_code, place_id=one.place_id, target=one.target, last_at=one.happened_at,
                last_visit_id=one.pk, last_person_id=one.person_id,
            ),
        )  # fmt: skip
    for act in acts:
        rows.setdefault(
            act.area_code,
            Coverage(
                community_code=COMMUNITY, method_key=METHOD, round="act.triage", area_code=act.area_code,
                target=act.area_code, last_at=act.happened_at,
            ),
        )  # fmt: skip
    Coverage.objects.bulk_create(rows.values())


def late(town: Town) -> None:
    """Two visits of each of two rounds, the later one arriving first; each time in another season of the year."""
    with town.at(days=100 * next(_times)) as now:
        for days, key in ((2, "worker"), (9, "worker")):
            town.visit(key, id=new_id(), happened_at=now - timedelta(days=days), together=BOTH)
        for days, key in ((2, "cadre"), (9, "worker")):
            town.visit(key, id=new_id(), round="census", happened_at=now - timedelta(days=days), together=())


READS: dict[str, Callable[[Town], Any]] = {
    "the day": lambda town: fieldwork.day(town.actor()),
    "coverage": lambda town: town.coverage("census"),
    "the second level": lambda town: town.coverage("census", level=2),
    "coverage of a day that is past": lambda town: town.coverage("census", until=NOW.date() - timedelta(days=30)),
    "coverage of a street": lambda town: fieldwork.coverage(
        town.actor("street"), COMMUNITY[:9], METHOD, "patrol", 1, None, NOW.date() - timedelta(days=30)
    ),
    "coverage of a district": lambda town: fieldwork.coverage(town.actor("district"), COMMUNITY[:6], METHOD, "patrol"),
    "a visit that arrives late": late,
    "what was found": lambda town: fieldwork.findings_by(
        town.actor("secretary"), COMMUNITY, NOW.date() - timedelta(days=60), NOW.date()
    ),
    "what was found twice": lambda town: fieldwork.found_twice(
        town.actor("secretary"), COMMUNITY, NOW.date() - timedelta(days=60), NOW.date()
    ),
    "acts of a period": lambda town: fieldwork.acts_by_plan(COMMUNITY, NOW.date() - timedelta(days=60), NOW.date()),
    "the diary": lambda town: fieldwork.diary(town.actor("secretary")),
    "the diary of what is rare": lambda town: fieldwork.diary(
        town.actor("secretary"), fieldwork.DiaryFilters(area=COMMUNITY, round="walls", result="nobody", answered="no")
    ),
    "the diary of somebody": lambda town: fieldwork.diary(
        town.actor("secretary"), fieldwork.DiaryFilters(person=town.id("cadre"))
    ),
}


@pytest.mark.parametrize("name", READS)
def test_ten_times_the_history_is_no_more_work(town: Town, name: str) -> None:
    town.person("street", "闻人杰", ("street_staff", COMMUNITY[:9]))
    town.person("district", "司马亮", ("district_staff", COMMUNITY[:6]))
    with town.at(NOW):
        age(town, 0, WEEKS)
        young = work(lambda: READS[name](town))
        age(town, WEEKS, 10 * WEEKS)
        assert work(lambda: READS[name](town)) <= young * 1.15 + 30


def pair(town: Town, many: int, area: str) -> None:
    unit = Organisation.objects.first()
    Pairing.objects.bulk_create(
        Pairing(
            id=new_id(), version_ref=town.version, key="yiqi", area_code=f"{area}001", door=f"{new_id()}",
            organisation=unit, person_id=new_id(), masked_name="张**", state="ended", created_at=MONDAY,
            head_hash=bytes(32),
        )
        for _number in range(many)
    )  # fmt: skip


@pytest.mark.parametrize("area", [COMMUNITY, OTHER])
def test_who_may_know_of_which_pairing_is_told_without_reading_them_all(town: Town, area: str) -> None:
    with town.at():
        pair(town, 30, area)
        scheme = find(COMMUNITY, "yiqi")
        reads = [
            lambda: fieldwork.diary(town.actor("worker")),
            lambda: fieldwork.unit_people(COMMUNITY, scheme),
        ]
        young = [work(read) for read in reads]
        pair(town, 600, area)
        assert [work(read) <= before * 1.15 + 30 for read, before in zip(reads, young, strict=True)] == [True, True]
