"""One visit as one reader sees it: what was seen, what was found and became of it, the answer, the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from bihuan.areas.api import names as area_names
from bihuan.fieldwork import diary
from bihuan.fieldwork.labels import mark_title, result_title
from bihuan.fieldwork.models import Finding, Visit
from bihuan.fieldwork.plans import Use, language, plans_of
from bihuan.fieldwork.read_shapes import CheckLine, FindingLine, VisitLine, VisitPage
from bihuan.fieldwork.reviews import reviewing_role
from bihuan.fieldwork.schemes import scheme_of
from bihuan.fieldwork.scope import visit_for
from bihuan.fieldwork.sealing import keep_until
from bihuan.kernel.api import EntryView, sentence
from bihuan.kernel.models import Entry, Sealed, StoredFile
from bihuan.matters.api import spoken
from bihuan.methods.api import get_method
from bihuan.people.api import MATTER_READ, Actor, can, person_names


def page(actor: Actor, visit_id: UUID) -> VisitPage:
    """Return one visit; see ``queries.visit_page``. Nine statements."""
    visit = visit_for(actor, visit_id, Visit.objects.select_related("place", "pairing"))
    entries = list(Entry.objects.filter(subject_type="visit", subject_id=visit.pk).order_by("seq"))
    sealed = list(Sealed.objects.filter(subject_type="visit", subject_id=visit.pk).order_by("pk"))
    files = list(StoredFile.objects.filter(subject_type="visit", subject_id=visit.pk).order_by("created_at", "id"))
    findings = list(Finding.objects.filter(visit=visit).select_related("matter").order_by("pk"))
    people = person_names(_persons(visit, entries))
    community = area_names({visit.community_code})
    row = diary.rows_of([visit])[0]
    numbers = {
        one.matter_id: spoken(one.matter.number, community.get(one.matter.community_code, "")) for one in findings
    }
    words = {
        "place": row.place_name or row.area_name,
        "round": row.round_title,
        "together": _("、").join(name or title for title, name in _together(visit, people)),
    }
    return VisitPage(
        visit=visit,
        row=row,
        text=visit.text,
        method_title=get_method(visit.version_ref_id).title.say(language()),
        together=_together(visit, people),
        checklist=_checklist(visit),
        findings=tuple(_finding(actor, visit, one, numbers[one.matter_id]) for one in findings),
        photos=tuple(file.pk for file in files if file.kind == StoredFile.Kind.PHOTO),
        sounds=tuple(file.pk for file in files if file.kind == StoredFile.Kind.SOUND),
        lines=tuple(_line(visit, entry, people, words, numbers, _reasons(sealed)) for entry in entries),
        review=visit.review,
        reviewed_by=people.get(visit.reviewed_by, "") if visit.reviewed_by else "",
        reviewed_at=visit.reviewed_at,
        stood_in=visit.stood_in,
        arrived_at=visit.arrived_at,
        help_title=_help_title(visit),
        kept_until=keep_until(visit.version_ref_id, visit.happened_at) if sealed else None,
        erased=any(one.erased_at is not None for one in sealed if one.name in {"text", "title"}),
        may_correct=visit.person_id == actor.person_id and not visit.withdrawn,
        may_review=bool(reviewing_role(actor, visit)),
    )


def _persons(visit: Visit, entries: Sequence[Entry]) -> set[UUID]:
    found = {entry.actor_id for entry in entries if entry.actor_id is not None}
    found |= {UUID(hex=one["person"]) for one in visit.together if one.get("person")}
    return found | ({visit.reviewed_by} if visit.reviewed_by else set())


def _together(visit: Visit, people: Mapping[UUID, str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            diary.role_title(visit, one["role"]),
            one.get("name") or (people.get(UUID(hex=one["person"]), "") if one.get("person") else ""),
        )
        for one in visit.together
    )


def _titles(visit: Visit) -> dict[str, str]:
    """Return what the items of the checklist are called by the version the visit was recorded under."""
    ref = plans_of(Use(visit.version_ref_id, visit.method_key, 0, default=False)).get(visit.round)
    return {key: item.title.say(language()) for key, item in ref.spec.checklist.items()} if ref is not None else {}


def _checklist(visit: Visit) -> tuple[CheckLine, ...]:
    titles = _titles(visit)
    order = {key: number for number, key in enumerate(titles)}
    ticked = sorted(visit.checklist.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0]))
    return tuple(CheckLine(key, titles.get(key, key), mark, mark_title(mark)) for key, mark in ticked)


def _finding(actor: Actor, visit: Visit, one: Finding, number: str) -> FindingLine:
    seen = bool(can(actor, MATTER_READ, one.matter))
    return FindingLine(
        id=one.pk,
        matter_id=one.matter_id if seen else None,
        display_number=number,
        title=one.matter.title if seen else "",
        item_title=_titles(visit).get(one.item, one.item),
        joined=one.joined,
        is_open=one.matter.is_open if seen else None,
    )


def _help_title(visit: Visit) -> str:
    if visit.pairing is None or not visit.help_kind:
        return ""
    return scheme_of(visit.pairing.version_ref_id, visit.pairing.key).help.get(visit.help_kind, visit.help_kind)


# --- the record ----------------------------------------------------------------------------------------------------


def _reasons(sealed: Sequence[Sealed]) -> dict[UUID, str]:
    return {
        row.entry_id: bytes(row.content).decode()
        for row in sealed
        if row.name == "reason" and row.content is not None and not row.encrypted
    }


def _line(
    visit: Visit,
    entry: Entry,
    people: Mapping[UUID, str],
    words: Mapping[str, str],
    numbers: Mapping[UUID, str],
    reasons: Mapping[UUID, str],
) -> VisitLine:
    body: dict[str, Any] = orjson.loads(entry.body)
    name = people.get(entry.actor_id, "") if entry.actor_id else ""
    who = f"{diary.role_title(visit, entry.actor_role)} {name}".strip()
    changed = dict.fromkeys(_change_title(part[0]) for part in body.get("changes", ()))
    params = {
        **words,
        "actor": who,
        "result": result_title(str(body.get("result", ""))),
        "matter": numbers.get(UUID(hex=body["matter"]), "") if "matter" in body else "",
        "what": _("、").join(changed),
        "reason": reasons.get(entry.pk, ""),
    }
    said = sentence(EntryView(entry.verb, params), language())
    return VisitLine(entry.pk, entry.verb, said, who, entry.happened_at, entry.recorded_at, bytes(entry.hash).hex())


def _change_title(name: str) -> str:
    """Return what was corrected, in words."""
    return {
        "area_code": _("地点"),
        "place_id": _("地点"),
        "round": _("巡访"),
        "level": _("级别"),
        "help_kind": _("帮扶内容"),
        "happened_at": _("时间"),
        "arrived_at": _("到达时间"),
        "result": _("结果"),
        "checklist": _("检查项"),
        "title": _("标题"),
        "text": _("内容"),
        "together": _("同去的人"),
    }.get(name, name)
