"""How a use case of a bulletin writes: lock the row, append one entry to its chain, save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.kernel.api import GENESIS, BadInput, Problem, Refused, SealedValue, already, append, clock, seal
from bihuan.kernel.models import Entry
from bihuan.people.api import Actor, access
from bihuan.reporting.models import Bulletin

SUBJECT = "bulletin"


@dataclass(slots=True)
class Work:
    """One use case under way: the locked row, who acts, when. ``resent``: it was done before."""

    row: Bulletin
    actor: Actor
    entry_id: UUID
    now: datetime
    resent: bool = False
    touched: set[str] = field(default_factory=set)

    def set(self, **values: Any) -> None:
        """Change fields of the row; ``record`` saves them."""
        for name, value in values.items():
            setattr(self.row, name, value)
        self.touched.update(values)

    def record(self, verb: str, body: Mapping[str, Any], *, sealed: Sequence[SealedValue] = ()) -> Entry:
        """Append the use case's one entry and save what was set."""
        row = self.row
        entry = append(
            subject_type=SUBJECT,
            subject_id=row.pk,
            seq=row.version + 1,
            prev_hash=bytes(row.head_hash),
            verb=verb,
            actor=self.actor.ref(role_of(self.actor, row.area_code)),
            area_code=row.area_code,
            happened_at=self.now,
            recorded_at=self.now,
            body=body,
            sealed=sealed,
            entry_id=self.entry_id,
        )
        self.set(version=row.version + 1, head_hash=bytes(entry.hash))
        row.save(update_fields=sorted(self.touched))
        return entry


def role_of(actor: Actor, area_code: str) -> str:
    """Return one of the roles in which somebody acts here."""
    return next(iter(sorted(actor.roles_in(area_code))), "")


def begin(actor: Actor, row: Bulletin, entry_id: UUID, body: Mapping[str, Any]) -> Bulletin:
    """Append the first entry of a chain, whose id is the bulletin's, and save the row.

    No entry says in the clear what a text says, its title neither: it may have to be erased.

    Raises:
        AlreadyRecorded: it came before (a resend).
    """
    entry = append(
        subject_type=SUBJECT,
        subject_id=entry_id,
        seq=1,
        prev_hash=GENESIS,
        verb="bulletin.drafted",
        actor=actor.ref(role_of(actor, row.area_code)),
        area_code=row.area_code,
        happened_at=row.created_at,
        recorded_at=row.created_at,
        body=body,
        sealed=[text_of(row)],
        entry_id=entry_id,
    )
    row.head_hash = bytes(entry.hash)
    row.save(force_insert=True)
    return row


def text_of(row: Bulletin) -> SealedValue:
    """Return all that a bulletin says, as an entry holds it: sealed, so that it can be erased, not encrypted."""
    return seal("text", content_of(row), purpose="简报、公示和公文的内容", encrypted=False, keep_until=None)


def content_of(row: Bulletin) -> str:
    """Return all that a bulletin says, as one text that is the same for the same words."""
    said = {name: getattr(row, name) for name in ("title", "blocks_json", "to", "copies", "number")}
    said |= {"head": head} if (head := row.rules_json.get("head")) else {}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def load(*, actor: Actor, permission: str, entry_id: UUID, bulletin_id: UUID) -> Work:
    """Lock a bulletin for an actor who holds ``permission`` on it.

    Raises:
        Http404: when there is none, or the actor may not know of it.
        PermissionDenied: when they may know, and no more.
        BadInput: when the id was used for another record.
    """
    rows = Bulletin.objects.select_for_update(of=("self",))
    return _work(access(actor, permission, rows, pk=bulletin_id), actor, entry_id)


def load_public(*, actor: Actor, entry_id: UUID, bulletin_id: UUID) -> Work:
    """Lock a published bulletin for anybody. The caller checks what they may.

    Raises:
        Http404: when there is none.
    """
    rows = Bulletin.objects.select_for_update(of=("self",))
    row = rows.filter(pk=bulletin_id, state=Bulletin.State.PUBLISHED).first()
    if row is None:
        raise Http404(_("没有这份公示"))
    return _work(row, actor, entry_id)


def _work(row: Bulletin, actor: Actor, entry_id: UUID) -> Work:
    before = already(entry_id)  # after the lock: the same form sent twice at once waits here for the first
    if before is not None and (before.subject_type, before.subject_id) != (SUBJECT, row.pk):
        raise used_before()
    return Work(row, actor, entry_id, clock.now(), resent=before is not None)


def used_before() -> BadInput:
    """Return the error of an id that names another record already."""
    return BadInput(Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面重试。")))


def must(*problems: Problem | None) -> None:
    """Refuse with every reason there is.

    Raises:
        Refused: when there is one.
    """
    found = [problem for problem in problems if problem is not None]
    if found:
        raise Refused(found)
