"""Taking a report in: the one path by which matters begin, and the busiest of the house.

Everything that can be refused is refused before the transaction begins; inside it there are inserts only, of
which the counter's row is the one others may wait for.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import NoneType
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.areas.api import locate_code, to_wgs84
from bihuan.areas.codes import LENGTHS
from bihuan.kernel.api import (
    GENESIS,
    ActorRef,
    AlreadyRecorded,
    BadInput,
    Conflict,
    EntryDraft,
    NotFound,
    Problem,
    Refused,
    SealedValue,
    append,
    clock,
    keyed_hash,
    sql,
)
from bihuan.matters import checks, numbers, store
from bihuan.matters.labels import english, spoken
from bihuan.matters.methodinfo import MethodInfo, info_of
from bihuan.matters.photos import Ready, keep_photos, photo_counts, ready_photos
from bihuan.matters.roles import by_of
from bihuan.matters.sealedtext import seal_contact, seal_data
from bihuan.matters.shapes import NewReport, Reported
from bihuan.methods.api import By, Event, Refusal, Refusals, initial
from bihuan.people.api import MATTER_RECORD, Actor, can

VERBS = {"report": "matter.reported", "record": "matter.recorded"}
_INPUT_CODES = frozenset(
    {"required", "type", "option", "long", "least", "photos", "party", "count", "distinct", "from", "reason",
     "until", "into", "rung", "field"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report belongs."""

    area_code: str
    area_name: str
    community_name: str
    version_id: UUID
    method_tag: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report that stands: everything the rows need but the number."""

    new: NewReport
    place: Place
    kind: str
    actor: ActorRef
    opened: store.Opened
    method_tag: str
    body: dict[str, Any]
    sealed: list[SealedValue]
    follow_token: str

    def draft(self, number: str, now: datetime) -> EntryDraft:
        """Return the first entry's draft under a number."""
        return EntryDraft(
            subject_type="matter",
            subject_id=self.new.id,
            seq=1,
            verb=VERBS[self.kind],
            actor=self.actor,
            area_code=self.opened.area_code,
            happened_at=self.opened.happened_at,
            recorded_at=now,
            body={**self.body, "number": number},
            entry_id=self.new.id,
            prev_hash=GENESIS,
            method=self.method_tag,
            sealed=self.sealed,
        )


def take_in(*, actor: Actor, kind: str, given: Mapping[str, Any]) -> Reported:
    """Accept one report (``kind`` "report") or one recorded for somebody else ("record"). At most ten statements.

    Raises:
        BadInput: what was given is incomplete or unreadable; every problem at once.
        Refused: the method does not begin like this.
        PermissionDenied: recording without the right to.
        Conflict: the id belongs to another report.
    """
    now = clock.now()
    key = checks.v7(given.get("id"))
    place = find_place(given)
    new = checks.check({**given, "id": key, "area_code": place.area_code}, now)
    photos = ready_photos(new.photos, entry_id=key)
    prepared = prepare(actor=actor, kind=kind, new=new, place=place, given=given, now=now, photos=photos)
    with transaction.atomic():
        number = numbers.take(numbers.counter_key(place.area_code, now))
        draft = prepared.draft(number, now)
        try:
            entry = append(**_as_append(draft))
        except AlreadyRecorded:
            numbers.give_back(number)
            return resent(prepared, actor)
        prepared.opened.number = number
        if not store.insert_matter(prepared.opened, bytes(entry.hash)):
            raise Conflict(None, _used())
        store.insert_derived(prepared.opened)
        keep_photos(photos, key, key)
    return answer(prepared, number)


def answer(prepared: Prepared, number: str) -> Reported:
    """Return what the reporter is told."""
    return Reported(
        matter_id=prepared.new.id,
        number=number,
        display_number=spoken(number, prepared.place.community_name),
        follow_token=prepared.follow_token,
        created=True,
    )


def _as_append(draft: EntryDraft) -> dict[str, Any]:
    return {
        "subject_type": draft.subject_type,
        "subject_id": draft.subject_id,
        "seq": draft.seq,
        "prev_hash": GENESIS,
        "verb": draft.verb,
        "actor": draft.actor,
        "area_code": draft.area_code,
        "happened_at": draft.happened_at,
        "recorded_at": draft.recorded_at,
        "method": draft.method,
        "body": draft.body,
        "sealed": draft.sealed,
        "entry_id": draft.entry_id,
    }


