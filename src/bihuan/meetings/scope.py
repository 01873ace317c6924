"""How meetings lie in areas and whose they are, for the permission rule: who is on the list sees the meeting."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from bihuan.meetings.models import Attendance, Meeting
from bihuan.people.api import MEETING_READ, register_scope


def party_ids(meeting: Meeting) -> frozenset[UUID]:
    """Return who is due at, sits in on, or stands in for somebody at a meeting."""
    pairs = meeting.attendances.values_list("person_id", "deputy_id")
    return frozenset(person for pair in pairs for person in pair if person is not None)


def party_q(person_id: UUID) -> Q:
    """Return the condition "on the list of the meeting"."""
    mine = Attendance.objects.filter(Q(person_id=person_id) | Q(deputy_id=person_id))
    return Q(pk__in=mine.values("meeting_id"))


def register() -> None:
    """Tell the permission rule; called once at start."""
    register_scope(Meeting, read=MEETING_READ, area_field="area_code", party_q=party_q, party_ids=party_ids)
