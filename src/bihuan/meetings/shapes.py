"""What the reads of meetings hand out: frozen data, words in the reader's language, no models but the rows named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bihuan.kernel.api import Problem
from bihuan.meetings.bodies import BodyRef
from bihuan.meetings.models import AgendaItem, Attendance, Meeting, Objection, Opinion


@dataclass(frozen=True, slots=True)
class Line:
    """One reason: does it hold, and what was compared."""

    holds: bool
    text: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting in a list."""

    id: UUID
    title: str
    body_title: str
    area_name: str
    place: str
    starts_at: datetime
    state: str
    state_title: str
    items: int
    decided: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """A standing session not called yet. ``waiting``: how many matters would fill its agenda (``more``: or more)."""

    area_code: str
    area_name: str
    body: str
    body_title: str
    method_key: str
    standing: str
    place: str
    starts_at: datetime | None
    waiting: int
    more: bool = False
    refusal: Problem | None = None


@dataclass(frozen=True, slots=True)
class CountView:
    """A count as people read it. Sums by choice are heads; ``weights`` the other measures (title, by choice)."""

    for_: int
    against: int
    abstain: int
    spoilt: int
    voters: int
    turnout: tuple[tuple[str, int], ...]  # (channel in words, heads), only those used
    weights: tuple[tuple[str, tuple[str, str, str]], ...]
    carried: bool
    sentence: str
    reasons: tuple[Line, ...]
    quorum_sentence: str
    rule: str
    secret: bool


@dataclass(frozen=True, slots=True)
class VoteLine:
    """Who chose what in an open ballot, shown after it is closed."""

    name: str
    channel: str
    choice: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item with all that belongs to it. ``count`` is None until the ballot is closed."""

    row: AgendaItem
    state_title: str
    number: str  # the matter's, as people say it
    step_title: str
    public_words: str
    ballot_title: str
    voted: int
    may_vote: int
    not_voted: tuple[Attendance, ...]
    opinions: tuple[Opinion, ...]
    speakers: tuple[str, ...]  # who speaks next, in the order of the rules
    votes: tuple[VoteLine, ...]
    count: CountView | None
    resolution: Any  # Resolution or None
    parties: tuple[tuple[str, str], ...]  # (role title, name)
    assigns: tuple[tuple[str, str], ...]  # (role, title) that the method lets the resolution name
    refers: str  # title of the body it may be carried to, "" for none


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One correction of the record: both wordings, why, and whose they are."""

    what: str
    what_title: str
    about: str  # whose reason or opinion; "" for the head of the minutes
    was: str
    words: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One entry of the meeting's timeline."""

    verb: str
    sentence: str
    happened_at: datetime
    recorded_at: datetime

    @property
    def late(self) -> bool:
        """Typed later than it happened."""
        return self.recorded_at > self.happened_at


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Everything on one meeting's page. ``may`` names each act with its refusal, None where it may be done."""

    meeting: Meeting
    title: str  # in the reader's language
    ref: BodyRef
    area_name: str
    state_title: str
    chair: str
    minutes: str
    due: tuple[Attendance, ...]
    guests: tuple[Attendance, ...]
    role_titles: Mapping[str, str]
    came: int
    quorum: bool
    quorum_sentence: str
    quorum_reasons: tuple[Line, ...]
    items: tuple[ItemView, ...]
    objections: tuple[Objection, ...]
    may: Mapping[str, Problem | None]
    own: Attendance | None
    corrections: tuple[CorrectionLine, ...] = ()
    corrected: Mapping[str, tuple[CorrectionLine, ...]] = field(default_factory=dict)  # of the minutes' head


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """One item as anybody may read it. A private matter's title and resolution are not shown."""

    order: int
    title: str
    private: bool
    number: str
    display_number: str
    state: str
    state_title: str
    ballot_title: str
    count: CountView | None
    resolution: str
    parties: tuple[tuple[str, str], ...]
    due_on: date | None
    progress: str  # what became of it since, in the method's public words
    reason: str


@dataclass(frozen=True, slots=True)
class PublishedObjection:
    """An objection that was answered, without a name."""

    text: str
    created_at: datetime
    answer: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Published:
    """A meeting's results as anybody may read them."""

    id: UUID
    title: str
    body_title: str
    area_code: str
    area_name: str
    place: str
    starts_at: datetime
    ended_at: datetime | None
    published_at: datetime | None
    due: int
    present: int
    quorum_sentence: str
    items: tuple[PublishedItem, ...]
    corrections: tuple[CorrectionLine, ...]  # of time and place, without names
    objections_until: date | None
    objections_open: bool
    objections_waiting: int
    objections: tuple[PublishedObjection, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What came of a meeting, as it may be told: officers in full, residents masked (张**)."""

    told: Published
    chair: str
    keeper: str
    came: tuple[str, ...]
    away: tuple[str, ...]
    sat_in: tuple[str, ...] = ()  # 列席: who came and has no vote


@dataclass(frozen=True, slots=True)
class Question:
    """One item somebody may vote on by phone: ``refusal`` says why not (voted already, not signed in …)."""

    item: AgendaItem
    ballot_title: str
    number: str
    voted: bool
    refusal: Problem | None


@dataclass(frozen=True, slots=True)
class VotePage:
    """The page behind a personal link."""

    meeting: Meeting
    title: str  # in the reader's language
    body_title: str
    area_name: str
    row: Attendance
    name: str  # who votes: the holder or the deputy
    signed_in: bool
    questions: tuple[Question, ...]
    results: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes in the columns people keep: 时间 地点 主持 记录 应到 实到 缺席及原因 列席 议题 发言 表决 决议."""

    columns: tuple[tuple[str, str], ...]
    page: MeetingPage
