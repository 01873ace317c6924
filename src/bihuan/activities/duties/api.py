"""What other packages may use of rosters, duties and hours.

Use cases (keyword-only; ids are client-made UUIDv7; sent twice they act once):

- ``make_roster(actor, team_id, since, until, text) -> Proposal``: by turns, nothing is written;
  ``publish_roster(actor, entry_id, team_id, since, until, text, digest="") -> Roster``
- ``swap(actor, entry_id, duty_id, other_id, reason)``, ``offer(actor, entry_id, duty_id, reason)``,
  ``stand_in(actor, entry_id, duty_id, member_id, reason="")``, ``take_back(actor, entry_id, roster_id, reason)``,
  ``set_away(actor, entry_id, member_id, days)``
- ``note_call(actor, entry_id, duty_id, text, unit="", name="", phone="", proposal="", result="", came_at=None)``,
  ``instruct(actor, entry_id, call_id, words)``, ``settle_call(actor, entry_id, call_id, result)``,
  ``call_to_matter(actor, id, call_id, area_code="", …) -> Reported``, ``reveal_call(actor, call_id, what, reason)``
- ``hand_over(actor, entry_id, duty_id, taker_id=None, undone="", minutes=None)``
- ``note_helpers(actor, entry_id, activity_id, members, minutes)``, ``publish_hours(actor, entry_id, team_id)``,
  ``object_to_hours(actor, entry_id, service_id, text)``,
  ``answer_objection(actor, entry_id, service_id, text, minutes)``

Reads: ``roster_page``, ``log_page``, ``calls``, ``hours_page``, ``my_duties``; of rows: ``call_lines``,
``hours_state``, ``hours_title``, ``progress_of``.
"""

from __future__ import annotations

from bihuan.activities.duties.calls import call_to_matter, instruct, note_call, reveal_call, settle_call
from bihuan.activities.duties.handing import hand_over
from bihuan.activities.duties.hours import answer_objection, note_helpers, object_to_hours, publish_hours
from bihuan.activities.duties.planning import Proposal, Seat, make_roster
from bihuan.activities.duties.queries import (
    call_lines,
    calls,
    helpers,
    hours_page,
    hours_state,
    hours_title,
    log_page,
    my_duties,
    progress_of,
    roster_page,
    state_title,
)
from bihuan.activities.duties.rosters import offer, publish_roster, set_away, stand_in, swap, take_back
from bihuan.activities.duties.shapes import (
    CallLine,
    DayLine,
    DutyLine,
    HoursLine,
    LogPage,
    MyDuty,
    RosterPage,
    ShiftLine,
)

__all__ = [
    "CallLine",
    "DayLine",
    "DutyLine",
    "HoursLine",
    "LogPage",
    "MyDuty",
    "Proposal",
    "RosterPage",
    "Seat",
    "ShiftLine",
    "answer_objection",
    "call_lines",
    "call_to_matter",
    "calls",
    "hand_over",
    "helpers",
    "hours_page",
    "hours_state",
    "hours_title",
    "instruct",
    "log_page",
    "make_roster",
    "my_duties",
    "note_call",
    "note_helpers",
    "object_to_hours",
    "offer",
    "progress_of",
    "publish_hours",
    "publish_roster",
    "reveal_call",
    "roster_page",
    "set_away",
    "settle_call",
    "stand_in",
    "state_title",
    "swap",
    "take_back",
]
