"""Ids and secret links that follow from a form: the same form sent twice is one report with one link.

A page without JavaScript cannot make an id, so the server writes one into the form. The report's id follows
from it and from what was written: sent twice, it is one report; changed and sent again after going back, it
is another. The link's secret follows from the report's id under the server's key.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from uuid import UUID

from bihuan.kernel.api import BadInput, keyed_hash, new_id, parse_id


def form_id(text: str) -> UUID:
    """Return the id a form was given; a fresh one where it was lost or made up."""
    try:
        return parse_id(text)
    except BadInput:
        return new_id()


def link_secret(subject: UUID) -> str:
    """Return the secret of a follow link (24 characters): only the server can make it, and always the same."""
    return base64.urlsafe_b64encode(keyed_hash("portal-follow", subject.bytes)[:18]).decode()


def party_secret(matter: UUID, person: UUID) -> str:
    """Return the secret of the link by which one party without an account (the supervising resident) acts."""
    return base64.urlsafe_b64encode(matter.bytes + person.bytes + _party_mac(matter, person)).decode().rstrip("=")


def read_party_secret(token: str) -> tuple[UUID, UUID] | None:
    """Return the matter and the person of such a link; none when it is not ours."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _PARTY_BYTES or base64.urlsafe_b64encode(raw).decode().rstrip("=") != token:
        return None  # spare bits of the last character must not make a second spelling of a secret
    matter, person = UUID(bytes=raw[:16]), UUID(bytes=raw[16:32])
    return (matter, person) if hmac.compare_digest(raw[32:], _party_mac(matter, person)) else None


_PARTY_BYTES = 50


def _party_mac(matter: UUID, person: UUID) -> bytes:
    return keyed_hash("portal-party", matter.bytes + person.bytes)[: _PARTY_BYTES - 32]
