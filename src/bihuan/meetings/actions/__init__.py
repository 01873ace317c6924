"""Use cases of meetings: each one transaction, one entry on the meeting's chain, harmless when sent again."""

from __future__ import annotations

from bihuan.meetings.actions.agenda import add_item, reorder_items
from bihuan.meetings.actions.attendance import Mark, invite, record_attendance, sign_in
from bihuan.meetings.actions.ballots import close_ballot, open_ballot
from bihuan.meetings.actions.calling import call_meeting, cancel_meeting
from bihuan.meetings.actions.correcting import correct
from bihuan.meetings.actions.decide import defer, note, refer, resolve
from bihuan.meetings.actions.handing import hand_out_links
from bihuan.meetings.actions.hands_and_paper import enter_secret_paper, enter_votes
from bihuan.meetings.actions.objections import answer_objection, object_to
from bihuan.meetings.actions.phone_votes import cast
from bihuan.meetings.actions.session import end_meeting, open_meeting, publish, record_opinion

__all__ = [
    "Mark",
    "add_item",
    "answer_objection",
    "call_meeting",
    "cancel_meeting",
    "cast",
    "close_ballot",
    "correct",
    "defer",
    "end_meeting",
    "enter_secret_paper",
    "enter_votes",
    "hand_out_links",
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
