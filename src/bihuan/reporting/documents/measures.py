"""The measures of GB/T 9704-2012 (党政机关公文格式), and the units in which a Word file gives them.

A4; 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm; 22 lines of 28 characters. 28 characters of 三号 (16 pt) are 448 pt and
do not fit into 156 mm (442.2 pt), so each is set 0.25 pt closer (28 × 15.75 = 441 pt); 22 lines fit at 28.95 pt each.
"""

from __future__ import annotations

from typing import Final

TWIPS: Final = 20  # to the point
MM: Final = 72 / 25.4  # points to the millimetre

PAGE: Final = (210.0, 297.0)  # mm, width and height
TOP: Final = 37.0  # mm, 天头
LEFT: Final = 28.0  # mm, 订口
TEXT: Final = (156.0, 225.0)  # mm, 版心
RIGHT: Final = PAGE[0] - LEFT - TEXT[0]
BOTTOM: Final = PAGE[1] - TOP - TEXT[1]

LINES: Final = 22
CHARACTERS: Final = 28
PITCH: Final = 579  # twips to the line
CLOSER: Final = -5  # twips to the character of 三号

ER: Final = 22.0  # 二号, pt
SAN: Final = 16.0  # 三号
SI: Final = 14.0  # 四号
XIAO_SI: Final = 12.0  # 小四, in tables
CELL: Final = SAN + CLOSER / TWIPS  # pt, one character of the text with what follows it

MARK_BELOW: Final = 35.0  # mm, from the head of the 版心 to the head of the 发文机关标志
LINE_BELOW: Final = 4.0  # mm, from the 发文字号 to the red line
NUMBER_BELOW: Final = 7.0  # mm, from the foot of the 版心 to the dash of the page number
LETTER_MARK: Final = 30.0  # mm, from the head of the page to the 发文机关标志 of a letter (信函)
LETTER_LINE: Final = 170.0  # mm, length of the red lines of a letter
LETTER_FOOT: Final = 20.0  # mm, from the foot of the page to the second red line of a letter
SEAL: Final = 42.0  # mm, across: the seal of an office of a county or below; those above have larger ones
SEAL_ROW: Final = 45.0  # mm, from one row of seals to the next: they do not touch
THICK: Final = 8  # eighths of a point: 版记's first and last line, 0.35 mm
THIN: Final = 6  # 版记's other lines, 0.25 mm

RED: Final = "FF0000"


def twips(points: float) -> int:
    """Return points as twips."""
    return round(points * TWIPS)


def mm(length: float) -> int:
    """Return millimetres as twips."""
    return round(length * MM * TWIPS)


def width(text: str, size: float = CELL) -> float:
    """Return about how wide a text is set, in points: signs of ASCII are half as wide as the others."""
    return sum(size / 2 if sign.isascii() else size for sign in text)
