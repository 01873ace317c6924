"""What an item of a phone's queue holds, by kind. Shape only: the rules are the use cases'."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Files = Annotated[list[UUID], Field(max_length=20)]
Short = Annotated[str, Field(max_length=300)]
Text = Annotated[str, Field(max_length=20_000)]
Key = Annotated[str, Field(max_length=60)]


class Data(BaseModel):
    """What one item holds."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    photos: Files = []

    def needs(self) -> set[UUID]:
        """Return the records that must be in before this one can be."""
        return set()

    def files(self) -> dict[UUID, str]:
        """Return the files it names, with the kind that each should be."""
        return dict.fromkeys(self.photos, "photo")


class VisitData(Data):
    """A visit: to a target of a round, to a paired household, or of one's own accord."""

    area_code: Annotated[str, Field(max_length=21)]
    happened_at: AwareDatetime
    place_id: UUID | None = None
    round: Key = ""
    method_key: Key | None = None
    level: Annotated[int, Field(ge=1, le=9)] | None = None
    pairing_id: UUID | None = None
    help_kind: Key = ""
    arrived_at: AwareDatetime | None = None
    result: Literal["nothing", "found", "nobody"] = "nothing"
    checklist: Annotated[dict[Key, Key], Field(max_length=60)] = {}
    title: Short = ""
    text: Text = ""
    together: Annotated[list[dict[Key, Short]], Field(max_length=30)] = []
    sounds: Files = []

    def files(self) -> dict[UUID, str]:
        """Return the files it names, with the kind that each should be."""
        return super().files() | dict.fromkeys(self.sounds, "sound")


class HelpData(VisitData):
    """Help given to a paired household."""

    pairing_id: UUID
    help_kind: Key


class FindingData(Data):
    """What a visit found: a matter of its own, or a note on the open one that it joins."""

    visit_id: UUID
    text: Text
    item: Key = ""
    title: Short = ""
    category: Key = ""
    urgency: Key = ""
    method_key: Key | None = None
    join: UUID | None = None
    expected_version: Annotated[int, Field(ge=1, le=2**31)] | None = None

    def needs(self) -> set[UUID]:
        """Return its visit, and the matter that it joins."""
        return {self.visit_id} | ({self.join} if self.join else set())


class RecordData(Data):
    """A problem recorded for somebody else."""

    area_code: Annotated[str, Field(max_length=21)]
    text: Text
    title: Short = ""
    channel: Annotated[str, Field(max_length=12)] = "visit"
    category: Key = ""
    urgency: Key = ""
    people_affected: int | None = None
    phone: Annotated[str, Field(max_length=40)] = ""
    reporter_name: Annotated[str, Field(max_length=80)] = ""
    happened_at: AwareDatetime | None = None
    method_key: Key | None = None
    parent_id: UUID | None = None
    extra: dict[str, Any] = {}

    def needs(self) -> set[UUID]:
        """Return the matter that it is a part of."""
        return {self.parent_id} if self.parent_id else set()


class AdvanceData(Data):
    """One of the method's actions on a matter."""

    matter_id: UUID
    action: Key
    data: dict[str, Any] = {}
    expected_version: Annotated[int, Field(ge=1, le=2**31)] | None = None
    happened_at: AwareDatetime | None = None

    def needs(self) -> set[UUID]:
        """Return the matter."""
        return {self.matter_id}


KINDS: dict[str, type[Data]] = {
    "visit": VisitData,
    "help": HelpData,
    "finding": FindingData,
    "record": RecordData,
    "advance": AdvanceData,
}
