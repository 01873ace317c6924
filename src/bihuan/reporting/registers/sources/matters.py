"""Registers of matters, a line each; and of the measures taken on them, a line each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from bihuan.areas.api import names as area_names
from bihuan.kernel.api import clock, mask_name
from bihuan.kernel.models import Entry, Sealed
from bihuan.matters.api import LedgerFilters, LedgerRow, info_of, ledger, rows_of
from bihuan.matters.models import Matter
from bihuan.meetings.models import AgendaItem
from bihuan.methods.api import get_method, methods_in
from bihuan.people.api import Actor, person_names
from bihuan.reporting.registers.sources import worked_out
from bihuan.reporting.registers.sources.base import Cell, Known, Line, Lines, Source
from bihuan.reporting.registers.sources.bundle import Bundle, EntryRow, MatterRow, body_of, in_language, worded

FILTERS = ("step", "state", "category", "urgency", "channel", "card", "outcome", "text", "method")
SEPARATOR = "；"
_ANY = UUID(int=0)
TICK = "tick"  # what clocks say is no act

KNOWN: dict[str, Known] = {
    "number": Known("编号", "number"),
    "title": Known("标题", "title"),
    "text": Known("内容", "text"),
    "area": Known("地点", "place"),
    "community": Known("社区", "community"),
    "street": Known("街道", "sub-district"),
    "channel": Known("渠道", "channel"),
    "method": Known("工作法", "method"),
    "category": Known("类别", "kind"),
    "urgency": Known("紧急程度", "urgency"),
    "step": Known("环节", "step"),
    "state": Known("状态", "state"),
    "card": Known("督办牌", "card"),
    "happened": Known("发生时间", "happened", "time"),
    "created": Known("登记时间", "recorded", "time"),
    "due": Known("时限", "limit", "time"),
    "closed": Known("办结时间", "closed", "time"),
    "outcome": Known("办结方式", "outcome"),
    "outcome_class": Known("办结类别", "class of outcome"),
    "age": Known("已办天数", "days so far", "number"),
    "reporter_name": Known("反映人（打码）", "reporter, masked"),
    "phone": Known("联系电话（打码）", "phone, masked"),
    "recorder": Known("登记人", "recorded by"),
    "meeting": Known("议定的会议", "meeting"),
    "progress": Known("进展", "progress"),
    "acted": Known("最近一次办理的时间", "when it was acted on last", "time"),
}
PREFIXES: dict[str, Known] = {
    "party": Known(
        "责任人：角色代号，几个用 | 隔开取第一个有的", "who answers, by the party's key; of several (a|b) the first"
    ),
    "field": Known("字段：字段代号", "a field, by its key"),
    "all": Known("字段的历次填写", "all that was given for a field, in order"),
    "count": Known("动作次数", "how often an act was done", "number"),
    **worked_out.PREFIXES,
}
CARDS = {"yellow": "黄牌", "red": "红牌"}


def _filters(actor: Actor, area: str, filters: Mapping[str, str], sort: str) -> LedgerFilters:
    del actor
    known = {name: value for name, value in filters.items() if name in FILTERS}
    return LedgerFilters(area=area, sort=sort if sort == "due" else "new", **known)


def _page(
    actor: Actor,
    area: str,
    filters: Mapping[str, str],
    sort: str,
    wanted: Sequence[str],
    cursor: str | None,
    limit: int,
) -> Lines:
    listing = ledger(actor, _filters(actor, area, filters, sort), cursor, limit)
    return Lines(_lines(listing.rows, wanted), listing.next, listing.capped)


def lines_of(actor: Actor, ids: Sequence[UUID], wanted: Sequence[str]) -> tuple[Line, ...]:
    """Return the lines of some matters in the order of their ids; those that one may not see are not there."""
    found = rows_of(actor, ids)
    return _lines([found[one] for one in ids if one in found], wanted)


def _lines(listed: Sequence[LedgerRow], wanted: Sequence[str]) -> tuple[Line, ...]:
    bundle = _bundle(listed, wanted)
    rows = []
    for row in listed:
        matter = bundle.matters[row.id]
        rows.append(Line(row.id, address(row.id), tuple(_cell(bundle, row, matter, value) for value in wanted)))
    return tuple(rows)


def address(matter_id: UUID) -> str:
    """Return a matter's page; the way there is looked up once."""
    return _address().replace(str(_ANY), str(matter_id))


