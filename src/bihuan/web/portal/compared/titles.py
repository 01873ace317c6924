"""A matter's title against the record: as it was given, or made of the text of the report."""

from __future__ import annotations

import re

from bihuan.matters.api import GONE, first_words
from bihuan.web.portal.compared.told import Told


def same_title(shown: str, told: Told) -> bool:
    """Say whether a title is the one given with the report, or made of its text; or either is erased."""
    first = told.entries[0].pk if told.entries else None
    title, text = (told.text(first, name) if first else None for name in ("title", "text"))
    if shown == GONE:
        return any(one.erased_at is not None and one.name in {"title", "text"} for one in told.sealed)
    if title is None and text is None:
        return True
    if title is not None:
        return shown == title
    return shown == first_words(text or "") or ("*" in shown and _masked(shown, text or ""))


def _masked(shown: str, text: str) -> bool:
    """Say whether a title is the beginning of a text but for what is masked in it."""
    parts = [part for part in re.split(r"\*+", shown.removesuffix("…")) if part]
    return re.match(".*".join(map(re.escape, parts)), text, re.DOTALL) is not None
