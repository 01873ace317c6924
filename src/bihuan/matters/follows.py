"""Following a matter instead of reporting it again."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Conflict, Problem, clock
from bihuan.matters import checks
from bihuan.matters.links import holds, token_hash
from bihuan.matters.models import Follow, Matter
from bihuan.people.api import MATTER_READ, Actor, can


def follow(*, actor: Actor, id: Any, matter_id: UUID, follow_token: str | None = None, phone: str = "") -> str:  # noqa: A002
    """Let somebody follow a matter they met too; returns the secret of their link ("" for a person who has one).

    The same ``id`` again changes nothing. A person follows a matter once. ``phone`` is not kept: followers are told in
    the site and by their link.

    Raises:
        Http404: no such public matter. BadInput: a bent token. Conflict: the id belongs to another following.
    """
    key = checks.v7(id)
    if follow_token is not None and not checks._TOKEN.match(follow_token):
        raise BadInput(Problem("follow_token", _("查询码格式不对。"), _("请用 22 到 64 位字母、数字、- 或 _。")))
    matter = Matter.objects.filter(pk=matter_id).first()
    if matter is None or not (matter.public or can(actor, MATTER_READ, matter)):
        raise Http404(_("没有找到这件事项"))
    token = follow_token or secrets.token_urlsafe(24)
    hashed = token_hash(token)
    with transaction.atomic():
        before = Follow.objects.filter(pk=key).first()
        if before is not None:
            if before.matter_id != matter_id or before.person_id != actor.person_id:
                raise Conflict(None, Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面后重新提交。")))
            return token if before.follow_hash is not None and bytes(before.follow_hash) == hashed else ""
        if actor.person_id and Follow.objects.filter(matter_id=matter_id, person_id=actor.person_id).exists():
            return ""
        try:
            Follow.objects.create(
                id=key, matter=matter, person_id=actor.person_id, follow_hash=hashed, created_at=clock.now()
            )
        except IntegrityError as error:
            raise Conflict(None, Problem("id", _("请稍后再试。"))) from error
        Matter.objects.filter(pk=matter_id).update(follower_count=F("follower_count") + 1)
    return token


def unfollow(*, actor: Actor, matter_id: UUID, follow_token: str | None = None) -> bool:
    """Stop following, by person or by link; False where nobody did."""
    mine = Follow.objects.filter(matter_id=matter_id)
    if follow_token:
        mine = mine.filter(follow_hash=token_hash(follow_token))
    elif actor.person_id:
        mine = mine.filter(person_id=actor.person_id)
    else:
        return False
    with transaction.atomic():
        gone = mine.delete()[0]
        if gone:
            Matter.objects.filter(pk=matter_id, follower_count__gte=gone).update(
                follower_count=F("follower_count") - gone
            )
    return bool(gone)


def is_reporters_link(matter: Matter, token: str) -> bool:
    """Say whether a secret link is the reporter's own: it shows what they wrote and lets them act."""
    return bool(token) and holds(matter.follow_hash, token)


def may_follow_link(matter: Matter, token: str) -> bool:
    """Say whether a secret link is the reporter's, or that of somebody who follows the matter while it is public.

    Anybody may follow a public matter, so a follower's link shows no more than what is public.
    """
    if not token or len(token) > 64:
        return False
    if is_reporters_link(matter, token):
        return True
    return matter.public and Follow.objects.filter(matter_id=matter.pk, follow_hash=token_hash(token)).exists()
