"""A register of 100,000 lines out to Excel and CSV: seconds, lines/s, and the memory it takes at a tenth and whole."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bihuan.people.api import Actor
    from bihuan.people.models import Person
    from bihuan.reporting.api import Opened

REGISTER = "livelihood_card"
_EVERY = 0.05


def resident_mb() -> float:
    """Return the memory this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def peak(act: Callable[[], int]) -> tuple[float, float, int]:
    """Return seconds, the most memory held above the beginning in MB, and how many lines were written."""
    begun, top, done = resident_mb(), [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(_EVERY):
            top[0] = max(top[0], resident_mb() - begun)

    watcher = threading.Thread(target=watch)
    watcher.start()
    at = time.perf_counter()
    try:
        lines = act()
    finally:
        seconds = time.perf_counter() - at
        done.set()
        watcher.join()
    return seconds, top[0], lines


def measure(person: Person, areas: dict[str, str]) -> dict[str, Any]:
    """Time both exports of each area; ``areas``: what it stands for → its code."""
    from bihuan.people.api import actor_of
    from bihuan.reporting.api import View, open_register

    actor = actor_of(person)
    return {name: _measure(actor, open_register(actor, REGISTER, code, View())) for name, code in areas.items()}


def _measure(actor: Actor, opened: Opened) -> dict[str, Any]:
    from bihuan.reporting.api import export_csv, export_xlsx

    def xlsx() -> int:
        with tempfile.TemporaryFile() as file:
            return export_xlsx(actor, opened, file)

    def csv() -> int:
        return sum(part.count("\n") for part in export_csv(actor, opened)) - 1

    found = {}
    for name, act in (("xlsx", xlsx), ("csv", csv)):
        seconds, memory, lines = peak(act)
        found[name] = {"seconds": seconds, "lines": lines, "rate": lines / seconds, "peak_mb": memory}
    return found


TITLES = {"xlsx": "Excel", "csv": "CSV"}
_MORE = 1.5
_SAME_MB = 10.0  # as little is noise: what the allocator happens to hold


def district() -> dict[str, Any]:
    """Measure what is in the database: the street nearest to a tenth of the district's matters, then the district.

    A small register goes first, unmeasured: what is loaded once is no memory of the lines.
    """
    from django.db.models import Count

    from bench.world import COMMUNITY, DISTRICT
    from bihuan.matters.models import Matter
    from bihuan.people.models import Person

    streets = dict(Matter.objects.values_list("street_code").annotate(n=Count("pk")).values_list("street_code", "n"))
    tenth = min(streets, key=lambda code: abs(streets[code] * 10 - sum(streets.values())))
    found = measure(
        Person.objects.get(user__username="bench-district_staff"),
        {"warm": COMMUNITY, "tenth": tenth, "whole": DISTRICT},
    )
    del found["warm"]
    return found


def table(found: dict[str, Any]) -> list[str]:
    """Return the lines of ``docs/benchmarks.md``; ``found``: what ``district`` gave."""
    lines = found["whole"]["xlsx"]["lines"]
    rows = []
    for key, title in TITLES.items():
        whole, tenth = found["whole"][key], found["tenth"][key]
        rows.append(
            f"| {title} | {whole['seconds']:.1f} | {whole['rate']:,.0f} "
            f"| {tenth['peak_mb']:.1f} MB ({tenth['lines']:,} lines) | {whole['peak_mb']:.1f} MB |"
        )
    return [
        f"| a register of {lines:,} lines out to | seconds | lines/s | memory above the beginning: a tenth | whole |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "In a process of its own, after a community's register: what is loaded once is no memory of the lines.",
        "",
    ]


def constant(found: dict[str, Any]) -> bool:
    """Say whether ten times the lines take the same memory."""
    return all(
        found["whole"][key]["peak_mb"]
        <= max(found["tenth"][key]["peak_mb"] * _MORE, found["tenth"][key]["peak_mb"] + _SAME_MB)
        for key in TITLES
    )