def find_place(given: Mapping[str, Any]) -> Place:
    """Return where a report belongs and which version of a method it follows there. One statement.

    The door's code, the area's code or the point say where; the nearest use of a method in the areas above it says
    what it follows. Nothing of it is cached but the parsed version, which never changes: an import of areas or a new
    version is in force with the next report, in every process.

    Raises:
        BadInput: where none of them names an active area. NotFound: where no method is in use.
    """
    token, code = str(given.get("door_token") or ""), str(given.get("area_code") or "").strip()
    if not token and not code:
        code = _by_point(given)
    key = str(given.get("method_key") or "").replace("\x00", "")
    if token:
        found = _place("a.door_token = %s", token, key) if len(token) <= 24 and "\x00" not in token else None
        why, how = _("这个楼门码已失效。"), _("请重新扫码，或从楼栋名单中选择。")
    else:
        known = code.isascii() and code.isdigit() and len(code) <= 21
        found = _place("a.code = %s", code, key) if known else None
        why, how = _("没有找到这个地点。"), _("请扫楼门码，或从楼栋名单中选择。")
    if found is None:
        raise BadInput(Problem("door_token" if token else "area_code", why, how))
    return found


_ABOVE = ", ".join(f"substr(a.code, 1, {length})" for length in LENGTHS)
_PLACE = (
    "SELECT a.code, a.short_name, a.name, c.name, v.id, v.key, v.number FROM areas_area a "  # noqa: S608
    "LEFT JOIN areas_area c ON c.code = substr(a.code, 1, 12) "
    f"LEFT JOIN methods_methoduse u ON u.area_code IN ({_ABOVE}) AND %s "
    "LEFT JOIN methods_methodversion v ON v.id = u.version_id "
    "WHERE %s AND a.active ORDER BY length(u.area_code) DESC, u.key"
)


def find_places(codes: Iterable[str], key: str = "") -> dict[str, Place]:
    """Return the places of many area codes, as ``find_place`` would, by one statement for every 400."""
    found: dict[str, Place] = {}
    use, first = ("u.key = %s", [key]) if key else ("u.default_for_reports", [])
    for chunk in sql.batched(sorted(set(codes)), 400):
        where = f"a.code IN ({', '.join(['%s'] * len(chunk))})"
        for row in sql.rows(_statement(use, where), [*first, *chunk]):
            if row[0] not in found and row[4] is not None:  # the longest use comes first
                found[row[0]] = _as_place(row)
    return found


def _statement(use: str, where: str) -> str:
    return _PLACE.replace("%s", use, 1).replace("%s AND a.active", f"{where} AND a.active", 1)


def _as_place(row: tuple[Any, ...]) -> Place:
    code, short, name, community, version, version_key, number = row
    return Place(code, short or name, community or name, sql.as_uuid(version), f"{version_key}@{number}")


def _place(where: str, value: str, key: str) -> Place | None:
    use, params = ("u.key = %s", [key, value]) if key else ("u.default_for_reports", [value])
    rows = sql.rows(f"{_statement(use, where)} LIMIT 1", params)
    if not rows:
        return None
    if rows[0][4] is None:
        raise NotFound(Problem("method_key" if key else "", _("这里还没有启用工作法。"), _("请联系社区工作人员。")))
    return _as_place(rows[0])


def _by_point(given: Mapping[str, Any]) -> str:
    try:
        lon, lat = float(given["lon"]), float(given["lat"])
    except (KeyError, TypeError, ValueError):
        return ""
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return ""
    system = str(given.get("system") or "")
    if system:
        try:
            lon, lat = to_wgs84(lon, lat, system)
        except ValueError as error:
            raise BadInput(
                Problem("system", _("位置坐标不对。"), _("可用：%(all)s。") % {"all": "wgs84、gcj02、bd09"})
            ) from error
    return locate_code(lon, lat) or ""


Cache = dict[Any, Any]


