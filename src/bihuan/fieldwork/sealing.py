"""What people wrote on a visit: sealed beside the chain under its term, a mark in its place."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import orjson
from django.utils.translation import gettext_noop

from bihuan.fieldwork.plans import keep_days
from bihuan.fieldwork.shapes import NewVisit
from bihuan.kernel.api import SealedValue, clock, seal
from bihuan.methods.api import get_method

MARK = "*"
PURPOSE = gettext_noop("走访巡查记录")
PURPOSE_NAMES = gettext_noop("记下同去的人")


def keep_until(version_id: UUID, happened_at: datetime) -> date:
    """Return the last day on which what was written on a visit is kept: the method's term after it."""
    return happened_at.astimezone(clock.ZONE).date() + timedelta(days=keep_days(get_method(version_id)))


def seal_visit(new: NewVisit, keep_until: date) -> list[SealedValue]:
    """Seal title, text and typed names of a visit."""
    sealed = seal_words({"title": new.title, "text": new.text}, keep_until)
    names = [one["name"] for one in new.together]
    if any(names):
        sealed.append(seal_names(names, keep_until))
    return sealed


def seal_words(words: dict[str, str], keep_until: date) -> list[SealedValue]:
    """Seal what was written, where anything was."""
    return [
        seal(name, text, purpose=PURPOSE, encrypted=False, keep_until=keep_until)
        for name, text in words.items()
        if text
    ]


def seal_names(names: list[str], keep_until: date) -> SealedValue:
    """Seal the names of who went along, in their order."""
    text = orjson.dumps(names).decode()
    return seal("together", text, purpose=PURPOSE_NAMES, encrypted=False, keep_until=keep_until)
