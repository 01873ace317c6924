"""What a visit found becomes a matter, or joins one that is open there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.fieldwork import acts, chain
from bihuan.fieldwork.knowing import knows_item, unknown_item
from bihuan.fieldwork.models import Finding, Visit
from bihuan.fieldwork.pairing_words import must_not_name
from bihuan.fieldwork.plans import Use, plans_of
from bihuan.fieldwork.shapes import Found
from bihuan.fieldwork.verbs import FOUND
from bihuan.kernel.api import BadInput, Conflict, Problem, Refused, clock, new_id, parse_id, visible
from bihuan.matters.api import advance, display_number, matter_page, record, report
from bihuan.matters.models import Matter
from bihuan.methods.api import Offer, get_method
from bihuan.people.api import MATTER_RECORD, Actor, can

WRITTEN = frozenset({"text", "long_text"})


@dataclass(frozen=True, slots=True)
class Given:
    """A finding as it was told."""

    id: UUID
    text: str
    item: str
    title: str
    category: str
    urgency: str
    method_key: str | None
    join: UUID | None
    expected_version: int | None
    photos: Sequence[Any]


def find(actor: Actor, visit_id: UUID, told: Mapping[str, Any]) -> Found:
    """Record what a visit found; see ``actions.record_finding``."""
    given = Given(**{**told, "id": parse_id(told["id"]), "text": visible(told["text"])})
    if not given.text:
        raise BadInput(Problem("text", _("没有写明是什么问题。"), _("请写一两句：哪里、什么问题。")))
    now = clock.now()
    with transaction.atomic():
        if given.join is not None:
            acts.hold(given.join)
        work, visit = chain.load_visit(actor, visit_id, new_id(now), now)
        if visit.person_id != actor.person_id:
            raise PermissionDenied(_("只有走访的人自己能登记发现的问题"))
        before = Finding.objects.select_related("matter").filter(pk=given.id).first()
        if before is not None:
            return _again(before, visit)
        if visit.withdrawn:
            raise Refused(Problem("visit_id", _("这次走访已经撤回。"), _("请另记一次走访，再登记问题。")))
        if visit.pairing is not None:  # a matter is read by many: not by the name of a household that is helped
            if not visit.pairing.masked_name:  # erased: nobody could tell any more whether the text names them
                why = _("这户的结对已经结束，内容已清除。")
                raise Refused(Problem("visit_id", why, _("请作为一般问题登记，不写是哪一户。")))
            named = must_not_name(visit.pairing, given.title, given.text, checked=True)
            if named is not None:
                raise Refused(named)
        if given.item and not knows_item(_use(visit), visit.area_code, visit.round, given.item):
            raise BadInput(unknown_item(given.item[:40], "item"))
        matter_id = _join(actor, given) if given.join is not None else _new(actor, visit, given)
        joined = given.join is not None
        Finding.objects.create(id=given.id, visit=visit, matter_id=matter_id, joined=joined, item=given.item)
        result = Visit.Result.FOUND if visit.result == Visit.Result.NOTHING else visit.result
        work.set(findings_count=visit.findings_count + 1, result=result)
        body = {"finding": given.id.hex, "matter": matter_id.hex, "joined": joined, "item": given.item}
        work.record(FOUND, body, role=visit.role)
    matter = Matter.objects.only("pk", "number").get(pk=matter_id)
    return _found(given.id, matter, joined=joined, created=True)


def _again(before: Finding, visit: Visit) -> Found:
    if before.visit_id != visit.pk:
        raise Conflict(None, Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面后重新提交。")))
    return _found(before.pk, before.matter, joined=before.joined, created=False)


def _found(key: UUID, matter: Matter, *, joined: bool, created: bool) -> Found:
    return Found(key, matter.pk, matter.number, display_number(matter.number), joined, created)


def _new(actor: Actor, visit: Visit, given: Given) -> UUID:
    """Make a matter of it: recorded by who may record for others, reported by anybody else who went."""
    method, category, urgency = _becomes(visit, given)
    place = visit.place
    told: dict[str, Any] = {
        "actor": actor,
        "id": given.id,
        "text": given.text,
        "title": given.title,
        "area_code": visit.area_code,
        "channel": Matter.Channel.PATROL if visit.round else Matter.Channel.VISIT,
        "category": category,
        "urgency": urgency,
        "method_key": method,
        "happened_at": visit.happened_at,
        "photos": given.photos,
    }
    if place is not None and place.lon is not None and visit.pairing_id is None:
        told |= {"lon": place.lon, "lat": place.lat}
    done = record(**told) if can(actor, MATTER_RECORD, visit.area_code) else report(**told)
    if not done.created:  # the id is a matter's that no visit found
        raise Conflict(None, Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面后重新提交。")))
    return done.matter_id


def _becomes(visit: Visit, given: Given) -> tuple[str | None, str, str]:
    """Return method, category and urgency: as told, else as the round says of the item.

    What neither says is left to the method in use for residents' reports; a kind that another method has goes along
    only to that method.
    """
    ref = plans_of(_use(visit)).get(visit.round)
    item = ref.spec.checklist.get(given.item) if ref is not None else None
    to = item.finding if item is not None else None
    method = given.method_key or (to.method if to is not None else "") or visit.method_key
    if to is None or method != (to.method or visit.method_key):
        return method, given.category, given.urgency
    return method, given.category or to.category, given.urgency or to.urgency


def _use(visit: Visit) -> Use:
    return Use(visit.version_ref_id, visit.method_key, 0, default=False)


def _join(actor: Actor, given: Given) -> UUID:
    """Note it on a matter that is open there, by the method's own act of noting.

    Raises:
        Http404: no such matter for this actor. Conflict: it is closed, or moved on. Refused: they may not note there.
    """
    assert given.join is not None  # noqa: S101
    page = matter_page(actor, given.join)
    matter: Matter = page.matter
    if not matter.is_open:
        raise Conflict(
            matter.version,
            Problem(
                "join", _("这件事项已经办结（%(how)s）。") % {"how": page.outcome_title}, _("可以另登记为一件新事项。")
            ),
        )
    noting = _noting(matter, page.offers)
    if noting is None:
        raise Refused(Problem("join", _("您的岗位不能在这件事项上记事。"), _("可以另登记为一件新事项。")))
    offer, name = noting
    advance(
        actor=actor,
        matter_id=matter.pk,
        action=offer.action,
        entry_id=given.id,
        data={name: given.text},
        photos=given.photos,
        expected_version=given.expected_version,
    )
    return matter.pk


def _noting(matter: Matter, offers: Sequence[Offer]) -> tuple[Offer, str] | None:
    """Return the act by which something is noted on a matter, and the field that takes the words."""
    fields = get_method(matter.version_ref_id).fields
    for offer in offers:
        if offer.does != "note" or offer.refusals or offer.assigns or any(offer.photos.values()):
            continue
        written = [key for key in offer.gives if key in fields and fields[key].type in WRITTEN]
        if written and set(offer.required) <= {written[0]}:
            return offer, written[0]
        if offer.reason and not offer.required:
            return offer, "reason"
    return None
