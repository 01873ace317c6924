"""Personal links by which somebody signs in and votes on a phone without an account.

The link is an HMAC over the meeting and the person, so it can be printed again; only its hash is stored. It
works for that person at that meeting and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from uuid import UUID

from django.utils.crypto import salted_hmac

from bihuan.meetings.models import Attendance

_SALT = "bihuan.meetings.ballot/1"


def ballot_token(meeting_id: UUID, person_id: UUID, deputy: str = "") -> str:
    """Return the secret of one mandate's link at one meeting: 24 characters.

    ``deputy`` (their id or name) makes another: who sent a deputy no longer votes by the link they had.
    """
    mac = salted_hmac(_SALT, meeting_id.bytes + person_id.bytes + deputy.encode(), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac[:18]).decode()


def hash_of(token: str) -> bytes:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def ballot_hash(meeting_id: UUID, person_id: UUID, deputy: str = "") -> bytes:
    """Return the stored hash of one mandate's link at one meeting."""
    return hash_of(ballot_token(meeting_id, person_id, deputy))


def token_of(row: Attendance) -> str:
    """Return the token of a mandate as it stands: its holder's, or their deputy's; "" for a guest."""
    if row.person_id is None or row.kind != Attendance.Kind.DUE:
        return ""
    return ballot_token(row.meeting_id, row.person_id, deputy_key(row))


def deputy_key(row: Attendance) -> str:
    """Return what names the deputy of a mandate, "" where none came."""
    if row.presence != Attendance.Presence.DEPUTY:
        return ""
    return str(row.deputy_id or row.deputy_name)
