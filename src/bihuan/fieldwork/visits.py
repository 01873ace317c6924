"""Recording visits: one by one, or five hundred from a phone that was out of reach.

What stands is written in one transaction; a visit that does not stand is told with its problems and keeps none of the
others out. Whether it counts towards its round is told, and never a reason not to record it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.areas.models import Area
from bihuan.fieldwork import judging, sealing, store
from bihuan.fieldwork.engine import goes_as, levels_of
from bihuan.fieldwork.labels import why_title
from bihuan.fieldwork.models import Pairing, Place, Visit
from bihuan.fieldwork.pairing_rights import goes, manages
from bihuan.fieldwork.plans import PlanRef, Use, choose, plans_of, uses_in
from bihuan.fieldwork.schemes import scheme_of
from bihuan.fieldwork.shapes import NewVisit, RecordedVisit
from bihuan.fieldwork.shaping import check_visit
from bihuan.fieldwork.store import Ready
from bihuan.fieldwork.verbs import RECORDED
from bihuan.kernel.api import (
    ActorRef,
    BadInput,
    Conflict,
    NotFound,
    Problem,
    Refused,
    already_many,
    build_entries,
    clock,
    find_files,
    instant,
    keep_many,
    ready_files,
)
from bihuan.kernel.uploads import UNNAMED
from bihuan.methods.models import MethodVersion
from bihuan.people.api import Actor, can
from bihuan.people.permissions import VISIT_RECORD

MOST = 500
ATTEMPTS = 4
SUBJECT = "visit"


@dataclass(slots=True)
class Around:
    """What the visits of one call refer to, read once."""

    actor: Actor
    now: datetime
    areas: dict[str, str] = field(default_factory=dict)  # code → level
    uses: dict[str, dict[str, Use]] = field(default_factory=dict)
    places: dict[UUID, Place] = field(default_factory=dict)
    pairings: dict[UUID, Pairing] = field(default_factory=dict)
    roles: dict[str, frozenset[str]] = field(default_factory=dict)

    def roles_in(self, area_code: str) -> frozenset[str]:
        """Return the roles that the actor holds in an area."""
        found = self.roles.get(area_code)
        if found is None:
            found = self.roles[area_code] = self.actor.roles_in(area_code)
        return found


@dataclass(slots=True)
class Item:
    """One visit on its way: where it stands in the call, its rows, its round, its files."""

    index: int
    ready: Ready
    ref: PlanRef | None
    files: list[Any]


def record(actor: Actor, given: Mapping[str, Any]) -> RecordedVisit:
    """Record one visit; see ``actions.record_visit``. At most eight statements, files apart."""
    now = clock.now()
    new = check_visit(given, now)
    files = _files(new)
    around = _read(actor, [new], now)
    item = _prepare(around, 0, new, files)
    try:
        with transaction.atomic():
            _lock([item])
            _write([item], now)
    except IntegrityError:
        again = _again(actor, [new.id])
        if new.id not in again:
            raise
        return _settle(again[new.id])
    return _answer(item.ready)


def record_many(actor: Actor, visits: Sequence[Mapping[str, Any]]) -> list[RecordedVisit | Problem]:
    """Record up to 500 visits in their order; see ``actions.record_visits``."""
    if len(visits) > MOST:
        raise BadInput(Problem("visits", _("一次最多 %(n)s 条。") % {"n": MOST}, _("请分几次提交。")))
    now = clock.now()
    answers: list[RecordedVisit | Problem | None] = [None] * len(visits)
    checked = [(index, new) for index, given in enumerate(visits) if (new := _check(index, given, now, answers))]
    around = _read(actor, [new for _index, new in checked], now)
    come = _come(actor, [new for _index, new in checked])
    items: dict[UUID, Item] = {}
    for index, new in checked:
        if new.id in items:
            answers[index] = Problem(f"{index}.id", _("同一批里有两条用了同一个编号。"), _("请各用各的编号。"))
        elif not come.get(new.id, True):
            why = _("有文件还没有传到，或者已经用在别处。")
            answers[index] = Problem(f"{index}.photos", why, _("请等文件传完再试，或重新选择。"))
        elif (item := _try(around, index, new, answers)) is not None:
            items[new.id] = item
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                _write_new(actor, dict(items), answers, now)
            break
        except IntegrityError:  # another phone sent some of them meanwhile: they are there now
            if attempt == ATTEMPTS - 1:
                raise
    return [answer for answer in answers if answer is not None]


def _write_new(
    actor: Actor, items: dict[UUID, Item], answers: list[RecordedVisit | Problem | None], now: datetime
) -> None:
    """Answer what is in the record already, write the rest."""
    _lock(items.values())
    for key, row in _again(actor, already_many(items)).items():
        item = items.pop(key)
        try:
            answers[item.index] = _settle(row)
        except Conflict as error:
            answers[item.index] = _indexed(item.index, error.problems)
    _write(list(items.values()), now)
    for item in items.values():
        answers[item.index] = _answer(item.ready)


def _come(actor: Actor, visits: Sequence[NewVisit]) -> dict[UUID, bool]:
    """Say of each visit that names files sent ahead whether they are all there: one statement, none without such."""
    named = {
        new.id: [file.file_id for file in (*new.photos, *new.sounds) if file.upload is None and file.file_id]
        for new in visits
        if new.photos or new.sounds
    }
    there = find_files({key for keys in named.values() for key in keys})
    mine = {(UNNAMED, actor.person_id)}
    return {
        visit: all(
            key in there and (there[key].subject_type, there[key].subject_id) in mine | {(SUBJECT, visit)}
            for key in keys
        )
        for visit, keys in named.items()
    }


def _check(
    index: int, given: Mapping[str, Any], now: datetime, answers: list[RecordedVisit | Problem | None]
) -> NewVisit | None:
    try:
        if not isinstance(given, Mapping):
            raise BadInput(Problem("", _("每一条应当是一个对象。")))
        return check_visit(given, now)
    except BadInput as error:
        answers[index] = _indexed(index, error.problems)
    return None


def _try(around: Around, index: int, new: NewVisit, answers: list[RecordedVisit | Problem | None]) -> Item | None:
    try:
        return _prepare(around, index, new, _files(new))
    except (BadInput, Refused, NotFound, Conflict) as error:
        answers[index] = _indexed(index, error.problems)
    except (PermissionDenied, Http404) as error:
        answers[index] = Problem(f"{index}", str(error))
    return None


def _indexed(index: int, problems: Sequence[Problem]) -> Problem:
    first = problems[0] if problems else Problem("", _("没有说明原因。"))
    return Problem(f"{index}.{first.field}" if first.field else f"{index}", first.why, first.how)


def _files(new: NewVisit) -> list[Any]:
    return [*ready_files(new.photos), *ready_files(new.sounds, kind="sound")] if new.photos or new.sounds else []


# --- what it refers to ---------------------------------------------------------------------------------------------


def _read(actor: Actor, visits: Sequence[NewVisit], now: datetime) -> Around:
    """Read what visits refer to: a statement each for places, pairings, areas and methods."""
    around = Around(actor, now)
    place_ids = {new.place_id for new in visits if new.place_id is not None}
    if place_ids:
        around.places = Place.objects.in_bulk(place_ids)
    pairing_ids = {new.pairing_id for new in visits if new.pairing_id is not None}
    if pairing_ids:
        around.pairings = Pairing.objects.in_bulk(pairing_ids)
    for new in visits:
        _put_in_place(around, new)
    codes = {new.area_code for new in visits if new.area_code.isascii() and new.area_code.isdigit()}
    if codes:
        around.areas = dict(Area.objects.filter(code__in=codes, active=True).values_list("code", "level"))
        around.uses = uses_in(around.areas)
    return around


def _put_in_place(around: Around, new: NewVisit) -> None:
    """Let the place, or the household, say in which area the visit was."""
    pairing = around.pairings.get(new.pairing_id) if new.pairing_id else None
    if pairing is not None:
        new.area_code, new.place_id = pairing.area_code, None  # the record must not tell which door it was
        return
    place = around.places.get(new.place_id) if new.place_id else None
    if place is not None:
        new.area_code = place.area_code


def prepare_again(actor: Actor, new: NewVisit, visit: Visit, now: datetime) -> Ready:
    """Work a visit out anew that is corrected: by the version it was recorded under. A statement for each look-up.

    Raises:
        As ``record``.
    """
    around = _read(actor, [new], now)
    number = MethodVersion.objects.values_list("number", flat=True).get(pk=visit.version_ref_id)
    pinned = Use(visit.version_ref_id, visit.method_key, number, default=False)
    around.uses = {code: {pinned.key: pinned} for code in around.areas}
    return _prepare(around, 0, new, []).ready


def _prepare(around: Around, index: int, new: NewVisit, files: list[Any]) -> Item:
    """Check the right and the round's rules; return all that the rows need. No statement.

    Raises:
        BadInput: no such place. NotFound: no method in use. PermissionDenied, Http404: not this person's to record.
    """
    pairing = _pairing(around, new)
    if new.area_code not in around.areas:
        raise BadInput(Problem("area_code", _("没有找到这个地点。"), _("请从名单中选择。")))
    if new.place_id is not None and pairing is None and new.place_id not in around.places:
        raise BadInput(Problem("place_id", _("没有找到这个地点。"), _("请从名单中选择；也可以只写楼栋。")))
    actor, code = around.actor, new.area_code
    if actor.kind != "person" or actor.person_id is None:
        raise PermissionDenied(_("请先登录"))
    allowed = can(actor, VISIT_RECORD, code)
    if not allowed and pairing is None:
        raise PermissionDenied(allowed.reason)
    use = _use(around, new, pairing)
    ref = plans_of(use).get(new.round) if new.round and pairing is None else None
    held = around.roles_in(code)
    level = new.level or (next(iter(levels_of(ref.plan, held)), 1) if ref is not None else 1)
    going = goes_as(ref.plan, level, held) if ref is not None else None
    role = going.role if going else actor.role_for(VISIT_RECORD, code)
    ready = Ready(
        new=new,
        version_id=use.version_id,
        method_key=use.key,
        method_tag=use.tag,
        area_code=code,
        target=new.place_id.hex if new.place_id else code,
        level=level,
        role=role,
        stood_in=going is not None and going.stood_in,
        actor=ActorRef(actor.person_id, role or "resident"),
        body={},
        sealed=[],
    )
    ready.not_counted = _settled(around, ready, ref, pairing)
    ready.counted = not ready.not_counted and (pairing is not None or not new.round)
    ready.sealed = sealing.seal_visit(new, sealing.keep_until(use.version_id, new.happened_at))
    ready.body = _body(ready, len(files))
    return Item(index, ready, ref, files)


def _use(around: Around, new: NewVisit, pairing: Pairing | None) -> Use:
    """Return the version that rules a visit; a household's is the one its pairing is pinned to."""
    uses = around.uses.get(new.area_code, {})
    if pairing is not None:
        scheme = scheme_of(pairing.version_ref_id, pairing.key)
        return Use(scheme.version_id, scheme.method.key, scheme.number, default=False)
    use = choose(uses, new.method_key, new.round) or (choose(uses, None, new.round) if uses else None)
    if use is None:
        raise NotFound(Problem("method_key", _("这里还没有启用工作法。"), _("请联系社区工作人员。")))
    return use