@cache
def _address() -> str:
    return reverse("desk:matter", args=[_ANY])


def _measures(
    actor: Actor,
    area: str,
    filters: Mapping[str, str],
    sort: str,
    wanted: Sequence[str],
    cursor: str | None,
    limit: int,
) -> Lines:
    """Page by matter: each measure that was recorded on one is a line of its own."""
    listing = ledger(actor, _filters(actor, area, filters, sort), cursor, limit)
    bundle = _bundle(listing.rows, [*wanted, "all:measure"])
    rows = []
    for row in listing.rows:
        matter = bundle.matters[row.id]
        info = info_of(matter.version_ref_id)
        for entry in bundle.entries.get(row.id, ()):
            body = body_of(entry)
            if info.does(body.get("action", ""), body.get("from", "")) != "measure":
                continue
            own: dict[str, Cell] = {
                "measure_unit": bundle.units.get(entry.actor_id, "") if entry.actor_id else "",
                "measure_at": entry.happened_at,
                "measure_by": bundle.people.get(entry.actor_id, "") if entry.actor_id else "",
                "measure": bundle.texts.get(entry.pk, {}).get("measure") or (body.get("data") or {}).get("measure", ""),
            }
            cells = tuple(own[value] if value in own else _cell(bundle, row, matter, value) for value in wanted)
            rows.append(Line(row.id, address(row.id), cells))
    return Lines(tuple(rows), listing.next, listing.capped)


def _bundle(rows: Iterable[LedgerRow], wanted: Sequence[str]) -> Bundle:
    """Read what the wanted values need, and no more: at most eight statements, however many lines."""
    by_id = {row.id: row for row in rows}
    found = Matter.objects.filter(pk__in=by_id).values_list(*MatterRow._fields)
    matters = {row.pk: row for row in map(MatterRow._make, found)}
    codes = {code for matter in matters.values() for code in (matter.community_code, matter.street_code)}
    bundle = Bundle(by_id, matters, area_names(codes) if {"community", "street"} & set(wanted) else {})
    prefixes = {value.partition(":")[0] for value in wanted if ":" in value}
    if prefixes & {"field", "all", "last", "at"} or {"recorder", "progress", "acted"} & set(wanted):
        entries: dict[UUID, list[EntryRow]] = {}
        listed = Entry.objects.filter(subject_type="matter", subject_id__in=by_id).order_by("subject_id", "seq")
        for entry in map(EntryRow._make, listed.values_list(*EntryRow._fields)):
            entries.setdefault(entry.subject_id, []).append(entry)
        bundle.entries = entries
    if bundle.entries or {"phone", "reporter_name"} & set(wanted):
        texts: dict[UUID, dict[str, str]] = {}
        masked: dict[UUID, dict[str, str]] = {}
        kept = Sealed.objects.filter(subject_type="matter", subject_id__in=by_id, content__isnull=False)
        for subject, name, shown in kept.filter(encrypted=True).values_list("subject_id", "name", "masked"):
            masked.setdefault(subject, {})[name] = shown
        if bundle.entries:
            for entry_id, name, content in kept.filter(encrypted=False).values_list("entry_id", "name", "content"):
                texts.setdefault(entry_id, {})[name] = bytes(content or b"").decode()
        bundle.texts, bundle.masked = texts, masked
    if "meeting" in wanted:
        carried = AgendaItem.objects.filter(matter_id__in=by_id, state="carried").select_related("meeting")
        bundle.meetings = {
            item.matter_id: item.meeting.title
            for item in carried.order_by("meeting__starts_at")
            if item.matter_id is not None
        }
    people = worked_out.asked_persons(matters.values(), "party", wanted)
    people |= {entry.actor_id for listed in bundle.entries.values() for entry in listed if entry.actor_id is not None}
    if "reporter_name" in wanted:  # who reported signed in has a name of their own; who did so unnamed has none here
        people |= {matter.reporter_id for matter in matters.values() if matter.reporter_id is not None}
    bundle.people = person_names(people) if people else {}
    worked_out.read(bundle, by_id, wanted)
    return bundle


