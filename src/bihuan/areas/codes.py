"""Arithmetic of area codes: pure, no database.

Levels by length (the national six, nine and twelve digits, then the community's own numbering in threes):
4 city, 6 district, 9 street, 12 community, 15 grid or micro-grid, 18 and 21 what is inside it.
A parent's code is its children's prefix, so a subtree is a closed range of codes.
"""

from __future__ import annotations

import re
import unicodedata

from django.db.models import Q

LENGTHS = (4, 6, 9, 12, 15, 18, 21)
LEVELS_BY_LENGTH: dict[int, frozenset[str]] = {
    4: frozenset({"city"}),
    6: frozenset({"district"}),
    9: frozenset({"street"}),
    12: frozenset({"community"}),
    15: frozenset({"grid", "micro_grid"}),
    18: frozenset({"grid", "micro_grid"}),
    21: frozenset({"micro_grid"}),
}
_CODE = re.compile(r"[0-9]{4,21}")


def normalise(text: str) -> str:
    """Return a typed code as ASCII digits: full-width digits, blanks and an Excel ``.0`` are mended.

    Anything else stays as it was typed, so that the caller can show what is wrong with it.
    """
    code = "".join(unicodedata.normalize("NFKC", text).split())
    return code.removesuffix(".0")


def is_code(text: str) -> bool:
    """Say whether ``text`` could be an area's code: ASCII digits of one of the lengths in use."""
    return bool(_CODE.fullmatch(text)) and len(text) in LENGTHS


def parent_of(code: str) -> str:
    """Return the code one level up, or ``""`` for a city's or for what is no code."""
    shorter = [length for length in LENGTHS if length < len(code)]
    return code[: shorter[-1]] if shorter and is_code(code) else ""


def ancestors(code: str) -> list[str]:
    """Return the codes from the city down to ``code`` itself: ``["4108", "410802", …, code]``."""
    return [code[:length] for length in LENGTHS if length < len(code)] + ([code] if code else [])


def level_prefix(code: str, length: int) -> str:
    """Return the ancestor with ``length`` digits, or ``""`` where the code is shorter."""
    return code[:length] if len(code) >= length else ""


def within(code: str, root: str) -> bool:
    """Say whether ``code`` is ``root`` or below it. Nothing is within an empty root."""
    return bool(root) and code.startswith(root)


def upper_bound(code: str) -> str:
    """Return the last code that a subtree can hold: ``code`` filled up with nines to 21 digits.

    ``code <= x <= upper_bound(code)`` is the subtree in every collation, as codes hold digits only.
    """
    return code.ljust(LENGTHS[-1], "9")


def subtree_q(field: str, code: str) -> Q:
    """Return the condition "``field`` holds ``code`` or a code below it" as one index range.

    An empty code matches nothing: a right with no area is no right.
    """
    if not code:
        return Q(pk__in=[])
    return Q(**{f"{field}__gte": code, f"{field}__lte": upper_bound(code)})
