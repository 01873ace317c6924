"""How long personal values are kept: a term that begins when the matter closes, and is taken back when it reopens."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bihuan.kernel.api import clock, sql
from bihuan.matters.methodinfo import DEFAULT_RETENTION_DAYS, MethodInfo

_DAYS = {"days": 1.0, "workdays": 1.5, "hours": 1 / 24, "work_hours": 1 / 8, "minutes": 1 / 1440}


def days_kept(info: MethodInfo, field: str) -> int:
    """Return how many days after closing a field's personal value is kept: the method's term, else 180."""
    spec = info.file.fields.get(field)
    if spec is None or spec.retention is None:
        return DEFAULT_RETENTION_DAYS
    return max(1, round(spec.retention.amount * _DAYS[spec.retention.unit]))


def set_terms(matter_id: UUID, info: MethodInfo, closed_at: datetime | None) -> None:
    """Set the last day on which a matter's encrypted values are kept; none while it is open. One statement."""
    if closed_at is None:
        sql.execute(
            "UPDATE kernel_sealed SET expires_on = NULL WHERE subject_type = 'matter' AND subject_id = %s "
            "AND encrypted AND erased_at IS NULL",
            [matter_id],
        )
        return
    day = closed_at.astimezone(clock.ZONE).date()
    names = sorted({"phone", "reporter_name", *(name for name in info.fields if info.personal(name))})
    cases = " ".join(["WHEN %s THEN %s"] * len(names))
    values = [part for name in names for part in (name, (day + timedelta(days=days_kept(info, name))).isoformat())]
    cast = "" if sql.is_sqlite() else "::date"
    sql.execute(
        f"UPDATE kernel_sealed SET expires_on = (CASE name {cases} ELSE NULL END){cast} "  # noqa: S608
        "WHERE subject_type = 'matter' AND subject_id = %s AND encrypted AND erased_at IS NULL",
        [*values, matter_id],
    )
