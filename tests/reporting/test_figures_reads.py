"""What a reading of figures looks through: the few matters that wait, never all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.people.api import SYSTEM
from bihuan.reporting.api import drill, figures
from bihuan.reporting.figures.folding import fold_pending
from tests.matters.conftest import COMMUNITY, make_town

APRIL = 202404


@pytest.fixture
def counted(db: None) -> None:
    """Matters enough to choose an index by, all of them counted when the statistics are taken."""
    town = make_town()
    for number in range(60):
        town.report(text=f"{number}号楼灯不亮")
    while fold_pending():
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plan_of(query: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
        return " ".join(str(row[3]) for row in cursor.fetchall())


@pytest.mark.sqlite
@pytest.mark.usefixtures("counted")
def test_statistics_of_a_quiet_night_do_not_make_a_reading_go_through_all_matters() -> None:
    reads: tuple[Callable[[], object], ...] = (
        lambda: figures(SYSTEM, COMMUNITY, APRIL, APRIL),
        lambda: drill(SYSTEM, "collected", "", COMMUNITY, APRIL, APRIL),
        fold_pending,
    )
    for read in reads:
        with CaptureQueriesContext(connection) as run:
            read()
        plans = [plan_of(query) for query in run if "NOT counted" in query["sql"]]
        assert plans
        for plan in plans:
            assert "matter_uncounted" in plan, plan
            assert "matter_area" not in plan, plan
