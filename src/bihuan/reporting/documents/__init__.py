"""Official documents to GB/T 9704-2012, as .docx and .pdf. Pure: no Django.

``Document`` is what is said; ``settled(document) -> bytes`` sets it as .docx with its 版记 where it belongs,
``to_pdf(docx) -> bytes`` draws that.
"""

from __future__ import annotations

from bihuan.reporting.documents.model import (
    FORMS,
    Annex,
    Block,
    Document,
    Form,
    Heading,
    Items,
    Para,
    People,
    Table,
    from_json,
    numbered,
    said,
    to_json,
)
from bihuan.reporting.documents.pdf import NoPdf, find_soffice, to_pdf
from bihuan.reporting.documents.settling import settled
from bihuan.reporting.documents.writer import to_docx

__all__ = [
    "FORMS",
    "Annex",
    "Block",
    "Document",
    "Form",
    "Heading",
    "Items",
    "NoPdf",
    "Para",
    "People",
    "Table",
    "find_soffice",
    "from_json",
    "numbered",
    "said",
    "settled",
    "to_docx",
    "to_json",
    "to_pdf",
]
