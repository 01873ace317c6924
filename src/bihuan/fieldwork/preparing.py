"""A visit on its way in: what it refers to, who may record it, under which rules, and what its rows hold.

Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.areas.models import Area
from bihuan.fieldwork import knowing, sealing
from bihuan.fieldwork.engine import goes_as, levels_of
from bihuan.fieldwork.models import Pairing, Place, Visit
from bihuan.fieldwork.pairing_rights import goes, manages
from bihuan.fieldwork.plans import PlanRef, Use, choose, plans_of, uses_in
from bihuan.fieldwork.schemes import scheme_of
from bihuan.fieldwork.shapes import NewVisit
from bihuan.fieldwork.store import Ready
from bihuan.kernel.api import ActorRef, BadInput, NotFound, Problem, Refused, instant
from bihuan.methods.models import MethodVersion
from bihuan.people.api import Actor, can
from bihuan.people.permissions import VISIT_RECORD


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
    offices: dict[str, list[knowing.Office]] = field(default_factory=dict)  # of who came along, by id
    published: knowing.Published = field(default_factory=knowing.Published)

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


def read_around(actor: Actor, visits: Sequence[NewVisit], now: datetime) -> Around:
    """Read what visits refer to: a statement each for places, pairings, areas and methods."""
    around = Around(actor, now)
    place_ids = {new.place_id for new in visits if new.place_id is not None}
    if place_ids:
        around.places = Place.objects.in_bulk(place_ids)
    pairing_ids = {new.pairing_id for new in visits if new.pairing_id is not None}
    if pairing_ids:
        around.pairings = Pairing.objects.in_bulk(pairing_ids)
    around.offices = knowing.offices_of(visits)
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
    around = read_around(actor, [new], now)
    number = MethodVersion.objects.values_list("number", flat=True).get(pk=visit.version_ref_id)
    pinned = Use(visit.version_ref_id, visit.method_key, number, default=False)
    around.uses = {code: {pinned.key: pinned} for code in around.areas}
    return prepare(around, 0, new, []).ready


def prepare(around: Around, index: int, new: NewVisit, files: list[Any]) -> Item:
    """Check the right and the round's rules; return all that the rows need. No statement, unless for older versions.

    Raises:
        BadInput: no such place, or a word that no method says. NotFound: no method in use.
        PermissionDenied, Http404: not this person's to record.
    """
    pairing = _pairing(around, new)
    if pairing is not None:  # to a household nobody goes round: it covers nothing, and stands in no round's list
        new = replace(new, round="", level=None)
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
    knowing.check(around.published, use, ref, pairing, new)
    knowing.check_companions(around.offices, new)
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
        actor=ActorRef(actor.person_id, role or "resident", actor.via),
        body={},
        sealed=[],
    )
    ready.not_counted = _settled(around, ready, ref, pairing)
    ready.counted = not ready.not_counted and (pairing is not None or not new.round)
    ready.sealed = sealing.seal_visit(new, sealing.keep_until(use.version_id, new.happened_at))
    ready.body = _body(ready, len(files))
    return Item(index, ready, ref, files)


def pair_again(around: Around, items: Sequence[Item]) -> None:
    """Read the households anew and keep them as they are until the transaction is over: one statement, if any.

    What was asked before it began may not be so any more: a household may have taken its consent back meanwhile.
    """
    wanted = {item.ready.new.pairing_id for item in items if item.ready.new.pairing_id is not None}
    if wanted:
        rows = Pairing.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
        around.pairings = {row.pk: row for row in rows}


def still_paired(around: Around, item: Item) -> None:
    """Ask again whether a visit to a household may be written, after ``pair_again``.

    Raises:
        Refused, Http404: as ``prepare``.
    """
    _pairing(around, item.ready.new)


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
            if not _was_paired(pairing, new.happened_at):
                how = _("结束以前的走访可以补记；结束以后不再登记。")
                raise Refused(Problem("pairing_id", _("结对已经结束。"), how))
            return pairing
    raise Http404(_("没有找到，或者您没有查看的权限"))


def _was_paired(pairing: Pairing, at: datetime) -> bool:
    """Say whether the household was paired then and something of it is still kept: what was erased stays erased."""
    if pairing.state == Pairing.State.ACTIVE:
        return True
    return bool(pairing.masked_name) and pairing.ended_at is not None and at <= pairing.ended_at


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
