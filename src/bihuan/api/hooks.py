"""Hooks: an address is told of what happens in an area; each message signed, retried, kept to be sent again.

Signed as the Standard Webhooks specification says: HMAC-SHA256 over ``id.timestamp.body`` with the hook's secret, in
the headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``. The id is the same over all attempts and
replays of a message: by it the receiver drops what it has. Ids are in the order in which things happened.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bihuan.api import chain
from bihuan.api.events import EVENTS
from bihuan.api.events import read as read_events
from bihuan.api.keys import taken, unknown
from bihuan.api.models import Hook, HookMessage
from bihuan.api.outgoing import Forbidden, allowed_url, post
from bihuan.areas.models import Area
from bihuan.kernel.api import (
    BadInput,
    Delivery,
    PermanentFailure,
    Problem,
    Refused,
    clock,
    enqueue,
    keyed_hash,
    new_id,
    register_channel,
    register_job,
)
from bihuan.people.api import MATTER_READ, Actor, access, actor_of, require, visible
from bihuan.people.models import Person
from bihuan.people.permissions import INTERFACE_MANAGE

CHANNEL = "hook"  # the target is a message's id
MOST_IN_AREA = 20
MOST_AT_ONCE = 500
KEEP = timedelta(days=30)
ROUND = timedelta(seconds=5)
OVERLAP = timedelta(minutes=5)  # an entry's instant is read before it is committed
FAR = timedelta(days=7)  # after a longer standstill of the worker, older events are history


def register() -> None:
    """Register the channel and the jobs; called once at start."""
    register_channel(CHANNEL, deliver, keeps=True)
    register_job("api.hooks", feed, 5)
    register_job("api.sweep_messages", sweep, 24 * 3600)


@dataclass(frozen=True, slots=True)
class Made:
    """A new hook; ``secret`` is shown this once, and empty where the same id had made it before."""

    row: Hook
    secret: str


def secret_of(row: Hook) -> str:
    """Return what signs a hook's messages, as the specification writes it: ``whsec_…``. Only the server can make it."""
    return f"whsec_{base64.b64encode(keyed_hash('api.hook/1', bytes(row.secret))).decode()}"


def make_hook(*, actor: Actor, area_code: str, url: str, events: Iterable[str], hook_id: UUID | None = None) -> Made:
    """Have an address told of what happens in an area from now on.

    Args:
        actor: needs INTERFACE_MANAGE there; answers for the hook, which pauses when they lose that right.
        area_code: what happens here and below is told.
        url: https; never an address of a private network, unless ``BIHUAN_HOOK_HOSTS`` names its host.
        events: of ``EVENTS``; at least one.
        hook_id: UUIDv7 made by the client; the same again makes no second hook and shows no secret.

    Raises:
        PermissionDenied: without the permission. BadInput: with every field that is wrong.
        Refused: the area has too many.
    """
    require(actor, INTERFACE_MANAGE, area_code)
    if actor.person_id is None or actor.via:
        raise Refused(Problem("", _("推送要有人负责"), _("请用自己的账号登录后再设")))
    url, named = url.strip(), set(events)
    wanted = [event for event in EVENTS if event in named]
    if problems := _problems(area_code, url, named):
        raise BadInput(problems)
    now = clock.now()
    with transaction.atomic():
        if hook_id is not None and (before := Hook.objects.filter(pk=hook_id, person_id=actor.person_id).first()):
            return Made(before, "")
        if hook_id is not None and Hook.objects.filter(pk=hook_id).exists():
            raise BadInput(taken())
        if Hook.objects.filter(area_code=area_code, ended_at__isnull=True).count() >= MOST_IN_AREA:
            raise Refused(Problem("area_code", _("这个区域的推送太多了"), _("请先停止不用的")))
        row = Hook.objects.create(
            id=hook_id or new_id(now),
            person_id=actor.person_id,
            area_code=area_code,
            url=url,
            secret=os.urandom(32),
            events_json=wanted,
            created_at=now,
            since=now,
            told_until=now,
        )
        chain.write(row, actor, chain.HOOK_MADE, {"host": urlsplit(url).hostname or "", "events": wanted})
    return Made(row, secret_of(row))


