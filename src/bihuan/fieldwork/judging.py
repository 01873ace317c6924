"""Which visits count: a target's visits judged in the order in which they were made, whenever they arrive.

The engine judges one visit by what came before it. A phone without signal sends its visits late, a correction moves
one or takes it away: what was made after it is judged again, so that what counts never depends on the order of
arrival. What ruled when a visit was made stays its rule: each is judged by the version it was recorded under.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from bihuan.areas.api import subtree_q, within
from bihuan.fieldwork import store
from bihuan.fieldwork.engine import Cover, Facts, counts, day_of, window_at
from bihuan.fieldwork.models import Coverage, EquivalentAct, Visit
from bihuan.fieldwork.plans import PlanRef, Use, plans_of
from bihuan.fieldwork.store import Key, Ready
from bihuan.kernel.api import CHINA

SETTLED = frozenset({"no_round", "elsewhere"})  # not for the engine to judge
_UNITS = {"days": 1.0, "workdays": 3.0, "hours": 1 / 24, "work_hours": 1.0, "minutes": 1 / 1440}


@dataclass(slots=True)
class Known:
    """What is known around one target of a round: what covered it, and whether visits made later are there already."""

    covers: list[Cover] = field(default_factory=list)
    later: datetime | None = None  # the latest visit that is recorded, counted or not
    fed: dict[str, datetime] = field(default_factory=dict)  # of the rounds that take this one's visits for their first


def look_back(ref: PlanRef, at: datetime) -> datetime:
    """Return from when on visits weigh on one made at ``at``: its window, and the interval before it."""
    first = at - timedelta(days=2)
    if ref.plan.interval is not None:
        amount, unit = ref.plan.interval
        first -= timedelta(days=amount * _UNITS[unit] + (14 if unit.startswith("work") else 0))
    window = window_at(ref.plan, day_of(at)) if ref.levels > 1 else None
    if window is not None:
        first = min(first, _midnight(window.start) - timedelta(days=1))
    return first


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA.zone)


def facts_of(at: datetime, role: str, together: Iterable[Mapping[str, str]], result: str) -> Facts:
    """Return a visit as the engine takes it."""
    return Facts(at, role, frozenset(one["role"] for one in together), nobody=result == "nobody")


def judge(ready: Sequence[tuple[Ready, PlanRef | None]]) -> set[Key]:
    """Judge new visits, in the order in which they were made; returns the keys that hold later visits already.

    One statement, two where a round of several levels counts acts on matters. The caller holds the lock of their
    targets. ``Ready.not_counted`` may say already that a visit is not for the engine to judge.
    """
    open_ = [(one, ref) for one, ref in ready if ref is not None and one.not_counted not in SETTLED]
    known = _known(open_)
    late: set[Key] = set()
    for one, ref in sorted(open_, key=lambda pair: (pair[0].new.happened_at, pair[0].new.id)):
        new, there = one.new, known[one.key]
        facts = facts_of(new.happened_at, one.role, new.together, new.result)
        one.counted, one.not_counted = counts(ref.plan, one.level, facts, there.covers)
        if one.counted:
            there.covers.append(Cover(new.happened_at, one.level))
        if there.later is not None and there.later > new.happened_at:
            late.add(one.key)
        elif one.counted:
            late.update((one.key[0], name, one.key[2]) for name, at in there.fed.items() if at > new.happened_at)
    return late


def _known(ready: Sequence[tuple[Ready, PlanRef]]) -> dict[Key, Known]:
    """Read what is recorded around the targets of new visits."""
    known = {one.key: Known() for one, _ref in ready}
    if not known:
        return known
    rounds = {name for one, ref in ready for name in (one.new.round, *_others(ref), *fed_by(ref))}
    rows = (
        Visit.objects.filter(
            target__in={one.target for one, _ref in ready},
            method_key__in={one.method_key for one, _ref in ready},
            round__in=rounds,
            happened_at__gte=min(look_back(ref, one.new.happened_at) for one, ref in ready),
            withdrawn=False,
            pairing__isnull=True,
        )
        .order_by()
        .values_list("method_key", "round", "target", "level", "happened_at", "counted")
    )
    feeds, fed = _feeds(ready), _fed(ready)
    for method, name, target, level, at, counted in rows:
        for key in fed.get((method, name, target), ()):
            known[key].fed[name] = max(known[key].fed.get(name, at), at)
        own = known.get((method, name, target))
        if own is not None:
            own.later = max(own.later or at, at)
            if counted:
                own.covers.append(Cover(at, level))
        if counted:
            for key in feeds.get((method, name, target), ()):
                known[key].covers.append(Cover(at, 1, own=False))
    _add_acts(ready, known)
    return known


def _others(ref: PlanRef) -> tuple[str, ...]:
    """Return the rounds whose visits open the second level: at the first, the interval is between one's own visits."""
    return ref.rounds_equivalent if ref.levels > 1 else ()


