"""Where the lines of registers come from: one source for each kind of subject, all of one shape."""

from __future__ import annotations

from bihuan.reporting.registers.sources.base import Known, Line, Lines, Source
from bihuan.reporting.registers.sources.duties import CALLS, HANDOVERS, SERVICES
from bihuan.reporting.registers.sources.held import ACTIVITIES, MEETINGS
from bihuan.reporting.registers.sources.matters import MATTERS, MEASURES
from bihuan.reporting.registers.sources.notices import NOTICES
from bihuan.reporting.registers.sources.visits import VISITS

SOURCES: dict[str, Source] = {
    "matter": MATTERS,
    "measure": MEASURES,
    "visit": VISITS,
    "meeting": MEETINGS,
    "activity": ACTIVITIES,
    "notice": NOTICES,
    "call": CALLS,
    "handover": HANDOVERS,
    "service": SERVICES,
}

__all__ = ["SOURCES", "Known", "Line", "Lines", "Source"]
