"""What waits for a meeting: found by index ranges at every level, bounded, by two statements."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.matters import api as matters
from bihuan.matters.models import Matter

from .conftest import BUILDINGS, COMMUNITY, Town

pytestmark = pytest.mark.django_db
BODY = "grid_meeting"
LEVELS = [COMMUNITY[:6], COMMUNITY[:9], COMMUNITY]


@pytest.fixture
def waiting(town: Town) -> list[Any]:
    """Three that wait, in two buildings, oldest first, among others that do not."""
    done = []
    for code in (BUILDINGS[0], BUILDINGS[0], BUILDINGS[1]):
        town.later(minutes=1)
        done.append(town.report(area_code=code))
    town.report(area_code=BUILDINGS[0])
    for one in reversed(done):
        town.do("leader", one.matter_id, "triage", category="facility", urgency="normal", level="grid")
    return [one.matter_id for one in done]


@pytest.mark.parametrize("code", LEVELS)
def test_it_is_found_at_every_level_oldest_first(waiting: list[Any], code: str) -> None:
    assert [matter.pk for matter in matters.waiting_for(BODY, code)] == waiting


def test_only_what_lies_in_the_area(waiting: list[Any]) -> None:
    assert [matter.pk for matter in matters.waiting_for(BODY, BUILDINGS[1])] == waiting[2:]
    assert matters.waiting_for(BODY, "410802006") == ()


def test_no_more_than_an_agenda_holds(waiting: list[Any]) -> None:
    assert [matter.pk for matter in matters.waiting_for(BODY, COMMUNITY, limit=2)] == waiting[:2]


def test_some_are_asked_for_and_some_left_out(waiting: list[Any]) -> None:
    assert [matter.pk for matter in matters.waiting_for(BODY, COMMUNITY, ids=waiting[1:2])] == waiting[1:2]
    without = Matter.objects.filter(pk=waiting[0]).values("pk")
    assert [matter.pk for matter in matters.waiting_for(BODY, COMMUNITY, without=without)] == waiting[1:]


@pytest.mark.parametrize("code", LEVELS)
def test_two_statements_each_a_range_of_an_index(waiting: list[Any], code: str) -> None:
    with CaptureQueriesContext(connection) as run:
        matters.waiting_for(BODY, code)
    assert len(run) == 2
    if connection.vendor == "sqlite":
        for query in run:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
                plan = " ".join(str(row[3]) for row in cursor.fetchall())
            assert "matter_running" in plan or "matter_step" in plan, plan
            assert "area_code>" in plan, plan
