"""Somebody else reports what is open already: their words join the matter, they follow it and can be reached."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import Conflict, Problem, Refused, clock, seal, sql
from bihuan.matters import checks
from bihuan.matters.entering import append_beside
from bihuan.matters.labels import spoken
from bihuan.matters.links import token_hash
from bihuan.matters.loading import Loaded, load
from bihuan.matters.models import Follow, Matter
from bihuan.matters.photos import keep_photos, ready_photos
from bihuan.matters.sealedtext import MARK, TELL, WORDS
from bihuan.matters.shapes import NewReport, Photo, Reported
from bihuan.people.api import MATTER_READ, MATTER_RECORD, Actor, access, can


def report_again(
    *,
    actor: Actor,
    id: UUID | str,  # noqa: A002
    matter_id: UUID,
    text: str,
    reporter_id: UUID | None = None,
    reporter_name: str = "",
    phone: str = "",
    happened_at: datetime | None = None,
    follow_token: str | None = None,
    photos: Sequence[Photo] = (),
) -> Reported:
    """Record for somebody else that they report what an open matter is about: nothing they said is lost.

    Their words stand in the matter's record; name and number are sealed there and kept as long as the first
    reporter's; they follow the matter, by name where they are known (``reporter_id``), and are told of its progress.

    Args:
        actor: with MATTER_RECORD where the matter is.
        id: UUIDv7 made by the client; the same again changes nothing.
        matter_id: the open matter.
        text: what they said, 2 to 2,000 characters.
        reporter_id: a known person.
        reporter_name: else what they are called.
        phone: where they can be reached.
        happened_at: when they said it.
        follow_token: secret of their link, made by the client; else one is made.
        photos: what they showed.

    Returns:
        The matter, and the secret of their own link: "" for a resend, and for who follows it already.

    Raises:
        Http404: no such matter for this actor. PermissionDenied: they record nothing there.
        BadInput: incomplete or unreadable. Refused: the matter is closed. Conflict: the id is another record's.
    """
    key, now = checks.v7(id), clock.now()
    matter = access(actor, MATTER_READ, Matter.objects.all(), pk=matter_id)
    if not can(actor, MATTER_RECORD, matter.area_code):
        raise PermissionDenied(_("您的岗位不能在这里登记。"))
    new = checks.check(
        {
            "id": key,
            "area_code": matter.area_code,
            "text": text,
            "phone": phone,
            "reporter_name": reporter_name,
            "happened_at": happened_at,
            "follow_token": follow_token,
            "photos": photos,
        },
        now,
    )
    ready = ready_photos(new.photos)
    with transaction.atomic():
        loaded = load(matter_id, key)
        assert loaded is not None  # noqa: S101 - read above, and matters are never deleted
        display = spoken(loaded.current.number, loaded.community_name)
        if loaded.resent is not None:
            if loaded.resent[0] != matter_id:
                raise Conflict(None, Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面后重新提交。")))
            return Reported(matter_id, loaded.current.number, display, "", created=False)
        if not loaded.current.state.is_open:
            raise Refused(Problem("matter_id", _("这件事项已经办结。"), _("可以另登记为一件新事项。")))
        _enter(actor, loaded, new, now)
        keep_photos(ready, matter_id, key, actor.person_id)
        token = _follow(loaded, new, reporter_id, now)
    return Reported(matter_id, loaded.current.number, display, token, created=True)


def _enter(actor: Actor, loaded: Loaded, new: NewReport, now: datetime) -> None:
    """Append the entry, with words, number and name sealed beside it."""
    sealed = [seal("reason", new.text, purpose=WORDS, encrypted=False, keep_until=None)]
    body: dict[str, Any] = {"action": "again", "version": loaded.current.version_id.hex, "data": {"reason": MARK}}
    for name, value, mask in (("follower_phone", new.phone, "phone"), ("follower_name", new.reporter_name, "name")):
        if value:
            lookup = mask == "phone"
            sealed.append(seal(name, value, purpose=TELL, encrypted=True, keep_until=None, lookup=lookup, mask=mask))
            body["data"][name] = MARK
    who = actor.ref(actor.role_for(MATTER_RECORD, loaded.current.area_code))
    append_beside(loaded, "matter.reported_again", who, body, new.id, now, sealed=sealed, happened_at=new.happened_at)


def _follow(loaded: Loaded, new: NewReport, person_id: UUID | None, now: datetime) -> str:
    """Let them follow; "" for who reported the matter themselves or follows it already."""
    matter_id = loaded.current.id
    if person_id is not None and (
        person_id == loaded.current.reporter_id
        or Follow.objects.filter(matter_id=matter_id, person_id=person_id).exists()
    ):
        return ""
    token = new.follow_token or secrets.token_urlsafe(24)
    Follow.objects.create(
        id=new.id, matter_id=matter_id, person_id=person_id, follow_hash=token_hash(token), created_at=now
    )
    sql.execute("UPDATE matters_matter SET follower_count = follower_count + 1 WHERE id = %s", [matter_id])
    return token
