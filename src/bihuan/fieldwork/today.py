"""All that one person needs in the field today, read once and kept on the phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, date, datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from bihuan.areas.api import display_name
from bihuan.areas.models import Area
from bihuan.fieldwork import lasts, targets
from bihuan.fieldwork.day_shapes import (
    CheckItem,
    Choice,
    Day,
    DayArea,
    DayForm,
    DayMatter,
    DayPairing,
    DayPlan,
    DayTarget,
)
from bihuan.fieldwork.engine import Cover, Standing, goes_as, levels_of, standing, window_at
from bihuan.fieldwork.lasts import Covers
from bihuan.fieldwork.models import Pairing, Place
from bihuan.fieldwork.pairing_rights import goes
from bihuan.fieldwork.plans import PlanRef, Use, language, refs_of, uses_in
from bihuan.fieldwork.schemes import SchemeRef, scheme_of
from bihuan.fieldwork.targets import Target
from bihuan.kernel.api import clock
from bihuan.matters.api import carried
from bihuan.methods.api import Method
from bihuan.people.api import Actor
from bihuan.people.permissions import VISIT_RECORD

STATEMENTS = 7  # two more where there are more places than are looked at
MOST_TARGETS = 400  # taken along, the most pressing first
MOST_PLACES = 5000  # looked at to find them
MOST_AREAS = 600


def day(actor: Actor, at: datetime | None) -> Day:
    """Return today's work; see ``queries.day``. ``STATEMENTS``, and one for each method's first use in a process."""
    if actor.kind != "person" or actor.person_id is None:
        raise PermissionDenied(_("请先登录"))
    now = at or clock.now()
    today = now.astimezone(clock.ZONE).date()
    roots = list(actor.areas_with(VISIT_RECORD))
    uses = uses_in(roots)
    mine = {root: _mine(actor, root, refs_of(uses[root])) for root in roots}
    areas = targets.areas_below(roots)
    refs = list({ref.name: ref for some in mine.values() for ref in some}.values())
    kinds = {root: {kind for ref in some for kind in ref.spec.kinds} for root, some in mine.items()}
    places = targets.places_for(kinds, MOST_PLACES)
    covers = lasts.covers_of(refs, roots)
    goals = _goals(actor, mine, areas, places.rows, covers, today)
    taken, more = carried(actor, roots)
    carry = goals.most_pressing(MOST_TARGETS)
    return Day(
        at=now,
        person_id=actor.person_id,
        person_name=actor.name,
        plans=tuple(_plan(actor, root, ref, today) for ref, root in _first_roots(mine)),
        targets=goals.walked(carry),
        matters=tuple(_matter(one) for one in taken),
        pairings=_pairings(actor, areas, today),
        areas=tuple(
            DayArea(area.code, display_name(area), area.level, *targets.middle(area)) for area in areas[:MOST_AREAS]
        ),
        forms=_forms(uses.values()),
        more_matters=more,
        more_targets=len(goals.found) - len(carry) + places.more,
        more_areas=max(0, len(areas) - MOST_AREAS),
    )


def _mine(actor: Actor, root: str, refs: Iterable[PlanRef]) -> list[PlanRef]:
    """Return the rounds that somebody goes, or may stand in for, in an area."""
    held = actor.roles_in(root)
    return [ref for ref in refs if levels_of(ref.plan, held)]


def _first_roots(mine: Mapping[str, Sequence[PlanRef]]) -> list[tuple[PlanRef, str]]:
    """Return each round once, with an area in which it is gone."""
    found: dict[tuple[str, str], tuple[PlanRef, str]] = {}
    for root, refs in mine.items():
        for ref in refs:
            found.setdefault(ref.name, (ref, root))
    return list(found.values())


def _plan(actor: Actor, root: str, ref: PlanRef, today: date) -> DayPlan:
    held = actor.roles_in(root)
    levels = levels_of(ref.plan, held)
    going = goes_as(ref.plan, levels[0], held)
    window = window_at(ref.plan, today)
    role = going.role if going else ""
    return DayPlan(
        method_key=ref.method.key,
        round=ref.key,
        title=ref.title,
        note=ref.spec.note.say(language()) if ref.spec.note else "",
        role=role,
        role_title=ref.role_title(role),
        levels=levels,
        stands_in=going is not None and going.stood_in,
        together=tuple((one, ref.role_title(one)) for one in ref.plan.together),
        together_rule=ref.plan.needed,
        checklist=check_items(ref),
        every=ref.every,
        since=lasts.start_of(window.start) if window else None,
        until=lasts.end_of(window.end) if window and window.end.year < MAXYEAR else None,
    )


def check_items(ref: PlanRef) -> tuple[CheckItem, ...]:
    """Return what a round looks at, in the reader's language."""
    found = []
    for key, item in ref.spec.checklist.items():
        to = item.finding
        where = (to.method, to.category, to.urgency) if to is not None else ("", "", "")
        found.append(CheckItem(key, item.title.say(language()), *where))
    return tuple(found)


