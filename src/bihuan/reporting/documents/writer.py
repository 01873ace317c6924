"""A document as a Word file."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import quoteattr

import docx

from bihuan.reporting.documents import fonts
from bihuan.reporting.documents import measures as m
from bihuan.reporting.documents.body import write_annexes, write_blocks, write_end, write_title
from bihuan.reporting.documents.head import write_head
from bihuan.reporting.documents.imprint import write_imprint
from bihuan.reporting.documents.model import Annex, Block, Document, Heading, Items, Para, Table
from bihuan.reporting.documents.oxml import dress, element, put
from bihuan.reporting.documents.page import lay_out, number_pages

_BREAKS = "\n\t"


def to_docx(document: Document, *, breaks: int = 0) -> bytes:
    """Return a document as a .docx, set as GB/T 9704-2012 says.

    Args:
        document: what is said.
        breaks: how many pages after the text's last one the 版记 stands: ``settling.breaks_of`` knows.
    """
    out, document = set_out(document)
    write_imprint(out, document, breaks)
    return saved(out, document)


def set_out(document: Document) -> tuple[Any, Document]:
    """Return a document set up to its 版记, and what it says as it may be written."""
    document = clean(document)
    out = docx.Document()
    _defaults(out)
    section = lay_out(out)
    number_pages(out, section)
    write_head(out, section, document)
    write_title(out, document)
    write_blocks(out, document)
    write_end(out, document)
    write_annexes(out, document)
    return out, document


def saved(out: Any, document: Document) -> bytes:
    """Return the file."""
    _name_fonts(out)
    about = out.core_properties
    about.title, about.author = document.title.replace("\n", ""), document.issuer
    about.comments, about.language = "", "zh-CN"
    at = document.date or document.printed_on
    about.created = about.modified = datetime(at.year, at.month, at.day, tzinfo=UTC) if at else datetime.now(UTC)
    buffer = io.BytesIO()
    out.save(buffer)
    return buffer.getvalue()


def _defaults(out: Any) -> None:
    """Make 三号仿宋 what everything is that says nothing else."""
    normal = out.styles["Normal"]
    put(normal.element.get_or_add_rPr(), element("lang", val="en-US", eastAsia="zh-CN"))
    dress(_Styled(normal), face=fonts.FANG_SONG, size=m.SAN)
    normal.paragraph_format.space_after = 0


class _Styled:
    """A style, seen as a run: what ``dress`` needs of it."""

    def __init__(self, style: Any) -> None:
        self._r = style.element


def _name_fonts(out: Any) -> None:
    """Write the table of fonts: the official names, each with those that may stand in for it."""
    rows = "".join(
        f"<w:font w:name={quoteattr(face.name)}><w:altName w:val={quoteattr(','.join(face.others))}/>"
        f'<w:charset w:val="86"/><w:family w:val={quoteattr(face.style)}/><w:pitch w:val="variable"/></w:font>'
        for face in fonts.ALL
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    xml = f"{head}<w:fonts xmlns:w={quoteattr(space)}>{rows}</w:fonts>"
    for relation in out.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = xml.encode()


def clean(document: Document) -> Document:
    """Return the document without signs that no file may hold (control characters)."""
    words = {
        name: _clean(value)
        for name in ("issuer", "title", "number", "to", "mark", "signature", "note", "copies", "printed_by")
        if isinstance(value := getattr(document, name), str)
    }
    lists = {name: tuple(map(_clean, getattr(document, name))) for name in ("joint", "signers", "attachments")}
    return replace(document, blocks=tuple(_clean_block(block) for block in document.blocks), **words, **lists)  # type: ignore[arg-type]


def _clean_block(block: Block) -> Block:
    match block:
        case Para(text):
            return Para(_clean(text))
        case Heading(level, text):
            return Heading(level, _clean(text).replace("\n", " "))
        case Annex(title):
            return Annex(_clean(title))
        case Items(items):
            return Items(tuple(_clean(item).replace("\n", " ") for item in items))
        case Table(head, rows, title, widths):
            return Table(
                tuple(map(_clean, head)), tuple(tuple(map(_clean, row)) for row in rows), _clean(title), widths
            )


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign in _BREAKS or sign.isprintable())
