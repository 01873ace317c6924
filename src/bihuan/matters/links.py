"""Secret links: the reporter's own, and a follower's."""

from __future__ import annotations

import hmac

from bihuan.kernel.api import keyed_hash


def token_hash(token: str) -> bytes:
    """Return what is kept of a secret link: of no use to whoever reads the database."""
    return keyed_hash("follow", token.encode())


def holds(follow_hash: bytes | memoryview | None, token: str | None) -> bool:
    """Say whether ``token`` is the secret whose hash is kept."""
    if not token or follow_hash is None or len(token) > 64:
        return False
    return hmac.compare_digest(bytes(follow_hash), token_hash(token))