def _problems(area_code: str, url: str, named: set[str]) -> list[Problem]:
    problems = []
    if not Area.objects.filter(code=area_code, active=True).exists():
        problems.append(Problem("area_code", _("没有这个区域"), _("请填写系统中已有区域的编码")))
    if not named:
        problems.append(Problem("events", _("还没有选推送什么"), _("请至少选一种")))
    problems += unknown("events", named, EVENTS)
    if len(url) > 300:  # noqa: PLR2004
        problems.append(Problem("url", _("地址太长"), _("最多 300 个字符")))
    try:
        allowed_url(url)
    except Forbidden:
        how = _("须以 https:// 开头、用 443 端口；内网地址须由管理员写进 BIHUAN_HOOK_HOSTS")
        problems.append(Problem("url", _("不能用这个地址"), how))
    return problems


def set_paused(*, actor: Actor, hook_id: UUID, paused: bool) -> Hook:
    """Pause a hook, or let it go on; what happened meanwhile is not told afterwards.

    Raises:
        Http404: no such hook for this actor.
    """
    access(actor, INTERFACE_MANAGE, Hook.objects.all(), pk=hook_id)
    with transaction.atomic():
        row = Hook.objects.select_for_update().get(pk=hook_id)
        if row.ended_at is None and (row.paused_at is not None) != paused:
            now = clock.now()
            row.paused_at, row.paused_why = (now if paused else None), ""
            if not paused:
                row.since = row.told_until = now
            row.save(update_fields=["paused_at", "paused_why", "since", "told_until"])
            chain.write(row, actor, chain.HOOK_PAUSED if paused else chain.HOOK_RESUMED, {})
    return row


def end_hook(*, actor: Actor, hook_id: UUID, reason: str) -> Hook:
    """End a hook for good; its messages stay for their days and are not sent any more.

    Raises:
        Http404: no such hook for this actor. BadInput: without a reason.
    """
    access(actor, INTERFACE_MANAGE, Hook.objects.all(), pk=hook_id)
    reason = reason.strip()[:120]
    if not reason:
        raise BadInput(Problem("reason", _("停止须写明原因"), _("如“对接系统已停用”")))
    with transaction.atomic():
        row = Hook.objects.select_for_update().get(pk=hook_id)
        if row.ended_at is None:
            row.ended_at = clock.now()
            row.save(update_fields=["ended_at"])
            chain.write(row, actor, chain.HOOK_ENDED, {"reason": reason})
    return row


