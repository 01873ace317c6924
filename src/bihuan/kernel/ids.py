"""Identifiers: UUIDv7 (RFC 9562), so that they sort by time and a phone without signal can make them."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from .errors import BadInput, Problem

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_V7 = _VERSION | _VARIANT
_MARKS = 0xF << 76 | 0b11 << 62


def new_id(at: datetime | None = None) -> UUID:
    """Make a UUIDv7 of now, or of ``at`` (an aware datetime; in replays, so that ids keep the story's order).

    The 12 bits after the millisecond hold its fraction, so ids of one process sort in the order they were made.
    """
    microseconds = time.time_ns() // 1000 if at is None else round(at.timestamp() * 1_000_000)
    millis, rest = divmod(microseconds, 1000)
    fraction = (rest << 12) // 1000
    tail = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    return UUID(int=(millis & ((1 << 48) - 1)) << 80 | _VERSION | fraction << 64 | _VARIANT | tail)


def parse_id(text: str | UUID, *, field: str = "id") -> UUID:
    """Read an identifier made by a client.

    Raises:
        BadInput: unless it is a UUID of version 7.
    """
    try:
        value = text if isinstance(text, UUID) else UUID(str(text).strip())
    except ValueError:
        value = None
    if value is None or value.int & _MARKS != _V7:
        raise BadInput(
            Problem(field, _("编号不是有效的 UUIDv7。"), _("请刷新页面重试；接口调用方请用 UUIDv7 生成编号。"))
        )
    return value


def id_from(form: UUID, *content: str) -> UUID:
    """Return a UUIDv7 with the form's own instant whose other bits follow from the content.

    So what is sent twice is one thing, and who knows the form's id alone cannot name what came of it.
    """
    digest = int.from_bytes(hashlib.sha256(form.bytes + "\x00".join(content).encode()).digest()[:10], "big")
    head = form.int >> 80 << 80 | 0x7 << 76
    return UUID(int=head | (digest >> 68 & 0xFFF) << 64 | 0b10 << 62 | digest & ((1 << 62) - 1))


def time_of(value: UUID) -> float:
    """Return the Unix time in seconds at which a UUIDv7 says it was made (a claim, not a proof)."""
    return (value.int >> 80) / 1000
