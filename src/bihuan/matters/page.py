"""One matter as one reader sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.kernel.api import clock, sql
from bihuan.kernel.models import Entry, Sealed, StoredFile
from bihuan.matters import timeline
from bihuan.matters.follows import may_follow_link
from bihuan.matters.labels import area_names, names_of, person_names, spoken, titled
from bihuan.matters.ledger import as_instant
from bihuan.matters.links import holds
from bihuan.matters.methodinfo import MethodInfo, info_of, purpose_of
from bihuan.matters.models import Matter, Party
from bihuan.matters.roles import by_for
from bihuan.matters.shapes import (
    ClockLine,
    MatterPage,
    PartyLine,
    PhotoLine,
    PublicPage,
    Related,
    SealedLine,
    StepLine,
)
from bihuan.methods.api import ClockState, State, offers, state_from_json
from bihuan.people.api import MATTER_PERSONAL, MATTER_READ, Actor, access, can

_SEALED_TITLES = {"phone": "联系电话", "reporter_name": "反映人姓名"} | {
    "follower_phone": "又一位反映人的电话",
    "follower_name": "又一位反映人的姓名",
}


def matter_page(actor: Actor, matter_id: UUID, via_link: str | None = None) -> MatterPage:
    """Return all that ``actor`` sees of a matter. Six statements.

    Raises:
        Http404: no such matter, or this reader may not know of it.
    """
    matter, reader, reporter = _admit(actor, matter_id, via_link)
    info, state = info_of(matter.version_ref_id), state_from_json(matter.state_json)
    entries = list(Entry.objects.filter(subject_type="matter", subject_id=matter.pk).order_by("seq"))
    sealed = list(Sealed.objects.filter(subject_type="matter", subject_id=matter.pk).order_by("pk"))
    files = list(StoredFile.objects.filter(subject_type="matter", subject_id=matter.pk).order_by("created_at", "id"))
    parties, related = _tied(matter)
    persons = timeline.persons_in(entries) | {party.person_id for party in parties}
    names, areas = names_of(persons, [matter.area_code, *(row[4] for row in related)])
    by = by_for(actor, matter, holds_link=reporter)
    mine = reader != "inside"
    if reader == "public":
        files = [file for file in files if file.public]
    offered = tuple(offers(info.method, state, by, clock.now(), mine=mine))
    texts = timeline.sealed_texts(sealed)
    may_personal = bool(can(actor, MATTER_PERSONAL, matter)) if not mine else False
    return MatterPage(
        matter=matter,
        number=matter.number,
        display_number=spoken(matter.number, areas.get(matter.community_code, "")),
        area_name=areas.get(matter.area_code, matter.area_code),
        method_title=titled(*info.title),
        step_title=titled(*info.step(matter.step)),
        outcome_title=_ended(info, matter.outcome, mine=mine),
        steps=step_lines(info, state),
        offers=offered,
        primary=next((offer for offer in offered if offer.primary and not offer.refusals), None),
        parties=_party_lines(parties, info, names, reader),
        timeline=timeline.lines(entries, info=info, names=names, texts=texts, photos=_by_entry(files), reader=reader),
        photos=tuple(PhotoLine(f.pk, f.tag, f.width, f.height, f.public) for f in files),
        clocks=clock_lines(info, state),
        sealed=_sealed_lines(sealed, info, may_personal=may_personal) if reader == "inside" else (),
        related=_related_lines(actor, matter, related, areas),
        fields=_fields(info, state, texts, entries, reader),
        public_words=titled(*info.public(matter.step)),
        roles=by.roles,
        may_act=any(not offer.refusals for offer in offered),
        may_see_personal=may_personal,
        via_link=mine,
    )


def _ended(info: MethodInfo, outcome: str, *, mine: bool) -> str:
    """Say how a matter ended: in the ledger's words at the desk, in plain ones to whom it concerns."""
    if not outcome:
        return ""
    return titled(*(info.outcome_public(outcome) if mine else info.outcome(outcome)))


