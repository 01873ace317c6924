"""What robots tell: events come from a source that a package above registers; this job puts them into the outbox.

The causing transaction pays nothing: events are read from the record afterwards. How far a robot has been told stands
on its row and moves in the transaction that enqueues; two workers never hold one robot (``SKIP LOCKED``). Because an
entry's instant is read before it is committed, each round looks back over ``OVERLAP`` again: the outbox's key, one per
robot and entry, lets nothing pass twice. New reports are summed up over windows that end ``LAG`` ago.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from bihuan.kernel.api import clock, enqueue
from bihuan.people.models import Robot
from bihuan.people.robots import CHANNEL

OVERLAP = timedelta(minutes=5)
LAG = timedelta(minutes=1)
ROUND = timedelta(seconds=10)
FAR = timedelta(days=1)  # after a longer standstill of the worker, older events are history


@dataclass(frozen=True, slots=True)
class Line:
    """One event as a group may read it: no name, no words of a resident. ``key`` makes it this event and no other."""

    key: str
    kind: str
    text: str


Events = Callable[[str, datetime, datetime], Iterable[Line]]
Fresh = Callable[[str, datetime, datetime], str]
_sources: list[tuple[Events, Fresh]] = []


def register_robot_source(events: Events, fresh: Fresh) -> None:
    """Say where lines come from; called once at start by a package above.

    Args:
        events: ``events(area_code, after, until)`` returns the lines of what happened in an area.
        fresh: ``fresh(area_code, after, until)`` returns one line that sums up what was reported there, or "".
    """
    if (events, fresh) not in _sources:
        _sources.append((events, fresh))


def feed_robots(now: datetime | None = None) -> int:
    """Put what robots are to tell into their outbox; returns how many messages are new."""
    moment = now or clock.now()
    due = Q(told_until__lte=moment - ROUND)
    ids = Robot.objects.filter(due, active=True, deleted_at__isnull=True).values_list("pk", flat=True)
    return sum(_feed(robot_id, moment) for robot_id in list(ids))


def _feed(robot_id: UUID, now: datetime) -> int:
    with transaction.atomic():
        rows = Robot.objects.filter(pk=robot_id, active=True, deleted_at__isnull=True)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        robot = rows.first()
        if robot is None or robot.told_until >= now:
            return 0
        count = _events(robot, now) if "card" in robot.kinds else 0
        robot.told_until = now
        ends = now - LAG
        if ends - robot.summed_until >= timedelta(minutes=robot.every_minutes):
            count += _digest(robot, ends) if "new" in robot.kinds else 0
            robot.summed_until = ends
        robot.save(update_fields=["told_until", "summed_until"])
    return count


def _events(robot: Robot, now: datetime) -> int:
    after = max(robot.created_at, now - FAR, robot.told_until - OVERLAP)
    count = 0
    for events, _fresh in _sources:
        for line in events(robot.area_code, after, now):
            if line.kind in robot.kinds:
                count += enqueue(CHANNEL, robot.pk.hex, {"text": line.text}, f"robot:{robot.pk.hex}:{line.key}")
    return count


def _digest(robot: Robot, ends: datetime) -> int:
    after = max(robot.summed_until, ends - FAR)
    count = 0
    for number, (_events, fresh) in enumerate(_sources):
        text = fresh(robot.area_code, after, ends)
        if text:
            key = f"robot:{robot.pk.hex}:sum{number}:{int(ends.timestamp())}"
            count += enqueue(CHANNEL, robot.pk.hex, {"text": text}, key)
    return count
