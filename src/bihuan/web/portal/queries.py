"""What anybody may read: public matters by place, published results, the buildings of a community.

Only rows marked public leave here, and of them only what the method shows to the public: no text, no name
of a resident.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from bihuan.areas.api import subtree, subtree_q
from bihuan.areas.models import Area
from bihuan.kernel.api import clock
from bihuan.matters.api import GONE, keyset, spoken
from bihuan.matters.models import Matter
from bihuan.meetings.api import shown_title
from bihuan.meetings.models import Meeting
from bihuan.web.portal import method

PAGE = 20
MOST_COMMUNITIES = 150
_LEVELS = {6: "district_code", 9: "street_code", 12: "community_code"}


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One public matter in a list."""

    number: str
    display_number: str
    title: str
    area_name: str
    words: str
    kind: str  # of the badge: "open", "doing", "settled", "closed"
    is_open: bool
    created_at: datetime
    closed_at: datetime | None
    follower_count: int


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One published meeting in a list."""

    id: UUID
    title: str
    area_name: str
    published_at: datetime
    carried: int
    items: int


@dataclass(frozen=True, slots=True)
class Building:
    """One building of a community, with how much is open there for all to see."""

    area: Area
    name: str
    open: int


@dataclass(frozen=True, slots=True)
class Directory:
    """``links``: areas to go down into; ``streets``: each with its communities, and whether buildings are known."""

    links: tuple[Area, ...]
    streets: tuple[tuple[Area, tuple[tuple[Area, bool], ...]], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of public matters, and where the next begins."""

    rows: tuple[PublicRow, ...]
    next: str


def matters_of(area_code: str, *, state: str = "", cursor: str = "", limit: int = PAGE) -> Listing:
    """Return the public matters of a community (or a building in it), newest first, from a cursor on."""
    rows = Matter.objects.filter(public=True, duplicate_of__isnull=True).exclude(title=GONE)
    rows = rows.filter(community_code=area_code) if len(area_code) == 12 else rows.filter(area_code=area_code)  # noqa: PLR2004
    if state:
        rows = rows.filter(is_open=state == "open")
    if after := _instant(cursor):
        rows = rows.filter(created_at__lt=after)
    found = list(_light(rows).order_by("-created_at", "-id")[: limit + 1])
    more = found[limit - 1].created_at.isoformat() if len(found) > limit else ""
    return Listing(tuple(_present(found[:limit])), more)


def latest_results(limit: int = 5) -> list[PublicRow]:
    """Return what was settled last, anywhere, for all to see.

    Looked for among the sixty newest settled ones: ids are in the order of time, so this walks one index however
    many matters there are.
    """
    rows = Matter.objects.filter(public=True, is_open=False, duplicate_of__isnull=True, closed_at__isnull=False)
    rows = rows.exclude(title=GONE)
    newest = sorted(_light(rows).order_by("-id")[:60], key=lambda row: row.closed_at or row.created_at, reverse=True)
    return _present(newest[:limit])


