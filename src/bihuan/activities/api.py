"""What other packages may use of activities.

Use cases (keyword-only; ids are client-made UUIDv7; sent twice they act once):

- ``announce(actor, entry_id, area_code, kind, title, place, starts_at, ends_at, text="", festival="", capacity=None,
  sign_up_until=None, team_id=None, method_key=None) -> Activity`` (its id is the ``entry_id``)
- ``change(actor, entry_id, activity_id, title, place, starts_at, ends_at, …, reason="")``,
  ``call_off(actor, entry_id, activity_id, reason)``
- ``sign_up(actor, id, activity_id, name="", people=1) -> SignedUp(sign_up, token, created)``: anybody;
  ``sign_up_for(…)``: an organiser, for somebody; ``withdraw(actor, entry_id, token | sign_up_id)``
- ``hold(actor, entry_id, activity_id, came=None, uncounted=0, summary="", photos=())``: who came by ticking, the rest
  by headcount; once more to correct it
- ``found_team(actor, entry_id, area_code, kind, name, leader_id=None)``,
  ``join_team(actor, entry_id, team_id, name="", talent="", person_id=None)``,
  ``leave_team(actor, entry_id, member_id)``, ``hand_team(actor, entry_id, team_id, leader_id)``,
  ``end_team(actor, entry_id, team_id, reason="")``

Errors: ``BadInput``, ``Refused``, ``Conflict``, ``NotFound``, Http404, PermissionDenied.

Reads: ``activities``, ``activity_page``, ``announceable``, ``foundable``, ``teams``, ``team_page``, ``teams_for``;
without an account ``coming_up``, ``gone_by``, ``public_activity``, ``sign_up_by(token)``. For figures
``acts_by_kind(area_code, since, until)``. How often a person came is nowhere added up.
"""

from __future__ import annotations

from bihuan.activities.actions import (
    SignedUp,
    announce,
    call_off,
    change,
    end_team,
    found_team,
    hand_team,
    hold,
    join_team,
    leave_team,
    sign_up,
    sign_up_for,
    withdraw,
)
from bihuan.activities.public import coming_up, gone_by, public_activity, sign_up_by
from bihuan.activities.queries import (
    activities,
    activity_page,
    acts_by_kind,
    announceable,
    foundable,
    must_be_next,
    next_leaders,
    team_page,
    teams,
    teams_for,
)
from bihuan.activities.shapes import (
    ActivityPage,
    ActivityRow,
    KindOption,
    Listing,
    MemberLine,
    MySignUp,
    PublicActivity,
    SignUpLine,
    TeamPage,
    TeamRow,
    TimelineLine,
)

__all__ = [
    "ActivityPage",
    "ActivityRow",
    "KindOption",
    "Listing",
    "MemberLine",
    "MySignUp",
    "PublicActivity",
    "SignUpLine",
    "SignedUp",
    "TeamPage",
    "TeamRow",
    "TimelineLine",
    "activities",
    "activity_page",
    "acts_by_kind",
    "announce",
    "announceable",
    "call_off",
    "change",
    "coming_up",
    "end_team",
    "found_team",
    "foundable",
    "gone_by",
    "hand_team",
    "hold",
    "join_team",
    "leave_team",
    "must_be_next",
    "next_leaders",
    "public_activity",
    "sign_up",
    "sign_up_by",
    "sign_up_for",
    "team_page",
    "teams",
    "teams_for",
    "withdraw",
]
