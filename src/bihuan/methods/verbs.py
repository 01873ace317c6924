"""The verbs of methods in the record, and who may see versions."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from bihuan.areas.codes import ancestors
from bihuan.kernel.api import register_guard, register_heads, register_verb
from bihuan.people.api import METHOD_READ, register_scope

from . import guards
from .models import MethodUse, MethodVersion

SAVED = "method.saved"
COPIED = "method.copied"
PUBLISHED = "method.published"
INSTALLED = "method.installed"


def register() -> None:
    """Register verbs, scope and chain heads; called once at start."""
    register_verb(
        SAVED,
        zh="{actor}保存了工作法“{title}”的草稿（第 {number} 版）",
        en="{actor} saved a draft of {title} (version {number})",
    )
    register_verb(
        COPIED,
        zh="{actor}复制了工作法“{title}”作为草稿（第 {number} 版）",
        en="{actor} copied {title} as a draft (version {number})",
    )
    register_verb(
        PUBLISHED, zh="{actor}发布了工作法“{title}”第 {number} 版", en="{actor} published version {number} of {title}"
    )
    register_verb(
        INSTALLED, zh="{actor}安装了工作法“{title}”第 {number} 版", en="{actor} installed version {number} of {title}"
    )
    register_scope(MethodVersion, read=METHOD_READ, area_field="area_code", above_q=_applies_q, above=_applies)
    register_heads("method", _heads)
    register_guard(guards.install, guards.remove)


def _applies_q(code: str) -> Q:
    """Published above and in use there: whoever works by a method may read and copy it."""
    above = ancestors(code)
    used = MethodUse.objects.filter(area_code__in=above).values("version_id")
    return Q(state=MethodVersion.State.PUBLISHED, area_code__in=above, pk__in=used)


def _applies(row: MethodVersion, code: str) -> bool:
    above = ancestors(code)
    if row.state != MethodVersion.State.PUBLISHED or row.area_code not in above:
        return False
    return MethodUse.objects.filter(version_id=row.pk, area_code__in=above).exists()


def _heads(ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    rows = MethodVersion.objects.filter(pk__in=list(ids), seq__gt=0).values_list("pk", "seq", "head_hash")
    return {pk: (seq, bytes(head)) for pk, seq, head in rows}