def prepare(
    *,
    actor: Actor,
    kind: str,
    new: NewReport,
    place: Place,
    given: Mapping[str, Any],
    now: datetime,
    photos: list[Ready],
    cache: Cache | None = None,
) -> Prepared:
    """Check the right and the method's rules; return all the rows need. At most one statement (repeats).

    ``cache`` is a batch's: what follows from how a report begins is worked out once for all that begin alike.
    """
    if kind == "record":
        _may_record(actor, new.area_code, {} if cache is None else cache)
    info = info_of(place.version_id)
    reporter = _reporter(actor, kind, new, given)
    parties = {"reporter": [reporter.hex]} if reporter else {}
    data = engine_data(info, kind, new, photos)
    shape = _shape(actor, kind, new, info, data, reporter, parties, now, cache)
    titled = {"title": new.title} if new.titled else {}
    open_, sealed = seal_data(info, {**data, "text": new.text, **titled})
    if parties:
        open_["parties"] = parties
    token = new.follow_token or ("" if cache is not None else secrets.token_urlsafe(24))
    opened = store.Opened(
        id=new.id,
        number="",
        version_id=place.version_id,
        area_code=new.area_code,
        lon=new.lon,
        lat=new.lat,
        title=new.title,
        text=new.text,
        channel=new.channel,
        category=new.category,
        urgency=new.urgency,
        public=shape.public,
        state=shape.state,
        reporter_id=reporter,
        follow_hash=token_hash(token) if token else None,
        has_contact=bool(new.phone),
        parent_id=given.get("parent_id"),
        happened_at=new.happened_at or now,
        created_at=now,
        shape=shape,
    )
    return Prepared(
        new=new,
        place=place,
        kind=kind,
        actor=_who(actor, kind, new, reporter),
        opened=opened,
        method_tag=place.method_tag,
        body=_body(kind, new, place, opened, open_),
        sealed=sealed + seal_contact(new.phone, new.reporter_name),
        follow_token=token,
    )


def _may_record(actor: Actor, area_code: str, cache: Cache) -> None:
    decision = cache.get(("may", area_code))
    if decision is None:
        decision = cache["may", area_code] = can(actor, MATTER_RECORD, area_code)
    if not decision:
        raise PermissionDenied(decision.reason)


def _who(actor: Actor, kind: str, new: NewReport, reporter: UUID | None) -> ActorRef:
    if kind == "report" and reporter is None:
        return ActorRef(None, "anonymous")
    return actor.ref(actor.role_for(MATTER_RECORD, new.area_code) if kind == "record" else "")


def _body(kind: str, new: NewReport, place: Place, opened: store.Opened, given: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "action": kind,
        "roles": opened.shape.roles,
        "channel": new.channel,
        "data": given,
        "to": opened.state.step,
        "version": place.version_id.hex,
    }
    if new.lon is not None and new.lat is not None:
        body["point"] = [f"{new.lon:.6f}", f"{new.lat:.6f}"]
    if opened.parent_id is not None:
        body["parent"] = opened.parent_id.hex
    return body


def _shape(
    actor: Actor,
    kind: str,
    new: NewReport,
    info: MethodInfo,
    data: dict[str, Any],
    reporter: UUID | None,
    parties: dict[str, list[str]],
    now: datetime,
    cache: Cache | None,
) -> store.Shape:
    """Return what the method makes of a report; from the batch's cache where one like it was decided already.

    Raises:
        BadInput, Refused: what the engine says.
    """
    by = _by(actor, kind, new, parties, cache)
    key = _alike(info, kind, by, data) if cache is not None and not parties else None
    if cache is not None and key is not None and key in cache:
        found: store.Shape = cache[key]
        data["repeats"] = cache[key, "repeats"]
        return found
    data["repeats"] = _repeats(info.method, new, now)
    outcome = initial(info.method, Event(kind, now, by, {**data, "parties": parties} if parties else data))
    if isinstance(outcome, Refusals):
        raise told(outcome)
    shape = store.shape_of(info.method, outcome.state, sorted(by.roles), new.area_code, now)
    if cache is not None and key is not None:
        cache[key], cache[key, "repeats"] = shape, data["repeats"]
    return shape


def _by(actor: Actor, kind: str, new: NewReport, parties: dict[str, list[str]], cache: Cache | None) -> By:
    """Return who acts; looked up once an area in a batch of unnamed reporters."""
    key = ("by", new.area_code, kind, new.anonymous)
    if cache is not None and not parties and key in cache:
        found: By = cache[key]
        return found
    by = _unnamed(by_of(actor, new.area_code, parties, holds_link=kind == "report"), kind, new)
    if cache is not None and not parties:
        cache[key] = by
    return by


