"""What people typed, as it may be kept: nothing in it that is not seen."""

from __future__ import annotations

import re
from typing import Any

# Control characters, which databases refuse; and what is not seen yet turns text around or hides in it: bidi
# overrides, zero width. The joiners that emoji and some scripts need stay.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def visible(text: Any) -> str:
    """Return typed text without control and invisible characters and outer blanks, with plain line ends."""
    if text is None or text == "":
        return ""
    words = str(text)
    if "\r" in words:
        words = words.replace("\r\n", "\n").replace("\r", "\n")
    # Nearly every text holds none: looking is cheaper than writing it anew.
    return (INVISIBLE.sub("", words) if INVISIBLE.search(words) else words).strip()
