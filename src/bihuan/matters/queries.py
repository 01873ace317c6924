"""Reads of matters."""

from __future__ import annotations

from typing import Any


def _soon(*_: Any, **__: Any) -> Any:
    raise NotImplementedError


by_follow_token = display_number = duplicates = ledger = map_counts = matter_page = _soon
public_page = search = todo = todo_count = waiting_for = _soon
