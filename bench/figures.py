"""Folding and reading figures: how many matters a second are folded, and what the pages of figures take at each size.

Ten thousand matters are reported by the action people use, spread over twenty months; nine in ten are settled as the
engine settles them, their rows written at once. All are folded by the worker's own job, which is what is timed. A
larger district is this one many times over (``bench.multiply``).
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from bench.load import drive, request
from bench.multiply import BASE
from bench.world import COMMUNITY, DISTRICT, World

BATCH = 500
MONTH = timedelta(days=30)
VISITS = 120
_SORTED = {"category": "facility", "urgency": "normal", "level": "spot", "people_affected": 3}


def grow_base(world: World) -> dict[str, float]:
    """Report and settle the first ten thousand; return how many matters a second were folded, new and settled."""
    from bihuan.kernel.api import clock
    from bihuan.matters.api import report_batch
    from bihuan.people.api import actor_of

    recorder, now = actor_of(world.recorder), timezone.now()
    for batch in range(BASE // BATCH):
        with clock.at(now - MONTH * batch):
            reports = [world.report() | {"channel": "phone"} for _ in range(BATCH)]
            answers = report_batch(actor=recorder, reports=reports)
            assert all(hasattr(answer, "number") for answer in answers), answers[0]
    fresh = _folded()
    _settle(now)
    settled = _folded()
    analyse()
    return {"fold_new": fresh, "fold_settled": settled}


def _folded() -> float:
    from bihuan.matters.models import Matter
    from bihuan.reporting.api import fold_pending

    waiting, begun = Matter.objects.filter(counted=False).count(), time.perf_counter()
    while fold_pending():
        pass
    assert not Matter.objects.filter(counted=False).exists()
    return waiting / (time.perf_counter() - begun)


def _settle(now: datetime) -> None:
    """Let the engine sort, settle and confirm nine in ten; their rows are written at once."""
    from bihuan.matters.models import Matter
    from bihuan.methods.api import By, Event, Outcome, decide, get_method, state_from_json, state_to_json

    moves: list[tuple[str, str, dict[str, Any]]] = [
        ("grid_worker", "triage", _SORTED),
        ("grid_worker", "settle", {"answer": "好了"}),
        ("reporter", "confirm", {"satisfaction": "satisfied"}),
    ]
    rows = list(Matter.objects.order_by("pk"))
    changed = []
    for index, row in enumerate(rows):
        if index % 10 == 0:
            continue
        state, at = state_from_json(row.state_json), row.created_at
        for role, action, data in moves:
            at += timedelta(hours=5 + index % 40)
            by = By("w" if role == "grid_worker" else "r", frozenset({role}))
            kind = ("facility", "environment", "safety", "dispute")[index % 4]
            given = {**data, "category": kind} if action == "triage" else data
            done = decide(get_method(row.version_ref_id), state, Event(action, at, by, given))
            if not isinstance(done, Outcome):
                raise RuntimeError(f"{action}: {done}")
            state = done.state
        row.state_json, row.step, row.is_open = state_to_json(state), state.step, state.is_open
        row.outcome, row.closed_at = state.outcome, state.closed_at
        row.category, row.urgency, row.counted = kind, "normal", False
        row.due_at, row.next_tick_at = None, None
        changed.append(row)
    fields = ["state_json", "step", "is_open", "outcome", "closed_at", "category", "urgency", "counted", "due_at"]
    Matter.objects.bulk_update(changed, [*fields, "next_tick_at"], batch_size=400)
    del now


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM (ANALYZE)")


def refolded(world: World) -> float:
    """Report some more and fold them: how many matters a second, in a district of this size."""
    from bihuan.matters.api import report_batch
    from bihuan.people.api import actor_of

    for _n in range(4):
        report_batch(
            actor=actor_of(world.recorder), reports=[world.report() | {"channel": "phone"} for _ in range(500)]
        )
    return _folded()


def measure(port: int, world: World) -> dict[str, Any]:
    """Return p50 and p95 in milliseconds of each page, one visitor at a time."""
    district = {"Cookie": world.cookie(world.district)}
    last = (timezone.now() - MONTH).strftime("%Y-%m")
    first = (timezone.now() - 12 * MONTH).strftime("%Y-%m")
    month = f"since={last}&until={last}"
    addresses = {
        "cockpit": f"/desk/cockpit/?area={DISTRICT}",
        "month": f"/desk/figures/?area={DISTRICT}&{month}",
        "year": f"/desk/figures/?area={DISTRICT}&since={first}&until={last}",
        "by_street": f"/desk/figures/?area={DISTRICT}&{month}&split=area",
        "by_kind": f"/desk/figures/?area={DISTRICT}&{month}&split=category",
        "by_building": f"/desk/figures/?area={COMMUNITY}&{month}&split=area",
        "list": f"/desk/figures/list/?key=in_time_rate&part=d&area={DISTRICT}&{month}",
    }
    found: dict[str, Any] = {}
    for name, path in addresses.items():
        messages = [request("GET", path, headers=district) for _ in range(VISITS)]
        drive(port, messages[:15], 1)
        run = drive(port, messages, 1)
        if set(run.statuses) != {200}:
            raise RuntimeError(f"{name}: {dict(run.statuses)} {run.sample[:300]!r}")
        found[name] = {"p50": run.percentile(0.5), "p95": run.percentile(0.95)}
    return found


TITLES = {
    "cockpit": "the district's cockpit", "month": "figures of the district, one month",
    "year": "the same, twelve months", "by_street": "by street", "by_kind": "by kind",
    "by_building": "a community, by building", "list": "the list behind a number",
}  # fmt: skip


def slowest_fold(figures: dict[str, Any]) -> float:
    """Return the lowest rate measured: new or settled, in a small district or a large one."""
    later = [page["fold"] for page in figures["pages"].values() if "fold" in page]
    return float(min([figures["fold_new"], figures["fold_settled"], *later]))


def flat(figures: dict[str, Any]) -> dict[str, float]:
    """Return how many times as long each page takes in the largest district as in the smallest (p50)."""
    pages: dict[str, Any] = figures["pages"]
    scales = sorted(map(int, pages))
    first, last = pages[str(scales[0])], pages[str(scales[-1])]
    return {title: last[key]["p50"] / first[key]["p50"] for key, title in TITLES.items() if key in first}


def slowest_page(figures: dict[str, Any]) -> float:
    """Return the highest p95 of any page at any size, in milliseconds."""
    return float(max(page[key]["p95"] for page in figures["pages"].values() for key in TITLES if key in page))


def table(figures: dict[str, Any], intake: float) -> list[str]:
    """Return the lines of ``docs/benchmarks.md`` about one engine; ``intake``: reports accepted a second."""
    pages: dict[str, Any] = figures["pages"]
    scales = sorted(map(int, pages))
    rates = [f"{figures['fold_new']:,.0f}/s new, {figures['fold_settled']:,.0f}/s settled"]
    rates += [
        f"{pages[str(scale)]['fold']:,.0f}/s new among {scale:,}" for scale in scales if "fold" in pages[str(scale)]
    ]
    slowest = slowest_fold(figures)
    lines = [
        f"Figures are folded at {'; '.join(rates)}: {slowest / intake:.1f}× the {intake:,.0f} reports a second that "
        "are accepted.",
        "",
        "| figures, p50 / p95 in ms | "
        + " | ".join(f"{scale:,} matters" for scale in scales)
        + " | largest ÷ smallest (p50) |",
        "|---|" + "---|" * (len(scales) + 1),
    ]
    for key, title in TITLES.items():
        cells = [pages[str(scale)][key] for scale in scales]
        times = " | ".join(f"{cell['p50']:.1f} / {cell['p95']:.1f}" for cell in cells)
        lines.append(f"| {title} | {times} | {cells[-1]['p50'] / cells[0]['p50']:.2f}× |")
    note = (
        "The first ten thousand matters are made by the application; larger districts are copies of them by SQL, each "
        "with its own ids, facts and tallies"
    )
    more = "; past a million without the engine's state, which no page of figures reads" if scales[-1] > 10**6 else ""
    return [*lines, "", f"{note}{more}.", ""]
