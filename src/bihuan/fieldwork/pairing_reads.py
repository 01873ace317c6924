"""Reads of pairings: the list of those that somebody may know of, and one with its visits and the help given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import ancestors, display_name, subtree_q
from bihuan.areas.models import Area
from bihuan.fieldwork import pairing_guards as guards
from bihuan.fieldwork.models import Finding, Pairing, Visit
from bihuan.fieldwork.pairing_household import KeptValue, help_given, values_of
from bihuan.fieldwork.pairing_rights import goes, manages, may_enter, open_pairing, seen_by
from bihuan.fieldwork.pairing_words import (
    SUBJECT,
    consent_title,
    reason_title,
    state_title,
    value_title,
)
from bihuan.fieldwork.schemes import SchemeRef, in_area, scheme_of
from bihuan.fieldwork.shapes import ListPage
from bihuan.kernel.api import BadInput, EntryView, Problem, clock, sentence
from bihuan.kernel.models import Entry
from bihuan.matters.api import display_number
from bihuan.people.api import MATTER_READ, Actor, can, person_names
from bihuan.people.models import Post

MOST_VISITS = 200  # shown; they are counted over all there are


@dataclass(frozen=True, slots=True)
class PairingRow:
    """One pairing in a list: masked."""

    id: UUID
    title: str
    area_name: str
    door: str
    masked_name: str  # "" once it was erased
    unit: str
    person: str
    needs: tuple[str, ...]
    state: str
    state_title: str
    consented_at: datetime | None
    last_visit_at: datetime | None
    visits: int
    mine: bool  # I go there


@dataclass(frozen=True, slots=True)
class HelpVisit:
    """One visit to the household."""

    id: UUID
    happened_at: datetime
    recorded_at: datetime
    who: str
    result: str
    result_title: str
    help: str
    text: str
    matters: tuple[HelpMatter, ...]


@dataclass(frozen=True, slots=True)
class HelpMatter:
    """A need that became a matter; ``matter_id`` is None where the reader may not open it."""

    matter_id: UUID | None
    display_number: str
    title: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class PairingLine:
    """One entry of the pairing's record as a sentence."""

    sentence: str
    happened_at: datetime
    recorded_at: datetime
    note: bool  # something is sealed beside it that may be looked at

    @property
    def late(self) -> bool:
        """Typed later than it happened."""
        return self.recorded_at > self.happened_at


@dataclass(frozen=True, slots=True)
class PairingPage:
    """One pairing as its reader sees it. ``may`` names each act with its refusal, None where it may be done."""

    pairing: Pairing
    row: PairingRow
    ref: SchemeRef
    consent: str
    witness: str
    end_reason: str
    values: tuple[KeptValue, ...]
    help_given: tuple[tuple[str, int], ...]
    visits: tuple[HelpVisit, ...]
    more_visits: int  # made earlier, counted and not shown
    lines: tuple[PairingLine, ...]
    may: Mapping[str, Problem | None]
    manages: bool
    goes: bool
    erased: bool
    kept_until: date | None


@dataclass(frozen=True, slots=True)
class UnitPerson:
    """Somebody of a unit who may be paired; ``taken``: they go to as many households as the scheme allows."""

    person_id: UUID
    name: str
    unit: str
    taken: bool


