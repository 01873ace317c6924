"""When a reporter's words are erased, the copy of the title that agendas keep goes with them."""

from __future__ import annotations

from uuid import UUID

from bihuan.kernel.api import register_erasure
from bihuan.matters.models import Matter
from bihuan.meetings.models import AgendaItem


def register() -> None:
    """Hand the wiping to the kernel; called once at start, after the matters package has done the same."""
    register_erasure("matter", wipe)


def wipe(subject_id: UUID, names: frozenset[str]) -> None:
    """Give a matter's agenda items the title that the matter has after the erasing."""
    if names & {"title", "text"}:
        title = Matter.objects.filter(pk=subject_id).values_list("title", flat=True).first()
        AgendaItem.objects.filter(matter_id=subject_id).update(title=title or "")
