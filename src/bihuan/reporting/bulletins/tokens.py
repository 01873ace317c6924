"""The secret link by which somebody who objected reads the answer. It follows from the objection's id."""

from __future__ import annotations

import base64
import hashlib
from uuid import UUID

from bihuan.kernel.api import keyed_hash

LONGEST = 64


def token_of(objection_id: UUID) -> str:
    """Return the secret of an objection's link: 24 characters."""
    return base64.urlsafe_b64encode(keyed_hash("bulletin-objection", objection_id.bytes)[:18]).decode()


def hash_of(token: str) -> bytes:
    """Return what is stored of a secret."""
    return hashlib.sha256(token[:LONGEST].encode()).digest()
