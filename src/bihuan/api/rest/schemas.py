"""What goes over the wire, as the OpenAPI document shows it. Shape only: the rules are the use cases'.

What is answered has one home, ``matters.shapes``; here it is only said which of it goes out (``api.picked``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

from bihuan.api.rest.photos_in import Photos, photos_of
from bihuan.api.rest.picked import picked
from bihuan.matters.api import Advanced, LedgerRow, PublicPage, Reported, TimelineLine, TodoRow


class _In(BaseModel):
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
    photos: Photos = []

    def given(self) -> dict[str, Any]:
        """Return what was given, by the names that the use case takes."""
        told = {name: getattr(self, name) for name in self.model_fields_set}
        return told | ({"photos": photos_of(self.photos)} if self.photos else {})


@picked(Reported)
class ReportOut(Schema):
    """What the reporter is told. ``follow_token`` is shown once, or to whoever sent it along."""


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
    party_token: str | None = Field(None, max_length=120, description="the supervising resident's secret link")
    photos: Photos = []


@picked(Advanced)
class AdvanceOut(Schema):
    """Where the matter stands now."""


@picked(TimelineLine, "sentence", "who", "happened_at")
class LineOut(Schema):
    """One public line of the timeline."""


@picked(
    PublicPage,
    "number", "display_number", "title", "area_name", "is_open", "step_title", "public_words", "outcome_title",
    "created_at", "updated_at", "closed_at", "follower_count", "timeline", "duplicate_of",
)  # fmt: skip
class PublicOut(Schema):
    """What anybody may see of a matter."""

    timeline: list[LineOut]


@picked(
    TodoRow,
    "matter_id", "display_number", "title", "area_name", "action", "action_title", "acts", "step_title", "must",
    "role_title", "due_at", "card",
)  # fmt: skip
class TodoOut(Schema):
    """One act that waits for the caller."""


class TodoPage(Schema):
    """One page; ``next`` is the cursor of the following one."""

    rows: list[TodoOut]
    next: str | None


@picked(
    LedgerRow,
    "id", "number", "display_number", "title", "area_code", "area_name", "step", "step_title", "is_open", "outcome",
    "outcome_title", "channel", "category", "urgency", "due_at", "card", "happened_at", "created_at", "closed_at",
)  # fmt: skip
class LedgerOut(Schema):
    """One line of the ledger."""


class LedgerPage(Schema):
    """One page. ``capped``: a search or filter met its limit of effort; ``next``, where there is one, goes on there."""

    rows: list[LedgerOut]
    next: str | None
    capped: bool
