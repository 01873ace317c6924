"""What stands where on a page that LibreOffice drew: lines of words, red lines, in millimetres."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

MM = 72 / 25.4


def lines_of(page: Any) -> list[list[Any]]:
    """Return the signs of a page by lines, from above."""
    found: dict[int, list[Any]] = defaultdict(list)
    for sign in page.chars:
        found[round(sign["bottom"])].append(sign)
    return [sorted(found[at], key=lambda sign: sign["x0"]) for at in sorted(found)]


def words_of(line: list[Any]) -> str:
    return "".join(sign["text"] for sign in line)


def text_lines(page: Any) -> list[list[Any]]:
    """Return the lines of 三号 that are words, not numbers of pages."""
    return [line for line in lines_of(page) if abs(line[0]["size"] - 16) < 0.1 and words_of(line).strip()]


def red_lines(page: Any) -> list[tuple[float, float, float]]:
    """Return the red lines drawn on a page, from above: left, right and height, in mm."""
    drawn = [*page.lines, *page.rects, *page.curves]
    red = [item for item in drawn if tuple(item["stroking_color"] or ()) == (1.0, 0.0, 0.0)]
    return sorted(
        {(round(item["x0"] / MM, 1), round(item["x1"] / MM, 1), round(item["top"] / MM, 1)) for item in red},
        key=lambda line: line[2],
    )


def red_rows(page: Any) -> list[tuple[float, float]]:
    """Return from where to where something red is drawn, in mm from the head of the page."""
    image = page.to_image(resolution=254, antialias=False).original.convert("RGB")  # ten dots to the millimetre
    wide, tall = image.size
    dots = image.load()
    rows = [y for y in range(tall) if any(_is_red(dots[x, y]) for x in range(0, wide, 2))]
    spans: list[tuple[float, float]] = []
    begun = last = rows[0]
    for y in [*rows[1:], tall * 2]:
        if y > last + 2:
            spans.append((begun / 10, last / 10))
            begun = y
        last = y
    return spans


def _is_red(dot: tuple[int, int, int]) -> bool:
    return dot[0] > 200 and dot[1] < 120 and dot[2] < 120
