"""How often somebody may do something: a counter for each bucket, source and window, by one statement.

Fixed windows: across the edge of two windows a source can do twice the limit once; that is enough against floods,
and costs one upsert. Sources are stored as keyed hashes and swept after their window: never a profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from . import clock, sql
from .keys import keyed_hash
from .models import RateCount

_UPSERT = (
    "INSERT INTO kernel_ratecount (key, count, expires_at) VALUES (%s, 1, %s) "
    "ON CONFLICT (key) DO UPDATE SET count = kernel_ratecount.count + 1 RETURNING count"
)


@dataclass(frozen=True, slots=True)
class Decision:
    """May it happen; if not, after how many seconds. ``count`` includes this time."""

    allowed: bool
    retry_after: int
    count: int


def hit(bucket: str, source: str, limit: int, seconds: int, *, now: datetime | None = None) -> Decision:
    """Count one act of ``source`` in ``bucket`` and say whether it is within ``limit`` a window of ``seconds``.

    Call it outside the use case's transaction, or a refusal is rolled back with the rest.

    Args:
        bucket: "report", "sign-in"; at most 30 characters.
        source: an address, an account, a phone number; hashed before it is stored.
        limit: how many times a window.
        seconds: length of the window.
        now: the instant; the clock's by default.
    """
    moment = (now or clock.now()).timestamp()
    window = int(moment // seconds)
    ends = (window + 1) * seconds
    key = f"{bucket[:30]}:{keyed_hash('throttle', f'{bucket}:{source}'.encode())[:16].hex()}:{window}"
    expires = datetime.fromtimestamp(ends, tz=clock.ZONE)
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, sql.adapt((key, expires)))
        count = int(cursor.fetchone()[0])
    allowed = count <= limit
    return Decision(allowed, 0 if allowed else max(1, int(ends - moment + 0.999)), count)


def forget(bucket: str, source: str) -> None:
    """Forget what a source did in a bucket (after it proved to be in good faith, by signing in)."""
    start = f"{bucket[:30]}:{keyed_hash('throttle', f'{bucket}:{source}'.encode())[:16].hex()}:"
    RateCount.objects.filter(key__startswith=start).delete()


def sweep_throttle(now: datetime | None = None) -> int:
    """Delete windows that have ended."""
    return RateCount.objects.filter(expires_at__lt=(now or clock.now()) - timedelta(seconds=1)).delete()[0]
