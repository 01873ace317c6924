"""Keys: one secret from the environment, one subkey per purpose (HKDF-SHA256, RFC 5869).

A subkey tells nothing about the secret or the other subkeys. Changing ``PERSONAL_DATA_KEY`` makes what was
sealed unreadable: keep it as carefully as the data, and apart from the backup.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@lru_cache(maxsize=32)
def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"bihuan/{purpose}".encode()).derive(
        secret.encode()
    )


def subkey(purpose: str) -> bytes:
    """Return the 32-byte subkey for ``purpose`` ("sealed/1", "lookup", "throttle")."""
    return _derive(settings.PERSONAL_DATA_KEY, purpose)


def keyed_hash(purpose: str, value: bytes) -> bytes:
    """Return HMAC-SHA256 of ``value`` under the purpose's subkey: equal for equal values, of no use without it."""
    return hmac.digest(subkey(purpose), value, hashlib.sha256)
