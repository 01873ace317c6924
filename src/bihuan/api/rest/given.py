"""What acts take, as types: ids made by the client, words, keys, instants. Shape only: the rules are the use cases'."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from bihuan.api.rest.inputs import In
from bihuan.kernel.api import BadInput, already, parse_id, visible

_EARLIEST, _LATEST = 1949, 2199  # beyond them lies a slip of the pen, and soon after that no calendar


def _made_by_the_client(value: UUID) -> UUID:
    try:
        return parse_id(value)
    except BadInput as error:
        raise PydanticCustomError("uuid_version", "no UUIDv7") from error


def _in_our_times(value: datetime) -> datetime:
    if not _EARLIEST <= value.year <= _LATEST:
        raise PydanticCustomError("datetime_object_invalid", "far from our times")
    return value


def _day_in_our_times(value: date) -> date:
    if not _EARLIEST <= value.year <= _LATEST:
        raise PydanticCustomError("datetime_object_invalid", "far from our times")
    return value


EntryId = Annotated[
    UUID,
    AfterValidator(_made_by_the_client),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
            "description": "UUIDv7 made by the client: the same again is the same act",
        }
    ),
]
Moment = Annotated[AwareDatetime, AfterValidator(_in_our_times)]
Day = Annotated[date, AfterValidator(_day_in_our_times)]
Words = Annotated[str, Field(max_length=300), AfterValidator(visible)]
Text = Annotated[str, Field(max_length=5000), AfterValidator(visible)]
Name = Annotated[str, Field(max_length=80), AfterValidator(visible)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(visible)]
# Words of a method: of its bodies, kinds, roles, items.
Key = Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z0-9_.-]*$")]
Secret = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_.:=-]*$", description="of one's own link")]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Many = Annotated[int, Field(ge=0, le=100_000)]
Files = Annotated[list[UUID], Field(max_length=20, description="ids of files sent ahead")]


class Act(In):
    """An act that needs nothing but its id."""

    entry_id: EntryId

    def given(self, *without: str) -> dict[str, Any]:
        """Return what was given, by the names that the use case takes."""
        return {name: getattr(self, name) for name in type(self).model_fields if name not in without}


class PastAct(Act):
    """An act that may have been on paper first."""

    happened_at: Moment | None = Field(None, description="when it was, where it is typed later")


class ReasonAct(Act):
    """An act that says why."""

    reason: Words


def made_status(entry_id: UUID) -> int:
    """Return the status of making something under an id: 201, or 200 where the record has it already. One statement."""
    return 200 if already(entry_id) is not None else 201
