"""How many statements each use case costs. The numbers are a promise: a page that grows slower fails here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.api import clock, new_id
from bihuan.matters import api as matters
from bihuan.matters.methodinfo import info_of
from bihuan.people.api import ANONYMOUS

from .conftest import BUILDINGS, COMMUNITY

_FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def statements(fn: Callable[[], Any], most: int) -> Any:
    """Run ``fn``; fail when it takes more than ``most`` statements besides BEGIN and COMMIT (two more with them)."""
    with CaptureQueriesContext(
        connection,
    ) as caught:
        result = fn()
    work = [query["sql"] for query in caught.captured_queries if not query["sql"].startswith(_FRAME)]
    frame = len(caught.captured_queries) - len(work)
    listing = "\n".join(text[:160] for text in work)
    assert len(work) <= most, f"{len(work)} statements (and {frame} of the frame):\n{listing}"
    return result


@pytest.fixture
def warm(town: Any) -> Any:
    info_of(town.version.pk)
    town.triage(town.report().matter_id)
    return town


def test_an_anonymous_report_by_door_takes_at_most_eight(warm: Any) -> None:
    def act() -> Any:
        return warm.report(ANONYMOUS, area_code=None, door_token=f"door-{BUILDINGS[0]}", phone="13812345678")

    statements(act, 8)


def test_a_signed_in_report_takes_at_most_ten(warm: Any) -> None:
    statements(lambda: warm.report(phone="13812345678", reporter_name="卫居民", category="facility"), 10)


def test_sorting_a_matter_takes_at_most_twelve(warm: Any) -> None:
    done = warm.report(ANONYMOUS, phone="13812345678")
    statements(lambda: warm.triage(done.matter_id), 12)


def test_assigning_three_people_takes_at_most_twelve(warm: Any) -> None:
    done = warm.report(phone="13812345678")
    warm.triage(done.matter_id)

    def act() -> Any:
        return warm.do(
            "secretary",
            done.matter_id,
            "grid_resolve",
            meeting="meeting:grid_meeting",
            data={"result": {"carried": True}, "resolution": "换灯", "parties": warm.one_one_one()},
        )

    statements(act, 12)


def test_closing_with_followers_takes_at_most_twelve(warm: Any) -> None:
    done = warm.report(phone="13812345678")
    matters.follow(actor=warm.neighbour, id=new_id(), matter_id=done.matter_id)
    warm.to_checking(done.matter_id)
    warm.do("neighbour", done.matter_id, "sign_off")
    statements(lambda: warm.do("resident", done.matter_id, "confirm", satisfaction="satisfied"), 12)


def test_a_ledger_page_takes_at_most_four(warm: Any) -> None:
    for _n in range(3):
        warm.to_acting(warm.report().matter_id)
    for filters in (matters.LedgerFilters(), matters.LedgerFilters(area=COMMUNITY, sort="due")):
        page = statements(lambda filters=filters: matters.ledger(warm.secretary, filters), 4)
        assert page.rows


def test_a_search_takes_at_most_twelve(warm: Any) -> None:
    matters.index_pending()
    warm.report()
    page = statements(lambda: matters.search(warm.secretary, "路灯"), 12)
    assert len(page.rows) == 2


def test_a_matter_page_takes_at_most_twelve(warm: Any) -> None:
    done = warm.report()
    warm.to_checking(done.matter_id)
    with clock.at(warm.now):
        page = statements(lambda: matters.matter_page(warm.secretary, done.matter_id), 9)
    assert len(page.timeline) == 5


def test_a_public_page_takes_at_most_six(warm: Any) -> None:
    done = warm.report()
    warm.to_checking(done.matter_id)
    assert statements(lambda: matters.public_page(done.number), 6) is not None


def test_a_todo_page_takes_two(warm: Any) -> None:
    warm.report()
    assert statements(lambda: matters.todo(warm.leader), 2).rows


def test_a_batch_takes_as_many_statements_for_fifty_as_for_five(warm: Any) -> None:
    def batch(count: int) -> Any:
        rows = [
            {"id": new_id(), "text": f"第{n}处围墙破损", "area_code": BUILDINGS[n % 3], "channel": "paper"}
            for n in range(count)
        ]
        return matters.report_batch(actor=warm.secretary, reports=rows)

    with CaptureQueriesContext(connection) as few:
        batch(5)
    with CaptureQueriesContext(connection) as many:
        assert all(isinstance(answer, matters.Reported) for answer in batch(39))
    assert len(many.captured_queries) <= len(few.captured_queries)
