"""What a round covers in an area: where each of its targets stands, and how often it was visited in a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.areas.api import within
from bihuan.fieldwork import lasts, targets
from bihuan.fieldwork.lasts import Covers, Last
from bihuan.fieldwork.plans import PlanRef, plans_of, refs_of, uses_in
from bihuan.fieldwork.read_shapes import CoverageRow, CoverageView, RoundRef
from bihuan.fieldwork.targets import Target
from bihuan.kernel.api import clock
from bihuan.people.api import Actor, can
from bihuan.people.permissions import ROUND_READ

MOST_ROWS = 2000  # listed; the sums are over all that there are
WALKED = 12  # an area of a community and below is walked; what is larger is listed by code


def rounds_in(actor: Actor, area_code: str) -> tuple[RoundRef, ...]:
    """Return the rounds in use in an area; see ``queries.rounds_in``."""
    if not can(actor, ROUND_READ, area_code) and not _own_within(actor, area_code):
        return ()
    return tuple(
        RoundRef(
            method_key=ref.method.key,
            round=ref.key,
            title=ref.title,
            levels=ref.levels,
            every=ref.every,
            who=tuple(dict.fromkeys(ref.role_title(role) for roles in ref.plan.levels for role in roles)),
        )
        for ref in refs_of(uses_in([area_code])[area_code])
    )


def coverage(
    actor: Actor, area_code: str, method_key: str, round_key: str, level: int, since: date | None, until: date | None
) -> CoverageView:
    """Return what a round covers; see ``queries.coverage``. At most four statements."""
    allowed = can(actor, ROUND_READ, area_code)
    own = [] if allowed else _own_within(actor, area_code)
    if not allowed and not own:
        raise PermissionDenied(allowed.reason)
    use = uses_in([area_code]).get(area_code, {}).get(method_key)
    ref = plans_of(use).get(round_key) if use is not None else None
    if ref is None or not 1 <= level <= ref.levels:
        raise Http404(_("这里没有这一项巡访"))
    today = clock.today()
    until = min(until or today, today)
    since = min(since or until.replace(month=(until.month - 1) // 3 * 3 + 1, day=1), until)
    areas = targets.areas_below([area_code])
    places = targets.places_for({area_code: ref.spec.kinds})
    goals = targets.targets_of(ref, area_code, areas, places.rows)
    if own:
        goals = [goal for goal in goals if any(within(goal.area_code, root) for root in own)]
    goals = (
        targets.walked(goals) if len(area_code) >= WALKED else sorted(goals, key=lambda one: (one.area_code, one.name))
    )
    covers = _read(ref, area_code, level, since, until, past=until < today)
    rows = tuple(_row(ref, level, goal, order, covers, until) for order, goal in enumerate(goals, start=1))
    shown = rows if len(rows) <= MOST_ROWS else tuple(sorted(sorted(rows, key=_press)[:MOST_ROWS], key=_turn))
    return CoverageView(
        method_key=method_key,
        round=round_key,
        title=ref.title,
        level=level,
        levels=ref.levels,
        area_code=area_code,
        since=since,
        until=until,
        rows=shown,
        due=sum(row.standing.state == "due" for row in rows),
        done=sum(row.standing.state == "done" for row in rows),
        never=sum(row.never for row in rows),
        more=len(rows) - len(shown),
    )


def _press(row: CoverageRow) -> tuple[tuple[int, float], int]:
    """Return where a target stands among those that press: due first, and of these the longest not covered."""
    return lasts.press(row.standing.state, row.standing.last_at), row.order


def _turn(row: CoverageRow) -> int:
    return row.order


def _own_within(actor: Actor, area_code: str) -> list[str]:
    """Return the actor's own areas in a larger one: who answers for some buildings reads of these."""
    return [root for root in actor.areas_with(ROUND_READ) if within(root, area_code)]


def _read(ref: PlanRef, root: str, level: int, since: date, until: date, *, past: bool) -> Covers:
    """Read what covered the targets last, and how many visits there were in the period: one statement."""
    where, given = lasts.visits_in(root)
    counted = (
        "SELECT 'n', '', '', sum(CASE WHEN counted THEN 1 ELSE 0 END), target, max(happened_at), "  # noqa: S608
        f"CAST(count(*) AS TEXT) FROM fieldwork_visit WHERE method_key = %s AND round = %s AND level = %s AND {where} "
        "AND happened_at >= %s AND happened_at < %s AND NOT withdrawn AND pairing_id IS NULL GROUP BY target"
    )
    params = [ref.method.key, ref.key, level, *given, lasts.start_of(since), lasts.end_of(until)]
    return lasts.covers_of([ref], [root], until if past else None, also=(counted, params))


def _row(
    ref: PlanRef,
    level: int,
    goal: Target,
    order: int,
    covers: Covers,
    day: date,
) -> CoverageRow:
    own, others = covers.of(ref, goal)
    found = lasts.stands(ref, level, own, others, day)
    last = _last(level, [*own, *others])
    visits, uncounted = covers.times.get(goal.target, (0, 0))
    return CoverageRow(
        target=goal.target,
        kind=goal.kind,
        kind_title=ref.kind_title(goal.kind),
        area_code=goal.area_code,
        area_name=goal.area_name,
        place_id=goal.place_id,
        name=goal.name,
        order=order,
        standing=lasts.shown(ref, level, found),
        last_at=last.at if last else None,
        last_act=last.act if last else "",
        last_visit_id=last.visit_id if last and last.act == "visit" else None,
        visits=visits,
        uncounted=uncounted,
        never=last is None,
    )


def _last(level: int, lasts: Sequence[Last]) -> Last | None:
    mine = [last for last in lasts if last.level == level]
    return max(mine, key=lambda last: last.at, default=None)
