"""A public matter against the record: its own entries, and those of the meetings that deliberated it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from bihuan.matters.api import check_matter
from bihuan.matters.models import Matter
from bihuan.meetings.models import Meeting
from bihuan.web.portal.compared import meetings
from bihuan.web.portal.compared.titles import same_title
from bihuan.web.portal.compared.told import Told, body_of, differ, photos, places


def differences(row: Matter, told: Told) -> Iterator[str]:
    """Yield what its page shows otherwise than the record says."""
    if not same_title(row.title, told):
        yield _("标题与记录不符。")
    yield from places(row.area_code, told)
    yield from _instants(row, told)
    yield from _states(row, told)
    yield from photos("matter", row.pk, told)
    held = Meeting.objects.filter(items__matter_id=row.pk, state=Meeting.State.PUBLISHED).distinct()
    for meeting in held:
        yield from meetings.of_matter(meeting, row.pk)


def _instants(row: Matter, told: Told) -> Iterator[str]:
    """When it came in and when it ended: at instants at which something was recorded, or that an old ledger gave."""
    known = {at for entry in told.entries for at in (entry.happened_at, entry.recorded_at)}
    known |= set(_earlier(told))
    if row.created_at not in known:
        yield differ(_("反映的时间"))
    if (row.closed_at is not None and row.closed_at not in known) or (row.closed_at is None) != row.is_open:
        yield differ(_("办结的时间"))


def _earlier(told: Told) -> Iterator[datetime]:
    for value in (body_of(told.entries[0]).get("earlier") or {}).values():
        try:
            yield datetime.fromisoformat(value)
        except (TypeError, ValueError):
            continue


def _states(row: Matter, told: Told) -> Iterator[str]:
    erased = any(one.erased_at is not None for one in told.sealed)
    words = {
        "step": _("办到哪一步"), "is_open": _("是否办结"), "outcome": _("办理结果"), "due_at": _("办理期限"),
        "card": _("督办牌"),
    }  # fmt: skip
    try:
        found = list(check_matter(row))
    except (ValueError, LookupError, TypeError, AttributeError):  # an entry's body is no longer one
        yield differ(_("办理情况"))
        return
    for one in found:
        if one.what == "state" and erased:
            continue  # a condition may have read what is erased; the chain itself is checked all the same
        yield differ(words.get(one.where.rpartition(".")[2], _("办理情况")))
