"""版记: who gets copies, who printed it and when; at the foot of the last page's text."""

from __future__ import annotations

import math
from typing import Any

from bihuan.reporting.documents import measures as m
from bihuan.reporting.documents.model import Document, said
from bihuan.reporting.documents.oxml import shape, write
from bihuan.reporting.documents.page import end_numbers

_LINE = 480  # twips: a line of 四号
_COPIES = "抄送："
_BLANK_BETWEEN = 2


def _rows(document: Document) -> list[tuple[str, str]]:
    """Return its lines, what stands left and right; a letter has its copies alone."""
    rows = []
    if document.copies:
        rows.append((_COPIES + document.copies.rstrip("。") + "。", ""))
    if document.printed_by and document.form != "xinhan":
        day = said(document.printed_on) + "印发" if document.printed_on else ""
        rows.append((document.printed_by, day))
    return rows


def height(document: Document) -> int:
    """Return how high it is, in twips; 0 where there is none."""
    return sum(_height(left, right) for left, right in _rows(document))


def write_imprint(out: Any, document: Document, breaks: int = 0) -> None:
    """Write the 版记; a letter has its copies alone, without lines.

    Each line stands in a frame of its own whose place on the page is given: LibreOffice neither floats a table as
    wide as the text nor keeps two paragraphs with borders in one frame.

    Args:
        out: the file.
        document: what is said.
        breaks: how many pages after the last one of the text it stands; with a blank page between (2), neither
            that page nor its own has a number.
    """
    rows = _rows(document)
    if rows and breaks == _BLANK_BETWEEN:
        end_numbers(out)
    for at in range(breaks if rows else 0):
        shape(out.add_paragraph(), height=20, new_page=at > 0 or breaks != _BLANK_BETWEEN, on_grid=False)
    letter = document.form == "xinhan"
    heights = [_height(left, right) for left, right in rows]
    foot = m.mm(m.PAGE[1] - m.BOTTOM)
    for at, (left, right) in enumerate(rows):
        borders = {"bottom": _line(m.THICK if at == len(rows) - 1 else m.THIN)}
        if at == 0:
            borders["top"] = _line(m.THICK)
        frame: dict[str, str | int] = {
            "w": m.mm(m.TEXT[0]), "h": heights[at], "hRule": "exact", "hSpace": 0, "vSpace": 0, "wrap": "around",
            "vAnchor": "page", "hAnchor": "page", "x": m.mm(m.LEFT), "y": foot - sum(heights[at:]),
        }  # fmt: skip
        _row(out.add_paragraph(), left, right, borders={} if letter else borders, frame=frame)
    if rows:  # the frames hang on what follows them, which takes no room
        shape(out.add_paragraph(), height=20, on_grid=False)


def _line(eighths: int) -> dict[str, str | int]:
    return {"val": "single", "sz": eighths, "space": 0, "color": "000000"}


def _height(left: str, right: str) -> int:
    """Return how high a row is, in twips: told beforehand, so that its place on the page can be."""
    label = m.width(_COPIES, m.SI) if left.startswith(_COPIES) else 0
    room = m.TEXT[0] * m.MM - 2 * m.SI - label - m.width(right, m.SI)
    return _LINE * max(1, math.ceil((m.width(left, m.SI) - label) / room))


def _row(
    paragraph: Any,
    left: str,
    right: str,
    *,
    borders: dict[str, dict[str, str | int]],
    frame: dict[str, str | int],
) -> None:
    inset = m.twips(m.SI)
    label = m.twips(m.width(_COPIES, m.SI)) if left.startswith(_COPIES) else 0
    shape(
        paragraph,
        align="left",
        left=inset + label,
        hanging=label,
        right=0 if right else inset,
        height=_LINE,
        tab=m.mm(m.TEXT[0]) - inset if right else 0,
        on_grid=False,
        borders=borders,
        frame=frame,
    )
    write(paragraph, left + ("\t" + right if right else ""), size=m.SI, spacing=0)