def results_of(area_code: str, *, cursor: str = "", limit: int = PAGE) -> Listing:
    """Return what was settled in an area, for all to see, the last first, from a cursor on; one range of an index.

    What was erased at somebody's wish is in no list.

    Raises:
        BadInput: for a bent cursor.
    """
    rows = Matter.objects.filter(public=True, is_open=False, duplicate_of__isnull=True, closed_at__isnull=False)
    level = _LEVELS.get(len(area_code))
    rows = rows.filter(**{level: area_code}) if level else rows.filter(subtree_q("area_code", area_code))
    if after := keyset.unpack_uuid(cursor):
        rows = keyset.older(rows, *after, by="closed_at")
    found = list(_light(rows.exclude(title=GONE)).order_by("-closed_at", "-id")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    more = keyset.pack(last.closed_at, last.pk) if last is not None and last.closed_at is not None else ""
    return Listing(tuple(_present(found[:limit])), more)


def meetings_of(area_code: str, *, cursor: str = "", limit: int = PAGE) -> tuple[list[MeetingRow], str]:
    """Return the published meetings of an area and below, the last first, and the cursor to go on from.

    Raises:
        BadInput: for a bent cursor.
    """
    rows = Meeting.objects.filter(subtree_q("area_code", area_code), state=Meeting.State.PUBLISHED)
    if after := keyset.unpack_uuid(cursor):
        rows = keyset.older(rows, *after, by="published_at")
    found = _meetings(rows, limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], keyset.pack(last.published_at, last.id) if last is not None else ""


def latest_meetings(area_code: str = "", limit: int = 5) -> list[MeetingRow]:
    """Return the last published meetings, of an area and below or of all."""
    rows = Meeting.objects.filter(state=Meeting.State.PUBLISHED, published_at__isnull=False)
    if area_code:
        rows = rows.filter(subtree_q("area_code", area_code))
    return _meetings(rows, limit)


def _meetings(rows: QuerySet[Meeting], limit: int) -> list[MeetingRow]:
    rows = rows.annotate(
        carried=Count("items", filter=Q(items__state="carried"), distinct=True),
        number_of_items=Count("items", distinct=True),
    )
    found = list(rows.order_by("-published_at", "-pk")[:limit])
    names = _names(row.area_code for row in found)
    return [
        MeetingRow(
            row.pk, shown_title(row), names.get(row.area_code, ""), row.published_at or row.starts_at,
            row.carried, row.number_of_items,
        )
        for row in found
    ]  # fmt: skip


def buildings(community: Area) -> list[Building]:
    """Return the buildings (micro-grids) of a community in the order of their codes. Two statements."""
    areas = [
        area
        for area in subtree(community.code).defer("floor_area", "door_token")
        if area.level == Area.Level.MICRO_GRID
    ]
    counts = dict(
        Matter.objects.filter(community_code=community.code, is_open=True, public=True, duplicate_of__isnull=True)
        .values_list("area_code")
        .annotate(n=Count("id"))
        .order_by()
    )
    return [Building(area, area.short_name or area.name, counts.get(area.code, 0)) for area in areas]


def directory(within: str = "") -> Directory:
    """Return where one may look for a community: the communities by street, or first the areas above them.

    A page lists at most 150 communities; where there are more, one goes down a level at a time. Three statements.
    """
    below = Area.objects.filter(active=True)
    if within:
        below = below.filter(subtree_q("code", within))
    light = below.only("code", "parent_code", "level", "name", "short_name").order_by("code")
    communities = list(light.filter(level=Area.Level.COMMUNITY)[: MOST_COMMUNITIES + 1])
    if len(communities) > MOST_COMMUNITIES:
        for level in (Area.Level.CITY, Area.Level.DISTRICT, Area.Level.STREET):
            links = [area for area in light.filter(level=level)[: MOST_COMMUNITIES + 1] if area.code != within]
            if links:
                return Directory(tuple(links), ())
    streets = Area.objects.filter(code__in={area.parent_code for area in communities}).order_by("code")
    grids = below.filter(level=Area.Level.MICRO_GRID)
    known = {code[:12] for code in grids.values_list("parent_code", flat=True).distinct()}
    grouped: dict[str, list[tuple[Area, bool]]] = {}
    for area in communities:
        grouped.setdefault(area.parent_code, []).append((area, area.code in known))
    return Directory((), tuple((street, tuple(grouped[street.code])) for street in streets))


def _light(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    return rows.only(
        "number", "title", "area_code", "community_code", "version_ref_id", "step", "is_open", "outcome",
        "created_at", "closed_at", "follower_count",
    )  # fmt: skip


def _present(rows: Iterable[Matter]) -> list[PublicRow]:
    rows = list(rows)
    names = _names(code for row in rows for code in (row.area_code, row.community_code))
    return [_row(row, names) for row in rows]


def _row(row: Matter, names: dict[str, str]) -> PublicRow:
    if row.is_open:
        words, kind = method.step_words(row.version_ref_id, row.step), "doing"
    else:
        words = method.outcome_words(row.version_ref_id, row.outcome)
        kind = "settled" if method.is_solved(row.version_ref_id, row.outcome) else "closed"
    return PublicRow(
        number=row.number,
        display_number=spoken(row.number, names.get(row.community_code, "")),
        title=row.title,
        area_name=names.get(row.area_code, ""),
        words=words,
        kind=kind,
        is_open=row.is_open,
        created_at=row.created_at,
        closed_at=row.closed_at,
        follower_count=row.follower_count,
    )


def _names(codes: Iterable[str]) -> dict[str, str]:
    found = Area.objects.filter(code__in=set(codes)).values_list("code", "short_name", "name")
    return {code: short or name for code, short, name in found}


def _instant(text: str) -> datetime | None:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.tzinfo else value.replace(tzinfo=clock.ZONE)
