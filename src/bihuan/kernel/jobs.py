"""The kernel's own background jobs."""

from __future__ import annotations

import logging
from uuid import uuid4

from . import clock
from .dayroots import make_missing_roots
from .erasure import erase_expired
from .filecheck import sweep_files
from .notices import relay_notices, sweep_notices
from .outbox import deliver_due, expire_outbox, sweep_outbox
from .throttle import sweep_throttle
from .uploads import sweep_uploads
from .worker import register_job

_log = logging.getLogger(__name__)
_HOUR = 3600


def run_queued_tasks() -> None:
    """Run what was queued through django-tasks, if anything is."""
    from django_tasks_db.management.commands.db_worker import Worker
    from django_tasks_db.models import DBTaskResult

    if not DBTaskResult.objects.ready().exists():  # asking first: the worker's claim locks SQLite
        return
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=100,
        worker_id=uuid4().hex,
        excluded_queue_names=[],
    ).run()


def sweep() -> None:
    """Remove what has passed its use: windows of the throttle, old notices, contents of old messages."""
    sweep_throttle(clock.now())
    sweep_notices(clock.now())
    sweep_outbox(clock.now())


def register() -> None:
    """Register the kernel's jobs."""
    register_job("relay", relay_notices, 2)
    register_job("outbox", deliver_due, 2)
    register_job("outbox_expiry", expire_outbox, 20)
    register_job("tasks", run_queued_tasks, 2)
    register_job("day_roots", make_missing_roots, _HOUR)
    register_job("erase_expired", erase_expired, _HOUR)
    register_job("sweep", sweep, _HOUR)
    register_job("sweep_uploads", sweep_uploads, 24 * _HOUR)
    register_job("sweep_files", sweep_files, 24 * _HOUR)
