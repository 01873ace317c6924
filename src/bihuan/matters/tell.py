"""Who is told what: lines in bells, messages to a reporter who left a number. Written with the act that caused them.

One line a person and act, the weightiest: what is owed before what is merely news. Whoever did the act is not told.
Residents' names and free text stay out of what is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_noop

from bihuan.areas.api import ancestors
from bihuan.kernel.api import Notice, clock, enqueue, notice_text, notify_many, sql
from bihuan.matters.labels import spoken
from bihuan.matters.methodinfo import MethodInfo, Pair
from bihuan.matters.store import Current
from bihuan.methods.api import Effect, Method, State, waits

REPORTER_CHANNEL = "reporter"  # the target is a matter's id: the number itself is unsealed at delivery only
MOST_PERSONS = 200
_WEIGHT = (
    "matter.not_solved",
    "matter.reopened_again",
    "matter.escalated",
    "matter.assigned_you",
    "matter.your_turn",
    "matter.card",
    "matter.merged_into",
    "matter.done",
    "matter.progress",
    "matter.told",
)


@dataclass(slots=True)
class Told:
    """What one act makes known."""

    current: Current
    community_name: str
    method: Method
    info: MethodInfo
    entry_id: UUID
    now: datetime
    by: UUID | None
    lines: dict[UUID, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    roles: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    @property
    def display(self) -> str:
        """The matter's number as people say it."""
        return spoken(self.current.number, self.community_name)

    def say(self, person: UUID | None, kind: str, **params: Any) -> None:
        """Tell a person, unless something weightier is told already."""
        if person is None or person == self.by:
            return
        before = self.lines.get(person)
        if before is None or _WEIGHT.index(kind) < _WEIGHT.index(before[0]):
            self.lines[person] = (kind, params)


def tell(told: Told, before: State, after: State, effects: Sequence[Effect], does: str) -> None:
    """Write the notices and messages of an act: at most one query for persons, one insert, one for the reporter."""
    _by_effects(told, after, effects, does)
    _by_turn(told, before, after)
    news = _news(told, before, after)
    if news is not None and told.current.reporter_id is not None:
        told.say(told.current.reporter_id, news[0], **news[1])
    contacts = _others(told, news)
    params = {"title": told.current.title, "number": told.display}
    link = link_of(told.current.id)
    if told.lines:
        notices = [Notice(person, kind, {**params, **own}, link) for person, (kind, own) in told.lines.items()]
        notify_many(notices, created_at=told.now)
    if news is not None:
        own = [told.current.id] if told.current.has_contact else []
        for matter_id in [*own, *contacts]:
            send_to_reporter(matter_id, news[0], {**params, **news[1]}, told.entry_id, told.now)


def link_of(matter_id: UUID) -> str:
    """Return where a person acts on a matter."""
    return f"/desk/matters/{matter_id}/"


def send_to_reporter(matter_id: UUID, kind: str, params: dict[str, Any], entry_id: UUID, now: datetime) -> None:
    """Put a message to a matter's reporter into the outbox (once an entry); or to a further one, by their entry."""
    text = notice_text(kind, params, "zh")
    payload = {"text": text, "link": settings.PUBLIC_URL}
    enqueue(REPORTER_CHANNEL, matter_id.hex, payload, f"{kind}:{entry_id.hex}:{matter_id.hex}", due_at=now)


def _by_effects(told: Told, after: State, effects: Sequence[Effect], does: str) -> None:
    workers = {UUID(hex=person) for role in told.info.responsible for person in after.parties.get(role, ())}
    if does == "deny":
        for person in workers:
            told.say(person, "matter.not_solved")
    for effect in effects:
        data = effect.data
        if effect.kind == "assigned":
            role = told.info.role(str(data["role"]))
            told.say(UUID(hex=str(data["person"])), "matter.assigned_you", **_both("role", role))
        elif effect.kind == "reopened":
            for person in workers:
                told.say(person, "matter.reopened_again")
        elif effect.kind == "notify":
            _notify(told, after, effects, str(data.get("to", "")), str(data.get("message", "")))


def _notify(told: Told, after: State, effects: Sequence[Effect], to: str, message: str) -> None:
    kind, params = _kind_of(told, effects, message)
    if kind is None:
        return
    if to.startswith("party:"):
        for person in after.parties.get(to[6:], ()):
            told.say(UUID(hex=person), kind, **params)
    elif to and not to.startswith("meeting:") and to not in {"system", "anyone"}:
        told.roles.setdefault(to, (kind, params))