def _cell(bundle: Bundle, row: LedgerRow, matter: MatterRow, value: str) -> Cell:
    prefix, colon, rest = value.partition(":")
    if colon:
        return _PREFIXED[prefix](bundle, matter, rest) if prefix in _PREFIXED else None
    take = _PLAIN.get(value)
    return take(bundle, row, matter) if take is not None else None


def _party(bundle: Bundle, matter: MatterRow, roles: str) -> str:
    """Return who holds a role, by name; who reported it is masked here, too, as in the column beside it."""
    named = []
    for person in map(UUID, worked_out.persons_of(matter, roles)):
        name = bundle.people.get(person, "")
        named.append(mask_name(name) if name and person == matter.reporter_id else name)
    return "、".join(filter(None, named))


def _field(bundle: Bundle, matter: MatterRow, key: str) -> Cell:
    info = info_of(matter.version_ref_id)
    if info.sealed(key):
        if info.personal(key):
            return bundle.masked.get(matter.pk, {}).get(key, "")
        said = bundle.given(matter, key)
        return said[-1][1] if said else ""
    value = (matter.state_json.get("fields") or {}).get(key)
    if value is None or value == "":
        return ""
    spec = info.file.fields.get(key)
    if spec is not None and spec.type in {"number", "amount", "date"}:
        return worked_out.typed(spec.type, value)
    return worded(info, key, value)


def _all(bundle: Bundle, matter: MatterRow, key: str) -> str:
    said = bundle.given(matter, key)
    return SEPARATOR.join(f"{localtime(at):%m-%d} {words}" if len(said) > 1 else words for at, words in said)


def _count(bundle: Bundle, matter: MatterRow, key: str) -> int:
    del bundle
    return int((matter.state_json.get("counts") or {}).get(key, 0))


def _recorder(bundle: Bundle, row: LedgerRow, matter: MatterRow) -> str:
    first = next(iter(bundle.entries.get(row.id, ())), None)
    if first is None or first.actor_id is None or first.actor_id == matter.reporter_id:
        return ""
    return bundle.people.get(first.actor_id, "")


def _acted(bundle: Bundle, row: LedgerRow, matter: MatterRow) -> Cell:
    """Return when somebody acted last; what clocks say, and recording it, are no acts."""
    entries = [entry for entry in bundle.entries.get(row.id, ())[1:] if body_of(entry).get("action", TICK) != TICK]
    return entries[-1].happened_at if entries else None


def _reporter(bundle: Bundle, row: LedgerRow, matter: MatterRow) -> str:
    """Return who reported, masked: as they were named, or who was signed in."""
    named = bundle.masked.get(row.id, {}).get("reporter_name", "")
    return named or (mask_name(bundle.people.get(matter.reporter_id, "")) if matter.reporter_id is not None else "")


def _progress(bundle: Bundle, row: LedgerRow, matter: MatterRow) -> str:
    """Return the last act in words: when, and what it is called."""
    info = info_of(matter.version_ref_id)
    for entry in reversed(bundle.entries.get(row.id, ())):
        body = body_of(entry)
        action = body.get("action", "")
        if action and action != TICK and (called := in_language(info.action(action, body.get("from", "")))) != action:
            return f"{localtime(entry.happened_at):%m-%d} {called}"
    return ""


