"""Use cases of matters. Each is one transaction."""

from __future__ import annotations

from typing import Any


def _soon(*_: Any, **__: Any) -> Any:
    raise NotImplementedError


advance = follow = index_pending = may_follow_link = merge = migrate_matters = _soon
record = report = report_batch = reveal_contact = tick_due = unfollow = _soon
