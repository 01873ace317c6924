"""What people wrote, as a key reads it: with no telephone and no identity number that stands within the words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from bihuan.api.scopes import (
    FIGURES_READ,
    MATTERS_READ,
    MATTERS_WRITE,
    MEETINGS_READ,
    MEETINGS_WRITE,
    ROUNDS_WRITE,
    VISITS_READ,
)
from bihuan.kernel.api import mask_numbers

# Through these go words of residents and of who met them. Methods, notices and the like are an office's own words, to
# be written back as they are; registers and forms are masked where their lines are made.
_SCOPES = frozenset(
    {MATTERS_READ, MATTERS_WRITE, MEETINGS_READ, MEETINGS_WRITE, VISITS_READ, ROUNDS_WRITE, FIGURES_READ}
)
_CODES = frozenset({"id", "number", "display_number", "code", "area", "next", "url", "link", "follow_token"})
_CODE_ENDINGS = ("_id", "_code", "_url")


def masked_for_keys(request: HttpRequest, answer: Any) -> Any:
    """Return an answer as whoever asked may have it: to a key numbers within words are masked, its codes are not."""
    return _masked(answer, "") if getattr(request, "key_scope", "") in _SCOPES else answer


def _masked(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return value if name in _CODES or name.endswith(_CODE_ENDINGS) else mask_numbers(value)
    if isinstance(value, dict):
        return {key: _masked(one, str(key)) for key, one in value.items()}
    return [_masked(one, name) for one in value] if isinstance(value, list | tuple) else value
