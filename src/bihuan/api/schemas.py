"""What goes over the wire, as the OpenAPI document shows it. Shape only: the rules are the use cases'."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field


class _In(Schema):
    model_config = ConfigDict(extra="forbid")


class ReportIn(_In):
    """A report. Where it is: ``area_code``, ``door_token``, or ``lon`` and ``lat``."""

    id: UUID = Field(description="UUIDv7 made by the client: the same again is the same report")
    text: str = Field(max_length=5000, description="what is wrong, 2 to 2000 characters")
    title: str = Field("", max_length=300)
    area_code: str | None = Field(None, max_length=21)
    door_token: str | None = Field(None, max_length=24)
    lon: float | None = None
    lat: float | None = None
    system: str = Field("", max_length=12, description="wgs84 (default), gcj02, bd09")
    channel: str = Field("api", max_length=12)
    category: str = Field("", max_length=40)
    urgency: str = Field("", max_length=12)
    people_affected: int | None = None
    phone: str = Field("", max_length=40)
    reporter_name: str = Field("", max_length=80)
    anonymous: bool = False
    happened_at: datetime | None = None
    method_key: str | None = Field(None, max_length=60)
    follow_token: str | None = Field(None, max_length=64, description="made by the client: 22 to 64 of A-Z a-z 0-9 - _")
    extra: dict[str, Any] = Field(default_factory=dict, description="the method's other fields")


class ReportOut(Schema):
    """What the reporter is told. ``follow_token`` is shown once, or to whoever sent it along."""

    matter_id: UUID
    number: str
    display_number: str
    follow_token: str
    created: bool


class BatchIn(_In):
    """Up to 500 reports told by others; each is checked for itself."""

    reports: list[dict[str, Any]] = Field(max_length=500)


class ProblemOut(Schema):
    """Where, why, how to mend."""

    where: str
    why: str
    how: str


class BatchLine(Schema):
    """The answer to one report of a batch, in its place."""

    reported: ReportOut | None = None
    problem: ProblemOut | None = None


class BatchOut(Schema):
    """The answers in the order of the reports."""

    accepted: int
    results: list[BatchLine]


class ProblemDocument(Schema):
    """problem+json."""

    type: str
    title: str
    status: int
    problems: list[ProblemOut]


class AdvanceIn(_In):
    """One act of the method on one matter."""

    entry_id: UUID = Field(description="UUIDv7 made by the client: the same again is the same act")
    action: str = Field(max_length=60)
    data: dict[str, Any] = Field(default_factory=dict)
    expected_version: int | None = Field(None, ge=1, le=2**31)
    happened_at: datetime | None = None
    follow_token: str | None = Field(None, max_length=64, description="the reporter's secret link")


class AdvanceOut(Schema):
    """Where the matter stands now."""

    matter_id: UUID
    version: int
    step: str
    is_open: bool
    outcome: str
    created: bool


class LineOut(Schema):
    """One public line of the timeline."""

    sentence: str
    who: str
    happened_at: datetime


class PublicOut(Schema):
    """What anybody may see of a matter."""

    number: str
    display_number: str
    title: str
    area_name: str
    is_open: bool
    step_title: str
    public_words: str
    outcome_title: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    follower_count: int
    timeline: list[LineOut]
    duplicate_of: str


class TodoOut(Schema):
    """One act that waits for the caller."""

    matter_id: UUID
    display_number: str
    title: str
    area_name: str
    action: str
    action_title: str
    acts: list[tuple[str, str]]  # (action, title): one that is owed, or all that are only allowed
    step_title: str
    must: bool
    role_title: str
    due_at: datetime | None
    card: str


class TodoPage(Schema):
    """One page; ``next`` is the cursor of the following one."""

    rows: list[TodoOut]
    next: str | None


class LedgerOut(Schema):
    """One line of the ledger."""

    id: UUID
    number: str
    display_number: str
    title: str
    area_code: str
    area_name: str
    step: str
    step_title: str
    is_open: bool
    outcome: str
    outcome_title: str
    channel: str
    category: str
    urgency: str
    due_at: datetime | None
    card: str
    happened_at: datetime
    created_at: datetime
    closed_at: datetime | None


class LedgerPage(Schema):
    """One page. ``capped``: a search or filter met its limit of effort; ``next``, where there is one, goes on there."""

    rows: list[LedgerOut]
    next: str | None
    capped: bool
