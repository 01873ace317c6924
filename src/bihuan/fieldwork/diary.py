"""Visits as a list: the field diary (民情日志), newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from bihuan.areas.api import names as area_names
from bihuan.fieldwork import lasts
from bihuan.fieldwork.labels import result_title, why_title
from bihuan.fieldwork.models import Visit
from bihuan.fieldwork.plans import Use, language, plans_of
from bihuan.fieldwork.read_shapes import DiaryFilters, DiaryRow
from bihuan.fieldwork.scope import branches
from bihuan.fieldwork.shapes import ListPage
from bihuan.kernel.api import clock
from bihuan.matters.api import keyset
from bihuan.methods.api import Method, get_method
from bihuan.people.api import Actor, person_names, role_words

SHORT = 80
MOST = 200
LOOK = timedelta(days=366)  # of the past that one page looks through for what is rare
_LAST = UUID(int=0)  # before every id: a cursor with it goes on before an instant


def page(actor: Actor, filters: DiaryFilters, cursor: str | None, limit: int) -> ListPage[DiaryRow]:
    """Return one page; see ``queries.diary``. At most six statements."""
    limit = max(1, min(limit, MOST))
    after = keyset.unpack_uuid(cursor)
    own = filters.person is not None and filters.person == actor.person_id
    parts = branches(actor, filters.area)[:1] if own else branches(actor, filters.area)
    if not parts:
        return ListPage(())
    made = within_days(_after(Visit.objects.all(), after), filters.since, filters.until)
    sifted = bool(filters.round or filters.result or filters.answered or (filters.person is not None and not own))
    first = max(_from(filters), (after[0] if after else _upto(filters)) - LOOK) if sifted else None
    rows = made.filter(_any(made, parts, limit + 1, first))
    found = list(_filtered(rows, filters).select_related("place").order_by("-happened_at", "-id")[: limit + 1])
    shown = found[:limit]
    if len(found) > limit:
        return ListPage(rows_of(shown), keyset.pack(shown[-1].happened_at, shown[-1].pk))
    if first is not None and made.filter(_any(made.filter(happened_at__lt=first), parts, 1, None)).exists():
        return ListPage(rows_of(shown), keyset.pack(first, _LAST), first.astimezone(clock.ZONE).date())
    return ListPage(rows_of(shown))


def _any(made: QuerySet[Visit], parts: Iterable[Q], most: int, first: datetime | None) -> Q:
    """Return what may be read as one condition: the newest few of each branch; where they are sifted, a period's."""
    found = Q(pk__in=[])
    for part in parts:
        if first is not None:
            found |= Q(part, happened_at__gte=first)
        else:
            found |= Q(pk__in=made.filter(part).order_by("-happened_at", "-id").values("pk")[:most])
    return found


def _after(rows: QuerySet[Visit], after: tuple[datetime, UUID] | None) -> QuerySet[Visit]:
    if after is None:
        return rows
    at, key = after
    return rows.filter(happened_at__lte=at).filter(Q(happened_at__lt=at) | Q(happened_at=at, pk__lt=key))


def _from(filters: DiaryFilters) -> datetime:
    return lasts.start_of(filters.since or date(2000, 1, 1))


def _upto(filters: DiaryFilters) -> datetime:
    return lasts.end_of(filters.until or clock.today())


def _filtered(rows: QuerySet[Visit], filters: DiaryFilters) -> QuerySet[Visit]:
    if filters.person is not None:
        rows = rows.filter(person_id=filters.person)
    if filters.round:
        rows = rows.filter(round=filters.round)
    if filters.result:
        rows = rows.filter(result=filters.result)
    if filters.answered in {"yes", "no"}:
        rows = rows.filter(reviewed_at__isnull=filters.answered == "no")
    return rows


def within_days(rows: QuerySet[Visit], since: date | None, until: date | None) -> QuerySet[Visit]:
    """Keep the visits made from one day in China to another, both included."""
    first: datetime | None = lasts.start_of(since) if since else None
    after: datetime | None = lasts.end_of(until) if until else None
    if first is not None:
        rows = rows.filter(happened_at__gte=first)
    return rows.filter(happened_at__lt=after) if after is not None else rows


def rows_of(visits: Iterable[Visit]) -> tuple[DiaryRow, ...]:
    """Return visits as lists show them. Two statements: names of areas and of persons."""
    listed = list(visits)
    if not listed:
        return ()
    areas = area_names({visit.area_code for visit in listed})
    people = person_names({visit.person_id for visit in listed})
    return tuple(_row(visit, areas, people) for visit in listed)


def _row(visit: Visit, areas: Mapping[str, str], people: Mapping[UUID, str]) -> DiaryRow:
    text = " ".join(visit.text.split())
    return DiaryRow(
        id=visit.pk,
        area_code=visit.area_code,
        area_name=areas.get(visit.area_code, visit.area_code),
        place_name=visit.place.name if visit.place else "",
        round=visit.round,
        round_title=round_title(visit),
        level=visit.level,
        person_id=visit.person_id,
        person_name=people.get(visit.person_id, ""),
        role_title=role_title(visit, visit.role),
        title=visit.title,
        text=text if len(text) <= SHORT else text[: SHORT - 1] + "…",
        result=visit.result,
        result_title=result_title(visit.result),
        findings_count=visit.findings_count,
        counted=visit.counted,
        not_counted=visit.not_counted,
        why=why_title(visit.not_counted),
        answered=visit.reviewed_at is not None,
        withdrawn=visit.withdrawn,
        happened_at=visit.happened_at,
        recorded_at=visit.recorded_at,
    )


def round_title(visit: Visit) -> str:
    """Return what its round is called by the version it was recorded under; the key where that has none."""
    if not visit.round:
        return ""
    ref = plans_of(Use(visit.version_ref_id, visit.method_key, 0, default=False)).get(visit.round)
    return ref.title if ref is not None else visit.round


def role_title(visit: Visit, role: str) -> str:
    """Return a role's name by the version a visit was recorded under."""
    return titled(get_method(visit.version_ref_id), role, language()) if role else ""


def titled(method: Method, role: str, lang: str) -> str:
    """Return a role's name as the method has it, or the post's own where it has none: a district's staff, come by."""
    said = method.role_title(role).say(lang)
    return said if said != role else role_words(role)[lang == "en"]