def _admit(actor: Actor, matter_id: UUID, via_link: str | None) -> tuple[Matter, timeline.Reader, bool]:
    """Return the matter, what kind of reader this is, and whether they hold the reporter's own link."""
    if via_link:
        matter = Matter.objects.filter(pk=matter_id).first()
        if matter is not None and may_follow_link(matter, via_link):
            reporter = holds(matter.follow_hash, via_link)
            if can(actor, MATTER_READ, matter):
                return matter, "inside", reporter
            if not reporter:  # anybody may follow: what was written, shown and said to the reporter stays theirs
                matter.text = ""
            return matter, "link" if reporter else "public", reporter
        raise Http404(_("没有找到，或者您没有查看的权限"))
    return access(actor, MATTER_READ, Matter.objects.all(), pk=matter_id), "inside", False


def step_lines(info: MethodInfo, state: State) -> tuple[StepLine, ...]:
    """Return the method's steps as a line of stations: passed, here, ahead."""
    return tuple(
        StepLine(
            key,
            titled(*info.step(key)),
            "now" if key == state.step else "done" if state.counts.get(f"step:{key}") else "ahead",
        )
        for key in info.step_keys
    )


def clock_lines(info: MethodInfo, state: State) -> tuple[ClockLine, ...]:
    """Return the matter's limits as the method orders them."""
    return tuple(
        ClockLine(
            key=key,
            title=titled(*info.clock(key)),
            started_at=item.started_at,
            due_at=item.due_at,
            paused_at=item.paused_at,
            stopped_at=item.stopped_at,
            late=item.late,
            card=_card(item),
            extensions=item.extensions,
        )
        for key, item in state.clocks.items()
    )


def _card(item: ClockState) -> str:
    tag = f"@{item.due_at.isoformat()}"
    said = {name.partition("@")[0].rstrip("0123456789") for name in item.fired if name.endswith(tag)}
    return "red" if "red" in said else "yellow" if "yellow" in said else ""