@dataclass(slots=True)
class Goals:
    """Everything that is gone to, each once with all its rounds."""

    found: dict[str, Target] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    standings: dict[str, list[tuple[PlanRef, int, Standing]]] = field(default_factory=dict)
    rounds: dict[tuple[str, str], list[Target]] = field(default_factory=dict)

    def most_pressing(self, most: int) -> list[Target]:
        """Return what is taken along: all of it, or what presses most."""
        goals = list(self.found.values())
        if len(goals) <= most:
            return goals
        return sorted(goals, key=self._press)[:most]

    def _press(self, goal: Target) -> tuple[tuple[int, float], str, str]:
        press = min(lasts.press(told.state, told.last_at) for _ref, _level, told in self.standings[goal.target])
        return press, goal.area_code, goal.target

    def walked(self, taken: Sequence[Target]) -> tuple[DayTarget, ...]:
        """Return what is taken along in walking order, with its turn on each round."""
        there = {goal.target for goal in taken}
        turns = {
            name: {goal.target: turn for turn, goal in enumerate(targets.walked(some), start=1)}
            for name, goals in self.rounds.items()
            for some in [[goal for goal in goals if goal.target in there]]
        }
        return tuple(self._shown(goal, order, turns) for order, goal in enumerate(targets.walked(taken), start=1))

    def _shown(self, goal: Target, order: int, turns: Mapping[tuple[str, str], Mapping[str, int]]) -> DayTarget:
        standings = tuple(
            replace(lasts.shown(ref, level, told), order=turns[ref.name].get(goal.target, 0))
            for ref, level, told in self.standings[goal.target]
        )
        return DayTarget(
            target=goal.target,
            kind="area" if goal.place_id is None else goal.kind,
            kind_title=self.titles[goal.kind],
            area_code=goal.area_code,
            area_name=goal.area_name,
            place_id=goal.place_id,
            name=goal.name,
            lon=goal.lon,
            lat=goal.lat,
            order=order,
            standings=standings,
            due=any(one.state == "due" for one in standings),
        )


def _goals(
    actor: Actor,
    mine: Mapping[str, Sequence[PlanRef]],
    areas: Sequence[Area],
    places: Sequence[Place],
    covers: Covers,
    today: date,
) -> Goals:
    """Return everything that somebody goes to, and how it stands on each of their rounds and levels."""
    goals = Goals()
    for root, refs in mine.items():
        held = actor.roles_in(root)
        for ref in refs:
            for goal in targets.targets_of(ref, root, areas, places):
                goals.found.setdefault(goal.target, goal)
                goals.rounds.setdefault(ref.name, []).append(goal)
                goals.titles.setdefault(goal.kind, ref.kind_title(goal.kind))
                own, others = covers.of(ref, goal)
                for level in levels_of(ref.plan, held):
                    told = lasts.stands(ref, level, own, others, today)
                    goals.standings.setdefault(goal.target, []).append((ref, level, told))
    return goals


def _matter(one: object) -> DayMatter:
    return DayMatter(**{name: getattr(one, name) for name in DayMatter.__slots__})


def _pairings(actor: Actor, areas: Iterable[Area], today: date) -> tuple[DayPairing, ...]:
    """Return the households that somebody goes to for their unit: masked. One statement."""
    called = {area.code: display_name(area) for area in areas}
    rows = Pairing.objects.filter(person_id=actor.person_id, state=Pairing.State.ACTIVE)
    found = []
    for row in rows.order_by("area_code", "pk"):
        ref = scheme_of(row.version_ref_id, row.key)
        if goes(actor, row, ref):
            told = _rhythm(ref, row.last_visit_at, today)
            found.append(
                DayPairing(
                    pairing_id=row.pk,
                    method_key=ref.method.key,
                    key=row.key,
                    title=ref.title,
                    area_code=row.area_code,
                    area_name=called.get(row.area_code, row.area_code),
                    place_id=None,  # a household is no place of the rounds
                    place_name=row.door,
                    masked_name=row.masked_name,
                    help=tuple(ref.help.items()),
                    last_visit_at=row.last_visit_at,
                    every=ref.every,
                    state=told.state if told else "",
                    due=told is not None and told.state == "due",
                    since=lasts.start_of(told.since) if told and told.since else None,
                    until=lasts.end_of(told.until) if told and told.until and told.until.year < MAXYEAR else None,
                )
            )
    return tuple(found)


def _rhythm(ref: SchemeRef, last: datetime | None, today: date) -> Standing | None:
    """Return how a household stands in the rhythm of its scheme; None where it is visited as needed."""
    plan = ref.plan
    return standing(plan, 1, [Cover(last)] if last is not None else [], today) if plan is not None else None


def _forms(uses: Iterable[Mapping[str, Use]]) -> tuple[DayForm, ...]:
    """Return what a new matter asks for, of every method in use: the residents' own first."""
    found = {use.key: use for some in uses for use in some.values()}
    ordered = sorted(found.values(), key=lambda use: (not use.default, use.key))
    return tuple(
        DayForm(
            method_key=use.key,
            title=use.method.title.say(language()),
            default=use.default,
            categories=_choices(use.method, "category"),
            urgencies=_choices(use.method, "urgency"),
        )
        for use in ordered
    )


def _choices(method: Method, name: str) -> tuple[Choice, ...]:
    spec = method.fields.get(name)
    return tuple(Choice(key, text.say(language())) for key, text in spec.options.items()) if spec is not None else ()