def _kind_of(told: Told, effects: Sequence[Effect], message: str) -> tuple[str | None, dict[str, Any]]:
    if message.startswith("card_"):
        colour = ("红牌", "red card") if message == "card_red" else ("黄牌", "yellow card")
        clocks = [e.data["clock"] for e in effects if e.kind == "card" and f"card_{e.data['colour']}" == message]
        clock = told.info.clock(str(clocks[0])) if clocks else ("", "")
        return "matter.card", {**_both("colour", colour), **_both("clock", clock)}
    if message == "escalated":
        clocks = [str(e.data.get("clock", "")) for e in effects if e.kind == "escalated"]
        by_limit = clocks and clocks[0]  # else somebody raised it
        return "matter.escalated", _both("clock", told.info.clock(clocks[0])) if by_limit else {}
    if message == "asked":
        asked = [str(e.data.get("action", "")) for e in effects if e.kind == "asked"]
        return "matter.your_turn", _both("action", told.info.action(asked[0]) if asked else ("", ""))
    if message in {"closed", "assigned"}:
        return None, {}  # said more exactly elsewhere
    return "matter.told", {"message": message}


def _by_turn(told: Told, before: State, after: State) -> None:
    """Tell the persons for whom the matter newly waits."""
    was = {(wait.action, wait.person) for wait in waits(told.method, before) if wait.person}
    for wait in waits(told.method, after):
        if wait.must and wait.person and (wait.action, wait.person) not in was:
            action = told.info.action(wait.action, after.step)
            told.say(UUID(hex=wait.person), "matter.your_turn", **_both("action", action))


def _both(name: str, words: Pair) -> dict[str, str]:
    """Return a parameter in both languages: the reader's is chosen when it is read."""
    return {name: words[0], f"{name}_en": words[1]}


def _news(told: Told, before: State, after: State) -> tuple[str, dict[str, Any]] | None:
    """Return what the reporter and the followers are told: a new step that shows something, or the end."""
    if before.is_open and not after.is_open:
        return "matter.done", _both("words", told.info.outcome_public(after.outcome))
    words = told.info.public(after.step)
    if before.step != after.step and words[0]:
        return "matter.progress", _both("words", words)
    return None


def _others(told: Told, news: tuple[str, dict[str, Any]] | None) -> list[UUID]:
    """Add followers and holders of roles; return who else left a number. At most one query.

    Numbers are named by the merged matter whose reporter left it, or by the entry with which a further one did.
    """
    selects: list[str] = []
    params: list[Any] = []
    if news is not None and told.current.follower_count:
        selects.append(
            "SELECT 'f' AS kind, '' AS role, person_id FROM matters_follow "
            "WHERE matter_id = %s AND person_id IS NOT NULL"
        )
        selects.append(
            "SELECT 'c' AS kind, '' AS role, id FROM matters_matter WHERE duplicate_of_id = %s AND has_contact"
        )
        selects.append(
            "SELECT 'c' AS kind, '' AS role, entry_id FROM kernel_sealed WHERE subject_type = 'matter' "
            "AND subject_id = %s AND name = 'follower_phone' AND erased_at IS NULL"
        )
        params += [told.current.id, told.current.id, told.current.id]
    if told.roles:
        codes = [code for code in ancestors(told.current.area_code) if code]
        today = told.now.astimezone(clock.ZONE).date()
        roles = ", ".join(["%s"] * len(told.roles))
        areas = ", ".join(["%s"] * len(codes))
        selects.append(
            f"SELECT 'r' AS kind, role_id, person_id FROM people_post WHERE role_id IN ({roles}) "  # noqa: S608
            f"AND area_code IN ({areas}) AND since <= %s AND (until IS NULL OR until >= %s)"
        )
        params += [*told.roles, *codes, today, today]
    if not selects:
        return []
    contacts: list[UUID] = []
    for kind, role, key in sql.rows(f"{' UNION ALL '.join(selects)} LIMIT {MOST_PERSONS:d}", params):
        if kind == "c":
            contacts.append(sql.as_uuid(key))
        elif kind == "f" and news is not None:
            told.say(sql.as_uuid(key), news[0], **news[1])
        elif kind == "r":
            line, own = told.roles[role]
            told.say(sql.as_uuid(key), line, **own)
    return contacts


def deliver_to_reporter(item: Any) -> None:
    """Send a message to the number a reporter left: unsealed now, logged as read by the system, sent by SMS."""
    from dataclasses import replace

    from django.db.models import Q

    from bihuan.kernel.api import SYSTEM_REF, reveal
    from bihuan.kernel.models import Sealed
    from bihuan.kernel.outbox import PermanentFailure, _channels

    of = UUID(hex=item.target)
    number = Q(subject_id=of, name="phone") | Q(entry_id=of, name="follower_phone")
    sealed = Sealed.objects.filter(number, subject_type="matter", erased_at__isnull=True).first()
    if sealed is None:
        raise PermanentFailure("the reporter's number has been erased")
    phone = reveal(actor=SYSTEM_REF, sealed=sealed, reason=gettext_noop("告知反映人办理进展"))
    _channels["sms"](replace(item, channel="sms", target=phone))
