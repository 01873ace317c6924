"""Erasing what was sealed: on request, and at its term. The chain stays valid: it holds commitments only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from . import clock
from .errors import Problem, Refused
from .models import Sealed
from .refs import ActorRef

Wipe = Callable[[UUID, frozenset[str]], None]
_wipes: dict[str, list[Wipe]] = {}
_BATCH = 500


def register_erasure(subject_type: str, fn: Wipe) -> None:
    """Have ``fn(subject_id, names)`` called in the erasing transaction, to wipe copies that a package keeps."""
    _wipes.setdefault(subject_type, []).append(fn)


def erase(
    *,
    actor: ActorRef,
    subject_type: str,
    subject_id: UUID,
    names: Iterable[str] | None = None,
    entry_ids: Iterable[UUID] | None = None,
) -> int:
    """Erase a subject's sealed values (all, or those called ``names``, of these entries); returns how many.

    The caller has checked the right to do so, and appends the entry that tells who erased what and why.

    Raises:
        Refused: when nobody is known to ask for it.
    """
    if actor.person_id is None and actor.role != "system":
        raise Refused(Problem("", _("未登录，不能删除个人信息。"), _("请先登录。")))
    found = Sealed.objects.filter(subject_type=subject_type, subject_id=subject_id, erased_at__isnull=True)
    if names is not None:
        found = found.filter(name__in=list(names))
    if entry_ids is not None:
        found = found.filter(entry_id__in=list(entry_ids))
    with transaction.atomic():
        return _wipe(found, clock.now())


def erase_expired(now: datetime | None = None) -> int:
    """Erase what has passed its term (kept through its last day in Asia/Shanghai); returns how many values."""
    now = now or clock.now()
    today = now.astimezone(clock.ZONE).date()
    count = 0
    while True:
        with transaction.atomic():
            due = Sealed.objects.filter(expires_on__lt=today, erased_at__isnull=True)
            ids = list(due.order_by("expires_on").values_list("pk", flat=True)[:_BATCH])
            count += _wipe(Sealed.objects.filter(pk__in=ids, erased_at__isnull=True), now)
        if len(ids) < _BATCH:
            return count


def _wipe(found: QuerySet[Sealed], now: datetime) -> int:
    names: dict[tuple[str, UUID], set[str]] = {}
    ids = []
    for pk, subject_type, subject_id, name in found.values_list("pk", "subject_type", "subject_id", "name"):
        ids.append(pk)
        names.setdefault((subject_type, subject_id), set()).add(name)
    count = 0
    for start in range(0, len(ids), _BATCH):
        chunk = Sealed.objects.filter(pk__in=ids[start : start + _BATCH])
        count += chunk.update(content=None, salt=None, masked="", lookup=None, erased_at=now)
    for (subject_type, subject_id), gone in names.items():
        for fn in _wipes.get(subject_type, ()):
            fn(subject_id, frozenset(gone))
    return count
