"""Moving running matters to another version of their method: dry run first, in bulk, and back again.

A matter moves only where nothing of its past would change: every step it has been through, every action done and
every clock started must mean the same in the new version. What differs ahead is what the new version is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, SealedValue, clock, new_id, seal
from bihuan.matters import store
from bihuan.matters.labels import area_names, spoken
from bihuan.matters.methodinfo import MethodInfo, info_of, number_of_version
from bihuan.matters.models import Matter
from bihuan.matters.moving import append_move, load
from bihuan.matters.shapes import Migration, Moved
from bihuan.methods.api import State, state_from_json
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
    moved: list[Moved] = []
    kept: list[Moved] = []
    with transaction.atomic():
        for matter in matters:
            shown = spoken(matter.number, names.get(matter.community_code, ""))
            why = _why_not(actor, matter, info_of(from_version), info_of(to_version))
            if not why and not dry_run:
                why = _move(actor, matter, to_version, now, reason)
            line = Moved(matter.pk, shown, matter.step, not why, why)
            (kept if why else moved).append(line)
    return Migration(dry_run=dry_run, moved=tuple(moved), kept=tuple(kept))


def _why_not(actor: Actor, matter: Matter, old: MethodInfo, new: MethodInfo) -> str:
    if not can(actor, MATTER_MIGRATE, matter.area_code):
        return _("您的岗位在这里没有迁移事项的权限")
    return why_not(state_from_json(matter.state_json), old, new)


def why_not(state: State, old: MethodInfo, new: MethodInfo) -> str:
    """Return why a matter in ``state`` cannot move between two versions; "" where it can."""
    reached = [key[5:] for key, times in state.counts.items() if key.startswith("step:") and times]
    for key in [*reached, state.step]:
        if key not in new.file.steps:
            return _("走过的环节“%(step)s”在新版里没有了") % {"step": old.step(key)[0]}
        if key != state.step and old.file.steps[key] != new.file.steps[key]:
            return _("走过的环节“%(step)s”在新版里改了") % {"step": old.step(key)[0]}
    if set(old.file.steps[state.step].actions) - set(new.file.steps[state.step].actions):
        return _("现在的环节“%(step)s”在新版里少了动作") % {"step": old.step(state.step)[0]}
    given = [key for key in state.fields if key != "until"]  # a limit given on the way is no field of the file
    if lost := [key for key in given if key not in new.file.fields]:
        return _("填过的“%(field)s”在新版里没有了") % {"field": old.fields.get(lost[0], (lost[0], ""))[0]}
    if changed := [key for key in given if old.file.fields[key].type != new.file.fields[key].type]:
        return _("填过的“%(field)s”在新版里换了类型") % {"field": old.fields[changed[0]][0]}
    if lost := [key for key in state.clocks if key not in new.file.clocks]:
        return _("用过的时限“%(clock)s”在新版里没有了") % {"clock": old.clock(lost[0])[0]}
    if lost := [role for role, people in state.parties.items() if people and role not in new.method.party_roles]:
        return _("责任角色“%(role)s”在新版里没有了") % {"role": old.role(lost[0])[0]}
    if state.pending and any(key not in new.method.places[state.step].moves for key in state.pending):
        return _("有申请正在等待同意")
    return ""


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
