"""Cursors of lists that page by key: opaque, short, and refused with a clear error when they are bent."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem

_Row = TypeVar("_Row", bound=Model)


def older(rows: QuerySet[_Row], at: datetime, key: UUID | int, by: str = "created_at") -> QuerySet[_Row]:
    """Return those of rows that stand after a place in the order of ``-by, -pk``; one range of an index."""
    return rows.filter(Q(**{f"{by}__lt": at}) | Q(pk__lt=key), **{f"{by}__lte": at})


def pack(at: datetime, key: UUID | int) -> str:
    """Return the cursor that stands after the row with these sort values."""
    micros = round(at.timestamp() * 1_000_000)
    tail = key.hex if isinstance(key, UUID) else str(key)
    return base64.urlsafe_b64encode(f"{micros}.{tail}".encode()).decode().rstrip("=")


def _open(cursor: str) -> tuple[datetime, str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        micros, _dot, tail = text.partition(".")
        seconds, rest = divmod(int(micros), 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), tail
    except (ValueError, binascii.Error, OverflowError, OSError) as error:
        raise BadInput(Problem("cursor", _("翻页标记无效。"), _("请回到第一页重新翻。"))) from error


def unpack_uuid(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Read a cursor whose key is a UUID.

    Raises:
        BadInput: where it is not one of ours.
    """
    if not cursor:
        return None
    at, tail = _open(cursor)
    try:
        return at, UUID(hex=tail)
    except ValueError as error:
        raise BadInput(Problem("cursor", _("翻页标记无效。"), _("请回到第一页重新翻。"))) from error


def unpack_int(cursor: str | None) -> tuple[datetime, int] | None:
    """Read a cursor whose key is a number.

    Raises:
        BadInput: where it is not one of ours.
    """
    if not cursor:
        return None
    at, tail = _open(cursor)
    if not (tail.isascii() and tail.isdigit() and len(tail) < 19):
        raise BadInput(Problem("cursor", _("翻页标记无效。"), _("请回到第一页重新翻。")))
    return at, int(tail)
