"""The head of a document (版头): what stands above and on the red line, in each of the three forms."""

from __future__ import annotations

from typing import Any

from docx.shared import Twips

from bihuan.reporting.documents import measures as m
from bihuan.reporting.documents.fonts import HEI, XIAO_BIAO_SONG
from bihuan.reporting.documents.model import Document
from bihuan.reporting.documents.oxml import shape, write
from bihuan.reporting.documents.page import raise_numbers

_TALLEST = 62.0  # pt: no mark is set larger than those of the offices above
_SMALLEST = 26.0
_LINES_ABOVE = 3  # 份号, 密级, 紧急程度: the first three lines of the text, empty or not
_LEADING = 1.15  # height of the mark's line to its letters
_UNDER_LETTERS = 6.0  # pt between the foot of the 发文字号 and the foot of its line


def mark_size(words: str, room: float = m.TEXT[0] * m.MM) -> float:
    """Return the size of a mark in points: as large as fits into one line of ``room`` points, within reason."""
    fits = room / max(1.0, m.width(words, 1.0))
    return max(_SMALLEST, min(_TALLEST, float(int(fits))))


def write_head(out: Any, section: Any, document: Document) -> None:
    """Write the head in the document's form."""
    if document.form == "xinhan":
        _letter(out, section, document)
    else:
        _decree(out, document)


def _labels(document: Document) -> list[str]:
    return [document.copy_number, document.secrecy, document.urgency]


def _decree(out: Any, document: Document) -> None:
    """公文 and 纪要: the mark 35 mm below the head of the text, two lines, the number, the red line."""
    for label in _labels(document):
        paragraph = shape(out.add_paragraph(), align="left")
        write(paragraph, label, face=HEI)
    size = mark_size(document.masthead)
    above = m.twips(m.MARK_BELOW * m.MM) - _LINES_ABOVE * m.PITCH
    tall = m.twips(size * _LEADING)
    mark = shape(out.add_paragraph(), align="center", height=tall, before=max(0, above), on_grid=False)
    write(mark, document.masthead, face=XIAO_BIAO_SONG, size=size, colour=m.RED, spacing=0)
    for _line in range(2):
        shape(out.add_paragraph())
    line: dict[str, str | int] = {
        "val": "single",
        "sz": 12,
        "space": round(m.LINE_BELOW * m.MM - _UNDER_LETTERS),
        "color": m.RED,
    }
    number = shape(out.add_paragraph(), align="center", borders={"bottom": line})
    write(number, document.number)


def _letter(out: Any, section: Any, document: Document) -> None:
    """信函: the mark 30 mm below the head of the page, red double lines above and below, no number on page one."""
    section.different_first_page_header_footer = True
    section.header_distance = Twips(m.mm(m.LETTER_MARK))
    raise_numbers(section)
    header, footer = section.first_page_header, section.first_page_footer
    header.is_linked_to_previous = footer.is_linked_to_previous = False
    beyond = (m.LETTER_LINE - m.TEXT[0]) / 2
    shift = (m.LEFT - m.RIGHT) / 2  # the lines stand in the middle of the page, the text does not
    left, right = -m.mm(beyond + shift), -m.mm(beyond - shift)
    size = mark_size(document.masthead)
    upper: dict[str, str | int] = {"val": "thickThinSmallGap", "sz": 24, "space": 6, "color": m.RED}
    mark = header.paragraphs[0]
    shape(mark, align="center", height=m.twips(size * _LEADING), borders={"bottom": upper}, left=left, right=right)
    write(mark, document.masthead, face=XIAO_BIAO_SONG, size=size, colour=m.RED, spacing=0)
    lower: dict[str, str | int] = {"val": "thinThickSmallGap", "sz": 24, "space": 0, "color": m.RED}
    shape(footer.paragraphs[0], height=m.mm(15) - 20, borders={"bottom": lower}, left=left, right=right)
    labels = [label for label in _labels(document) if label]
    first = shape(out.add_paragraph(), align="right", before=m.twips(m.SAN * 7 / 8))
    write(first, document.number)
    for label in labels:
        write(shape(out.add_paragraph(), align="left"), label, face=HEI)
