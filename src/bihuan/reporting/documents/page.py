"""The page: its size, margins, grid of lines, and the page numbers on odd and even pages."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from docx.shared import Twips

from bihuan.reporting.documents import measures as m
from bihuan.reporting.documents.fonts import SONG
from bihuan.reporting.documents.oxml import element, field, put, shape, write

_NUMBER_LINE = 280  # twips: 四号
_DASH_AT = 0.42  # of the line's height above its foot: where the dash of the number is drawn

_FOOT = m.mm(m.BOTTOM - m.NUMBER_BELOW) - round(_NUMBER_LINE * _DASH_AT)  # from the page's foot to the number's


def lay_out(document: Any) -> Any:
    """Give the document's one section the measures of the standard; returns it."""
    section = document.sections[0]
    section.page_width, section.page_height = Twips(m.mm(m.PAGE[0])), Twips(m.mm(m.PAGE[1]))
    section.top_margin, section.bottom_margin = Twips(m.mm(m.TOP)), Twips(m.mm(m.BOTTOM))
    section.left_margin, section.right_margin = Twips(m.mm(m.LEFT)), Twips(m.mm(m.RIGHT))
    section.header_distance = Twips(m.mm(15))
    section.footer_distance = Twips(_FOOT)
    put(section._sectPr, element("docGrid", type="lines", linePitch=m.PITCH))
    return section


def number_pages(document: Any, section: Any) -> None:
    """Write “— 1 —” below the text: on odd pages right, on even pages left, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        inset = m.twips(m.SI)
        shape(
            paragraph,
            align=side,
            left=inset if side == "left" else 0,
            right=inset if side == "right" else 0,
            height=_NUMBER_LINE,
        )
        write(paragraph, "— ", face=SONG, size=m.SI, spacing=0)
        field(paragraph, "PAGE", face=SONG, size=m.SI)
        write(paragraph, " —", face=SONG, size=m.SI, spacing=0)


def raise_numbers(section: Any) -> None:
    """Keep the numbers where they are on a page whose feet begin lower, as those of a letter do."""
    section.footer_distance = Twips(m.mm(m.LETTER_FOOT))
    for footer in (section.footer, section.even_page_footer):
        footer.paragraphs[0].paragraph_format.space_after = Twips(_FOOT - m.mm(m.LETTER_FOOT))


def end_numbers(document: Any) -> None:
    """Begin a section on a new page whose pages have no numbers: the blank page and that of the 版记."""
    body = document.element.body
    last = body.xpath("./w:p")[-1]
    if body.index(last) != len(body) - 2:  # it ends with a table
        last = shape(document.add_paragraph(), height=20, on_grid=False)._p
    ending = deepcopy(body.sectPr)
    last.get_or_add_pPr().append(ending)
    for child in list(body.sectPr):
        if child.tag.rpartition("}")[2] in {"headerReference", "footerReference", "titlePg"}:
            body.sectPr.remove(child)
    section = document.sections[-1]
    for footer in (section.footer, section.even_page_footer):
        footer.is_linked_to_previous = False
