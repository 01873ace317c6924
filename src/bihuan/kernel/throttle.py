"""How often somebody may do something: a counter for each bucket, source and window, by one statement or less.

Fixed windows: across the edge of two windows a source can do twice the limit once; that is enough against floods,
and costs one upsert (``hit``). For people who are known, whose limit is wide, even that is too much on a busy path:
``hit_lightly`` counts in the process and tells the database now and then. Sources are stored as keyed hashes and
swept after their window: never a profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from . import clock, sql
from .keys import keyed_hash
from .models import RateCount

_UPSERT = (
    "INSERT INTO kernel_ratecount (key, count, expires_at) VALUES (%s, %s, %s) "
    "ON CONFLICT (key) DO UPDATE SET count = kernel_ratecount.count + excluded.count RETURNING count"
)
_TOLD_AFTER = 50  # acts that a process keeps to itself at the most
_MOST_KEPT = 20_000  # sources remembered by a process; the oldest go first


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
    return _decision(_count(bucket, source, window, seconds), limit, window, seconds, moment)


@dataclass(slots=True)
class _Seen:
    """What a source did in a window: as the database last said, and since then in this process alone."""

    shared: int = 0
    alone: int = 0


_seen: dict[tuple[str, str, int, int], _Seen] = {}
_lock = Lock()


def hit_lightly(
    bucket: str, source: str, limit: int, seconds: int, *, times: int = 1, now: datetime | None = None
) -> Decision:
    """Count ``times`` acts as ``hit`` does, but in this process, which tells the database of them now and then.

    Most calls cost no statement; one comes when as many acts are untold as a sixteenth of the limit (at most 50).
    So a source that spreads its acts over several processes can pass its limit by that many for each of them. What
    is refused is not counted: a batch that does not fit leaves room for a smaller one.

    Args:
        bucket: as in ``hit``.
        source: a person's id: for who is known, where a wide limit needs no more exactness.
        limit: how many times a window.
        seconds: length of the window.
        times: how many acts come at once.
        now: the instant; the clock's by default.
    """
    moment = (now or clock.now()).timestamp()
    window = int(moment // seconds)
    with _lock:
        seen = _remembered((bucket, source, seconds, window))
        wanted = seen.shared + seen.alone + times
        if wanted > limit:
            return _decision(wanted, limit, window, seconds, moment)
        seen.alone += times
        if seen.alone < max(1, min(_TOLD_AFTER, limit // 16)):
            return _decision(wanted, limit, window, seconds, moment)
        told, seen.alone = seen.alone, 0
        seen.shared += told
    count = _count(bucket, source, window, seconds, told)
    with _lock:
        seen.shared = max(seen.shared, count)
    return _decision(count, limit, window, seconds, moment)


def _remembered(key: tuple[str, str, int, int]) -> _Seen:
    found = _seen.get(key)
    if found is None:
        while len(_seen) >= _MOST_KEPT:
            del _seen[next(iter(_seen))]
        found = _seen[key] = _Seen()
    return found


def _count(bucket: str, source: str, window: int, seconds: int, times: int = 1) -> int:
    """Add to the database's counter of a window; returns what it says then."""
    key = f"{bucket[:30]}:{keyed_hash('throttle', f'{bucket}:{source}'.encode())[:16].hex()}:{window}"
    expires = datetime.fromtimestamp((window + 1) * seconds, tz=clock.ZONE)
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, sql.adapt((key, times, expires)))
        return int(cursor.fetchone()[0])


def _decision(count: int, limit: int, window: int, seconds: int, moment: float) -> Decision:
    allowed = count <= limit
    return Decision(allowed, 0 if allowed else max(1, int((window + 1) * seconds - moment + 0.999)), count)


def source_of(request: HttpRequest) -> str:
    """Return the address of the device; behind ``PROXY_COUNT`` trusted proxies, what the outermost one saw."""
    proxies = int(getattr(settings, "PROXY_COUNT", 0))
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def sweep_throttle(now: datetime | None = None) -> int:
    """Delete windows that have ended."""
    return RateCount.objects.filter(expires_at__lt=(now or clock.now()) - timedelta(seconds=1)).delete()[0]
