"""Who read personal values in the clear: people one by one, the system's own sending in one line with a count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bihuan.kernel.api import SYSTEM_READER
from bihuan.kernel.models import PersonalRead
from bihuan.matters.labels import person_names

MOST = 200  # readings looked at, newest first


@dataclass(frozen=True, slots=True)
class Reading:
    """A personal value was read in the clear: by somebody once, or by the system ``count`` times until ``at``."""

    sealed_id: int
    who: str
    at: datetime
    reason: str
    count: int = 1


def readings(sealed_ids: Iterable[int]) -> list[Reading]:
    """Return the readings of some sealed values, newest first, the system's after people's. Two statements."""
    wanted = list(sealed_ids)
    found = list(PersonalRead.objects.filter(sealed_id__in=wanted).order_by("-at")[:MOST]) if wanted else []
    people = [row for row in found if row.reader_id != SYSTEM_READER]
    names = person_names(row.reader_id for row in people)
    return [
        Reading(row.sealed_id, names.get(row.reader_id) or _("已离开的人员"), row.at, _(row.reason)) for row in people
    ] + _by_the_system([row for row in found if row.reader_id == SYSTEM_READER])


def _by_the_system(rows: list[PersonalRead]) -> list[Reading]:
    groups: dict[tuple[int, str], list[PersonalRead]] = {}
    for row in rows:
        groups.setdefault((row.sealed_id, row.reason), []).append(row)
    return [
        Reading(sealed_id, _("系统"), group[0].at, _(reason), len(group))
        for (sealed_id, reason), group in groups.items()
    ]
