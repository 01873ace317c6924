"""How a use case of an activity or a team writes: lock the row, append one entry to its chain, save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.activities.models import Activity, Roster, Team
from bihuan.kernel.api import (
    GENESIS,
    ActorRef,
    BadInput,
    NotFound,
    Problem,
    SealedValue,
    already,
    append,
    clock,
    seal,
)
from bihuan.kernel.models import Entry
from bihuan.people.api import Actor, access

R = TypeVar("R", Activity, Team, Roster)
MARK = "*"  # in a body, where words are sealed beside the chain
PURPOSE_REASON = "告诉大家为什么改动"
SUBJECTS: dict[type[Any], str] = {Activity: "activity", Team: "team", Roster: "roster"}


@dataclass(slots=True)
class Work(Generic[R]):
    """One use case under way: the locked row, who acts, when. ``resent``: it was done before."""

    row: R
    actor: Actor
    entry_id: UUID
    now: datetime
    method: str = ""
    resent: bool = False
    touched: set[str] = field(default_factory=set)

    def set(self, **values: Any) -> None:
        """Change fields of the row; ``record`` saves them."""
        for name, value in values.items():
            setattr(self.row, name, value)
        self.touched.update(values)

    def record(
        self,
        verb: str,
        body: Mapping[str, Any],
        *,
        by: ActorRef,
        sealed: Sequence[SealedValue] = (),
    ) -> Entry:
        """Append the use case's one entry and save what was set."""
        row = self.row
        entry = append(
            subject_type=SUBJECTS[type(row)],
            subject_id=row.pk,
            seq=row.version + 1,
            prev_hash=bytes(row.head_hash),
            verb=verb,
            actor=by,
            area_code=row.area_code,
            happened_at=self.now,
            recorded_at=self.now,
            method=self.method,
            body=body,
            sealed=sealed,
            entry_id=self.entry_id,
        )
        self.set(version=row.version + 1, head_hash=bytes(entry.hash))
        row.save(update_fields=sorted(self.touched))
        return entry


def begin(
    subject_type: str,
    *,
    verb: str,
    by: ActorRef,
    area_code: str,
    now: datetime,
    method: str,
    body: Mapping[str, Any],
    entry_id: UUID,
    sealed: Sequence[SealedValue] = (),
) -> bytes:
    """Append the first entry of a chain; its id is the subject's. Returns its hash.

    Raises:
        AlreadyRecorded: it came before (a resend).
    """
    entry = append(
        subject_type=subject_type,
        subject_id=entry_id,
        seq=1,
        prev_hash=GENESIS,
        verb=verb,
        actor=by,
        area_code=area_code,
        happened_at=now,
        recorded_at=now,
        method=method,
        body=body,
        sealed=sealed,
        entry_id=entry_id,
    )
    return bytes(entry.hash)


def load(model: type[R], *, actor: Actor, permission: str, entry_id: UUID, pk: UUID) -> Work[R]:
    """Lock a row for an actor who holds ``permission`` on it.

    Raises:
        Http404: when there is none, or the actor may not know of it.
        PermissionDenied: when they may know, and no more.
        BadInput: when the id was used for another record.
    """
    rows = model.objects.select_for_update(of=("self",))
    return _work(access(actor, permission, rows, pk=pk), actor, entry_id)


def load_public(*, actor: Actor, entry_id: UUID, activity_id: UUID) -> Work[Activity]:
    """Lock an activity for anybody: it is announced to all. The caller checks what they may.

    Raises:
        Http404: when there is none.
    """
    row = Activity.objects.select_for_update(of=("self",)).filter(pk=activity_id).first()
    if row is None:
        raise Http404(_("没有这个活动"))
    return _work(row, actor, entry_id)


def _work(row: R, actor: Actor, entry_id: UUID) -> Work[R]:
    before = already(entry_id)  # after the lock: the same form sent twice at once waits here for the first
    if before is not None and (before.subject_type, before.subject_id) != (SUBJECTS[type(row)], row.pk):
        raise used_before()
    return Work(row, actor, entry_id, clock.now(), resent=before is not None)


def first_of(entry_id: UUID, subject_type: str) -> UUID | None:
    """Return the id of what an entry began when it came before; None for a new one.

    Raises:
        BadInput: the id was used for something else.
    """
    before = already(entry_id)
    if before is None:
        return None
    if (before.subject_type, before.subject_id) != (subject_type, entry_id):
        raise used_before()
    return entry_id


def marked(reason: str) -> dict[str, str]:
    """Return what an entry's body says of a reason: that there is one."""
    return {"reason": MARK} if reason else {}


def sealed_reason(reason: str) -> list[SealedValue]:
    """Seal a reason: it may name people."""
    return [seal("reason", reason, purpose=PURPOSE_REASON, encrypted=False, keep_until=None)] if reason else []


def used_before() -> BadInput:
    """Return the error of an id that names another record already."""
    return BadInput(Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面重试。")))


def gone(what: str) -> NotFound:
    """Return the error of something on a list that is not there."""
    return NotFound(Problem("id", what, _("请刷新页面。")))
