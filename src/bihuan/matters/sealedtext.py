"""Free text and personal values on their way into the record: sealed beside the chain, a mark in their place.

The engine decides on what was really given; what it keeps (the state) and what the entry holds carry ``MARK``
instead, so that erasing a text leaves nothing of it in the chain or in the state.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from bihuan.kernel.api import SealedValue, plain, seal
from bihuan.matters.methodinfo import MethodInfo
from bihuan.methods.engine.types import State

MARK = "*"
TELL = "告知办理进展、回访"


def seal_data(info: MethodInfo, data: Mapping[str, Any]) -> tuple[dict[str, Any], list[SealedValue]]:
    """Split what was given into what the entry may hold (canonical JSON) and what is sealed beside it."""
    open_: dict[str, Any] = {}
    sealed: list[SealedValue] = []
    for key, value in data.items():
        if value in (None, "") or not info.sealed(key):
            open_[key] = plain(value)
            continue
        personal = info.personal(key)
        sealed.append(
            seal(
                key,
                value if isinstance(value, str) else str(plain(value)),
                purpose=info.purpose(key),
                encrypted=personal,
                keep_until=None,
            )
        )
        open_[key] = MARK
    return open_, sealed


def seal_contact(phone: str, name: str) -> list[SealedValue]:
    """Seal what a reporter left to be reached by."""
    sealed = []
    if phone:
        sealed.append(seal("phone", phone, purpose=TELL, encrypted=True, keep_until=None, lookup=True, mask="phone"))
    if name:
        sealed.append(seal("reporter_name", name, purpose=TELL, encrypted=True, keep_until=None, mask="name"))
    return sealed


def masked_state(info: MethodInfo, state: State) -> State:
    """Return the state with marks in the place of sealed values, as it is kept (the engine hides long texts itself)."""
    fields = {
        key: MARK if value not in (None, "") and info.sealed(key) else value for key, value in state.fields.items()
    }
    return dataclasses.replace(state, fields=fields)
