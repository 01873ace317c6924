"""Keys of machines: made, shown once, revoked, and read from a request's header.

A key is ``bh_`` and eight characters, by which it is found and told from others, then ``_`` and its secret; of the
secret only a keyed hash is kept. It acts as the person who made it, in one area, cut down to its scopes: never more
than that person may at the moment of the call.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bihuan.api import chain
from bihuan.api.models import ApiKey
from bihuan.api.rest.problems import BadKey, OutOfScope, TooFast
from bihuan.api.scopes import SCOPES, narrowed
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Problem, Refused, clock, hit, hit_lightly, keyed_hash, new_id, source_of
from bihuan.people.api import Actor, access, actor_of, require, visible
from bihuan.people.models import Person
from bihuan.people.permissions import INTERFACE_MANAGE

LONGEST = timedelta(days=730)
MOST_PER_MINUTE = 6000
MOST_IN_AREA = 50
BAD_PER_MINUTE = 60  # of one address: more wrong keys than that are no slip
_PREFIX = 11  # "bh_" and eight characters
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Made:
    """A new key; ``text`` is shown this once, and empty where the same id had made it before."""

    row: ApiKey
    text: str


def make_key(
    *,
    actor: Actor,
    name: str,
    area_code: str,
    scopes: Iterable[str],
    days: int = 365,
    per_minute: int = 60,
    key_id: UUID | None = None,
) -> Made:
    """Make a key that acts as ``actor`` in an area.

    Args:
        actor: needs INTERFACE_MANAGE there; answers for what the key does.
        name: which system it is for, at most 60 characters.
        area_code: the key's rights end with this area.
        scopes: of ``SCOPES``; at least one.
        days: how long it is good for, 1 to 730.
        per_minute: how many calls a minute, 1 to 6000.
        key_id: UUIDv7 made by the client; the same again makes no second key and shows no secret.

    Raises:
        PermissionDenied: without the permission. BadInput: with every field that is wrong.
        Refused: the area has too many.
    """
    require(actor, INTERFACE_MANAGE, area_code)
    if actor.person_id is None or actor.via:
        raise Refused(Problem("", _("密钥要有人负责"), _("请用自己的账号登录后再建")))
    name, named = " ".join(name.split()), set(scopes)
    wanted = [scope for scope in SCOPES if scope in named]
    if problems := _problems(name, area_code, named, days, per_minute):
        raise BadInput(problems)
    now = clock.now()
    text = f"bh_{''.join(secrets.choice(_ALPHABET) for _n in range(8))}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        if key_id is not None and (before := ApiKey.objects.filter(pk=key_id, person_id=actor.person_id).first()):
            return Made(before, "")
        if key_id is not None and ApiKey.objects.filter(pk=key_id).exists():
            raise BadInput(taken())
        live = ApiKey.objects.filter(area_code=area_code, revoked_at__isnull=True, expires_at__gt=now)
        if live.count() >= MOST_IN_AREA:
            raise Refused(Problem("area_code", _("这个区域的密钥太多了"), _("请先作废不用的")))
        row = ApiKey.objects.create(
            id=key_id or new_id(now),
            person_id=actor.person_id,
            area_code=area_code,
            name=name,
            prefix=text[:_PREFIX],
            secret_hash=_hash(text),
            scopes_json=wanted,
            per_minute=per_minute,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        body = {"name": name, "prefix": row.prefix, "scopes": wanted, "per_minute": per_minute, "days": days}
        chain.write(row, actor, chain.KEY_MADE, body)
    return Made(row, text)


def taken() -> Problem:
    """Return why an id cannot be used."""
    return Problem("id", _("这个编号已用于另一条记录"), _("请换一个编号重试"))


def unknown(field: str, given: Iterable[str], known: Collection[str]) -> list[Problem]:
    """Return a problem for each name that is none of ``known``: a misspelt one is not dropped in silence."""
    how = _("可以写的有：%(names)s") % {"names": "、".join(known)}
    return [Problem(field, _("没有“%(name)s”这一项") % {"name": name}, how) for name in sorted(set(given) - set(known))]


def _problems(name: str, area_code: str, scopes: set[str], days: int, per_minute: int) -> list[Problem]:
    problems = []
    if not Area.objects.filter(code=area_code, active=True).exists():
        problems.append(Problem("area_code", _("没有这个区域"), _("请填写系统中已有区域的编码")))
    if not 1 <= len(name) <= 60:  # noqa: PLR2004
        problems.append(Problem("name", _("名称应为 1 到 60 个字"), _("写明给哪个系统用，如“市 12345 平台”")))
    if not scopes:
        problems.append(Problem("scopes", _("还没有选范围"), _("请至少选一项，够用就好")))
    problems += unknown("scopes", scopes, SCOPES)
    if not 1 <= days <= LONGEST.days:
        problems.append(Problem("days", _("有效期应为 1 到 730 天"), _("到期后可以再建一个")))
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        problems.append(Problem("per_minute", _("每分钟次数应为 1 到 6000"), _("一般 60 次就够")))
    return problems


def revoke_key(*, actor: Actor, key_id: UUID, reason: str) -> ApiKey:
    """Revoke a key, at once and for good.

    Raises:
        Http404: no such key for this actor. BadInput: without a reason.
    """
    row = access(actor, INTERFACE_MANAGE, ApiKey.objects.all(), pk=key_id)
    reason = reason.strip()[:120]
    if not reason:
        raise BadInput(Problem("reason", _("作废须写明原因"), _("如“对接系统已停用”")))
    with transaction.atomic():
        row = ApiKey.objects.select_for_update().get(pk=row.pk)
        if row.revoked_at is None:
            row.revoked_at = clock.now()
            row.save(update_fields=["revoked_at"])
            chain.write(row, actor, chain.KEY_REVOKED, {"reason": reason})
    return row


def keys_for(actor: Actor) -> list[ApiKey]:
    """Return the keys that an actor manages, those in force first, the newest first."""
    rows = visible(actor, INTERFACE_MANAGE, ApiKey.objects.all()).order_by("-created_at", "-pk")[:200]
    now = clock.now()
    return sorted(rows, key=lambda row: not in_force(row, now))


def in_force(row: ApiKey, now: datetime) -> bool:
    """Say whether a key opens anything."""
    return row.revoked_at is None and (row.expires_at is None or row.expires_at > now)


def bearer(request: HttpRequest) -> str:
    """Return the token of ``Authorization: Bearer …``, or ""."""
    given = request.META.get("HTTP_AUTHORIZATION")  # request.headers sorts every header of every report first
    if not given:
        return ""
    kind, _blank, token = str(given).partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def actor_of_key(request: HttpRequest, text: str, scope: str) -> Actor:
    """Return who acts by a key: its person now, narrowed. Counts the call. At most five statements.

    Raises:
        BadKey: no such key, or revoked, or past its term, or nobody answers for it any more.
        OutOfScope: the key is good, but not for this. TooFast: too many calls this minute.
    """
    now = clock.now()
    row = _found(text)
    if row is None or not in_force(row, now):
        decision = hit_lightly("api-bad-key", source_of(request), BAD_PER_MINUTE, 60)
        if not decision.allowed:
            raise TooFast(decision.retry_after, _("这个网络用了太多不对的密钥。"))
        raise BadKey
    decision = hit("api-key", row.prefix, row.per_minute, 60)
    if not decision.allowed:
        raise TooFast(decision.retry_after, _("这个密钥每分钟最多 %(n)s 次。") % {"n": row.per_minute})
    person = Person.objects.filter(pk=row.person_id, erased_at__isnull=True).first()
    if person is None:
        raise BadKey
    today = clock.today()
    if row.used_on != today:
        ApiKey.objects.filter(pk=row.pk).update(used_on=today)
    if not scope or scope not in row.scopes_json:
        raise OutOfScope(scope)
    return narrowed(actor_of(person), row.area_code, frozenset(row.scopes_json), row.prefix)


def _found(text: str) -> ApiKey | None:
    if not (text.startswith("bh_") and text.isascii() and "\x00" not in text and len(text) < 100):  # noqa: PLR2004
        return None
    row = ApiKey.objects.filter(prefix=text[:_PREFIX]).first()
    return row if row is not None and hmac.compare_digest(bytes(row.secret_hash), _hash(text)) else None


def _hash(text: str) -> bytes:
    return keyed_hash("api.key/1", text.encode())
