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
from bihuan.kernel.api import BadInput, NotFound, Problem, already
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
