"""What goes when what was written on a visit is erased, and when its term has passed.

Text, title, names and the answer are sealed beside the visit's chain; the row holds copies. That somebody went, when,
where and what was ticked stays. Photos and voice notes go with the text, and those of visits without a text when
the same term has passed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from bihuan.fieldwork.models import Visit
from bihuan.fieldwork.plans import keep_days
from bihuan.kernel.api import clock, erase_photos, register_erasure
from bihuan.kernel.models import Sealed, StoredFile
from bihuan.methods.api import get_method

SUBJECT = "visit"
WORDS = frozenset({"title", "text", "review"})
_BATCH = 200


def register() -> None:
    """Hand the wiping to the kernel; called once at start."""
    register_erasure(SUBJECT, wipe)


def wipe(subject_id: UUID, names: frozenset[str]) -> None:
    """Clear the copies on a visit's row of what is sealed no more; photos and voice notes go with the text."""
    left = Sealed.objects.filter(subject_type=SUBJECT, subject_id=subject_id, erased_at__isnull=True)
    gone = names - set(left.values_list("name", flat=True))  # a corrected text is erased while the right one stays
    visit = Visit.objects.filter(pk=subject_id).first()
    if visit is None or not gone:
        return
    cleared: dict[str, Any] = dict.fromkeys(WORDS & gone, "")
    if "together" in gone:
        cleared["together"] = [{**one, "name": ""} for one in visit.together]
    if cleared:
        Visit.objects.filter(pk=subject_id).update(**cleared)
    if "text" in gone:
        erase_photos(SUBJECT, subject_id)


def erase_old_files(now: datetime | None = None) -> int:
    """Delete photos and voice notes of visits whose term has passed; returns how many. Run daily by the worker."""
    now, count = now or clock.now(), 0
    for version in Visit.objects.values_list("version_ref_id", flat=True).distinct().order_by():
        old = now - timedelta(days=keep_days(get_method(version)) + 1)
        visits = Visit.objects.filter(version_ref_id=version, happened_at__lt=old)
        having = StoredFile.objects.filter(subject_type=SUBJECT, created_at__lt=now, subject_id__in=visits.values("pk"))
        for visit_id in set(having.values_list("subject_id", flat=True)[:_BATCH]):
            with transaction.atomic():
                count += erase_photos(SUBJECT, visit_id)
    return count
