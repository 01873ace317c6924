"""How a use case adds to a visit's or a place's chain: lock the row, append one entry, save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.fieldwork.models import Pairing, Place, Visit
from bihuan.fieldwork.scope import may_read
from bihuan.kernel.api import BadInput, Problem, SealedValue, already, append, parse_id
from bihuan.kernel.models import Entry
from bihuan.people.api import Actor


@dataclass(slots=True)
class Work:
    """One use case under way: the locked row, who acts, when. ``resent``: it was done before."""

    row: Visit | Place
    subject: str
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

    def record(
        self, verb: str, body: Mapping[str, Any], *, role: str, method: str = "", sealed: Sequence[SealedValue] = ()
    ) -> Entry:
        """Append the use case's one entry and save what was set."""
        row = self.row
        entry = append(
            subject_type=self.subject,
            subject_id=row.pk,
            seq=row.version + 1,
            prev_hash=bytes(row.head_hash),
            verb=verb,
            actor=self.actor.ref(role),
            area_code=row.area_code,
            happened_at=self.now,
            recorded_at=self.now,
            method=method,
            body=body,
            sealed=sealed,
            entry_id=self.entry_id,
        )
        self.set(version=row.version + 1, head_hash=bytes(entry.hash))
        row.save(update_fields=sorted(self.touched))
        return entry


def load_visit(actor: Actor, visit_id: UUID, entry_id: UUID | str, now: datetime) -> tuple[Work, Visit]:
    """Lock a visit for an actor who may read it; its household first, which may be taking its consent back.

    Raises:
        Http404: there is none, or they may not know of it. BadInput: the id was used for another record.
    """
    key = parse_id(entry_id, field="entry_id")
    # The order of whoever erases: the pairing, then its visits.
    list(Pairing.objects.select_for_update().filter(visits__pk=visit_id).values_list("pk", flat=True))
    rows = Visit.objects.select_for_update(of=("self",)).select_related("pairing", "place")
    visit = rows.filter(pk=visit_id).first()
    if visit is None or not may_read(actor, visit):
        raise Http404(_("没有找到，或者您没有查看的权限"))
    return work_on(visit, "visit", actor, key, now), visit


def work_on(row: Visit | Place, subject: str, actor: Actor, entry_id: UUID, now: datetime) -> Work:
    """Begin a use case on a locked row.

    Raises:
        BadInput: the entry's id was used for another record.
    """
    before = already(entry_id)
    if before is not None and (before.subject_type, before.subject_id) != (subject, row.pk):
        raise BadInput(Problem("entry_id", _("这个编号已用于另一条记录。"), _("请刷新页面重试。")))
    return Work(row, subject, actor, entry_id, now, resent=before is not None)
