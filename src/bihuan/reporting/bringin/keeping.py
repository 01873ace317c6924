"""Uploaded ledgers while they are looked at: encrypted, as they hold names and numbers, and bound to their run.

A file is one version byte, 12 bytes of nonce and AES-256-GCM ciphertext with its tag, with the run's id as associated
data: neither a backup nor another run's row opens it.
"""

from __future__ import annotations

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from bihuan.kernel.api import keyed_hash

_VERSION = b"\x01"
_NONCE = 12


def _cipher() -> AESGCM:
    return AESGCM(keyed_hash("import.file/1", b"cipher"))


def keep(run_id: UUID, data: bytes) -> str:
    """Lay a file down; returns its name in the file store."""
    nonce = os.urandom(_NONCE)
    sealed = _VERSION + nonce + _cipher().encrypt(nonce, data, run_id.bytes)
    return default_storage.save(f"imports/{run_id.hex}", ContentFile(sealed))


def read(run_id: UUID, name: str) -> bytes | None:
    """Return a run's file; None where it is gone, or is not what was laid down for this run."""
    if not name or not default_storage.exists(name):
        return None
    with default_storage.open(name) as file:
        raw = file.read()
    nonce, sealed = raw[1 : 1 + _NONCE], raw[1 + _NONCE :]
    if raw[:1] != _VERSION or len(nonce) != _NONCE:
        return None
    try:
        return _cipher().decrypt(nonce, sealed, run_id.bytes)
    except InvalidTag:
        return None


def drop(name: str) -> None:
    """Delete a file."""
    default_storage.delete(name)
