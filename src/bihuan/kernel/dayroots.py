"""The daily root: one hash that fixes every entry recorded on one day; published, so that it cannot be taken back.

The leaves are the entries' hashes in the order of (recorded_at, id). A day is one of Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from . import clock, merkle, sql
from .errors import BadInput, NotFound, Problem
from .models import DayRoot, Entry

GRACE = timedelta(hours=1)  # writes begun before midnight are committed long before
_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """What somebody needs to check, without us, that an entry stood in a published day."""

    entry_id: UUID
    entry_hash: bytes
    day: date
    index: int
    count: int
    path: tuple[bytes, ...]
    root: bytes

    def holds(self) -> bool:
        """Tell whether the path leads from the entry's hash to the root."""
        return merkle.includes(self.root, self.entry_hash, self.index, self.count, self.path)

    def as_dict(self) -> dict[str, Any]:
        """Return the proof as plain JSON, hashes in hex."""
        return {
            "entry_id": str(self.entry_id),
            "entry_hash": self.entry_hash.hex(),
            "day": self.day.isoformat(),
            "index": self.index,
            "count": self.count,
            "path": [step.hex() for step in self.path],
            "root": self.root.hex(),
        }


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first instant of ``day`` in Asia/Shanghai and that of the next."""
    begins = datetime.combine(day, time.min, clock.ZONE)
    return begins, begins + timedelta(days=1)


def day_leaves(day: date) -> Iterator[tuple[Any, bytes]]:
    """Yield (id as the driver gives it, hash) of a day's entries, in the order of the tree; memory stays constant."""
    begins, ends = day_bounds(day)
    after: tuple[Any, ...] = (begins, UUID(int=0))
    text = "recorded_at || ''" if connection.vendor == "sqlite" else "recorded_at"
    while True:
        found = sql.rows(
            f"""SELECT id, {text}, hash FROM kernel_entry
            WHERE recorded_at >= %s AND recorded_at < %s AND (recorded_at, id) > (%s, %s)
            ORDER BY recorded_at, id LIMIT {_CHUNK}""",  # noqa: S608
            (begins, ends, *after),
        )
        for key, _at, hashed in found:
            yield key, hashed.encode() if isinstance(hashed, str) else bytes(hashed)
        if len(found) < _CHUNK:
            return
        after = (found[-1][1], found[-1][0])


def compute_root(day: date) -> tuple[int, bytes]:
    """Return how many entries a day has now, and the root over them."""
    builder = merkle.Builder()
    for _key, hashed in day_leaves(day):
        builder.add(hashed)
    return builder.count, builder.root()


def make_day_root(day: date) -> DayRoot:
    """Make and keep the root of a day that has ended; one that is there already is returned as it is.

    Raises:
        BadInput: when the day has not ended (with an hour's grace).
    """
    if (kept := DayRoot.objects.filter(pk=day).first()) is not None:
        return kept
    if clock.now() < day_bounds(day)[1] + GRACE:
        raise BadInput(Problem("day", _("这一天还没有结束。"), _("请在次日 1 时以后生成日根。")))
    count, root = compute_root(day)
    sql.insert(
        "kernel_dayroot",
        ("day", "count", "root", "made_at"),
        (day, count, root, clock.now()),
        "ON CONFLICT (day) DO NOTHING",
    )
    return DayRoot.objects.get(pk=day)


def make_missing_roots(limit: int = 400) -> int:
    """Make the roots of all ended days since the first entry that have none; returns how many were made."""
    first = Entry.objects.order_by("recorded_at").values_list("recorded_at", flat=True).first()
    if first is None:
        return 0
    made = set(DayRoot.objects.values_list("day", flat=True))
    day, last = first.astimezone(clock.ZONE).date(), (clock.now() - GRACE).astimezone(clock.ZONE).date()
    count = 0
    while day < last and count < limit:
        if day not in made:
            make_day_root(day)
            count += 1
        day += timedelta(days=1)
    return count


def prove(entry_id: UUID) -> InclusionProof:
    """Return the proof that an entry is in the published root of its day.

    Raises:
        NotFound: no such entry, or its day has no root yet.
    """
    entry = Entry.objects.filter(pk=entry_id).first()
    kept = None
    if entry is not None:
        kept = DayRoot.objects.filter(pk=entry.recorded_at.astimezone(clock.ZONE).date()).first()
    if entry is None or kept is None:
        raise NotFound(Problem("", _("没有这条记录，或当日的日根尚未生成。"), _("日根在次日凌晨生成。")))
    leaves = list(day_leaves(kept.day))
    index = next(i for i, (key, _hash) in enumerate(leaves) if sql.as_uuid(key) == entry_id)
    hashes = [hashed for _key, hashed in leaves]
    path = tuple(merkle.proof(hashes, index))
    return InclusionProof(entry_id, hashes[index], kept.day, index, len(hashes), path, bytes(kept.root))
