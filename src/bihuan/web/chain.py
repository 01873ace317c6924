"""Where a matter was deliberated, as pages show it: each time with the way to the meeting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from bihuan.meetings.api import Deliberated

_BADGES = {"carried": "settled", "rejected": "closed"}


def shown(rows: Iterable[Deliberated]) -> list[dict[str, Any]]:
    """Return each deliberation with its address: the desk's page for who may open it, else the published one."""
    return [{"row": row, "url": _url(row), "badge": _BADGES.get(row.state, "open")} for row in rows]


def _url(row: Deliberated) -> str:
    if row.inside:
        return reverse("desk:meeting", args=[row.meeting_id]) + f"#item-{row.item_id}"
    if row.published:
        return reverse("portal:meeting", args=[row.meeting_id]) + f"#item-{row.order}"
    return ""