def _by_entry(files: Sequence[StoredFile]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for file in files:
        found.setdefault(file.entry_id, []).append(file.pk)
    return found


def _party_lines(
    parties: Sequence[Party], info: MethodInfo, names: dict[UUID, str], reader: timeline.Reader
) -> tuple[PartyLine, ...]:
    from bihuan.matters.labels import surname_only

    order = {role: index for index, role in enumerate(info.responsible)}
    shown = sorted(parties, key=lambda party: (order.get(party.role, 99), party.role, party.since))
    found = []
    for party in shown:
        name = names.get(party.person_id, "")
        # Who reported may know by name who answers for it; a neighbour's name stays theirs.
        if reader == "public" or (reader == "link" and party.role in timeline.RESIDENT_ROLES):
            name = surname_only(name)
        found.append(PartyLine(party.role, titled(*info.role(party.role)), party.person_id, name, party.since))
    return tuple(found)


def _sealed_lines(rows: Sequence[Sealed], info: MethodInfo, *, may_personal: bool) -> tuple[SealedLine, ...]:
    return tuple(
        SealedLine(
            id=row.pk if may_personal and row.content is not None else None,
            name=row.name,
            title=titled(*info.fields[row.name])
            if row.name in info.fields
            else _(_SEALED_TITLES.get(row.name, row.name)),
            masked=row.masked if row.content is not None else _("已按保存期限删除"),
            purpose=purpose_of(row, info),
        )
        for row in rows
        if row.encrypted
    )


def _fields(
    info: MethodInfo,
    state: State,
    texts: dict[UUID, dict[str, str]],
    entries: Sequence[Entry],
    reader: timeline.Reader,
) -> tuple[tuple[str, str], ...]:
    latest: dict[str, str] = {}
    for entry in entries:
        latest.update(texts.get(entry.pk, {}))
    found = []
    for key, spec in info.file.fields.items():
        if key in {"title", "text"} or (reader != "inside" and not spec.public):
            continue
        value = latest.get(key) if info.sealed(key) else timeline.field_value(info, key, state.fields.get(key))
        if value:
            found.append((titled(*info.fields[key]), value))
    return tuple(found)


def _tied(matter: Matter) -> tuple[list[Party], list[tuple[Any, ...]]]:
    """Return who answers for a matter and the matters it is tied to: one statement."""
    columns = "id, number, title, is_open, area_code, public"
    parts = [
        "SELECT 'party', person_id, role, CAST(since AS TEXT), TRUE, '', TRUE FROM matters_party "
        "WHERE matter_id = %s AND until IS NULL",
        f"SELECT 'duplicate', {columns} FROM matters_matter WHERE duplicate_of_id = %s",  # noqa: S608
        f"SELECT 'child', {columns} FROM matters_matter WHERE parent_id = %s",  # noqa: S608
    ]
    params: list[Any] = [matter.pk, matter.pk, matter.pk]
    for kind, key in (("duplicate_of", matter.duplicate_of_id), ("parent", matter.parent_id)):
        if key is not None:
            parts.append(f"SELECT '{kind}', {columns} FROM matters_matter WHERE id = %s")  # noqa: S608
            params.append(key)
    rows = sql.rows(" UNION ALL ".join(parts) + " LIMIT 60", params)
    parties = [
        Party(matter=matter, role=row[2], person_id=sql.as_uuid(row[1]), since=as_instant(row[3]) or matter.created_at)
        for row in rows
        if row[0] == "party"
    ]
    related = [
        (row[0], sql.as_uuid(row[1]), row[2], row[3], row[5], bool(row[4]), bool(row[6]))
        for row in rows
        if row[0] != "party"
    ]
    return parties, related


def _related_lines(
    actor: Actor, matter: Matter, rows: Sequence[tuple[Any, ...]], areas: dict[str, str]
) -> tuple[Related, ...]:
    """Return what is tied to the matter; a title only where this reader may read that matter too."""
    found = []
    for kind, key, number, title, area_code, is_open, public in rows:
        may = public or actor.kind == "system" or actor.holds(MATTER_READ, area_code)
        found.append(Related(kind, key, spoken(number, areas.get(area_code[:12], "")), title if may else "", is_open))
    return tuple(found)


def public_page(number: str, token: str | None = None) -> PublicPage | None:
    """Return what anybody may see of a matter by its number; none where it is not public. At most six statements.

    With a reporter's or follower's secret link a matter that is not public is shown to its holder.
    """
    matter = Matter.objects.filter(number=number[:32].replace("\x00", "")).select_related("duplicate_of").first()
    if matter is None or not (matter.public or (token and may_follow_link(matter, token))):
        return None
    info, state = info_of(matter.version_ref_id), state_from_json(matter.state_json)
    entries = list(Entry.objects.filter(subject_type="matter", subject_id=matter.pk).order_by("seq"))
    files = list(
        StoredFile.objects.filter(subject_type="matter", subject_id=matter.pk, public=True).order_by("created_at")
    )
    names = person_names(timeline.persons_in(entries))
    other = matter.duplicate_of
    areas = area_names([matter.area_code, *([other.area_code] if other else [])])
    return PublicPage(
        number=matter.number,
        display_number=spoken(matter.number, areas.get(matter.community_code, "")),
        title=matter.title,
        area_name=areas.get(matter.area_code, matter.area_code),
        is_open=matter.is_open,
        step_title=titled(*info.step(matter.step)),
        public_words=titled(*info.public(matter.step)),
        outcome_title=titled(*info.outcome_public(matter.outcome)) if matter.outcome else "",
        created_at=matter.created_at,
        updated_at=matter.updated_at,
        closed_at=matter.closed_at,
        follower_count=matter.follower_count,
        steps=tuple(step for step in step_lines(info, state) if info.public(step.key)[0]),
        timeline=timeline.lines(entries, info=info, names=names, texts={}, photos=_by_entry(files), reader="public"),
        photos=tuple(PhotoLine(f.pk, f.tag, f.width, f.height, f.public) for f in files),
        fields=_public_fields(matter, info, state, entries),
        duplicate_of=spoken(other.number, areas.get(other.community_code, "")) if other and other.public else "",
    )


def _public_fields(
    matter: Matter, info: MethodInfo, state: State, entries: Sequence[Entry]
) -> tuple[tuple[str, str], ...]:
    """Return the values of the fields that the method makes public; one statement, none where it makes none so."""
    wanted = [key for key, spec in info.file.fields.items() if spec.public and key not in {"title", "text"}]
    wanted = [key for key in wanted if not info.personal(key)]
    if not wanted:
        return ()
    rows = Sealed.objects.filter(subject_type="matter", subject_id=matter.pk, name__in=wanted).order_by("pk")
    return _fields(info, state, timeline.sealed_texts(rows), entries, "public")
