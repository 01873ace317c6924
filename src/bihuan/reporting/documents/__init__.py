"""Official documents to GB/T 9704-2012, as .docx and .pdf. Pure: no Django.

``Document`` is what is said; ``to_docx(document) -> bytes`` and ``to_pdf(docx) -> bytes`` set it.
"""

from __future__ import annotations

from bihuan.reporting.documents.model import (
    FORMS,
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
from bihuan.reporting.documents.writer import to_docx

__all__ = [
    "FORMS",
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
    "to_docx",
    "to_json",
    "to_pdf",
]
