"""All that one person needs in the field today, read once and kept on the phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from bihuan.areas.models import Area
from bihuan.areas.queries import display_name
from bihuan.fieldwork import targets
from bihuan.fieldwork.engine import goes_as, levels_of, window_at
from bihuan.fieldwork.models import Pairing, Place
from bihuan.fieldwork.pairing_rights import goes
from bihuan.fieldwork.plans import PlanRef, Use, language, refs_of, uses_in
from bihuan.fieldwork.schemes import scheme_of
from bihuan.fieldwork.shapes import (
    CheckItem,
    Choice,
    Day,
    DayArea,
    DayForm,
    DayMatter,
    DayPairing,
    DayPlan,
    DayTarget,
    PlanStanding,
)
from bihuan.fieldwork.targets import Covers, Target
from bihuan.kernel.api import clock
from bihuan.matters.api import carried
from bihuan.methods.api import Method
from bihuan.people.api import Actor
from bihuan.people.permissions import VISIT_RECORD

MOST_TARGETS = 400
MOST_AREAS = 600


def day(actor: Actor, at: datetime | None) -> Day:
    """Return today's work; see ``queries.day``. Eight statements, and one for each method's first use in a process."""
    if actor.kind != "person" or actor.person_id is None:
        raise PermissionDenied(_("请先登录"))
    now = at or clock.now()
    today = now.astimezone(clock.ZONE).date()
    roots = list(actor.areas_with(VISIT_RECORD))
    uses = uses_in(roots)
    mine = {root: _mine(actor, root, refs_of(uses[root])) for root in roots}
    areas = targets.areas_below(roots, MOST_AREAS)
    refs = list({ref.name: ref for some in mine.values() for ref in some}.values())
    places = targets.places_below(roots, {kind for ref in refs for kind in ref.spec.kinds}, MOST_TARGETS)
    covers = targets.covers_of(refs, roots)
    taken, more = carried(actor, roots)
    return Day(
        at=now,
        person_id=actor.person_id,
        person_name=actor.name,
        plans=tuple(_plan(actor, root, ref, today) for ref, root in _first_roots(mine)),
        targets=_targets(actor, mine, areas, places, covers, today),
        matters=tuple(_matter(one) for one in taken),
        pairings=_pairings(actor, areas),
        areas=tuple(DayArea(area.code, display_name(area), area.level, *targets.middle(area)) for area in areas),
        forms=_forms(uses.values()),
        more_matters=more,
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
        since=targets.start_of(window.start) if window else None,
        until=targets.end_of(window.end) if window and window.end.year < 9999 else None,
    )


def check_items(ref: PlanRef) -> tuple[CheckItem, ...]:
    """Return what a round looks at, in the reader's language."""
    found = []
    for key, item in ref.spec.checklist.items():
        to = item.finding
        where = (to.method, to.category, to.urgency) if to is not None else ("", "", "")
        found.append(CheckItem(key, item.title.say(language()), *where))
    return tuple(found)


def _targets(
    actor: Actor,
    mine: Mapping[str, Sequence[PlanRef]],
    areas: Sequence[Area],
    places: Sequence[Place],
    covers: Covers,
    today: date,
) -> tuple[DayTarget, ...]:
    """Return everything that is gone to, each once with all its rounds, in walking order."""
    goals: dict[str, Target] = {}
    standings: dict[str, list[PlanStanding]] = {}
    titles: dict[str, str] = {}
    rounds: dict[tuple[str, str], list[Target]] = {}
    for root, refs in mine.items():
        held = actor.roles_in(root)
        for ref in refs:
            for goal in targets.targets_of(ref, root, areas, places):
                goals.setdefault(goal.target, goal)
                rounds.setdefault(ref.name, []).append(goal)
                titles.setdefault(goal.kind, ref.kind_title(goal.kind))
                own, others = covers.of(ref, goal)
                for level in levels_of(ref.plan, held):
                    found = targets.stands(ref, level, own, others, today)
                    standings.setdefault(goal.target, []).append(targets.shown(ref, level, found))
    turns = {name: _turns(goals_) for name, goals_ in rounds.items()}
    walked = targets.walked(list(goals.values())[:MOST_TARGETS])
    return tuple(
        DayTarget(
            target=goal.target,
            kind="area" if goal.place_id is None else goal.kind,
            kind_title=titles[goal.kind],
            area_code=goal.area_code,
            area_name=goal.area_name,
            place_id=goal.place_id,
            name=goal.name,
            lon=goal.lon,
            lat=goal.lat,
            order=order,
            standings=tuple(
                replace(one, order=turns[one.method_key, one.round].get(goal.target, 0))
                for one in standings[goal.target]
            ),
            due=any(one.state == "due" for one in standings[goal.target]),
        )
        for order, goal in enumerate(walked, start=1)
    )


def _turns(goals: Sequence[Target]) -> dict[str, int]:
    """Return which target of one round comes when, as they are walked."""
    return {goal.target: turn for turn, goal in enumerate(targets.walked(goals[:MOST_TARGETS]), start=1)}


def _matter(one: object) -> DayMatter:
    return DayMatter(**{name: getattr(one, name) for name in DayMatter.__slots__})


def _pairings(actor: Actor, areas: Iterable[Area]) -> tuple[DayPairing, ...]:
    """Return the households that somebody goes to for their unit: masked. One statement."""
    called = {area.code: display_name(area) for area in areas}
    rows = Pairing.objects.filter(person_id=actor.person_id, state=Pairing.State.ACTIVE)
    found = []
    for row in rows.order_by("area_code", "pk"):
        ref = scheme_of(row.version_ref_id, row.key)
        if goes(actor, row, ref):
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
                )
            )
    return tuple(found)


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