def pairings(
    actor: Actor, *, state: str = "", area: str = "", cursor: str | None = None, limit: int = 50
) -> ListPage[PairingRow]:
    """Return the pairings that an actor may know of, newest first. At most six statements.

    Raises:
        Http404: for whom there are none to be: the list is no room of theirs.
        BadInput: a bent cursor.
    """
    if not may_enter(actor):
        raise Http404(_("没有找到，或者您没有查看的权限"))
    rows = seen_by(actor).select_related("organisation")
    if state in Pairing.State.values:
        rows = rows.filter(state=state)
    if area:
        rows = rows.filter(subtree_q("area_code", area))
    if cursor:
        try:
            rows = rows.filter(pk__lt=UUID(hex=cursor))
        except ValueError as error:
            raise BadInput(Problem("cursor", _("翻页标记无效。"), _("请回到第一页重新翻。"))) from error
    visits = Count("visits", filter=Q(visits__withdrawn=False))
    found = list(rows.annotate(visits_made=visits).order_by("-pk")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    names = person_names({row.person_id for row in found if row.person_id}) if found else {}
    areas = _area_names(row.area_code for row in found)
    shown = tuple(_row(row, actor, names, areas, row.visits_made) for row in found)
    return ListPage(shown, found[-1].pk.hex if more else None)


def _area_names(codes: Iterable[str]) -> dict[str, str]:
    wanted = set(codes)
    return {area.code: display_name(area) for area in Area.objects.filter(pk__in=wanted)} if wanted else {}


def _row(
    pairing: Pairing, actor: Actor, names: Mapping[UUID, str], areas: Mapping[str, str], visits: int
) -> PairingRow:
    ref = scheme_of(pairing.version_ref_id, pairing.key)
    return PairingRow(
        id=pairing.pk,
        title=ref.title,
        area_name=areas.get(pairing.area_code, pairing.area_code),
        door=pairing.door,
        masked_name=pairing.masked_name,
        unit=pairing.organisation.name,
        person=names.get(pairing.person_id, "") if pairing.person_id else "",
        needs=tuple(ref.help.get(kind, kind) for kind in pairing.needs),
        state=pairing.state,
        state_title=state_title(pairing),
        consented_at=pairing.consented_at,
        last_visit_at=pairing.last_visit_at,
        visits=visits,
        mine=goes(actor, pairing, ref),
    )


def pairing_page(actor: Actor, pairing_id: UUID) -> PairingPage:
    """Return one pairing with its visits and the help given by kind.

    At most twelve statements; one more where there are more visits than it shows.

    Raises:
        Http404: there is none, or it is none of theirs.
    """
    pairing, ref = open_pairing(actor, pairing_id, Pairing.objects.select_related("organisation"))
    made = Visit.objects.filter(pairing=pairing, withdrawn=False)
    every = list(made.order_by("-happened_at", "-pk")[: MOST_VISITS + 1])
    visits, given = _sums(made, every)
    every = every[:MOST_VISITS]
    entries = list(Entry.objects.filter(subject_type=SUBJECT, subject_id=pairing.pk).order_by("seq"))
    names = person_names(_persons(pairing, every, entries))
    values = values_of(pairing)
    return PairingPage(
        pairing=pairing,
        row=_row(pairing, actor, names, _area_names([pairing.area_code]), visits),
        ref=ref,
        consent=consent_title(pairing.consent_how) if pairing.consent_how else "",
        witness=pairing.witness or (names.get(pairing.witness_id, "") if pairing.witness_id else ""),
        end_reason=reason_title(pairing.end_reason) if pairing.end_reason else "",
        values=values,
        help_given=help_given(ref, given),
        visits=_visits(actor, ref, every, names),
        more_visits=visits - len(every),
        lines=tuple(_line(entry, ref, names, pairing) for entry in entries),
        may=_may(actor, pairing, ref),
        manages=manages(actor, pairing.area_code, ref),
        goes=goes(actor, pairing, ref),
        erased=not pairing.masked_name,
        kept_until=next((value.until for value in values), None),
    )


def _sums(made: QuerySet[Visit], newest: Sequence[Visit]) -> tuple[int, Counter[str]]:
    """Return how many visits there were, and how often each help was given: nobody at home is no help.

    One statement where there are more than those that were read, else none.
    """
    if len(newest) <= MOST_VISITS:
        return len(newest), Counter(visit.help_kind for visit in newest if visit.counted)
    sums = list(made.order_by().values_list("help_kind", "counted").annotate(times=Count("pk")))
    given = Counter({kind: times for kind, counted, times in sums if counted})
    return sum(times for _kind, _counted, times in sums), given


def _persons(pairing: Pairing, visits: Iterable[Visit], entries: Iterable[Entry]) -> set[UUID]:
    found = {pairing.person_id, pairing.witness_id, *(visit.person_id for visit in visits)}
    return {person for person in (*found, *(entry.actor_id for entry in entries)) if person is not None}


def _visits(actor: Actor, ref: SchemeRef, visits: Iterable[Visit], names: Mapping[UUID, str]) -> tuple[HelpVisit, ...]:
    rows = list(visits)
    found: dict[UUID, list[HelpMatter]] = {}
    for finding in Finding.objects.filter(visit__in=[row.pk for row in rows]).select_related("matter").order_by("pk"):
        matter = finding.matter
        readable = bool(can(actor, MATTER_READ, matter))
        found.setdefault(finding.visit_id, []).append(
            HelpMatter(
                matter.pk if readable else None,
                display_number(matter.number),
                matter.title if readable else "",
                matter.is_open,
            )
        )
    titles = {
        Visit.Result.NOTHING: _("见到了"),
        Visit.Result.FOUND: _("有新的需要"),
        Visit.Result.NOBODY: _("家中无人"),
    }
    return tuple(
        HelpVisit(
            id=row.pk,
            happened_at=row.happened_at,
            recorded_at=row.recorded_at,
            who=names.get(row.person_id, ""),
            result=row.result,
            result_title=titles[Visit.Result(row.result)],
            help=ref.help.get(row.help_kind, row.help_kind),
            text=row.text,
            matters=tuple(found.get(row.pk, ())),
        )
        for row in rows
    )


def _line(entry: Entry, ref: SchemeRef, names: Mapping[UUID, str], pairing: Pairing) -> PairingLine:
    body: dict[str, Any] = orjson.loads(entry.body)
    changed = [value_title(name) for name in body.get("corrected", ())]
    changed += [_("上门的人")] if "person" in body and entry.verb == "pairing.changed" else []
    changed += [_("需要的帮助")] if "needs" in body and entry.verb == "pairing.changed" else []
    witness = body.get("witness")
    params: dict[str, object] = {
        "actor": _actor(entry, ref, names),
        "how": consent_title(str(body.get("how", ""))),
        "witness": names.get(UUID(hex=witness), "") if witness else pairing.witness,
        "what": _("、").join(changed),
        "reason": reason_title(str(body.get("reason", ""))),
        "days": str(body.get("days", "")),
    }
    said = sentence(EntryView(entry.verb, params), get_language() or "zh")
    return PairingLine(said, entry.happened_at, entry.recorded_at, note="note" in body.get("sealed", {}))


def _actor(entry: Entry, ref: SchemeRef, names: Mapping[UUID, str]) -> str:
    if entry.actor_id is None:
        return _("系统")
    if entry.actor_role == "resident":
        return _("本人")
    return f"{ref.role_title(entry.actor_role)} {names.get(entry.actor_id, '')}".strip()


def _may(actor: Actor, pairing: Pairing, ref: SchemeRef) -> dict[str, Problem | None]:
    manage = guards.may_manage(actor, pairing.area_code, ref)
    open_ = guards.state_is(pairing, Pairing.State.PROPOSED, Pairing.State.ACTIVE)
    active = guards.state_is(pairing, Pairing.State.ACTIVE)
    here = None if goes(actor, pairing, ref) or manage is None else manage
    erased = Problem("", _("这户的信息已经删除了。"), _("不必再办。"))
    return {
        "consent": manage or guards.state_is(pairing, Pairing.State.PROPOSED),
        "change": manage or open_,
        "end": manage or open_,
        "withdraw": manage or (None if pairing.masked_name else erased),
        "visit": here or active,
        "reveal": None if pairing.masked_name else erased,
    }


def schemes_for(actor: Actor) -> tuple[tuple[str, SchemeRef], ...]:
    """Return where and under which schemes somebody may pair households: (area's code, scheme)."""
    found: dict[tuple[str, str, str], SchemeRef] = {}
    for post in actor.posts:
        for ref in in_area(post.area_code):
            if manages(actor, post.area_code, ref):
                found.setdefault((post.area_code, ref.method.key, ref.key), ref)
    return tuple((area, ref) for (area, _method, _key), ref in found.items())


def unit_people(area_code: str, ref: SchemeRef) -> tuple[UnitPerson, ...]:
    """Return who of the units may go to a household in an area. Two statements.

    Those with a post that the scheme asks for, in the area, above it or below it, whose unit is known.
    """
    inside = subtree_q("area_code", area_code) | Q(area_code__in=ancestors(area_code))
    posts = Post.objects.active(clock.today()).filter(inside, role_id__in=list(ref.spec.units))
    posts = posts.filter(person__organisation__isnull=False, person__erased_at__isnull=True)
    holding = list(posts.select_related("person__organisation"))
    going = Pairing.objects.filter(person_id__in={post.person_id for post in holding}, key=ref.key)
    taken = Counter(going.exclude(state=Pairing.State.ENDED).values_list("person_id", flat=True))
    found = {
        post.person_id: UnitPerson(
            post.person_id,
            post.person.name,
            post.person.organisation.name if post.person.organisation else "",
            taken[post.person_id] >= ref.spec.households,
        )
        for post in holding
    }
    return tuple(sorted(found.values(), key=lambda one: (one.unit, one.name)))
