"""Telephone numbers: read as people type them, kept encrypted, found by a keyed hash, shown masked."""

from __future__ import annotations

import os
import re
import unicodedata

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, keyed_hash, lookup_hash, mask_phone

_MAINLAND = re.compile(r"1[3-9][0-9]{9}")
_ABROAD = re.compile(r"\+[1-9][0-9]{6,14}")
_VERSION = b"\x01"


def normalise(text: str) -> str:
    """Return a typed number in the form kept: 11 digits for the mainland, ``+…`` (E.164) for elsewhere.

    Raises:
        BadInput: when it is no mobile number.
    """
    number = re.sub(r"[\s\-()（）－]", "", unicodedata.normalize("NFKC", text))
    number = re.sub(r"^(?:\+|00)86(?=1)", "", number)
    if _MAINLAND.fullmatch(number) or (_ABROAD.fullmatch(number) and not number.startswith("+86")):
        return number
    raise BadInput(Problem("phone", _("不是有效的手机号"), _("请填写 11 位手机号，境外号码以 + 和国家码开头")))


def _cipher() -> AESGCM:
    return AESGCM(keyed_hash("people.phone/1", b"cipher"))


def encrypt(number: str) -> bytes:
    """Return a normalised number as AES-256-GCM bytes under a key of its own."""
    nonce = os.urandom(12)
    return _VERSION + nonce + _cipher().encrypt(nonce, number.encode(), b"phone")


def decrypt(data: bytes) -> str:
    """Undo ``encrypt``; ValueError for bytes that it did not make."""
    if data[:1] != _VERSION:
        raise ValueError("not a sealed number")
    return _cipher().decrypt(data[1:13], data[13:], b"phone").decode()


def fields(number: str) -> dict[str, object]:
    """Return the three columns in which a row keeps a normalised number; all empty for ``""``."""
    if not number:
        return {"phone_cipher": None, "phone_masked": "", "phone_lookup": None}
    return {
        "phone_cipher": encrypt(number),
        "phone_masked": mask_phone(number),
        "phone_lookup": lookup_hash(number),
    }
