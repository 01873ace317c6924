"""Lays a method's steps out as a line of stations, for an SVG that the server writes.

Pure geometry: pixels, origin top left, x to the right. The rail joins neighbours in the order of the file;
a way that skips stations arches above the rail, a way back hangs below it. Every way is also in the text
beside the picture.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PITCH = 132  # from one station to the next
LEFT = 74
RADIUS = 10
LINE = 19
LABEL_COLUMNS = 17  # half-width columns that fit under one station
ARCH = 20
NEVER_FIRST = "，。：；、）》”！？…"  # may hang over the end of a line, never begin one


@dataclass(frozen=True, slots=True)
class Station:
    """What is drawn at one step: its name, short lines under it, the phase it belongs to."""

    title: str
    lines: tuple[str, ...] = ()
    phase: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text."""

    x: float
    y: float
    text: str
    css: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One station's sign."""

    x: float
    y: float
    final: bool

    @property
    def left(self) -> float:
        """Left edge of a final stop's square."""
        return self.x - 9

    @property
    def top(self) -> float:
        """Top edge of it."""
        return self.y - 9


@dataclass(frozen=True, slots=True)
class Band:
    """The ground under the stations of one phase."""

    x: float
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the template draws."""

    width: float
    height: float
    rail_y: float
    rails: tuple[tuple[float, float], ...]  # from x, to x
    stops: tuple[Stop, ...]
    labels: tuple[Label, ...]
    arches: tuple[str, ...]  # paths
    bands: tuple[Band, ...]


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


_PIECES = re.compile(r"\s*[!-~]+|\s|.")  # an English word stays whole, Chinese breaks between any two characters


def wrap(text: str, columns: int = LABEL_COLUMNS, most: int = 3) -> list[str]:
    """Break ``text`` into at most ``most`` lines of ``columns`` half-width columns, “…” for the rest."""
    lines: list[str] = []
    line = ""
    for piece in _PIECES.findall(text):
        if _columns(line + piece) > columns and piece not in NEVER_FIRST:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    if len(lines) > most:
        return [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]
    return [line for line in lines if line]


def draw(stations: Sequence[Station], ways: Iterable[tuple[int, int]]) -> Picture:
    """Lay out ``stations`` in their order with ``ways`` between them, as pairs of positions."""
    ways = sorted({(a, b) for a, b in ways if a != b}, key=lambda way: (abs(way[1] - way[0]), way))
    skips = [way for way in ways if way[1] - way[0] > 1]
    backs = [way for way in ways if way[1] < way[0]]
    above = 46 + ARCH * _levels(skips)
    rail_y = above
    below = ARCH * _levels(backs) if backs else 0
    xs = [LEFT + PITCH * index for index in range(len(stations))]
    text_y = rail_y + 38 + below
    labels = [label for x, station in zip(xs, stations, strict=True) for label in _labels(x, text_y, station)]
    height = max((label.y for label in labels), default=text_y) + 20
    return Picture(
        width=LEFT * 2 + PITCH * max(len(stations) - 1, 0),
        height=height,
        rail_y=rail_y,
        rails=tuple((xs[a], xs[b]) for a, b in ways if b - a == 1),
        stops=tuple(Stop(x, rail_y, station.final) for x, station in zip(xs, stations, strict=True)),
        labels=tuple(labels),
        arches=(*_arches(skips, xs, rail_y, -1), *_arches(backs, xs, rail_y, 1)),
        bands=tuple(_bands(stations, xs)),
    )


def _labels(x: float, y: float, station: Station) -> list[Label]:
    labels = []
    for css, text, most in [("title", station.title, 2), *(("small", line, 3) for line in station.lines)]:
        for line in wrap(text, most=most):
            labels.append(Label(x, y, line, css))
            y += LINE
    return labels


def _levels(ways: Sequence[tuple[int, int]]) -> int:
    return max(_level_of(ways), default=0)


def _level_of(ways: Sequence[tuple[int, int]]) -> list[int]:
    """Give each way the lowest level on which it crosses no shorter one; counted from 1."""
    levels: list[int] = []
    for index, way in enumerate(ways):
        low, high = min(way), max(way)
        taken = {levels[other] for other in range(index) if min(ways[other]) < high and low < max(ways[other])}
        levels.append(next(level for level in range(1, len(ways) + 2) if level not in taken))
    return levels


def _arches(ways: Sequence[tuple[int, int]], xs: Sequence[float], rail_y: float, side: int) -> list[str]:
    paths = []
    for (a, b), level in zip(ways, _level_of(ways), strict=True):
        step = 1 if b > a else -1
        start, end = xs[a] + step * RADIUS * 0.7, xs[b] - step * RADIUS * 0.7
        near, far = rail_y + side * (RADIUS + 3), rail_y + side * (RADIUS + 6 + ARCH * level)
        turn = step * 12
        paths.append(
            f"M{start:.0f} {near:.0f}V{far - side * 8:.0f}Q{start:.0f} {far:.0f} {start + turn:.0f} {far:.0f}"
            f"H{end - turn:.0f}Q{end:.0f} {far:.0f} {end:.0f} {far - side * 8:.0f}V{near:.0f}"
        )
    return paths


def _bands(stations: Sequence[Station], xs: Sequence[float]) -> Iterable[Band]:
    begin = 0
    for index in range(1, len(stations) + 1):
        if index == len(stations) or stations[index].phase != stations[begin].phase:
            if stations[begin].phase:
                left, right = xs[begin] - PITCH / 2 + 4, xs[index - 1] + PITCH / 2 - 4
                yield Band(left, right - left, stations[begin].phase)
            begin = index
