"""What the reads of rosters, duties and hours give: frozen, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bihuan.activities.models import Roster, Team
from bihuan.activities.shapes import TimelineLine
from bihuan.kernel.api import Problem


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One turn. ``name``: who stands it, "" for whoever may not know; ``empty``: nobody does."""

    id: UUID
    day: date
    rest: bool
    starts_at: datetime
    ends_at: datetime
    member_id: UUID | None
    name: str
    empty: bool
    mine: bool
    offered: bool
    handed: bool
    over: bool
    now: bool


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """One shift of a day, with whoever stands it."""

    starts_at: datetime
    ends_at: datetime
    turns: tuple[DutyLine, ...]


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of a roster."""

    day: date
    rest: bool
    today: bool
    shifts: tuple[ShiftLine, ...]


@dataclass(frozen=True, slots=True)
class RosterPage:
    """A team's roster of a month as one reader sees it. ``may``: "keep", "log", with the reason why not or None."""

    team: Team
    area_name: str
    month: date
    days: tuple[DayLine, ...]
    rosters: tuple[Roster, ...]
    named: bool
    members: tuple[tuple[UUID, str], ...]
    own_member: UUID | None
    own_away: tuple[str, ...]
    timeline: tuple[TimelineLine, ...]
    may: Mapping[str, Problem | None]


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call of the log. ``progress``: of the matter that it became, else its own result."""

    id: UUID
    came_at: datetime
    unit: str
    name: str
    phone: str
    text: str
    proposal: str
    instruction: str
    progress: str
    state: str
    state_title: str
    matter_id: UUID | None
    number: str
    recorder: str
    team_id: UUID
    area_code: str
    may_reveal: bool


@dataclass(frozen=True, slots=True)
class LogPage:
    """The log of one duty, with the calls that are open from duties before it."""

    team: Team
    duty: DutyLine
    taker: str
    undone: str
    handed_at: datetime | None
    calls: tuple[CallLine, ...]
    open_before: tuple[CallLine, ...]
    members: tuple[tuple[UUID, str], ...]
    next_member: UUID | None
    may: Mapping[str, Problem | None]


@dataclass(frozen=True, slots=True)
class HoursLine:
    """What one volunteer gave once. ``state``: "new", "published", "disputed", "counted"."""

    id: UUID
    name: str
    what: str
    starts_at: datetime
    minutes: int
    state: str
    state_title: str
    counts_from: datetime | None
    objection: str
    answer: str
    may_object: bool
    may_answer: bool


@dataclass(frozen=True, slots=True)
class MyDuty:
    """One of one's own duties: to come, under way, or over and not handed over."""

    id: UUID
    team_id: UUID
    team_name: str
    starts_at: datetime
    ends_at: datetime
    now: bool
    over: bool
