"""What anybody may see of matters, many at a time: number, kind, place, instants, outcome, the method's public words.

The same rule as the portal's: rows marked public, their title, what the step or the outcome says to the public. No
text, no name, and no point but the area's own: where a phone stood may be somebody's home.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from bihuan.api.rest.words import method_words
from bihuan.areas.api import display_name, subtree_q
from bihuan.areas.models import Area
from bihuan.kernel.api import clock
from bihuan.matters.api import keyset, spoken
from bihuan.matters.models import Matter

LIGHT = (
    "number", "title", "area_code", "community_code", "street_code", "district_code", "version_ref_id", "category",
    "step", "is_open", "outcome", "created_at", "updated_at", "closed_at", "due_at",
)  # fmt: skip
_LEVELS = {6: "district_code", 9: "street_code", 12: "community_code"}


@dataclass(frozen=True, slots=True)
class PublicMatter:
    """One public matter. ``words``: of the step it stands at, or of how it ended; ``lon``, ``lat``: its area's."""

    id: UUID
    number: str
    display_number: str
    method_key: str
    method_title: str
    category: str
    category_title: str
    title: str
    area_code: str
    area_name: str
    lon: float | None
    lat: float | None
    is_open: bool
    step: str
    outcome: str
    words: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    due_at: datetime | None

    @property
    def properties(self) -> dict[str, Any]:
        """All of it but the point, as plain JSON: what open data and the map give."""
        return {
            "number": self.number,
            "display_number": self.display_number,
            "method": self.method_key,
            "method_title": self.method_title,
            "category": self.category,
            "category_title": self.category_title,
            "title": self.title,
            "area_code": self.area_code,
            "area_name": self.area_name,
            "status": "open" if self.is_open else "closed",
            "outcome": self.outcome,
            "public_words": self.words,
            "created_at": local(self.created_at),
            "updated_at": local(self.updated_at),
            "closed_at": local(self.closed_at) if self.closed_at else None,
            "url": f"{settings.PUBLIC_URL}/matters/{self.number}/",
        }


def local(at: datetime) -> str:
    """Return an instant as it is written outside: to the second, with the offset of China."""
    return at.astimezone(clock.ZONE).isoformat(timespec="seconds")


def matters(
    *, area: str = "", state: str = "", since: datetime | None = None, until: datetime | None = None
) -> QuerySet[Matter]:
    """Return the rows that anybody may see; of two that are one, the one that went on."""
    rows = Matter.objects.filter(public=True, duplicate_of__isnull=True)
    if area:
        level = _LEVELS.get(len(area))
        rows = rows.filter(**{level: area}) if level else rows.filter(subtree_q("area_code", area))
    if state:
        rows = rows.filter(is_open=state == "open")
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    if until is not None:
        rows = rows.filter(created_at__lte=until)
    return rows


def shown(rows: QuerySet[Matter], limit: int) -> list[PublicMatter]:
    """Return the first ``limit`` rows as anybody may see them. Two statements."""
    return list(present(rows.only(*LIGHT)[:limit]))


def present(rows: Iterable[Matter]) -> Iterator[PublicMatter]:
    """Yield rows as anybody may see them; one statement for their places."""
    rows = list(rows)
    places = _places({code for row in rows for code in (row.area_code, row.community_code)})
    for row in rows:
        name, lon, lat = places.get(row.area_code, (row.area_code, None, None))
        words = method_words(row.version_ref_id)
        category = row.category if words.shows("category") else ""
        yield PublicMatter(
            id=row.pk,
            number=row.number,
            display_number=spoken(row.number, places.get(row.community_code, ("", None, None))[0]),
            method_key=words.key,
            method_title=words.title(),
            category=category,
            category_title=words.category(category) if category else "",
            title=row.title,
            area_code=row.area_code,
            area_name=name,
            lon=lon,
            lat=lat,
            is_open=row.is_open,
            step=row.step,
            outcome=row.outcome,
            words=words.public(row.step) if row.is_open else words.outcome(row.outcome),
            created_at=row.created_at,
            updated_at=row.updated_at,
            closed_at=row.closed_at,
            due_at=row.due_at,
        )


def newest(rows: QuerySet[Matter], area: str) -> QuerySet[Matter]:
    """Return rows, the newest first, along an index: an area's own, or that of the ids, which are in order of time."""
    return rows.order_by("-created_at", "-id") if area else rows.order_by("-id")


def each(rows: QuerySet[Matter], area: str, chunk: int = 1000) -> Iterator[PublicMatter]:
    """Yield all rows, the newest first, by key and a thousand at a time: as much memory for ten as for ten million."""
    last: Matter | None = None
    while True:
        page = newest(rows.only(*LIGHT), area)
        if last is not None:
            page = page.filter(pk__lt=last.pk) if not area else keyset.older(page, last.created_at, last.pk)
        found = list(page[:chunk])
        yield from present(found)
        if len(found) < chunk:
            return
        last = found[-1]


def _places(codes: set[str]) -> dict[str, tuple[str, float | None, float | None]]:
    areas = Area.objects.filter(code__in=codes).only("code", "name", "short_name", "lon", "lat")
    return {area.code: (display_name(area), area.lon, area.lat) for area in areas}
