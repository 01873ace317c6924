"""Correcting one's own visit: what was recorded first stays in the record, the row says what is right.

A corrected visit is judged anew where it stands now, and what was made after it as well; a visit taken back counts
for nothing any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.fieldwork import acts, chain, judging, preparing, sealing, store
from bihuan.fieldwork.models import Pairing, Visit
from bihuan.fieldwork.shapes import Corrected, NewVisit
from bihuan.fieldwork.shaping import check_visit
from bihuan.fieldwork.store import Key, Ready
from bihuan.fieldwork.verbs import CORRECTED, WITHDRAWN
from bihuan.kernel.api import BadInput, Problem, SealedValue, clock, plain, visible
from bihuan.people.api import Actor

FIELDS = (
    "area_code", "place_id", "round", "level", "help_kind", "happened_at", "arrived_at", "result", "checklist",
    "title", "text", "together",
)  # fmt: skip
WORDS = frozenset({"title", "text", "together"})  # stand beside the chain
LONGEST_REASON = 120


def correct(actor: Actor, visit_id: UUID, entry_id: UUID, reason: str, changes: Mapping[str, Any]) -> Corrected:
    """Correct or take back a visit; see ``actions.correct_visit``."""
    reason = _reason(reason)
    _known(changes)
    now = clock.now()
    with transaction.atomic():
        _hold(visit_id, changes)
        work, visit = chain.load_visit(actor, visit_id, entry_id, now)
        if work.resent:
            return _answer(visit, created=False)
        if visit.person_id != actor.person_id:
            raise PermissionDenied(_("只有走访的人自己能更正"))
        before = _key(visit), visit.happened_at
        if changes.get("withdrawn"):
            _withdraw(work, visit, reason)
        else:
            _change(work, visit, reason, changes, now)
        _settle(visit, before)
    visit.refresh_from_db()
    return _answer(visit, created=True)


def _hold(visit_id: UUID, changes: Mapping[str, Any]) -> None:
    """Lock where the visit stands and where it may stand then, before the visit: the order of whoever records one."""
    stands = Visit.objects.filter(pk=visit_id).values_list("target", "area_code").first()
    place, area = str(changes.get("place_id") or "").replace("-", "").lower(), str(changes.get("area_code") or "")
    if stands is not None:
        store.lock({one for one in (*stands, place, area.strip()) if one})


def _answer(visit: Visit, *, created: bool) -> Corrected:
    return Corrected(visit.pk, visit.version, created, visit.counted, visit.not_counted)


def _reason(reason: str) -> str:
    reason = visible(reason)
    if not reason or len(reason) > LONGEST_REASON:
        raise BadInput(Problem("reason", _("更正须写明原因。"), _("一句话，120 字以内，如“选错了楼”。")))
    return reason


def _known(changes: Mapping[str, Any]) -> None:
    strange = sorted(set(changes) - {*FIELDS, "withdrawn"})
    if strange or not changes:
        raise BadInput(Problem(strange[0] if strange else "", _("没有可更正的内容。"), _("请写明更正哪一项。")))


def _withdraw(work: chain.Work, visit: Visit, reason: str) -> None:
    work.set(withdrawn=True, counted=False, not_counted="withdrawn")
    work.record(WITHDRAWN, {"reason": sealing.MARK}, role=visit.role, sealed=[_sealed_reason(reason, visit)])


def _sealed_reason(reason: str, visit: Visit) -> SealedValue:
    return sealing.seal_words({"reason": reason}, sealing.keep_until(visit.version_ref_id, visit.happened_at))[0]


def _change(work: chain.Work, visit: Visit, reason: str, changes: Mapping[str, Any], now: datetime) -> None:
    """Work the visit out anew with what is changed; write what differs.

    Raises:
        BadInput: what is given cannot be read, or changes nothing. PermissionDenied: not in an area of the actor's.
    """
    old = _as_given(visit)
    moved = "area_code" in changes and "place_id" not in changes
    given = {**old, **changes, **({"place_id": None} if moved else {})}
    new = check_visit(given, now)
    ready = preparing.prepare_again(work.actor, new, visit, now)
    values = _values(ready, new)
    differing = sorted(name for name in FIELDS if values[name] != getattr(visit, name))
    if not differing:
        raise BadInput(Problem("", _("没有改动。"), _("请写明更正哪一项。")))
    body = {
        "changes": [[name, _plain(name, getattr(visit, name)), _plain(name, values[name])] for name in differing],
        "reason": sealing.MARK,
    }
    kept = sealing.seal_visit(new, sealing.keep_until(visit.version_ref_id, new.happened_at))
    sealed = [value for value in kept if value.name in differing]
    code = ready.area_code
    work.set(**values, target=ready.target, role=ready.role, stood_in=ready.stood_in)
    work.set(community_code=code[:12], street_code=code[:9], district_code=code[:6])
    work.set(counted=ready.counted, not_counted=ready.not_counted)
    work.record(CORRECTED, body, role=ready.role, sealed=[*sealed, _sealed_reason(reason, visit)])


def _as_given(visit: Visit) -> dict[str, Any]:
    found = {name: getattr(visit, name) for name in FIELDS}
    return {**found, "id": visit.pk, "pairing_id": visit.pairing_id, "method_key": visit.method_key}


def _values(ready: Ready, new: NewVisit) -> dict[str, Any]:
    return {
        "area_code": ready.area_code,
        "place_id": new.place_id,
        "round": new.round,
        "level": ready.level,
        "help_kind": new.help_kind,
        "happened_at": new.happened_at,
        "arrived_at": new.arrived_at,
        "result": new.result,
        "checklist": dict(new.checklist),
        "title": new.title,
        "text": new.text,
        "together": list(new.together),
    }


def _plain(name: str, value: Any) -> Any:
    if name in WORDS:
        return sealing.MARK if value else ""
    return plain(value)


# --- what follows --------------------------------------------------------------------------------------------------


def _key(visit: Visit) -> Key:
    return visit.method_key, visit.round, visit.target


def _settle(visit: Visit, before: tuple[Key, datetime]) -> None:
    """Judge again what was made since, where the visit stood and where it stands now."""
    keys = {before[0]: before[1], _key(visit): visit.happened_at}
    keys[before[0]] = min(before[1], keys[before[0]])
    for key in sorted(keys):
        if key[1]:
            judging.rejudge(key, keys[key], visit.version_ref_id)
    acts.follow(visit)
    if visit.pairing_id is not None:
        last = Visit.objects.filter(pairing_id=visit.pairing_id, counted=True).order_by("-happened_at").first()
        Pairing.objects.filter(pk=visit.pairing_id).update(last_visit_at=last.happened_at if last else None)
