"""What the pages and the command line use of bulletins.

Use cases (keyword-only, ``actor`` first, ``entry_id`` a client-made UUIDv7; sent twice they act once):

- ``draft(area_code, template, since=None, until=None, meeting_id=None, method="", category="") -> Bulletin`` (its
  id is the ``entry_id``)
- ``edit(bulletin_id, title, text, to="", copies="", expected_version=None)``, ``refill(bulletin_id)``,
  ``check(bulletin_id, keep="")``
- ``sign(bulletin_id)``, ``send_back(bulletin_id, reason)``, ``publish(bulletin_id)``, ``withdraw(bulletin_id, reason)``
- ``object_to(bulletin_id, text, contact="") -> Objected``, ``answer(objection_id, text, upheld)``,
  ``read_contact(objection_id, reason) -> str`` (logged), ``conclude(bulletin_id, outcome)``
- ``consent(bulletin_id, name, how, given_on, covers=("words",))``, ``no_picture(bulletin_id, consent_id)``,
  ``forget(bulletin_id)``: of a role model's story

Reads: ``preview(…)`` (a filled template that is kept nowhere), ``bulletins``, ``bulletin_page``, ``templates_in``,
``hand_out`` (leaves an entry), ``printable``, ``as_docx``, ``as_pdf``; without an account
``published_bulletins``, ``published_bulletin``, ``objection_by``.
"""

from __future__ import annotations

from bihuan.reporting.bulletins import periods
from bihuan.reporting.bulletins.actions import (
    COVERS,
    HOW,
    Difference,
    Objected,
    answer,
    check,
    conclude,
    consent,
    differences,
    draft,
    edit,
    forget,
    no_picture,
    object_to,
    pictures_agreed,
    preview,
    publish,
    read_contact,
    refill,
    send_back,
    sign,
    withdraw,
)
from bihuan.reporting.bulletins.narrowing import narrowings
from bihuan.reporting.bulletins.printing import as_docx, as_pdf, document_of, hand_out, printable
from bihuan.reporting.bulletins.public import objection_by, published_bulletin, published_bulletins
from bihuan.reporting.bulletins.queries import bulletin_page, bulletins
from bihuan.reporting.bulletins.shapes import Listing, MyObjection, ObjectionLine, Page, PublicPage, Row
from bihuan.reporting.bulletins.showing import shown
from bihuan.reporting.bulletins.templates import Template, template_of, templates_in

__all__ = [
    "COVERS",
    "HOW",
    "Difference",
    "Listing",
    "MyObjection",
    "Objected",
    "ObjectionLine",
    "Page",
    "PublicPage",
    "Row",
    "Template",
    "answer",
    "as_docx",
    "as_pdf",
    "bulletin_page",
    "bulletins",
    "check",
    "conclude",
    "consent",
    "differences",
    "document_of",
    "draft",
    "edit",
    "forget",
    "hand_out",
    "narrowings",
    "no_picture",
    "object_to",
    "objection_by",
    "periods",
    "pictures_agreed",
    "preview",
    "printable",
    "publish",
    "published_bulletin",
    "published_bulletins",
    "read_contact",
    "refill",
    "send_back",
    "shown",
    "sign",
    "template_of",
    "templates_in",
    "withdraw",
]
