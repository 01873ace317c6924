"""Addresses that people or places gave: encrypted at rest, each kind under a key of its own."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bihuan.kernel.api import keyed_hash

MAIL = "people.mail/1"
ROBOT = "people.robot/1"
_VERSION = b"\x01"


def encrypt(kind: str, text: str) -> bytes:
    """Return ``text`` as AES-256-GCM bytes under the key of ``kind`` (MAIL, ROBOT)."""
    nonce = os.urandom(12)
    return _VERSION + nonce + AESGCM(keyed_hash(kind, b"cipher")).encrypt(nonce, text.encode(), kind.encode())


def decrypt(kind: str, data: bytes | memoryview) -> str:
    """Undo ``encrypt``; ValueError for bytes that it did not make."""
    raw = bytes(data)
    if raw[:1] != _VERSION:
        raise ValueError("not an encrypted address")
    return AESGCM(keyed_hash(kind, b"cipher")).decrypt(raw[1:13], raw[13:], kind.encode()).decode()


def mask_mail(address: str) -> str:
    """Return an e-mail address as it is shown: ``z***@example.org``."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"[:120]
