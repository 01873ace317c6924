"""What goes into the engine and what comes out. Plain frozen data; JSON in, JSON out.

Instants are aware datetimes. Persons are opaque strings (a UUID's hex). Roles are strings: post roles
held in the matter's area ("grid_worker"), party roles on this matter ("lead", "tracker", "supervisor",
"reporter"), or "anyone", "system", "meeting:<body>".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class By:
    """Who acts: a person (or nobody known) and every role that counts on this matter."""

    person: str | None
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Event:
    """Somebody does one of the method's actions, or a clock ticks (``action="tick"``).

    ``data`` holds what was given, by the method's field keys, and these fixed names:
    ``reason`` (text), ``parties`` ({role: [person, …]}), ``photos`` ({tag: count}),
    ``until`` (a new limit asked for: date or instant, ISO 8601), ``result`` (a meeting's: {"carried": bool, …}),
    ``into`` (the matter it is merged into), ``rung`` (of an escalation, from 1), ``posts`` ({person: [post role, …]}
    of the persons named in ``parties``: given, the engine checks where the responsible are taken from),
    ``repeats`` (how many like it there were before, given on opening).
    """

    action: str
    at: datetime
    by: By
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock of one matter. ``due_at`` is a pure function of events, calendar and the clock's rule."""

    started_at: datetime
    due_at: datetime
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    extensions: int = 0
    late: bool = False
    fired: tuple[str, ...] = ()  # what has been said already: "yellow@<due>", "red@<due>", "rung1@<due>"


@dataclass(frozen=True, slots=True)
class Pending:
    """An action that waits for consent (extend, return, suspend, void …)."""

    action: str
    asked_by: str | None
    asked_at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """A matter as the engine sees it: a fold of its events.

    ``fields`` never holds personal content: a field marked personal or sensitive, and every long text, stands here
    as None ("given, kept elsewhere"), so that erasing it elsewhere erases it everywhere.
    """

    step: str
    is_open: bool = True
    outcome: str = ""
    opened_at: datetime | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    parties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clocks: Mapping[str, ClockState] = field(default_factory=dict)
    pending: Mapping[str, Pending] = field(default_factory=dict)
    accepted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # action → who has accepted so far
    counts: Mapping[str, int] = field(default_factory=dict)  # action → how often done; "step:<key>" → entered
    done_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # action → who did it (for "not by")
    rung: Mapping[str, int] = field(default_factory=dict)  # ladder → rung reached, from 1
    previous: str = ""  # the step before this one
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: where, why and how to mend, in both languages. ``field`` names the input to stand beside."""

    code: str
    message: str
    message_en: str
    field: str = ""
    mend: str = ""
    mend_en: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that the event caused. ``kind`` decides which of the names in ``data`` are there.

    moved: old, new · skipped: step · assigned/released: role, person · clock_started/clock_stopped/clock_extended/
    clock_paused/clock_resumed: clock, due_at (and late, when stopped) · late: clock, due_at ·
    card: clock, colour, due_at, tell · escalated: ladder, rung, role, clock · asked/granted/denied: action, by ·
    accepted: action, role, person · closed: outcome, class, result · reopened: action · rated: action, role ·
    merged: into · notify: to (a role, or "party:<role>"), message (key)
    Instants in ``data`` are ISO 8601 text, so that effects go into an entry as they are.
    """

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The event stands: the state after it, and what it caused."""

    state: State
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Refusals:
    """The event does not stand: every reason, not only the first."""

    reasons: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """An action as shown to one actor: may do it, or sees why not. ``must``: the method waits for them."""

    action: str
    title: str
    title_en: str
    does: str  # the primitive behind it: "move", "assign", "extend", …
    must: bool
    refusals: tuple[Refusal, ...] = ()  # empty: may do it now
    gives: tuple[str, ...] = ()  # field keys that may be given
    required: tuple[str, ...] = ()  # of which these must
    assigns: tuple[str, ...] = ()  # party roles to be named
    photos: Mapping[str, int] = field(default_factory=dict)  # tag → least number
    reason: str = ""  # "", "optional" or "required"
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """The method waits for ``role`` (or that party's ``person``) to do ``action``."""

    action: str
    role: str
    person: str | None
    must: bool
    due_at: datetime | None
