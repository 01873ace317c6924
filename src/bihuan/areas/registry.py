"""What the package tells the layers below at start: its verbs and how its rows are guarded."""

from __future__ import annotations

from bihuan.areas.models import Area
from bihuan.kernel.api import register_verb
from bihuan.people.api import AREA_READ, register_scope

IMPORTED = "area.imported"
DOORS_MADE = "area.doors_made"
DOOR_RENEWED = "area.door_renewed"
RENAMED = "area.renamed"
CLOSED = "area.closed"
OPENED = "area.opened"


def register() -> None:
    """Register verbs and the scope of areas; harmless when called again."""
    register_verb(
        IMPORTED,
        zh="{actor}导入了区域：新增{created}个，修改{changed}个[（{file}）]",
        en="{actor} imported areas: {created} new, {changed} changed[ ({file})]",
    )
    register_verb(
        DOORS_MADE,
        zh="{actor}为{count}个楼门生成了二维码",
        en="{actor} made QR codes for {count} doors",
    )
    register_verb(
        DOOR_RENEWED,
        zh="{actor}更换了{area}的楼门二维码，旧码作废[，原因：{reason}]",
        en="{actor} renewed the door QR code of {area}; the old one is void[, because: {reason}]",
    )
    register_verb(
        RENAMED,
        zh="{actor}把{area}的名称由“{old}”更正为“{new}”",
        en="{actor} corrected the name of {area} from “{old}” to “{new}”",
    )
    register_verb(
        CLOSED,
        zh="{actor}停用了{area}[，原因：{reason}]",
        en="{actor} took {area} out of use[, because: {reason}]",
    )
    register_verb(
        OPENED,
        zh="{actor}恢复使用{area}[，原因：{reason}]",
        en="{actor} put {area} to use again[, because: {reason}]",
    )
    register_scope(Area, read=AREA_READ, area_field="code")
