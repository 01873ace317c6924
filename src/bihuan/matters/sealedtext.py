"""Free text and personal values on their way into the record: sealed beside the chain, a mark in their place.

The entry holds ``MARK`` where a text was given. The engine's state is no part of the chain: it keeps short texts (its
conditions read them) until they are erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bihuan.kernel.api import SealedValue, plain, seal
from bihuan.matters.methodinfo import MethodInfo

MARK = "*"
TELL = "告知办理进展、回访"
WORDS = "弄清情况以便办理"
POINT = "@point"  # no field of a method can be called so


def seal_data(info: MethodInfo, data: Mapping[str, Any]) -> tuple[dict[str, Any], list[SealedValue]]:
    """Split what was given into what the entry may hold (canonical JSON) and what is sealed beside it."""
    open_: dict[str, Any] = {}
    sealed: list[SealedValue] = []
    for key, value in data.items():
        beside, personal, purpose = info.sealing(key)
        if not beside or value is None or value == "":
            open_[key] = plain(value)
            continue
        sealed.append(
            seal(
                key,
                value if isinstance(value, str) else str(plain(value)),
                purpose=purpose,
                encrypted=personal,
                keep_until=None,
            )
        )
        open_[key] = MARK
    return open_, sealed


def seal_point(lon: float | None, lat: float | None) -> list[SealedValue]:
    """Seal where it was, to a metre: that may be somebody's home."""
    if lon is None or lat is None:
        return []
    return [seal(POINT, f"{lon:.6f},{lat:.6f}", purpose=WORDS, encrypted=False, keep_until=None)]


def seal_contact(phone: str, name: str) -> list[SealedValue]:
    """Seal what a reporter left to be reached by."""
    sealed = []
    if phone:
        sealed.append(seal("phone", phone, purpose=TELL, encrypted=True, keep_until=None, lookup=True, mask="phone"))
    if name:
        sealed.append(seal("reporter_name", name, purpose=TELL, encrypted=True, keep_until=None, mask="name"))
    return sealed
