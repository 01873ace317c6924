"""What is shown of a personal value by default."""

from __future__ import annotations

import re
from collections.abc import Callable

_PHONE = re.compile(r"^(?:\+?86[- ]?)?(1\d{2})\d{4}(\d{4})$")
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
