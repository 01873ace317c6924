"""The use cases of activities and teams."""

from __future__ import annotations

from bihuan.activities.actions.announcing import announce, call_off, change
from bihuan.activities.actions.holding import hold
from bihuan.activities.actions.signing import SignedUp, sign_up, sign_up_for, withdraw
from bihuan.activities.actions.teams import end_team, found_team, hand_team, join_team, leave_team

__all__ = [
    "SignedUp",
    "announce",
    "call_off",
    "change",
    "end_team",
    "found_team",
    "hand_team",
    "hold",
    "join_team",
    "leave_team",
    "sign_up",
    "sign_up_for",
    "withdraw",
]