def _pairing(around: Around, new: NewVisit) -> Pairing | None:
    """Return the household that is visited, for whoever may go there; to anybody else there is none."""
    if new.pairing_id is None:
        return None
    pairing = around.pairings.get(new.pairing_id)
    if pairing is not None:
        scheme = scheme_of(pairing.version_ref_id, pairing.key)
        if goes(around.actor, pairing, scheme) or manages(around.actor, pairing.area_code, scheme):
            if pairing.state == Pairing.State.PROPOSED:
                raise Refused(Problem("pairing_id", _("本人还没有同意结对。"), _("请先登记本人同意。")))
            return pairing
    raise Http404(_("没有找到，或者您没有查看的权限"))


def _settled(around: Around, ready: Ready, ref: PlanRef | None, pairing: Pairing | None) -> str:
    """Return why a visit is not for the engine to judge; "" where it is, or belongs to no round."""
    new = ready.new
    if pairing is not None:
        return "nobody" if new.result == "nobody" else ""
    if not new.round:
        return ""
    if ref is None:
        return "no_round"
    kind = around.places[new.place_id].kind if new.place_id else around.areas[ready.area_code]
    return "" if ref.goes_to(kind) else "elsewhere"


def _body(ready: Ready, files: int) -> dict[str, Any]:
    """Return what the entry says: facts alone. Whether it counts follows from them, and is not written down."""
    new = ready.new
    body: dict[str, Any] = {
        "area": ready.area_code,
        "version": ready.version_id.hex,
        "result": new.result,
        "arrived_at": instant(new.arrived_at),
        "roles": ready.role,
    }
    if new.round:
        body |= {"round": new.round, "level": ready.level, "stood_in": ready.stood_in}
    if new.place_id is not None:
        body["place"] = new.place_id.hex
    if new.pairing_id is not None:
        body |= {"pairing": new.pairing_id.hex, "help": new.help_kind}
    if new.checklist:
        body["checklist"] = dict(new.checklist)
    if new.together:
        body["together"] = [{"role": one["role"], "person": one["person"]} for one in new.together]
    if files:
        body["files"] = files
    body |= {value.name: sealing.MARK for value in ready.sealed}
    return body


