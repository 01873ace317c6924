"""A register of 100,000 lines out to Excel and CSV: seconds, lines/s, and the memory it takes at a tenth and whole."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bihuan.people.api import Actor, actor_of
from bihuan.people.models import Person
from bihuan.reporting.api import Opened, View, export_csv, export_xlsx, open_register

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
    actor = actor_of(person)
    return {name: _measure(actor, open_register(actor, REGISTER, code, View())) for name, code in areas.items()}


def _measure(actor: Actor, opened: Opened) -> dict[str, Any]:
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
