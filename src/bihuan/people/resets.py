"""Who reset a person's sign-in and when: shown to the person themself, so that nobody does it behind their back."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.kernel.api import clock
from bihuan.kernel.models import Entry
from bihuan.people import registry
from bihuan.people.queries import person_names

TOLD_FOR = datetime.timedelta(days=30)  # at every sign-in: who came first with the new password cannot take it away
MOST = 10


@dataclass(frozen=True)
class Reset:
    """One reset: when, by whom (a name), and whether the second factor went too."""

    at: datetime.datetime
    by: str
    second_factor: bool


def resets_of(person_id: UUID) -> list[Reset]:
    """Return the latest resets of a person's sign-in, the newest first, from the record. Two statements."""
    entries = list(
        Entry.objects.filter(subject_type="person", subject_id=person_id, verb=registry.SIGN_IN_MADE).order_by("-seq")[
            :MOST
        ]
    )
    named = person_names(entry.actor_id for entry in entries if entry.actor_id)
    found = [(entry, json.loads(entry.body)) for entry in entries]
    return [
        Reset(
            entry.recorded_at,
            named.get(entry.actor_id, "") if entry.actor_id else _("系统"),
            bool(body.get("second_factor_dropped")),
        )
        for entry, body in found
        if not body.get("made")
    ]


def reset_to_tell(person_id: UUID) -> Reset | None:
    """Return the reset that is told at sign-in: the latest, for 30 days."""
    latest = next(iter(resets_of(person_id)), None)
    return latest if latest is not None and clock.now() - latest.at < TOLD_FOR else None
