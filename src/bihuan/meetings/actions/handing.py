"""Handing out personal vote links: by whom, when and for whom they were printed. Never the secrets themselves."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem
from bihuan.meetings import guards, tokens
from bihuan.meetings.guards import must
from bihuan.meetings.models import Attendance, Meeting
from bihuan.meetings.store import load
from bihuan.people.api import Actor


@transaction.atomic
def hand_out_links(*, actor: Actor, entry_id: UUID, meeting_id: UUID) -> tuple[Attendance, ...]:
    """Record that the personal vote links were taken out to be printed; returns the mandates they are for.

    The entry names the mandates, and the deputies who hold them now; a link is a person's vote, so it tells who had
    all of them in hand.

    Raises:
        Refused: the actor does not run the meeting, or it has ended.
        BadInput: nobody is due.
    """
    work = load(actor=actor, entry_id=entry_id, meeting_id=meeting_id)
    must(
        guards.may_run(actor, work.meeting, work.ref),
        guards.state_is(work.meeting, Meeting.State.CALLED, Meeting.State.OPEN),
    )
    rows = tuple(row for row in work.meeting.attendances.all() if tokens.token_of(row))
    if not rows:
        raise BadInput(Problem("attendance", _("没有应到会的人。"), _("先列出应到会的人。")))
    if not work.resent:
        given = [[row.pk, str(row.person_id), str(row.deputy_id or "")] for row in rows]
        work.record("meeting.links_printed", {"for": given})
    return rows
