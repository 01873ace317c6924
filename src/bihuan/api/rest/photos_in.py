"""Photos as they come in a body: their bytes in base64, or the id of one sent ahead."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from bihuan.matters.api import Photo


class PhotoIn(BaseModel):
    """A photo: its bytes in ``data``, or the id of one sent ahead (``PUT /field/files/{id}``)."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    tag: Literal["scene", "before", "after", "paper"] = "scene"
    data: Base64Bytes | None = Field(None, description="JPEG, PNG, WebP or HEIC, in base64")
    file_id: UUID | None = Field(None, description="UUIDv7 made by the client")


Photos = Annotated[list[PhotoIn], Field(max_length=12)]


def photos_of(given: Sequence[PhotoIn]) -> list[Photo]:
    """Return photos as the use cases take them."""
    return [Photo(io.BytesIO(one.data) if one.data else None, one.tag, one.file_id) for one in given]
