"""The head of a document (版头): what stands above and on the red line, in each of the three forms."""

from __future__ import annotations

from typing import Any

from docx.shared import Twips

from bihuan.reporting.documents import measures as m
from bihuan.reporting.documents.fonts import HEI, KAI, XIAO_BIAO_SONG
from bihuan.reporting.documents.model import Document
from bihuan.reporting.documents.oxml import bare_table, element, put, shape, write
from bihuan.reporting.documents.page import raise_numbers

_TALLEST = 62.0  # pt: no mark is set larger than those of the offices above
_SMALLEST = 26.0
_LINES_ABOVE = 3  # 份号, 密级, 紧急程度: the first three lines of the text, empty or not
_LEADING = 1.15  # height of the mark's line to its letters
_UNDER_LETTERS = 6.0  # pt between the foot of the 发文字号 and the foot of its line
_ROW = 1.25  # height of a row of a joint mark to its letters
_JOINT = 62 * m.MM  # pt: a joint mark is no higher, so that the first page still has words of the text
_UNDER_LINE = 430  # twips: the letters of this line stand 7/8 of their height below the first red line of a letter
_SIGNER = "签发人："
_RED_LINE: dict[str, str | int] = {
    "val": "single",
    "sz": 12,
    "space": round(m.LINE_BELOW * m.MM - _UNDER_LETTERS),
    "color": m.RED,
}


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
    above = m.twips(m.MARK_BELOW * m.MM) - _LINES_ABOVE * m.PITCH
    if document.joint and not document.mark and document.form == "gongwen":
        _joint_mark(out, document, above)
    else:
        size = mark_size(document.masthead)
        tall = m.twips(size * _LEADING)
        mark = shape(out.add_paragraph(), align="center", height=tall, before=max(0, above), on_grid=False)
        write(mark, document.masthead, face=XIAO_BIAO_SONG, size=size, colour=m.RED, spacing=0)
    for _line in range(2):
        shape(out.add_paragraph())
    if document.signers:
        _signers(out, document)
    else:
        number = shape(out.add_paragraph(), align="center", borders={"bottom": _RED_LINE})
        write(number, document.number)


def _joint_mark(out: Any, document: Document, above: int) -> None:
    """联合行文: the offices under one another, all as wide, the one in charge first; 文件 beside their middle."""
    names = [name.removesuffix("文件") for name in document.issuers]
    longest = max(m.width(name, 1.0) for name in names)
    room = m.TEXT[0] * m.MM / (longest + 2.5)
    size = max(m.SAN, min(_TALLEST, float(int(min(room, _JOINT / len(names) / _ROW)))))
    shape(out.add_paragraph(), height=max(20, above), on_grid=False)
    widths = [m.twips(longest * size) + 20, m.twips(2.5 * size)]
    table = bare_table(out, len(names), widths, height=m.twips(size * _ROW))
    for row, name in zip(table.rows, names, strict=True):
        paragraph = shape(
            row.cells[0].paragraphs[0], align="distribute", height=m.twips(size * _LEADING), on_grid=False
        )
        write(paragraph, name, face=XIAO_BIAO_SONG, size=size, colour=m.RED, spacing=0)
    beside = table.cell(0, 1).merge(table.cell(len(names) - 1, 1))
    put(beside._tc.get_or_add_tcPr(), element("vAlign", val="center"))
    for extra in beside.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    paragraph = shape(beside.paragraphs[0], align="right", height=m.twips(size * _LEADING), on_grid=False)
    write(paragraph, "文件", face=XIAO_BIAO_SONG, size=size, colour=m.RED, spacing=0)


def _signers(out: Any, document: Document) -> None:
    """上行文: 签发人 at the right, two names a line, one character in; the number left in the last one's line."""
    names = [f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name for name in document.signers]
    one = max(m.width(name, 1.0) for name in names)
    label = m.width(_SIGNER, 1.0)
    room = m.CHARACTERS - 2 - m.width(document.number, 1.0) - 1
    a_line = 2 if len(names) > 1 and label + 2 * one + 1 <= room else 1
    rows = [names[at : at + a_line] for at in range(0, len(names), a_line)]
    wide = label + one * min(a_line, len(names)) + (1 if a_line > 1 else 0)
    begin = m.CHARACTERS - 1 - wide
    stops = tuple(m.twips(at * m.CELL) for at in (1, begin, begin + label, begin + label + one + 1)[: 2 + a_line])
    for at, row in enumerate(rows):
        last = at == len(rows) - 1
        paragraph = shape(
            out.add_paragraph(), align="left", stops=stops, borders={"bottom": _RED_LINE} if last else None
        )
        write(paragraph, "\t" + (document.number if last else "\u200b") + "\t" + (_SIGNER if at == 0 else "\t"))
        for place, name in enumerate(row):
            write(paragraph, ("\t" if place else "") + name, face=KAI)


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
    first, *rest = [label for label in _labels(document) if label] or [""]
    line = shape(out.add_paragraph(), align="left", height=_UNDER_LINE, tab=m.mm(m.TEXT[0]), on_grid=False)
    write(line, first, face=HEI)
    write(line, "\t" + document.number)
    for label in rest:
        write(shape(out.add_paragraph(), align="left"), label, face=HEI)