def replay(*, actor: Actor, hook_id: UUID, message_ids: Iterable[UUID] = (), since: datetime | None = None) -> int:
    """Send messages again, those named or all since an instant, the oldest first; returns how many.

    Raises:
        Http404: no such hook for this actor. Refused: it is ended or paused. BadInput: more than 500, or none named.
    """
    row = access(actor, INTERFACE_MANAGE, Hook.objects.all(), pk=hook_id)
    if row.ended_at is not None or row.paused_at is not None:
        raise Refused(Problem("hook_id", _("推送已暂停或停止"), _("请先恢复，再要求重发")))
    wanted = list(message_ids)
    rows = row.messages.order_by("id")
    if wanted:
        rows = rows.filter(pk__in=wanted[: MOST_AT_ONCE + 1])
    elif since is not None:
        rows = rows.filter(created_at__gte=since)
    else:
        raise BadInput(Problem("message_ids", _("没有说重发哪些"), _("写消息编号，或写从什么时候起")))
    found = list(rows.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if len(found) > MOST_AT_ONCE:
        raise BadInput(Problem("since", _("一次最多重发 500 条"), _("请把时间改近一些，分几次重发")))
    if found:
        with transaction.atomic():
            for key in found:
                enqueue(CHANNEL, key.hex, {}, f"hook:{key.hex}:{new_id().hex}")
            chain.write(row, actor, chain.HOOK_REPLAYED, {"number": len(found)})
    return len(found)


def hooks_for(actor: Actor) -> list[Hook]:
    """Return the hooks that an actor manages, those in force first, the newest first."""
    rows = visible(actor, INTERFACE_MANAGE, Hook.objects.all()).order_by("-created_at", "-pk")[:200]
    return sorted(rows, key=lambda row: row.ended_at is not None)


def messages_of(actor: Actor, hook_id: UUID, *, before: UUID | None = None, limit: int = 50) -> list[HookMessage]:
    """Return a hook's messages, the newest first, from ``before`` on.

    Raises:
        Http404: no such hook for this actor.
    """
    row = access(actor, INTERFACE_MANAGE, Hook.objects.all(), pk=hook_id)
    rows = row.messages.order_by("-id")
    return list((rows.filter(pk__lt=before) if before else rows)[:limit])


def feed(now: datetime | None = None) -> int:
    """Write what hooks are to be told, and put it into the outbox; returns how many messages are new."""
    moment = now or clock.now()
    due = Hook.objects.filter(told_until__lte=moment - ROUND, paused_at__isnull=True, ended_at__isnull=True)
    return sum(_feed(key, moment) for key in list(due.order_by("told_until").values_list("pk", flat=True)[:200]))


@transaction.atomic
def _feed(hook_id: UUID, now: datetime) -> int:
    rows = Hook.objects.filter(pk=hook_id, paused_at__isnull=True, ended_at__isnull=True)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    row = rows.first()
    if row is None or row.told_until >= now:
        return 0
    person = Person.objects.filter(pk=row.person_id, erased_at__isnull=True).first()
    who = actor_of(person) if person is not None else None
    if who is None or not who.holds(INTERFACE_MANAGE, row.area_code):
        row.paused_at, row.paused_why = now, "person"
        row.save(update_fields=["paused_at", "paused_why"])
        return 0
    after = max(row.since, now - FAR, row.told_until - OVERLAP)
    private = who.holds(MATTER_READ, row.area_code)
    found, reached = read_events(row.pk, row.area_code, frozenset(row.events_json), after, now, private=private)
    ids = sorted(new_id(now) for _one in found)
    HookMessage.objects.bulk_create(
        HookMessage(
            id=key, hook=row, event=one.event, entry_id=one.entry_id, subject_id=one.subject_id, created_at=now,
            payload_json={"type": one.event, "timestamp": one.at.isoformat(), "data": one.data},
        )
        for key, one in zip(ids, found, strict=True)
    )  # fmt: skip
    for key in ids:
        enqueue(CHANNEL, key.hex, {}, f"hook:{key.hex}")
    # Where there is more, the next round goes on from there; where that is lately, from the look-back again.
    row.told_until = min(now, reached + OVERLAP) if reached is not None else now
    row.save(update_fields=["told_until"])
    return len(ids)


def deliver(item: Delivery) -> None:
    """Send one message and keep what was answered.

    Raises:
        PermanentFailure: the hook is paused or ended, its address forbidden, or the answer will not change.
        OSError, RuntimeError: worth another try.
    """
    message = HookMessage.objects.select_related("hook").filter(pk=UUID(hex=item.target)).first()
    if message is None or message.hook.ended_at is not None or message.hook.paused_at is not None:
        raise PermanentFailure("the hook is paused or ended")
    body = orjson.dumps(message.payload_json)
    mine = HookMessage.objects.filter(pk=message.pk)
    try:
        status = post(message.hook.url, body, headers_of(message, body, clock.now()))
    except Forbidden as error:
        mine.update(status=0, answered_at=clock.now(), sent=F("sent") + 1)
        raise PermanentFailure(str(error)) from error
    except (OSError, RuntimeError):
        mine.update(status=0, answered_at=clock.now(), sent=F("sent") + 1)
        raise
    mine.update(status=status, answered_at=clock.now(), sent=F("sent") + 1)
    if 400 <= status < 500 and status not in {408, 425, 429}:  # noqa: PLR2004
        raise PermanentFailure(f"HTTP {status}")
    if not 200 <= status < 300:  # noqa: PLR2004
        raise RuntimeError(f"HTTP {status}")


def headers_of(message: HookMessage, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers of one attempt, with its signature."""
    stamp = str(int(now.timestamp()))
    key = base64.b64decode(secret_of(message.hook).removeprefix("whsec_"))
    signed = hmac.digest(key, f"{message.pk}.{stamp}.".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"Bihuan (+{settings.PUBLIC_URL})",
        "webhook-id": str(message.pk),
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def sweep(now: datetime | None = None) -> int:
    """Delete messages that are older than thirty days."""
    return HookMessage.objects.filter(created_at__lt=(now or clock.now()) - KEEP).delete()[0]
