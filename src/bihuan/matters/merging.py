"""Two matters that are one: the duplicate closes, its reporter follows the other and is told of its progress."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, Refused, new_id, sql
from bihuan.matters.labels import spoken
from bihuan.matters.store import Current
from bihuan.matters.tell import Told, link_of, send_to_reporter

if TYPE_CHECKING:
    from bihuan.matters.giving import Act
    from bihuan.matters.loading import Loaded


def find_target(act: Act, given: dict[str, Any], current: Current) -> Loaded | None:
    """Load the matter that the duplicate joins, and put its id in the place of what was typed.

    Raises:
        BadInput: no such matter, or not one this actor may see.
        Refused: it is the same one, or was merged itself.
    """
    from bihuan.matters.loading import load, may_see

    asked = given.get("into")
    if asked in (None, ""):
        return None
    unknown = BadInput(Problem("into", _("没有找到这件事项。"), _("请核对编号。")))
    key = _id_of(str(asked))
    if key is None:
        raise unknown
    if key == current.id:
        raise Refused(Problem("into", _("不能并入自己。"), _("请填另一件事项的编号。")))
    target = load(key)
    if target is None or not may_see(act.actor, target.current, holds_link=False):
        raise unknown
    if target.current.duplicate_of_id is not None:
        raise Refused(Problem("into", _("那件事项已并入另一件。"), _("请并入最后的那一件。")))
    given["into"] = key.hex
    return target


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        rows = sql.rows("SELECT id FROM matters_matter WHERE number = %s", [text.strip()[:32].replace("\x00", "")])
        return sql.as_uuid(rows[0][0]) if rows else None


def join(told: Told, target: Loaded, act: Act, now: datetime) -> None:
    """Write the other side of a merger: the target's entry, the reporter's following, what the reporter is told."""
    from bihuan.matters.entering import append_move
    from bihuan.matters.methodinfo import info_of

    duplicate, other = told.current, target.current
    body = {
        "action": "join",
        "duplicate": duplicate.id.hex,
        "number": duplicate.number,
        "version": other.version_id.hex,
    }
    head = append_move(
        target, info_of(other.version_id), "matter.duplicate_joined", act.actor.ref(), body, (), new_id(now), None, now
    )
    follows = 1 if _follow(duplicate, other, now) else 0
    sql.execute(
        "UPDATE matters_matter SET version = version + 1, head_hash = %s, updated_at = %s, "
        "follower_count = follower_count + %s WHERE id = %s AND version = %s",
        [head, now, follows, other.id, other.version],
    )
    into = spoken(other.number, target.community_name)
    params = {"title": duplicate.title, "number": told.display, "into": into}
    if duplicate.reporter_id is not None and duplicate.reporter_id != told.by:
        from bihuan.kernel.api import notify

        notify(duplicate.reporter_id, "matter.merged_into", params, link_of(other.id), created_at=now)
    if duplicate.has_contact:
        send_to_reporter(duplicate.id, "matter.merged_into", params, told.entry_id, now)


def _follow(duplicate: Current, other: Current, now: datetime) -> bool:
    """Let the duplicate's reporter follow the other matter, by name or by the secret link they hold."""
    sql.execute(
        "INSERT INTO matters_follow (id, matter_id, person_id, follow_hash, created_at) VALUES (%s, %s, %s, %s, %s)",
        [new_id(now), other.id, duplicate.reporter_id, duplicate.follow_hash, now],
    )
    return True
