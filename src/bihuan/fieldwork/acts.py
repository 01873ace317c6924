"""Acts on matters that a round counts as a visit: kept one by one, in the act's own transaction.

An act was where its matter is. A matter has an area; it has a place, too, where it was found on a visit to that place:
who comes back about it comes back there. A report from elsewhere tells of no place, and an act on it covers none.
Which round counts which act is looked up at reading; kept is only that it was done. A method no round of which names
the action costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.areas.api import ancestors
from bihuan.fieldwork import judging, store
from bihuan.fieldwork.lasts import FOLDED
from bihuan.fieldwork.models import Coverage, EquivalentAct, Finding, Visit
from bihuan.fieldwork.plans import rounds_of
from bihuan.fieldwork.section import Rounds
from bihuan.matters.api import Acted
from bihuan.matters.models import Matter
from bihuan.methods.api import get_method


def keep(acted: Acted) -> None:
    """Keep an act that a round of the matter's method counts: three statements at most, none for any other act.

    Two more where the act opens the second level of a round; visits that were made after it are judged again.
    """
    method = get_method(acted.version_id)
    section = rounds_of(method)
    covered = section.covered_by(f"{FOLDED}{acted.action}") if section is not None else ()
    if section is None or not covered:
        return
    place = _place_of(acted.matter_id) if any(section.plans[key].kinds for key in covered) else None
    act = EquivalentAct(
        id=acted.entry_id,
        matter_id=acted.matter_id,
        community_code=acted.area_code[:12],
        method_key=method.key,
        action=acted.action,
        area_code=acted.area_code,
        place_id=place,
        happened_at=acted.happened_at,
    )
    act.save(force_insert=True)
    store.upsert([_row(act, None), *([_row(act, place)] if place is not None else [])])
    _judge_after(method.key, _levelled(section, covered), _targets(acted.area_code, place), acted.happened_at)


def hold(matter_id: UUID) -> None:
    """Lock, before a visit that joins a matter, what an act on the matter would lock: the order of whoever acts."""
    found = Matter.objects.select_for_update().filter(pk=matter_id).values_list("version_ref", "area_code").first()
    section = rounds_of(get_method(found[0])) if found is not None else None
    if found is not None and section is not None and _levelled(section, section.plans):
        store.lock(_targets(found[1], _place_of(matter_id)))


def _place_of(matter_id: UUID) -> UUID | None:
    """Return the place at which a matter was found; a visit that only met it later says nothing of where it is."""
    found = Finding.objects.filter(
        matter=matter_id, joined=False, visit__place__isnull=False, visit__pairing__isnull=True, visit__withdrawn=False
    )
    return found.order_by("pk").values_list("visit__place", flat=True).first()


def _row(act: EquivalentAct, place: UUID | None) -> list[Any]:
    """Return what is folded of an act: that its place was covered, or its area."""
    target = place.hex if place is not None else act.area_code
    folded = f"{FOLDED}{act.action}"
    return [act.community_code, act.method_key, folded, 1, act.area_code, place, target, act.happened_at, None, None]


def _targets(area_code: str, place: UUID | None) -> list[str]:
    """Return everything that an act there covers: its place, and every area that it lies in."""
    return [*ancestors(area_code), *([place.hex] if place is not None else [])]


def _levelled(section: Rounds, covered: Iterable[str]) -> list[str]:
    """Return the rounds whose second level an act opens."""
    return [key for key in covered if len(section.plans[key].by_level) > 1]


def _judge_after(method_key: str, rounds: Iterable[str], targets: Iterable[str], at: datetime) -> None:
    """Judge again what was visited after an act that arrives late: two statements where a round has levels."""
    names, there = sorted(rounds), sorted(targets)
    if not names:
        return
    store.lock(there)
    later = Visit.objects.filter(
        target__in=there, method_key=method_key, round__in=names, happened_at__gte=at, level__gt=1, pairing__isnull=True
    )
    made = later.values_list("round", "target", "version_ref")
    versions = {(name, target): version for name, target, version in made}
    for (name, target), version in sorted(versions.items()):
        judging.rejudge((method_key, name, target), at, version)


def follow(visit: Visit) -> None:
    """Put right where acts were, after the visit that found their matters was corrected or taken back."""
    found = Finding.objects.filter(visit=visit, joined=False).values("matter")
    place = visit.place_id if not visit.withdrawn and visit.pairing_id is None else None
    moved = [
        act for act in EquivalentAct.objects.filter(matter__in=found).select_related("matter") if act.place_id != place
    ]
    EquivalentAct.objects.filter(pk__in=[act.pk for act in moved]).update(place=place)
    for key in sorted({(act.method_key, act.action, one) for act in moved for one in (act.place_id, place) if one}):
        _fold_again(*key)
    for act in moved:
        section = rounds_of(get_method(act.matter.version_ref_id))
        covered = section.covered_by(f"{FOLDED}{act.action}") if section is not None else ()
        there = [one.hex for one in (act.place_id, place) if one is not None]
        if section is not None:
            _judge_after(act.method_key, _levelled(section, covered), there, act.happened_at)


def _fold_again(method_key: str, action: str, place: UUID) -> None:
    acts = EquivalentAct.objects.filter(place=place, method_key=method_key, action=action)
    last = acts.order_by("-happened_at", "-pk").first()
    Coverage.objects.filter(method_key=method_key, round=f"{FOLDED}{action}", target=place.hex).delete()
    if last is not None:
        store.upsert([_row(last, place)])
