"""How a matter begins: the right to report, what the method makes of it, and what its first rows hold.

Nothing is written here. What reports that begin alike share is worked out once for a batch (``Shared``).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import NoneType
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from bihuan.areas.codes import within
from bihuan.kernel.api import GENESIS, ActorRef, BadInput, EntryDraft, Problem, SealedValue, sql
from bihuan.matters import store
from bihuan.matters.links import token_hash
from bihuan.matters.methodinfo import MethodInfo, info_of
from bihuan.matters.photos import Ready, photo_counts
from bihuan.matters.places import Place
from bihuan.matters.refusals import told
from bihuan.matters.roles import by_of
from bihuan.matters.sealedtext import MARK, seal_contact, seal_data, seal_point
from bihuan.matters.shapes import NewReport
from bihuan.methods.api import By, Event, Refusals, initial
from bihuan.people.api import MATTER_RECORD, Actor, Decision, can

VERBS = {"report": "matter.reported", "record": "matter.recorded"}
BROUGHT_IN = "matter.brought_in"


@dataclass(slots=True)
class Standing:
    """What somebody is in an area, by the posts that reach it: the same wherever the same posts do."""

    may: Decision
    by: By
    ref: ActorRef


@dataclass(slots=True)
class Shared:
    """What the reports of one batch share: who acts, and what the method makes of reports that begin alike."""

    actor: Actor
    standings: dict[tuple[bool, ...], Standing] = field(default_factory=dict)
    shapes: dict[Any, tuple[store.Shape, int]] = field(default_factory=dict)

    def standing(self, area_code: str) -> Standing:
        """Return what the recorder is in an area."""
        reaching = tuple([within(area_code, post.area_code) for post in self.actor.posts])
        found = self.standings.get(reaching)
        if found is None:
            found = self.standings[reaching] = Standing(
                can(self.actor, MATTER_RECORD, area_code),
                by_of(self.actor, area_code, {}),
                self.actor.ref(self.actor.role_for(MATTER_RECORD, area_code)),
            )
        return found


@dataclass(slots=True)
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
            verb=BROUGHT_IN if self.new.earlier is not None else VERBS[self.kind],
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


def prepare(
    *,
    actor: Actor,
    kind: str,
    new: NewReport,
    place: Place,
    given: Mapping[str, Any],
    now: datetime,
    photos: list[Ready],
    shared: Shared | None = None,
) -> Prepared:
    """Check the right and the method's rules; return all the rows need. At most one statement (repeats).

    Raises:
        BadInput, Refused: what the engine says. PermissionDenied: recording without the right to.
    """
    standing = shared.standing(new.area_code) if shared is not None else None
    if kind == "record":
        may = standing.may if standing is not None else can(actor, MATTER_RECORD, new.area_code)
        if not may:
            raise PermissionDenied(may.reason)
    info = info_of(place.version_id)
    reporter = _reporter(actor, kind, new, given)
    parties = {"reporter": [reporter.hex]} if reporter else {}
    data = engine_data(info, kind, new, photos)
    began = new.earlier.registered if new.earlier is not None else now
    by = _by(actor, kind, new, parties, standing)
    shape = _shape(by, kind, new, info, data, parties, _engine_time(new, now), shared)
    data.pop("earlier", None)
    titled = {"title": new.title} if new.titled else {}
    open_, sealed = seal_data(info, {**data, "text": new.text, **titled})
    if parties:
        open_["parties"] = parties
    token = new.follow_token or ("" if shared is not None else secrets.token_urlsafe(24))
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
        happened_at=new.happened_at or began,
        created_at=began,
        shape=shape,
    )
    return Prepared(
        new=new,
        place=place,
        kind=kind,
        actor=standing.ref if standing is not None else _who(actor, kind, new, reporter),
        opened=opened,
        method_tag=place.method_tag,
        body=_body(kind, new, place, opened, open_),
        sealed=sealed + seal_point(new.lon, new.lat) + seal_contact(new.phone, new.reporter_name),
        follow_token=token,
    )


def _who(actor: Actor, kind: str, new: NewReport, reporter: UUID | None) -> ActorRef:
    if kind == "report" and reporter is None:
        return ActorRef(None, "anonymous", actor.via)
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
        body["point"] = MARK
    if opened.parent_id is not None:
        body["parent"] = opened.parent_id.hex
    if new.earlier is not None:
        body["earlier"] = new.earlier.as_json()
        if opened.state.outcome:
            body["outcome"] = opened.state.outcome
    return body


def _engine_time(new: NewReport, now: datetime) -> datetime:
    """Return when a matter begins for the engine: one that ended in an old ledger, then; else its clocks start now."""
    ended = new.earlier is not None and new.earlier.closed is not None
    return new.earlier.registered if ended and new.earlier is not None else now


def _by(actor: Actor, kind: str, new: NewReport, parties: dict[str, list[str]], standing: Standing | None) -> By:
    """Return who acts; an anonymous reporter is nobody, though signed in: not even the state remembers."""
    if kind == "report" and new.anonymous:
        return By(None, frozenset({"anyone", "reporter"}))
    if standing is not None and not parties:
        return standing.by
    return by_of(actor, new.area_code, parties, holds_link=kind == "report")


def _shape(
    by: By,
    kind: str,
    new: NewReport,
    info: MethodInfo,
    data: dict[str, Any],
    parties: dict[str, list[str]],
    now: datetime,
    shared: Shared | None,
) -> store.Shape:
    """Return what the method makes of a report; in a batch, what it made of one that began alike.

    Raises:
        BadInput, Refused: what the engine says.
    """
    key = _alike(info, kind, by, data) if shared is not None and not parties and new.earlier is None else None
    if shared is not None and key is not None and key in shared.shapes:
        shape, data["repeats"] = shared.shapes[key]
        return shape
    data["repeats"] = _repeats(info.method, new, now)
    outcome = initial(info.method, Event(kind, now, by, {**data, "parties": parties} if parties else data))
    if isinstance(outcome, Refusals):
        raise told(outcome)
    began = new.earlier.registered if new.earlier is not None else now  # what has no limit is sorted by it
    shape = store.shape_of(info.method, outcome.state, sorted(by.roles), new.area_code, began)
    if shared is not None and key is not None:
        shared.shapes[key] = shape, data["repeats"]
    return shape


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
    if new.earlier is not None and new.earlier.closed is not None:
        data["earlier"] = new.earlier.as_json()
    if photos:
        data["photos"] = photo_counts(photos)
    return data


def _repeats(method: Any, new: NewReport, now: datetime) -> int:
    """Return how many like it there were within the method's window; no statement where it has none."""
    rule = method.file.repeat
    if rule is None or not new.category:
        return 0
    from bihuan.methods.api import back, default_calendar

    since = back(default_calendar(), now, rule.within)
    rows = sql.rows(
        "SELECT count(*) FROM (SELECT 1 FROM matters_matter WHERE area_code = %s AND created_at > %s "
        "AND category = %s LIMIT 20) AS few",
        (new.area_code, since, new.category),
    )
    return int(rows[0][0])
