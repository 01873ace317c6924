"""Who signs a document and when (署名、成文日期): with room for seals or without, one office or several."""

from __future__ import annotations

from typing import Any

from bihuan.reporting.documents import measures as m
from bihuan.reporting.documents.model import Document, said
from bihuan.reporting.documents.oxml import bare_table, element, put, shape, write

_WIDTH = m.TEXT[0] * m.MM  # pt
_BLANK = "    年  月  日"


def write_signatures(out: Any, document: Document) -> None:
    """Write names and date in the one of four forms that the document asks for."""
    names = (document.signature or document.issuer, *document.joint)
    day = said(document.date) if document.date else _BLANK
    if not document.sealed:
        _plain(out, names, day)
    elif document.joint:
        _seals(out, names, day)
    else:
        _seal(out, names[0], day)


def _seal(out: Any, name: str, day: str) -> None:
    """One seal: the name in the middle above the date, the date four characters in; the seal's head meets no text."""
    inset = 4 * m.CELL
    beside = inset + m.width(day) / 2 - m.width(name) / 2
    if beside < 0:  # a long name ends at the edge, its date stays in its middle
        inset, beside = m.width(name) / 2 - m.width(day) / 2, 0.0
    for _line in range(2):
        shape(out.add_paragraph(), keep=True)
    write(shape(out.add_paragraph(), align="right", right=m.twips(beside), keep=True), name)
    write(shape(out.add_paragraph(), align="right", right=m.twips(inset)), day)


def _seals(out: Any, names: tuple[str, ...], day: str) -> None:
    """Several seals: names in rows of as many as have room, in their order; the date below the last."""
    longest = max(m.width(name) for name in names)
    across = next((count for count in (3, 2) if longest <= _WIDTH / count), 1)
    across = min(across, len(names))
    missing = -len(names) % across
    cut = len(names) - (across - missing)
    placed = [*names[:cut], *[""] * missing, *names[cut:]]  # the last row ends at the right, where the date stands
    rows = [placed[at : at + across] for at in range(0, len(placed), across)]
    shape(out.add_paragraph(), height=20, keep=True, on_grid=False)  # the row itself leaves the room above the names
    wide = m.twips(_WIDTH / across)
    table = bare_table(out, len(rows), [wide] * across, height=m.mm(m.SEAL_ROW))
    for at, row in enumerate(rows):
        last = at == len(rows) - 1
        for cell, name in zip(table.rows[at].cells, row, strict=True):
            put(cell._tc.get_or_add_tcPr(), element("vAlign", val="center"))
            write(shape(cell.paragraphs[0], align="center", keep=not last), name)
            if last:
                write(shape(cell.add_paragraph(), align="center"), day if cell is table.rows[at].cells[-1] else "")
    if rows:
        below = table.rows[-1].cells[-1].paragraphs[-1]
        if not below.text:
            write(below, day)
    shape(out.add_paragraph(), height=20, on_grid=False)  # a table is followed by a paragraph


def _plain(out: Any, names: tuple[str, ...], day: str) -> None:
    """No seal: names two characters in from the right, the date below, two characters further than the first."""
    longest, date = max(m.width(name) for name in names), m.width(day)
    two = 2 * m.CELL
    begin = _WIDTH - two - date - two if date > longest else _WIDTH - two - longest
    shape(out.add_paragraph(), keep=True)
    for name in names:
        write(shape(out.add_paragraph(), align="left", left=m.twips(max(0.0, begin)), keep=True), name)
    write(shape(out.add_paragraph(), align="left", left=m.twips(max(0.0, begin) + two)), day)
