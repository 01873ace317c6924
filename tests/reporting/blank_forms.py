"""Blank forms as superior offices lay them out, in the shapes of real ledgers and monthly reports. All invented.

``python -m tests.reporting.blank_forms FOLDER`` writes them. What each asks for stands, by hand, in ``expected/``.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from tests.reporting import blank_cards, blank_figures, blank_lists, blank_shapes
from tests.reporting.blank_kit import FORMS, frame, heads

__all__ = ["FORMS", "blank", "blank_cards", "blank_figures", "blank_lists", "blank_shapes", "frame", "heads"]


def blank(name: str) -> bytes:
    """Return a form as the office sends it."""
    out = io.BytesIO()
    FORMS[name]().save(out)
    return out.getvalue()


def main(folder: str) -> None:
    for name in FORMS:
        Path(folder, f"{name}.xlsx").write_bytes(blank(name))


if __name__ == "__main__":
    main(sys.argv[1])
