"""Moving running matters to another version of their method: dry run first, in bulk, and back again.

A matter moves only where nothing that it has met would change; the rule is the method's own (``methods.compare``).
What differs ahead is what the new version is for. Going back is the same with the two exchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, SealedValue, clock, new_id, seal
from bihuan.matters import store
from bihuan.matters.entering import append_move
from bihuan.matters.labels import area_names, spoken
from bihuan.matters.loading import load
from bihuan.matters.methodinfo import info_of, number_of_version
from bihuan.matters.models import Matter
from bihuan.matters.shapes import Migration, Moved
from bihuan.methods.api import migration_plan, state_from_json
from bihuan.methods.models import MethodVersion
from bihuan.people.api import MATTER_MIGRATE, Actor, can, require

MOST = 5000


def migrate_matters(
    *,
    actor: Actor,
    from_version: UUID,
    to_version: UUID,
    dry_run: bool = True,
    matter_ids: Sequence[UUID] | None = None,
    reason: str = "",
) -> Migration:
    """Move the open matters of one version to another, or say what would move.

    Args:
        actor: needs MATTER_MIGRATE where each matter lies.
        from_version: theirs now.
        to_version: another published version of the same method; going back is the same with the two exchanged.
        dry_run: only say.
        matter_ids: only these.
        reason: kept with each entry.

    Raises:
        PermissionDenied: the actor migrates nowhere. BadInput: not two published versions of one method.
    """
    if actor.kind != "system":
        require(actor, MATTER_MIGRATE)
    versions = {v.pk: v for v in MethodVersion.objects.filter(pk__in=[from_version, to_version]).defer("source")}
    old, new = versions.get(from_version), versions.get(to_version)
    if old is None or new is None or old.pk == new.pk or old.key != new.key or new.state != "published":
        raise BadInput(Problem("to_version", _("请选择同一个工作法的另一个已发布版本。")))
    now = clock.now()
    found = Matter.objects.filter(version_ref_id=from_version, is_open=True)
    if matter_ids is not None:
        found = found.filter(pk__in=list(matter_ids))
    matters = list(found.order_by("created_at", "id")[:MOST])
    names = area_names(matter.community_code for matter in matters)
    states = ((matter.pk, state_from_json(matter.state_json)) for matter in matters)
    stays = migration_plan(info_of(from_version).method, info_of(to_version).method, states).stays
    moved: list[Moved] = []
    kept: list[Moved] = []
    with transaction.atomic():
        for matter in matters:
            shown = spoken(matter.number, names.get(matter.community_code, ""))
            why = _why_not(actor, matter, stays)
            if not why and not dry_run:
                why = _move(actor, matter, to_version, now, reason)
            line = Moved(matter.pk, shown, matter.step, not why, why)
            (kept if why else moved).append(line)
    return Migration(dry_run=dry_run, moved=tuple(moved), kept=tuple(kept))


def _why_not(actor: Actor, matter: Matter, stays: Mapping[UUID, Sequence[tuple[str, str]]]) -> str:
    if not can(actor, MATTER_MIGRATE, matter.area_code):
        return _("您的岗位在这里没有迁移事项的权限")
    english = (get_language() or "").startswith("en")
    return " ".join(en if english else zh for zh, en in stays.get(matter.pk, ()))


def _move(actor: Actor, matter: Matter, to_version: UUID, now: datetime, reason: str) -> str:
    loaded = load(matter.pk)
    if loaded is None or loaded.current.version != matter.version:
        return _("别人刚刚办理了这一事项")
    current = loaded.current
    old_number, new_number = number_of_version(current.version_id), number_of_version(to_version)
    body = {
        "action": "migrate",
        "old": current.version_id.hex,
        "new": to_version.hex,
        "old_number": old_number,
        "new_number": new_number,
        "version": to_version.hex,
    }
    sealed: list[SealedValue] = []
    if reason.strip():
        sealed.append(seal("reason", reason.strip(), purpose="办理这件事项", encrypted=False, keep_until=None))
    info = info_of(to_version)
    current.version_id = to_version
    head = append_move(loaded, info, "matter.migrated", actor.ref(), body, sealed, new_id(now), None, now)
    store.rewrite(current, current.state, method=info.method, head=head, now=now, extra={"version_ref_id": to_version})
    return ""
