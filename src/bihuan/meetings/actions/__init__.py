"""Use cases of meetings: each one transaction, one entry on the meeting's chain, harmless when sent again."""

from __future__ import annotations

from bihuan.meetings.actions.ballots import (
    cast,
    close_ballot,
    enter_secret_paper,
    enter_votes,
    open_ballot,
)
from bihuan.meetings.actions.convene import add_item, call_meeting, cancel_meeting, invite, reorder_items
from bihuan.meetings.actions.decide import defer, note, refer, resolve
from bihuan.meetings.actions.session import (
    Mark,
    answer_objection,
    end_meeting,
    object_to,
    open_meeting,
    publish,
    record_attendance,
    record_opinion,
    sign_in,
)

__all__ = [
    "Mark",
    "add_item",
    "answer_objection",
    "call_meeting",
    "cancel_meeting",
    "cast",
    "close_ballot",
    "defer",
    "end_meeting",
    "enter_secret_paper",
    "enter_votes",
    "invite",
    "note",
    "object_to",
    "open_ballot",
    "open_meeting",
    "publish",
    "record_attendance",
    "record_opinion",
    "refer",
    "reorder_items",
    "resolve",
    "sign_in",
]
