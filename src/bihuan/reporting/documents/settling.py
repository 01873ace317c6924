"""On which page the 版记 stands: at the foot of the last one, which is an even one where both sides are printed.

How many pages a text has is LibreOffice's to say: the text is drawn alone, and once more with what is as high as the
版记 below it. Where they have as many pages, there is room on the last one.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bihuan.reporting.documents.imprint import height
from bihuan.reporting.documents.model import Document
from bihuan.reporting.documents.oxml import shape
from bihuan.reporting.documents.pdf import NoPdf, draw, pages_of
from bihuan.reporting.documents.writer import saved, set_out, to_docx


def settled(document: Document, *, fontconfig: Path | None = None) -> bytes:
    """Return a document as a .docx with its 版记 on the page where it belongs.

    Without LibreOffice it stands at the foot of the text's last page, whichever that is.
    """
    try:
        return to_docx(document, breaks=breaks_of(document, fontconfig))
    except NoPdf:
        return to_docx(document)


@lru_cache(maxsize=64)
def breaks_of(document: Document, fontconfig: Path | None = None) -> int:
    """Return how many pages after the text's last one the 版记 stands: 0, 1, or 2 with a blank page between.

    Raises:
        NoPdf: when LibreOffice cannot draw it.
    """
    room = height(document)
    if not room:
        return 0
    plain, said = set_out(document)
    higher, _said = set_out(document)
    shape(higher.add_paragraph(), height=room, on_grid=False)
    alone, together = (pages_of(one) for one in draw([saved(plain, said), saved(higher, said)], fontconfig=fontconfig))
    return pages_after(alone, fits=together == alone, even=document.both_sides and document.form != "xinhan")


def pages_after(text: int, *, fits: bool, even: bool) -> int:
    """Return how many pages after the ``text`` pages the 版记 stands."""
    page = text if fits else text + 1
    if even and page % 2:
        page += 1
    return page - text
