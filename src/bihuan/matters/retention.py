"""How long personal values are kept: a term that begins when the matter closes, and is taken back when it reopens."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bihuan.kernel.api import clock, sql
from bihuan.matters.methodinfo import DEFAULT_RETENTION_DAYS, MethodInfo
from bihuan.matters.sealedtext import POINT

_DAYS = {"days": 1.0, "workdays": 1.5, "hours": 1 / 24, "work_hours": 1 / 8, "minutes": 1 / 1440}


def terms(info: MethodInfo) -> dict[str, int]:
    """Return how many days after closing each personal value is kept: the method's term; 180 for what is encrypted."""
    found = {"phone": DEFAULT_RETENTION_DAYS, "reporter_name": DEFAULT_RETENTION_DAYS}
    found |= {"follower_phone": DEFAULT_RETENTION_DAYS, "follower_name": DEFAULT_RETENTION_DAYS}
    for name, spec in info.file.fields.items():
        if spec.retention is not None:
            found[name] = max(1, round(spec.retention.amount * _DAYS[spec.retention.unit]))
        elif info.personal(name):
            found[name] = DEFAULT_RETENTION_DAYS
    if "text" in found:  # where it was is told with what it was
        found[POINT] = found["text"]
    return found


def set_terms(matter_id: UUID, info: MethodInfo, closed_at: datetime | None) -> None:
    """Set the last day on which a matter's personal values are kept; none while it is open. One statement."""
    kept = terms(info)
    marks = ", ".join(["%s"] * len(kept))
    where = f"subject_type = 'matter' AND subject_id = %s AND erased_at IS NULL AND name IN ({marks})"
    if closed_at is None:
        sql.execute(f"UPDATE kernel_sealed SET expires_on = NULL WHERE {where}", [matter_id, *kept])  # noqa: S608
        return
    day = closed_at.astimezone(clock.ZONE).date()
    cases = " ".join(["WHEN %s THEN %s"] * len(kept))
    values = [part for name, days in kept.items() for part in (name, (day + timedelta(days=days)).isoformat())]
    cast = "" if sql.is_sqlite() else "::date"
    sql.execute(
        f"UPDATE kernel_sealed SET expires_on = (CASE name {cases} END){cast} WHERE {where}",  # noqa: S608
        [*values, matter_id, *kept],
    )
