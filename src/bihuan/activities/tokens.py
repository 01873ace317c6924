"""The secret link by which somebody without an account sees and withdraws their sign-up.

It follows from the sign-up's id under the server's key, so it can be made again for the form that is sent twice;
only its hash is stored.
"""

from __future__ import annotations

import base64
import hashlib
from uuid import UUID

from bihuan.kernel.api import keyed_hash

LONGEST = 64


def token_of(sign_up_id: UUID) -> str:
    """Return the secret of a sign-up's link: 24 characters."""
    return base64.urlsafe_b64encode(keyed_hash("activity-signup", sign_up_id.bytes)[:18]).decode()


def hash_of(token: str) -> bytes:
    """Return what is stored of a secret."""
    return hashlib.sha256(token[:LONGEST].encode()).digest()
