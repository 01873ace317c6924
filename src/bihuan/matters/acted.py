"""Packages above that keep something of every act: told in its own transaction, so that theirs is never behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Acted:
    """An act on a matter that stands and is written."""

    matter_id: UUID
    version_id: UUID
    area_code: str
    action: str
    entry_id: UUID
    happened_at: datetime


Keeper = Callable[[Acted], None]
_keepers: list[Keeper] = []


def register_acts(fn: Keeper) -> None:
    """Have ``fn(acted)`` called after each act; it writes at most one row, and only where it is concerned."""
    if fn not in _keepers:
        _keepers.append(fn)


def tell_acted(acted: Acted) -> None:
    """Tell every package that has asked to be told."""
    for fn in _keepers:
        fn(acted)