def _outcome_class(_bundle: Bundle, row: LedgerRow, matter: MatterRow) -> str:
    outcome = get_method(matter.version_ref_id).outcomes.get(row.outcome)
    return gettext(CLASSES.get(outcome.class_, "")) if outcome is not None else ""


def _age(_bundle: Bundle, row: LedgerRow, _matter: MatterRow) -> int:
    until = row.closed_at or clock.now()
    return max(0, (localtime(until).date() - localtime(row.created_at).date()).days)


CLASSES = {"substantive": "实质性", "procedural": "程序性", "interim": "阶段性"}
_PLAIN: dict[str, Callable[[Bundle, LedgerRow, MatterRow], Cell]] = {
    "number": lambda _, row, __: row.display_number,
    "title": lambda _, row, __: row.title,
    "text": lambda _, __, matter: matter.text,
    "area": lambda _, row, __: row.area_name,
    "community": lambda bundle, _, matter: bundle.areas.get(matter.community_code, ""),
    "street": lambda bundle, _, matter: bundle.areas.get(matter.street_code, ""),
    "channel": lambda _, row, __: row.channel_title,
    "method": lambda _, __, matter: in_language(info_of(matter.version_ref_id).title),
    "category": lambda _, row, __: row.category_title,
    "urgency": lambda _, row, __: row.urgency_title,
    "step": lambda _, row, __: row.step_title,
    "state": lambda _, row, __: gettext("未办结") if row.is_open else gettext("已办结"),
    "card": lambda _, row, __: gettext(CARDS.get(row.card, "")) if row.card else "",
    "happened": lambda _, row, __: row.happened_at,
    "created": lambda _, row, __: row.created_at,
    "due": lambda _, row, __: row.due_at,
    "closed": lambda _, row, __: row.closed_at,
    "outcome": lambda _, row, __: row.outcome_title if row.outcome else "",
    "outcome_class": _outcome_class,
    "age": _age,
    "reporter_name": _reporter,
    "phone": lambda bundle, row, _: bundle.masked.get(row.id, {}).get("phone", ""),
    "recorder": _recorder,
    "meeting": lambda bundle, row, _: bundle.meetings.get(row.id, ""),
    "progress": _progress,
    "acted": _acted,
}
_PREFIXED: dict[str, Callable[[Bundle, MatterRow, str], Cell]] = {
    "party": _party,
    "field": _field,
    "all": _all,
    "count": _count,
    **worked_out.PREFIXED,
}


def choices(area: str, value: str) -> list[str]:
    """Return what a cell may be chosen from: the options of the methods in use in an area."""
    if value == "channel":
        return [gettext(str(title)) for _, title in Matter.Channel.choices]
    if value == "state":
        return [gettext("未办结"), gettext("已办结")]
    key = value.removeprefix("field:")
    if key not in {"category", "urgency"} and key == value and value != "outcome":
        return []
    found: dict[str, None] = {}
    for use in methods_in(area):
        info = info_of(use.version.pk)
        if value == "outcome":
            found |= dict.fromkeys(in_language(info.outcome(name)) for name in info.method.outcomes)
        elif key in info.file.fields:
            found |= dict.fromkeys(in_language(info.option(key, name)) for name in info.file.fields[key].options)
    return list(found)


MATTERS = Source(KNOWN, _page, PREFIXES, FILTERS, ("new", "due"), choices)
MEASURES = Source(
    {
        **KNOWN,
        "measure_at": Known("措施日期", "date of the measure", "time"),
        "measure_by": Known("谁做的", "by whom"),
        "measure_unit": Known("谁做的：单位", "the unit of by whom"),
        "measure": Known("措施及内容", "what was done"),
    },
    _measures,
    PREFIXES,
    FILTERS,
    ("new", "due"),
    choices,
)
