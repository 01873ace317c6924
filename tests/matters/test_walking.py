"""Filters without an index of their own: the walk is bounded, says so, and misses nothing when it is followed."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.matters import api as matters
from bihuan.matters import walking
from bihuan.matters.api import LedgerFilters
from bihuan.matters.models import Matter

from .conftest import BUILDINGS


@pytest.fixture
def full(town: Any) -> Any:
    channels = ("web", "phone", "paper")
    for n in range(17):
        town.later(hours=1)
        done = town.report(
            text=f"第{n}处路灯不亮",
            area_code=BUILDINGS[n % 3],
            channel=channels[n % 3 if n < 12 else 0],
        )
        if n % 5 == 0:
            town.do("leader", done.matter_id, "triage", category="safety", urgency="normal", level="grid")
    return town


def followed(actor: Any, filters: LedgerFilters, limit: int) -> tuple[list[Any], int]:
    rows, cursor, pages = [], None, 0
    while True:
        page = matters.ledger(actor, filters, cursor, limit)
        rows += page.rows
        pages += 1
        assert pages < 60
        if page.next is None:
            return rows, pages
        cursor = page.next


CASES = [
    LedgerFilters(**dict(zip(("channel", "step", "state", "category", "sort"), values, strict=True)))
    for values in product(("", "paper"), ("", "recorded"), ("", "open", "closed"), ("", "safety"), ("new", "due"))
]


def test_a_bounded_walk_followed_to_its_end_finds_what_an_unbounded_one_finds(
    full: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for filters, who in product(CASES, ("secretary", "worker", "resident")):
        whole, _pages = followed(full.actors[who], filters, 50)
        with monkeypatch.context() as short:
            short.setattr(walking, "STRIDES", (2, 4))
            steps, _pages = followed(full.actors[who], filters, 3)
        assert [row.id for row in steps] == [row.id for row in whole], (who, filters)
        for name in ("channel", "step", "category"):
            wanted = getattr(filters, name)
            assert all(getattr(row, name) == wanted for row in whole if wanted), (who, filters)
        assert all(row.is_open for row in whole if filters.state == "open"), (who, filters)
    assert len(followed(full.secretary, LedgerFilters(channel="paper", step="recorded"), 50)[0]) > 1


def test_what_lets_nothing_through_says_how_far_it_looked(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "STRIDES", (2, 5))
    page = matters.ledger(full.secretary, LedgerFilters(step="nowhere"), None, 50)
    assert page.rows == ()
    assert page.capped
    assert page.next is not None
    rows, pages = followed(full.secretary, LedgerFilters(step="nowhere"), 50)
    assert rows == []
    assert pages == 4  # 5 + 5 + 5 + 2


def test_a_walk_takes_few_statements(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "STRIDES", (2, 5))
    with CaptureQueriesContext(connection) as captured:
        matters.ledger(full.secretary, LedgerFilters(channel="paper"), None, 50)
    assert len(captured) <= 7


def test_filters_of_a_search_for_one_character_hold(full: Any) -> None:
    found, _pages = followed(full.secretary, LedgerFilters(text="灯", channel="paper"), 3)
    assert {row.id for row in found} == set(Matter.objects.filter(channel="paper").values_list("pk", flat=True))
    assert not followed(full.secretary, LedgerFilters(text="灯", state="closed"), 3)[0]
