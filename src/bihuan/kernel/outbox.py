"""What must be told outside: written in the transaction that caused it, delivered by the worker.

What is guaranteed, exactly:

* **Enqueued once.** ``dedupe_key`` is unique; the message exists if and only if the transaction that caused it
  was committed.
* **Never lost.** An item is ``sent`` only after its channel returned without an error. A crash at any point before that
  lets the lease run out, and another deliverer takes the item again. After ``MAX_ATTEMPTS`` failures it stays,
  ``failed``, with the last error, until a person calls ``retry``.
* **Never sent twice by two deliverers.** A claim is one atomic UPDATE (with SKIP LOCKED on PostgreSQL), one item at a
  time, under a lease longer than any channel's time-out; marking it done is fenced by the claim's attempt number.
* **The one gap that no sender can close:** when the process dies after the receiver accepted and before the row says
  ``sent``, the item goes out again. It then carries the same id as ``Idempotency-Key`` (webhook) or ``Message-ID``
  (e-mail), by which the receiver drops the second copy. Group robots and SMS gateways that ignore the key may show
  it twice in that case alone; losing it instead would be worse.
* **Not kept longer than needed.** What went by a channel registered with ``keeps=False`` (codes, numbers) loses address
  and content in the statement that says ``sent``; a message with ``expires_at`` loses them then, and is not sent later.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from . import clock, sql
from .errors import BadInput, Problem
from .ids import new_id
from .models import OutboxItem

MAX_ATTEMPTS = 10
LEASE = timedelta(seconds=120)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
KEEP_SENT = timedelta(days=30)

_log = logging.getLogger(__name__)
_TABLE = "kernel_outboxitem"
_COLUMNS = (
    "id",
    "channel",
    "target",
    "payload",
    "dedupe_key",
    "state",
    "attempts",
    "due_at",
    "lease_until",
    "last_error",
    "sent_at",
    "expires_at",
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way. ``id`` is stable over all attempts: the Idempotency-Key."""

    id: UUID
    channel: str
    target: str
    payload: dict[str, Any]
    attempt: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round did."""

    sent: int = 0
    retried: int = 0
    failed: int = 0


class PermanentFailure(Exception):
    """The channel knows that trying again is of no use (no such address, a revoked robot)."""


Channel = Callable[[Delivery], None]
_channels: dict[str, Channel] = {}
_blanked: set[str] = set()  # channels whose messages lose address and content once they are sent


def register_channel(name: str, fn: Channel, *, keeps: bool | None = None) -> None:
    """Set what delivers messages of channel ``name``; the last one registered counts (a place's own SMS gateway).

    Args:
        name: as given to ``enqueue``.
        fn: sends one ``Delivery`` and returns, or raises; it must give up well within ``LEASE`` (120 s).
        keeps: whether address and content of what was sent stay for 30 days (True for a new channel by default), or
            are blanked with the delivery. None leaves a channel that is replaced as it was.
    """
    _channels[name] = fn
    if keeps is not None:
        (_blanked.discard if keeps else _blanked.add)(name)


def channels() -> tuple[str, ...]:
    """Return the names of the registered channels."""
    return tuple(sorted(_channels))


def deliver_by(channel: str, item: Delivery) -> None:
    """Hand a message on to another channel: for one that looks the address up at the moment of delivery.

    Raises:
        PermanentFailure: no such channel. Whatever the channel raises.
    """
    fn = _channels.get(channel)
    if fn is None:
        raise PermanentFailure(f"no channel {channel!r}")
    fn(item)


def enqueue(
    channel: str,
    target: str,
    payload: dict[str, Any],
    dedupe_key: str,
    *,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Write a message into the outbox by one statement; False where the key is there already.

    Args:
        channel: "email", "webhook", "sms" or a registered one.
        target: address, URL or number.
        payload: "text", and for e-mail "subject".
        dedupe_key: what makes it this message and no other, e.g. ``"matter.closed:<entry id>:<person id>"``.
        due_at: not before; now by default.
        expires_at: of no use afterwards (a code): then it is blanked and not sent.

    Raises:
        BadInput: where a field is empty or too long.
    """
    if not target or len(target) > 300 or not dedupe_key or len(dedupe_key) > 160 or len(channel) > 16:
        raise BadInput(Problem("target", _("发送地址为空或过长。"), _("请检查地址。")))
    values = (
        new_id(),
        channel,
        target,
        payload,
        dedupe_key,
        OutboxItem.State.WAITING.value,
        0,
        due_at or clock.now(),
        None,
        "",
        None,
        expires_at,
    )
    return bool(sql.insert(_TABLE, _COLUMNS, values, "ON CONFLICT (dedupe_key) DO NOTHING"))


def claim(now: datetime) -> Delivery | None:
    """Take the item that is due longest, for ``LEASE``; None where nothing is due. Call outside a transaction."""
    lock = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    found = sql.rows(
        f"""UPDATE {_TABLE} SET state = 'sending', lease_until = %s, attempts = attempts + 1
        WHERE id = (
            SELECT id FROM {_TABLE}
            WHERE state IN ('waiting', 'sending') AND due_at <= %s AND (lease_until IS NULL OR lease_until <= %s)
            AND (expires_at IS NULL OR expires_at > %s)
            ORDER BY due_at LIMIT 1 {lock}
        ) RETURNING id, channel, target, payload, attempts""",  # noqa: S608
        (now + LEASE, now, now, now),
    )
    if not found:
        return None
    key, channel, target, payload, attempt = found[0]
    payload = orjson.loads(payload) if isinstance(payload, (str, bytes)) else payload
    return Delivery(sql.as_uuid(key), channel, target, payload, attempt)


def deliver_due(now: datetime | None = None, limit: int = 50) -> Delivered:
    """Deliver up to ``limit`` due items, one claim each; safe beside any number of other deliverers.

    Must not run inside a transaction: each claim and each result is committed by itself.
    """
    now = now or clock.now()
    began = time.monotonic()
    sent = retried = failed = 0
    if not _anything(now):  # an idle round takes no write lock
        return Delivered()
    for _n in range(limit):
        moment = now + timedelta(seconds=time.monotonic() - began)
        item = claim(moment)
        if item is None:
            break
        error = _send(item)
        moment = now + timedelta(seconds=time.monotonic() - began)
        if error is None:
            sent += _settle(item, "sent", moment, "")
        elif isinstance(error, PermanentFailure) or item.attempt >= MAX_ATTEMPTS:
            failed += _settle(item, "failed", moment, str(error))
        else:
            retried += _settle(item, "waiting", moment + backoff(item.attempt), str(error))
    return Delivered(sent, retried, failed)


def _anything(now: datetime) -> bool:
    return bool(
        sql.rows(
            f"""SELECT 1 FROM {_TABLE} WHERE state IN ('waiting', 'sending') AND due_at <= %s
            AND (lease_until IS NULL OR lease_until <= %s)
            AND (expires_at IS NULL OR expires_at > %s) LIMIT 1""",  # noqa: S608
            (now, now, now),
        )
    )


def backoff(attempt: int) -> timedelta:
    """Return the pause after failed attempt 1, 2, 3 …: 30 s, 1 min, 2 min … at most 6 h."""
    return min(LONGEST_RETRY, FIRST_RETRY * (1 << min(attempt - 1, 20)))


def retry(item_id: UUID) -> bool:
    """Let a failed item be tried again from the beginning; False where it has not failed, or is blank by now."""
    return bool(
        OutboxItem.objects.filter(pk=item_id, state=OutboxItem.State.FAILED)
        .exclude(target="")
        .update(state=OutboxItem.State.WAITING, attempts=0, due_at=clock.now(), lease_until=None)
    )


def sweep_outbox(now: datetime | None = None) -> int:
    """Empty what was sent more than 30 days ago: address and message go, the key stays so that it is sent once."""
    old = OutboxItem.objects.filter(state="sent", sent_at__lt=(now or clock.now()) - KEEP_SENT).exclude(target="")
    return old.update(target="", payload={})


def expire_outbox(now: datetime | None = None) -> int:
    """Blank what has expired, sent or not; what was still on its way is given up. Returns how many.

    One that is being sent right now is left to its deliverer's lease, at most two minutes.
    """
    moment = now or clock.now()
    old = OutboxItem.objects.filter(expires_at__lte=moment)
    if not old.exists():  # an idle round takes no write lock
        return 0
    old = old.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=moment))
    gone: dict[str, Any] = {"target": "", "payload": {}, "expires_at": None, "lease_until": None}
    with transaction.atomic():
        count = old.exclude(state="sent").update(**gone, state=OutboxItem.State.FAILED, last_error="expired")
        return count + old.update(**gone)