def _alike(info: MethodInfo, kind: str, by: By, data: dict[str, Any]) -> Any:
    """Return what the engine's answer depends on, the method apart; None where that cannot be a key.

    Of what the engine keeps out of its state (long and personal texts) only whether it is too long counts.
    """
    hidden, fields = info.method.hidden, info.file.fields
    if info.file.repeat is not None and data.get("category"):
        return None  # asks the database about the place
    parts: list[Any] = [info.method.sha256, kind, by.person, by.roles]
    for name, value in data.items():
        longest = fields[name].longest if name in fields else None
        if name in hidden and isinstance(value, str):
            parts.append((name, longest is not None and len(value) > longest))
        elif isinstance(value, (str, int, float, bool, NoneType)):
            parts.append((name, type(value), value))
        else:
            return None
    return tuple(parts)


def token_hash(token: str) -> bytes:
    """Return what is kept of a secret link: of no use to whoever reads the database."""
    return keyed_hash("follow", token.encode())


def _reporter(actor: Actor, kind: str, new: NewReport, given: Mapping[str, Any]) -> UUID | None:
    """Return the person who reported: the actor, unless anonymous; for a record whoever is named."""
    if new.anonymous:
        return None
    if kind == "record":
        named = given.get("reporter_id")
        try:
            return named if isinstance(named, UUID) or named is None else UUID(str(named))
        except ValueError as error:
            raise BadInput(Problem("reporter_id", _("没有这个人。"), _("请从名单中选择。"))) from error
    return actor.person_id


def _unnamed(by: By, kind: str, new: NewReport) -> By:
    """Return who acts; an anonymous reporter is nobody, though signed in: not even the state remembers."""
    return By(None, frozenset({"anyone", "reporter"})) if kind == "report" and new.anonymous else by


def engine_data(info: MethodInfo, kind: str, new: NewReport, photos: list[Ready]) -> dict[str, Any]:
    """Return what was given by the method's field keys; what the method does not ask for at its opening stays out."""
    opening = info.file.opening.get(kind)
    asked = opening.gives if opening is not None else {}
    data: dict[str, Any] = {}
    for name in ("title", "text", "people_affected"):
        value = getattr(new, name)
        if name in asked and value not in (None, "") and (name != "title" or new.titled):
            data[name] = value
    for name in ("category", "urgency"):
        if value := getattr(new, name):
            data[name] = value
    for name, value in new.extra.items():
        data[name] = info.typed(name, value)
    data["channel"] = new.channel
    if photos:
        data["photos"] = photo_counts(photos)
    return data


def _repeats(method: Any, new: NewReport, now: datetime) -> int:
    """Return how many like it there were within the method's window; no statement where it has none."""
    rule = method.file.repeat
    if rule is None or not new.category:
        return 0
    from bihuan.methods.engine.calendars import back, default_calendar

    since = back(default_calendar(), now, rule.within)
    rows = sql.rows(
        "SELECT count(*) FROM (SELECT 1 FROM matters_matter WHERE area_code = %s AND created_at > %s "
        "AND category = %s LIMIT 20) AS few",
        (new.area_code, since, new.category),
    )
    return int(rows[0][0])


def resent(prepared: Prepared, actor: Actor) -> Reported:
    """Return the first answer to a report that came again; the token only to whoever sent it along."""
    rows = sql.rows(
        "SELECT number, text, area_code, reporter_id, follow_hash FROM matters_matter WHERE id = %s",
        (prepared.new.id,),
    )
    new = prepared.new
    same = bool(rows) and rows[0][1] == new.text and rows[0][2] == new.area_code
    if not same:
        raise Conflict(None, _used())
    number, _text, _area, reporter, hashed = rows[0]
    mine = (sql.as_uuid(reporter) if reporter else None) == prepared.opened.reporter_id
    if not mine:
        raise Conflict(None, _used())
    proven = new.follow_token is not None and hashed is not None and bytes(hashed) == token_hash(new.follow_token)
    return Reported(
        matter_id=new.id,
        number=number,
        display_number=spoken(number, prepared.place.community_name),
        follow_token=new.follow_token if proven and new.follow_token else "",
        created=False,
    )


def _used() -> Problem:
    return Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面后重新提交；内容不会丢失。"))


def told(refusals: Refusals) -> BadInput | Refused:
    """Return the engine's refusals as the error a person can act on."""
    problems = [problem_of(refusal) for refusal in refusals.reasons]
    if all(refusal.code in _INPUT_CODES and refusal.field for refusal in refusals.reasons):
        return BadInput(problems)
    return Refused(problems)


def problem_of(refusal: Refusal) -> Problem:
    """Return one refusal in the reader's language."""
    if english():
        return Problem(refusal.field, refusal.message_en, refusal.mend_en)
    return Problem(refusal.field, refusal.message, refusal.mend)
