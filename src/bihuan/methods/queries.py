"""Reading methods as they are kept. A published version never changes, so it is parsed once per process."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bihuan.areas.codes import ancestors
from bihuan.kernel.api import NotFound, Problem
from bihuan.people.api import METHOD_READ, Actor, visible

from .loader import Loaded, load
from .method import Method
from .models import MethodUse, MethodVersion

K = TypeVar("K")
_cache: dict[UUID, Method] = {}
_by_text: dict[str, Method] = {}  # by sha256: fifty communities with the district's text share one method
_CACHE_SIZE = 512


def get_method(version_id: UUID) -> Method:
    """Return the method of a version. A published one is parsed once per process; a draft each time.

    Raises:
        NotFound: when there is no such version, or it does not read (a draft with errors).
    """
    method = _cache.get(version_id)
    if method is None:
        row = _row(version_id)
        published = row.state == MethodVersion.State.PUBLISHED
        method = (_by_text.get(row.sha256) if published else None) or _parse(row)
        if published:
            _keep(_cache, version_id, method)
            _keep(_by_text, method.sha256, method)
    return method


def _keep(cache: dict[K, Method], key: K, method: Method) -> None:
    if len(cache) >= _CACHE_SIZE:
        cache.pop(next(iter(cache)), None)
    cache[key] = method


def _row(version_id: UUID) -> MethodVersion:
    row = MethodVersion.objects.filter(pk=version_id).first()
    if row is None:
        raise NotFound(Problem("method", _("没有这个工作法版本")))
    return row


def _parse(row: MethodVersion) -> Method:
    loaded = load(row.source, path=f"{row.key}@{row.number}", check=False)
    if loaded.method is None:
        raise NotFound(Problem("method", _("这个工作法版本有错误，读不出来"), _("改正错误后再用")))
    return loaded.method


def check_version(row: MethodVersion) -> Loaded:
    """Return a version's method and every problem in its file."""
    return load(row.source, path=f"{row.key}@{row.number}")


def method_for(area_code: str, key: str | None = None) -> tuple[MethodVersion, Method]:
    """Return what new matters of an area follow: the nearest ancestor's use, in one query.

    Args:
        area_code: where the matter is.
        key: which method; None: the one for residents' reports. The row's ``source`` is deferred.

    Raises:
        NotFound: when no method is in use there.
    """
    uses = MethodUse.objects.filter(area_code__in=ancestors(area_code)).select_related("version")
    uses = uses.filter(key=key) if key else uses.filter(default_for_reports=True)
    found = sorted(uses.defer("version__source"), key=lambda use: (-len(use.area_code), use.key))
    if not found:
        raise NotFound(Problem("method", _("这里还没有启用工作法"), _("请管理员先安装并发布一个工作法")))
    version = found[0].version
    return version, get_method(version.pk)


def methods_in(area_code: str) -> list[MethodUse]:
    """Return which methods apply in an area, the nearest use of each key, by key."""
    uses = MethodUse.objects.filter(area_code__in=ancestors(area_code)).select_related("version")
    nearest: dict[str, MethodUse] = {}
    for use in sorted(uses.defer("version__source"), key=lambda use: len(use.area_code)):
        nearest[use.key] = use
    return [nearest[key] for key in sorted(nearest)]


def versions(actor: Actor, key: str | None = None) -> QuerySet[MethodVersion]:
    """Return the versions an actor may see, newest first, without their text."""
    rows = visible(actor, METHOD_READ, MethodVersion.objects.all())
    return (rows.filter(key=key) if key else rows).defer("source").order_by("key", "area_code", "-number")