def withdraw(channel: str, target: str, *, containing: str = "") -> int:
    """Blank all messages of a channel to one target, sent or not; those on their way are given up.

    With ``containing`` only those whose text says it.
    """
    mine = OutboxItem.objects.filter(channel=channel, target=target)
    if containing:
        mine = mine.filter(payload__text__icontains=containing)
    mine.exclude(state="sent").update(state=OutboxItem.State.FAILED, last_error="withdrawn")
    return mine.update(target="", payload={}, expires_at=None)


def _send(item: Delivery) -> Exception | None:
    try:
        fn = _channels.get(item.channel)
        if fn is None:
            return PermanentFailure(f"no channel {item.channel!r}")
        fn(item)
    except Exception as error:  # noqa: BLE001 - whatever a channel raises, the item must not be lost
        _log.warning("outbox %s by %s, attempt %s: %s", item.id, item.channel, item.attempt, error)
        return error
    return None


def _settle(item: Delivery, state: str, moment: datetime, error: str) -> int:
    """Write the result, unless the lease ran out and somebody else has the item now (another attempt number)."""
    when = "sent_at" if state == "sent" else "due_at"
    blank = ", target = '', payload = '{}', expires_at = NULL" if state == "sent" and item.channel in _blanked else ""
    return sql.execute(
        f"""UPDATE {_TABLE} SET state = %s, lease_until = NULL, last_error = %s, {when} = %s{blank}
        WHERE id = %s AND state = 'sending' AND attempts = %s""",  # noqa: S608
        (state, error[:300], moment, item.id, item.attempt),
    )
