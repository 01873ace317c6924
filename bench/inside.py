"""Rates inside one process, and growing the district to a size."""

from __future__ import annotations

import random
import sys
import time

from django.db import connection
from django.utils import timezone

from bench.world import COMMUNITY, World

SORTED = {"category": "facility", "urgency": "normal", "level": "grid"}
DECISIONS = 20_000
FULL = 600


def rates(world: World) -> dict[str, float]:
    """Return events per second: points located, engine decisions, advance() with everything written."""
    return {
        "points": _points(),
        "points_array": _points_array(),
        "advance": _advance(world),
        "decide": _decide(),
    }


def _points() -> float:
    from bihuan.areas.api import locate

    rng = random.Random(48)
    points = [(113.19 + rng.random() * 0.02, 35.23 + rng.random() * 0.02) for _ in range(20_000)]
    locate(*points[0])
    begun = time.perf_counter()
    for lon, lat in points:
        locate(lon, lat)
    return len(points) / (time.perf_counter() - begun)


def _points_array() -> float:
    from bihuan.areas.api import locate_many

    rng = random.Random(48)
    lons = [113.19 + rng.random() * 0.02 for _ in range(200_000)]
    lats = [35.23 + rng.random() * 0.02 for _ in range(200_000)]
    begun = time.perf_counter()
    locate_many(lons, lats)
    return len(lons) / (time.perf_counter() - begun)


def _advance(world: World) -> float:
    """Classify open matters by the grid worker, one transaction each, through the action people use."""
    from bihuan.kernel.api import new_id
    from bihuan.matters.api import advance
    from bihuan.matters.models import Matter
    from bihuan.people.api import actor_of

    worker = actor_of(world.worker)
    ids = list(
        Matter.objects.filter(community_code=COMMUNITY, is_open=True, step="recorded").values_list("id", flat=True)[
            :300
        ]
    )
    begun = time.perf_counter()
    for matter_id in ids:
        advance(
            actor=worker, matter_id=matter_id, action="triage", entry_id=new_id(),
            data=dict(SORTED),
        )  # fmt: skip
    return len(ids) / (time.perf_counter() - begun)


def _decide() -> float:
    """Let the pure engine sort one reported matter again and again."""
    from bihuan.methods.api import By, Event, Outcome, decide, initial
    from bihuan.methods.queries import method_for

    method = method_for(COMMUNITY)[1]
    now = timezone.now()
    opened = initial(method, Event("report", now, By(None, frozenset({"anyone"})), {"text": "路灯不亮"}))
    assert isinstance(opened, Outcome)
    event = Event("triage", now, By("w", frozenset({"grid_worker"})), SORTED)
    assert isinstance(decide(method, opened.state, event), Outcome)
    begun = time.perf_counter()
    for _ in range(DECISIONS):
        decide(method, opened.state, event)
    return DECISIONS / (time.perf_counter() - begun)


def grow_to(total: int, world: World) -> float:
    """Add reports in batches of 500 until there are ``total``, then close nine in ten; return reports per second.

    The first ``FULL`` come from the community whose pages are timed: its lists then fill a page at every size, and a
    page of fifty lines is compared with a page of fifty lines.
    """
    from bihuan.matters.api import index_pending, report_batch
    from bihuan.matters.models import Matter
    from bihuan.people.api import actor_of

    recorder = actor_of(world.recorder)
    have = start = Matter.objects.count()
    begun = time.perf_counter()
    while have < total:
        within = COMMUNITY if have < FULL else ""
        size = min(500, (FULL if within else total) - have)
        reports = [world.report(within=within) | {"channel": "phone"} for _ in range(size)]
        answers = report_batch(actor=recorder, reports=reports)
        assert all(hasattr(answer, "number") for answer in answers), answers[0]
        have += size
    seconds = time.perf_counter() - begun
    _close_most()
    while index_pending(limit=5000):
        pass
    _analyse()
    print(f"  grown to {have:,} in {seconds:.0f} s", file=sys.stderr)
    return (have - start) / seconds


def _close_most() -> None:
    """Close nine in ten at once by SQL (the only rows here not made by actions), with their to-dos and tallies."""
    last = "substr(replace(cast(id as text), '-', ''), 32, 1)"
    closing = f"is_open AND {last} NOT IN ('0', '1')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE matters_matter SET is_open = false, outcome = 'settled', due_at = NULL, next_tick_at = NULL, "
            f"closed_at = created_at WHERE {closing}"
        )
        cursor.execute("DELETE FROM matters_todo WHERE matter_id IN (SELECT id FROM matters_matter WHERE NOT is_open)")
        cursor.execute(
            "UPDATE matters_areatally SET open = (SELECT count(*) FROM matters_matter m "
            "WHERE m.area_code = matters_areatally.area_code AND m.is_open)"
        )


def _analyse() -> None:
    """Tidy up as the engine does by itself while a district grows over years: statistics, and rows that are no more."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM (ANALYZE)")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
