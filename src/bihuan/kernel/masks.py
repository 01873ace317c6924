"""What is shown of a personal value by default."""

from __future__ import annotations

import re
from collections.abc import Callable

_PHONE = re.compile(r"^(?:\+?86[- ]?)?(1\d{2})\d{4}(\d{4})$")
_LONG = re.compile(r"\d[\d \-()]{8,}\d")  # nearly every text holds none: looking is cheaper than writing it anew
_TALKED = re.compile(  # an identity number, a mobile number, a landline with its area code, as people write them
    r"(?<!\d)(?P<id>[1-9]\d{5}(?:(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    r"|\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}))(?!\d)"
    r"|(?<!\d)(?P<phone>(?:\+?86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}|\(?0\d{2,3}\)?[ \-]?[2-9]\d{6,7})(?!\d)"
)
_HALF = str.maketrans("０１２３４５６７８９－　Ｘｘ（）", "0123456789- Xx()")
_ADDRESS = re.compile(r"^(.*?(?:号楼|栋|幢|小区|街道|社区|路|街|村|区))")


def mask_phone(value: str) -> str:
    """``138****5678``; other numbers keep their last two digits: ``****67``."""
    digits = re.sub(r"[\s-]", "", value)
    if found := _PHONE.match(digits):
        return f"{found[1]}****{found[2]}"
    return "****" + digits[-2:] if len(digits) > 4 else "****"


def mask_name(value: str) -> str:
    """``张**``: the first character, and always two stars, so that the length is not told either."""
    value = value.strip()
    return f"{value[0]}**" if value else ""


def mask_id(value: str) -> str:
    """First and last character of an identity number: ``4****************X``."""
    value = value.strip()
    return f"{value[0]}{'*' * 16}{value[-1]}" if len(value) > 4 else "****"


def mask_address(value: str) -> str:
    """Up to the building, then stars: ``电建小区12号楼****``."""
    found = _ADDRESS.match(value.strip())
    return f"{found[1]}****" if found else "****"


def mask_numbers(text: str) -> str:
    """Mask every telephone and identity number that stands within a text, however it is spaced.

    What is shaped like one is taken for one. Names cannot be told from other words, so they stay.
    """
    half = text.translate(_HALF)  # character by character: places stay the same
    if not _LONG.search(half):
        return text
    parts, last = [], 0
    for found in _TALKED.finditer(half):
        parts += [text[last : found.start()], (mask_id if found["id"] else mask_phone)(found[0])]
        last = found.end()
    return "".join([*parts, text[last:]])


def mask_all(value: str) -> str:
    """Nothing of it: ``****``."""
    return "****" if value else ""


MASKS: dict[str, Callable[[str], str]] = {
    "phone": mask_phone,
    "name": mask_name,
    "id": mask_id,
    "address": mask_address,
    "all": mask_all,
    "": lambda value: "",
}
