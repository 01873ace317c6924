"""What calls take: bodies that know no other names, words without a null, and files that are a body as they are."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bihuan.api.rest.schemas import ProblemDocument

WRITE: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), ProblemDocument)
READ: dict[Any, Any] = dict.fromkeys((401, 403, 404, 409, 422, 429), ProblemDocument)


def plain(text: str) -> str:
    """Return a text without null characters: no database keeps them, and nobody types them."""
    return text.replace("\x00", "")


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {_plain(name): _plain(one) for name, one in value.items()} if isinstance(value, dict) else value


class In(BaseModel):
    """A body: a name that it does not know is refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:
        return _plain(value)


# Words in an address, without a null.
FileName = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(plain)]
Typed = Annotated[str, Field(max_length=60), AfterValidator(plain)]
Cursor = Annotated[str | None, Field(max_length=200), AfterValidator(lambda text: plain(text) if text else None)]
Code = Annotated[str, Field(max_length=21, pattern=r"^[0-9]*$")]
AreaCode = Annotated[str, Field(min_length=4, max_length=21, pattern=r"^[0-9]*$")]
Month = Annotated[int, Field(ge=190001, le=999912, description="year and month: 202404")]
Reason = Annotated[str, Field(max_length=500)]


class ReasonIn(In):
    """Why; it stands in the record, so without names."""

    reason: Reason


# A body that is a file: how the description says so.
FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