# --- writing -------------------------------------------------------------------------------------------------------


def _lock(items: Iterable[Item]) -> None:
    """Let others wait who record visits to the same targets, on the same rounds and on those that these open."""
    keys: set[store.Key] = set()
    for item in items:
        method, name, target = item.ready.key
        opened = judging.fed_by(item.ref) if item.ref is not None else ()
        keys.update((method, one, target) for one in (name, *opened) if one)
    store.lock(keys)


def _write(items: Sequence[Item], now: datetime) -> None:
    """Judge and write visits, their entries and what follows from them."""
    if not items:
        return
    in_rounds = [(item.ready, item.ref) for item in items if item.ready.new.round]
    late = judging.judge(in_rounds)
    rows = build_entries(item.ready.draft(RECORDED, now) for item in items)
    written = [item.ready.values(entry.hash, now) for entry, item in zip(rows.entries, items, strict=True)]
    store.insert(rows, written)
    store.fold([ready for ready, _ref in in_rounds if ready.counted and ready.key not in late])
    for key in sorted(late):
        since = [
            ready.new.happened_at for ready, _ref in in_rounds if ready.key[0] == key[0] and ready.key[2] == key[2]
        ]
        judging.rejudge(key, min(since))
    _tell_pairings(items)
    kept = [(item.ready.new.id, item.ready.new.id, item.files) for item in items if item.files]
    if kept:
        keep_many(kept, subject_type=SUBJECT, person_id=items[0].ready.actor.person_id)


