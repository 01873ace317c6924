"""``python -m tools.picture IN.png OUT.png``: a screenshot small enough for a repository (256 colours)."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image


def main() -> None:
    """Write OUT.png with a palette, optimised."""
    source, target = map(Path, sys.argv[1:3])
    with Image.open(source) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main()
