"""How tests read what was pasted, on a Wednesday."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bihuan.fieldwork.paste import Draft, Pasted, parse

NOW = datetime(2024, 3, 6, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday


def read(text: str) -> Pasted:
    """Return what is read of a text."""
    return parse(text, now=NOW)


def only(text: str) -> Draft:
    """Return the one draft of a text."""
    drafts = read(text).drafts
    assert len(drafts) == 1, drafts
    return drafts[0]