def _tell_pairings(items: Sequence[Item]) -> None:
    latest: dict[UUID, datetime] = {}
    for item in items:
        new = item.ready.new
        if new.pairing_id is not None and item.ready.counted:
            latest[new.pairing_id] = max(latest.get(new.pairing_id, new.happened_at), new.happened_at)
    store.visited_pairings(latest)


def _answer(ready: Ready) -> RecordedVisit:
    why = ready.not_counted
    return RecordedVisit(ready.new.id, created=True, counted=ready.counted, not_counted=why, why=why_title(why))


# --- again ---------------------------------------------------------------------------------------------------------


def _again(actor: Actor, ids: Sequence[UUID] | set[UUID]) -> dict[UUID, Visit | None]:
    """Return the visits that are in the record under these ids; None where the id is another record's."""
    if not ids or actor.person_id is None:
        return {}
    rows = {row.pk: row for row in Visit.objects.filter(pk__in=ids, person_id=actor.person_id)}
    return {key: rows.get(key) for key in already_many(ids)}


def _settle(row: Visit | None) -> RecordedVisit:
    if row is None:
        raise Conflict(None, Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面后重新提交；内容不会丢失。")))
    return RecordedVisit(
        row.pk, created=False, counted=row.counted, not_counted=row.not_counted, why=why_title(row.not_counted)
    )
