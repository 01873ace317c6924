"""Personal and free-text values: sealed beside the chain, masked by default, read with a reason, erased at term.

An entry's body holds only ``{"sealed": {name: commitment}}`` with

    commitment = SHA-256(salt ‖ content)

over the content *as stored*: 16 random bytes of salt, and either UTF-8 text or, where ``encrypted``, one version
byte, 12 bytes of nonce and the AES-256-GCM ciphertext with its tag. Committing to the ciphertext, not to the
plain text, means that a phone number cannot be guessed from a stolen database by hashing all of them, and that
the record can be verified by somebody who does not hold the key. Erasing sets content,
salt, mask and lookup to null: the commitment stays, tells nothing, and the chain is as valid as before.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _

from . import clock
from .errors import BadInput, Problem, Refused
from .keys import keyed_hash, subkey
from .masks import MASKS
from .models import Entry, PersonalRead, Sealed
from .refs import ActorRef

SEALED_TABLE = "kernel_sealed"
SEALED_COLUMNS = (
    "entry_id",
    "subject_type",
    "subject_id",
    "name",
    "purpose",
    "encrypted",
    "content",
    "salt",
    "masked",
    "lookup",
    "expires_on",
    "erased_at",
)
_VERSION = b"\x01"
SYSTEM_READER = UUID(int=0)


class SealedValue(NamedTuple):
    """A value ready to be stored beside an entry; ``commitment`` goes into the entry's body."""

    name: str
    purpose: str
    encrypted: bool
    content: bytes
    salt: bytes
    masked: str
    lookup: bytes | None
    keep_until: date | None

    @property
    def commitment(self) -> str:
        """Hex SHA-256 of salt and content as stored."""
        return commit(self.salt, self.content)


def commit(salt: bytes, content: bytes) -> str:
    """Return the commitment to ``content``: hex SHA-256 over salt and content."""
    return hashlib.sha256(salt + content).hexdigest()


@lru_cache(maxsize=4)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(
    name: str,
    value: str,
    *,
    purpose: str,
    encrypted: bool,
    keep_until: date | None,
    lookup: bool = False,
    mask: str | Callable[[str], str] | None = None,
) -> SealedValue:
    """Seal one value.

    Args:
        name: key within the entry ("phone", "text"); one per entry.
        value: the text.
        purpose: why it is kept, as told to the person.
        encrypted: AES-256-GCM under the key of the house; free text that the public sees may stay plain.
        keep_until: last day it is kept; None: as long as the record.
        lookup: also store a keyed hash for exact search (``lookup_hash``).
        mask: one of ``masks.MASKS`` or a function; by default nothing of an encrypted value is shown.
    """
    salt = os.urandom(28)
    salt, nonce = salt[:16], salt[16:]
    content = value.encode()
    if encrypted:
        cipher = _cipher(subkey("sealed/1"))
        content = _VERSION + nonce + cipher.encrypt(nonce, content, salt + name.encode())
    if mask is None:
        mask = "all" if encrypted else ""
    masked = MASKS[mask](value) if isinstance(mask, str) else mask(value)
    hashed = lookup_hash(value) if lookup else None
    return SealedValue(name, purpose, encrypted, content, salt, masked[:120], hashed, keep_until)


def lookup_hash(value: str) -> bytes:
    """Return the keyed hash by which a sealed value is found again, blind to spaces, width, case and +86."""
    text = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", value)).casefold()
    if found := re.fullmatch(r"(?:\+|00)?86(1\d{10})", text):
        text = found[1]
    return keyed_hash("lookup", text.encode())


def reveal(*, actor: ActorRef, sealed: Sealed, reason: str) -> str:
    """Return a sealed value in the clear and log who read it, when and why.

    The caller has checked the permission. The system reads (to send what a person asked to be told) with
    ``ActorRef(None, "system")``; that is logged too, under the nil id.

    Raises:
        BadInput: without a reason.
        Refused: when nobody is known to read, when the value was erased, or when it is not what was recorded.
    """
    if not reason.strip():
        raise BadInput(Problem("reason", _("查看个人信息须写明事由。"), _("请填写为什么需要查看。")))
    if actor.person_id is None and actor.role != "system":
        raise Refused(Problem("", _("未登录，不能查看个人信息。"), _("请先登录。")))
    text = unseal(sealed)
    PersonalRead.objects.create(
        sealed=sealed, reader_id=actor.person_id or SYSTEM_READER, reason=reason.strip()[:200], at=clock.now()
    )
    return text


def unseal(sealed: Sealed) -> str:
    """Return the value without logging: for plain (not encrypted) text that its readers may see anyway.

    Raises:
        Refused: when the value was erased, or differs from what the entry committed to.
    """
    if sealed.content is None or sealed.salt is None:
        raise Refused(Problem(sealed.name, _("这项内容已按保存期限删除。"), _("记录本身仍可核验。")))
    content, salt = bytes(sealed.content), bytes(sealed.salt)
    body = Entry.objects.values_list("body", flat=True).get(pk=sealed.entry_id)
    if orjson.loads(body).get("sealed", {}).get(sealed.name) != commit(salt, content):
        raise Refused(_broken(sealed.name))
    if not sealed.encrypted:
        return content.decode()
    if content[:1] != _VERSION:
        raise Refused(_broken(sealed.name))
    try:
        plain = _cipher(subkey("sealed/1")).decrypt(content[1:13], content[13:], salt + sealed.name.encode())
    except InvalidTag as error:
        raise Refused(
            Problem(
                sealed.name,
                _("无法解密：密钥与加密时不同。"),
                _("请管理员核对 BIHUAN_PERSONAL_DATA_KEY。"),
            )
        ) from error
    return plain.decode()


def plain_texts(subject_type: str, subject_id: UUID, name: str) -> dict[UUID, str]:
    """Return what is sealed under a name without encryption, by entry; what was erased is not there. One statement."""
    rows = Sealed.objects.filter(
        subject_type=subject_type, subject_id=subject_id, name=name, encrypted=False, content__isnull=False
    )
    return {key: bytes(content or b"").decode() for key, content in rows.values_list("entry_id", "content")}


def _broken(name: str) -> Problem:
    return Problem(name, _("保存的内容与记录中的承诺值不符。"), _("请运行 bihuan verify 核验记录。"))