def _feeds(ready: Sequence[tuple[Ready, PlanRef]]) -> dict[Key, set[Key]]:
    feeds: dict[Key, set[Key]] = {}
    for one, ref in ready:
        for name in _others(ref):
            if one.level > 1:
                feeds.setdefault((one.method_key, name, one.target), set()).add(one.key)
    return feeds


def fed_by(ref: PlanRef) -> tuple[str, ...]:
    """Return the rounds of several levels that take this round's visits for their first level."""
    others = plans_of(ref.use).values()
    return tuple(
        one.key for one in others if one.levels > 1 and one.key != ref.key and ref.key in one.rounds_equivalent
    )


def _fed(ready: Sequence[tuple[Ready, PlanRef]]) -> dict[Key, set[Key]]:
    fed: dict[Key, set[Key]] = {}
    for one, ref in ready:
        for name in fed_by(ref):
            fed.setdefault((one.method_key, name, one.target), set()).add(one.key)
    return fed


def _add_acts(ready: Sequence[tuple[Ready, PlanRef]], known: Mapping[Key, Known]) -> None:
    wanted = [(one, ref) for one, ref in ready if one.level > 1 and ref.acts_equivalent]
    if not wanted:
        return
    there = Q()
    for target, place in {(one.target, one.new.place_id) for one, _ref in wanted}:
        there |= _acts_at(target, place)
    rows = list(
        EquivalentAct.objects.filter(
            there,
            method_key__in={one.method_key for one, _ref in wanted},
            action__in={action for _one, ref in wanted for action in ref.acts_equivalent},
            happened_at__gte=min(look_back(ref, one.new.happened_at) for one, ref in wanted),
        ).values_list("method_key", "action", "area_code", "place", "happened_at")
    )
    for key, ref in {one.key: ref for one, ref in wanted}.items():
        known[key].covers.extend(
            Cover(at, 1, own=False)
            for method, action, area, place, at in rows
            if method == key[0]
            and action in ref.acts_equivalent
            and (key[2] == place.hex if place is not None and len(key[2]) == 32 else within(area, key[2]))
        )


def _acts_at(target: str, place: UUID | None) -> Q:
    """Return the condition "was there": at the place, or somewhere in the area."""
    if place is not None:
        return Q(place=place)
    return Q(community_code=target[:12]) & subtree_q("area_code", target)


# --- again ---------------------------------------------------------------------------------------------------------


