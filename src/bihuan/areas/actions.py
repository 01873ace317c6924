"""Changes of the territory: imports, door codes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.areas import record, registry
from bihuan.areas.checking import SYNONYMS, Plan, check
from bihuan.areas.codes import subtree_q
from bihuan.areas.models import Area
from bihuan.areas.tables import ImportReport, Table, read_table
from bihuan.kernel.api import BadInput, NotFound, Problem, Refused, already, visible
from bihuan.people.api import AREA_IMPORT, Actor, access, require

_TOKEN_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # noqa: S105 - none that looks like another when typed by hand
_TOKEN_LENGTH = 16  # 79 bits: not to be guessed, and short enough to type
_LISTED = 2000  # larger imports keep counts and the file's hash in the record, not every value


@dataclass
class _Difference:
    new: list[Area] = field(default_factory=list)
    changed: list[Area] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    old_and_new: dict[str, dict[str, list[str | None]]] = field(default_factory=dict)
    unchanged: int = 0


def import_areas(
    *, actor: Actor, data: bytes, filename: str, dry_run: bool, entry_id: UUID | None = None
) -> ImportReport:
    """Import areas from an Excel or CSV file: all rows, or none where any is wrong.

    Columns are found by their headings (编码, 名称, 级别, 上级编码, 经度, 坐标系, 图形 …, or English).
    An empty cell leaves what is there; a row that changes nothing writes nothing, so that the same file
    twice is one import.

    Args:
        actor: Needs AREA_IMPORT in the area of every row.
        data: The file's bytes.
        filename: Its name, for the record and to tell a CSV.
        dry_run: Only report.
        entry_id: UUIDv7 made by the client.

    Raises:
        BadInput: when the file cannot be read as a table at all; wrong rows are in the report instead.
        PermissionDenied: when the actor may not import anywhere.
    """
    require(actor, AREA_IMPORT)
    table = read_table(data, filename, SYNONYMS, ("code", "name"))
    return _apply(actor, table, data, filename, dry_run=dry_run, entry_id=entry_id)


def _apply(
    actor: Actor, table: Table, data: bytes, filename: str, *, dry_run: bool, entry_id: UUID | None
) -> ImportReport:
    with transaction.atomic():
        head = None if dry_run else record.lock_head()
        plan = check(table, actor)
        difference = _difference(plan)
        if head is not None and not plan.problems and (difference.new or difference.changed):
            if entry_id is not None and already(entry_id):
                raise BadInput(Problem("", _("这个编号的导入已经做过"), _("请刷新页面后重试")))
            _write(difference)
            record.write(
                head,
                verb=registry.IMPORTED,
                actor=actor.ref(actor.role_for(AREA_IMPORT, _root(difference))),
                area_code=_root(difference),
                body=_body(difference, data, filename),
                entry_id=entry_id,
            )
    return ImportReport(
        rows=len(table.rows),
        created=tuple(area.code for area in difference.new),
        changed=tuple(area.code for area in difference.changed),
        unchanged=difference.unchanged,
        problems=tuple(plan.problems),
        dry_run=dry_run,
    )


def _difference(plan: Plan) -> _Difference:
    found = Area.objects.in_bulk(list(plan.values))
    result = _Difference()
    for code, values in plan.values.items():
        area = found.get(code)
        if area is None:
            result.new.append(Area(code=code, **values))
            continue
        changes = {key: value for key, value in values.items() if getattr(area, key) != value}
        if not area.active:
            changes["active"] = True
        if not changes:
            result.unchanged += 1
            continue
        result.old_and_new[code] = {key: [_short(getattr(area, key)), _short(value)] for key, value in changes.items()}
        for key, value in changes.items():
            setattr(area, key, value)
        result.fields |= set(changes)
        result.changed.append(area)
    return result


def _short(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return hashlib.sha256(repr(value).encode()).hexdigest() if isinstance(value, dict) else str(value)


def _write(difference: _Difference) -> None:
    if difference.new:
        Area.objects.bulk_create(difference.new, batch_size=500)
    if difference.changed:
        Area.objects.bulk_update(difference.changed, sorted(difference.fields), batch_size=200)


def _root(difference: _Difference) -> str:
    return record.common_root(area.code for area in difference.new + difference.changed)


def _body(difference: _Difference, data: bytes, filename: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "file": filename[:120],
        "sha256": hashlib.sha256(data).hexdigest(),
        "created": len(difference.new),
        "changed": len(difference.changed),
    }
    if len(difference.new) + len(difference.changed) <= _LISTED:
        body["created_codes"] = sorted(area.code for area in difference.new)
        body["old_and_new"] = difference.old_and_new
    return body


def new_token() -> str:
    """Make a door's token from the system's random source."""
    return "".join(secrets.choice(_TOKEN_LETTERS) for _ in range(_TOKEN_LENGTH))


def ensure_door_tokens(*, actor: Actor, community: str, entry_id: UUID | None = None) -> int:
    """Give each micro-grid of a community that has none a door token; returns how many were made.

    Raises:
        Http404, PermissionDenied: as ``access`` with AREA_IMPORT.
    """
    access(actor, AREA_IMPORT, Area.objects.all(), code=community)
    with transaction.atomic():
        head = record.lock_head()
        areas = list(
            Area.objects.filter(
                subtree_q("code", community),
                level=Area.Level.MICRO_GRID,
                active=True,
                door_token__isnull=True,
            )
        )
        if areas:
            for area in areas:
                area.door_token = new_token()
            Area.objects.bulk_update(areas, ["door_token"], batch_size=200)
            record.write(
                head,
                verb=registry.DOORS_MADE,
                actor=actor.ref(actor.role_for(AREA_IMPORT, community)),
                area_code=community,
                body={"count": len(areas), "codes": [area.code for area in areas][:_LISTED]},
                entry_id=entry_id,
            )
    return len(areas)


def renew_door_token(*, actor: Actor, code: str, reason: str, entry_id: UUID | None = None) -> str:
    """Make a door's old code void (torn off, copied, pasted over) and return the new token.

    Raises:
        Http404, PermissionDenied: as ``access`` with AREA_IMPORT.
        BadInput: without a reason.
        NotFound: when the area is no door.
    """
    area = access(actor, AREA_IMPORT, Area.objects.filter(active=True), code=code)
    if not reason.strip():
        raise BadInput(Problem("reason", _("没有填写原因"), _("请写明为什么更换，例如“被撕毁”")))
    if area.level != Area.Level.MICRO_GRID:
        raise NotFound(Problem("code", _("这个区域没有楼门"), _("请选择一个微网格")))
    token = new_token()
    with transaction.atomic():
        head = record.lock_head()
        Area.objects.filter(code=code).update(door_token=token)
        record.write(
            head,
            verb=registry.DOOR_RENEWED,
            actor=actor.ref(actor.role_for(AREA_IMPORT, code)),
            area_code=code,
            body={"area": code, "reason": reason.strip()[:120]},
            entry_id=entry_id,
        )
    return token


def rename_area(*, actor: Actor, code: str, name: str, short_name: str = "", entry_id: UUID | None = None) -> Area:
    """Correct an area's name; old and new stand in the record.

    Args:
        actor: Needs AREA_IMPORT there.
        code: Which area.
        name: The full name, at most 80 characters.
        short_name: What people call it, at most 40; may be empty.
        entry_id: UUIDv7 made by the client.

    Raises:
        Http404, PermissionDenied: as ``access`` with AREA_IMPORT.
        BadInput: when a name is empty, too long, or taken beside it.
        Refused: when nothing would change.
    """
    area = access(actor, AREA_IMPORT, Area.objects.all(), code=code)
    name, short_name = " ".join(visible(name).split()), " ".join(visible(short_name).split())
    problems = []
    if not 1 <= len(name) <= 80:
        problems.append(Problem("name", _("名称应为 1 到 80 个字"), _("请填写全称")))
    if len(short_name) > 40:
        problems.append(Problem("short_name", _("简称超过 40 个字"), _("请写短些")))
    beside = Area.objects.filter(parent_code=area.parent_code, active=True, name=name).exclude(code=code)
    if name and beside.exists():
        problems.append(Problem("name", _("同一上级下已有这个名称"), _("请写得能区分开")))
    if problems:
        raise BadInput(problems)
    with transaction.atomic():
        head = record.lock_head()
        area = Area.objects.get(code=code)
        if (area.name, area.short_name) == (name, short_name):
            raise Refused(Problem("", _("没有改动"), _("请填写要更正的名称")))
        old = {"old": area.name, "old_short": area.short_name}
        Area.objects.filter(code=code).update(name=name, short_name=short_name)
        record.write(
            head,
            verb=registry.RENAMED,
            actor=actor.ref(actor.role_for(AREA_IMPORT, code)),
            area_code=code,
            body={"area": code, **old, "new": name, "new_short": short_name},
            entry_id=entry_id,
        )
    area.name, area.short_name = name, short_name
    return area


def set_area_active(*, actor: Actor, code: str, active: bool, reason: str, entry_id: UUID | None = None) -> None:
    """Take a micro-grid out of use, or put it to use again. Nothing is deleted: what was reported there stays.

    Out of use, it takes no report, its door code leads nowhere, and no post is given there.

    Args:
        actor: Needs AREA_IMPORT there.
        code: Which micro-grid.
        active: In use or not.
        reason: Why, at most 120 characters.
        entry_id: UUIDv7 made by the client.

    Raises:
        Http404, PermissionDenied: as ``access`` with AREA_IMPORT.
        BadInput: without a reason.
        Refused: when the area is no micro-grid, or is so already.
    """
    area = access(actor, AREA_IMPORT, Area.objects.all(), code=code)
    reason = reason.strip()[:120]
    if not reason:
        raise BadInput(Problem("reason", _("没有填写原因"), _("请写明为什么，例如“已拆除”")))
    if area.level != Area.Level.MICRO_GRID:
        raise Refused(Problem("", _("只有微网格可以停用"), _("社区以上的区域请通过导入调整")))
    with transaction.atomic():
        head = record.lock_head()
        if not Area.objects.filter(code=code).exclude(active=active).update(active=active):
            raise Refused(Problem("", _("没有改动"), _("别人可能刚刚改过，请刷新页面")))
        record.write(
            head,
            verb=registry.OPENED if active else registry.CLOSED,
            actor=actor.ref(actor.role_for(AREA_IMPORT, code)),
            area_code=code,
            body={"area": code, "reason": reason},
            entry_id=entry_id,
        )
