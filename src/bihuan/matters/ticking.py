"""Letting clocks speak: cards, rungs and lapses, each said once for one due instant."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bihuan.kernel.api import SYSTEM_REF, clock, new_id, sql
from bihuan.matters import store
from bihuan.matters.entering import append_move, moved_body
from bihuan.matters.loading import load
from bihuan.matters.methodinfo import info_of
from bihuan.matters.retention import set_terms
from bihuan.matters.tell import Told, tell
from bihuan.methods.api import SYSTEM, Event, Refusals, decide, next_tick


def tick_due(now: datetime | None = None, limit: int = 200) -> int:
    """Let the clocks of up to ``limit`` matters say what is due; returns how many spoke.

    Each matter is its own transaction; two workers never tick one matter twice (lock, version, and the state
    remembers what was said for which due instant).
    """
    now = now or clock.now()
    rows = sql.rows(
        f"SELECT id FROM matters_matter WHERE next_tick_at IS NOT NULL AND next_tick_at <= %s ORDER BY next_tick_at LIMIT {int(limit):d}",  # noqa: S608, E501
        [now],
    )
    return sum(tick(sql.as_uuid(row[0]), now) for row in rows)


def tick(matter_id: UUID, now: datetime) -> bool:
    """Let one matter's clocks say what is due at ``now``; False where nothing was."""
    with transaction.atomic():
        loaded = load(matter_id, skip_locked=True)
        if loaded is None:
            return False
        current, info = loaded.current, info_of(loaded.current.version_id)
        outcome = decide(info.method, current.state, Event("tick", now, SYSTEM, {}))
        if isinstance(outcome, Refusals) or outcome.state == current.state:
            later = next_tick(info.method, current.state)
            later = None if later is not None and later <= now else later
            sql.execute("UPDATE matters_matter SET next_tick_at = %s WHERE id = %s", [later, matter_id])
            return False
        after = outcome.state
        entry_id = new_id(now)
        body = moved_body(info, current, outcome, "tick", ("system",))
        head = append_move(loaded, info, "matter.ticked", SYSTEM_REF, body, (), entry_id, None, now)
        store.rewrite(current, after, method=info.method, head=head, now=now)
        if current.state.is_open != after.is_open:
            set_terms(current.id, info, after.closed_at)
        told = Told(current, loaded.community_name, info.method, info, entry_id, now, None)
        tell(told, current.state, after, outcome.effects, "")
    return True
