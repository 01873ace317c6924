r"""Canonical JSON: one value, one sequence of bytes. What is hashed is written this way.

The rule, for whoever checks the record with other tools:

1. UTF-8, no blanks, no byte-order mark; non-ASCII characters stand as themselves.
2. Object keys are strings, sorted by code point, each once.
3. Values are strings, integers from -2**63 to 2**64-1, ``true``, ``false``, ``null``, arrays and objects.
   **No floating-point numbers**: their text differs between languages. A measure that has decimals is a string.
4. Strings escape only ``"``, the backslash and the characters below U+0020 (the short form where JSON
   has one: ``\b \t \n \f \r``; otherwise ``\u00xx``). They are not normalised.
5. Instants are strings, RFC 3339 in UTC with ``Z``: ``2024-04-01T08:30:00Z``, with six decimals only where
   the microseconds are not zero. Identifiers are UUIDs in lower case with hyphens. Bytes are lower-case hex.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_LEAVES = frozenset({str, int, bool, type(None)})


class NotCanonical(ValueError):
    """The value has no canonical form: a float, a key that is not text, an object of another kind."""


def canonical(value: object) -> bytes:
    """Return the canonical JSON of ``value``.

    Raises:
        NotCanonical: naming the path, e.g. ``$.data.area: float``. Pass the value through ``plain()`` first
            where it comes from forms or models.
    """
    _check(value, "$")
    try:
        return orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError as error:
        raise NotCanonical(str(error)) from error


def _check(value: object, path: str) -> None:
    kind = type(value)
    if kind in _LEAVES:
        return
    if kind is dict:
        for key, item in value.items():  # type: ignore[attr-defined]
            if type(key) is not str:
                raise NotCanonical(f"{path}: key {key!r} is not text")
            if type(item) not in _LEAVES:
                _check(item, f"{path}.{key}")
    elif kind is list or kind is tuple:
        for index, item in enumerate(value):  # type: ignore[arg-type]
            if type(item) not in _LEAVES:
                _check(item, f"{path}[{index}]")
    elif not isinstance(value, (str, int)):  # subclasses (choices, enums) are written by their value
        raise NotCanonical(f"{path}: {kind.__name__}")


def plain(value: object) -> Any:
    """Turn dates, UUIDs, decimals, floats, sets and lazy texts into what canonical JSON can hold.

    Floats and decimals become strings in their shortest exact form (``"2.5"``); sets become sorted arrays.

    Raises:
        NotCanonical: for anything else.
    """
    if isinstance(value, (bool, type(None))):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=canonical)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: object) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (float, Decimal)):
        return repr(value) if isinstance(value, float) else format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if hasattr(value, "__proxy____cast") or type(value).__name__ == "__proxy__":  # a lazy translation
        return str(value)
    raise NotCanonical(f"{type(value).__name__} has no canonical form")


@lru_cache(maxsize=2048)
def instant(moment: datetime) -> str:
    """Write an aware datetime as the record does: RFC 3339, UTC, ``Z``. Remembered: a batch shares most of its own."""
    if moment.tzinfo is None:
        raise NotCanonical("an instant needs an offset")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
