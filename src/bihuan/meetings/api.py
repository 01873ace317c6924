"""What other packages may use of meetings.

Use cases (keyword-only, ``actor`` first, ``entry_id`` a client-made UUIDv7; sent twice they act once):

- ``call_meeting(area_code, body, starts_at, place="", method_key=None, chair_id=None, minutes_id=None,
  reason="", matter_ids=None) -> Meeting`` (its id is the ``entry_id``), ``cancel_meeting(meeting_id, reason)``
- ``add_item(meeting_id, matter_id | title)``, ``reorder_items(meeting_id, order)``,
  ``invite(meeting_id, person_id | name, role)``
- ``record_attendance(meeting_id, marks=[Mark(attendance_id, presence, reason, deputy_id, deputy_name)])``,
  ``sign_in(meeting_id, token="")``, ``open_meeting(meeting_id)``
- ``record_opinion(item_id, text, attendance_id | name)``
- ``open_ballot(item_id, kind)``, ``cast(item_id, choice, token="", mandate_of=None)``,
  ``enter_votes(item_id, channel, choices={person: choice})``,
  ``enter_secret_paper(item_id, voters, counts)``, ``close_ballot(item_id)``
- ``resolve(item_id, text, parties={role: [person]}, due_on=None)``, ``refer(item_id, reason)``,
  ``defer(item_id, reason)``, ``note(item_id)``
- ``hand_out_links(meeting_id)``: records that the personal vote links were taken out
- ``correct(meeting_id, what, words, why, target="")``: of an ended meeting's record; both wordings stay
- ``end_meeting(meeting_id)``, ``publish(meeting_id)``, ``object_to(meeting_id, text, …)``,
  ``answer_objection(objection_id, answer)``

``happened_at`` is when it happened, for what was on paper first: not in the future, not before what the act follows
from (the call, the opening, the count). The entry keeps it beside the instant of typing. Errors: ``BadInput``,
``Refused``, ``Conflict``, ``NotFound``, Http404.

Reads: ``meetings``, ``ahead``, ``meeting_page``, ``timeline(page)``, ``minutes``, ``quarter_count``, ``unscheduled``,
``deliberations(actor, matter_id)``, ``results(actor, meeting_id)`` (what may be told of an ended meeting);
without an account ``published(meeting_id)``,
``published_deliberations(matter_id)`` and ``vote_page(token)``.
``ballot_link_token(attendance)`` is the secret of a personal link.
"""

from __future__ import annotations

from bihuan.meetings.actions import (
    Mark,
    add_item,
    answer_objection,
    call_meeting,
    cancel_meeting,
    cast,
    close_ballot,
    correct,
    defer,
    end_meeting,
    enter_secret_paper,
    enter_votes,
    hand_out_links,
    invite,
    note,
    object_to,
    open_ballot,
    open_meeting,
    publish,
    record_attendance,
    record_opinion,
    refer,
    reorder_items,
    resolve,
    sign_in,
)
from bihuan.meetings.actions.agenda import item_id_of
from bihuan.meetings.bodies import BodyRef
from bihuan.meetings.bodies import find as find_body
from bihuan.meetings.bodies import in_area as bodies_in
from bihuan.meetings.chain import Deliberated, deliberations, published_deliberations
from bihuan.meetings.public import published, results, vote_page
from bihuan.meetings.queries import (
    ahead,
    meeting_page,
    meetings,
    minutes,
    next_session,
    quarter_count,
    unscheduled,
)
from bihuan.meetings.shapes import (
    Ahead,
    CorrectionLine,
    CountView,
    ItemView,
    MeetingPage,
    MeetingRow,
    Minutes,
    Published,
    PublishedItem,
    Results,
    VotePage,
)
from bihuan.meetings.store import must_be_on_agenda, see
from bihuan.meetings.timeline import lines_of as timeline
from bihuan.meetings.tokens import token_of as ballot_link_token
from bihuan.meetings.words import shown_title

__all__ = [
    "Ahead",
    "BodyRef",
    "CorrectionLine",
    "CountView",
    "Deliberated",
    "ItemView",
    "Mark",
    "MeetingPage",
    "MeetingRow",
    "Minutes",
    "Published",
    "PublishedItem",
    "Results",
    "VotePage",
    "add_item",
    "ahead",
    "answer_objection",
    "ballot_link_token",
    "bodies_in",
    "call_meeting",
    "cancel_meeting",
    "cast",
    "close_ballot",
    "correct",
    "defer",
    "deliberations",
    "end_meeting",
    "enter_secret_paper",
    "enter_votes",
    "find_body",
    "hand_out_links",
    "item_id_of",
    "invite",
    "meeting_page",
    "meetings",
    "minutes",
    "must_be_on_agenda",
    "next_session",
    "note",
    "object_to",
    "open_ballot",
    "open_meeting",
    "publish",
    "published",
    "published_deliberations",
    "quarter_count",
    "record_attendance",
    "record_opinion",
    "refer",
    "reorder_items",
    "resolve",
    "results",
    "see",
    "sign_in",
    "timeline",
    "unscheduled",
    "vote_page",
    "shown_title",
]
