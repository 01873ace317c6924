"""The background loop: whatever must happen by itself, at intervals, in one thread or process.

Jobs are idempotent and safe beside another worker's: several may run on PostgreSQL. A job that fails is logged and
tried again at its next turn; it stops no other.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections, connection

from . import clock

_log = logging.getLogger(__name__)
_POLL = 1.0
_SHORT = 60  # jobs that a wake-up hurries; the daily ones keep their hour
_wake = threading.Event()


@dataclass(slots=True)
class Job:
    """What to call and how often."""

    name: str
    fn: Callable[[], object]
    every_seconds: float
    next_at: float = 0.0


_jobs: dict[str, Job] = {}


def register_job(name: str, fn: Callable[[], object], every_seconds: float) -> None:
    """Have ``fn()`` called about every so many seconds by the worker; the same name again replaces it."""
    _jobs[name] = Job(name, fn, every_seconds)


def jobs() -> dict[str, float]:
    """Return the registered jobs and their intervals."""
    return {job.name: job.every_seconds for job in _jobs.values()}


def wake() -> None:
    """Let a worker in this process look at once; use it in ``transaction.on_commit``."""
    _wake.set()


def run_once(*, everything: bool = False, now: float | None = None) -> list[str]:
    """Run the jobs whose turn it is (or all); return the names of those that failed."""
    moment = time.monotonic() if now is None else now
    failed = []
    for job in list(_jobs.values()):
        if not everything and job.next_at > moment:
            continue
        job.next_at = moment + job.every_seconds
        try:
            job.fn()
        except Exception:  # noqa: BLE001 - logged with its trace; the other jobs go on
            _log.exception("job %s failed at %s", job.name, clock.now().isoformat())
            failed.append(job.name)
            if connection.in_atomic_block is False:
                close_old_connections()
    return failed


def run_worker(stop_event: threading.Event, *, poll: float = _POLL) -> None:
    """Run jobs until ``stop_event`` is set; a running job is let finish."""
    while not stop_event.is_set():
        close_old_connections()
        run_once()
        if _wake.wait(poll):
            _wake.clear()
            for job in _jobs.values():
                if job.every_seconds <= _SHORT:
                    job.next_at = 0.0
    connection.close()