def rejudge(key: Key, since: datetime, version_id: UUID, done: tuple[str, ...] = ()) -> None:
    """Judge again every visit of a target and round made at or after ``since``, and set its coverage right.

    For what arrived late and what was corrected; a handful of statements, over what was made since and over the
    window and the interval before it: not over the target's history. Rounds that take this one's visits for their
    first level, by the version of what came or was changed, follow; ``done`` names those that were judged already.
    """
    method, name, target = key
    store.lock([target])
    rows = list(_made(key).filter(happened_at__gte=since).order_by("happened_at", "id"))
    refs = _refs_of_rows(rows)
    first = min((look_back(ref, since) for ref in refs.values()), default=since)
    before = _made(key).filter(happened_at__gte=first, happened_at__lt=since, counted=True, withdrawn=False)
    covers = [Cover(at, level) for at, level in before.values_list("happened_at", "level")] if rows else []
    others = _opened(rows, refs, first)
    for row in rows:
        ref = refs.get(row.version_ref_id)
        if row.withdrawn or ref is None or row.not_counted in SETTLED:
            continue
        _judge_again(row, ref, covers, others)
        if row.counted:
            covers.append(Cover(row.happened_at, row.level))
    recount(key, {row.level for row in rows})
    changed = plans_of(Use(version_id, method, 0, default=False)).get(name)
    for other in sorted({name for ref in (*refs.values(), changed) if ref is not None for name in fed_by(ref)}):
        if other not in done:
            rejudge((method, other, target), since, version_id, (*done, name))


def _made(key: Key) -> QuerySet[Visit]:
    """Return the visits of a target on a round; none to a household that is paired is a round's."""
    method, name, target = key
    return Visit.objects.filter(method_key=method, round=name, target=target, pairing__isnull=True)


def _judge_again(row: Visit, ref: PlanRef, covers: Sequence[Cover], others: Sequence[Cover]) -> None:
    facts = facts_of(row.happened_at, row.role, row.together, row.result)
    fed = others if row.level > 1 else ()
    counted, why = counts(ref.plan, row.level, facts, [*covers, *fed])
    if (counted, why) != (row.counted, row.not_counted):
        row.counted, row.not_counted = counted, why
        Visit.objects.filter(pk=row.pk).update(counted=counted, not_counted=why)


def recount(key: Key, levels: Iterable[int]) -> None:
    """Write the coverage of a target and round anew: a look at the latest visit of each level."""
    method, name, target = key
    kept = Coverage.objects.filter(method_key=method, round=name, target=target)
    known = sorted({*kept.values_list("level", flat=True), *levels})
    kept.delete()
    rows = []
    for level in known:
        last = _made(key).filter(level=level, counted=True, withdrawn=False).order_by("-happened_at", "-id").first()
        if last is not None:
            rows.append([
                last.community_code, method, name, level, last.area_code, last.place_id, target,
                last.happened_at, last.pk, last.person_id,
            ])  # fmt: skip
    store.upsert(rows)


def _refs_of_rows(rows: Iterable[Visit]) -> dict[UUID, PlanRef]:
    """Return the round as each visit's own version has it."""
    found: dict[UUID, PlanRef] = {}
    for row in rows:
        if row.version_ref_id not in found:
            ref = plans_of(Use(row.version_ref_id, row.method_key, 0, default=False)).get(row.round)
            if ref is not None:
                found[row.version_ref_id] = ref
    return found


def _opened(rows: Sequence[Visit], refs: Mapping[UUID, PlanRef], since: datetime) -> list[Cover]:
    """Return what else opened the second level of a target since: other rounds' visits, acts on matters."""
    levelled = [ref for ref in refs.values() if ref.levels > 1]
    if not levelled or not any(row.level > 1 for row in rows):
        return []
    first, rounds = rows[0], {name for ref in levelled for name in ref.rounds_equivalent}
    found = list(
        Visit.objects.filter(
            method_key=first.method_key, round__in=rounds, target=first.target, happened_at__gte=since,
            counted=True, withdrawn=False, pairing__isnull=True,
        ).values_list("happened_at", flat=True)
    )  # fmt: skip
    actions = {name for ref in levelled for name in ref.acts_equivalent}
    if actions:
        there = EquivalentAct.objects.filter(_acts_at(first.target, first.place_id), happened_at__gte=since)
        found += there.filter(method_key=first.method_key, action__in=actions).values_list("happened_at", flat=True)
    return [Cover(at, 1, own=False) for at in found]
