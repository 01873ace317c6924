"""Use cases of work in the field: each one transaction, keyword-only, ``actor`` first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from bihuan.fieldwork import correcting, findings, placefile, places, reviews
from bihuan.fieldwork import visits as visits_
from bihuan.fieldwork.shapes import Corrected, Found, KeptPlace, PlaceImport, RecordedVisit
from bihuan.kernel.api import Problem
from bihuan.people.api import Actor


def record_visit(
    *,
    actor: Actor,
    id: UUID,  # noqa: A002
    area_code: str,
    happened_at: datetime,
    place_id: UUID | None = None,
    round: str = "",  # noqa: A002
    method_key: str | None = None,
    level: int | None = None,
    pairing_id: UUID | None = None,
    help_kind: str = "",
    arrived_at: datetime | None = None,
    result: str = "nothing",
    checklist: Mapping[str, str] | None = None,
    title: str = "",
    text: str = "",
    together: Iterable[Mapping[str, str]] = (),
    photos: Sequence[Any] = (),
    sounds: Sequence[Any] = (),
) -> RecordedVisit:
    """Record one visit: on a round, to a paired household, or of one's own accord. At most eight statements.

    Args:
        actor: who went; a person with VISIT_RECORD there, or the unit's person of the pairing.
        id: UUIDv7 made by the client; sent twice it is one visit.
        area_code: where; a place's or a household's own area is taken before it.
        happened_at: when it was finished; aware.
        place_id: a registered place, where it was one.
        round: the round's key in the method.
        method_key: which method; by default the one in use there that has the round.
        level: of a round of several levels; by default the first that is the actor's.
        pairing_id: the household's pairing; ``help_kind`` what was helped with.
        help_kind: a key of the pairing's ``help``.
        arrived_at: when it began.
        result: "nothing", "found", "nobody" (at home).
        checklist: item → "ok", "bad", "na".
        title: at most 60 characters.
        text: at most 2,000.
        together: who went along: [{"role", "name", "person"}], names and persons where they are known.
        photos: with ``upload``, ``tag``, ``file_id``; without ``upload`` one that was sent ahead.
        sounds: voice notes, likewise.

    Raises:
        BadInput: every problem. PermissionDenied: not in an area of the actor's. Http404: no such household for them.
        NotFound: no method in use. Conflict: the id is another record's. Refused: the household has not agreed.
    """
    given = {
        "id": id,
        "area_code": area_code,
        "happened_at": happened_at,
        "place_id": place_id,
        "round": round,
        "method_key": method_key,
        "level": level,
        "pairing_id": pairing_id,
        "help_kind": help_kind,
        "arrived_at": arrived_at,
        "result": result,
        "checklist": checklist,
        "title": title,
        "text": text,
        "together": list(together),
        "photos": photos,
        "sounds": sounds,
    }
    return visits_.record(actor, given)


def record_visits(*, actor: Actor, visits: Sequence[Mapping[str, Any]]) -> list[RecordedVisit | Problem]:
    """Record up to 500 visits of one person in one transaction, answered in their order.

    Each takes what ``record_visit`` takes; instants may be ISO 8601 text, ids text. One that does not stand is
    answered by its first ``Problem`` (``field`` begins with its index) and keeps none of the others out. One that is
    in the record already is answered as then, and adds nothing.

    Raises:
        BadInput: more than 500.
    """
    return visits_.record_many(actor, visits)


def record_finding(
    *,
    actor: Actor,
    id: UUID,  # noqa: A002
    visit_id: UUID,
    text: str,
    item: str = "",
    title: str = "",
    category: str = "",
    urgency: str = "",
    method_key: str | None = None,
    join: UUID | None = None,
    expected_version: int | None = None,
    photos: Sequence[Any] = (),
) -> Found:
    """Make a matter of what a visit found, or join one that is open there.

    Args:
        actor: who made the visit.
        id: UUIDv7 made by the client: the matter's own id where it is a new one. Sent twice it is one finding.
        visit_id: of which visit.
        text: what was found; the report's text, or the note on the open matter.
        item: the item of the checklist; says method, category and urgency where they are not given.
        title: of a new matter; made of the text where empty.
        category: of a new matter.
        urgency: of a new matter.
        method_key: which method takes it; by default the item's, else the visit's.
        join: the open matter that takes it in, by the method's act of noting.
        expected_version: of that matter, where the actor wants to be told that it has moved on.
        photos: as for a matter.

    Raises:
        Http404: no such visit or matter for this actor. PermissionDenied: somebody else's visit.
        BadInput, Refused: what the method says. Conflict: the matter to be joined is closed or moved on
        (``current_version``), or the id is another record's.
    """
    told = {
        "id": id,
        "text": text,
        "item": item,
        "title": title,
        "category": category,
        "urgency": urgency,
        "method_key": method_key,
        "join": join,
        "expected_version": expected_version,
        "photos": photos,
    }
    return findings.find(actor, visit_id, told)


def correct_visit(
    *, actor: Actor, visit_id: UUID, entry_id: UUID, reason: str, changes: Mapping[str, Any]
) -> Corrected:
    """Correct one's own visit, or take it back. What was recorded first stays in the record.

    Args:
        actor: who made the visit.
        visit_id: which.
        entry_id: UUIDv7 made by the client; sent twice it is one correction.
        reason: why, at most 120 characters.
        changes: any of area_code, place_id, round, level, help_kind, happened_at, arrived_at, result, checklist,
            title, text, together, as ``record_visit`` takes them; or {"withdrawn": True}.

    Raises:
        Http404: no such visit for this actor. PermissionDenied: somebody else's, or of an area that is not theirs.
        BadInput: nothing changes, no reason, or what is given cannot be read.
    """
    return correcting.correct(actor, visit_id, entry_id, reason, changes)


def review_visit(*, actor: Actor, visit_id: UUID, entry_id: UUID, text: str) -> Corrected:
    """Answer what somebody wrote in the field; they are told. The last answer is shown, all stay in the record.

    Args:
        actor: holds VISIT_REVIEW there by a role that the method names under ``review``; not who made the visit.
        visit_id: which.
        entry_id: UUIDv7 made by the client; sent twice it is one answer.
        text: at most 500 characters.

    Raises:
        Http404: no such visit for this actor. PermissionDenied: not theirs to answer. BadInput: no words.
    """
    return reviews.review(actor, visit_id, entry_id, text)


def register_place(
    *,
    actor: Actor,
    id: UUID,  # noqa: A002
    area_code: str,
    kind: str,
    name: str,
    order: int = 0,
    lon: float | None = None,
    lat: float | None = None,
    source: str = "",
) -> KeptPlace:
    """Add a place that rounds go to.

    Args:
        actor: needs PLACE_EDIT there.
        id: UUIDv7 made by the client; sent twice it is one place.
        area_code: where it is.
        kind: a key of the method's kinds of places.
        name: at most 60 characters; a household is named by its door, never by its people.
        order: in which order it is walked, from 1; 0 for none.
        lon: WGS-84, with ``lat``, or neither.
        lat: likewise.
        source: where the row comes from, "样例" for the sample's.

    Raises:
        BadInput: every problem, or a place of that kind and name is there already.
        PermissionDenied: no right there. Conflict: the id is another record's.
    """
    given = {"area_code": area_code, "kind": kind, "name": name, "order": order, "lon": lon, "lat": lat}
    return places.register(actor, id, given, source)


def change_place(
    *, actor: Actor, place_id: UUID, entry_id: UUID, changes: Mapping[str, Any], expected_version: int | None = None
) -> KeptPlace:
    """Change a place, or take it out of use.

    Args:
        actor: needs PLACE_EDIT there.
        place_id: which.
        entry_id: UUIDv7 made by the client; sent twice it is one change.
        changes: any of kind, name, order, lon, lat, active.
        expected_version: the version that the actor saw; none takes the newest.

    Raises:
        Http404, PermissionDenied: no such place for this actor, or no right to change it. BadInput: every problem.
        Conflict: somebody else changed it meanwhile.
    """
    return places.change(actor, place_id, entry_id, changes, expected_version)


def import_places(*, actor: Actor, file: BinaryIO, name: str, dry_run: bool = True, source: str = "") -> PlaceImport:
    """Import places from an Excel or CSV file (区域, 种类, 名称, 顺序, 经度, 纬度): whole, or not at all.

    An area is given by its code or by its name; a kind by its key or its title. A place of that kind and name is the
    same place: an empty cell leaves it as it is. The same file twice is one import.

    Args:
        actor: needs PLACE_EDIT in the area of every row.
        file: the file's bytes.
        name: its name; the ending tells a CSV.
        dry_run: only report.
        source: where the rows come from.

    Raises:
        BadInput: the file is no table at all; wrong rows are in the report instead.
        PermissionDenied: the actor keeps places nowhere.
    """
    return placefile.load(actor, file, name, dry_run=dry_run, source=source)
