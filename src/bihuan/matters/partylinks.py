"""The personal link of one party without an account: the resident who supervises acts by it on this matter alone."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import replace
from uuid import UUID

from bihuan.kernel.api import keyed_hash
from bihuan.matters.models import Matter, Party
from bihuan.people.api import Actor, actor_of
from bihuan.people.models import Person

SUPERVISOR = "supervisor"
_BYTES = 50


def party_secret(matter: UUID, person: UUID) -> str:
    """Return the secret of the link by which one party without an account (the supervising resident) acts."""
    return base64.urlsafe_b64encode(matter.bytes + person.bytes + _mac(matter, person)).decode().rstrip("=")


def read_party_secret(token: str) -> tuple[UUID, UUID] | None:
    """Return the matter and the person of such a link; none when it is not ours."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _BYTES or base64.urlsafe_b64encode(raw).decode().rstrip("=") != token:
        return None  # spare bits of the last character must not make a second spelling of a secret
    matter, person = UUID(bytes=raw[:16]), UUID(bytes=raw[16:32])
    return (matter, person) if hmac.compare_digest(raw[32:], _mac(matter, person)) else None


def _mac(matter: UUID, person: UUID) -> bytes:
    return keyed_hash("portal-party", matter.bytes + person.bytes)[: _BYTES - 32]


def supervisor_by(token: str) -> tuple[Matter, Actor] | None:
    """Return the matter and who acts by a supervisor's link; None where it is none, or they are it no longer.

    The link lends the part in this matter, never the posts the person may hold besides.
    """
    ids = read_party_secret(token)
    if ids is None:
        return None
    party = (
        Party.objects.filter(matter_id=ids[0], person_id=ids[1], role=SUPERVISOR, until__isnull=True)
        .select_related("matter")
        .first()
    )
    person = Person.objects.filter(pk=ids[1], erased_at__isnull=True).first()
    if party is None or person is None:
        return None
    return party.matter, replace(actor_of(person), posts=())
