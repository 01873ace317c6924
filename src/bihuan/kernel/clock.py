"""The one clock. A use case reads it once and passes the instant down.

``at()`` sets it for a block (a replay of past months, a simulation, a test), in this thread or task only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_set: ContextVar[datetime | None] = ContextVar("bihuan_clock", default=None)


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return _set.get() or datetime.now(UTC)


def today() -> date:
    """Return the current day in Asia/Shanghai, where the work is done."""
    return now().astimezone(ZONE).date()


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Let the clock stand at ``moment`` (aware) within the block.

    Raises:
        ValueError: if ``moment`` has no offset; a naive time means different instants on different machines.
    """
    if moment.tzinfo is None:
        raise ValueError("clock.at() needs an aware datetime")
    token = _set.set(moment.astimezone(UTC))
    try:
        yield moment
    finally:
        _set.reset(token)
